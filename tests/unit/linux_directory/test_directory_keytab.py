"""Whose keys a keytab holds."""

from __future__ import annotations

import contextlib

import pytest
from ansible.module_utils.linux_directory.keytab import KeytabError, Principal, principals
from hypothesis import given
from hypothesis import strategies as st
from member_to_be import keytab


def test_each_principal_is_told_once():
    content = keytab("KIOSK-1$", "host/kiosk-1.ad.example.nl", "KIOSK-1$")
    names = {str(found) for found in principals(content)}
    assert names == {"KIOSK-1$@AD.EXAMPLE.NL", "host/kiosk-1.ad.example.nl@AD.EXAMPLE.NL"}


def test_a_hole_that_a_removed_key_left_is_stepped_over():
    hole = (-6).to_bytes(4, "big", signed=True) + b"gone.."
    content = keytab("A$")[:2] + hole + keytab("B$")[2:]
    assert principals(content) == {Principal("B$", "AD.EXAMPLE.NL")}


def test_zeros_end_it():
    assert principals(keytab("A$") + bytes(12)) == {Principal("A$", "AD.EXAMPLE.NL")}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "it does not begin as a keytab of version 0x0502 does"),
        (b"\x05\x01", "it does not begin as a keytab of version 0x0502 does"),
        (keytab("KIOSK-1$")[:-3], "its last entry is cut off"),
        (b"\x05\x02\x00\x00\x00\x03\x00\x01\x00", "an entry of it is cut off"),
        (b"\x05\x02\x00\x00\x00\x04\x00\x01\x00\x09", "an entry of it is cut off"),
    ],
)
def test_what_is_no_keytab_is_not_taken_for_an_empty_one(content, text):
    with pytest.raises(KeytabError) as raised:
        principals(content)
    assert str(raised.value) == text


@given(st.binary(max_size=60))
def test_any_bytes_are_a_keytab_or_are_refused(content):
    with contextlib.suppress(KeytabError):
        principals(b"\x05\x02" + content)
