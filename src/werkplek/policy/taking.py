"""What takes part in a class of a municipality, and what wins there: candidates with the settings they were made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import Candidate
from werkplek.policy.reading import LoadedSetting
from werkplek.policy.resolver import resolve
from werkplek.policy.shapes import Shape, combination

type Place = tuple[str, str]  # id and file:line: settings in YAML's flow style can share a line


def by_place(repository: Repository, group: Group) -> Mapping[Place, LoadedSetting]:
    """The settings that take part in a class and municipality."""
    return {(setting.id, setting.source): setting for setting in repository.taking[group]}


def place_of(candidate: Candidate) -> Place:
    """Which of them a candidate is."""
    return candidate.source.id, candidate.source.source


def winners(repository: Repository, group: Group, among: Sequence[Shape]) -> Iterator[tuple[Shape, Candidate]]:
    """What each shape of a class in a municipality gets, waivers aside."""
    part = repository.parts[group]
    for shape in among:
        for winner in resolve(part, combination(shape, *group)).winners:
            yield shape, winner
