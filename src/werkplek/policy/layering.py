"""How layers meet: which ids may come again, and what a class in a municipality gets from its line of layers.

The line is baseline, class, municipality. A later layer replaces an earlier one's setting (`overrides`), joins its list
to that one's (`merges`), has the object not be there (`absent`) or leaves it as it is (`ignore`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from werkplek.errors import Problem
from werkplek.policy.choices import chosen
from werkplek.policy.diagnosis import explain
from werkplek.policy.fields import Ref
from werkplek.policy.kinds import KINDS
from werkplek.policy.model import CLASSES
from werkplek.policy.overlap import covers
from werkplek.policy.reading import (
    CLASS_FAMILIES,
    LoadedEntry,
    LoadedMunicipality,
    LoadedRemoval,
    LoadedSetting,
    check_family,
)

LAYERS = ("baseline", *CLASSES, "municipality")

type Layers = Mapping[str, Sequence[LoadedEntry]]


def id_problems(layers: Layers, *, complete: bool) -> Iterator[Problem]:
    """Problems with ids. What is missing is only said when all files could be read: it may stand in a broken one."""
    for layer, entries in layers.items():
        before: dict[str, LoadedEntry] = {}
        for earlier in _earlier(layers, layer):
            before.setdefault(earlier.id, earlier)
        here: dict[str, LoadedEntry] = {}
        for entry in entries:
            yield from _again(entry, here.setdefault(entry.id, entry), before.get(entry.id))
            if complete and entry.says and entry.id not in before:
                found = f"{entry.says}, where no earlier layer sets '{entry.id}'"
                yield Problem(entry.where(entry.says), found, "the id of an earlier layer's setting", entry.way_out)


def _earlier(layers: Layers, layer: str) -> Iterator[LoadedEntry]:
    """Entries of the layers that come before `layer` on some host."""
    names = [] if layer == "baseline" else ["baseline"] if layer in CLASSES else ["baseline", *CLASSES]
    return (entry for name in names for entry in layers[name])


def _again(entry: LoadedEntry, first: LoadedEntry, earlier: LoadedEntry | None) -> Iterator[Problem]:
    if first is not entry:
        found = f"the id '{entry.id}' again (first at {first.source})"
        yield Problem(entry.where("id"), found, f"each id once in layer {entry.layer}")
    elif earlier and not entry.says:
        found = f"the id '{entry.id}', which {earlier.source} sets already"
        yield Problem(entry.where("id"), found, "overrides: <reason> or merges: <reason>", "Or use another id.")


def taking_part(
    layers: Layers, workplace_class: str, municipality: LoadedMunicipality, problems: list[Problem]
) -> Iterator[LoadedSetting]:
    """What a class gets in a municipality, in layer order; what is made of an earlier setting knows it as its `base`.

    An entry that says something of an earlier setting takes part only where that setting does.
    """
    latest: dict[str, LoadedSetting] = {}
    families = CLASS_FAMILIES[workplace_class]
    for layer in ("baseline", workplace_class, f"municipality/{municipality.slug}"):
        for entry in layers.get(layer, ()):
            base = latest.get(entry.id)
            if (entry.says and base is None) or not chosen(municipality.choices, entry.on.choice):
                continue
            if isinstance(entry, LoadedSetting) and entry.body.family not in families:
                continue
            setting = _derived(entry, base, problems)
            if setting is not None:
                latest[entry.id] = setting
                yield setting


def _derived(entry: LoadedEntry, base: LoadedSetting | None, problems: list[Problem]) -> LoadedSetting | None:
    if isinstance(entry, LoadedRemoval):
        assert base is not None
        return _removed(entry, base, problems)
    if not entry.head.merges:
        return entry
    assert base is not None
    if complaint := _not_mergeable(entry, base):
        problems.append(complaint)
        return None
    return replace(entry, base=base)


def _removed(entry: LoadedRemoval, base: LoadedSetting, problems: list[Problem]) -> LoadedSetting | None:
    """The earlier setting with the place and scope of what is said of it."""
    head = base.head.model_copy(update={"on": entry.on, "note": entry.head.note or base.head.note, "merges": ""})
    here = LoadedSetting(
        entry.document, entry.path, entry.layer, head, base.kind, base.body, base.raw, base=base, removal=entry.head
    )
    check_family(here, problems)
    if entry.head.ignore:
        return here
    absence = base.body.absence()
    if absence is None:
        found = f"absent, of a setting of kind {base.kind} ({base.source})"
        remedy = "Say ignore: <reason>, or set another value with overrides: <reason>."
        problems.append(Problem(entry.where("absent"), found, "a kind of which the object can be gone", remedy))
        return None
    raw: dict[str, Any] = {
        name: {"from": value.source} if isinstance(value, Ref) else value for name, value in absence.items()
    }
    try:
        body = KINDS[base.kind].model_validate(raw)
    except ValidationError as error:
        for problem in explain(error, entry.document, entry.path, KINDS[base.kind]):
            found = f"{problem.found} (of {base.source}, to be absent)"
            problems.append(Problem(entry.where("absent"), found, problem.expected, problem.remedy))
        return None
    return replace(here, raw=raw, body=body)


def _not_mergeable(entry: LoadedSetting, base: LoadedSetting) -> Problem | None:
    """What stands in the way of joining two settings' lists, whatever the lists hold."""
    if entry.kind != base.kind:
        expected = f"kind {base.kind}, as {base.source} has"
        return Problem(entry.where(entry.kind), f"merges with kind {entry.kind}", expected)
    if not entry.body.lists:
        return Problem(
            entry.where("merges"), f"merges with kind {entry.kind}, which has no list", "overrides: <reason>"
        )
    if base.removal:
        said = "absent" if base.removal.absent else "ignore"
        return Problem(entry.where("merges"), f"merges, where {base.source} says {said}", "overrides: <reason>")
    if entry.head.for_each or base.head.for_each:
        return Problem(entry.where("merges"), "merges with for_each", "a setting without for_each on both sides")
    if not covers(base.on, entry.on):
        found = f"merges on hosts for which {base.source} is not"
        return Problem(entry.where("merges"), found, "a scope within that setting's", "Repeat its 'on:'.")
    return None
