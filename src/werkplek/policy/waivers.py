"""Waivers: dated exceptions from settings, in policies/waivers.yml.

A waiver names its settings, where it holds, why, who asked, who else approved, and its last day. It lasts a year at
most: what is meant for ever belongs in a layer. A setting that evidences a BIO2 government measure may only be waived
where the measure does not apply, and the waiver says why (BIO2, chapter 12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from werkplek.errors import Problem
from werkplek.policy.controls import Catalogue
from werkplek.policy.diagnosis import explain
from werkplek.policy.documents import Scope
from werkplek.policy.fields import (
    AS_TUPLE,
    ONE_OR_MORE,
    Day,
    Identifier,
    Line,
    Slug,
    Strict,
    nearest,
    not_empty,
    shown,
    unique,
    wrong,
)
from werkplek.policy.model import CLASSES, Waiver
from werkplek.policy.overlap import Meeting, meeting, replaced
from werkplek.policy.reading import LoadedMunicipality, LoadedSetting
from werkplek.policy.yaml_source import Document

WAIVERS_FILE = "policies/waivers.yml"


class WaiverScope(Strict):
    """Where a waiver holds: every field that is given must hold. Municipalities are always named."""

    municipality: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("municipality"), unique("municipality")]
    workplace_class: Annotated[
        tuple[Literal["workstation", "vdi_host", "network"], ...], ONE_OR_MORE, not_empty("class")
    ] = Field(("workstation", "vdi_host", "network"), alias="class")
    platform: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("platform")] = ()
    ring: Annotated[tuple[Literal["canary", "pilot", "broad"], ...], ONE_OR_MORE, not_empty("ring")] = ()
    site: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("site")] = ()
    host: Annotated[tuple[Line, ...], ONE_OR_MORE, not_empty("host"), unique("host")] = ()


class WaiverEntry(Strict):
    """A waiver as it is written. `approved` is its first day, `until` its last."""

    id: Identifier
    settings: Annotated[tuple[Identifier, ...], AS_TUPLE, not_empty("setting"), unique("setting")]
    scope: WaiverScope
    reason: Line
    author: Line
    approver: Line
    approved: Day
    until: Day
    not_applicable_because: Line = ""

    @model_validator(mode="after")
    def _approved_and_ending(self) -> WaiverEntry:
        if self.author.casefold() == self.approver.casefold():
            found = f"{shown(self.approver)}, who is its author"
            wrong("somebody other than the author", found=found, at=("approver",))
        if self.until < self.approved:
            found = f"{self.until}, before it was approved"
            wrong(f"a day from {self.approved} on", found=found, at=("until",))
        last = _a_year_after(date.fromisoformat(self.approved)).isoformat()
        if self.until > last:
            found = f"{self.until}, more than a year after it was approved"
            remedy = "Have it approved anew when it ends, or set the value in the municipality's layer."
            wrong(f"a day up to {last}", found=found, remedy=remedy, at=("until",))
        return self


def _a_year_after(day: date) -> date:
    """The same day of the next year; after 29 February that is the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


@dataclass(frozen=True, eq=False)
class LoadedWaiver:
    """A checked waiver that knows its place."""

    head: WaiverEntry
    document: Document
    index: int

    @property
    def source(self) -> str:
        """`file:line`."""
        return f"{self.document.name}:{self.document.line((self.index,))}"

    def where(self, *below: str | int) -> str:
        """`file:line:column` of a part of it."""
        return self.document.where((self.index, *below))


def read_waivers(document: Document, problems: list[Problem]) -> list[LoadedWaiver]:
    """All waivers of the file that are in order; problems for the others."""
    if not isinstance(document.data, list):
        problems.append(Problem(document.where(), shown(document.data), "a list of waivers"))
        return []
    found: dict[str, LoadedWaiver] = {}
    for index, item in enumerate(document.data):
        try:
            waiver = LoadedWaiver(WaiverEntry.model_validate(item), document, index)
        except ValidationError as error:
            problems.extend(explain(error, document, (index,), WaiverEntry))
            continue
        first = found.setdefault(waiver.head.id, waiver)
        if first is not waiver:
            problem = f"the id '{waiver.head.id}' again (first at {first.source})"
            problems.append(Problem(waiver.where("id"), problem, "each id once"))
    return list(found.values())


type Taking = Mapping[tuple[str, str], Sequence[LoadedSetting]]


