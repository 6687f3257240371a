"""Where a value comes from: for one host or combination, what each layer says of a setting and what decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.controls import Catalogue
from werkplek.policy.documents import Removal
from werkplek.policy.exceptions import IN_FORCE, WaiverStanding, reaches, standings
from werkplek.policy.expansion import Expander
from werkplek.policy.fields import nearest, one_of
from werkplek.policy.loader import Group, Repository
from werkplek.policy.model import Combination, Part
from werkplek.policy.reading import LoadedEntry, LoadedMunicipality, LoadedSetting
from werkplek.policy.reasons import elsewhere, nothing_made, out_of_scope
from werkplek.policy.resolver import resolve
from werkplek.policy.taking import Place, by_place, place_of
from werkplek.policy.used import Used, choices_used, facts_used, joined, values_used
from werkplek.policy.words import Described, described

ENFORCED, WAIVED, IGNORED, NOTHING = "enforced", "waived", "ignored", "not for this host"
WINNER, JOINED, LOSER, NOT_HERE = "winner", "joined", "loser", "not here"


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom: a combination, and one host's name and registry record, or neither. `today` is an ISO date."""

    combination: Combination
    today: str
    host: str = ""
    record: Mapping[str, object] = field(default_factory=dict)

    @property
    def group(self) -> Group:
        """The class and municipality."""
        return self.combination.workplace_class, self.combination.municipality


@dataclass(frozen=True, slots=True)
class Statement:
    """What one entry says of the setting. `says` is sets, overrides, merges, absent or ignore, with its `reason`.

    `role` is winner, joined (the winner's list holds what is left of its own), loser, or not here; `why_not` says why
    it makes nothing. `lines` are the first and the last line of the entry in `file`.
    """

    file: str
    lines: tuple[int, int]
    layer: str
    says: str
    reason: str
    role: str
    why_not: str
    values: tuple[Described, ...]

    @property
    def source(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.lines[0]}"


class Claim(NamedTuple):
    """A control that the setting evidences. `label` (Dutch) and `government` (a measure) are known for BIO2."""

    control: str
    label: str
    government: bool


class Page(NamedTuple):
    """A page that documents the setting; `title` is empty for one that the setting itself names."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one setting for a host or combination.

    `state` is enforced, waived, ignored, or not for this host. `waivers` name the setting and are for this host, begun
    or not, ended or not; the one that ends last is first.
    """

    id: str
    title: str
    note: str
    state: str
    values: tuple[Described, ...]
    statements: tuple[Statement, ...]
    waivers: tuple[WaiverStanding, ...]
    controls: tuple[Claim, ...]
    documents: tuple[Page, ...]
    used: tuple[Used, ...]


def explain(repository: Repository, asked: Asked, name: str) -> Explanation:
    """Explain setting `name` (an id, or one instance `id[item]`). Raises WerkplekError for an unknown name."""
    part = part_of(repository, asked.combination)
    entries = _entries(repository, name)
    base = entries[0].id
    found = (one for one in resolve(part, asked.combination, asked.today, asked.host).winners if one.source.id == base)
    settings = by_place(repository, asked.group)
    won = next((settings[place_of(winner)] for winner in found), None)
    case = _Case(settings, won, repository.municipalities[asked.group[1]], name)
    used = [
        *facts_used(asked.combination, asked.record),
        *choices_used(case.municipality, entries),
        *(values_used(case.municipality, asked.record, won, name) if won else ()),
    ]
    statements = tuple(_statement(case, asked, entry) for entry in entries)
    values = next((statement.values for statement in statements if statement.role == WINNER), ())
    waivers = _waivers(repository, asked, base)
    about = won or next(entry for entry in entries if isinstance(entry, LoadedSetting))
    return Explanation(
        id=name,
        title=about.head.title,
        note=about.head.note,
        state=_state(won, values, waivers),
        values=values,
        statements=statements,
        waivers=waivers,
        controls=tuple(_claim(repository.catalogue, control) for control in about.head.controls),
        documents=_documents(repository.catalogue, about),
        used=tuple(dict.fromkeys(used)),
    )


