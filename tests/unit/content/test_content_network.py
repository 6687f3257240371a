"""What switches get: their municipality's VLANs and services, hardening, and 802.1X by choice."""

import json
import re
from ipaddress import IPv4Address, IPv4Network

import pytest
import yaml
from content_facts import Written
from content_network import switch_settings
from test_content_choices import with_answer
from test_content_municipalities import SLUGS

from werkplek.errors import WerkplekError
from werkplek.policy.choices import answers
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.network_lines import DIALECTS
from werkplek.policy.reading import LoadedSetting

SECRETS = {"enable_hash", "ntp_key", "radius_key", "snmp_auth", "snmp_priv", "tacacs_key"}
ONCE = {name for name, kind in KINDS.items() if kind.engine == "network_policy"} - {"switch_lines"}
# The shared service centre administers the switches of all.
SHARED_NETWORK = "10.7.249.0/24"
type Place = tuple[str, str, str]  # dialect, section or profile, beginning of a line


@pytest.mark.parametrize("slug", SLUGS)
def test_a_switch_has_each_service_once_and_much_hardening(repository: Repository, slug: str):
    kinds = [setting["kind"] for setting in switch_settings(repository, slug).values()]
    assert sorted(kind for kind in kinds if kind != "switch_lines") == sorted(ONCE)
    assert kinds.count("switch_lines") >= 60


def test_nothing_of_other_classes_reaches_a_switch(repository: Repository):
    for slug in SLUGS:
        settings = repository.taking["network", slug]
        assert {setting.layer for setting in settings} <= {"network", f"municipality/{slug}"}
        assert {setting.body.family for setting in settings} == {"network_os"}


def test_nothing_of_switches_reaches_a_workplace(repository: Repository):
    for slug in SLUGS:
        for workplace_class in ("workstation", "vdi_host"):
            assert not {setting.kind for setting in repository.taking[workplace_class, slug]} & {*ONCE, "switch_lines"}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_own_value_reaches_the_own_switches(repository: Repository, municipalities: dict[str, dict], slug: str):
    own, settings = municipalities[slug]["switching"], switch_settings(repository, slug)
    assert settings["switch_time_servers"]["servers"] == own["ntp"]
    assert settings["switch_resolvers"]["servers"] == own["dns"]
    assert settings["switch_resolvers"]["domain"] == municipalities[slug]["network"]["dns_suffix"]
    assert settings["log_servers"]["hosts"] == own["syslog"]
    assert settings["tacacs_servers"]["servers"] == own["tacacs"]
    assert settings["radius_servers"]["servers"] == own["radius"]
    assert settings["switch_banner"]["text"] == own["banner"]
    assert settings["switch_management"]["networks"] == own["management"]["networks"]
    assert settings["switch_management"]["gateway"] == own["management"]["gateway"]
    snmp = settings["switch_snmp"]
    assert [snmp[name] for name in ("user", "hosts", "location")] == [
        own["snmp_user"],
        own["snmp_hosts"],
        own["snmp_location"],
    ]


