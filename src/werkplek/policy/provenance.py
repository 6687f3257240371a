"""Where a value comes from: for one host or combination, what each layer says of a setting and what decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.choices import chosen
from werkplek.policy.documents import Removal
from werkplek.policy.expansion import Expander
from werkplek.policy.fields import nearest
from werkplek.policy.loader import Repository
from werkplek.policy.model import CLASSES, Combination, Part, Reach, Waiver
from werkplek.policy.reading import CLASS_FAMILIES, LoadedEntry, LoadedMunicipality, LoadedSetting
from werkplek.policy.references import references, secrets
from werkplek.policy.resolver import applies, resolve, waivers_of
from werkplek.policy.words import Described, described

ENFORCED, WAIVED, IGNORED, NOTHING = "enforced", "waived", "ignored", "not for this host"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one entry says of the setting. `says` is sets, overrides, merges, absent or ignore, with its `reason`.

    `role` is winner, loser, or empty where it does not apply here; `why_not` then says why. `lines` are the first and
    the last line of the entry in `file`.
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


@dataclass(frozen=True, slots=True)
class Used:
    """A value that the setting refers to: its reference, the value as text, and where it stands."""

    reference: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one setting for a host or combination.

    `state` is enforced, waived, ignored, or not for this host. `waiver` is the one that has begun, whether or not it
    has ended; `waiver_source` is its `file:line`. `documents` are pages that document the setting, as (title, address).
    """

    id: str
    title: str
    note: str
    state: str
    combination: Combination
    host: str
    values: tuple[Described, ...]
    statements: tuple[Statement, ...]
    waiver: Waiver | None
    waiver_source: str
    waiver_ended: bool
    controls: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    used: tuple[Used, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom: a combination, and the host with its registry record where it is one host. `today` is an ISO date."""

    combination: Combination
    today: str
    host: str = ""
    record: Mapping[str, object] | None = None


def explain(repository: Repository, asked: Asked, name: str) -> Explanation:
    """Explain setting `name` (an id, or one instance `id[item]`). Raises WerkplekError for an unknown id."""
    base = name.partition("[")[0]
    entries = [entry for layer in repository.layers.values() for entry in layer if entry.id == base]
    if not entries:
        known = {entry.id for layer in repository.layers.values() for entry in layer}
        problem = Problem("policies/", f"no setting '{name}'", "a setting's id", nearest(base, known))
        raise WerkplekError("No such setting.", [problem])
    group = asked.combination.workplace_class, asked.combination.municipality
    part = part_of(repository, asked.combination)
    resolved = resolve(part, asked.combination, asked.today, asked.host)
    winner = next((candidate for candidate in resolved.winners if candidate.source.id == base), None)
    taking = [setting for setting in repository.taking[group] if setting.id == base]
    won = next((setting for setting in taking if winner and setting.source == winner.source.source), None)
    waiver = waivers_of(part, asked.combination, asked.today, asked.host).get(base) if won else None
    every = (_statement(repository, asked, entry, taking, won) for entry in entries)
    statements = tuple(_about(statement, name) for statement in every)
    about = won or next(entry for entry in entries if isinstance(entry, LoadedSetting))
    values = next((statement.values for statement in statements if statement.role == "winner"), ())
    return Explanation(
        id=name,
        title=about.head.title,
        note=about.head.note,
        state=_state(won, waiver, asked.today),
        combination=asked.combination,
        host=asked.host,
        values=values,
        statements=statements,
        waiver=waiver,
        waiver_source=next((one.source for one in repository.waivers if waiver and one.head.id == waiver.id), ""),
        waiver_ended=bool(waiver and waiver.end < asked.today),
        controls=about.head.controls,
        documents=_documents(repository, about),
        used=(*_facts(asked), *(_used(repository, asked, won, name) if won else ())),
    )


def _about(statement: Statement, name: str) -> Statement:
    """The statement, of one instance where `name` is `id[item]`."""
    if "[" not in name:
        return statement
    return replace(statement, values=tuple(value for value in statement.values if value.id == name))


def part_of(repository: Repository, combination: Combination) -> Part:
    """The part of a combination. Raises WerkplekError for an unknown class or municipality."""
    group = combination.workplace_class, combination.municipality
    if group in repository.parts:
        return repository.parts[group]
    known, name = (
        (sorted(repository.municipalities), combination.municipality)
        if combination.workplace_class in CLASSES
        else (list(CLASSES), combination.workplace_class)
    )
    raise WerkplekError(
        "No such policy.", [Problem(f"'{name}'", "nothing of that name", f"one of: {', '.join(known)}")]
    )


def _state(won: LoadedSetting | None, waiver: Waiver | None, today: str) -> str:
    if won is None:
        return NOTHING
    if won.ignored:
        return IGNORED
    return WAIVED if waiver and today <= waiver.end else ENFORCED


def _statement(
    repository: Repository,
    asked: Asked,
    entry: LoadedEntry,
    taking: Sequence[LoadedSetting],
    won: LoadedSetting | None,
) -> Statement:
    municipality = repository.municipalities[asked.combination.municipality]
    here = next((setting for setting in taking if setting.source == entry.source), None)
    why_not = _elsewhere(entry, asked.combination, municipality) if here is None else _out_of_scope(here, asked)
    instances = Expander().expand(here, municipality) if here else ()
    return Statement(
        file=entry.document.name,
        lines=entry.document.lines(entry.path),
        layer=entry.layer,
        says=entry.says or "sets",
        reason=reason_of(entry),
        role="" if why_not else "winner" if won and won.source == entry.source else "loser",
        why_not=why_not,
        values=tuple(described(instance.wire) for instance in instances),
    )


def reason_of(entry: LoadedEntry) -> str:
    """Why a later layer says something of an earlier one's setting."""
    head = entry.head
    if isinstance(head, Removal):
        return head.absent or head.ignore
    return head.overrides or head.merges


def _elsewhere(entry: LoadedEntry, combination: Combination, municipality: LoadedMunicipality) -> str:
    """Why an entry takes no part in this class and municipality at all."""
    if entry.layer in CLASSES and entry.layer != combination.workplace_class:
        return f"for class {entry.layer}"
    slug = entry.layer.removeprefix("municipality/")
    if slug not in {entry.layer, municipality.slug}:
        return f"for municipality {slug}"
    if not chosen(municipality.choices, entry.on.choice):
        given = municipality.choices
        return "; ".join(
            f"for choice {name}: {', '.join(map(answer_text, wanted))}; here it is {answer_text(given[name])}"
            for name, wanted in entry.on.choice.items()
            if given[name] not in wanted
        )
    families = CLASS_FAMILIES[combination.workplace_class]
    if isinstance(entry, LoadedSetting) and entry.body.family not in families:
        return f"for {entry.body.family}"
    return "no earlier layer sets it here"


def answer_text(value: object) -> str:
    """An answer to a choice as YAML has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _out_of_scope(setting: LoadedSetting, asked: Asked) -> str:
    on, combination = setting.on, asked.combination
    reach = Reach(setting.body.engine, setting.body.family, on.platform, on.ring, on.site)
    if applies(reach, combination):
        return ""
    lineage = " < ".join(combination.platform_lineage)
    checks = (
        ("platform", on.platform or (setting.body.family,), lineage, set(combination.platform_lineage)),
        ("ring", on.ring, combination.ring, {combination.ring}),
        ("site", on.site, combination.site, {combination.site}),
    )
    return "; ".join(
        f"for {name} {', '.join(wanted)}; here it is {found or 'none'}"
        for name, wanted, found, has in checks
        if wanted and not has & set(wanted)
    )


def _documents(repository: Repository, setting: LoadedSetting) -> tuple[tuple[str, str], ...]:
    own = ((setting.head.title, setting.head.docs),) if setting.head.docs else ()
    sources = repository.catalogue.documents(setting.head.controls)
    return (*own, *((f"{source.title} {source.version}".strip(), source.url) for source in sources))


def _facts(asked: Asked) -> Iterator[Used]:
    """The registry's facts that decide which settings a host gets."""
    combination, record = asked.combination, asked.record or {}
    facts = {
        "municipality": combination.municipality,
        "class": combination.workplace_class,
        "platform": " < ".join(combination.platform_lineage),
        "ring": combination.ring,
        "site": combination.site,
    }
    source = str(record.get("url", "as asked"))
    return (Used(name, value or "none", source) for name, value in facts.items())


def _used(repository: Repository, asked: Asked, setting: LoadedSetting, instance: str) -> Iterator[Used]:
    """The choices and values that the setting's meaning depends on, each once."""
    municipality = repository.municipalities[asked.combination.municipality]
    for name in setting.on.choice:
        place = municipality.document.where(("choices", name))
        stands = name in _given(municipality, "choices")
        source = place if stands else f"{municipality.name}: left out, so the default of choices.py"
        yield Used(f"choice {name}", answer_text(municipality.choices[name]), source)
    for reference in dict.fromkeys(reference.source for _, reference, _ in references(setting.body)):
        if reference.startswith("registry."):
            record = asked.record or {}
            value = record.get(reference.removeprefix("registry."), "each host's own")
            yield Used(reference, str(value), str(record.get("url", "the registry")))
        elif reference.startswith("municipality."):
            yield Used(reference, *_municipal(municipality, reference))
        else:
            yield Used(reference, *_of_item(municipality, setting.head.for_each, reference, instance))
    for _, secret in secrets(setting.body):
        day = municipality.secrets.get(secret.name, "")
        place = municipality.document.where(("secrets", secret.name))
        yield Used(str(secret), f"last changed {day}", place)


def _municipal(municipality: LoadedMunicipality, reference: str) -> tuple[str, str]:
    value: object = {"municipality": municipality.values}
    for part in reference.split("."):
        value = value[part] if isinstance(value, Mapping) else None
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text, municipality.document.where(_path(reference))


def _of_item(municipality: LoadedMunicipality, for_each: str, reference: str, instance: str) -> tuple[str, str]:
    """The value of `item.x` for the instance `id[name]`, and where that item stands; in words for all instances."""
    items: object = {"municipality": municipality.values}
    for part in for_each.split("."):
        items = items[part] if isinstance(items, Mapping) else None
    name = instance.partition("[")[2].removesuffix("]")
    for index, item in enumerate(items if isinstance(items, list | tuple) else ()):
        if item["name"] == name:
            return str(item[_path(reference)[0]]), municipality.document.where((*_path(for_each), index))
    return "each item's own", municipality.document.where(_path(for_each))


def _path(reference: str) -> tuple[str, ...]:
    return tuple(reference.split(".")[1:])


def _given(municipality: LoadedMunicipality, name: str) -> Mapping[str, object]:
    data = municipality.document.data
    section = data.get(name) if isinstance(data, dict) else None
    return section if isinstance(section, dict) else {}
