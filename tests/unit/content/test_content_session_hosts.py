"""What a session host is sent: what the facts say, what is decided otherwise, and its municipality's own."""

import json

import pytest
from content_facts import (
    FACTS,
    Target,
    Written,
    claims,
    facts_of_one_platform,
    host_settings,
    read_fact_ids,
    read_facts,
)

from werkplek.policy.loader import Repository

PLATFORMS = ("windows-server-2022", "windows-server-2025")
# A municipality that leaves every choice at its default.
CHOOSES_NOTHING = "alblasserdam"
MUNICIPAL = ("rds_license_servers", "rds_broker", "rds_collection", "fslogix_share")

# id in the facts -> why a host whose municipality chooses nothing does not have that value
DECIDED = {
    "edge_extensions_blocked": "choice edge_extensions",
    "office_access_signed_macros_only": "choice office_macros",
    "office_excel_signed_macros_only": "choice office_macros",
    "office_outlook_macro_level": "choice office_macros",
    "office_powerpoint_signed_macros_only": "choice office_macros",
    "office_word_signed_macros_only": "choice office_macros",
    "onedrive_off": "choice onedrive",
    "powershell_transcription": "choice powershell_transcripts",
    "protected_print_on": "choice protected_print",
    "rdp_uia_redirection_off": "choice accessibility_redirection",
    "remote_registry_exact_paths": "the same paths, with the capitals that workstations have",
    "smb_client_encryption": "choice smb_client_encryption",
    "update_quality_no_delay": "the ring decides: four days in ring broad",
}
# What no fact has; the facts name municipal values without giving them.
ADDED = {
    "fslogix_defender_exclusion_containers": "the municipality's share, in the way of the facts",
    "fslogix_defender_paths_on": "without it the list of paths is not read",
    "fslogix_defender_processes_on": "without it the list of programs is not read",
    "fslogix_share": "municipal",
    "rds_broker": "municipal",
    "rds_broker_joined": "without it the broker's name is not read",
    "rds_collection": "municipal",
    "rds_license_servers": "municipal",
}


def sent(repository: Repository, platform: str, slug: str = CHOOSES_NOTHING, ring: str = "broad") -> dict[str, dict]:
    return host_settings(repository, slug, ring, "vdi_host", platform=platform)


def meant(settings: dict[str, dict]) -> dict[Target, tuple[str, object]]:
    """Setting and value by target."""
    return {
        target: (name, value)
        for name, wire in settings.items()
        for target, value in claims(Written("", wire["kind"], {"id": name}, wire))
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_session_host_has_what_the_facts_say(repository: Repository, platform: str):
    """Every row of both lists, but for what is decided otherwise."""
    have, facts = meant(sent(repository, platform)), read_facts(*FACTS["vdi_host"])
    elsewhere = {name for name, only in facts_of_one_platform("windows_server_rds").items() if only != platform}
    names = {target: name for target, name in read_fact_ids(*FACTS["vdi_host"]).items() if name not in elsewhere}
    assert len(names) == 466 + 81 - len(elsewhere)
    different = {name for target, name in names.items() if have.get(target, ("", None))[1] != facts[target].value}
    assert different == DECIDED.keys() - elsewhere


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_session_host_has_nothing_else_but_what_is_decided(repository: Repository, platform: str):
    facts = read_facts(*FACTS["vdi_host"])
    have = meant(sent(repository, platform))
    assert {name for target, (name, _) in have.items() if target not in facts} == ADDED.keys()


def test_what_is_for_the_newest_server_is_not_sent_to_another(repository: Repository):
    only = facts_of_one_platform("windows_server_rds")
    assert len(only) == 17
    old, new = (sent(repository, platform).keys() for platform in PLATFORMS)
    assert old & only.keys() == set()
    assert only.keys() - new == {"protected_print_on"}
    assert old < new | {"protected_print_on"}


def test_the_ring_decides_when_a_session_host_gets_updates_but_nothing_forces_a_restart(repository: Repository):
    waits = {ring: sent(repository, PLATFORMS[0], ring=ring) for ring in ("canary", "pilot", "broad")}
    for ring, days in {"canary": 0, "pilot": 2, "broad": 4}.items():
        assert waits[ring][f"update_quality_defer_{ring}"]["data"] == days
        assert [name for name in waits[ring] if "deadline" in name or "active_hours" in name] == []
        assert "update_auto_download_install" not in waits[ring]


def test_every_deviation_is_explained_where_it_is_made(written: list[Written]):
    """By a note, or by a choice, which explains itself."""
    by_id = {setting.id: setting for setting in written if "vdi_host" in setting.file or "baseline" in setting.file}
    assert by_id["remote_registry_exact_paths"].head["note"]
    chosen = {name: reason.removeprefix("choice ") for name, reason in DECIDED.items() if reason.startswith("choice ")}
    assert {name for name, choice in chosen.items() if choice not in by_id[name].choice} == set()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_municipality_has_its_own_share_collection_and_licences(
    repository: Repository, municipalities: dict[str, dict], platform: str
):
    for slug, document in municipalities.items():
        vdi = document["vdi"]
        settings = sent(repository, platform, slug)
        assert {name: settings[name]["data"] for name in MUNICIPAL} == {
            "rds_license_servers": ",".join(vdi["license_servers"]),
            "rds_broker": vdi["gateway"],
            "rds_collection": vdi["collection"],
            "fslogix_share": [vdi["profile_share"]],
        }
        assert settings["fslogix_defender_exclusion_containers"]["name"] == vdi["profile_share"] + r"\*\*.VHDX*"


def test_no_session_host_sees_another_municipalitys_share(repository: Repository, municipalities: dict[str, dict]):
    shares = {slug: document["vdi"]["profile_share"] for slug, document in municipalities.items()}
    assert len(set(shares.values())) == len(shares)
    for slug in shares:
        everything = json.dumps(sent(repository, PLATFORMS[0], slug))
        assert [other for other, share in shares.items() if json.dumps(share)[1:-1] in everything] == [slug]


def test_people_sit_at_a_workstation_and_not_at_a_session_host(repository: Repository):
    """Rights of which the two differ; Users is S-1-5-32-545."""
    both = {of: host_settings(repository, CHOOSES_NOTHING, of=of) for of in FACTS}
    rights = [name for name in both["vdi_host"] if name.startswith("right_")]
    differ = [name for name in rights if both["vdi_host"][name] != both["workstation"][name]]
    users = [name for name in differ if "S-1-5-32-545" in both["workstation"][name]["members"]]
    assert sorted(users) == ["right_change_time_zone", "right_local_logon", "right_shut_down"]
    assert sorted({*differ} - {*users}) == ["right_deny_network_logon", "right_network_logon"]
    assert not any("S-1-5-32-545" in both["vdi_host"][name]["members"] for name in rights)


def test_what_belongs_to_a_workplace_stays_there(repository: Repository):
    ids = sent(repository, PLATFORMS[0]).keys()
    assert {"lockout_threshold", "audit_logon", "ntlmv2_only", "tls_tls10_server_enabled", "edge_smartscreen"} <= ids
    assert not {"sleep_on_mains", "wallpaper", "wifi_profile", "rdp_incoming_off_lifted", "browser_homepage"} & ids
    assert not any(name.startswith(("printer_server[", "bitlocker_", "package_", "service_")) for name in ids)
