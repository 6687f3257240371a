"""The policies as a whole: kinds, numbers, rings, and what a workplace gets."""

import re
from collections import Counter

import pytest
from content_facts import KINDS, ROOT, Written, host_settings

from werkplek.policy.loader import Repository

RINGS = ("canary", "pilot", "broad")
WINDOWS_UPDATE = r"hklm:\software\policies\microsoft\windows\windowsupdate"


def in_ring(settings: list[Written], ring: str) -> list[Written]:
    return [setting for setting in settings if setting.head.get("on", {}).get("ring", ring) == ring]


def update_days(settings: list[Written], ring: str) -> dict[str, int]:
    """Windows Update policies of a ring that count days, by value name."""
    return {
        setting.body["name"]: setting.body["data"]
        for setting in in_ring(settings, ring)
        if setting.kind == "registry" and setting.body["path"].lower() == WINDOWS_UPDATE and "data" in setting.body
    }


def test_every_kind_is_used(written: list[Written]):
    used = Counter(setting.kind for setting in written)
    assert set(used) == set(KINDS)
    assert used["registry"] > 150


@pytest.mark.parametrize("form", ["dword", "string", "multistring"])
def test_every_common_registry_type_is_used(written: list[Written], form: str):
    assert any(setting.body.get("type") == form for setting in written)


def test_every_setting_names_a_bio2_number_that_exists(written: list[Written], bio2_numbers: set[str]):
    for setting in written:
        numbers = {control.removeprefix("BIO2:") for control in setting.controls if control.startswith("BIO2:")}
        assert numbers, setting.id
        assert numbers <= bio2_numbers, setting.id


def test_every_setting_says_where_it_is_documented(repository: Repository):
    """Also checked by lint, as long as there is a list of sources."""
    assert len(repository.catalogue.sources) > 10
    pages = [setting.head.docs for layer in repository.layers.values() for setting in layer if hasattr(setting, "kind")]
    own = {page for page in pages if page and not page.startswith("https://")}
    assert own == {"docs/content.md"}
    assert all((ROOT / page).exists() for page in own)


def test_the_page_tells_how_many_settings_each_file_has(written: list[Written]):
    page = (ROOT / "docs/content.md").read_text()
    told = {file: int(number) for file, number in re.findall(r"`([\w/]+\.yml)` \| (\d+) \|", page)}
    held = Counter(setting.file for setting in written if not setting.file.startswith("municipality/"))
    assert told == held


def test_bio2_list_has_fifty_government_measures(bio2_numbers: set[str]):
    assert len(bio2_numbers) == 53
    assert {"8.09.01", "8.12.01", "8.17.01"} < bio2_numbers


def test_titles_are_different_sentences(written: list[Written]):
    titles = Counter(setting.head["title"] for setting in written)
    assert [title for title, count in titles.items() if count > 1] == []
    assert [title for title in titles if not title[0].isupper() or title.endswith(".")] == []


@pytest.mark.parametrize("ring", RINGS)
def test_monthly_updates_are_in_within_a_week(written: list[Written], ring: str):
    """BIO2 8.08.01: a serious weakness is mended within a week. Wait + deadline + grace, in days."""
    days = update_days(written, ring)
    total = (
        days["DeferQualityUpdatesPeriodInDays"]
        + days["ConfigureDeadlineForQualityUpdates"]
        + days["ConfigureDeadlineGracePeriod"]
    )
    assert total <= 7


def test_active_hours_grow_from_ring_to_ring(written: list[Written]):
    hours = [
        (update_days(written, ring)["ActiveHoursStart"], update_days(written, ring)["ActiveHoursEnd"]) for ring in RINGS
    ]
    assert hours == [(8, 17), (7, 19), (6, 22)]
    assert all(end - start <= 18 for start, end in hours)


@pytest.mark.parametrize("name", ["DeferQualityUpdatesPeriodInDays", "DeferFeatureUpdatesPeriodInDays"])
def test_each_ring_waits_longer_than_the_one_before(written: list[Written], name: str):
    canary, pilot, broad = (update_days(written, ring)[name] for ring in RINGS)
    assert canary < pilot < broad


@pytest.mark.parametrize("ring", RINGS)
def test_workstations_of_every_municipality_get_their_settings(
    repository: Repository, municipalities: dict[str, dict], ring: str
):
    for slug in municipalities:
        settings = host_settings(repository, slug, ring)
        assert len(settings) > 500
        assert [name for name in settings if name.startswith("update_quality_defer_")] == [
            "update_quality_defer_on",
            f"update_quality_defer_{ring}",
        ]


def test_the_registry_record_reaches_the_host(repository: Repository):
    assert host_settings(repository, "sliedrecht")["workplace_record"] == {
        "id": "workplace_record",
        "kind": "registry",
        "path": r"HKLM:\SOFTWARE\Werkplek\Workplace",
        "name": "RegistryRecord",
        "type": "string",
        "data": "https://netbox.example/dcim/devices/1/",
        "state": "present",
    }


def test_session_hosts_get_the_baseline_and_no_printers(repository: Repository):
    ids = host_settings(repository, "drechtsteden", of="vdi_host").keys()
    assert {"lockout_threshold", "audit_logon", "ntlmv2_only", "tls_tls10_server_enabled"} <= ids
    assert not {"printer_server[noordendijk-kantoor]", "sleep_on_mains", "wallpaper"} & ids