def test_no_switch_sees_an_address_of_another_municipality(repository: Repository, municipalities: dict[str, dict]):
    for slug in SLUGS:
        text = json.dumps(switch_settings(repository, slug)).replace(SHARED_NETWORK, "")
        hundred = municipalities[slug]["switching"]["vlans"][0]["vid"] // 100
        assert {address.split(".")[1] for address in re.findall(r"\b10\.\d+\.\d+\.\d+", text)} == {str(hundred)}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_plan_is_whole_and_in_a_hundred_of_its_own(municipalities: dict[str, dict], slug: str):
    own = municipalities[slug]["switching"]
    hundred = SLUGS_BY_HUNDRED.index(slug) + 1
    assert {vlan["vid"] // 100 for vlan in own["vlans"]} == {hundred}
    assert [vlan["use"] for vlan in own["vlans"]] == USES
    assert {vlan["name"].partition("-")[0] for vlan in own["vlans"]} == {own["snmp_user"].partition("-")[0]}
    networks = own["management"]["networks"]
    assert networks == list(dict.fromkeys([f"10.{hundred}.249.0/24", SHARED_NETWORK]))
    assert IPv4Address(own["management"]["gateway"]) in IPv4Network(networks[0])
    assert {len(own[name]) for name in ("dns", "ntp", "syslog", "snmp_hosts", "tacacs", "radius")} == {2}
    assert municipalities[slug]["name"] in own["banner"]
    assert municipalities[slug]["support"]["phone"] in own["banner"]


SLUGS_BY_HUNDRED = [slug for slug in SLUGS if slug != "drechtsteden"] + ["drechtsteden"]
USES = ["workplace", "voice", "printer", "guest", "vdi", "access_point", "management", "native", "parking"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_secret_of_switches_is_listed_with_a_day(
    repository: Repository, municipalities: dict[str, dict], slug: str
):
    assert set(municipalities[slug]["secrets"]) >= SECRETS
    secret = {name for name, setting in switch_settings(repository, slug).items() if setting.get("secret")}
    assert secret == {"enable_secret", "radius_servers", "switch_snmp", "switch_time_servers", "tacacs_servers"}


def test_who_asks_for_802_1x(repository: Repository):
    found = {slug: repository.municipalities[slug].choices["dot1x"] for slug in SLUGS}
    assert found == {
        **dict.fromkeys(SLUGS, "off"),
        "dordrecht": "enforced",
        "sliedrecht": "enforced",
        "zwijndrecht": "monitor",
    }
    ports = {
        slug: [name for name in switch_settings(repository, slug) if name.startswith("dot1x_port")] for slug in SLUGS
    }
    assert ports == {
        **{slug: ["dot1x_port_lifted"] for slug in SLUGS},
        "dordrecht": ["dot1x_port"],
        "sliedrecht": ["dot1x_port"],
        "zwijndrecht": ["dot1x_port_monitor"],
    }


def decided(setting: dict) -> set[Place]:
    """Beginnings of the lines that a setting decides, where they stand: of a line its first word."""
    found: set[Place] = set()
    for dialect in DIALECTS:
        form = setting.get(dialect, {})
        starts = [*form.get("lines", ()), *form.get("absent", ())]
        words = {(start if isinstance(start, str) else start[0]).split()[0] for start in starts}
        places = form.get("ports", [form.get("section", "")])
        found |= {(dialect, place, word) for place in places for word in words}
    return found


def test_each_answer_about_802_1x_decides_about_all_that_another_sets():
    """So that a new answer takes away what an earlier one left on a port."""
    by_answer = {}
    for answer in answers("dot1x"):
        repository = build_repository(with_answer("dot1x", answer))
        settings = switch_settings(repository, "papendrecht")
        chosen = [one for one in repository.taking["network", "papendrecht"] if "dot1x" in one.on.choice]
        by_answer[answer] = set().union(*(decided(settings[one.id]) for one in chosen))
    assert by_answer["off"] == by_answer["monitor"] == by_answer["enforced"]
    assert ("ios", "printer", "mab") in by_answer["off"]


def test_a_port_is_guarded_by_802_1x_or_counts_its_devices(repository: Repository):
    for slug in SLUGS:
        settings = switch_settings(repository, slug)
        assert ("dot1x_port_lifted" in settings) == ("port_security" in settings)
        assert ("port_security" in settings) != ("port_security_lifted" in settings)


def test_what_takes_away_from_switches_is_named_so_and_claims_no_control(written: list[Written]):
    for setting in (setting for setting in written if setting.file.startswith("network/")):
        forms = [setting.body.get(dialect, {}) for dialect in DIALECTS]
        lifts = bool(setting.choice) and all("lines" not in form for form in forms)
        assert lifts == setting.id.endswith("_lifted"), setting.id
        assert not (lifts and setting.controls), setting.id


def test_runs_keep_their_way_in_to_switches(repository: Repository):
    """Terminals take SSH from the management networks, and a local account where no server answers."""
    lines = {
        (setting.body.ios.section or "", text)
        for setting in repository.layers["network"]
        if isinstance(setting, LoadedSetting) and setting.kind == "switch_lines" and setting.body.ios
        for text in setting.body.ios.texts
    }
    terminals = {text for section, text in lines if section.startswith("line vty")}
    assert terminals == {
        "transport input ssh",
        "access-class WERKPLEK-BEHEER in",
        "exec-timeout 10 0",
        "login authentication default",
        "transport preferred none",
    }
    assert {text for _, text in lines if text.startswith("aaa authentication login")} == {
        "aaa authentication login default group WERKPLEK-TACACS local"
    }
    assert ("", "login quiet-mode access-class WERKPLEK-BEHEER") in lines


def test_two_municipalities_may_not_plan_one_vlan():
    sources = with_answer("dot1x", "off")
    document = yaml.safe_load(sources["municipalities/zwijndrecht.yml"])
    document["switching"]["vlans"][0]["vid"] = 410
    sources["municipalities/zwijndrecht.yml"] = yaml.safe_dump(document).encode()
    with pytest.raises(WerkplekError, match="The policy repository has 1 problem") as caught:
        build_repository(sources)
    assert "VLAN 410, which municipalities/papendrecht.yml:" in str(caught.value)
