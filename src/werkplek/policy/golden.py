"""The resolved policy of each municipality and class as text, one line per setting: what a pull request changes.

A line is canonical JSON: the setting as it is sent to a host, `where` it holds (nothing: everywhere), the `file` that
sets it, and the waivers that name it. Lines and files depend on the policy only: not on the day, the registry or lines
in files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import Candidate, Part
from werkplek.policy.resolver import resolve
from werkplek.policy.shapes import Shape, combination, limits, shapes
from werkplek.policy.words import wires

FOLDER = "tests/golden/policy"


def golden_files(repository: Repository) -> dict[str, str]:
    """Texts by file name relative to the repository, for each municipality and class that has settings."""
    texts = {group: "".join(_lines(part, group)) for group, part in repository.parts.items()}
    return {f"{FOLDER}/{slug}/{workplace_class}.jsonl": text for (workplace_class, slug), text in texts.items() if text}


def _lines(part: Part, group: Group) -> Iterator[str]:
    every = shapes([part], group[0])
    found: dict[tuple[str, str], list[Shape]] = {}  # id and its line without `where` -> the shapes that have it
    for shape in every:
        for winner in resolve(part, combination(shape, *group)).winners:
            for key in _keys(winner, part):
                found.setdefault(key, []).append(shape)
    for (_, line), having in sorted(found.items(), key=lambda entry: entry[0]):
        where = limits(having, every)
        more = {"where": sorted(map(str, having)) if where is None else where} if where != {} else {}
        yield f"{_dumped({**json.loads(line), **more})}\n"


def _keys(winner: Candidate, part: Part) -> Iterator[tuple[str, str]]:
    named = [f"{waiver.id} until {waiver.end}" for waiver in part.waivers if winner.source.id in waiver.settings]
    about = {"file": winner.source.source.rpartition(":")[0], **({"waivers": named} if named else {})}
    if not winner.text and winner.names is None:
        yield winner.source.id, _dumped({"id": winner.source.id, "ignored": True, **about})
    for wire in wires(winner.text):
        yield str(wire["id"]), _dumped({"id": wire.pop("id"), "setting": wire, **about})


def _dumped(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
