"""A configuration as a tree, and its text."""

from __future__ import annotations

from werkplek.lab.switches.tree import Entry, Order, Section, copied, find, lines

TREE: Section = {
    "interface Vlan1": Entry("interface Vlan1", {"shutdown": Entry("shutdown"), "ip": Entry("no ip address")}),
    "archive": Entry("archive", {"log": Entry("log config", {"on": Entry("logging enable")})}),
    "banner": Entry("banner login ^C\nhallo\n^C"),
}


def alphabet(_parent: str) -> Order:
    """Sorts every section by its text."""
    return lambda text: (text,)


def test_a_tree_is_shown_in_order_with_its_indent() -> None:
    assert list(lines(TREE, 3, alphabet)) == [
        "archive",
        "   log config",
        "      logging enable",
        "banner login ^C\nhallo\n^C",
        "interface Vlan1",
        "   no ip address",
        "   shutdown",
    ]


def test_a_copy_is_a_tree_of_its_own() -> None:
    copy = copied(TREE)
    inner = find(copy, ("archive", "log"))
    assert inner is not None
    inner.clear()
    assert find(TREE, ("archive", "log")) == {"on": Entry("logging enable")}


def test_only_sections_are_found() -> None:
    assert find(TREE, ("archive", "log", "on")) is None
    assert find(TREE, ("nowhere",)) is None
    assert find(TREE, ()) is TREE
