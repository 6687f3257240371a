"""Two layers' lists as one: the items of `merges:` join the earlier ones, told apart by key, never by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkplek.errors import Problem
from werkplek.policy.fields import nearest, shown
from werkplek.policy.reading import LoadedSetting


def joined(setting: LoadedSetting, raw: Mapping[str, object], earlier: Mapping[str, object]) -> object | Problem:
    """The body of a setting that merges: `earlier` with the items of `raw` added and those of `without` taken away.

    Both are as written, with references to the municipality filled in. Items are told apart by their key
    (`Kind.item_key`); those of `earlier` come first.
    """
    base = setting.base
    assert base is not None
    field = next((name for name in setting.body.lists if isinstance(raw.get(name), list)), "")
    own, theirs = raw.get(field), earlier.get(field)
    if not isinstance(own, list) or not isinstance(theirs, list):
        found = f"merges with {base.source}, where one of both has no list"
        return Problem(setting.where(setting.kind), found, "the same list on both sides", "Or say overrides: <reason>.")
    problem = _other_object(setting, field, raw, earlier) or _wrong_items(setting, field, own, theirs)
    if problem:
        return problem
    key = setting.body.item_key
    gone = {key(item) for item in setting.head.without}
    return {**earlier, field: [*(item for item in theirs if key(item) not in gone), *own]}


def _other_object(
    setting: LoadedSetting, field: str, raw: Mapping[str, object], earlier: Mapping[str, object]
) -> Problem | None:
    """The first of the other fields that differs, if one does."""
    assert setting.base is not None
    for name, info in type(setting.body).model_fields.items():
        here, there = raw.get(name, info.default), earlier.get(name, info.default)
        if name != field and here != there:
            found = f"{name} {shown(here)}, where {setting.base.source} has {shown(there)}"
            return Problem(setting.where(setting.kind, name), found, "the same: only lists join")
    return None


def _wrong_items(setting: LoadedSetting, field: str, own: Sequence[object], theirs: Sequence[object]) -> Problem | None:
    """The first item that is there already, or that cannot be taken away, if there is one."""
    assert setting.base is not None
    key, source = setting.body.item_key, setting.base.source
    known, seen = {key(item) for item in theirs}, set[str]()
    for index, item in enumerate(own):
        if key(item) in known or key(item) in seen:
            found = f"{shown(item)}, which {source} lists" if key(item) in known else f"{shown(item)} again"
            return Problem(setting.where(setting.kind, field, index), found, "each item once")
        seen.add(key(item))
    for index, item in enumerate(setting.head.without):
        if key(item) not in known:
            remedy = nearest(item, [text for text in theirs if isinstance(text, str)])
            return Problem(
                setting.where("without", index),
                f"{shown(item)}, which {source} does not list",
                "one of its items",
                remedy,
            )
    return None
