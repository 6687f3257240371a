"""Settings in one municipality: `for_each` expanded, references resolved, the wire JSON rendered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from werkplek.errors import Problem
from werkplek.policy.diagnosis import explain
from werkplek.policy.fields import Ref
from werkplek.policy.kind import Kind, Target
from werkplek.policy.kinds import KINDS
from werkplek.policy.model import HOLE, REGISTRY_FIELDS
from werkplek.policy.reading import LoadedMunicipality, LoadedSetting
from werkplek.policy.references import Unset, fill, references, shown_ref


@dataclass(frozen=True, eq=False)
class Instance:
    """One object to enforce. `template` is its canonical wire JSON, with holes for the host's registry values."""

    id: str
    body: Kind
    target: Target
    template: str


class Expander:
    """Expands settings; what has no reference is rendered once for all municipalities."""

    def __init__(self) -> None:
        self._done: dict[tuple[LoadedSetting, str], tuple[Instance, ...]] = {}
        self.problems: dict[Problem, None] = {}

    def expand(self, setting: LoadedSetting, municipality: LoadedMunicipality) -> tuple[Instance, ...]:
        """The setting's instances in this municipality; none after a problem."""
        local = any(not reference.source.startswith("registry.") for _, reference, _ in references(setting.body))
        key = (setting, municipality.slug if local else "")
        if key not in self._done:
            self._done[key] = (
                self._expand(setting, municipality) if local else (_instance(setting.id, setting.body, setting.kind),)
            )
        return self._done[key]

    def _expand(self, setting: LoadedSetting, municipality: LoadedMunicipality) -> tuple[Instance, ...]:
        scope: dict[str, object] = {"municipality": municipality.values}
        if not setting.head.for_each:
            return self._resolve(setting, setting.id, scope, municipality)
        items = fill({"from": setting.head.for_each}, scope)
        assert isinstance(items, list)
        expanded = (
            self._resolve(setting, f"{setting.id}[{item['name']}]", {**scope, "item": item}, municipality)
            for item in items
        )
        return tuple(instance for instances in expanded for instance in instances)

    def _resolve(
        self, setting: LoadedSetting, name: str, scope: Mapping[str, object], municipality: LoadedMunicipality
    ) -> tuple[Instance, ...]:
        try:
            body = KINDS[setting.kind].model_validate(fill(setting.raw, scope))
        except Unset as unset:
            found = f"{shown_ref(str(unset))}, which {municipality.name} leaves out"
            self._add(Problem(setting.where(setting.kind), found, "a value in every municipality the setting is for"))
            return ()
        except ValidationError as error:
            for problem in explain(error, setting.document, (*setting.path, setting.kind), KINDS[setting.kind]):
                found = f"{problem.found} (from {municipality.name})"
                self._add(Problem(problem.where, found, problem.expected, problem.remedy))
            return ()
        return (_instance(name, body, setting.kind),)

    def _add(self, problem: Problem) -> None:
        self.problems[problem] = None


def _instance(name: str, body: Kind, kind: str) -> Instance:
    wire = {key: _rendered(value, key) for key, value in body.wire().items()}
    text = json.dumps({"id": name, "kind": kind, **wire}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for field, shape in REGISTRY_FIELDS.items():
        if shape == "number":  # a number stands in JSON without quotes
            text = text.replace(f'"{HOLE}registry.{field}{HOLE}"', f"{HOLE}registry.{field}{HOLE}")
    return Instance(name, body, body.target(), text)


def _rendered(value: object, field: str) -> object:
    if isinstance(value, Ref):
        return f"{HOLE}{'key:' if field == 'path' else ''}{value.source}{HOLE}"
    if isinstance(value, tuple):
        parts = [_rendered(part, field) for part in value]
        return "".join(str(part) for part in parts) if field == "path" else parts
    return value
