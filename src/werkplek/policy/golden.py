"""The resolved policy of each municipality and class as text, one line per setting: what a pull request changes.

A line is JSON in ASCII: the setting as it is sent to a host, `where` it holds (nothing: everywhere), the `file` that
sets it, and the waivers that name it. Lines and files depend on the policy only: not on the day, the registry, the
order of files or the lines in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import Candidate
from werkplek.policy.reading import LoadedSetting
from werkplek.policy.shapes import Shape, limits, shapes
from werkplek.policy.taking import by_place, place_of, winners
from werkplek.policy.words import wires, written

FOLDER = "tests/golden/policy"


def golden_files(repository: Repository) -> dict[str, str]:
    """Texts by file name relative to the repository, for each municipality and class that has settings."""
    texts = {group: "".join(_lines(repository, group)) for group in repository.parts}
    return {f"{FOLDER}/{slug}/{workplace_class}.jsonl": text for (workplace_class, slug), text in texts.items() if text}


def _lines(repository: Repository, group: Group) -> Iterator[str]:
    every = shapes(repository.parts[group].reaches, group[0])
    having: dict[Candidate, list[Shape]] = {}
    for shape, winner in winners(repository, group, every):
        having.setdefault(winner, []).append(shape)
    settings = by_place(repository, group)
    found = [
        (str(line["id"]), json.dumps({**line, **_where(shaped, every)}, separators=(", ", ": ")))
        for winner, shaped in having.items()
        for line in _of_setting(repository, group, winner, settings[place_of(winner)])
    ]
    return (f"{line}\n" for _, line in sorted(found))


def _of_setting(
    repository: Repository, group: Group, winner: Candidate, setting: LoadedSetting
) -> Iterator[dict[str, object]]:
    waivers = repository.parts[group].waivers
    named = sorted(f"{waiver.id} until {waiver.end}" for waiver in waivers if setting.id in waiver.settings)
    about = {"file": setting.document.name, **({"waivers": named} if named else {})}
    if setting.ignored:
        yield {"id": setting.id, "ignored": True, **about}
    for wire in map(written, wires(winner.text)):
        yield {"id": wire.pop("id"), "setting": wire, **about}


def _where(having: list[Shape], every: tuple[Shape, ...]) -> dict[str, object]:
    found = limits(having, every)
    return {"where": found} if found else {}
