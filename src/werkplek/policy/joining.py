"""Two layers' lists as one: the items of `merges:` join the earlier ones, told apart by key, never by position."""

from __future__ import annotations

from werkplek.errors import Problem
from werkplek.policy.fields import shown
from werkplek.policy.reading import LoadedSetting


def joined(setting: LoadedSetting, raw: dict[str, object], earlier: dict[str, object]) -> dict[str, object] | Problem:
    """The body of a setting that merges: `earlier` with the items of `raw` added and those of `without` taken away.

    Both are as written, with references to the municipality filled in. Items are told apart by their key
    (`Kind.item_key`), never by their position.
    """
    base = setting.base
    assert base is not None
    field = next((name for name in setting.body.lists if isinstance(raw.get(name), list)), None)
    if field is None or not isinstance(earlier.get(field), list):
        return Problem(setting.where(setting.kind), "merges, where one of both has no list", "a list on both sides")
    same = {key: value for key, value in raw.items() if key != field}
    other = {key: value for key, value in earlier.items() if key != field}
    if same != other:
        return Problem(setting.where(setting.kind), f"merges with another object than {base.source}", "the same object")
    return _joined_lists(setting, field, raw, earlier, base.source)


def _joined_lists(
    setting: LoadedSetting, field: str, raw: dict[str, object], earlier: dict[str, object], source: str
) -> dict[str, object] | Problem:
    own, theirs = raw[field], earlier[field]
    assert isinstance(own, list)
    assert isinstance(theirs, list)
    key = setting.body.item_key
    known = {key(item): item for item in theirs}
    for item in own:
        if key(item) in known:
            return Problem(
                setting.where(setting.kind, field), f"{shown(item)}, which {source} lists", "items of its own"
            )
    gone = {key(item) for item in setting.head.without}
    for item in setting.head.without:
        if key(item) not in known:
            return Problem(
                setting.where("without"), f"{shown(item)}, which {source} does not list", "items of that list"
            )
    return {**earlier, field: [*(item for name, item in known.items() if name not in gone), *own]}
