"""The policies as a whole: kinds, numbers, rings, and what a workplace gets."""

import re
from collections import Counter

import pytest
from content_facts import KINDS, ROOT, Written, host_settings

from werkplek.policy.loader import Repository

PAGE = (ROOT / "docs/content.md").read_text()
RINGS = ("canary", "pilot", "broad")
# wait, deadline, grace
MONTHLY = ("DeferQualityUpdatesPeriodInDays", "ConfigureDeadlineForQualityUpdates", "ConfigureDeadlineGracePeriod")
YEARLY = (
    "DeferFeatureUpdatesPeriodInDays",
    "ConfigureDeadlineForFeatureUpdates",
    "ConfigureDeadlineGracePeriodForFeatureUpdates",
)
WINDOWS_UPDATE = r"hklm:\software\policies\microsoft\windows\windowsupdate"


def update_policies(settings: list[Written], ring: str) -> dict[str, int]:
    """Numbers among the Windows Update policies of a ring, by value name."""
    return {
        setting.body["name"]: setting.body["data"]
        for setting in settings
        if setting.kind == "registry" and setting.body["path"].lower() == WINDOWS_UPDATE and "data" in setting.body
        if ring in setting.head.get("on", {}).get("ring", ring)
    }


def test_every_kind_is_used(written: list[Written]):
    used = Counter(setting.kind for setting in written)
    assert set(used) == set(KINDS)
    assert used["registry"] > 150


@pytest.mark.parametrize("form", ["dword", "string", "multistring"])
def test_every_common_registry_type_is_used(written: list[Written], form: str):
    assert any(setting.body.get("type") == form for setting in written)


def test_every_setting_names_a_bio2_number_that_exists(written: list[Written], bio2_numbers: set[str]):
    """But for the laxer answer to a choice, which evidences nothing."""
    for setting in written:
        numbers = {control.removeprefix("BIO2:") for control in setting.controls if control.startswith("BIO2:")}
        assert numbers or (setting.choice and not setting.controls), setting.id
        assert numbers <= bio2_numbers, setting.id


def test_every_setting_says_where_it_is_documented(repository: Repository):
    """Also checked by lint, as long as there is a list of sources."""
    assert len(repository.catalogue.sources) > 10
    pages = [setting.head.docs for layer in repository.layers.values() for setting in layer if hasattr(setting, "kind")]
    own = {page for page in pages if page and not page.startswith("https://")}
    assert own == {"docs/content.md", "docs/network.md"}
    assert all((ROOT / page).exists() for page in own)


def test_the_page_tells_for_each_file_its_settings_and_choices(written: list[Written]):
    rows = re.findall(r"^\| [^|]+ \| `([\w/]+\.yml)` \| (\d+) \| ([^|]*) \|$", PAGE, re.MULTILINE)
    told = {file: (int(number), sorted(re.findall(r"`(\w+)`", names))) for file, number, names in rows}
    shared = [setting for setting in written if not setting.file.startswith("municipality/")]
    held = {
        file: (number, sorted({name for setting in shared if setting.file == file for name in choices_of(setting)}))
        for file, number in Counter(setting.file for setting in shared).items()
    }
    assert told == held


def choices_of(setting: Written) -> set[str]:
    """Choices that it is for, or whose number it holds."""
    return {*setting.choice, *re.findall(r"municipality\.choices\.(\w+)", str(setting.body))}


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
    assert sum(update_policies(written, ring)[name] for name in MONTHLY) <= 7


@pytest.mark.parametrize("names", [MONTHLY, YEARLY], ids=["monthly", "yearly"])
def test_each_ring_leaves_more_time_than_the_one_before(written: list[Written], names: tuple[str, str, str]):
    """In waiting for an update, and in installing it."""
    days = [[update_policies(written, ring)[name] for name in names] for ring in RINGS]
    waits, times = [wait for wait, _, _ in days], [deadline + grace for _, deadline, grace in days]
    assert waits == sorted(set(waits))
    assert times == sorted(set(times))


def test_active_hours_grow_from_ring_to_ring(written: list[Written]):
    """Windows takes a span of at most 18 hours."""
    hours = [tuple(update_policies(written, ring)[f"ActiveHours{end}"] for end in ("Start", "End")) for ring in RINGS]
    spans = [end - start for start, end in hours]
    assert spans == sorted(set(spans))
    assert spans[-1] <= 18


def test_the_page_tells_the_days_and_hours_of_each_ring(written: list[Written]):
    told = {
        ring: re.findall(r"\d+", cells) for ring, cells in re.findall(r"^\| (\w+) \| (\d+ .*)\|$", PAGE, re.MULTILINE)
    }
    hours = ("ActiveHoursStart", "ActiveHoursEnd")
    held = {ring: [str(update_policies(written, ring)[name]) for name in (*MONTHLY, *YEARLY, *hours)] for ring in RINGS}
    assert told == held


@pytest.mark.parametrize("names", [("QU", MONTHLY), ("FU", YEARLY)], ids=["monthly", "yearly"])
def test_deadlines_are_switched_on_by_the_names_of_old_and_new_releases(
    written: list[Written], names: tuple[str, tuple[str, ...]]
):
    """The policy template (WindowsUpdate.admx) has one switch in older releases, one per kind of update in newer."""
    kind, values = names
    for ring in RINGS:
        policies = update_policies(written, ring)
        assert policies["SetComplianceDeadline"] == policies[f"SetComplianceDeadlineFor{kind}"] == 1
        assert set(values) <= policies.keys()


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


def test_the_wireless_network_trusts_the_root_that_is_handed_out(repository: Repository):
    settings = host_settings(repository, "alblasserdam")
    assert settings["wifi_profile"]["root_thumbprints"] == [settings["certificate_internal_root"]["thumbprint"]]
