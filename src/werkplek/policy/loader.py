"""From files to a checked repository: layers of settings, municipalities, and what each class gets in each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from werkplek.enforcement.secrets import variable_name
from werkplek.errors import Problem, WerkplekError
from werkplek.policy.controls import CONTROL_FILES, Catalogue, read_catalogue
from werkplek.policy.expansion import Expander, Instance, observed
from werkplek.policy.layering import LAYERS, id_problems, taking_part
from werkplek.policy.model import CLASSES, Candidate, Part, Reach, SettingSource
from werkplek.policy.overlap import clashes, replaced
from werkplek.policy.planning import plan_problems, plans_of
from werkplek.policy.plans import Plan
from werkplek.policy.reading import (
    LoadedEntry,
    LoadedMunicipality,
    LoadedSetting,
    read_municipality,
    read_settings,
)
from werkplek.policy.sources import read_sources
from werkplek.policy.waivers import (
    WAIVERS_FILE,
    LoadedWaiver,
    budget_problems,
    read_waivers,
    waiver_problems,
    waivers_for,
)
from werkplek.policy.yaml_source import Document, parse_yaml

SECRETS_FOLDER = "municipalities/secrets/"
ENCRYPTED = b"$ANSIBLE_VAULT;"

type Group = tuple[str, str]  # class, municipality slug


@dataclass(frozen=True)
class Repository:
    """A checked repository. `layers` maps `baseline`, a class or `municipality/<slug>` to its entries.

    Per (class, municipality slug), `taking` holds the settings that can apply there, in layer order, and `parts` the
    same in the form that hosts are resolved from: of both, candidate and setting have the same index. `plans` are the
    VLAN plans by municipality.
    """

    layers: Mapping[str, Sequence[LoadedEntry]]
    municipalities: Mapping[str, LoadedMunicipality]
    waivers: Sequence[LoadedWaiver]
    catalogue: Catalogue
    taking: Mapping[Group, Sequence[LoadedSetting]]
    parts: Mapping[Group, Part]
    plans: Mapping[str, Plan]


def load_repository(root: Path, today: str = "") -> Repository:
    """Read and check policies/ and municipalities/ below `root`. Raises WerkplekError with every problem found.

    `today` (an ISO date, by default today in UTC) is what waivers and their budgets are counted on.
    """
    return build_repository(read_sources(root), today)


def build_repository(sources: Mapping[str, bytes], today: str = "") -> Repository:
    """As `load_repository`, from contents by relative file name."""
    problems: list[Problem] = []
    catalogue = read_catalogue(sources, problems)
    municipalities = _municipalities(sources, problems)
    layers = _layers(sources, catalogue, problems)
    waivers = [
        waiver for document in _parsed(sources, WAIVERS_FILE, problems) for waiver in read_waivers(document, problems)
    ]
    problems += _unknown_municipalities(layers, sources)
    problems += _secret_problems(municipalities)
    problems += plan_problems(municipalities.values())
    problems += id_problems(layers, complete=not problems)
    taking = {
        (workplace_class, slug): list(taking_part(layers, workplace_class, municipality, problems))
        for slug, municipality in municipalities.items()
        for workplace_class in CLASSES
    }
    problems += _ignored_measures(taking, catalogue)
    if not problems:  # a setting in a broken file would seem to be missing
        problems += waiver_problems(waivers, municipalities, taking, catalogue)
        problems += budget_problems(waivers, municipalities, today or today_utc())
    assembly = _Assembly(Expander(), waivers, problems)
    parts = {group: assembly.part(group, settings, municipalities[group[1]]) for group, settings in taking.items()}
    problems += assembly.expander.problems
    if problems:
        count = len(problems := sorted(set(problems), key=_place))
        raise WerkplekError(f"The policy repository has {count} problem{'s' * (count > 1)}.", problems)
    return Repository(layers, municipalities, waivers, catalogue, taking, parts, plans_of(municipalities))


def today_utc() -> str:
    """Today's ISO date in UTC: waivers begin and end with that day."""
    return datetime.now(UTC).date().isoformat()


def _place(problem: Problem) -> tuple[str, tuple[int, ...], str]:
    place = re.search(r"(:\d+)*$", problem.where)
    numbers = place[0] if place else ""
    name = problem.where.removesuffix(numbers)
    return name, tuple(int(number) for number in numbers.split(":") if number), problem.found


def _parsed(sources: Mapping[str, bytes], name: str, problems: list[Problem]) -> Iterator[Document]:
    if name in sources:
        document, complaints = parse_yaml(sources[name], name)
        problems.extend(complaints)
        if document:
            yield document


def _municipalities(sources: Mapping[str, bytes], problems: list[Problem]) -> dict[str, LoadedMunicipality]:
    found: dict[str, LoadedMunicipality] = {}
    for name in sources:
        if not name.startswith("municipalities/") or name.endswith("README.md"):
            continue
        if name.startswith(SECRETS_FOLDER):
            problems.extend(_secret_file_problems(name, sources))
        elif name.count("/") > 1 or not name.endswith(".yml"):
            problems.append(Problem(name, "a file that is not read", "municipalities/<slug>.yml"))
        else:
            for document in _parsed(sources, name, problems):
                if municipality := read_municipality(document, problems):
                    found[municipality.slug] = municipality
    return found


