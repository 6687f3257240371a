# ruff: noqa: E501 - settings and problems are quoted whole
"""Certificates and wireless networks: every mistake with its exact text, what is sent, and whose object it is."""

import base64
import json
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent

import pytest
from policy_samples import a_municipality

from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

FILE = "policies/workstation/a.yml"
CERTIFICATES = Path(__file__).parents[2] / "data/certificates"
ROOT, ISSUING = ((CERTIFICATES / f"{name}.pem").read_text() for name in ("root", "issuing"))
ROOT_PRINT = "A70D79A3C5A357928D3EF171DCDB5A60E971DBC8"
ISSUING_PRINT = "7A1F42BB016B43BD2A44FB0B84181BECC219869F"
AGAIN = "(policies/workstation/a.yml:1); expected one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."


def certificate(pem: str, more: str = "") -> str:
    """A setting's kind, with the text in quotes."""
    return f"certificate: {{store: root, pem: {json.dumps(pem)}{more}}}"


PLAIN = "3:35: found text that is no certificate; expected a certificate"

# name: (a kind in FILE from line 3 on, problems after the file's name)
CASES: dict[str, tuple[str, list[str]]] = {
    "other text": (
        "certificate: {store: root, pem: 'MIIB'}",
        [
            "3:35: found other text; expected a certificate as text that begins with '-----BEGIN CERTIFICATE-----' and ends with '-----END CERTIFICATE-----'"
        ],
    ),
    "no base 64": (
        certificate("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"),
        [PLAIN],
    ),
    "no certificate": (
        certificate("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
        [PLAIN],
    ),
    "cut off": (
        certificate("\n".join(line for line in ROOT.splitlines() if not line.startswith("MD0x"))),
        [PLAIN],
    ),
    "two certificates": (
        certificate(ROOT + ISSUING),
        ["3:35: found 2 certificates; expected one certificate"],
    ),
    "private key": (
        certificate(ROOT + "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"),
        [
            "3:35: found a private key; expected a certificate alone: a private key never stands in a policy file",
        ],
    ),
    "store": (
        f"certificate: {{store: my, thumbprint: {ROOT_PRINT}, state: absent}}",
        ["3:24: found 'my'; expected one of: root, ca, trustedpublisher, disallowed"],
    ),
    "present by thumbprint": (
        f"certificate: {{store: root, thumbprint: {ROOT_PRINT}}}",
        [
            "3:16: found 'thumbprint' where state is present; expected 'pem' alone: the thumbprint is worked out from it",
        ],
    ),
    "present without pem": (
        "certificate: {store: root}",
        ["3:16: found a certificate without 'pem'; expected the key 'pem' where state is present"],
    ),
    "absent without either": (
        "certificate: {store: root, state: absent}",
        ["3:16: found neither; expected 'pem' or 'thumbprint', to say which certificate should be absent"],
    ),
    "absent with both": (
        certificate(ROOT, f", state: absent, thumbprint: {ROOT_PRINT}"),
        ["3:16: found both; expected 'pem' or 'thumbprint', to say which certificate should be absent"],
    ),
    "thumbprint form": (
        "certificate: {store: root, thumbprint: 'a7 0d', state: absent}",
        ["3:42: found 'a7 0d'; expected a SHA-1 thumbprint: 40 hexadecimal digits, capitals"],
    ),
    "same certificate": (
        f"certificate: {{store: root, thumbprint: {ROOT_PRINT}, state: absent}}\n- id: two\n  title: Two\n  "
        + certificate(ROOT),
        [f"4:3: found 'two', which is about the same object as 'one' {AGAIN}"],
    ),
    "key in clear text": (
        "wifi_profile: {ssid: A, authentication: wpa2_personal, key: geheim123}",
        ["3:63: found a value in clear text; expected {secret: name}"],
    ),
    "personal without key": (
        "wifi_profile: {ssid: A, authentication: wpa3_personal}",
        ["3:17: found a network without 'key'; expected the key 'key' with wpa3_personal"],
    ),
    "personal with servers": (
        "wifi_profile: {ssid: A, authentication: wpa3_personal, key: {secret: k}, servers: [a.nl]}",
        ["3:17: found 'servers'; expected no servers with wpa3_personal"],
    ),
    "enterprise with key": (
        "wifi_profile: {ssid: A, authentication: wpa2_enterprise, key: {secret: k}}",
        ["3:17: found 'key'; expected no key with wpa2_enterprise"],
    ),
    "enterprise without servers": (
        f"wifi_profile: {{ssid: A, authentication: wpa2_enterprise, root_thumbprints: [{ROOT_PRINT}]}}",
        ["3:17: found a network without 'servers'; expected the key 'servers' with wpa2_enterprise"],
    ),
    "enterprise without roots": (
        "wifi_profile: {ssid: A, authentication: wpa3_enterprise, servers: [radius.papendrecht.nl]}",
        [
            "3:17: found a network without 'root_thumbprints'; expected the key 'root_thumbprints' with wpa3_enterprise",
        ],
    ),
    "enterprise with empty lists": (
        "wifi_profile: {ssid: A, authentication: wpa3_enterprise, servers: [], root_thumbprints: []}",
        [
            "3:69: found an empty list; expected at least one name",
            "3:91: found an empty list; expected at least one thumbprint",
        ],
    ),
    "authentication": (
        "wifi_profile: {ssid: A, authentication: wep}",
        [
            "3:43: found 'wep'; expected one of: wpa2_personal, wpa3_personal, wpa2_enterprise, wpa3_enterprise",
        ],
    ),
    "no authentication": (
        "wifi_profile: {ssid: A}",
        ["3:17: found a network without 'authentication'; expected the key 'authentication' where state is present"],
    ),
    "absent with more": (
        "wifi_profile: {ssid: A, connect: manual, state: absent}",
        ["3:17: found 'connect' for what should be absent; expected only ssid where state is absent"],
    ),
    "ssid length": (
        f"wifi_profile: {{ssid: {'é' * 17}, state: absent}}",
        [f"3:24: found '{'é' * 17}'; expected a network's name of 1 to 32 bytes in UTF-8"],
    ),
    "ssid type": (
        "wifi_profile: {ssid: 7, state: absent}",
        ["3:24: found 7; expected text or {from: ...}"],
    ),
    "ssid reference": (
        "wifi_profile: {ssid: {from: municipality.printers}, state: absent}",
        [
            "3:24: found {from: municipality.printers}, which gives a list of records; expected a reference that gives text"
        ],
    ),
    "same network": (
        "wifi_profile: {ssid: A, state: absent}\n- id: two\n  title: Two\n  wifi_profile: {ssid: a, state: absent}",
        [f"4:3: found 'two', which is about the same object as 'one' {AGAIN}"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake(name: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    text, expected = CASES[name]
    assert problems_of({FILE: f"- id: one\n  title: One\n  {text}\n"}) == [f"{FILE}:{problem}" for problem in expected]


def requested(sources: Callable[..., dict[str, bytes]], files: Mapping[str, str]) -> list[dict]:
    """The settings that a workstation in Papendrecht is asked for; secrets are named, not filled in."""
    secrets = "secrets: {wifi_key: 2026-03-02}\n"
    towns = {f"municipalities/{name}.yml": a_municipality(name) + secrets for name in ("papendrecht", "zwijndrecht")}
    repository = build_repository(sources({"policies/baseline/screen.yml": "[]", **towns, **files}))
    place = Combination("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis")
    policy = resolve(repository.parts["workstation", "papendrecht"], place).for_host({"site": "stadhuis"})
    settings: list[dict] = json.loads(policy.engines["windows_policy"].request({"wifi_key": "geheim123"}))["settings"]
    return settings


def sent(sources: Callable[..., dict[str, bytes]], *kinds: str) -> list[dict]:
    """The wire forms of settings, without their ids."""
    text = "".join(f"- id: s{number}\n  title: Setting\n{indent(kind, '  ')}\n" for number, kind in enumerate(kinds))
    return [{key: value for key, value in one.items() if key != "id"} for one in requested(sources, {FILE: text})]


def test_a_certificate_is_sent_as_der_with_its_thumbprint(sources):
    der = base64.b64encode(ssl.PEM_cert_to_DER_cert(ROOT)).decode()
    block = "certificate:\n  store: root\n  pem: |\n" + indent(ROOT, "    ")
    wanted = {"kind": "certificate", "store": "root", "thumbprint": ROOT_PRINT, "state": "present", "certificate": der}
    assert sent(sources, block) == [wanted]


def test_a_certificate_is_absent_by_its_thumbprint_however_it_is_written(sources):
    by_print = f"certificate: {{store: ca, thumbprint: {ISSUING_PRINT}, state: absent}}"
    whole = f"certificate: {{store: disallowed, state: absent, pem: {json.dumps(ISSUING)}}}"
    wanted = {"kind": "certificate", "thumbprint": ISSUING_PRINT, "state": "absent"}
    assert sent(sources, by_print, whole) == [wanted | {"store": "ca"}, wanted | {"store": "disallowed"}]


def test_one_certificate_may_be_in_two_stores(sources):
    assert [one["store"] for one in sent(sources, certificate(ROOT), certificate(ROOT).replace("root", "ca", 1))] == [
        "root",
        "ca",
    ]


def test_a_personal_network_is_sent_whole_and_marked_secret(sources):
    kind = "wifi_profile: {ssid: {from: municipality.network.dns_suffix}, authentication: wpa2_personal, key: {secret: wifi_key}}"
    assert sent(sources, kind) == [
        {
            "kind": "wifi_profile",
            "ssid": "papendrecht.nl",
            "authentication": "wpa2_personal",
            "connect": "automatic",
            "hidden": False,
            "key": "geheim123",
            "state": "present",
            "secret": True,
        }
    ]


def test_an_enterprise_network_is_sent_whole(sources):
    names = f"servers: [radius.papendrecht.nl], root_thumbprints: [{ROOT_PRINT}, {ISSUING_PRINT}]"
    kind = f"wifi_profile: {{ssid: A, authentication: wpa3_enterprise, connect: manual, hidden: true, {names}}}"
    assert sent(sources, kind) == [
        {
            "kind": "wifi_profile",
            "ssid": "A",
            "authentication": "wpa3_enterprise",
            "connect": "manual",
            "hidden": True,
            "servers": ["radius.papendrecht.nl"],
            "root_thumbprints": [ROOT_PRINT, ISSUING_PRINT],
            "state": "present",
        }
    ]


def test_a_network_may_be_named_by_the_hosts_own_record(sources):
    kind = "wifi_profile: {ssid: {from: registry.site}, state: absent}"
    assert sent(sources, kind) == [{"kind": "wifi_profile", "ssid": "stadhuis", "state": "absent"}]


@pytest.mark.parametrize(
    ("kind", "absence"),
    [
        (certificate(ROOT), {"kind": "certificate", "store": "root", "thumbprint": ROOT_PRINT}),
        (
            "wifi_profile: {ssid: {from: municipality.name}, authentication: wpa3_personal, key: {secret: wifi_key}}",
            {"kind": "wifi_profile", "ssid": "Papendrecht"},
        ),
    ],
)
def test_a_later_layer_can_have_the_object_not_be_there(sources, kind, absence):
    files = {
        FILE: f"- id: s0\n  title: One\n  {kind}\n",
        "policies/municipality/papendrecht.yml": "- id: s0\n  absent: not used here\n",
    }
    assert requested(sources, files) == [{"id": "s0", **absence, "state": "absent"}]


def test_a_municipality_can_add_its_own_servers(sources):
    kind = (
        f"wifi_profile: {{ssid: A, authentication: wpa2_enterprise, servers: [%s], root_thumbprints: [{ROOT_PRINT}]}}"
    )
    files = {
        FILE: f"- id: s0\n  title: One\n  {kind % 'a.nl'}\n",
        "policies/municipality/papendrecht.yml": f"- id: s0\n  merges: own server\n  title: One\n  {kind % 'b.nl'}\n",
    }
    (setting,) = requested(sources, files)
    assert setting["servers"] == ["a.nl", "b.nl"]
