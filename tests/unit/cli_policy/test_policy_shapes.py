"""What can make a difference to a policy without an inventory, and how a part of it is told."""

from werkplek.policy.model import Reach
from werkplek.policy.shapes import combination, limits, shapes


def reach(*, platforms=(), rings=(), sites=(), family="windows"):
    return Reach("engine", family, platforms, rings, sites)


def test_without_scopes_only_families_and_rings_are_told_apart():
    assert shapes([reach()], "vdi_host") == (
        *((("windows",), ring, "") for ring in ("canary", "pilot", "broad")),
        *((("linux",), ring, "") for ring in ("canary", "pilot", "broad")),
    )
    assert {lineage for lineage, _, _ in shapes([], "network")} == {("network_os",)}


def test_platforms_come_with_their_parents_and_families():
    reaches = [
        reach(platforms=("windows-server-2025", "windows")),
        reach(platforms=("windows-server", "windows-11", "windows-server-2025-core")),
        reach(platforms=("debian-13",), family="linux"),
        reach(platforms=("ios",), family="network_os"),
    ]
    assert list(dict.fromkeys(lineage for lineage, _, _ in shapes(reaches, "workstation"))) == [
        ("windows",),
        ("windows-11", "windows"),
        ("windows-server", "windows"),
        ("windows-server-2025", "windows-server", "windows"),
        ("windows-server-2025-core", "windows-server-2025", "windows-server", "windows"),
        ("linux",),
        ("debian-13", "linux"),
    ]


def test_any_other_site_is_told_apart_from_those_that_are_named():
    sites = ("werf", "stadhuis", "gemaal", "zwembad", "bibliotheek")
    found = shapes([reach(sites=sites[:1]), reach(sites=sites)], "network")
    assert [site for _, ring, site in found if ring == "pilot"] == ["", *sorted(sites)]
    assert combination(found[0], "network", "papendrecht").site == ""


EVERY = shapes([reach(platforms=("windows-11",), sites=("werf",))], "vdi_host")
WINDOWS = [shape for shape in EVERY if shape[0][-1] == "windows"]


def test_what_is_the_same_everywhere_in_a_family_has_no_limits():
    assert limits(WINDOWS, EVERY) == {}


def test_limits_name_each_side_that_is_not_whole():
    canary = [shape for shape in WINDOWS if shape[1] == "canary"]
    assert limits(canary, EVERY) == {"ring": ["canary"]}
    assert limits([shape for shape in canary if shape[0][0] == "windows-11"], EVERY) == {
        "platform": ["windows-11"],
        "ring": ["canary"],
    }
    assert limits([shape for shape in WINDOWS if not shape[2]], EVERY) == {"site": ["any other"]}


def test_what_takes_more_than_sides_is_told_shape_by_shape():
    others = [shape for shape in WINDOWS if shape[1:] != ("canary", "werf")]
    found = limits(others, EVERY)
    assert len(found) == len(WINDOWS) - 2
    assert found[:3] == ["windows-11/broad/any other", "windows-11/broad/werf", "windows-11/canary/any other"]
    assert "windows/canary/werf" not in found
