# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two files that make a member, and what may be shown of the files that were there."""

from __future__ import annotations

import re

from .wanted import Wanted

_MARK = "# Written by Werkplek (role directory_member), which undoes changes.\n"
_SECRET = re.compile(r"(?im)^(\s*\w*(?:authtok|password|secret|pin)\w*\s*=[ \t]*)\S.*$")
# RFC 3962. RC4 is out: a computer account has AES keys since Windows Server 2008.
_ENCRYPTION = "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96"


# A profile of pam-auth-update(8). Debian's own, mkhomedir, lets others read the folders where HOME_MODE is not set.
PAM_PROFILE = """Name: Make a home folder that only its owner can read, at the first sign-in
Default: no
Priority: 0
Session-Type: Additional
Session-Interactive-Only: yes
Session:
	optional	pam_mkhomedir.so umask=0077
"""


def krb5_conf(wanted: Wanted, controller: str = "") -> str:
    """/etc/krb5.conf (krb5.conf(5)): controllers come from DNS, or it is the one that is given."""
    text = f"""{_MARK}[libdefaults]
    default_realm = {wanted.realm}
    dns_lookup_realm = false
    dns_lookup_kdc = true
    dns_canonicalize_hostname = false
    rdns = false
    forwardable = false
    permitted_enctypes = {_ENCRYPTION}

[domain_realm]
    {wanted.domain} = {wanted.realm}
    .{wanted.domain} = {wanted.realm}
"""
    if not controller:
        return text
    return f"{text}\n[realms]\n    {wanted.realm} = {{\n        kdc = {controller}\n    }}\n"


def sssd_conf(wanted: Wanted, full_name: str) -> str:
    """/etc/sssd/sssd.conf (sssd.conf(5), sssd-ad(5), sssd-simple(5)). Without permitted groups nobody may sign in.

    Without a list of services: Debian has the sockets of SSSD's services enabled, which start them when they are asked.
    """
    access = f"simple\nsimple_allow_groups = {', '.join(wanted.groups)}" if wanted.groups else "deny"
    return f"""{_MARK}[sssd]
domains = {wanted.domain}
implicit_pac_responder = False

[domain/{wanted.domain}]
id_provider = ad
ad_domain = {wanted.domain}
krb5_realm = {wanted.realm}
ad_hostname = {full_name}
access_provider = {access}
use_fully_qualified_names = False
default_shell = /bin/bash
fallback_homedir = /home/%u
cache_credentials = False
dyndns_update = False
sudo_provider = none
autofs_provider = none
"""


def shown(text: str) -> str:
    """A file for the diff, without what somebody may have put there to keep secret."""
    return _SECRET.sub(r"\1<hidden>", text)
