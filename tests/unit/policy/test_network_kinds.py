# ruff: noqa: E501 - settings are quoted whole
"""Settings of switches: what is sent of each kind, and what later layers can say."""

import json
from collections.abc import Callable, Mapping

import pytest
from policy_samples import a_municipality, switching

from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination, HostPolicy
from werkplek.policy.resolver import resolve

FILE = "policies/network/a.yml"
OWN = "policies/municipality/papendrecht.yml"
SECRETS = {"ntp_key": "tijd & 'geld'", "enable_hash": '$9$a"b', "priv": "p", "auth": "a"}
type Sources = Callable[..., dict[str, bytes]]


def policy_of(sources: Sources, files: Mapping[str, str], slug: str = "papendrecht", **facts: object) -> HostPolicy:
    """The policy of a switch."""
    days = "secrets: {" + ", ".join(f"{name}: 2026-03-02" for name in SECRETS) + "}\n"
    towns = {
        f"municipalities/{name}.yml": a_municipality(name) + switching(hundred, name[:3]) + days
        for name, hundred in (("papendrecht", 4), ("zwijndrecht", 6))
    }
    repository = build_repository(sources({**towns, **files}))
    place = {"platform_lineage": ("cisco-ios", "network_os"), "ring": "broad", "site": "hal", **facts}
    return resolve(repository.parts["network", slug], Combination("network", municipality=slug, **place)).for_host({})


def requested(sources: Sources, files: Mapping[str, str], slug: str = "papendrecht", **facts: object) -> list[dict]:
    """The settings that a switch is asked for; a secret has its value."""
    policy = policy_of(sources, files, slug, **facts)
    assert set(policy.engines) <= {"network_policy"}
    calls = policy.engines.values()
    return [one for call in calls for one in json.loads(call.request(SECRETS))["settings"]]


def sent(sources: Sources, *kinds: str) -> list[dict]:
    """The wire forms of settings, without their ids."""
    text = "".join(f"- id: s{number}\n  title: Setting\n  {kind}\n" for number, kind in enumerate(kinds))
    return [{key: value for key, value in one.items() if key != "id"} for one in requested(sources, {FILE: text})]


