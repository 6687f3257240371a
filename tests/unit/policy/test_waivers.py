# ruff: noqa: E501 - settings and problems are quoted whole
"""policies/waivers.yml: what a waiver must say, of what it may be, how long it may last, and how many there may be."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, PAPENDRECHT, VDI_HOST, WAIVERS, WORKSTATION, value, waiver
from policy_samples import a_municipality

from werkplek.errors import WerkplekError
from werkplek.policy.loader import build_repository

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

MEASURE = "  controls: [BIO2:5.17.03, BIO2:8.01.02]\n"


def test_a_waiver_is_read_with_all_that_it_says(sources: SourcesOf):
    text = waiver(
        scope="municipality: [papendrecht, zwijndrecht], class: workstation, ring: canary, site: stadhuis, host: [WS-1, WS-2]"
    )
    repository = build_repository(sources({BASELINE: value("x", 1), WAIVERS: text}))
    head = repository.waivers[0].head
    assert (head.scope.municipality, head.scope.host) == (("papendrecht", "zwijndrecht"), ("WS-1", "WS-2"))
    (compiled,) = repository.parts["workstation", "zwijndrecht"].waivers
    assert tuple(compiled) == (
        *("w", ("x",), (), ("canary",), ("stadhuis",), ("WS-1", "WS-2"), "2026-09-01", "2026-11-30"),
        *("The scanner of the town hall stops", "A. Author", "B. Approver"),
    )
    assert repository.parts["vdi_host", "zwijndrecht"].waivers == ()


def test_waivers_stay_in_the_order_of_the_file(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver("b") + waiver("c") + waiver("a")})
    assert [one.id for one in build_repository(files).parts["workstation", "papendrecht"].waivers] == ["b", "c", "a"]


# name: (waivers, problems after the file's name)
MISTAKES = {
    "no list": ("waivers: []\n", ["1:1: found a mapping; expected a list of waivers"]),
    "no mapping": ("- x\n", ["1:3: found 'x'; expected a mapping"]),
    "nothing said": (
        "- id: w\n",
        [f"1:3: found no '{key}'; expected the key '{key}'" for key in ("approved", "approver", "author", "reason", "scope", "settings", "until")],
    ),
    "an unknown key": (
        waiver(reasons="x"),
        ["9:3: found the unknown key 'reasons'; expected one of: approved, approver, author, id, not_applicable_because, reason, scope, settings, until. Did you mean 'reason'?"],
    ),
    "an unknown key of the scope": (
        waiver(scope="municipality: papendrecht, hosts: WS-1"),
        ["3:38: found the unknown key 'hosts'; expected one of: class, host, municipality, platform, ring, site. Did you mean 'host'?"],
    ),
    "a class that is none": (
        waiver(scope="municipality: papendrecht, class: laptop"),
        ["3:45: found 'laptop'; expected one of: workstation, vdi_host, network"],
    ),
    "no municipality": (waiver(scope="ring: canary"), ["3:10: found no 'municipality'; expected the key 'municipality'"]),
    "municipalities that are none": (waiver(scope="municipality: []"), ["3:25: found an empty list; expected at least one municipality"]),
    "a municipality twice": (
        waiver(scope="municipality: [papendrecht, papendrecht]"),
        ["3:39: found 'papendrecht' again; expected each municipality once"],
    ),
    "hosts that are none": (waiver(scope="municipality: papendrecht, host: []"), ["3:44: found an empty list; expected at least one host"]),
    "no settings": (waiver(settings="[]"), ["2:13: found an empty list; expected at least one setting"]),
    "settings without a list": (waiver(settings="x"), ["2:13: found 'x'; expected a list"]),
    "a setting twice": (waiver(settings="[x, x]"), ["2:17: found 'x' again; expected each setting once"]),
    "one instance": (
        waiver(settings="['printer[balie-01]']"),
        ["2:14: found 'printer[balie-01]'; expected small letters, digits and '_', a letter first"],
    ),
    "an id twice": (waiver() + waiver(), [f"9:7: found the id 'w' again (first at {WAIVERS}:1); expected each id once"]),
    "the author approves": (
        waiver(approver="a. AUTHOR"),
        ["6:13: found 'a. AUTHOR', who is its author; expected somebody other than the author"],
    ),
    "no dates": (
        waiver(approved="1 September", until="2026-11-31"),
        ["7:13: found '1 September'; expected a date like 2026-12-31", "8:10: found '2026-11-31'; expected a date like 2026-12-31"],
    ),
    "a week for a date": (waiver(until="2026-W48-1"), ["8:10: found '2026-W48-1'; expected a date like 2026-12-31"]),
    "a time": (waiver(until="2026-11-30T12:00:00"), ["8:10: found '2026-11-30T12:00:00'; expected a date like 2026-12-31"]),
    "an end before the start": (waiver(until="2026-08-31"), ["8:10: found 2026-08-31, before it was approved; expected a day from 2026-09-01 on"]),
    "longer than a year": (
        waiver(until="2027-09-02"),
        ["8:10: found 2027-09-02, more than a year after it was approved; expected a day up to 2027-09-01. Have it approved anew when it ends, or set the value in the municipality's layer."],
    ),
    "longer than a year, from a leap day": (
        waiver(approved="2028-02-29", until="2029-03-01"),
        ["8:10: found 2029-03-01, more than a year after it was approved; expected a day up to 2029-02-28. Have it approved anew when it ends, or set the value in the municipality's layer."],
    ),
    "an unknown municipality": (
        waiver(scope="municipality: papendrect"),
        ["3:25: found the unknown municipality 'papendrect'; expected a document municipalities/papendrect.yml. Did you mean 'papendrecht'?"],
    ),
    "an unknown municipality of several": (
        waiver(scope="municipality: [papendrecht, rotterdam]"),
        ["3:39: found the unknown municipality 'rotterdam'; expected a document municipalities/rotterdam.yml"],
    ),
    "an unknown setting": (
        waiver(settings="[x, screenlock]", scope="municipality: zwijndrecht"),
        ["2:17: found 'screenlock', which is no setting of zwijndrecht; expected a setting's id. Did you mean 'screen_lock'?"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(name: str, problems_of: ProblemsOf):
    text, problems = MISTAKES[name]
    assert problems_of({BASELINE: value("x", 1), WAIVERS: text}) == [f"{WAIVERS}:{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("approved", "until"),
    [("2026-09-01", "2027-09-01"), ("2026-09-01", "2026-09-01"), ("2027-03-01", "2028-03-01"), ("2028-02-29", "2029-02-28")],
)  # fmt: skip
def test_a_day_to_a_year(approved: str, until: str, sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WAIVERS: waiver(approved=approved, until=until)})
    assert len(build_repository(files).waivers) == 1


def test_no_waiver_is_a_list_too(sources: SourcesOf, problems_of: ProblemsOf):
    assert build_repository(sources({WAIVERS: "[]\n"})).waivers == []
    assert problems_of({WAIVERS: ""}) == [f"{WAIVERS}:1:1: found an empty file; expected one YAML document"]


def test_the_file_has_one_place(problems_of: ProblemsOf):
    assert problems_of({"policies/municipality/papendrecht/waivers.yml": "[]\n", "policies/waivers.yaml": "[]\n"}) == [
        "policies/municipality/papendrecht/waivers.yml: found a file that is not read; expected policies/municipality/<slug>.yml",
        "policies/waivers.yaml: found a file outside the layers; expected a folder below policies: baseline, workstation, vdi_host, network, municipality",
    ]


BOTH = "municipality: [papendrecht, zwijndrecht]"


@pytest.mark.parametrize(
    ("layer", "scope", "problem"),
    [
        (PAPENDRECHT, BOTH, "'x', which is no setting of zwijndrecht; expected a setting's id"),
        (WORKSTATION, BOTH + ", class: vdi_host", "'x', which is no setting of class vdi_host of {}; expected a setting's id"),
        (VDI_HOST, BOTH + ", class: [workstation, network]", "'x', which is no setting of class workstation, network of {}; expected a setting's id"),
    ],
)  # fmt: skip
def test_each_municipality_that_is_named_has_the_setting(layer: str, scope: str, problem: str, problems_of: ProblemsOf):
    found = problems_of({layer: value("x", 1), WAIVERS: waiver(scope=scope)})
    names = ("papendrecht", "zwijndrecht") if "{}" in problem else ("",)
    assert found == [f"{WAIVERS}:2:14: found {problem.format(name)}" for name in names]


def test_what_a_class_has_is_waived_in_that_class(sources: SourcesOf):
    for layer, scope in (
        (VDI_HOST, BOTH),
        (WORKSTATION, BOTH),
        (WORKSTATION, BOTH + ", class: [workstation, network]"),
    ):
        assert build_repository(sources({layer: value("x", 1), WAIVERS: waiver(scope=scope)}))


def test_what_is_ignored_anyway_is_not_waived(problems_of: ProblemsOf, sources: SourcesOf):
    files = {BASELINE: value("x", 1), PAPENDRECHT: "- id: x\n  ignore: people choose\n", WAIVERS: waiver(scope=BOTH)}
    assert problems_of(files) == [
        f"{WAIVERS}:2:14: found 'x', which {PAPENDRECHT}:1 has papendrecht ignore; expected a setting that is enforced there"
    ]
    files[PAPENDRECHT] += "  on: {ring: canary}\n"
    assert build_repository(sources(files)), "other rings still have it"


@pytest.mark.parametrize(
    "later",
    [value("x", 2, "  overrides: this town's\n"), "- id: x\n  absent: not here\n"],
)
def test_what_replaced_a_setting_is_waived_in_its_place(later: str, sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: later, WAIVERS: waiver()})
    earlier, _, here = build_repository(files).parts["workstation", "papendrecht"].candidates
    assert (earlier.text, earlier.waived) == ("", "")
    assert here.waived == here.text.replace('"name":"x"', '"name":"x","observe":"waived"')


@pytest.mark.parametrize(
    ("on", "scope", "meets"),
    [
        ("{ring: canary}", "ring: canary", True),
        ("{ring: canary}", "ring: [pilot, broad]", False),
        ("{site: [a, b]}", "site: b", True),
        ("{site: a}", "site: b", False),
        ("{site: a}", "ring: canary", True),
        ("{platform: windows-11}", "platform: windows", True),
    ],
)
def test_a_waiver_and_its_setting_can_meet(
    on: str, scope: str, meets: bool, sources: SourcesOf, problems_of: ProblemsOf
):
    files = {BASELINE: value("x", 1, f"  on: {on}\n"), WAIVERS: waiver(scope=f"municipality: papendrecht, {scope}")}
    if meets:
        assert build_repository(sources(files)).waivers
        return
    assert problems_of(files) == [
        f"{WAIVERS}:2:14: found 'x', which is for no host of papendrecht in the waiver's scope; expected a scope that meets the setting's"
    ]


def test_a_government_measure_is_waived_where_it_does_not_apply(problems_of: ProblemsOf, sources: SourcesOf):
    files = {BASELINE: value("x", 1, MEASURE) + value("y", 1), WAIVERS: waiver(settings="[y, x]", scope=BOTH)}
    assert problems_of(files) == [
        f"{WAIVERS}:2:17: found a waiver of 'x', which evidences the government measure BIO2:8.01.02; "
        "expected not_applicable_because: <why the measure does not apply> (BIO2, chapter 12)"
    ]
    files[WAIVERS] = waiver(settings="[y, x]", scope=BOTH, not_applicable_because="It has no screen")
    assert build_repository(sources(files)).waivers


def test_a_measure_of_any_layer_counts(problems_of: ProblemsOf):
    files = {
        BASELINE: value("x", 1, MEASURE),
        PAPENDRECHT: value("x", 2, "  overrides: this town's\n"),
        WAIVERS: waiver(),
    }
    assert [problem.partition("; ")[0] for problem in problems_of(files)] == [
        f"{WAIVERS}:2:14: found a waiver of 'x', which evidences the government measure BIO2:8.01.02"
    ]


def test_a_broken_layer_does_not_make_waivers_look_wrong(problems_of: ProblemsOf):
    files = {BASELINE: value("x", 1).replace("title", "titel"), WAIVERS: waiver()}
    assert {problem.partition(":")[0] for problem in problems_of(files)} == {BASELINE}


DOCUMENT = "municipalities/papendrecht.yml"


def budget(number: object) -> dict[str, str]:
    return {DOCUMENT: a_municipality("papendrecht") + f"waiver_budget: {number}\n", BASELINE: value("x", 1)}


OPEN = waiver("one") + waiver("later", approved="2026-11-25") + waiver("other", scope="municipality: zwijndrecht")


@pytest.mark.parametrize(
    ("number", "today", "problem"),
    [
        (2, "2026-09-01", ""),
        (1, "2026-12-01", ""),
        (0, "2026-12-01", ""),
        (1, "2026-11-30", "2 waivers that have not ended: one, later; expected at most 1"),
        (0, "2026-08-01", "2 waivers that have not ended: one, later; expected at most 0"),
    ],
)
def test_a_budget_counts_the_waivers_that_have_not_ended(number: int, today: str, problem: str, sources: SourcesOf):
    files = sources({**budget(number), WAIVERS: OPEN})
    if not problem:
        assert build_repository(files, today)
        return
    with pytest.raises(WerkplekError) as caught:
        build_repository(files, today)
    assert [str(found) for found in caught.value.problems] == [
        f"{DOCUMENT}:15:16: found {problem}. End one of them, or have the budget raised."
    ]


def test_a_budget_is_counted_today_unless_a_day_is_given(sources: SourcesOf):
    files = sources({**budget(0), WAIVERS: waiver(approved="2020-01-01", until="2020-12-31")})
    assert build_repository(files)
    with pytest.raises(WerkplekError, match="found 1 waiver that has not ended: w; expected at most 0"):
        build_repository(files, "2020-12-31")


def test_without_a_budget_there_is_no_limit(sources: SourcesOf):
    many = "".join(waiver(f"w{number}") for number in range(30))
    assert len(build_repository(sources({BASELINE: value("x", 1), WAIVERS: many}), "2026-10-01").waivers) == 30


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (-1, "found -1; expected a whole number from 0"),
        ("'3'", "found '3'; expected a whole number"),
        ("true", "found true; expected a whole number"),
        (1.5, "found 1.5; expected a whole number"),
    ],
)
def test_a_budget_is_a_number(number: object, problem: str, problems_of: ProblemsOf):
    assert problems_of(budget(number)) == [f"{DOCUMENT}:15:16: {problem}"]
