"""What a setting's meaning on a host depends on besides itself: facts, choices and values, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from werkplek.policy.choices import Choices
from werkplek.policy.model import Combination
from werkplek.policy.reading import LoadedEntry, LoadedMunicipality, LoadedSetting
from werkplek.policy.reasons import answer_text
from werkplek.policy.references import references, secrets


@dataclass(frozen=True, slots=True)
class Used:
    """A value by what the policy calls it, as text, and where it stands: `file:line:column`, or the registry's URL.

    `about` says what a choice is about; empty for what is none.
    """

    reference: str
    value: str
    source: str
    about: str = ""


def facts_used(combination: Combination, record: Mapping[str, object]) -> Iterator[Used]:
    """The registry's facts that decide which settings a host gets; as they are asked where `record` is empty."""
    facts = {
        "municipality": combination.municipality,
        "class": combination.workplace_class,
        "platform": " < ".join(combination.platform_lineage),
        "ring": combination.ring,
        "site": combination.site,
    }
    source = _registry(record) if record else "as asked"
    return (Used(name, value or "none", source) for name, value in facts.items())


def choices_used(municipality: LoadedMunicipality, entries: Iterable[LoadedEntry]) -> Iterator[Used]:
    """The choices that decide which of the entries hold."""
    for name in (name for entry in entries for name in entry.on.choice):
        about = Choices.model_fields[name].description or ""
        yield Used(
            f"choice {name}", answer_text(municipality.choices[name]), _place(municipality, "choices", name), about
        )


def values_used(
    municipality: LoadedMunicipality, record: Mapping[str, object], setting: LoadedSetting, instance: str
) -> Iterator[Used]:
    """The values and secrets of a setting, and of those whose lists it joins. `instance` may be `id[item]`."""
    for one in joined(setting):
        for reference in dict.fromkeys(reference.source for _, reference, _ in references(one.body)):
            yield _value(municipality, record, one, reference, instance)
        for _, secret in secrets(one.body):
            place = municipality.document.where(("secrets", secret.name))
            yield Used(str(secret), f"last changed {municipality.secrets.get(secret.name, 'never')}", place)


def joined(setting: LoadedSetting) -> Iterator[LoadedSetting]:
    """The setting, and the earlier ones whose lists it joins to its own."""
    while True:
        yield setting
        if not setting.head.merges or setting.base is None:
            return
        setting = setting.base


def _value(
    municipality: LoadedMunicipality, record: Mapping[str, object], setting: LoadedSetting, reference: str, name: str
) -> Used:
    root, *path = reference.split(".")
    if root == "registry":
        value = record.get(path[0]) if record else "each host's own"
        return Used(reference, _text(value), _registry(record))
    if root == "municipality":
        return Used(reference, _text(_below(municipality, path)), _place(municipality, *path))
    _, *items = setting.head.for_each.split(".")
    found = _below(municipality, items)
    for index, item in enumerate(found if isinstance(found, list | tuple) else ()):
        if name == f"{setting.id}[{item['name']}]":
            return Used(reference, _text(item[path[0]]), municipality.document.where((*items, index, *path)))
    return Used(reference, "each item's own", municipality.document.where(tuple(items)))


def _place(municipality: LoadedMunicipality, *path: str) -> str:
    """Where a value stands. What is derived stands where it is derived from, in the mapping around it."""
    if path[0] == "choices" and path not in municipality.document.marks:
        return f"{municipality.name} leaves it out: the default"
    return municipality.document.where(path)


def _registry(record: Mapping[str, object]) -> str:
    return str(record.get("url") or "the registry")


def _below(municipality: LoadedMunicipality, path: list[str]) -> object:
    value: object = municipality.values
    for part in path:
        value = value[part] if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