def waiver_problems(
    waivers: Sequence[LoadedWaiver],
    municipalities: Mapping[str, LoadedMunicipality],
    taking: Taking,
    catalogue: Catalogue,
) -> Iterator[Problem]:
    """Waivers of an unknown municipality, of what is not enforced in one that is named, and of government measures."""
    for waiver in waivers:
        for number, slug in enumerate(waiver.head.scope.municipality):
            if slug in municipalities:
                settings = [taking[name, slug] for name in waiver.head.scope.workplace_class]
                yield from _setting_problems(waiver, slug, settings, catalogue)
            else:
                place, found = waiver.where("scope", "municipality", number), f"the unknown municipality '{slug}'"
                yield Problem(place, found, f"a document municipalities/{slug}.yml", nearest(slug, municipalities))


def _setting_problems(
    waiver: LoadedWaiver, slug: str, groups: Sequence[Sequence[LoadedSetting]], catalogue: Catalogue
) -> Iterator[Problem]:
    """Problems with what the waiver names, in the classes of one municipality that it is for."""
    enforced = {id(setting) for settings in groups for setting in _enforced(settings)}
    for number, name in enumerate(waiver.head.settings):
        met = [setting for settings in groups for setting in settings if setting.id == name]
        if complaint := _nothing_there(waiver, slug, name, [one for one in met if id(one) in enforced], met):
            known = {setting.id for settings in groups for setting in settings}
            yield Problem(waiver.where("settings", number), *complaint, "" if met else nearest(name, known))
        controls = catalogue.government([control for setting in met for control in setting.head.controls])
        if controls and not waiver.head.not_applicable_because:
            names = ", ".join(dict.fromkeys(controls))
            found = f"a waiver of '{name}', which evidences the government measure {names}"
            expected = "not_applicable_because: <why the measure does not apply> (BIO2, chapter 12)"
            yield Problem(waiver.where("settings", number), found, expected)


def _enforced(settings: Sequence[LoadedSetting]) -> Iterator[LoadedSetting]:
    """Those that no later layer replaces everywhere, and that are not ignored."""
    gone = replaced(settings)
    return (setting for index, setting in enumerate(settings) if index not in gone and not setting.ignored)


def _nothing_there(
    waiver: LoadedWaiver, slug: str, name: str, enforced: Sequence[LoadedSetting], met: Sequence[LoadedSetting]
) -> tuple[str, str] | None:
    """What was found and expected where the waiver has nothing to waive in a municipality."""
    scope = waiver.head.scope
    where = (
        slug if len(scope.workplace_class) == len(CLASSES) else f"class {', '.join(scope.workplace_class)} of {slug}"
    )
    if not met:
        return f"'{name}', which is no setting of {where}", "a setting's id"
    if not enforced:
        return f"'{name}', which {met[-1].source} has {where} ignore", "a setting that is enforced there"
    meant = Scope.model_construct(platform=scope.platform, ring=scope.ring, site=scope.site)
    if all(meeting(setting.on, meant) is Meeting.NO for setting in enforced):
        return f"'{name}', which is for no host of {where} in the waiver's scope", "a scope that meets the setting's"
    return None


def budget_problems(
    waivers: Sequence[LoadedWaiver], municipalities: Mapping[str, LoadedMunicipality], today: str
) -> Iterator[Problem]:
    """Municipalities with more waivers that have not ended than their document allows."""
    for slug, municipality in municipalities.items():
        budget = municipality.waiver_budget
        open_ones = [w for w in waivers if slug in w.head.scope.municipality and w.head.until >= today]
        if budget is not None and len(open_ones) > budget:
            names = ", ".join(waiver.head.id for waiver in open_ones)
            place = municipality.document.where(("waiver_budget",))
            remedy = "End one of them, or have the budget raised."
            count = "1 waiver that has" if len(open_ones) == 1 else f"{len(open_ones)} waivers that have"
            yield Problem(place, f"{count} not ended: {names}", f"at most {budget}", remedy)


def waivers_for(waivers: Sequence[LoadedWaiver], workplace_class: str, slug: str) -> tuple[Waiver, ...]:
    """The waivers that can meet hosts of a class in a municipality, in the order of the file."""
    return tuple(
        Waiver(
            id=waiver.head.id,
            settings=waiver.head.settings,
            platforms=waiver.head.scope.platform,
            rings=waiver.head.scope.ring,
            sites=waiver.head.scope.site,
            hosts=waiver.head.scope.host,
            start=waiver.head.approved,
            end=waiver.head.until,
            reason=waiver.head.reason,
            author=waiver.head.author,
            approver=waiver.head.approver,
        )
        for waiver in waivers
        if workplace_class in waiver.head.scope.workplace_class and slug in waiver.head.scope.municipality
    )
