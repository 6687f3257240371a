"""The files of a member."""

from __future__ import annotations

import configparser
from dataclasses import replace

from ansible.module_utils.linux_directory import sign_in, texts
from member_to_be import NSSWITCH, WANTED


def sssd(wanted):
    parser = configparser.ConfigParser()
    parser.read_string(texts.sssd_conf(wanted, "kiosk-1.ad.example.nl"))
    return parser


def test_members_of_the_permitted_groups_may_sign_in():
    domain = sssd(replace(WANTED, groups=("readers", "domain users")))["domain/ad.example.nl"]
    assert (domain["access_provider"], domain["simple_allow_groups"]) == ("simple", "readers, domain users")


def test_without_permitted_groups_nobody_may():
    domain = sssd(replace(WANTED, groups=()))["domain/ad.example.nl"]
    assert (domain["access_provider"], "simple_allow_groups" in domain) == ("deny", False)


def test_a_configuration_for_one_controller_asks_no_other():
    text = texts.krb5_conf(WANTED, "dc1.ad.example.nl")
    assert text.endswith("\n[realms]\n    AD.EXAMPLE.NL = {\n        kdc = dc1.ad.example.nl\n    }\n")
    assert "[realms]" not in texts.krb5_conf(WANTED)


def test_tickets_are_not_handed_on_and_old_ciphers_not_taken():
    text = texts.krb5_conf(WANTED)
    assert "    forwardable = false\n" in text
    assert "    permitted_enctypes = aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96\n" in text


def test_a_password_that_stood_in_a_file_is_not_shown():
    text = "id_provider = ldap\n  ldap_default_authtok = Geheim 1\nldap_tls_reqcert = demand\n"
    assert texts.shown(text) == "id_provider = ldap\n  ldap_default_authtok = <hidden>\nldap_tls_reqcert = demand\n"


def test_sssd_is_asked_last_and_comments_stay():
    assert sign_in.add_lists(NSSWITCH, ["passwd", "group"]) == (
        "passwd: files sss\ngroup:  files systemd sss # local\nhosts: files dns\n"
    )
    assert sign_in.add_lists("", ["passwd"]) == "passwd: files sss\n"
