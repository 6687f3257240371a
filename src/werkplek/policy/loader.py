"""From files to a checked repository: layers of settings, municipalities, and what each class gets in each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.controls import BIO2_FILE, bio2_numbers
from werkplek.policy.expansion import Expander, Instance
from werkplek.policy.model import CLASSES, Candidate, Part, Reach, SettingSource
from werkplek.policy.overlap import clashes, covers
from werkplek.policy.reading import (
    CLASS_FAMILIES,
    LoadedMunicipality,
    LoadedSetting,
    read_municipality,
    read_settings,
)
from werkplek.policy.sources import read_sources
from werkplek.policy.yaml_source import parse_yaml

LAYERS = ("baseline", *CLASSES, "municipality")


@dataclass(frozen=True)
class Repository:
    """A checked repository. `layers` maps `baseline`, a class or `municipality/<slug>` to its settings.

    `parts` holds, per (class, municipality slug), everything that can apply there, in layer order.
    """

    layers: Mapping[str, Sequence[LoadedSetting]]
    municipalities: Mapping[str, LoadedMunicipality]
    parts: Mapping[tuple[str, str], Part]


def load_repository(root: Path) -> Repository:
    """Read and check policies/ and municipalities/ below `root`. Raises WerkplekError with every problem found."""
    return build_repository(read_sources(root))


def build_repository(sources: Mapping[str, bytes]) -> Repository:
    """As `load_repository`, from contents by relative file name."""
    problems: list[Problem] = []
    municipalities = _municipalities(sources, problems)
    layers = _layers(sources, problems)
    for layer in layers:
        slug = layer.removeprefix("municipality/")
        if slug != layer and f"municipalities/{slug}.yml" not in sources:
            expected = f"a municipality document municipalities/{slug}.yml"
            problems.append(Problem(f"policies/{layer}.yml", "settings of an unknown municipality", expected))
    problems += _id_problems(layers, complete=not problems)
    parts = _parts(layers, municipalities, problems)
    if problems:
        count = len(problems := sorted(set(problems), key=_place))
        raise WerkplekError(f"The policy repository has {count} problem{'s' * (count > 1)}.", problems)
    return Repository(layers, municipalities, parts)


def _place(problem: Problem) -> tuple[str, tuple[int, ...], str]:
    place = re.search(r"(:\d+)*$", problem.where)
    numbers = place[0] if place else ""
    name = problem.where.removesuffix(numbers)
    return name, tuple(int(number) for number in numbers.split(":") if number), problem.found


def _municipalities(sources: Mapping[str, bytes], problems: list[Problem]) -> dict[str, LoadedMunicipality]:
    found: dict[str, LoadedMunicipality] = {}
    for name, content in sources.items():
        if not name.startswith("municipalities/") or name.endswith("README.md"):
            continue
        if name.count("/") > 1 or not name.endswith(".yml"):
            problems.append(Problem(name, "a file that is not read", "municipalities/<slug>.yml"))
            continue
        document, complaints = parse_yaml(content, name)
        problems.extend(complaints)
        if document and (municipality := read_municipality(document, problems)):
            found[municipality.slug] = municipality
    return found


def _layers(sources: Mapping[str, bytes], problems: list[Problem]) -> dict[str, list[LoadedSetting]]:
    bio2 = bio2_numbers(sources, problems)
    layers: dict[str, list[LoadedSetting]] = {layer: [] for layer in LAYERS[:-1]}
    for name, content in sources.items():
        layer = _layer_of(name, problems)
        if not layer:
            continue
        document, complaints = parse_yaml(content, name)
        problems.extend(complaints)
        if document:
            layers.setdefault(layer, []).extend(read_settings(document, layer, bio2, problems))
    return layers


def _layer_of(name: str, problems: list[Problem]) -> str:
    """Layer of a file; empty for what holds no settings."""
    folder, _, rest = name.removeprefix("policies/").partition("/")
    if not name.startswith("policies/") or name == BIO2_FILE or name.endswith("README.md"):
        return ""
    if folder not in LAYERS or not rest:
        problems.append(Problem(name, "a file outside the layers", "a folder below policies: " + ", ".join(LAYERS)))
        return ""
    if not rest.endswith(".yml") or (folder == "municipality" and "/" in rest):
        expected = "policies/municipality/<slug>.yml" if folder == "municipality" else "a name that ends with .yml"
        problems.append(Problem(name, "a file that is not read", expected))
        return ""
    return f"municipality/{rest.removesuffix('.yml')}" if folder == "municipality" else folder


def _earlier(layers: Mapping[str, Sequence[LoadedSetting]], layer: str) -> Iterator[LoadedSetting]:
    """Settings of the layers that come before `layer` on some host."""
    names = [] if layer == "baseline" else ["baseline"] if layer in CLASSES else ["baseline", *CLASSES]
    return (setting for name in names for setting in layers[name])


def _id_problems(layers: Mapping[str, Sequence[LoadedSetting]], *, complete: bool) -> Iterator[Problem]:
    """Problems with ids. What is missing is only said when all files could be read: it may stand in a broken one."""
    for layer, settings in layers.items():
        before: dict[str, LoadedSetting] = {}
        for earlier in _earlier(layers, layer):
            before.setdefault(earlier.id, earlier)
        here: dict[str, LoadedSetting] = {}
        for setting in settings:
            earlier_setting = before.get(setting.id)
            yield from _again(setting, here.setdefault(setting.id, setting), earlier_setting)
            if complete and setting.head.overrides and not earlier_setting:
                found = f"overrides, where no earlier layer sets '{setting.id}'"
                expected = "a setting that replaces one"
                yield Problem(setting.where("overrides"), found, expected, "Leave 'overrides' out.")


def _again(setting: LoadedSetting, first: LoadedSetting, earlier: LoadedSetting | None) -> Iterator[Problem]:
    if first is not setting:
        found = f"the id '{setting.id}' again (first at {first.source})"
        yield Problem(setting.where("id"), found, f"each id once in layer {setting.layer}")
    elif earlier and not setting.head.overrides:
        found = f"the id '{setting.id}', which {earlier.source} sets already"
        yield Problem(setting.where("id"), found, "overrides: <reason>", "Or use another id.")


def _parts(
    layers: Mapping[str, Sequence[LoadedSetting]],
    municipalities: Mapping[str, LoadedMunicipality],
    problems: list[Problem],
) -> dict[tuple[str, str], Part]:
    expander = Expander()
    parts: dict[tuple[str, str], Part] = {}
    for slug, municipality in municipalities.items():
        for workplace_class in CLASSES:
            line = ("baseline", workplace_class, f"municipality/{slug}")
            settings = [setting for layer in line for setting in layers.get(layer, ())]
            taking = list(_taking_part(settings, CLASS_FAMILIES[workplace_class]))
            parts[workplace_class, slug] = _part(taking, municipality, expander, problems)
    problems.extend(expander.problems)
    return parts


def _taking_part(settings: Sequence[LoadedSetting], families: tuple[str, ...]) -> Iterator[LoadedSetting]:
    """Settings for these OS families. What overrides takes part only where something is overridden."""
    seen: set[str] = set()
    for setting in settings:
        if setting.body.family in families and (not setting.head.overrides or setting.id in seen):
            seen.add(setting.id)
            yield setting


def _part(
    settings: Sequence[LoadedSetting], municipality: LoadedMunicipality, expander: Expander, problems: list[Problem]
) -> Part:
    replaced = _replaced(settings)
    expanded = [() if i in replaced else expander.expand(s, municipality) for i, s in enumerate(settings)]
    placed = [(i, settings[i], instance) for i, instances in enumerate(expanded) for instance in instances]
    found, apart = clashes(placed)
    problems.extend(found)
    pairs = zip(settings, expanded, strict=True)
    reaches: dict[Reach, int] = {}
    candidates = tuple(_candidate(s, instances, reaches) for s, instances in pairs)
    return Part(tuple(reaches), candidates, tuple(apart))


def _replaced(settings: Sequence[LoadedSetting]) -> set[int]:
    """Indexes of settings that a later layer replaces wherever they apply: their references need not resolve."""
    earlier: dict[str, list[int]] = {}
    for index, setting in enumerate(settings):
        earlier.setdefault(setting.id, []).append(index)
    chains = (chain for chain in earlier.values() if len(chain) > 1)
    pairs = ((one, later) for chain in chains for one in chain for later in chain if one < later)
    return {one for one, later in pairs if covers(settings[later].head.on, settings[one].head.on)}


def _candidate(setting: LoadedSetting, instances: Sequence[Instance], reaches: dict[Reach, int]) -> Candidate:
    head, on, body = setting.head, setting.head.on, setting.body
    reach = Reach(body.engine, body.family, on.platform, on.ring, on.site)
    return Candidate(
        source=SettingSource(head.id, setting.source, setting.layer),
        reach=reaches.setdefault(reach, len(reaches)),
        names=tuple(instance.id for instance in instances) if head.for_each else None,
        text=",".join(instance.template for instance in instances),
    )
