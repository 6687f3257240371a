"""Decides which settings a host gets: pure functions on candidates. Standard library only, as workers run it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.model import (
    HIDDEN,
    HOLE,
    REGISTRY_FIELDS,
    Candidate,
    Combination,
    EngineCall,
    HostPolicy,
    Part,
    Reach,
    SettingSource,
    Waiver,
)

LONGEST_KEY = 255  # characters in a registry key's name (Microsoft, "Registry Element Size Limits")
CONTROLS = re.compile("[\x00-\x1f\x7f]")
REGISTRY_HOLES = (f"{HOLE}registry.", f"{HOLE}key:registry.")


@dataclass(frozen=True)
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
        values = {hole: _host_value(hole, registry, problems) for hole in self._holes}
        if problems:
            raise WerkplekError("The host's policy needs values that the registry does not give.", problems)
        calls = {engine: EngineCall(self.sources[engine], pieces, values) for engine, pieces in self.pieces.items()}
        return HostPolicy(self._digest(values), calls)

    @cached_property
    def _holes(self) -> tuple[str, ...]:
        holes = (hole for pieces in self.pieces.values() for hole in pieces[1::2] if not hole.startswith(HIDDEN))
        return tuple(dict.fromkeys(holes))

    @cached_property
    def _canonical(self) -> tuple[str, ...]:
        """The text that the digest is over, in pieces; secrets' holes are a part of it."""
        flat = ["{"]
        for number, engine in enumerate(sorted(self.pieces)):
            texts = _joined(self.pieces[engine])
            flat[-1] += f"{',' if number else ''}{json.dumps(engine)}:{texts[0]}"
            flat += texts[1:]
        flat[-1] += "}"
        return tuple(flat)

    @cached_property
    def _begun(self) -> hashlib._Hash:
        """The digest as far as it is the same for all hosts: most of the text, when what differs stands last."""
        return hashlib.sha256(self._canonical[0].encode())

    def _digest(self, values: Mapping[str, str]) -> str:
        digest = self._begun.copy()
        rest = (values[piece] if index % 2 == 0 else piece for index, piece in enumerate(self._canonical[1:]))
        digest.update("".join(rest).encode())
        return digest.hexdigest()


def resolve(part: Part, combination: Combination, today: str = "", host: str = "") -> ResolvedPolicy:
    """The settings of `part` that hold for `combination`: of one id the last layer's, in the place of the first.

    Waivers of `host` (its name) count from their start to their end; `today` is an ISO date. Raises WerkplekError when
    two settings turn out to own the same object on this platform.
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
    winners = _with_waivers([part.candidates[index] for index in winning.values()], part, combination, today, host)
    sources, pieces = _requests(part, winners)
    losers = {name: tuple(lost) for name, lost in beaten.items()}
    return ResolvedPolicy(combination, winners, losers, sources, pieces)


def applies(reach: Reach, combination: Combination) -> bool:
    """Whether the OS family and the scope hold for the combination."""
    lineage = combination.platform_lineage
    return reach.family in lineage and _holds(reach.platforms, reach.rings, reach.sites, combination)


def _holds(platforms: Sequence[str], rings: Sequence[str], sites: Sequence[str], combination: Combination) -> bool:
    return (
        (not platforms or any(platform in combination.platform_lineage for platform in platforms))
        and (not rings or combination.ring in rings)
        and (not sites or combination.site in sites)
    )


def waivers_of(part: Part, combination: Combination, today: str, host: str) -> dict[str, Waiver]:
    """By setting, the waiver that has begun and is for this host; of several the one that ends last."""
    found: dict[str, Waiver] = {}
    for waiver in part.waivers:
        named = not waiver.hosts or host in waiver.hosts
        if named and waiver.start <= today and _holds(waiver.platforms, waiver.rings, waiver.sites, combination):
            for setting in waiver.settings:
                if setting not in found or found[setting].end < waiver.end:
                    found[setting] = waiver
    return found


def _with_waivers(
    winners: Sequence[Candidate], part: Part, combination: Combination, today: str, host: str
) -> tuple[Candidate, ...]:
    waivers = waivers_of(part, combination, today, host)
    if not waivers:
        return tuple(winners)
    return tuple(
        _waived(winner, waivers[winner.source.id], today) if winner.source.id in waivers and winner.text else winner
        for winner in winners
    )


def _waived(winner: Candidate, waiver: Waiver, today: str) -> Candidate:
    if today > waiver.end:
        remark = f"its waiver {waiver.id} ended on {waiver.end}"
        return winner._replace(source=winner.source._replace(remark=remark))
    remark = f"waiver {waiver.id} until {waiver.end}, approved by {waiver.approver}: {waiver.reason}"
    return winner._replace(source=winner.source._replace(remark=remark), text=winner.waived)


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
    part: Part, winners: Iterable[Candidate]
) -> tuple[dict[str, tuple[SettingSource, ...]], dict[str, tuple[str, ...]]]:
    sources: dict[str, list[SettingSource]] = {}
    texts: dict[str, list[str]] = {}
    for engine, winner in _last_what_differs(part, winners):
        source, names = winner.source, winner.names
        sources.setdefault(engine, []).extend([source] if names is None else (source._replace(id=n) for n in names))
        texts.setdefault(engine, []).append(winner.text)
    # Together with the texts' sorted keys this is canonical JSON, without a second pass over it.
    whole = {engine: f'{{"schema":1,"settings":[{",".join(parts)}]}}' for engine, parts in texts.items()}
    pieces = {engine: tuple(text.split(HOLE)) for engine, text in whole.items()}
    return {engine: tuple(group) for engine, group in sources.items()}, pieces


def _last_what_differs(part: Part, winners: Iterable[Candidate]) -> Iterator[tuple[str, Candidate]]:
    """Winners with something to enforce and their engines; those with a host's own values last, for the digest."""
    own: list[tuple[str, Candidate]] = []
    for winner in winners:
        if not winner.text:
            continue
        pair = (part.reaches[winner.reach].engine, winner)
        if HOLE in winner.text and any(hole in winner.text for hole in REGISTRY_HOLES):
            own.append(pair)
        else:
            yield pair
    yield from own


def _joined(pieces: Sequence[str]) -> list[str]:
    """`pieces` with the holes of secrets made a part of the text around them."""
    joined = [pieces[0]]
    for hole, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if hole.startswith(HIDDEN):
            joined[-1] += hole + text
        else:
            joined += [hole, text]
    return joined


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
        if valid and CONTROLS.search(str(value)):
            valid, expected = False, "one line of text"
    if valid and hole.startswith("key:") and ("\\" in str(value) or len(str(value)) > LONGEST_KEY):
        valid, expected = False, f"a registry key's name: 1 to {LONGEST_KEY} characters, no '\\'"
    if not valid:
        host = registry.get("url") or registry.get("name") or "this host"
        problems.append(Problem(str(host), f"{name} {value!r}", expected, "Mend it in the registry."))
    return text
