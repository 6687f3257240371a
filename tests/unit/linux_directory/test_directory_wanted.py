"""What the options of linux_directory may be."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux_directory.wanted import RequestError, Wanted, parse

PLAIN = {
    "domain": "ad.example.nl",
    "realm": None,
    "join_account": "svc-join",
    "join_password": None,
    "computer_ou": None,
    "permitted_groups": [],
}


def test_the_realm_is_the_domain_in_capitals_and_what_is_not_given_is_empty():
    assert parse(PLAIN) == Wanted("ad.example.nl", "AD.EXAMPLE.NL", "svc-join", "", "", ())


@pytest.mark.parametrize("name", ["domain users", "g.vdi-dordrecht", "Beheerders (ICT)"])
def test_groups_have_the_names_that_directories_give_them(name):
    assert parse({**PLAIN, "permitted_groups": [name]}).groups == (name,)


def test_all_mistakes_are_named_at_once():
    wrong = {
        "domain": "Example.nl",
        "realm": "example",
        "join_account": r"EXAMPLE\svc-join",
        "join_password": "two\nlines",
        "computer_ou": "Kiosks",
        "permitted_groups": ["a,b", "fine", "a\nb", " "],
    }

    with pytest.raises(RequestError) as raised:
        parse(wrong)

    assert str(raised.value).split("; ") == [
        "domain: 'Example.nl' is no DNS name in small letters, such as 'ad.example.nl'",
        "realm: 'example' is no realm in capitals, such as 'AD.EXAMPLE.NL'",
        r"join_account: 'EXAMPLE\\svc-join' is no short account name, without domain",
        "join_password: has a line break in it",
        "computer_ou: 'Kiosks' is no distinguished name, such as 'OU=Werkplekken,DC=ad,DC=nl'",
        "permitted_groups: 'a,b' is no short name of a group, without domain or comma",
        r"permitted_groups: 'a\nb' is no short name of a group, without domain or comma",
        "permitted_groups: ' ' is no short name of a group, without domain or comma",
    ]
