"""The name of a registry value may be a reference: Windows keeps some lists, such as exclusions, as names of values."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import resolved, wire

FILE = "policies/workstation/a.yml"
EXCLUDED = (
    "- id: excluded\n  title: Excluded\n{more}"
    "  registry: {{path: 'HKLM:\\SOFTWARE\\Paths', name: {{from: {name}}}, type: string, data: '0'}}\n"
)


def test_each_municipality_names_a_value_its_own_way(sources: Callable[..., dict[str, bytes]]):
    files = sources({FILE: EXCLUDED.format(more="", name="municipality.desktop.wallpaper")})
    names = {slug: wire(resolved(files, slug))[1]["name"] for slug in ("papendrecht", "zwijndrecht")}
    assert names == {slug: f"\\\\huisstijl.{slug}.nl\\werkplek\\achtergrond.jpg" for slug in names}


def test_a_value_that_is_named_so_can_be_absent(sources: Callable[..., dict[str, bytes]]):
    files = sources({
        FILE: EXCLUDED.format(more="", name="municipality.desktop.wallpaper"),
        "policies/municipality/papendrecht.yml": "- id: excluded\n  absent: Not here\n",
    })  # fmt: skip
    setting = wire(resolved(files))[1]
    assert (setting["state"], setting["name"]) == ("absent", r"\\huisstijl.papendrecht.nl\werkplek\achtergrond.jpg")


def test_a_hosts_own_value_names_one_too(sources: Callable[..., dict[str, bytes]]):
    files = sources({FILE: EXCLUDED.format(more="", name="registry.asset_tag")})
    assert wire(resolved(files), asset_tag='"},{')[1]["name"] == '"},{'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "- id: one\n  title: One\n  registry: {path: 'HKLM:\\P', name: 5, type: string, data: a}\n",
            "3:37: found 5; expected text of at most 16383 characters or {from: ...}",
        ),
        (
            EXCLUDED.format(more="", name="municipality.printers"),
            "3:50: found {from: municipality.printers}, which gives a list of records; "
            "expected a reference that gives text",
        ),
        (
            EXCLUDED.format(more="", name="municipality.name")
            + EXCLUDED.format(more="", name="municipality.name").replace("excluded", "other"),
            "4:3: found 'other', which is about the same object as 'excluded' (policies/workstation/a.yml:1); "
            "expected one setting for each object on a host. Give them one id and 'overrides', or scopes that "
            "cannot meet.",
        ),
    ],
    ids=["number", "records", "twice"],
)
def test_what_a_name_cannot_be(text: str, problem: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    assert problems_of({FILE: text}) == [f"{FILE}:{problem}"]
