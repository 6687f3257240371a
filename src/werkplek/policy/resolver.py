"""Decides which settings a host gets: pure functions on candidates. Standard library only, as workers run it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.model import (
    HOLE,
    REGISTRY_FIELDS,
    Candidate,
    Combination,
    EngineCall,
    HostPolicy,
    Part,
    Reach,
    SettingSource,
)

LONGEST_KEY = 255  # characters in a registry key's name (Microsoft, "Registry Element Size Limits")


@dataclass(frozen=True, slots=True)
class ResolvedPolicy:
    """The policy of one combination; holes for the host's own registry values are still open.

    `winners` are in order. `losers` maps an id to the earlier layers' settings that were replaced, earliest first.
    `sources` and `pieces` are per engine: the settings in the order of its request, and that request as text, hole,
    text, ..., text.
    """

    combination: Combination
    winners: tuple[Candidate, ...]
    losers: Mapping[str, tuple[SettingSource, ...]]
    sources: Mapping[str, tuple[SettingSource, ...]]
    pieces: Mapping[str, tuple[str, ...]]

    def for_host(self, registry: Mapping[str, object]) -> HostPolicy:
        """The policy of one host. Raises WerkplekError when its registry record lacks a value that is referred to."""
        problems: list[Problem] = []
        requests = {engine: _filled(pieces, registry, problems) for engine, pieces in self.pieces.items()}
        if problems:
            raise WerkplekError("The host's policy needs values that the registry does not give.", problems)
        calls = {engine: EngineCall(request, self.sources[engine]) for engine, request in requests.items()}
        return HostPolicy(_digest(requests), calls)


def resolve(part: Part, combination: Combination) -> ResolvedPolicy:
    """The settings of `part` that hold for `combination`: of one id the last layer's, in the place of the first.

    Raises WerkplekError when two of them turn out to own the same object on this platform.
    """
    reached = [applies(reach, combination) for reach in part.reaches]
    winning: dict[str, int] = {}
    beaten: dict[str, list[SettingSource]] = {}
    for index, candidate in enumerate(part.candidates):
        if reached[candidate.reach]:
            name = candidate.source.id
            if name in winning:
                beaten.setdefault(name, []).append(part.candidates[winning[name]].source)
            winning[name] = index
    _check_exclusive(part, frozenset(winning.values()), combination)
    winners = tuple(part.candidates[index] for index in winning.values())
    sources, pieces = _requests(part, winners)
    losers = {name: tuple(lost) for name, lost in beaten.items()}
    return ResolvedPolicy(combination, winners, losers, sources, pieces)


def applies(reach: Reach, combination: Combination) -> bool:
    """Whether the OS family and the scope hold for the combination."""
    lineage = combination.platform_lineage
    return (
        reach.family in lineage
        and (not reach.platforms or any(platform in lineage for platform in reach.platforms))
        and (not reach.rings or combination.ring in reach.rings)
        and (not reach.sites or combination.site in reach.sites)
    )


def _check_exclusive(part: Part, winners: frozenset[int], combination: Combination) -> None:
    platform = " < ".join(combination.platform_lineage)
    problems = [
        _contradiction(part.candidates[left].source, part.candidates[right].source, platform)
        for left, right in part.exclusive
        if left in winners and right in winners
    ]
    if problems:
        raise WerkplekError("Settings contradict each other on this platform.", problems)


def _contradiction(one: SettingSource, other: SettingSource, platform: str) -> Problem:
    found = f"'{other.id}', which is about the same object as '{one.id}' ({one.source}) on platform {platform}"
    remedy = "Give them platforms that are not each other's parent."
    return Problem(other.source, found, "one setting for each object on a host", remedy)


def _requests(
    part: Part, winners: tuple[Candidate, ...]
) -> tuple[dict[str, tuple[SettingSource, ...]], dict[str, tuple[str, ...]]]:
    engines = [reach.engine for reach in part.reaches]
    sources: dict[str, list[SettingSource]] = {}
    texts: dict[str, list[str]] = {}
    for source, reach, names, text in winners:
        if text:
            instances = (source,) if names is None else [source._replace(id=name) for name in names]
            sources.setdefault(engines[reach], []).extend(instances)
            texts.setdefault(engines[reach], []).append(text)
    # Together with the texts' sorted keys this is canonical JSON, without a second pass over it.
    whole = {engine: f'{{"schema":1,"settings":[{",".join(parts)}]}}' for engine, parts in texts.items()}
    pieces = {engine: tuple(text.split(HOLE)) for engine, text in whole.items()}
    return {engine: tuple(group) for engine, group in sources.items()}, pieces


def _filled(pieces: tuple[str, ...], registry: Mapping[str, object], problems: list[Problem]) -> str:
    if len(pieces) == 1:
        return pieces[0]
    filled = (_host_value(piece, registry, problems) if index % 2 else piece for index, piece in enumerate(pieces))
    return "".join(filled)


def _host_value(hole: str, registry: Mapping[str, object], problems: list[Problem]) -> str:
    """JSON text (without quotes) of `registry.x`, or of `key:registry.x` where it becomes part of a key's path."""
    name = hole.rpartition(".")[2]
    value = registry.get(name)
    if REGISTRY_FIELDS[name] == "number":
        valid, text, expected = type(value) is int and value >= 0, str(value), "a whole number"
    else:
        valid, text, expected = (
            isinstance(value, str) and value != "",
            json.dumps(value, ensure_ascii=False)[1:-1],
            "text",
        )
        if valid and any(character < " " or character == "\x7f" for character in str(value)):
            valid, expected = False, "one line of text"
    if valid and hole.startswith("key:") and ("\\" in str(value) or len(str(value)) > LONGEST_KEY):
        valid, expected = False, f"a registry key's name: 1 to {LONGEST_KEY} characters, no '\\'"
    if not valid:
        host = registry.get("url") or registry.get("name") or "this host"
        problems.append(Problem(str(host), f"{name} {value!r}", expected, "Mend it in the registry."))
    return text


def _digest(requests: Mapping[str, str]) -> str:
    members = ",".join(f"{json.dumps(engine)}:{requests[engine]}" for engine in sorted(requests))
    return hashlib.sha256(f"{{{members}}}".encode()).hexdigest()
