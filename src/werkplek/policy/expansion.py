"""Settings in one municipality: `for_each` expanded, lists joined, references resolved, the wire JSON rendered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from werkplek.errors import Problem
from werkplek.policy.diagnosis import explain
from werkplek.policy.fields import Ref, SecretRef
from werkplek.policy.joining import joined
from werkplek.policy.kind import Kind, Target
from werkplek.policy.kinds import KINDS
from werkplek.policy.model import HIDDEN, HOLE, REGISTRY_FIELDS
from werkplek.policy.reading import LoadedMunicipality, LoadedSetting
from werkplek.policy.references import Unset, fill, references, secrets, shown_ref


@dataclass(frozen=True, eq=False)
class Instance:
    """One object to enforce. `wire` is its wire form, with holes for the host's registry values and for secrets."""

    id: str
    body: Kind
    target: Target
    wire: Mapping[str, object]
    template: str


class Expander:
    """Expands settings; what has no reference is rendered once for all municipalities."""

    def __init__(self) -> None:
        self._done: dict[tuple[LoadedSetting, str], tuple[Instance, ...]] = {}
        self.problems: dict[Problem, None] = {}

    def expand(self, setting: LoadedSetting, municipality: LoadedMunicipality) -> tuple[Instance, ...]:
        """The setting's instances in this municipality; none after a problem, or where it is ignored."""
        if setting.ignored:
            return ()
        key = (setting, municipality.slug if is_local(setting) else "")
        if key not in self._done:
            self._done[key] = (
                self._expand(setting, municipality)
                if key[1]
                else (_instance(setting.id, setting.body, setting.kind, municipality),)
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
            raw = written_in(setting, scope)
            if isinstance(raw, Problem):
                return self._add(raw)
            body = KINDS[setting.kind].model_validate(raw)
        except Unset as unset:
            found = f"{shown_ref(str(unset))}, which {municipality.name} leaves out"
            expected = "a value in every municipality the setting is for"
            return self._add(Problem(setting.where(setting.kind), found, expected))
        except ValidationError as error:
            for problem in explain(error, setting.document, (*setting.path, setting.kind), KINDS[setting.kind]):
                # In a joined list an item's number is not the number that it has in this file.
                place = setting.where(setting.kind) if setting.head.merges else problem.where
                found = f"{problem.found} (from {municipality.name})"
                self._add(Problem(place, found, problem.expected, problem.remedy))
            return ()
        for path, secret in secrets(body):
            if secret.name not in municipality.secrets:
                found = f"{secret}, which {municipality.name} does not list"
                expected = f"secrets: {{{secret.name}: <day of its last change>}} in that document"
                return self._add(Problem(setting.where(setting.kind, *path), found, expected))
        return (_instance(name, body, setting.kind, municipality),)

    def _add(self, problem: Problem) -> tuple[Instance, ...]:
        self.problems[problem] = None
        return ()


def is_local(setting: LoadedSetting) -> bool:
    """Whether what it means can differ between municipalities, its layer aside."""
    names = (reference.source for _, reference, _ in references(setting.body))
    return (
        bool(setting.head.merges)
        or any(not name.startswith("registry.") for name in names)
        or any(secrets(setting.body))
    )


def written_in(setting: LoadedSetting, scope: Mapping[str, object]) -> object | Problem:
    """A setting's kind as it would be written for one municipality: references filled in, lists joined.

    Raises Unset where a reference names a value that the document leaves out.
    """
    raw = fill(setting.raw, scope)
    if not setting.head.merges:
        return raw
    assert setting.base is not None
    earlier = written_in(setting.base, scope)
    if isinstance(earlier, Problem):
        return earlier
    assert isinstance(raw, dict)
    assert isinstance(earlier, dict)
    return joined(setting, raw, earlier)


def _instance(name: str, body: Kind, kind: str, municipality: LoadedMunicipality) -> Instance:
    wire = {key: _rendered(value, key, municipality.secrets) for key, value in body.wire().items()}
    mark = {"secret": True} if any(secrets(body)) else {}
    wire = {"id": name, "kind": kind, **wire, **mark}
    return Instance(name, body, body.target(), wire, rendered(wire))


def rendered(wire: Mapping[str, object]) -> str:
    """A wire form as canonical JSON."""
    text = json.dumps(wire, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for field, shape in REGISTRY_FIELDS.items():
        if shape == "number":  # a number stands in JSON without quotes
            text = text.replace(f'"{HOLE}registry.{field}{HOLE}"', f"{HOLE}registry.{field}{HOLE}")
    return text


def observed(instance: Instance) -> str:
    """The instance's JSON for a host with a waiver: the engine reads it and leaves it."""
    return rendered({**instance.wire, "observe": "waived"})


def _rendered(value: object, field: str, days: Mapping[str, str]) -> object:
    if isinstance(value, Ref):
        return f"{HOLE}{'key:' if field == 'path' else ''}{value.source}{HOLE}"
    if isinstance(value, SecretRef):
        return f"{HOLE}{HIDDEN}{value.name}@{days[value.name]}{HOLE}"
    if isinstance(value, tuple):
        parts = [_rendered(part, field, days) for part in value]
        return "".join(str(part) for part in parts) if field == "path" else parts
    if isinstance(value, Mapping):
        return {key: _rendered(part, key, days) for key, part in value.items()}
    return value
