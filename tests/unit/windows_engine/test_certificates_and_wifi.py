"""Settings of kind certificate and wifi_profile on the lab's host, from module arguments to its state."""

from __future__ import annotations

import base64
import json
import ssl
from typing import Any

import pytest
from windows_lab import ROOT, LabHost

ROOT_PRINT = "A70D79A3C5A357928D3EF171DCDB5A60E971DBC8"
ISSUING_PRINT = "7A1F42BB016B43BD2A44FB0B84181BECC219869F"
KEY = "canary 7 <&>"
SECRET = "<secret>"


def der(name: str) -> str:
    pem = (ROOT / f"tests/data/certificates/{name}.pem").read_text()
    return base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode()


TRUSTED = {"kind": "certificate", "store": "root", "thumbprint": ROOT_PRINT, "certificate": der("root")}
UNWANTED = {"kind": "certificate", "store": "ca", "thumbprint": ISSUING_PRINT, "state": "absent"}
PERSONAL = {"kind": "wifi_profile", "ssid": "Café & Co", "authentication": "wpa2_personal", "key": KEY}
ENTERPRISE = {
    "kind": "wifi_profile",
    "ssid": "Werkplek",
    "authentication": "wpa3_enterprise",
    "connect": "automatic",
    "hidden": True,
    "servers": ["radius-2.papendrecht.nl", "RADIUS-1.papendrecht.nl"],
    "root_thumbprints": [ROOT_PRINT],
}
EAP = (
    f"EAP-TLS with the machine certificate, servers radius-1.papendrecht.nl radius-2.papendrecht.nl, roots {ROOT_PRINT}"
)
GONE = {"kind": "wifi_profile", "ssid": "Werkplek", "state": "absent"}


def subject(answer: str) -> str:
    """The subject in a certificate's text; how it is written is up to the platform's library."""
    return answer.rpartition(" (")[0]


def ritual(host: LabHost, setting: dict[str, Any], texts: tuple[str, str], edit: dict[str, Any], drifted: str) -> None:
    """Check reports and changes nothing, apply, a second run changes nothing, drift is found and repaired."""
    now, wanted = texts
    settings = [{"id": "it", **setting}]
    before = host.on_disk()
    checked = host.run(settings, check=True)
    assert checked.of("it") == ("noncompliant", now, wanted)
    assert checked.diff == {"before": f"it: {now}\n", "after": f"it: {wanted}\n"}
    assert host.on_disk() == before

    assert host.run(settings).of("it") == ("changed", now, wanted)
    again = host.run(settings)
    assert (again.changed, again.of("it")) == (False, ("compliant", wanted, wanted))

    host.edit(edit)
    assert host.run(settings, check=True).of("it") == ("noncompliant", drifted, wanted)
    assert host.run(settings).of("it") == ("changed", drifted, wanted)
    assert host.run(settings).statuses == {"compliant"}


def shown(host: LabHost, wire: dict[str, Any]) -> str:
    """A certificate's text once it is there."""
    text: str = host.run([{"id": "it", **wire, "state": "present"}], check=True).results["it"]["after"]
    return text


def test_the_whole_way_of_a_trusted_certificate(host: LabHost) -> None:
    text = shown(host, TRUSTED)
    assert "CN=Papendrecht Root CA" in subject(text)
    assert text.endswith(f" ({ROOT_PRINT})")
    ritual(host, TRUSTED, ("<absent>", text), {**TRUSTED, "state": "absent"}, "<absent>")
    assert list(host.dump()["certificates"]) == [f"root {ROOT_PRINT}"]


def test_the_whole_way_of_an_unwanted_certificate(host: LabHost) -> None:
    there = {**UNWANTED, "state": "present", "certificate": der("issuing")}
    text = shown(host, there)
    host.edit(there)
    ritual(host, UNWANTED, (text, "<absent>"), there, text)
    assert host.dump()["certificates"] == {}


def test_a_certificate_in_another_store_is_left_alone(host: LabHost) -> None:
    host.edit({**TRUSTED, "store": "disallowed"})
    assert host.run([{"id": "it", **TRUSTED, "state": "absent"}]).of("it") == ("compliant", "<absent>", "<absent>")
    assert list(host.dump()["certificates"]) == [f"disallowed {ROOT_PRINT}"]


def test_a_store_that_refuses_fails_the_setting_alone(host: LabHost) -> None:
    host.edit({"kind": "faults", "write_denied": [f"certificate root {ROOT_PRINT}"]})
    answer = host.run([{"id": "it", **TRUSTED}, {"id": "other", **TRUSTED, "store": "ca"}])
    assert (answer.results["it"]["status"], answer.results["other"]["status"]) == ("failed", "changed")
    text = answer.results["other"]["after"]
    assert answer.results["it"]["message"] == f"cannot write: Access is denied.: wanted {text}, found <absent>"


