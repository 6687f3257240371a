# ruff: noqa: E501 - settings and problems are quoted whole
"""Rules between settings and files: layers, ids, overrides, objects that two settings claim, names of files."""

import json
from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, WORKSTATION, resolved
from policy_samples import DESKTOP_KEYS, SCREEN_LOCK, a_municipality

from werkplek.errors import WerkplekError
from werkplek.policy.kind import Kind
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import build_repository, load_repository

type ProblemsOf = Callable[[Mapping[str, str]], list[str]]
type SourcesOf = Callable[..., dict[str, bytes]]

SERVICE = "- id: {id}\n  title: A service\n{more}  service: {{name: {name}, start: manual}}\n"


def service(name: str, more: str = "", of: str = "Spooler") -> str:
    return SERVICE.format(id=name, more=f"  {more}\n" if more else "", name=of)


def test_a_sound_repository_gives_its_layers_and_parts(sources: SourcesOf):
    repository = build_repository(sources({"policies/workstation/spooler.yml": service("spooler")}))
    assert [setting.id for setting in repository.layers["workstation"]] == ["spooler"]
    ids = {key: [candidate.source.id for candidate in part.candidates] for key, part in repository.parts.items()}
    assert ids["workstation", "papendrecht"] == ["screen_lock", "spooler"]
    assert ids["vdi_host", "papendrecht"] == ["screen_lock"]
    assert ids["network", "zwijndrecht"] == []  # no kind for Windows reaches a switch


def test_an_id_comes_once_in_a_layer(problems_of: ProblemsOf):
    files = {"policies/vdi_host/a.yml": service("x"), "policies/vdi_host/b.yml": service("x", of="Fax")}
    assert problems_of(files) == [
        "policies/vdi_host/b.yml:1:7: found the id 'x' again (first at policies/vdi_host/a.yml:1); "
        "expected each id once in layer vdi_host"
    ]


def test_a_later_layer_says_why_it_overrides(problems_of: ProblemsOf):
    files = {"policies/workstation/a.yml": service("screen_lock")}
    assert problems_of(files) == [
        "policies/workstation/a.yml:1:7: found the id 'screen_lock', which policies/baseline/screen.yml:1 sets already; "
        "expected overrides: <reason> or merges: <reason>. Or use another id."
    ]


@pytest.mark.parametrize("layer", ["baseline/a", "workstation/a", "municipality/papendrecht"])
def test_what_overrides_has_something_to_override(layer: str, problems_of: ProblemsOf):
    name = f"policies/{layer}.yml"
    assert problems_of({name: service("spooler", "overrides: a reason")}) == [
        f"{name}:3:14: found overrides, where no earlier layer sets 'spooler'; "
        "expected the id of an earlier layer's setting. Leave the key out."
    ]


def test_two_classes_do_not_meet(sources: SourcesOf):
    both = {"policies/workstation/a.yml": service("x"), "policies/vdi_host/a.yml": service("x")}
    assert build_repository(sources(both)).layers["vdi_host"][0].id == "x"


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ("", "", True),
        ("on: {ring: canary}", "on: {ring: [canary, pilot]}", True),
        ("on: {ring: canary}", "on: {ring: [broad, pilot]}", False),
        ("on: {site: a}", "on: {ring: pilot}", True),
        ("on: {site: a}", "on: {site: b, ring: pilot}", False),
        ("on: {platform: windows}", "on: {platform: windows-11}", True),
        ("on: {platform: windows-11}", "on: {platform: windows-11-24h2}", True),
        ("on: {platform: windows-11}", "on: {platform: windows-server-2025}", False),
        ("on: {platform: windows-11-24h2}", "on: {platform: windows-11}", True),
        ("on: {platform: windows}", "on: {platform: kiosk}", True),
        ("on: {platform: kiosk}", "", True),
        ("", "on: {platform: kiosk}", True),
    ],
)
def test_two_settings_for_one_object_may_not_meet(
    first: str, second: str, meet: bool, sources: SourcesOf, problems_of: ProblemsOf
):
    files = {"policies/baseline/a.yml": service("one", first), "policies/workstation/b.yml": service("two", second)}
    if not meet:
        assert build_repository(sources(files)).parts["workstation", "papendrecht"].candidates
        return
    assert problems_of(files) == [
        "policies/workstation/b.yml:1:3: found 'two', which is about the same object as 'one' (policies/baseline/a.yml:1); "
        "expected one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."
    ]


