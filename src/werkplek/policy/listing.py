"""The whole policy of a host or combination as rows: what `werkplek policy show` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkplek.policy.loader import Repository
from werkplek.policy.model import Candidate
from werkplek.policy.provenance import ENFORCED, IGNORED, WAIVED, Asked, part_of
from werkplek.policy.reading import LoadedSetting
from werkplek.policy.resolver import resolve
from werkplek.policy.taking import by_place, place_of
from werkplek.policy.words import described, wires


@dataclass(frozen=True, slots=True)
class Row:
    """One instance of a setting. `state` is enforced, waived or ignored.

    `what` is the object on the host and `value` what it should be, both empty where the setting is ignored; `remark`
    says why it is waived or ignored, or that its waiver has ended. `source` is `file:line`.
    """

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
    """All rows, in the order of the layers.

    `digest` is the host's (see `HostPolicy`), or the combination's where no setting holds a host's own value; else it
    is empty.
    """

    rows: tuple[Row, ...]
    digest: str


def listing(repository: Repository, asked: Asked) -> Listing:
    """The policy of `asked`. Raises WerkplekError for an unknown municipality, or a missing registry value."""
    part = part_of(repository, asked.combination)
    resolved = resolve(part, asked.combination, asked.today, asked.host)
    own_values = any(hole for pieces in resolved.pieces.values() for hole in pieces[1::2] if "registry." in hole)
    digest = "" if own_values and not asked.host else resolved.for_host(asked.record).digest
    settings = by_place(repository, asked.group)
    rows = (row for winner in resolved.winners for row in _rows(winner, settings[place_of(winner)], asked.record))
    return Listing(tuple(rows), digest)


def _rows(winner: Candidate, setting: LoadedSetting, record: Mapping[str, object]) -> Iterator[Row]:
    source, title = winner.source, setting.head.title
    if setting.ignored and setting.removal:
        yield Row(setting.id, title, "", "", IGNORED, source.source, source.layer, setting.removal.ignore)
    state = WAIVED if winner.text == winner.waived else ENFORCED
    for wire in wires(winner.text):
        name, what, value = described(wire, record)
        yield Row(name, title, what, value, state, source.source, source.layer, source.remark)