def test_a_certificate_twice_or_under_anothers_thumbprint_is_malformed(host: LabHost) -> None:
    twice = [{"id": "a", **TRUSTED}, {"id": "b", **TRUSTED, "state": "absent"}]
    assert host.call(json.dumps({"schema": 1, "settings": twice}))["msg"] == (
        "The policy is malformed, nothing was touched:\n"
        f"  certificate {ROOT_PRINT} of root is governed more than once: by a, b"
    )
    wrong = [{"id": "a", **TRUSTED, "thumbprint": ISSUING_PRINT}]
    assert host.call(json.dumps({"schema": 1, "settings": wrong}))["msg"] == (
        "The policy is malformed, nothing was touched:\n"
        f"  settings[0] (a): thumbprint: found '{ISSUING_PRINT}'; expected {ROOT_PRINT}, as the certificate has"
    )


def test_the_whole_way_of_an_enterprise_network(host: LabHost) -> None:
    wanted = f"wpa3_enterprise, automatic, hidden, {EAP}"
    edit = {**ENTERPRISE, "connect": "manual", "servers": ["evil.example"]}
    drifted = wanted.replace("automatic", "manual").replace(
        "radius-1.papendrecht.nl radius-2.papendrecht.nl", "evil.example"
    )
    ritual(host, ENTERPRISE, ("<absent>", wanted), edit, drifted)


@pytest.mark.parametrize("change", [{"key": "parrot-8"}, {"connect": "manual"}, {"hidden": True}])
def test_the_whole_way_of_a_personal_network(host: LabHost, change: dict[str, Any]) -> None:
    ritual(host, {**PERSONAL, "secret": True}, ("<absent>", SECRET), {**PERSONAL, **change}, "<another value>")


def test_the_whole_way_of_an_unwanted_network(host: LabHost) -> None:
    host.edit(ENTERPRISE)
    text = f"wpa3_enterprise, automatic, hidden, {EAP}"
    ritual(host, GONE, (text, "<absent>"), ENTERPRISE, text)


def test_the_key_of_an_unwanted_network_is_not_shown(host: LabHost) -> None:
    host.edit({**PERSONAL, "ssid": "Werkplek"})
    answer = host.run([{"id": "it", **GONE}])
    assert answer.of("it") == ("changed", "wpa2_personal, automatic, another key", "<absent>")


def test_a_key_appears_in_no_answer(host: LabHost) -> None:
    setting = {"id": "it", **PERSONAL, "secret": True}
    answers = [host.call(json.dumps({"schema": 1, "settings": [setting]}), check=check) for check in (True, False)]
    host.edit({"kind": "faults", "read_denied": ["wifi profile"]})
    answers.append(host.call(json.dumps({"schema": 1, "settings": [setting]})))
    host.edit({"kind": "faults", "write_denied": ["wifi profile"]}, {**PERSONAL, "key": "parrot-8"})
    answers.append(host.call(json.dumps({"schema": 1, "settings": [{**setting, "key": "another canary 7 <&>"}]})))
    malformed = {**setting, "authentication": "wpa3_personal", "key": "canary 7 <&>" * 9}
    answers += [
        host.call(json.dumps({"schema": 1, "settings": [one]})) for one in (malformed, {"id": "it", **PERSONAL})
    ]
    assert [answer.get("failed", False) for answer in answers] == [False, False, False, False, True, True]
    assert "canary 7" not in json.dumps(answers)
    assert "parrot" not in json.dumps(answers)


def test_a_key_without_secret_is_malformed(host: LabHost) -> None:
    assert host.call(json.dumps({"schema": 1, "settings": [{"id": "it", **PERSONAL}]}))["msg"] == (
        "The policy is malformed, nothing was touched:\n"
        "  settings[0] (it): secret: found nothing; expected true, beside a key"
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"kind": "wireless_interface", "state": "absent"}, "this host has no wireless interface"),
        (
            {"kind": "service", "name": "WlanSvc", "start": "manual", "status": "stopped"},
            "the wireless service (WlanSvc) is not running",
        ),
    ],
)
def test_a_host_without_wireless_networking_is_unsupported(host: LabHost, edit: dict[str, Any], message: str) -> None:
    host.edit(edit)
    answer = host.run(
        [{"id": "personal", **PERSONAL, "secret": True}, {"id": "enterprise", **ENTERPRISE}, {"id": "cert", **TRUSTED}]
    )
    for name in ("personal", "enterprise"):
        assert answer.of(name) == ("unsupported", "<unknown>", "<unknown>")
        assert answer.results[name]["message"] == message
    assert answer.of("cert")[0] == "changed"