class Daemon(Kind):
    """A kind for the other family that a workplace can be of."""

    engine = "linux_policy"
    family = "linux"
    name: str

    def target(self) -> tuple[str, ...]:
        return ("daemon", self.name)


def test_a_setting_of_another_family_takes_no_place(sources: SourcesOf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(KINDS, "daemon", Daemon)
    other = "- id: x\n  title: X\n  overrides: another name there\n  daemon: {name: cups}\n"
    files = sources({BASELINE: service("x"), WORKSTATION: other})
    assert (
        json.loads(resolved(files).for_host({}).engines["windows_policy"].request())["settings"][0]["name"] == "Spooler"
    )
    linux = resolved(files, platform_lineage=("debian-13", "linux")).for_host({})
    assert json.loads(linux.engines["linux_policy"].request())["settings"] == [
        {"id": "x", "kind": "daemon", "name": "cups"}
    ]


R = r"registry: {path: 'HKLM:\SOFTWARE\A\B'"


@pytest.mark.parametrize(
    ("one", "two", "clash"),
    [
        (R + ", name: X, type: dword, data: 1}", R.lower().replace("hklm", "HKLM") + ", name: x, state: absent}", True),
        (R + ", name: X, type: dword, data: 1}", R + ", name: Y, type: dword, data: 1}", False),
        (R + ", list: [a]}", R + ", name: Y, type: dword, data: 1}", True),
        (R + "}", R + ", name: Y, type: dword, data: 1}", False),
        (R + ", state: absent}", R + ", name: Y, type: dword, data: 1}", True),
        (R + ", state: absent}", R + ", subkey: C, name: Y, type: dword, data: 1}", True),
        (R + ", state: absent}", R + ", subkey: C, name: Y, state: absent}", False),
        (R + "}", R + ", subkey: C, name: Y, type: dword, data: 1}", False),
        (R + ", name: X, state: absent}", R + ", subkey: C, name: Y, type: dword, data: 1}", False),
        (R + ", state: absent}", "service: {name: Spooler, start: manual}", False),
        ("user_right: {right: SeTcbPrivilege, members: []}", "user_right: {right: SeTcbPrivilege, members: []}", True),
        (
            "local_group: {group: G, members: [a], mode: exact}",
            "local_group: {group: g, members: [b], mode: include}",
            True,
        ),
        (
            "local_group: {group: G, members: [a], mode: include}",
            "local_group: {group: g, members: [A], mode: exclude}",
            True,
        ),
        (
            "local_group: {group: G, members: [a], mode: include}",
            "local_group: {group: g, members: [b], mode: exclude}",
            False,
        ),
        ("account_policy: {name: LockoutBadCount, data: 5}", "account_policy: {name: LockoutDuration, data: 5}", False),
    ],
)
def test_what_counts_as_the_same_object(one: str, two: str, clash: bool, sources: SourcesOf):
    text = f"- id: one\n  title: One\n  {one}\n- id: two\n  title: Two\n  {two}\n"
    files = sources({"policies/workstation/a.yml": text})
    if not clash:
        assert len(build_repository(files).layers["workstation"]) == 2
        return
    with pytest.raises(WerkplekError, match="'two', which is about the same object as 'one'"):
        build_repository(files)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("policies/laptops/a.yml", "found a file outside the layers; expected a folder below policies: "
         "baseline, workstation, vdi_host, network, municipality"),
        ("policies/a.yml", "found a file outside the layers; expected a folder below policies: "
         "baseline, workstation, vdi_host, network, municipality"),
        ("policies/baseline/a:b.yaml", "found a file that is not read; expected a name that ends with .yml"),
        ("policies/baseline", "found a file outside the layers; expected a folder below policies: "
         "baseline, workstation, vdi_host, network, municipality"),
        ("municipalities/rotterdam.yaml", "found a file that is not read; expected municipalities/<slug>.yml"),
        ("policies/baseline/a.yaml", "found a file that is not read; expected a name that ends with .yml"),
        ("policies/municipality/papendrecht/a.yml", "found a file that is not read; expected policies/municipality/<slug>.yml"),
        ("policies/municipality/rotterdam.yml", "found settings of an unknown municipality; "
         "expected a municipality document municipalities/rotterdam.yml"),
        ("municipalities/deep/a.yml", "found a file that is not read; expected municipalities/<slug>.yml"),
        ("municipalities/dordrecht.yml:2:7", "found slug 'papendrecht'; expected 'dordrecht', as the file is named"),
        ("policies/controls/bio2.csv", "found no rows with these columns; expected a CSV file with the columns "
         "number, label_nl, label_en, government_measure"),
    ],
)  # fmt: skip
def test_files_have_their_place(name: str, problem: str, problems_of: ProblemsOf):
    file = name.partition(":2")[0]
    text = a_municipality("papendrecht") if file.startswith("municipalities") else service("spooler")
    assert problems_of({file: text}) == [f"{name}: {problem}"]


