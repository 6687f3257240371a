"""Kinds of the engine windows_policy for whom a machine trusts: certificates and wireless networks."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, field_validator, model_validator

from werkplek.policy.fields import (
    AS_TUPLE,
    Host,
    Ref,
    SecretRef,
    check_secret,
    matching,
    not_empty,
    shown,
    unique,
    wrong,
)
from werkplek.policy.kind import Target, WindowsKind, Wire
from werkplek.policy.registry_values import check_subkey

BEGIN = "-----BEGIN CERTIFICATE-----"
END = "-----END CERTIFICATE-----"
LONGEST_SSID = 32  # bytes: IEEE 802.11-2020, 9.4.2.2

type State = Literal["present", "absent"]

Thumbprint = Annotated[str, matching("[0-9A-F]{40}", "a SHA-1 thumbprint: 40 hexadecimal digits, capitals")]


def der_of(pem: str) -> bytes:
    """The one certificate in PEM text (RFC 7468), as DER. Refuses everything else, private keys above all."""
    if "PRIVATE KEY" in pem:
        wrong("a certificate alone: a private key never stands in a policy file", found="a private key")
    if pem.count(BEGIN) > 1:
        wrong("one certificate", found=f"{pem.count(BEGIN)} certificates")
    if not (pem.startswith(BEGIN) and pem.strip().endswith(END)):
        wrong(f"a certificate as text that begins with '{BEGIN}' and ends with '{END}'", found="other text")
    try:
        der = ssl.PEM_cert_to_DER_cert(pem)
        # OpenSSL reads it to the last byte, or not at all
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError):
        wrong("a certificate", found="text that is no certificate")
    return der


def _pem(value: str) -> str:
    der_of(value)
    return value


class Certificate(WindowsKind):
    """A certificate in a store of the machine. Present it is given whole; absent, whole or by its thumbprint."""

    store: Literal["root", "ca", "trustedpublisher", "disallowed"]
    pem: Annotated[str, AfterValidator(_pem)] | None = None
    thumbprint: Thumbprint | None = None
    state: State = "present"

    @model_validator(mode="after")
    def _shape(self) -> Certificate:
        if self.state == "present" and self.thumbprint is not None:
            wrong("'pem' alone: the thumbprint is worked out from it", found="'thumbprint' where state is present")
        if self.state == "present" and self.pem is None:
            wrong("the key 'pem' where state is present", found="a certificate without 'pem'")
        if self.state == "absent" and (self.pem is None) == (self.thumbprint is None):
            found = "neither" if self.pem is None else "both"
            wrong("'pem' or 'thumbprint', to say which certificate should be absent", found=found)
        return self

    def sha1(self) -> str:
        """The thumbprint: SHA-1 of the DER form in hexadecimal capitals, as Windows has it."""
        if self.pem is None:
            assert self.thumbprint is not None
            return self.thumbprint
        return hashlib.sha1(der_of(self.pem), usedforsecurity=False).hexdigest().upper()

    def wire(self) -> Wire:
        """`store`, `thumbprint`, `state` and, where it should be present, `certificate`: DER in base 64."""
        wire: Wire = {"store": self.store, "thumbprint": self.sha1(), "state": self.state}
        if self.state == "present" and self.pem is not None:
            wire["certificate"] = base64.b64encode(der_of(self.pem)).decode()
        return wire

    def target(self) -> Target:
        """The certificate in its store."""
        return ("certificate", self.store, self.sha1())

    def absence(self) -> Wire | None:
        """No such certificate in the store."""
        return {"store": self.store, "thumbprint": self.sha1(), "state": "absent"}


_PERSONAL = ("key",)
_ENTERPRISE = ("servers", "root_thumbprints")


class WifiProfile(WindowsKind):
    """A wireless network that the machine knows, for all users.

    Personal networks have a key. Enterprise ones sign in by EAP-TLS with the machine's certificate, to servers with
    these names whose certificates come from these authorities: without both, any server could pose as the network's.
    """

    lists = ("servers",)

    ssid: str | Ref
    authentication: Literal["wpa2_personal", "wpa3_personal", "wpa2_enterprise", "wpa3_enterprise"] | None = None
    key: SecretRef | None = None
    connect: Literal["automatic", "manual"] | None = None
    hidden: bool | None = None
    servers: Annotated[tuple[Host, ...], AS_TUPLE, not_empty("name"), unique("name")] | None = None
    root_thumbprints: (
        Annotated[tuple[Thumbprint, ...], AS_TUPLE, not_empty("thumbprint"), unique("thumbprint")] | None
    ) = None
    state: State = "present"

    @field_validator("ssid", mode="plain")
    @classmethod
    def _ssid(cls, value: object) -> object:
        if isinstance(value, dict):
            return check_subkey(value)
        if not isinstance(value, str):
            wrong("text or {from: ...}")
        if not value or not value.isprintable() or len(value.encode()) > LONGEST_SSID:
            wrong(f"a network's name of 1 to {LONGEST_SSID} bytes in UTF-8")
        return value

    @field_validator("key", mode="plain")
    @classmethod
    def _key(cls, value: object) -> object:
        return value if value is None else check_secret(value)

    @model_validator(mode="after")
    def _shape(self) -> WifiProfile:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if self.state == "absent":
            for name in given:
                if name not in {"ssid", "state"}:
                    wrong("only ssid where state is absent", found=f"'{name}' for what should be absent")
            return self
        if self.authentication is None:
            wrong("the key 'authentication' where state is present", found="a network without 'authentication'")
        needed, others = (_PERSONAL, _ENTERPRISE) if self._is_personal() else (_ENTERPRISE, _PERSONAL)
        for name in others:
            if name in given:
                wrong(f"no {name} with {self.authentication}", found=shown(name))
        for name in needed:
            if name not in given:
                wrong(f"the key '{name}' with {self.authentication}", found=f"a network without '{name}'")
        return self

    def _is_personal(self) -> bool:
        return self.authentication is not None and self.authentication.endswith("_personal")

    def wire(self) -> Wire:
        """As `Kind.wire`; a reference and a secret stay, and `connect` and `hidden` are said."""
        wire: Wire = {"ssid": self.ssid, "state": self.state}
        if self.state == "absent":
            return wire
        wire |= {"authentication": self.authentication, "connect": self.connect or "automatic"}
        wire["hidden"] = bool(self.hidden)
        own = _PERSONAL if self._is_personal() else _ENTERPRISE
        return wire | {name: getattr(self, name) for name in own}

    def target(self) -> Target:
        """The network."""
        return ("wifi_profile", str(self.ssid).casefold())

    def absence(self) -> Wire | None:
        """The machine does not know the network."""
        return {"ssid": self.ssid, "state": "absent"}

    def wanted(self, field: str) -> str | None:
        """See `Kind.wanted`."""
        return "text" if field == "ssid" else None


TRUST_KINDS: Mapping[str, type[WindowsKind]] = {"certificate": Certificate, "wifi_profile": WifiProfile}