def part_of(repository: Repository, combination: Combination) -> Part:
    """The part of a combination. Raises WerkplekError for an unknown municipality."""
    name = combination.municipality
    if name not in repository.municipalities:
        known = sorted(repository.municipalities)
        problem = Problem(f"'{name}'", "nothing of that name", one_of(known), nearest(name, known))
        raise WerkplekError("No such policy.", [problem])
    return repository.parts[combination.workplace_class, name]


def _entries(repository: Repository, name: str) -> list[LoadedEntry]:
    """All entries about a setting, in the order of layers. Raises WerkplekError for an unknown setting or instance."""
    base, bracket, _ = name.partition("[")
    every = [entry for layer in repository.layers.values() for entry in layer]
    found = [entry for entry in every if entry.id == base]
    if not found:
        expected = "the id of a setting"
        problem = Problem("policies/", f"no setting '{name}'", expected, nearest(base, {entry.id for entry in every}))
        raise WerkplekError("No such setting.", [problem])
    candidates = (one for part in repository.parts.values() for one in part.candidates if one.source.id == base)
    instances = sorted({instance for one in candidates for instance in one.names or ()})
    if bracket and name not in instances:
        expected = f"'{base}', or one of it for an item of its list" if instances else f"'{base}'"
        problem = Problem(found[0].source, f"no setting '{name}'", expected, nearest(name, instances))
        raise WerkplekError("No such setting.", [problem])
    return found


@dataclass(frozen=True)
class _Case:
    """What the statements about one setting share: what takes part here, what won, and the name that was asked."""

    settings: Mapping[Place, LoadedSetting]
    won: LoadedSetting | None
    municipality: LoadedMunicipality
    name: str


def _statement(case: _Case, asked: Asked, entry: LoadedEntry) -> Statement:
    here = case.settings.get((entry.id, entry.source))
    instances = Expander().expand(here, case.municipality) if here else ()
    words = (described(instance.wire, asked.record) for instance in instances)
    values = tuple(one for one in words if case.name in {entry.id, one.id})
    if here is None:
        role, why_not = NOT_HERE, elsewhere(entry, asked.combination, case.municipality)
    elif why_not := out_of_scope(here, asked.combination):
        role = NOT_HERE
    else:
        role = _role(here, case.won)
        why_not = nothing_made(here, case.name) if here.head.for_each and not here.ignored and not values else ""
    return Statement(
        file=entry.document.name,
        lines=entry.document.lines(entry.path),
        layer=entry.layer,
        says=entry.says or "sets",
        reason=reason_of(entry),
        role=role,
        why_not=why_not,
        values=values,
    )


def _role(here: LoadedSetting, won: LoadedSetting | None) -> str:
    chain = [one.source for one in joined(won)] if won else []
    return LOSER if here.source not in chain else WINNER if here.source == chain[0] else JOINED


def reason_of(entry: LoadedEntry) -> str:
    """Why a later layer says something of an earlier one's setting."""
    head = entry.head
    if isinstance(head, Removal):
        return head.absent or head.ignore
    return head.overrides or head.merges


def _state(won: LoadedSetting | None, values: Sequence[Described], waivers: Sequence[WaiverStanding]) -> str:
    if won and won.ignored:
        return IGNORED
    if not values:
        return NOTHING
    return WAIVED if any(waiver.state == IN_FORCE for waiver in waivers) else ENFORCED


def _waivers(repository: Repository, asked: Asked, base: str) -> tuple[WaiverStanding, ...]:
    """Those that name the setting and are for this host, the one that ends last first."""
    every = (one for one in standings(repository, asked.today) if base in one.entry.settings)
    return tuple(one for one in every if reaches(one.entry.scope, asked.combination, asked.host))[::-1]


def _claim(catalogue: Catalogue, control: str) -> Claim:
    measure = catalogue.bio2.get(control.removeprefix("BIO2:"))
    return Claim(control, measure.label_nl, measure.government) if measure else Claim(control, "", False)


def _documents(catalogue: Catalogue, setting: LoadedSetting) -> tuple[Page, ...]:
    own = (Page("", setting.head.docs),) if setting.head.docs else ()
    sources = catalogue.documents(setting.head.controls)
    return (*own, *(Page(f"{source.title} {source.version}".strip(), source.url) for source in sources))
