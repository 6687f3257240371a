# ruff: noqa: E501 - settings and problems are quoted whole
"""`absent` and `ignore`: a later layer has an object be gone, or leaves it as it is."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, KEY, PAPENDRECHT, VDI_HOST, WORKSTATION, got, resolved, value, wire

from werkplek.policy.loader import build_repository

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

GONE = "- id: x\n  absent: not used here\n"
LEFT = "- id: x\n  ignore: people choose\n"
A_KEY = r"registry: {path: 'HKLM:\SOFTWARE\Werkplek\Key'}"
PRINTER = (
    "- id: printer\n  title: A printer\n  for_each: municipality.printers\n"
    "  registry: {path: 'HKCU:\\Printers', subkey: {from: item.connection_key}, name: Server, type: string, data: {from: item.unc_server}}\n"
)


def entry(kind: str) -> str:
    return f"- id: x\n  title: X\n  {kind}\n"


def test_a_value_is_gone_in_that_municipality_alone(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: GONE})
    gone = {"id": "x", "kind": "registry", "path": r"HKLM:\SOFTWARE\A", "name": "x", "state": "absent"}
    assert got(files, "x") == gone
    assert got(files, "x", workplace_class="vdi_host") == gone
    assert got(files, "x", "zwijndrecht")["data"] == 1


def test_what_is_ignored_is_not_sent(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: LEFT})
    assert [item["id"] for item in wire(resolved(files))] == ["screen_lock"]
    assert got(files, "x", "zwijndrecht")["data"] == 1
    policy = resolved(files)
    assert [loser.source for loser in policy.losers["x"]] == [f"{BASELINE}:1"]
    assert [(one.source.source, one.text) for one in policy.winners if one.source.id == "x"] == [
        (f"{PAPENDRECHT}:1", "")
    ]


@pytest.mark.parametrize("kind", ["service: {name: Fax, start: manual}", r"registry: {path: 'HKLM:\SOFTWARE\X'}"])
def test_what_cannot_be_gone_can_be_left(kind: str, sources: SourcesOf):
    assert [item["id"] for item in wire(resolved(sources({BASELINE: entry(kind), PAPENDRECHT: LEFT})))] == [
        "screen_lock"
    ]


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        (A_KEY, {"path": r"HKLM:\SOFTWARE\Werkplek\Key", "state": "absent"}),
        (A_KEY.replace("}", ", list: [a]}"), {"path": r"HKLM:\SOFTWARE\Werkplek\Key", "state": "absent"}),
        (A_KEY.replace("}", ", subkey: Sub}"), {"path": r"HKLM:\SOFTWARE\Werkplek\Key\Sub", "state": "absent"}),
        (A_KEY.replace("}", ", name: '', type: none}"), {"path": r"HKLM:\SOFTWARE\Werkplek\Key", "name": "", "state": "absent"}),
        (A_KEY.replace("}", ", name: N, state: absent}"), {"path": r"HKLM:\SOFTWARE\Werkplek\Key", "name": "N", "state": "absent"}),
    ],
)  # fmt: skip
def test_what_is_gone_is_what_the_setting_was_about(kind: str, gone: dict[str, str], sources: SourcesOf):
    files = sources({BASELINE: entry(kind), PAPENDRECHT: GONE})
    assert got(files, "x") == {"id": "x", "kind": "registry", **gone}


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("package: {name: vlc, version: 3.0.21}", '{"id":"x","kind":"package","name":"vlc","state":"absent"}'),
        ("feature: {name: TelnetClient}", '{"id":"x","kind":"feature","name":"TelnetClient","state":"absent"}'),
        (
            "scheduled_task: {name: T, path: '\\W', account: users, run: {path: 'C:\\t.exe'}, triggers: [{type: boot}]}",
            r'{"id":"x","kind":"scheduled_task","name":"T","path":"\\W","state":"absent"}',
        ),
    ],
)
def test_software_can_be_gone(kind: str, gone: str, sources: SourcesOf):
    policy = resolved(sources({BASELINE: entry(kind), PAPENDRECHT: GONE}))
    assert policy.pieces["windows_modules"] == ('{"schema":1,"settings":[' + gone + "]}",)


def test_each_item_of_for_each_is_gone(sources: SourcesOf):
    files = sources({BASELINE: PRINTER, PAPENDRECHT: "- id: printer\n  absent: printing is elsewhere\n"})
    found = [item for item in wire(resolved(files)) if item["id"].startswith("printer")]
    assert [(item["id"], item["path"], item["state"], "data" in item) for item in found] == [
        ("printer[balie-01]", r"HKCU:\Printers\,,print.papendrecht.nl,papendrecht-BALIE", "absent", False),
        ("printer[hal-02]", r"HKCU:\Printers\,,print.papendrecht.nl,papendrecht-HAL", "absent", False),
    ]


def test_each_item_of_for_each_is_left(sources: SourcesOf):
    files = sources({BASELINE: PRINTER, PAPENDRECHT: "- id: printer\n  ignore: people choose\n"})
    assert [item["id"] for item in wire(resolved(files))] == ["screen_lock"]


OTHER = value("x", 2, "  overrides: this town's\n")


@pytest.mark.parametrize(
    ("of_class", "of_town", "found"),
    [
        (GONE, OTHER, "data 2"),
        (LEFT, OTHER, "data 2"),
        (GONE, LEFT, None),
        (LEFT, GONE, "absent"),
        (GONE, GONE, "absent"),
        (value("x", 3, "  overrides: this class's\n"), GONE, "absent"),
        (value("x", 3, "  overrides: this class's\n"), LEFT, None),
    ],
)
def test_the_last_layer_has_the_last_word(of_class: str, of_town: str, found: str | None, sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WORKSTATION: of_class, PAPENDRECHT: of_town})
    item = got(files, "x")
    assert found == (item and ("absent" if item["state"] == "absent" else f"data {item['data']}"))


def test_a_town_sets_again_what_its_class_leaves(sources: SourcesOf):
    files = sources({BASELINE: value("x", 1), WORKSTATION: LEFT, PAPENDRECHT: OTHER})
    assert got(files, "x")["data"] == 2
    assert got(files, "x", workplace_class="vdi_host")["data"] == 2
    assert got(files, "x", "zwijndrecht") is None
    assert got(files, "x", "zwijndrecht", workplace_class="vdi_host")["data"] == 1


def test_what_one_class_alone_has_is_gone_in_that_class_alone(sources: SourcesOf):
    files = sources({VDI_HOST: value("x", 1), PAPENDRECHT: GONE})
    assert got(files, "x", workplace_class="vdi_host")["state"] == "absent"
    assert got(files, "x") is None
    assert got(files, "x", "zwijndrecht", workplace_class="vdi_host")["data"] == 1


def test_they_hold_where_their_own_scope_does(sources: SourcesOf):
    files = {BASELINE: value("x", 1, "  on: {ring: [canary, pilot]}\n"), PAPENDRECHT: GONE + "  on: {ring: pilot}\n"}
    assert got(sources(files), "x", ring="canary")["data"] == 1
    assert got(sources(files), "x", ring="pilot")["state"] == "absent"
    assert got(sources(files), "x") is None
    files[PAPENDRECHT] = GONE  # as with overrides, the scope is the entry's own: everywhere
    assert got(sources(files), "x")["state"] == "absent"
    files[PAPENDRECHT] = LEFT + "  on: {ring: pilot}\n"
    assert [got(sources(files), "x", ring=ring) is None for ring in ("canary", "pilot", "broad")] == [False, True, True]


def test_what_is_gone_or_left_needs_no_value(sources: SourcesOf, problems_of: ProblemsOf):
    wifi = {BASELINE: value("x", "{from: municipality.network.wifi_profile}"), WORKSTATION: LEFT, VDI_HOST: GONE}
    assert got(sources(wifi), "x") is None
    assert got(sources(wifi), "x", workplace_class="vdi_host")["state"] == "absent"
    wifi[WORKSTATION] += "  on: {ring: canary}\n"
    assert problems_of(wifi)[0].startswith(f"{BASELINE}:3:13: found {{from: municipality.network.wifi_profile}}, which")


def test_an_own_setting_takes_the_place_of_what_is_ignored(sources: SourcesOf):
    other = value("y", 2).replace("name: y", "name: x")
    files = sources({BASELINE: value("x", 1), PAPENDRECHT: LEFT + other})
    assert [(item["id"], item["data"]) for item in wire(resolved(files))[1:]] == [("y", 2)]


def test_the_result_keeps_title_and_controls_of_the_earlier_setting(sources: SourcesOf):
    more = "  controls: [BIO2:5.17.03]\n  note: minutes\n"
    files = sources({BASELINE: value("x", 1, more), WORKSTATION: GONE, PAPENDRECHT: LEFT + "  note: since May\n"})
    gone, left = build_repository(files).taking["workstation", "papendrecht"][2:]
    assert [(one.head.title, one.head.controls, one.head.note) for one in (gone, left)] == [
        ("A value", ("BIO2:5.17.03",), "minutes"),
        ("A value", ("BIO2:5.17.03",), "since May"),
    ]


# name: (baseline, the municipality's layer, problems after its file's name)
REFUSED = {
    "nothing earlier": (
        value("y", 1), GONE,
        ["2:11: found absent, where no earlier layer sets 'x'; expected the id of an earlier layer's setting. Leave the entry out."],
    ),
    "nothing earlier to ignore": (
        value("y", 1), LEFT,
        ["2:11: found ignore, where no earlier layer sets 'x'; expected the id of an earlier layer's setting. Leave the entry out."],
    ),
    "both": (
        value("x", 1), GONE + "  ignore: people choose\n",
        ["3:11: found ignore beside absent; expected one of both: the object is gone, or left as it is"],
    ),
    "no reason": (
        value("x", 1), "- id: x\n  absent: ''\n- id: screen_lock\n  ignore:\n",
        [
            "2:11: found ''; expected one line of text without spaces around it",
            "4:10: found nothing; expected text",
        ],
    ),
    "true for a reason": (
        value("x", 1), "- id: x\n  absent: true\n",
        ["2:11: found true; expected text"],
    ),
    "a kind of its own": (
        value("x", 1), GONE + "  service: {name: Fax, start: disabled}\n",
        ["3:3: found the unknown key 'service'; expected one of: absent, id, ignore, not_applicable_because, note, on"],
    ),
    "overrides": (
        value("x", 1), GONE + "  overrides: a reason\n",
        ["3:3: found the unknown key 'overrides'; expected one of: absent, id, ignore, not_applicable_because, note, on"],
    ),
    "not applicable, of absent": (
        value("x", 1), GONE + "  not_applicable_because: no such thing\n",
        ["3:27: found not_applicable_because beside absent; expected it beside ignore only"],
    ),
    "twice in a layer": (
        value("x", 1), GONE + LEFT,
        [f"3:7: found the id 'x' again (first at {PAPENDRECHT}:1); expected each id once in layer municipality/papendrecht"],
    ),
    "for another family": (
        value("x", 1), GONE + "  on: {platform: linux}\n",
        ["3:18: found platform 'linux'; expected windows or a platform of it: registry is for windows"],
    ),
    "ignore for another family": (
        value("x", 1), LEFT + "  on: {platform: linux}\n",
        ["3:18: found platform 'linux'; expected windows or a platform of it: registry is for windows"],
    ),
    "too shallow a key": (
        entry(r"registry: {path: 'HKLM:\SOFTWARE\X'}"), GONE,
        [f"2:11: found 'HKLM:\\SOFTWARE\\X' (of {BASELINE}:1, to be absent); expected a path at least 3 keys deep where the whole key is to go"],
    ),
    **{
        f"a {kind}": (
            entry(f"{kind}: {{{fields}}}"), GONE,
            [
                f"2:11: found absent, of a setting of kind {kind} ({BASELINE}:1); expected a kind of which the object can be gone. "
                "Say ignore: <reason>, or set another value with overrides: <reason>."
            ],
        )
        for kind, fields in {
            "service": "name: Fax, start: manual",
            "user_right": "right: SeTcbPrivilege, members: []",
            "security_option": "name: EnableGuestAccount, data: 0",
            "account_policy": "name: LockoutBadCount, data: 5",
            "audit": "subcategory: '{0cce9217-69ae-11d9-bed3-505054503030}', name: A, events: []",
            "local_group": "group: G, members: [a], mode: include",
        }.items()
    },
    "beside another setting of the object": (
        value("x", 1), GONE + "- id: y\n  title: Y\n" + f"  registry: {{{KEY}, name: X, type: dword, data: 2}}\n",
        [
            f"3:3: found 'y', which is about the same object as 'x' ({PAPENDRECHT}:1); expected one setting for each object on a host. "
            "Give them one id and 'overrides', or scopes that cannot meet."
        ],
    ),
    "beside a setting below the key": (
        entry(A_KEY), GONE + value("y", 2).replace(r"SOFTWARE\A", r"SOFTWARE\Werkplek\Key\Sub"),
        [
            f"3:3: found 'y', which is about the same object as 'x' ({PAPENDRECHT}:1); expected one setting for each object on a host. "
            "Give them one id and 'overrides', or scopes that cannot meet."
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str, problems_of: ProblemsOf):
    earlier, later, problems = REFUSED[name]
    assert problems_of({BASELINE: earlier, PAPENDRECHT: later}) == [f"{PAPENDRECHT}:{problem}" for problem in problems]


def test_an_absence_of_a_class_clashes_with_another_setting_of_a_town(problems_of: ProblemsOf):
    own = value("y", 2).replace("name: y", "name: x")
    same = f"{PAPENDRECHT}:1:3: found 'y', which is about the same object as 'x' ({{}}:1); expected one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."
    assert problems_of({BASELINE: value("x", 1), WORKSTATION: GONE, PAPENDRECHT: own}) == [
        same.format(BASELINE),  # of the other class
        same.format(WORKSTATION),
    ]


def test_scopes_that_cannot_meet_keep_an_absence_and_another_setting_apart(sources: SourcesOf):
    own = value("y", 2, "  on: {ring: broad}\n").replace("name: y", "name: x")
    earlier = value("x", 1, "  on: {ring: canary}\n")
    files = sources({BASELINE: earlier, PAPENDRECHT: GONE + "  on: {ring: canary}\n" + own})
    assert got(files, "x", ring="canary")["state"] == "absent"
    assert (got(files, "x"), got(files, "y")["data"]) == (None, 2)


@pytest.mark.parametrize(("said", "text"), [("absent", GONE), ("ignore", LEFT)])
def test_the_first_layer_has_nothing_to_take_away(said: str, text: str, problems_of: ProblemsOf):
    assert problems_of({BASELINE: text}) == [
        f"{BASELINE}:1:3: found 'x' absent or ignored in the first layer; expected a later layer's file. Leave the setting out."
    ]


MEASURE = "  controls: [BIO2:8.01.02, BIO2:5.17.03]\n"


def test_a_government_measure_is_not_ignored_without_saying_why(problems_of: ProblemsOf):
    assert problems_of({BASELINE: value("x", 1, MEASURE), WORKSTATION: LEFT}) == [
        f"{WORKSTATION}:2:11: found 'x' ignored, which evidences the government measure BIO2:8.01.02; "
        "expected not_applicable_because: <why the measure does not apply> (BIO2, chapter 12). Or write a waiver, with an end."
    ]


@pytest.mark.parametrize(
    ("controls", "later", "state"),
    [
        (MEASURE, LEFT + "  not_applicable_because: it has no screen\n", "left"),
        (MEASURE, GONE, "absent"),
        ("  controls: [BIO2:5.17.03]\n", LEFT, "left"),
        ("", LEFT + "  not_applicable_because: it has no screen\n", "left"),
    ],
)
def test_other_settings_and_measures_that_do_not_apply_are(controls: str, later: str, state: str, sources: SourcesOf):
    found = got(sources({BASELINE: value("x", 1, controls), WORKSTATION: later}), "x")
    assert (found["state"] if found else "left") == state
