"""What the policies say of one class: subjects, kinds, choices, and the numbers of BIO2 that they evidence.

Subjects and kinds count settings as they are written, with those for every answer to a choice; a setting that stands
for each printer of a municipality is one. Evidence counts what is enforced in some municipality.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotated_types import Ge, Le

from werkplek.policy.choices import Choices, answers
from werkplek.policy.controls import Source
from werkplek.policy.coverage import coverage
from werkplek.policy.loader import Repository
from werkplek.policy.model import FAMILIES
from werkplek.policy.reading import CLASS_FAMILIES, LoadedEntry, LoadedSetting
from werkplek.policy.references import references

CHOICE = "municipality.choices."  # how `{from: ...}` names one


@dataclass(frozen=True, slots=True)
class Subject:
    """A policy file: what its first comment says it is about, and its settings per OS family.

    `sources` are those of the controls that its settings serve, `choices` those that its settings depend on.
    """

    file: str
    about: str
    settings: Mapping[str, int]
    sources: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice, and the municipalities (by name) whose answer is not the default."""

    name: str
    about: str
    answers: tuple[object, ...]  # empty: a number between `least` and `most`
    least: int
    most: int
    default: object
    otherwise: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A number of BIO2 with its Dutch label, whether it is a government measure, and how many settings evidence it."""

    number: str
    label: str
    government: bool
    settings: int


@dataclass(frozen=True, slots=True)
class ClassPolicy:
    """Everything that the README of a class's role tells of its policy.

    `settings` and `kinds` count ids: by OS family, and by kind and family. `sources` are all that `subjects` name;
    one that policies/controls/sources.csv does not list has no title. `listed` is the number of numbers of BIO2.
    """

    workplace_class: str
    settings: Mapping[str, int]
    kinds: Mapping[tuple[str, str], int]
    subjects: tuple[Subject, ...]
    choices: tuple[Choice, ...]
    evidence: tuple[Evidence, ...]
    listed: int
    sources: tuple[Source, ...]


def summarise(repository: Repository, contents: Mapping[str, bytes], workplace_class: str) -> ClassPolicy:
    """The policy of a class. `contents` are the policy files by name, for the comments in them."""
    entries = _entries(repository, workplace_class)
    ids = {(entry.id, setting.kind, setting.body.family) for entry, setting in entries}
    subjects = tuple(_subjects(entries, contents))
    prefixes = sorted({source for subject in subjects for source in subject.sources})
    evidence = tuple(_evidence(repository, workplace_class))
    return ClassPolicy(
        workplace_class=workplace_class,
        settings=_by_family(family for _, family in {(name, family) for name, _, family in ids}),
        kinds=dict(sorted(Counter((kind, family) for _, kind, family in ids).items())),
        subjects=subjects,
        choices=tuple(_choices(repository, {name for subject in subjects for name in subject.choices})),
        evidence=evidence,
        listed=len(repository.catalogue.bio2),
        sources=tuple(_source(repository, prefix) for prefix in prefixes),
    )


type Entries = Sequence[tuple[LoadedEntry, LoadedSetting]]


def _entries(repository: Repository, workplace_class: str) -> Entries:
    """All entries for a class, each with the setting that it is or speaks of, by file and line."""
    families = CLASS_FAMILIES[workplace_class]
    earlier: dict[str, LoadedSetting] = {}
    found: list[tuple[LoadedEntry, LoadedSetting]] = []
    layers = ["baseline", workplace_class, *(f"municipality/{slug}" for slug in sorted(repository.municipalities))]
    for layer in layers:
        for entry in repository.layers.get(layer, ()):
            setting = entry if isinstance(entry, LoadedSetting) else earlier.get(entry.id)
            if setting is None or setting.body.family not in families or (entry.says and entry.id not in earlier):
                continue  # for another class
            found.append((entry, setting))
            if not layer.startswith("municipality/"):
                earlier[entry.id] = setting
    return found


def _by_family(families: Iterator[str]) -> Mapping[str, int]:
    count = Counter(families)
    return {family: count[family] for family in FAMILIES if family in count}


def _subjects(entries: Entries, contents: Mapping[str, bytes]) -> Iterator[Subject]:
    for file in dict.fromkeys(entry.document.name for entry, _ in entries):
        here = [(entry, setting) for entry, setting in entries if entry.document.name == file]
        settings = [setting for entry, setting in here if entry is setting]
        yield Subject(
            file=file,
            about=_about(contents[file].decode(), file),
            settings=_by_family(setting.body.family for _, setting in here),
            sources=tuple(sorted({control.partition(":")[0] for one in settings for control in one.head.controls})),
            choices=tuple(sorted({name for entry, setting in here for name in _decided_by(entry, setting)})),
        )


def _about(text: str, file: str) -> str:
    """The first sentence of the comment that a file begins with, without its full stop; else words of its name."""
    lines = text.removeprefix("---\n").splitlines()
    end = next((index for index, line in enumerate(lines) if not line.startswith("# ")), len(lines))
    comment = " ".join(line.removeprefix("# ").strip() for line in lines[:end])
    sentence = re.split(r"\.\s+(?=[A-Z])", comment)[0].removesuffix(".")
    return sentence or file.rsplit("/", 1)[-1].removesuffix(".yml").replace("_", " ").capitalize()


def _decided_by(entry: LoadedEntry, setting: LoadedSetting) -> Iterator[str]:
    yield from entry.on.choice
    if entry is setting:
        for _, reference, _ in references(setting.body):
            if reference.source.startswith(CHOICE):
                yield reference.source.removeprefix(CHOICE)


def _choices(repository: Repository, names: set[str]) -> Iterator[Choice]:
    for name in sorted(names):
        field = Choices.model_fields[name]
        found = [(str(one.values["name"]), one.choices[name]) for one in repository.municipalities.values()]
        yield Choice(
            name=name,
            about=field.description or "",
            answers=answers(name),
            least=next((int(str(one.ge)) for one in field.metadata if isinstance(one, Ge)), 0),
            most=next((int(str(one.le)) for one in field.metadata if isinstance(one, Le)), 0),
            default=field.default,
            otherwise=tuple(sorted((who, answer) for who, answer in found if answer != field.default)),
        )


def _evidence(repository: Repository, workplace_class: str) -> Iterator[Evidence]:
    parts = {group: part for group, part in repository.parts.items() if group[0] == workplace_class}
    for source in coverage(replace(repository, parts=parts)):
        for control in source.controls if source.prefix == "BIO2" else ():
            if control.settings:
                number = control.control.removeprefix("BIO2:")
                yield Evidence(number, control.label, control.government, len(control.settings))


def _source(repository: Repository, prefix: str) -> Source:
    return repository.catalogue.sources.get(prefix) or Source(prefix, "", "", "", documents_settings=False)
