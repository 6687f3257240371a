# ruff: noqa: E501 - settings and problems are quoted whole
"""What a waiver does to a host: which one, on which days, in the request, in the row's words and in the digest."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from policy_asking import (
    BASELINE,
    DURING,
    PAPENDRECHT,
    VDI_HOST,
    WAIVERS,
    WORKSTATION,
    combination,
    resolved,
    value,
    waiver,
    wire,
)
from policy_samples import a_municipality

from werkplek.errors import WerkplekError
from werkplek.policy.compiled import PolicyStore, open_store
from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination, HostFacts
from werkplek.policy.resolver import resolve

type SourcesOf = Callable[..., dict[str, bytes]]


SAYS = "waiver w until 2026-11-30, approved by B. Approver: The scanner of the town hall stops"
ENDED = "its waiver w ended on 2026-11-30"
ON_A_DAY = [
    ("", ""),
    ("2026-08-31", ""),
    ("2026-09-01", SAYS),
    (DURING, SAYS),
    ("2026-11-30", SAYS),
    ("2026-12-01", ENDED),
    ("2027-11-30", ENDED),
]
PRINTER = (
    "- id: printer\n  title: A printer\n  for_each: municipality.printers\n"
    "  registry: {path: 'HKCU:\\Printers', subkey: {from: item.connection_key}, name: Server, type: string, data: {from: item.unc_server}}\n"
)


def remarks(sources: dict[str, bytes], today: str = DURING, host: str = "", **facts: object) -> dict[str, str]:
    """What is said of each setting that a host is asked for, with a mark on what it is only to read."""
    policy = resolved(sources, today=today, host=host, **facts)
    read_only = {item["id"]: "observe" in item for item in wire(policy)}
    assert all(item.get("observe", "waived") == "waived" for item in wire(policy))
    said = {setting.id: setting.remark for setting in policy.sources["windows_policy"]}
    assert said.keys() == read_only.keys()
    assert {name for name, remark in said.items() if remark.startswith("waiver ")} == {
        name for name in said if read_only[name]
    }
    return said


@pytest.mark.parametrize(("today", "remark"), ON_A_DAY)
def test_a_waiver_holds_from_its_first_day_to_its_last_and_says_so_after(today: str, remark: str, sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver()})
    assert remarks(files, today) == {"x": remark, "screen_lock": ""}


def test_what_is_waived_is_read_as_it_should_be_and_left(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver()})
    plain, waived = (
        next(item for item in wire(resolved(files, today=day)) if item["id"] == "x") for day in ("", DURING)
    )
    assert waived == {**plain, "observe": "waived"}


def test_a_request_with_a_waiver_is_canonical_json_too(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver()})
    request = resolved(files, today=DURING).for_host({}).engines["windows_policy"].request()
    assert request == json.dumps(json.loads(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_without_a_day_no_waiver_counts(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver()})
    part = build_repository(files).parts["workstation", "papendrecht"]
    assert [winner.source.remark for winner in resolve(part, combination()).winners] == ["", ""]


@pytest.mark.parametrize(
    ("scope", "facts", "holds"),
    [
        ("", {}, True),
        ("", {"municipality": "zwijndrecht"}, False),
        ("class: workstation", {}, True),
        ("class: workstation", {"workplace_class": "vdi_host"}, False),
        ("class: [vdi_host, network]", {}, False),
        ("ring: [canary, broad]", {}, True),
        ("ring: canary", {}, False),
        ("site: stadhuis", {}, True),
        ("site: stadhuis", {"site": ""}, False),
        ("platform: windows", {}, True),
        ("platform: windows-11", {}, True),
        ("platform: windows-11", {"platform_lineage": ("windows-11-ltsc", "windows-11", "windows")}, True),
        ("platform: windows-server-2025", {}, False),
        ("ring: broad, site: elders", {}, False),
        ("host: WS-1", {"host": "WS-1"}, True),
        ("host: [WS-2, WS-1]", {"host": "WS-1"}, True),
        ("host: WS-1", {"host": "WS-10"}, False),
        ("host: WS-1", {"host": "ws-1"}, False),
        ("host: WS-1", {}, False),
        ("host: WS-1, ring: canary", {"host": "WS-1"}, False),
    ],
)
def test_all_that_a_scope_gives_must_hold(scope: str, facts: dict[str, str], holds: bool, sources: SourcesOf):
    where = ", ".join(filter(None, ("municipality: papendrecht", scope)))
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver(scope=where)})
    assert remarks(files, **facts)["x"] == (SAYS if holds else "")


def test_a_waiver_of_several_settings_leaves_the_others(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1) + value("y", 1) + value("z", 1), WAIVERS: waiver(settings="[x, z]")})
    assert remarks(files) == {"x": SAYS, "y": "", "z": SAYS, "screen_lock": ""}
    candidates = build_repository(files).parts["workstation", "papendrecht"].candidates
    assert [one.source.id for one in candidates if one.waived] == ["x", "z"], "no other text is kept twice"


def test_a_waiver_of_for_each_is_of_every_item(sources: SourcesOf):
    files = sources({WORKSTATION: PRINTER, WAIVERS: waiver(settings="[printer]")})
    assert remarks(files) == {"screen_lock": "", "printer[balie-01]": SAYS, "printer[hal-02]": SAYS}
    assert remarks(files, "2026-12-01") == {"screen_lock": "", "printer[balie-01]": ENDED, "printer[hal-02]": ENDED}


LATER = waiver("longer", approved="2026-10-01", until="2026-12-31", reason="Also", approver="C. Chief")
LONGER = "waiver longer until 2026-12-31, approved by C. Chief: Also"


@pytest.mark.parametrize("text", [waiver() + LATER, LATER + waiver()])
@pytest.mark.parametrize(
    ("today", "remark"),
    [
        ("2026-09-30", SAYS),
        ("2026-10-01", LONGER),
        ("2026-12-31", LONGER),
        ("2027-01-01", "its waiver longer ended on 2026-12-31"),
    ],
)
def test_of_two_waivers_that_have_begun_the_one_that_ends_last_is_named(
    text: str, today: str, remark: str, sources: SourcesOf
):
    files = sources({BASELINE: value("x", 1), WAIVERS: text})
    assert remarks(files, today)["x"] == remark


def test_of_two_waivers_that_end_on_one_day_the_first_in_the_file_is_named(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver() + waiver("other")})
    assert (remarks(files)["x"], remarks(files, "2026-12-01")["x"]) == (SAYS, ENDED)


def test_of_two_waivers_only_those_for_the_host_count(sources: SourcesOf):
    text = waiver() + waiver("longer", scope="municipality: papendrecht, host: WS-1", until="2026-12-31")
    files = sources({BASELINE: value("x", 1), WAIVERS: text})
    assert remarks(files, host="WS-2")["x"] == SAYS
    assert remarks(files, host="WS-1")["x"].startswith("waiver longer until 2026-12-31")
    assert remarks(files, "2026-12-01", "WS-2")["x"] == ENDED


def test_a_waiver_is_of_what_won(sources: SourcesOf):
    files = {
        BASELINE: value("x", 1),
        PAPENDRECHT: value("x", 2, "  overrides: this town's\n  on: {ring: canary}\n"),
        WAIVERS: waiver(),
    }
    for ring, data in (("canary", 2), ("broad", 1)):
        item = next(item for item in wire(resolved(sources(files), today=DURING, ring=ring)) if item["id"] == "x")
        assert (item["data"], item["observe"]) == (data, "waived")


def test_what_is_ignored_on_some_hosts_is_not_sent_to_them_for_a_waiver(sources: SourcesOf):
    ignored = "- id: x\n  ignore: people choose\n  on: {ring: canary}\n"
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: ignored, WAIVERS: waiver()})
    assert remarks(files, ring="canary") == {"screen_lock": ""}
    assert [one.source.remark for one in resolved(files, today=DURING, ring="canary").winners] == ["", ""]
    assert remarks(files) == {"x": SAYS, "screen_lock": ""}
    assert remarks(files, "2026-12-01", ring="canary") == {"screen_lock": ""}


def test_what_must_be_absent_can_be_waived(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: "- id: x\n  absent: not here\n", WAIVERS: waiver()})
    item = next(item for item in wire(resolved(files, today=DURING)) if item["id"] == "x")
    assert (item["state"], item["observe"]) == ("absent", "waived")


def test_a_waived_value_of_the_hosts_own_record_is_still_its_own(sources: SourcesOf):
    files = sources({BASELINE: value("x", "{from: registry.serial}"), WAIVERS: waiver()})
    item = wire(resolved(files, today=DURING), serial="S1")[-1]
    assert (item["data"], item["observe"]) == ("S1", "waived")


def test_the_digest_moves_when_a_waiver_begins_and_when_it_ends_and_not_in_between(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver()})
    repository = build_repository(files)
    part = repository.parts["workstation", "papendrecht"]
    days = [(date(2026, 8, 20) + timedelta(days=number)).isoformat() for number in range(120)]
    digests = [resolve(part, combination(), day).for_host({}).digest for day in days]
    moved = [day for day, before, after in zip(days[1:], digests, digests[1:], strict=False) if before != after]
    assert moved == ["2026-09-01", "2026-12-01"]
    assert digests[0] == digests[-1], "what is enforced again is what was enforced before"


def test_words_of_a_waiver_do_not_move_the_digest(sources: SourcesOf):
    def digest(text: str) -> str:
        return resolved(sources({BASELINE: value("x", 1), WAIVERS: text}), today=DURING).for_host({}).digest

    assert digest(waiver()) == digest(waiver("other", reason="Something else", until="2026-12-31", approver="C. Chief"))


def test_a_waiver_of_one_host_moves_no_other_hosts_digest(sources: SourcesOf):
    plain = sources({BASELINE: value("x", 1)})
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver(scope="municipality: papendrecht, host: WS-1")})
    digests = {host: resolved(files, today=DURING, host=host).for_host({}).digest for host in ("", "WS-1", "WS-2")}
    assert digests[""] == digests["WS-2"] == resolved(plain).for_host({}).digest != digests["WS-1"]


@pytest.fixture
def stored(tmp_path: Path, sources: SourcesOf) -> Callable[..., PolicyStore]:
    """Opens the compiled form of a repository with these files."""

    def opened(files: dict[str, str], today: str) -> PolicyStore:
        for name, content in sources(files).items():
            (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "root" / name).write_bytes(content)
        return open_store(tmp_path / "root", tmp_path / "cache", today)

    return opened


ALL = {
    BASELINE: value("x", 1) + value("y", "{from: registry.serial}"),
    WORKSTATION: PRINTER,
    VDI_HOST: "[]\n",
    PAPENDRECHT: "- id: y\n  ignore: people choose\n  on: {ring: pilot}\n",
    WAIVERS: waiver(settings="[x, y, printer]", scope="municipality: papendrecht, ring: [broad, pilot]")
    + waiver("host", "[x]", "municipality: papendrecht, host: [WS-1, WS-2], class: workstation", until="2027-01-31"),
}


@pytest.mark.parametrize("today", [day for day, _ in ON_A_DAY if day])
def test_the_compiled_policy_knows_all_of_it(today: str, stored: Callable[..., PolicyStore], sources: SourcesOf):
    parts = build_repository(sources(ALL)).parts
    store = stored(ALL, today)
    for (workplace_class, municipality), part in parts.items():
        for ring in ("canary", "pilot", "broad"):
            for host in ("WS-1", "WS-3"):
                asked = combination(municipality, workplace_class=workplace_class, ring=ring)
                expected = resolve(part, asked, today, host)
                assert store.combine(asked, host) == expected
                record = {"name": host, "serial": "S1"}
                assert store.resolve(facts(asked, record)) == expected.for_host(record)


def facts(asked: Combination, record: dict[str, object]) -> HostFacts:
    return HostFacts(asked.workplace_class, asked.platform_lineage, asked.municipality, asked.ring, asked.site, record)


def test_a_part_comes_out_of_the_compiled_file_as_it_went_in(stored: Callable[..., PolicyStore], sources: SourcesOf):
    store = stored(ALL, DURING)
    for group, part in build_repository(sources(ALL)).parts.items():
        assert store._part(combination(group[1], workplace_class=group[0])) == part


def test_hosts_that_no_waiver_names_share_one_policy(stored: Callable[..., PolicyStore]):
    store = stored(ALL, DURING)
    one, other, named = (store.combine(combination(ring="canary"), host) for host in ("WS-3", "WS-4", "WS-1"))
    assert one is other
    assert one is not named
    assert store.combine(combination(ring="canary"), "WS-1") is named


def test_a_host_without_a_name_is_none_of_those_that_are_named(stored: Callable[..., PolicyStore]):
    store = stored({**ALL, WAIVERS: waiver(scope="municipality: papendrecht, host: None")}, DURING)
    said = store.resolve(facts(combination(), {"name": None, "serial": "S1"})).engines["windows_policy"].settings
    assert [setting.remark for setting in said if setting.id == "x"] == [""]


def test_a_store_counts_waivers_and_budgets_on_its_own_day(stored: Callable[..., PolicyStore]):
    document = {"municipalities/papendrecht.yml": a_municipality("papendrecht") + "waiver_budget: 1\n"}
    with pytest.raises(WerkplekError, match="found 2 waivers that have not ended: w, host; expected at most 1"):
        stored({**ALL, **document}, "2026-11-30")
    assert stored({**ALL, **document}, "2026-12-01").today == "2026-12-01"


def test_the_day_is_todays_in_utc_unless_given(stored: Callable[..., PolicyStore]):
    before = datetime.now(UTC).date().isoformat()
    day = stored({BASELINE: value("x", 1)}, "").today
    assert before <= day <= datetime.now(UTC).date().isoformat()