def _secret_file_problems(name: str, sources: Mapping[str, bytes]) -> Iterator[Problem]:
    slug = name.removeprefix(SECRETS_FOLDER).removesuffix(".yml")
    if f"municipalities/{slug}.yml" not in sources or not name.endswith(".yml"):
        yield Problem(
            name, "a file that is not read", f"{SECRETS_FOLDER}<slug>.yml, for a municipality with a document"
        )
    if not sources[name].startswith(ENCRYPTED):
        remedy = f"Run: ansible-vault encrypt {name}. If it was ever committed so, change every secret in it."
        yield Problem(name, "a file in clear text", "a file that ansible-vault encrypted", remedy)


def _secret_problems(municipalities: Mapping[str, LoadedMunicipality]) -> Iterator[Problem]:
    """Secrets that share an environment variable: a value of one municipality could reach another's hosts."""
    seen: dict[str, str] = {}
    for slug, municipality in municipalities.items():
        for name in municipality.secrets:
            variable, place = variable_name(slug, name), municipality.document.where(("secrets", name))
            if (first := seen.setdefault(variable, place)) != place:
                yield Problem(place, f"'{name}' with the variable {variable}, as {first} has", "a name of its own")


def _layers(
    sources: Mapping[str, bytes], catalogue: Catalogue, problems: list[Problem]
) -> dict[str, list[LoadedEntry]]:
    layers: dict[str, list[LoadedEntry]] = {layer: [] for layer in LAYERS[:-1]}
    for name in sources:
        layer = _layer_of(name, problems)
        for document in _parsed(sources, name, problems) if layer else ():
            layers.setdefault(layer, []).extend(read_settings(document, layer, catalogue, problems))
    return layers


def _layer_of(name: str, problems: list[Problem]) -> str:
    """Layer of a file; empty for what holds no settings."""
    folder, _, rest = name.removeprefix("policies/").partition("/")
    other = name in {*CONTROL_FILES, WAIVERS_FILE} or name.endswith("README.md")
    if not name.startswith("policies/") or other:
        return ""
    if folder not in LAYERS or not rest:
        problems.append(Problem(name, "a file outside the layers", "a folder below policies: " + ", ".join(LAYERS)))
        return ""
    if not rest.endswith(".yml") or (folder == "municipality" and "/" in rest):
        expected = "policies/municipality/<slug>.yml" if folder == "municipality" else "a name that ends with .yml"
        problems.append(Problem(name, "a file that is not read", expected))
        return ""
    return f"municipality/{rest.removesuffix('.yml')}" if folder == "municipality" else folder


def _unknown_municipalities(layers: Mapping[str, object], sources: Mapping[str, bytes]) -> Iterator[Problem]:
    for layer in layers:
        slug = layer.removeprefix("municipality/")
        if slug != layer and f"municipalities/{slug}.yml" not in sources:
            expected = f"a municipality document municipalities/{slug}.yml"
            yield Problem(f"policies/{layer}.yml", "settings of an unknown municipality", expected)


def _ignored_measures(taking: Mapping[Group, Sequence[LoadedSetting]], catalogue: Catalogue) -> Iterator[Problem]:
    """Settings that are ignored for ever although they evidence a government measure: a waiver without an end."""
    for setting in (setting for settings in taking.values() for setting in settings if setting.ignored):
        measures = catalogue.government(setting.head.controls)
        if measures and setting.removal and not setting.removal.not_applicable_because:
            found = f"'{setting.id}' ignored, which evidences the government measure {', '.join(measures)}"
            expected = "not_applicable_because: <why the measure does not apply> (BIO2, chapter 12)"
            yield Problem(setting.where("ignore"), found, expected, "Or write a waiver, with an end.")


@dataclass(frozen=True)
class _Assembly:
    """What all parts are made with. `problems` collects."""

    expander: Expander
    waivers: Sequence[LoadedWaiver]
    problems: list[Problem]

    def part(self, group: Group, settings: Sequence[LoadedSetting], municipality: LoadedMunicipality) -> Part:
        """The candidates of a class in a municipality."""
        gone = replaced(settings)  # their references need not resolve
        expanded = [() if i in gone else self.expander.expand(s, municipality) for i, s in enumerate(settings)]
        placed = [(i, settings[i], instance) for i, instances in enumerate(expanded) for instance in instances]
        found, apart = clashes(placed)
        self.problems.extend(found)
        here = waivers_for(self.waivers, *group)
        waived = {name for waiver in here for name in waiver.settings}
        reaches: dict[Reach, int] = {}
        candidates = tuple(
            _candidate(setting, instances, reaches, waived=setting.id in waived)
            for setting, instances in zip(settings, expanded, strict=True)
        )
        return Part(tuple(reaches), candidates, tuple(apart), here)


def _candidate(
    setting: LoadedSetting, instances: Sequence[Instance], reaches: dict[Reach, int], *, waived: bool
) -> Candidate:
    head, on, body = setting.head, setting.on, setting.body
    reach = Reach(body.engine, body.family, on.platform, on.ring, on.site)
    return Candidate(
        source=SettingSource(head.id, setting.source, setting.layer),
        reach=reaches.setdefault(reach, len(reaches)),
        names=tuple(instance.id for instance in instances) if head.for_each else None,
        text=",".join(instance.template for instance in instances),
        waived=",".join(observed(instance) for instance in instances) if waived else "",
    )
