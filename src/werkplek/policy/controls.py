"""Which controls a setting may claim, and what they are: bio2.csv and sources.csv in policies/controls/."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkplek.errors import Problem
from werkplek.policy.fields import nearest, one_of, wrong

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
    "DEVSEC",
    "FSLOGIX",
    "HK-TLS",
    "MS-EDGE-128",
    "MS-M365-2306",
    "MS-W11-24H2",
    "MS-WS2022",
    "OWN",
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


def read_catalogue(files: Mapping[str, bytes], problems: list[Problem]) -> Catalogue:
    """The bundled lists; one that is broken is a problem, and so is a missing list of BIO2.

    Where there is a list of sources, every setting must name a page that documents it.
    """
    bio2 = {
        row["number"]: Measure(row["number"], row["label_nl"], row["label_en"], row["government_measure"] == "yes")
        for row in _rows(files, BIO2_FILE, ("number", "label_nl", "label_en", "government_measure"), problems)
    }
    sources = (
        {
            row["prefix"]: Source(
                row["prefix"], row["title"], row["version"], row["url"], row["documents_settings"] == "yes"
            )
            for row in _rows(files, SOURCES_FILE, ("prefix", "title", "version", "url", "documents_settings"), problems)
        }
        if SOURCES_FILE in files
        else {}
    )
    numbers: dict[str, set[str]] = {"BIO2": set(bio2)} if bio2 else {}
    for row in _rows(files, NUMBERS_FILE, ("prefix", "number"), problems) if NUMBERS_FILE in files else ():
        numbers.setdefault(row["prefix"], set()).add(row["number"])
    return Catalogue(bio2, sources, {prefix: frozenset(known) for prefix, known in numbers.items()})


def _rows(
    files: Mapping[str, bytes], name: str, columns: Sequence[str], problems: list[Problem]
) -> list[dict[str, str]]:
    content = files.get(name)
    if content is None:
        problems.append(Problem(name, "no such file", "a CSV file with the columns " + ", ".join(columns)))
        return []
    rows = list(csv.DictReader(io.StringIO(content.decode(errors="replace"))))
    broken = [number for number, row in enumerate(rows, 2) if not row.get(columns[0]) or None in row.values()]
    if not rows or broken or not set(columns) <= rows[0].keys():
        place = f"{name}:{broken[0]}" if broken else name
        found = f"a row without {columns[0]} or with too few cells" if broken else "no rows with these columns"
        problems.append(Problem(place, found, "rows with the columns " + ", ".join(columns)))
        return []
    return rows


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
