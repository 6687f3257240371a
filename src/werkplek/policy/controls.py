"""Which controls a setting may claim. BIO2 numbers are checked against the bundled policies/controls/bio2.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from werkplek.errors import Problem
from werkplek.policy.fields import nearest, one_of, wrong

BIO2_FILE = "policies/controls/bio2.csv"

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


def bio2_numbers(sources: Mapping[str, bytes], problems: list[Problem]) -> frozenset[str]:
    """Numbers in the bundled list (column `number`); a missing or broken list is a problem."""
    content = sources.get(BIO2_FILE)
    if content is None:
        problems.append(Problem(BIO2_FILE, "no such file", "the list of BIO2 numbers"))
        return frozenset()
    rows = csv.DictReader(io.StringIO(content.decode(errors="replace")))
    numbers = frozenset(row.get("number") or "" for row in rows)
    if not numbers or "" in numbers:
        problems.append(Problem(BIO2_FILE, "rows without a number", "a CSV file with the column 'number'"))
        return frozenset()
    return numbers


def check_control(control: str, bio2: frozenset[str]) -> None:
    """Refuse a control that no known source has."""
    prefix, colon, number = control.partition(":")
    if prefix not in NUMBERED and prefix not in MARKS:
        known = sorted({*NUMBERED, *MARKS})
        wrong(one_of(known), found=f"the control source '{prefix}'", remedy=nearest(prefix, known))
    if not re.fullmatch(NUMBERED.get(prefix, _ANY), number) and (prefix in NUMBERED or colon):
        wrong(f"{prefix}: and a number of that source" if prefix in NUMBERED else prefix)
    if prefix == "BIO2" and bio2 and number not in bio2:
        wrong(f"a number listed in {BIO2_FILE}", remedy=nearest(number, bio2))
