"""Which numbers of BIO2, CIS, NIST and others are evidenced by which settings, and which by none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkplek.policy.controls import Catalogue
from werkplek.policy.loader import Repository
from werkplek.policy.shapes import shapes
from werkplek.policy.taking import by_place, place_of, winners


@dataclass(frozen=True, slots=True)
class Control:
    """One control and the settings that evidence it, sorted by id; `label` and `government` are known for BIO2."""

    control: str
    label: str
    government: bool
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The controls of one source. `listed`: all numbers of the source are known, so that none is missing here."""

    prefix: str
    title: str
    listed: bool
    controls: tuple[Control, ...]

    @property
    def evidenced(self) -> int:
        """The number of controls with at least one setting."""
        return sum(bool(control.settings) for control in self.controls)


def coverage(repository: Repository) -> tuple[Coverage, ...]:
    """Per source of controls, sorted. A setting counts where it wins in some class of a municipality, waivers aside."""
    settings = _evidence(repository)
    catalogue = repository.catalogue
    known = {f"{prefix}:{number}" for prefix, numbers in catalogue.numbers.items() for number in numbers}
    groups: dict[str, list[str]] = {}
    for control in sorted({*settings, *known}, key=_by_number):
        groups.setdefault(control.partition(":")[0], []).append(control)
    return tuple(
        Coverage(
            prefix=prefix,
            title=_title(catalogue, prefix),
            listed=prefix in catalogue.numbers,
            controls=tuple(_control(catalogue, control, settings) for control in controls),
        )
        for prefix, controls in groups.items()
    )


def _evidence(repository: Repository) -> dict[str, set[str]]:
    """The ids of settings by control. One that a later layer replaces or ignores everywhere evidences nothing."""
    found: dict[str, set[str]] = {}
    for group, part in repository.parts.items():
        settings = by_place(repository, group)
        places = {place_of(winner) for _, winner in winners(repository, group, shapes(part.reaches, group[0]))}
        for setting in (settings[place] for place in places):
            for control in () if setting.ignored else setting.head.controls:
                found.setdefault(control, set()).add(setting.id)
    return found


def _control(catalogue: Catalogue, control: str, settings: Mapping[str, set[str]]) -> Control:
    measure = catalogue.bio2.get(control.removeprefix("BIO2:"))
    return Control(
        control=control,
        label=measure.label_nl if measure else "",
        government=bool(measure and measure.government),
        settings=tuple(sorted(settings.get(control, ()))),
    )


def _title(catalogue: Catalogue, prefix: str) -> str:
    source = catalogue.sources.get(prefix)
    return f"{source.title} {source.version}".strip() if source else ""


def _by_number(control: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """CIS 2.10 comes after 2.9."""
    prefix, _, number = control.partition(":")
    parts = number.replace("(", ".").replace("-", ".").rstrip(")").split(".")
    return prefix, tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