# as it is written, and what is sent besides the kind
SENT = [
    ("switch_vlans: {}", {}),
    ("switch_ports: {}", {}),
    ("switch_ntp: {servers: [10.4.1.20]}", {"servers": ["10.4.1.20"]}),
    (
        "switch_ntp: {servers: {from: municipality.switching.ntp}, key: {secret: ntp_key}}",
        {"servers": ["10.4.1.20", "10.4.1.21"], "key": "tijd & 'geld'", "key_number": 1, "secret": True},
    ),
    (
        "switch_ntp: {servers: [{from: municipality.switching.management.gateway}, 10.4.1.20], key: {secret: ntp_key}, key_number: 65535}",
        {"servers": ["10.4.249.1", "10.4.1.20"], "key": "tijd & 'geld'", "key_number": 65535, "secret": True},
    ),
    (
        "switch_dns: {servers: [10.4.1.10], domain: {from: municipality.network.dns_suffix}}",
        {"servers": ["10.4.1.10"], "domain": "papendrecht.nl"},
    ),
    ("switch_syslog: {hosts: [10.4.1.30]}", {"hosts": ["10.4.1.30"], "level": "informational"}),
    ("switch_syslog: {hosts: [10.4.1.30], level: warnings}", {"hosts": ["10.4.1.30"], "level": "warnings"}),
    (
        "switch_snmp: {user: {from: municipality.switching.snmp_user}, group: G, view: V, auth: {secret: auth}, priv: {secret: priv}, hosts: {from: municipality.switching.snmp_hosts}, location: {from: municipality.switching.snmp_location}}",
        {
            "user": "pap-monitor",
            "group": "G",
            "view": "V",
            "auth": "a",
            "priv": "p",
            "hosts": ["10.4.1.40"],
            "location": "Markt 22",
            "secret": True,
        },
    ),
    (
        "switch_snmp: {user: a, group: G, view: V, auth: {secret: auth}, priv: {secret: priv}, hosts: [10.4.1.40]}",
        {"user": "a", "group": "G", "view": "V", "auth": "a", "priv": "p", "hosts": ["10.4.1.40"], "secret": True},
    ),
    (
        "switch_tacacs: {group: G, servers: {from: municipality.switching.tacacs}, key: {secret: auth}}",
        {"group": "G", "servers": ["10.4.1.50"], "key": "a", "secret": True},
    ),
    (
        "switch_radius: {group: G, servers: {from: municipality.switching.radius}, key: {secret: auth}}",
        {"group": "G", "servers": ["10.4.1.60"], "key": "a", "secret": True},
    ),
    ('switch_banner: {text: "a\\n\\n  b\\n"}', {"text": "a\n\n  b\n"}),
    (
        "switch_banner: {text: {from: municipality.switching.banner}}",
        {"text": "Van pap.\n\nAlleen beheerders.\n"},
    ),
    ("switch_management: {networks: [10.0.0.0/8]}", {"networks": ["10.0.0.0/8"]}),
    (
        "switch_management: {networks: {from: municipality.switching.management.networks}, gateway: {from: municipality.switching.management.gateway}}",
        {"networks": ["10.4.249.0/24", "10.7.249.0/24"], "gateway": "10.4.249.1"},
    ),
    ("switch_lines: {ios: {lines: [vtp mode off]}}", {"ios": {"lines": ["vtp mode off"]}}),
    (
        "switch_lines: {ios: {lines: [vtp mode off], replaces: [vtp mode]}, eos: {inherent: EOS has no VTP}}",
        {"ios": {"lines": ["vtp mode off"], "replaces": ["vtp mode"]}, "eos": {"inherent": "EOS has no VTP"}},
    ),
    (
        "switch_lines: {ios: {lines: [no ip finger], by_default: true}}",
        {"ios": {"lines": ["no ip finger"], "by_default": True}},
    ),
    (
        "switch_lines: {eos: {section: archive > log config, lines: [hidekeys], owns: [logging], absent: [notify]}}",
        {"eos": {"section": "archive > log config", "lines": ["hidekeys"], "owns": ["logging"], "absent": ["notify"]}},
    ),
    (
        "switch_lines: {ios: {ports: [workplace, unused], absent: [mab]}}",
        {"ios": {"ports": ["workplace", "unused"], "absent": ["mab"]}},
    ),
    (
        "switch_lines: {ios: {lines: [[enable secret 9, {secret: enable_hash}]]}}",
        {"ios": {"lines": [["enable secret 9", '$9$a"b']]}, "secret": True},
    ),
    (
        "switch_lines: {ios: {lines: [[ip dhcp snooping vlan, {switch: user_vlans}], [a-b, {from: municipality.choices.screen_lock_seconds}, 5, {from: municipality.name}]]}}",
        {"ios": {"lines": [["ip dhcp snooping vlan", {"switch": "user_vlans"}], ["a-b", "900", "5", "Papendrecht"]]}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "wire"), SENT)
def test_what_a_switch_is_asked(written: str, wire: dict, sources: Sources):
    assert sent(sources, written) == [{"kind": written.partition(":")[0], **wire}]


def test_every_kind_of_switches_is_among_them():
    kinds = {name for name, kind in KINDS.items() if kind.engine == "network_policy"}
    assert {written.partition(":")[0] for written, _ in SENT} == kinds
    assert {KINDS[name].family for name in kinds} == {"network_os"}


def test_each_municipality_has_its_own_servers(sources: Sources):
    text = "- id: time\n  title: Time\n  switch_ntp: {servers: {from: municipality.switching.ntp}}\n"
    found = {slug: requested(sources, {FILE: text}, slug)[0]["servers"] for slug in ("papendrecht", "zwijndrecht")}
    assert found == {"papendrecht": ["10.4.1.20", "10.4.1.21"], "zwijndrecht": ["10.6.1.20", "10.6.1.21"]}


def test_a_line_for_each_vlan_of_the_plan(sources: Sources):
    text = (
        "- id: vlan\n  title: VLAN\n  for_each: municipality.switching.vlans\n"
        "  switch_lines: {ios: {lines: [[spanning-tree vlan, {from: item.vid}, priority 4096]]}}\n"
    )
    lines = {one["id"]: one["ios"]["lines"][0] for one in requested(sources, {FILE: text})}
    assert len(lines) == 5
    assert lines["vlan[pap-balie]"] == ["spanning-tree vlan", "411", "priority 4096"]


def test_a_platform_can_have_a_setting_of_its_own(sources: Sources):
    text = "- id: a\n  title: A\n  on: {platform: arista-eos}\n  switch_lines: {eos: {lines: [lldp run]}}\n"
    assert requested(sources, {FILE: text}) == []
    found = requested(sources, {FILE: text}, platform_lineage=("arista-eos", "network_os"))
    assert [one["id"] for one in found] == ["a"]


def test_a_municipality_says_it_otherwise_or_leaves_it(sources: Sources):
    common = (
        "- id: a\n  title: A\n  switch_lines: {ios: {lines: [vtp mode off]}}\n- id: b\n  title: B\n  switch_vlans: {}\n"
    )
    own = (
        "- id: a\n  title: A\n  overrides: It has a VTP server\n  switch_lines: {ios: {lines: [vtp mode client]}}\n"
        "- id: b\n  ignore: Another tool does\n"
    )
    found = requested(sources, {FILE: common, OWN: own})
    assert found == [{"id": "a", "kind": "switch_lines", "ios": {"lines": ["vtp mode client"]}}]
    assert [one["id"] for one in requested(sources, {FILE: common, OWN: own}, "zwijndrecht")] == ["a", "b"]


def test_a_value_that_a_municipality_leaves_out_is_a_problem(problems_of: Callable[[Mapping[str, str]], list[str]]):
    text = "- id: a\n  title: A\n  switch_ntp: {servers: {from: municipality.switching.ntp}}\n"
    assert problems_of({FILE: text}) == [
        f"{FILE}:3:15: found {{from: municipality.switching.ntp}}, which municipalities/{slug}.yml leaves out; "
        "expected a value in every municipality the setting is for"
        for slug in ("papendrecht", "zwijndrecht")
    ]


def test_a_secret_in_a_line_must_be_listed(problems_of: Callable[[Mapping[str, str]], list[str]]):
    text = "- id: a\n  title: A\n  switch_lines: {ios: {lines: [[enable secret 9, {secret: hash}]]}}\n"
    assert problems_of({FILE: text}) == [
        f"{FILE}:3:50: found {{secret: hash}}, which municipalities/{slug}.yml does not list; "
        "expected secrets: {hash: <day of its last change>} in that document"
        for slug in ("papendrecht", "zwijndrecht")
    ]


def test_the_digest_holds_the_day_of_a_secret_and_not_its_value(sources: Sources):
    text = "- id: a\n  title: A\n  switch_lines: {ios: {lines: [[enable secret 9, {secret: enable_hash}]]}}\n"
    call = policy_of(sources, {FILE: text}).engines["network_policy"]
    assert call.secrets == ("enable_hash",)
    assert "enable_hash@2026-03-02" in "".join(call.pieces)


@pytest.mark.parametrize("kind", ["switch_vlans: {}", "switch_lines: {ios: {lines: [vtp mode off]}}"])
def test_nothing_of_a_switch_can_be_absent(kind: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    name = kind.partition(":")[0]
    files = {FILE: f"- id: a\n  title: A\n  {kind}\n", OWN: "- id: a\n  absent: Not here\n"}
    assert problems_of(files) == [
        f"{OWN}:2:11: found absent, of a setting of kind {name} ({FILE}:1); expected a kind of which the object can be "
        "gone. Say ignore: <reason>, or set another value with overrides: <reason>."
    ]
