"""A comparison as result rows, one per setting, and as a difference for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkplek.network.compare import Comparison, Difference
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.lines import Rendering, Section, readable

type Row = dict[str, Any]
type Mask = Callable[[str], str]
NOTHING = Difference()


def rows(
    document: SwitchDocument, wanted: Rendering, found: Comparison, mask: Mask, differing: Callable[[Setting], Row]
) -> list[Row]:
    """A row per setting; `differing` gives status and message of one that differs, and that is not waived."""
    differences = found.differences
    return [
        _row(setting, wanted, differences.get(setting.id, NOTHING), mask, differing) for setting in document.settings
    ]


def _row(
    setting: Setting, wanted: Rendering, difference: Difference, mask: Mask, differing: Callable[[Setting], Row]
) -> Row:
    if setting.id in wanted.unsupported:
        return {"id": setting.id, "status": "unsupported", "message": wanted.unsupported[setting.id]}
    if setting.id in wanted.inherent:
        return {"id": setting.id, "status": "compliant", "message": wanted.inherent[setting.id]}
    if not difference:
        return {"id": setting.id, "status": "compliant"}
    row = {"status": "waived"} if setting.waived else differing(setting)
    return {
        "id": setting.id,
        "before": _text([(line[0], line[1]) for line in difference.extra], mask),
        "after": _text([(line.section, line.text) for line in difference.missing], mask),
        **row,
    }


def _text(lines: Sequence[tuple[Section, str]], mask: Mask) -> str:
    return "\n".join(readable((section, mask(text)) for section, text in lines)) or "<absent>"


def difference_text(found: Comparison, mask: Mask, leave: frozenset[str] = frozenset()) -> str:
    """What goes (-) and what comes (+), below the sections that they stand in."""
    sides: dict[Section, list[str]] = {}
    for setting, difference in found.differences.items():
        if setting in leave:
            continue
        for section, text in difference.extra:
            sides.setdefault(section, []).append(f"-{' ' * len(section)}{mask(text)}")
        for line in difference.missing:
            sides.setdefault(line.section, []).append(f"+{' ' * len(line.section)}{mask(line.text)}")
    parts: list[str] = []
    for section, lines in sides.items():
        parts += [f" {' ' * depth}{name}" for depth, name in enumerate(section)]
        parts += sorted(lines, key=lambda line: line[0] == "+")
    return "\n".join(parts) + ("\n" if parts else "")


def unsaved(document: SwitchDocument, saved: Comparison) -> Mapping[str, Difference]:
    """What runs as it should and is not saved: a restart would lose it."""
    return {
        setting.id: difference
        for setting in document.settings
        if (difference := saved.differences.get(setting.id)) and not setting.waived
    }
