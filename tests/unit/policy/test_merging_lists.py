# ruff: noqa: E501 - settings and problems are quoted whole
"""`merges` and `without`: the lists of two layers become one, told apart by item, and only where that can be meant."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, KEY, PAPENDRECHT, VDI_HOST, WORKSTATION, ZWIJNDRECHT, a_list, got, pages, resolved
from pydantic import field_validator

from werkplek.policy.fields import wrong
from werkplek.policy.kinds import KINDS, UserRight
from werkplek.policy.loader import build_repository

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

MERGES = "  merges: more of them\n"


def merging(items: str, without: str = "", more: str = "") -> str:
    """An entry that merges with the list `pages`."""
    taken = f"  without: {without}\n" if without else ""
    return a_list(items, f"{MERGES}{taken}{more}")


def test_items_join_the_earlier_ones_in_that_municipality_alone(sources: SourcesOf):
    files = sources({BASELINE: a_list("[a, b]"), PAPENDRECHT: merging("[d, c]", "[a]")})
    assert pages(files) == ["b", "d", "c"]
    assert pages(files, workplace_class="vdi_host") == ["b", "d", "c"]
    assert pages(files, "zwijndrecht") == ["a", "b"]


def test_the_joined_list_stands_in_the_place_of_the_earlier_one_and_names_the_later_file(sources: SourcesOf):
    files = sources({BASELINE: a_list("[a]") + a_list("[z]", name="z"), PAPENDRECHT: merging("[b]")})
    policy = resolved(files)
    places = [(winner.source.id, winner.source.source, winner.source.layer) for winner in policy.winners]
    assert places[:2] == [
        ("pages", "policies/municipality/papendrecht.yml:1", "municipality/papendrecht"),
        ("z", "policies/baseline/a.yml:4", "baseline"),
    ]
    assert [loser.source for loser in policy.losers["pages"]] == ["policies/baseline/a.yml:1"]


def test_three_layers_join_one_after_another(sources: SourcesOf):
    files = sources({
        BASELINE: a_list("[a, b, c]"),
        WORKSTATION: merging("[d]", "[a]"),
        PAPENDRECHT: merging("[e]", "[b]"),
        ZWIJNDRECHT: merging("[b2]"),
    })  # fmt: skip
    assert pages(files) == ["c", "d", "e"]
    assert pages(files, workplace_class="vdi_host") == ["a", "c", "e"]
    assert pages(files, "zwijndrecht") == ["b", "c", "d", "b2"]


def test_an_item_of_the_class_can_be_taken_away_where_every_class_lists_it(sources: SourcesOf):
    files = {
        BASELINE: a_list("[a]"),
        WORKSTATION: merging("[d]"),
        VDI_HOST: merging("[d, e]"),
        PAPENDRECHT: merging("[]", "[d]"),
    }
    assert pages(sources(files)) == ["a"]
    assert pages(sources(files), workplace_class="vdi_host") == ["a", "e"]


def test_an_item_that_only_one_class_lists_cannot_be_taken_away_for_all(problems_of: ProblemsOf):
    files = {BASELINE: a_list("[a]"), WORKSTATION: merging("[d]"), PAPENDRECHT: merging("[]", "[d]")}
    assert problems_of(files) == [
        f"{PAPENDRECHT}:4:13: found 'd', which {BASELINE}:1 does not list; expected one of its items"
    ]


def test_a_merge_takes_part_where_there_is_a_list(sources: SourcesOf):
    files = sources({WORKSTATION: a_list("[a, a]"), PAPENDRECHT: merging("[b]")})
    assert pages(files) == ["a", "a", "b"]
    assert pages(files, workplace_class="vdi_host") is None


def test_a_later_merge_joins_what_an_override_made(sources: SourcesOf):
    files = sources({
        BASELINE: a_list("[a]"),
        WORKSTATION: a_list("[x]", "  overrides: other ones\n"),
        PAPENDRECHT: merging("[y]"),
    })  # fmt: skip
    assert pages(files) == ["x", "y"]
    assert pages(files, workplace_class="vdi_host") == ["a", "y"]


def test_an_override_ends_what_was_joined(sources: SourcesOf):
    files = sources({
        BASELINE: a_list("[a]"),
        WORKSTATION: merging("[b]"),
        PAPENDRECHT: a_list("[x]", "  overrides: other ones\n"),
    })  # fmt: skip
    assert pages(files) == ["x"]
    assert pages(files, "zwijndrecht") == ["a", "b"]


def test_items_at_other_positions_give_the_same_items(sources: SourcesOf):
    for earlier in ("[a, b, c]", "[c, a, b]", "[b, c, a]"):
        for taken in ("[b, c]", "[c, b]"):
            assert pages(sources({BASELINE: a_list(earlier), PAPENDRECHT: merging("[d]", taken)})) == ["a", "d"]


def test_capitals_do_not_tell_items_apart(sources: SourcesOf):
    assert pages(sources({BASELINE: a_list("[Aa, Bb]"), PAPENDRECHT: merging("[c]", "[aA]")})) == ["Bb", "c"]


PAGES_OF = "{from: municipality.desktop.start_pages}"


def test_a_list_that_is_a_reference_joins_and_is_joined(sources: SourcesOf):
    files = {BASELINE: a_list(PAGES_OF), PAPENDRECHT: merging("[x]", "['https://WWW.papendrecht.nl/']")}
    assert pages(sources(files)) == ["https://intranet.papendrecht.nl/", "x"]
    assert pages(sources(files), "zwijndrecht") == ["https://intranet.zwijndrecht.nl/", "https://www.zwijndrecht.nl/"]
    files = {BASELINE: a_list("[x]"), WORKSTATION: merging(PAGES_OF)}
    assert pages(sources(files)) == ["x", "https://intranet.papendrecht.nl/", "https://www.papendrecht.nl/"]
    assert pages(sources(files), "zwijndrecht")[1] == "https://intranet.zwijndrecht.nl/"


def test_an_item_that_is_a_reference_is_taken_away_by_its_value(sources: SourcesOf):
    files = sources({
        BASELINE: a_list("[x, {from: municipality.desktop.homepage}]"),
        PAPENDRECHT: merging("[y]", "['https://intranet.papendrecht.nl/']"),
    })  # fmt: skip
    assert pages(files) == ["x", "y"]


def test_an_item_of_the_hosts_own_record_stays_its_own(sources: SourcesOf):
    files = sources({BASELINE: a_list("[{from: registry.serial}]"), PAPENDRECHT: merging("[{from: registry.name}]")})
    calls = resolved(files).for_host({"serial": "S1", "name": "WS-1"}).engines
    assert '"list":["S1","WS-1"]' in calls["windows_policy"].request()


def test_a_merge_holds_only_where_its_scope_does(sources: SourcesOf):
    files = sources({BASELINE: a_list("[a]"), PAPENDRECHT: merging("[b]", more="  on: {ring: canary}\n")})
    assert pages(files, ring="canary") == ["a", "b"]
    assert pages(files) == ["a"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{platform: windows}", ""),  # the kind is for that family anyway
        ("{platform: windows}", "{platform: windows-11}"),
        ("{platform: windows-11, ring: broad}", "{platform: windows-11, ring: broad}"),
    ],
)
def test_a_merge_has_the_scope_of_the_earlier_list_or_less(earlier: str, later: str, sources: SourcesOf):
    scopes = (f"  on: {scope}\n" if scope else "" for scope in (earlier, later))
    files = sources({BASELINE: a_list("[a]", next(scopes)), PAPENDRECHT: merging("[b]", more=next(scopes))})
    assert pages(files) == ["a", "b"]


def test_a_merge_of_a_narrower_merge_repeats_its_scope(sources: SourcesOf):
    files = sources({
        BASELINE: a_list("[a]"),
        WORKSTATION: merging("[b]", more="  on: {ring: [canary, pilot]}\n"),
        PAPENDRECHT: merging("[c]", more="  on: {ring: canary}\n"),
    })  # fmt: skip
    assert pages(files, ring="canary") == ["a", "b", "c"]
    assert pages(files, ring="pilot") == ["a", "b"]
    assert pages(files) == ["a"]


@pytest.mark.parametrize(
    ("kind", "earlier", "later", "expected"),
    [
        ("user_right", "right: SeTcbPrivilege, members: [S-1-5-19]", "right: SeTcbPrivilege, members: [S-1-5-20]", ["S-1-5-19", "S-1-5-20"]),
        ("local_group", "group: G, members: [a], mode: include", "group: G, members: [b], mode: include", ["a", "b"]),
        ("registry", KEY + ", name: N, type: multistring, data: [a]", KEY + ", name: N, type: multistring, data: [b], state: present", ["a", "b"]),
    ],
)  # fmt: skip
def test_every_kind_of_list_joins(kind: str, earlier: str, later: str, expected: list[str], sources: SourcesOf):
    entry = "- id: x\n  title: X\n{}  {}: {{{}}}\n"
    files = sources({BASELINE: entry.format("", kind, earlier), PAPENDRECHT: entry.format(MERGES, kind, later)})
    found = got(files, "x")
    assert found["members" if "members" in found else "data"] == expected


EACH = "- id: x\n  title: X\n{}  for_each: municipality.printers\n  registry: {{path: 'HKCU:\\P', subkey: {{from: item.queue}}, list: [a]}}\n"
ONE = "- id: x\n  title: X\n{}  registry: {{path: 'HKCU:\\P', subkey: Queue, list: [b]}}\n"
FOR_EACH = "3:11: found merges with for_each; expected a setting without for_each on both sides"

# name: (earlier entry, later entry, problem after the later file's name)
REFUSED = {
    "an item that is there": (
        a_list("[a, b]"), merging("[c, B]"),
        f"4:54: found 'B', which {BASELINE}:1 lists; expected each item once",
    ),
    "an item twice": (
        a_list("[a]"), merging("[c, d, C]"),
        "4:57: found 'C' again; expected each item once",
    ),
    "an item of both references": (
        a_list(PAGES_OF), merging("[x, {from: municipality.desktop.homepage}]"),
        f"4:54: found 'https://intranet.papendrecht.nl/', which {BASELINE}:1 lists; expected each item once",
    ),
    "the same reference": (
        a_list(PAGES_OF), merging(PAGES_OF),
        f"4:50: found 'https://intranet.papendrecht.nl/', which {BASELINE}:1 lists; expected each item once",
    ),
    "without what is not there": (
        a_list("[server-a, b]"), merging("[c]", "[b, server-b]"),
        f"4:16: found 'server-b', which {BASELINE}:1 does not list; expected one of its items. Did you mean 'server-a'?",
    ),
    "without what a host's own item is not": (
        a_list("[{from: registry.serial}]"), merging("[c]", "[serial]"),
        f"4:13: found 'serial', which {BASELINE}:1 does not list; expected one of its items",
    ),
    "without its own item": (
        a_list("[a]"), merging("[c]", "[c]"),
        f"4:13: found 'c', which {BASELINE}:1 does not list; expected one of its items",
    ),
    "without a reference": (
        a_list("[{from: municipality.desktop.homepage}]"), merging("[c]", "[{from: municipality.desktop.homepage}]"),
        "4:13: found a mapping; expected text",
    ),
    "without nothing": (
        a_list("[a]"), merging("[c]", "[]"),
        "4:12: found an empty list; expected at least one item",
    ),
    "without an item twice": (
        a_list("[a]"), merging("[c]", "[a, A]"),
        "4:16: found 'A' again; expected each item once",
    ),
    "without a list": (
        a_list("[a]"), merging("[c]", "a"),
        "4:12: found 'a'; expected a list",
    ),
    "without merges": (
        a_list("[a]"), a_list("[c]", "  overrides: other ones\n  without: [a]\n"),
        "4:12: found without, where nothing is merged; expected merges: <reason> beside it",
    ),
    "merges and overrides": (
        a_list("[a]"), a_list("[c]", "  overrides: other ones\n  merges: more of them\n"),
        "4:11: found merges beside overrides; expected one of both: it replaces the earlier setting, or joins its list to that one's",
    ),
    "merges without a reason": (
        a_list("[a]"), a_list("[c]", "  merges: ''\n"),
        "3:11: found ''; expected one line of text without spaces around it",
    ),
    "another kind": (
        a_list("[a]"), f"- id: pages\n  title: A list\n{MERGES}  user_right: {{right: SeTcbPrivilege, members: []}}\n",
        f"4:15: found merges with kind user_right; expected kind registry, as {BASELINE}:1 has",
    ),
    "a kind without lists": (
        "- id: x\n  title: X\n  service: {name: Fax, start: manual}\n",
        f"- id: x\n  title: X\n{MERGES}  service: {{name: Fax, start: manual}}\n",
        "3:11: found merges with kind service, which has no list; expected overrides: <reason>",
    ),
    "no list here": (
        a_list("[a]"), f"- id: pages\n  title: A value\n{MERGES}  registry: {{{KEY}, name: V, type: dword, data: 1}}\n",
        f"4:13: found merges with {BASELINE}:1, where one of both has no list; expected the same list on both sides. Or say overrides: <reason>.",
    ),
    "no list there": (
        f"- id: pages\n  title: A value\n  registry: {{{KEY}, name: V, type: dword, data: 1}}\n", merging("[a]"),
        f"4:13: found merges with {BASELINE}:1, where one of both has no list; expected the same list on both sides. Or say overrides: <reason>.",
    ),
    "a list of another form": (
        f"- id: pages\n  title: A list\n  registry: {{{KEY}, name: V, type: multistring, data: [a]}}\n", merging("[a]"),
        f"4:13: found merges with {BASELINE}:1, where one of both has no list; expected the same list on both sides. Or say overrides: <reason>.",
    ),
    "another object": (
        a_list("[a]"), merging("[b]").replace("SOFTWARE", "Software"),
        f"4:20: found path 'HKLM:\\Software\\pages', where {BASELINE}:1 has 'HKLM:\\SOFTWARE\\pages'; expected the same: only lists join",
    ),
    "another name": (
        f"- id: x\n  title: X\n  registry: {{{KEY}, name: V, type: multistring, data: [a]}}\n",
        f"- id: x\n  title: X\n{MERGES}  registry: {{{KEY}, name: W, type: multistring, data: [b]}}\n",
        f"4:46: found name 'W', where {BASELINE}:1 has 'V'; expected the same: only lists join",
    ),
    "another mode": (
        "- id: x\n  title: X\n  local_group: {group: G, members: [a], mode: exact}\n",
        f"- id: x\n  title: X\n{MERGES}  local_group: {{group: G, members: [b], mode: include}}\n",
        f"4:47: found mode 'include', where {BASELINE}:1 has 'exact'; expected the same: only lists join",
    ),
    "a field of its own": (
        a_list("[a]"), merging("[b]").replace(", list", ", subkey: X, list"),
        f"4:52: found subkey 'X', where {BASELINE}:1 has nothing; expected the same: only lists join",
    ),
    "a list that would be empty": (
        "- id: x\n  title: X\n  local_group: {group: G, members: [a], mode: include}\n",
        f"- id: x\n  title: X\n{MERGES}  without: [a]\n  local_group: {{group: G, members: [], mode: include}}\n",
        "5:16: found mode include without members; expected at least one member",
    ),
    "a wider scope": (
        a_list("[a]", "  on: {ring: canary}\n"), merging("[b]"),
        f"3:11: found merges on hosts for which {BASELINE}:1 is not; expected a scope within that setting's. Repeat its 'on:'.",
    ),
    "a wider platform": (
        a_list("[a]", "  on: {platform: windows-11}\n"), merging("[b]", more="  on: {ring: canary}\n"),
        f"3:11: found merges on hosts for which {BASELINE}:1 is not; expected a scope within that setting's. Repeat its 'on:'.",
    ),
    "another scope": (
        a_list("[a]", "  on: {platform: windows-11, site: [a, b]}\n"), merging("[b]", more="  on: {platform: windows-11, site: [b, c]}\n"),
        f"3:11: found merges on hosts for which {BASELINE}:1 is not; expected a scope within that setting's. Repeat its 'on:'.",
    ),
    "nothing earlier": (
        a_list("[a]", name="other"), merging("[b]"),
        "3:11: found merges, where no earlier layer sets 'pages'; expected the id of an earlier layer's setting. Leave the key out.",
    ),
    "for each on both sides": (EACH.format(""), EACH.format(MERGES).replace("[a]", "[b]"), FOR_EACH),
    "for each there": (EACH.format(""), ONE.format(MERGES), FOR_EACH),
    "for each here": (ONE.format(""), EACH.format(MERGES), FOR_EACH),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str, problems_of: ProblemsOf):
    earlier, later, problem = REFUSED[name]
    assert problems_of({BASELINE: earlier, PAPENDRECHT: later}) == [f"{PAPENDRECHT}:{problem}"]


@pytest.mark.parametrize("said", ["absent", "ignore"])
def test_there_is_nothing_to_merge_with_after_absent_or_ignore(said: str, problems_of: ProblemsOf):
    files = {BASELINE: a_list("[a]"), WORKSTATION: f"- id: pages\n  {said}: not here\n", PAPENDRECHT: merging("[b]")}
    files[BASELINE] = files[BASELINE].replace(r"SOFTWARE\pages", r"SOFTWARE\Werkplek\pages")
    files[PAPENDRECHT] = files[PAPENDRECHT].replace(r"SOFTWARE\pages", r"SOFTWARE\Werkplek\pages")
    assert problems_of(files) == [
        f"{PAPENDRECHT}:3:11: found merges, where {WORKSTATION}:1 says {said}; expected overrides: <reason>"
    ]


def test_a_merge_of_a_broken_merge_is_said_once(problems_of: ProblemsOf):
    files = {BASELINE: a_list("[a]"), WORKSTATION: merging("[A]"), PAPENDRECHT: merging("[b]")}
    assert problems_of(files) == [f"{WORKSTATION}:4:51: found 'A', which {BASELINE}:1 lists; expected each item once"]


class FewMembers(UserRight):
    """A right that two may hold."""

    @field_validator("members")
    @classmethod
    def _few(cls, members: tuple[str, ...]) -> tuple[str, ...]:
        return members if len(members) < 3 else wrong("at most two", found="a third", at=(2,))


def test_a_joined_list_that_the_kind_refuses_is_said_of_the_whole_setting(
    problems_of: ProblemsOf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(KINDS, "user_right", FewMembers)  # none of today's kinds can refuse a list for its length
    right = "- id: x\n  title: X\n{}  user_right: {{right: SeTcbPrivilege, members: [{}]}}\n"
    files = {BASELINE: right.format("", "S-1-5-1, S-1-5-2"), PAPENDRECHT: right.format(MERGES, "S-1-5-3")}
    assert problems_of(files) == [
        f"{PAPENDRECHT}:4:15: found a third (from municipalities/papendrecht.yml); expected at most two"
    ]


def test_a_reference_that_leads_nowhere_is_said_where_it_is_used(problems_of: ProblemsOf):
    wifi = "[{from: municipality.network.wifi_profile}]"
    assert problems_of({BASELINE: a_list("[a]"), PAPENDRECHT: merging(wifi)}) == [
        f"{PAPENDRECHT}:4:13: found {{from: municipality.network.wifi_profile}}, which municipalities/papendrecht.yml "
        "leaves out; expected a value in every municipality the setting is for"
    ]


def test_the_lists_as_they_are_written_stay_as_they_were(sources: SourcesOf):
    repository = build_repository(sources({BASELINE: a_list("[a]"), PAPENDRECHT: merging("[b]")}))
    assert [setting.raw["list"] for setting in repository.layers["baseline"][:1]] == [["a"]]
    merged = repository.taking["workstation", "papendrecht"][2]
    assert (merged.raw["list"], merged.base.raw["list"]) == (["b"], ["a"])