def test_folders_below_a_layer_and_readmes_are_as_good(sources: SourcesOf):
    readmes = dict.fromkeys(("policies/README.md", "policies/baseline/README.md", "municipalities/README.md"), "Words")
    repository = build_repository(sources({"policies/workstation/deep/er/a.yml": service("x"), **readmes}))
    assert [setting.id for setting in repository.layers["workstation"]] == ["x"]


def test_one_problem_is_one(sources: SourcesOf):
    with pytest.raises(WerkplekError, match=r"^The policy repository has 1 problem\.\n"):
        build_repository(sources({"policies/a.yml": ""}))


def test_a_missing_list_of_bio2_numbers_is_said(sources: SourcesOf):
    files = sources()
    del files["policies/controls/bio2.csv"]
    with pytest.raises(WerkplekError) as caught:
        build_repository(files)
    assert [str(problem) for problem in caught.value.problems] == [
        "policies/controls/bio2.csv: found no such file; expected a CSV file with the columns "
        "number, label_nl, label_en, government_measure"
    ]


def test_a_kind_for_windows_has_no_place_among_switches(problems_of: ProblemsOf):
    assert problems_of({"policies/network/a.yml": service("spooler")}) == [
        "policies/network/a.yml:3:12: found kind service, which is for windows; expected a kind for network_os"
    ]


def test_mistakes_in_a_municipality(problems_of: ProblemsOf):
    text = (
        a_municipality("papendrecht")
        .replace("https://intranet.papendrecht.nl/\n", "intranet.papendrecht.nl\n")
        .replace("country: '176'", "country: 176")
        .replace("  lock_screen", "  lockscreen")
        .replace("name: hal-02", "name: BALIE-01")
        .replace("schema: 1", "schema: 2")
    )
    name = "municipalities/papendrecht.yml"
    assert problems_of({name: text}) == [
        f"{name}:1:9: found 2; expected 1",
        f"{name}:5:3: found no 'lock_screen'; expected the key 'lock_screen'",
        f"{name}:6:3: found the unknown key 'lockscreen'; expected one of: {DESKTOP_KEYS}. Did you mean 'lock_screen'?",
        f"{name}:7:13: found 'intranet.papendrecht.nl'; "
        "expected an http:// or https:// address without spaces or a user name",
        f"{name}:10:94: found 176; expected text. Put it in quotes: '176'.",
        f"{name}:14:12: found 'BALIE-01' again; expected each printer name once",
    ]


def test_nothing_is_read_without_its_folders(tmp_path):
    (tmp_path / "policies").mkdir()
    with pytest.raises(WerkplekError) as caught:
        load_repository(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"municipalities/: found no such folder; expected a folder 'municipalities' in {tmp_path}"
    ]


def test_a_broken_file_does_not_make_others_look_wrong(problems_of: ProblemsOf):
    files = {
        "policies/baseline/screen.yml": SCREEN_LOCK.replace("title:", "titel:"),
        "policies/workstation/a.yml": service("screen_lock", "overrides: a reason"),
    }
    assert {problem.partition(":")[0] for problem in problems_of(files)} == {"policies/baseline/screen.yml"}
