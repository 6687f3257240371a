"""The files that the README of a role is made of, and roles read from them. What else is in a role is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, ValidationError

from werkplek.documentation.ansible_yaml import parse_ansible
from werkplek.documentation.argument_specs import MAIN, EntryPoint, read_entry_points
from werkplek.documentation.role_defaults import default_problems
from werkplek.documentation.role_uses import Use, mentions, uses_in
from werkplek.enforcement import ENFORCING
from werkplek.errors import Problem, WerkplekError
from werkplek.policy.diagnosis import explain
from werkplek.policy.fields import AS_TUPLE, not_empty, one_of
from werkplek.policy.model import CLASSES
from werkplek.policy.sources import read_files
from werkplek.policy.yaml_source import Document

PATTERNS = ("roles/*/meta/*.yml", "roles/*/defaults/main.yml", "roles/*/tasks/**/*.yml", "playbooks/*.yml")


class _Meta(BaseModel):
    """What of `meta/main.yml` is told; the rest is Galaxy's. Keys: docs.ansible.com, "Galaxy, role metadata"."""

    model_config = ConfigDict(strict=True, frozen=True)


class PlatformSpec(_Meta):
    """A platform of `meta/main.yml`."""

    name: str
    versions: Annotated[tuple[str, ...], AS_TUPLE, not_empty("version")]


class GalaxySpec(_Meta):
    """`galaxy_info` of `meta/main.yml`."""

    platforms: Annotated[tuple[PlatformSpec, ...], AS_TUPLE, not_empty("platform")]
    min_ansible_version: str


class MetaSpec(_Meta):
    """`meta/main.yml`."""

    galaxy_info: GalaxySpec


@dataclass(frozen=True, slots=True)
class Platform:
    """An operating system that a role runs on, and its versions (`all`, or names)."""

    name: str
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A role as its own files and the playbooks tell it. `workplace_class` is whose policy it enforces, else empty."""

    name: str
    entry_points: tuple[EntryPoint, ...]
    platforms: tuple[Platform, ...]
    ansible: str
    uses: tuple[Use, ...]
    workplace_class: str


@dataclass(frozen=True, slots=True)
class RoleFiles:
    """Names of the roles, and contents by file name relative to the repository."""

    names: tuple[str, ...]
    contents: Mapping[str, bytes]


def read_role_files(root: Path) -> RoleFiles:
    """Every folder below roles/ that is not hidden is a role. Raises WerkplekError where a file cannot be read."""
    folders = sorted(path for path in root.glob("roles/*") if path.is_dir() and not path.name.startswith("."))
    names = sorted({path.relative_to(root).as_posix() for pattern in PATTERNS for path in root.glob(pattern)})
    problems: list[Problem] = []
    if not folders:
        problems.append(Problem("roles/", "no role", f"a folder for each role in {root / 'roles'}"))
    contents = read_files(str(root), names, problems)
    if problems:
        raise WerkplekError("The roles cannot be read.", problems)
    return RoleFiles(tuple(folder.name for folder in folders), contents)


def read_roles(files: RoleFiles) -> tuple[Role, ...]:
    """The checked roles. Raises WerkplekError with every problem found."""
    problems: list[Problem] = []
    documents = dict(_documents(files.contents, problems))
    uses = [use for name, document in documents.items() for use in uses_in(document, files.contents[name].decode())]
    reader = _Reader(documents, uses, problems)
    roles = [reader.role(name) for name in files.names]
    if problems:
        count = len(problems)
        raise WerkplekError(f"The roles have {count} problem{'s' * (count > 1)}.", problems)
    return tuple(role for role in roles if role)


def _documents(contents: Mapping[str, bytes], problems: list[Problem]) -> Iterator[tuple[str, Document]]:
    for name, content in contents.items():
        document, complaints = parse_ansible(content, name)
        problems += complaints
        if document:
            yield name, document


@dataclass(frozen=True)
class _Reader:
    """What all roles are read with. `problems` collects."""

    documents: Mapping[str, Document]
    uses: Sequence[Use]
    problems: list[Problem]

    def role(self, name: str) -> Role | None:
        specs = self._needed(f"roles/{name}/meta/argument_specs.yml", f"argument_specs: with the entry point '{MAIN}'")
        meta = self._meta(f"roles/{name}/meta/main.yml")
        entry_points = self._entry_points(name, specs) if specs else ()
        workplace_class = self._class_of(name)
        if not entry_points or meta is None:
            return None
        return Role(
            name=name,
            entry_points=entry_points,
            platforms=tuple(Platform(one.name, one.versions) for one in meta.platforms),
            ansible=meta.min_ansible_version,
            uses=tuple(use for use in self.uses if use.role == name),
            workplace_class=workplace_class,
        )

    def _needed(self, name: str, expected: str) -> Document | None:
        if name not in self.documents and not any(problem.where.startswith(name) for problem in self.problems):
            self.problems.append(Problem(name, "no such file", expected))
        return self.documents.get(name)

    def _meta(self, name: str) -> GalaxySpec | None:
        document = self._needed(name, "galaxy_info: with platforms and min_ansible_version")
        if document is None:
            return None
        try:
            return MetaSpec.model_validate(document.data).galaxy_info
        except ValidationError as error:
            self.problems.extend(explain(error, document, (), MetaSpec))
            return None

    def _entry_points(self, role: str, specs: Document) -> tuple[EntryPoint, ...]:
        before = len(self.problems)
        found = read_entry_points(specs, self.problems)
        for name in (entry.name for entry in found):
            tasks = f"roles/{role}/tasks/{name}.yml"
            if tasks not in self.documents:
                place = specs.where(("argument_specs", name), key=True)
                self.problems.append(Problem(place, f"the entry point '{name}'", f"its tasks in {tasks}"))
        if len(self.problems) == before:
            defaults = f"roles/{role}/defaults/main.yml"
            self.problems.extend(default_problems(specs, self.documents.get(defaults), defaults))
        return found

    def _class_of(self, role: str) -> str:
        """The class whose policy the role enforces: it is named like that. Empty where it enforces none."""
        for name, document in self.documents.items():
            used = [action for action in ENFORCING if mentions(document.data, action)]
            if name.startswith(f"roles/{role}/tasks/") and used:
                if role not in CLASSES:
                    found = f"{used[0]} in the role '{role}'"
                    self.problems.append(Problem(name, found, f"it in a role named like its class, {one_of(CLASSES)}"))
                return role
        return ""
