"""Configurations of IOS and IOS XE without their secrets, whole or line by line.

What stands behind a word for a secret is taken for one up to the end of its line, because IOS takes keys and passwords
with spaces in them. Too much hidden is read with `<secret>` in it; too little would be read by all.
"""

from __future__ import annotations

import re

SECRET = "<secret>"  # noqa: S105 - what stands in a secret's place
_KIND = r"(?: \d)?"  # how it is hidden already: 0 is not at all, 5 to 9 are types
_AT = r"(?m)^(\s*(?:no )?"  # a line, or the command that takes it away
# To the end of the line.
_REST = (
    rf"(?m)^((?:.* )?(?:password|secret|passphrase|shared-secret)(?: level \d+)?(?! encryption ){_KIND}) \S.*",
    rf"{_AT}(?!ntp (?:server|peer) )(?:.* )?key(?! chain ){_KIND}) \S.*",
    rf"(?m)^(.*\b(?:server-key|key-string|pre-shared-key(?: local| remote)?|psk(?: ascii| hex)?){_KIND}) \S.*",
    rf"(?m)^(.*\bauthentication-key(?: \d+ (?:md5|sha\S*|hmac\S+|cmac\S+))?{_KIND}) \S.*",
    rf"(?m)^(.*\bmessage-digest-key \d+ md5{_KIND}) \S.*",
    r"(?m)^(.*\b(?:standby|vrrp|glbp)\b.* authentication(?: text)?) (?!md5 |text )\S.*",
    r"(?m)^(.*\bnhrp authentication) \S.*",
    rf"{_AT}(?:area|domain)-password) \S.*",
)
# One word.
_WORD = (
    rf"{_AT}snmp-server community) \S+",
    rf"{_AT}snmp-server host \S+(?: vrf \S+)?(?: (?:traps|informs))?(?: version (?:1|2c))?)"
    r" (?!(?:vrf|traps|informs|version) )\S+",
    r"(?m)^(.*\bcommunity-map) \S+",
    r"\b(auth (?:md5|sha(?:-2 \d+)?+)) (?!priv\b|access\b)\S+",
    r"\b(priv (?:des56|des|3des|aes(?:[ -]\d+)?+)) (?!access\b)\S+",
)
_PATTERNS = tuple(re.compile(pattern) for pattern in (*_REST, *_WORD))
_ADDRESS = re.compile(r"(?<=://)([^\s:/@]+):[^\s@]+(?=@)")  # user and password in a URL


def mask(text: str) -> str:
    """See `Platform.mask`."""
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1 {SECRET}", text)
    return _ADDRESS.sub(rf"\1:{SECRET}", text)
