"""The whole policy of a host or combination as rows: what `werkplek policy show` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkplek.policy.loader import Repository
from werkplek.policy.model import Candidate
from werkplek.policy.provenance import ENFORCED, IGNORED, WAIVED, Asked, part_of
from werkplek.policy.resolver import resolve
from werkplek.policy.words import described, wires


@dataclass(frozen=True, slots=True)
class Row:
    """One instance of a setting. `state` is enforced, waived or ignored; `remark` is about its waiver."""

    id: str
    title: str
    what: str
    value: str
    state: str
    source: str
    layer: str
    remark: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All rows, in the order of the policy. `digest` is the host's; empty for a combination with hosts' own values."""

    rows: tuple[Row, ...]
    digest: str


def listing(repository: Repository, asked: Asked) -> Listing:
    """The policy of `asked`. Raises WerkplekError for an unknown class or municipality, or a missing registry value."""
    part = part_of(repository, asked.combination)
    resolved = resolve(part, asked.combination, asked.today, asked.host)
    own_values = any(hole for pieces in resolved.pieces.values() for hole in pieces[1::2] if "registry." in hole)
    digest = "" if own_values and asked.record is None else resolved.for_host(asked.record or {}).digest
    group = asked.combination.workplace_class, asked.combination.municipality
    titles = {setting.source: setting.head.title for setting in repository.taking[group]}
    ignored = {setting.source for setting in repository.taking[group] if setting.ignored}
    rows = (row for winner in resolved.winners for row in _rows(winner, titles[winner.source.source], ignored))
    return Listing(tuple(rows), digest)


def _rows(winner: Candidate, title: str, ignored: set[str]) -> Iterator[Row]:
    source = winner.source
    if source.source in ignored:
        yield Row(source.id, title, "", "", IGNORED, source.source, source.layer, source.remark)
    state = WAIVED if winner.text and winner.text == winner.waived else ENFORCED
    for wire in wires(winner.text):
        words = described(wire)
        yield Row(words.id, title, words.what, words.value, state, source.source, source.layer, source.remark)
