"""The documents people write: settings (without their kind, see kinds.py) and municipalities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, computed_field, field_validator, model_validator

from werkplek.policy.choices import Answer, Choices, answers
from werkplek.policy.controls import check_control
from werkplek.policy.fields import (
    A_DAY,
    AS_TUPLE,
    IDENTIFIER,
    ONE_OR_MORE,
    Identifier,
    Line,
    Slug,
    Strict,
    is_day,
    matching,
    nearest,
    not_empty,
    one_of,
    shown,
    unique,
    wrong,
)
from werkplek.policy.municipality_sections import Desktop, Locale, Network, Printer, Software, Support, Vdi
from werkplek.policy.municipality_switching import Switching


def _control(control: str, info: ValidationInfo) -> str:
    catalogue = (info.context or {}).get("catalogue")
    check_control(control, catalogue.numbers if catalogue else {})
    return control


Control = Annotated[str, AfterValidator(_control)]


class Scope(Strict):
    """Where a setting applies: every field that is given must hold. Empty means anywhere.

    `choice` maps names of choices (see choices.py) to the answers that it is for.
    """

    platform: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("platform")] = ()
    ring: Annotated[tuple[Literal["canary", "pilot", "broad"], ...], ONE_OR_MORE, not_empty("ring")] = ()
    site: Annotated[tuple[Slug, ...], ONE_OR_MORE, not_empty("site")] = ()
    choice: Mapping[str, tuple[Answer, ...]] = Field(default_factory=dict)

    @field_validator("choice", mode="plain")
    @classmethod
    def _choice(cls, value: object) -> Mapping[str, tuple[Answer, ...]]:
        if not isinstance(value, dict) or not value:
            wrong("a mapping of choices to answers", found="an empty mapping" if value == {} else "")
        return {name: _answers(name, given) for name, given in value.items()}


def _answers(name: str, given: object) -> tuple[Answer, ...]:
    if name not in Choices.model_fields:
        known = sorted(Choices.model_fields)
        wrong(one_of(known), found=f"the unknown choice {shown(name)}", remedy=nearest(name, known), at=(name,))
    possible = answers(name)
    if not possible:
        wrong("a choice with a closed set of answers", found=f"the choice '{name}', which is a number", at=(name,))
    items = tuple(given) if isinstance(given, list) else (given,)
    known = [shown(answer).strip("'") for answer in possible]
    for index, item in enumerate(items):
        if not any(type(item) is type(answer) and item == answer for answer in possible):
            remedy = "Write it without quotes." if item in known else nearest(item, known)
            wrong(one_of(known), found=shown(item), remedy=remedy, at=(name, index))
    return items or wrong("at least one answer", found="an empty list", at=(name,))


def _page(value: str) -> str:
    expected = "an https:// address, or a page docs/<name>.md of this repository"
    return value if re.fullmatch(r"https://[^\s@/]+(/\S*)?|docs/[\w/-]+\.md(#[\w-]+)?", value) else wrong(expected)


Page = Annotated[str, AfterValidator(_page)]


class Entry(Strict):
    """What stands in a file of settings, whatever it says about its id."""

    id: Identifier
    on: Scope = Scope()
    note: str = ""


class Setting(Entry):
    """What every setting has, whatever its kind.

    `overrides` and `merges` hold the reason why it replaces an earlier layer's setting, or joins its list to that
    one's; `without` lists the items that merging takes away. `docs` is the page that documents what is set; without
    it, that is the source of a control (policies/controls/sources.csv).
    """

    title: Line
    controls: Annotated[tuple[Control, ...], AS_TUPLE, unique("control")] = ()
    docs: Page | None = None
    overrides: Line = ""
    merges: Line = ""
    without: Annotated[tuple[Line, ...], AS_TUPLE, not_empty("item"), unique("item")] = ()
    for_each: Annotated[str, matching(r"municipality(\.[a-z][a-z0-9_]*)+", "a list below municipality")] = ""

    @model_validator(mode="after")
    def _one_way(self) -> Setting:
        if self.overrides and self.merges:
            expected = "one of both: it replaces the earlier setting, or joins its list to that one's"
            wrong(expected, found="merges beside overrides", at=("merges",))
        if self.without and not self.merges:
            wrong("merges: <reason> beside it", found="without, where nothing is merged", at=("without",))
        return self


class Removal(Entry):
    """What a later layer says of an earlier one's setting instead of another value.

    `absent`: the object must not be there; `ignore`: it is left as it is. Both hold the reason.
    `not_applicable_because` is needed to ignore a setting that evidences a BIO2 government measure (BIO2, 12).
    """

    absent: Line = ""
    ignore: Line = ""
    not_applicable_because: Line = ""

    @model_validator(mode="after")
    def _one_of(self) -> Removal:
        if self.absent and self.ignore:
            wrong("one of both: the object is gone, or left as it is", found="ignore beside absent", at=("ignore",))
        if self.absent and self.not_applicable_because:
            found = "not_applicable_because beside absent"
            wrong("it beside ignore only", found=found, at=("not_applicable_because",))
        return self


def _count(value: int) -> int:
    return value if value >= 0 else wrong("a whole number from 0")


class Municipality(Strict):
    """A municipality's own values: the only place where they live.

    `secrets` maps the names of its secrets to the day on which each was last changed; the values are never here.
    `waiver_budget` is the most waivers that may be open at one time; None sets no limit.
    """

    schema_: Literal[1] = Field(alias="schema", exclude=True)
    slug: Slug
    name: Line
    desktop: Desktop
    support: Support
    locale: Locale
    network: Network
    printers: Annotated[tuple[Printer, ...], AS_TUPLE] = ()
    software: Software | None = None
    vdi: Vdi | None = None
    switching: Switching | None = None
    choices: Choices = Field(default_factory=Choices)
    secrets: Mapping[str, str] = Field(default_factory=dict, exclude=True)
    waiver_budget: Annotated[int, AfterValidator(_count)] | None = Field(None, exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def print_queues(self) -> str:
        """A line for each printer: its name and its address for IPP."""
        return "".join(f"{printer.name} {printer.ipp_address}\n" for printer in self.printers)

    @field_validator("secrets", mode="plain")
    @classmethod
    def _changed_on(cls, secrets: object) -> Mapping[str, str]:
        """Only names are repeated in a problem: somebody may have written a secret itself."""
        if not isinstance(secrets, dict):
            wrong("names of secrets with the day of their last change", found="no mapping")
        for name, day in secrets.items():
            if not re.fullmatch(IDENTIFIER, name):
                wrong("small letters, digits and '_', a letter first", found=shown(name), at=(name,))
            if not is_day(day):
                remedy = "The secret itself is never written here; change it if it was."
                wrong(f"the day of its last change, {A_DAY}", found=f"no day of '{name}'", remedy=remedy, at=(name,))
        return secrets

    @field_validator("printers")
    @classmethod
    def _named_once(cls, printers: tuple[Printer, ...]) -> tuple[Printer, ...]:
        seen: set[str] = set()
        for index, name in enumerate(printer.name.casefold() for printer in printers):
            if name in seen:
                wrong("each printer name once", found=f"{shown(printers[index].name)} again", at=(index, "name"))
            seen.add(name)
        return printers
