"""Which controls a setting may claim, and what they are: bio2.csv and sources.csv in policies/controls/."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkplek.errors import Problem
from werkplek.policy.fields import nearest, one_of, shown, wrong

BIO2_FILE = "policies/controls/bio2.csv"
SOURCES_FILE = "policies/controls/sources.csv"
NUMBERS_FILE = "policies/controls/numbers.csv"
CONTROL_FILES = (BIO2_FILE, SOURCES_FILE, NUMBERS_FILE)

_RULE = r"\d+(\.\d+)*"
_ANY = r"[A-Za-z0-9][A-Za-z0-9.()_-]*"
# Prefix -> form of what follows the colon. Sources without a form mark agreement with a whole baseline and need none.
NUMBERED: Mapping[str, str] = {
    "BIO2": r"\d\.\d\d\.\d\d",
    "CIS-W11": _RULE,
    "CIS-WS2022": _RULE,
    "CIS-WS2025": _RULE,
    "CIS-DEB12": _RULE,
    "NIST": r"[A-Z]{2}-\d+(\(\d+\))?",
    "STIG-L2S": _ANY,
    "STIG-NDM": _ANY,
}
MARKS = (
    "ADMX-TS",
    "AVD",
    "CISCO.IOS",
    "DEVSEC",
    "FSLOGIX",
    "HK-TLS",
    "MS-EDGE-128",
    "MS-M365-2306",
    "MS-W11-24H2",
    "MS-WS2022",
    "OWN",
    "PUBLIC",
    "SEC-IOS",
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of BIO2. `government` tells whether it is a government measure, which may not be waived (BIO2, 12)."""

    number: str
    label_nl: str
    label_en: str
    government: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A document that controls are numbered in. `documents_settings`: it says what to set, not only why."""

    prefix: str
    title: str
    version: str
    url: str
    documents_settings: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All known controls: BIO2 by number, sources by prefix, and the numbers of each source that is listed."""

    bio2: Mapping[str, Measure]
    sources: Mapping[str, Source]
    numbers: Mapping[str, frozenset[str]]

    def government(self, controls: Sequence[str]) -> list[str]:
        """Those of `controls` that are government measures of BIO2, as `BIO2:8.01.02`."""
        found = []
        for control in controls:
            prefix, _, number = control.partition(":")
            if prefix == "BIO2" and number in self.bio2 and self.bio2[number].government:
                found.append(control)
        return found

    def documents(self, controls: Sequence[str]) -> list[Source]:
        """The documents among the sources of `controls` that say what to set, each once."""
        found = (self.sources.get(control.partition(":")[0]) for control in controls)
        return list(dict.fromkeys(source for source in found if source and source.documents_settings))


@dataclass(frozen=True, slots=True)
class _Table:
    """A list in a file: its columns, how many of the first ones tell rows apart, and one that holds yes or no."""

    file: str
    columns: tuple[str, ...]
    key: int
    answer: str = ""

    @property
    def expected(self) -> str:
        return "a CSV file with the columns " + ", ".join(self.columns)


_BIO2 = _Table(BIO2_FILE, ("number", "label_nl", "label_en", "government_measure"), 1, "government_measure")
_SOURCES = _Table(SOURCES_FILE, ("prefix", "title", "version", "url", "documents_settings"), 1, "documents_settings")
_NUMBERS = _Table(NUMBERS_FILE, ("prefix", "number"), 2)


def read_catalogue(files: Mapping[str, bytes], problems: list[Problem]) -> Catalogue:
    """The bundled lists; one that is broken is a problem, and so is a missing list of BIO2.

    Where there is a list of sources, every setting must name a page that documents it.
    """
    if BIO2_FILE not in files:
        problems.append(Problem(BIO2_FILE, "no such file", _BIO2.expected))
    bio2 = {
        row["number"]: Measure(row["number"], row["label_nl"], row["label_en"], row["government_measure"] == "yes")
        for row in _rows(files, _BIO2, problems)
    }
    sources = {
        row["prefix"]: Source(
            row["prefix"], row["title"], row["version"], row["url"], row["documents_settings"] == "yes"
        )
        for row in _rows(files, _SOURCES, problems)
    }
    numbers: dict[str, set[str]] = {"BIO2": set(bio2)} if bio2 else {}
    for row in _rows(files, _NUMBERS, problems):
        numbers.setdefault(row["prefix"], set()).add(row["number"])
    return Catalogue(bio2, sources, {prefix: frozenset(known) for prefix, known in numbers.items()})


def _rows(files: Mapping[str, bytes], table: _Table, problems: list[Problem]) -> list[dict[str, str]]:
    """The rows of a list; none where there is no such file, and none after a problem."""
    if table.file not in files:
        return []
    reader = csv.DictReader(io.StringIO(files[table.file].decode(errors="replace")))
    rows = {f"{table.file}:{reader.line_num}": row for row in reader}
    if not rows or not set(table.columns) <= set(reader.fieldnames or ()):
        problems.append(Problem(table.file, "no rows with these columns", table.expected))
        return []
    seen: dict[tuple[str, ...], str] = {}
    complaints = [
        Problem(place, *found) for place, row in rows.items() if (found := _complaint(table, place, row, seen))
    ]
    problems += complaints
    return [] if complaints else list(rows.values())


def _complaint(
    table: _Table, place: str, row: dict[str, str], seen: dict[tuple[str, ...], str]
) -> tuple[str, str] | None:
    """What is wrong with a row: found and expected. `seen` maps what tells rows apart to their places."""
    key = tuple(row[column] for column in table.columns[: table.key])
    if None in row or None in row.values() or not all(key):
        found = f"a row without {' or '.join(table.columns[: table.key])}, or with too few or too many cells"
        return found, table.expected
    if table.answer and row[table.answer] not in {"yes", "no"}:
        return f"{table.answer} {shown(row[table.answer])}", one_of(("yes", "no"))
    if (first := seen.setdefault(key, place)) != place:
        return f"'{' '.join(key)}' again (first at {first})", "each row once"
    return None


def check_control(control: str, numbers: Mapping[str, frozenset[str]]) -> None:
    """Refuse a control that no known source has. `numbers` are all those of the sources that are listed."""
    prefix, colon, number = control.partition(":")
    if prefix not in NUMBERED and prefix not in MARKS:
        known = sorted({*NUMBERED, *MARKS})
        wrong(one_of(known), found=f"the control source '{prefix}'", remedy=nearest(prefix, known))
    if not re.fullmatch(NUMBERED.get(prefix, _ANY), number) and (prefix in NUMBERED or colon):
        wrong(f"{prefix}: and a number of that source" if prefix in NUMBERED else prefix)
    if prefix in numbers and number not in numbers[prefix]:
        file = BIO2_FILE if prefix == "BIO2" else NUMBERS_FILE
        wrong(f"a number listed in {file}", remedy=nearest(number, numbers[prefix]))
