# ruff: noqa: E501 - settings and problems are quoted whole
"""policies/controls/*.csv: which numbers a setting may claim, and which settings need a page that documents them."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, PAPENDRECHT, WORKSTATION, value
from policy_samples import BIO2

from werkplek.policy.loader import build_repository

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

BIO2_FILE, SOURCES_FILE, NUMBERS_FILE = (f"policies/controls/{name}.csv" for name in ("bio2", "sources", "numbers"))
SOURCES = (
    "prefix,title,version,url,documents_settings\n"
    "BIO2,Baseline,1.3,https://example.org/bio2,no\n"
    "CIS-W11,Benchmark,3.0.0,https://example.org/cis,yes\n"
)
NUMBERS = "prefix,number\nCIS-W11,1.1\nCIS-W11,1.2\n"
DOCUMENTED = {"policies/baseline/screen.yml": "[]\n", SOURCES_FILE: SOURCES}


def claims(*controls: str) -> dict[str, str]:
    return {BASELINE: value("x", 1, f"  controls: [{', '.join(controls)}]\n")}


def test_numbers_that_a_source_lists_are_the_only_ones(problems_of: ProblemsOf, sources: SourcesOf):
    assert build_repository(sources({NUMBERS_FILE: NUMBERS, **claims("CIS-W11:1.2", "CIS-WS2022:9.9", "OWN")}))
    assert problems_of({NUMBERS_FILE: NUMBERS, **claims("CIS-W11:1.3")}) == [
        f"{BASELINE}:3:14: found 'CIS-W11:1.3'; expected a number listed in {NUMBERS_FILE}. Did you mean '1.2'?"
    ]
    assert problems_of(claims("BIO2:5.17.3")) == [
        f"{BASELINE}:3:14: found 'BIO2:5.17.3'; expected BIO2: and a number of that source"
    ]
    assert problems_of(claims("BIO2:5.17.04")) == [
        f"{BASELINE}:3:14: found 'BIO2:5.17.04'; expected a number listed in {BIO2_FILE}. Did you mean '5.17.03'?"
    ]
    assert problems_of(claims("OWN", "CIS-W11:1.1", "OWN")) == [
        f"{BASELINE}:3:32: found 'OWN' again; expected each control once"
    ]


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("CIS-W11", "CIS-W11: and a number of that source"),
        ("'CIS-W11:'", "CIS-W11: and a number of that source"),
        ("CIS-W11:x", "CIS-W11: and a number of that source"),
        ("'OWN:'", "OWN"),
        ("'OWN:-1'", "OWN"),
    ],
)
def test_a_number_has_its_sources_form(control: str, expected: str, problems_of: ProblemsOf):
    found = control.strip("'")
    assert problems_of(claims(control)) == [f"{BASELINE}:3:14: found '{found}'; expected {expected}"]


def test_where_sources_are_listed_every_setting_has_a_page(problems_of: ProblemsOf):
    files = {
        BASELINE: value("x", 1),
        WORKSTATION: value("y", 1, "  controls: [BIO2:5.17.03]\n"),
        PAPENDRECHT: value("x", 2, "  overrides: this town's\n"),
    }
    page = "expected docs: <address>, or a control of a document that says what to set (policies/controls/sources.csv)"
    assert problems_of({**DOCUMENTED, **files}) == [
        f"{BASELINE}:1:3: found 'x' without a page that documents it; {page}",
        f"{PAPENDRECHT}:1:3: found 'x' without a page that documents it; {page}",
        f"{WORKSTATION}:1:3: found 'y' without a page that documents it; {page}",
    ]


@pytest.mark.parametrize(
    "more",
    [
        "  controls: [CIS-W11:1.1]\n",
        "  docs: https://learn.microsoft.com/windows\n",
        "  docs: docs/content.md#screen-lock\n",
    ],
)
def test_a_page_is_an_address_a_page_here_or_a_source_that_says_what_to_set(more: str, sources: SourcesOf):
    assert build_repository(sources({**DOCUMENTED, BASELINE: value("x", 1, more)}))


def test_what_is_gone_or_left_needs_no_page_of_its_own(sources: SourcesOf):
    files = {BASELINE: value("x", 1, "  docs: https://example.org\n"), PAPENDRECHT: "- id: x\n  absent: not here\n"}
    assert build_repository(sources({**DOCUMENTED, **files}))


def test_without_a_list_of_sources_no_page_is_asked_for(sources: SourcesOf):
    assert build_repository(sources({BASELINE: value("x", 1)})).catalogue.sources == {}


@pytest.mark.parametrize(
    "page", ["http://example.org/", "https://a b/", "https://user@example.org/", "docs/../x.md", "docs/content.txt", "content.md", "https://", "''"]
)  # fmt: skip
def test_other_places_are_no_pages(page: str, problems_of: ProblemsOf):
    assert problems_of({BASELINE: value("x", 1, f"  docs: {page}\n")}) == [
        f"{BASELINE}:3:9: found {page if page == "''" else repr(page)}; "
        "expected an https:// address, or a page docs/<name>.md of this repository"
    ]


def test_a_source_documents_settings_or_not(sources: SourcesOf):
    catalogue = build_repository(sources({**DOCUMENTED, **{BASELINE: "[]\n"}})).catalogue
    assert [source.title for source in catalogue.documents(["BIO2:5.17.03", "OWN", "CIS-W11:1.1", "CIS-W11:1.2"])] == [
        "Benchmark"
    ]
    assert catalogue.government(["BIO2:5.17.03", "CIS-W11:8.01.02", "BIO2:8.01.02", "BIO2"]) == ["BIO2:8.01.02"]


COLUMNS = {
    BIO2_FILE: "number, label_nl, label_en, government_measure",
    SOURCES_FILE: "prefix, title, version, url, documents_settings",
    NUMBERS_FILE: "prefix, number",
}

# (file, contents, problems after the file's name)
BROKEN = [
    (BIO2_FILE, "", [": found no rows with these columns; {}"]),
    (BIO2_FILE, "number,label_nl,label_en,government_measure\n", [": found no rows with these columns; {}"]),
    (BIO2_FILE, BIO2.replace("government_measure", "government"), [": found no rows with these columns; {}"]),
    (BIO2_FILE, BIO2 + "8.01.03,Meer,More\n,a,b,no\n1,a,b,no,c\n",
     [f":{line}: found a row without number, or with too few or too many cells; {{}}" for line in (4, 5, 6)]),
    (BIO2_FILE, BIO2 + "8.01.03,Meer,More,ja\n8.01.04,a,b,Yes\n",
     [":4: found government_measure 'ja'; expected one of: yes, no", ":5: found government_measure 'Yes'; expected one of: yes, no"]),
    (BIO2_FILE, BIO2 + "8.01.02,Hardenen,Harden,no\n", [f":4: found '8.01.02' again (first at {BIO2_FILE}:2); expected each row once"]),
    (SOURCES_FILE, SOURCES + "OWN,A title, with a comma,1,https://example.org,yes\n",
     [":4: found a row without prefix, or with too few or too many cells; {}"]),
    (SOURCES_FILE, SOURCES + "OWN,Own,,,maybe\n", [":4: found documents_settings 'maybe'; expected one of: yes, no"]),
    (SOURCES_FILE, SOURCES + "BIO2,Baseline,2,,yes\n", [f":4: found 'BIO2' again (first at {SOURCES_FILE}:2); expected each row once"]),
    (NUMBERS_FILE, NUMBERS + "CIS-W11,\n", [":4: found a row without prefix or number, or with too few or too many cells; {}"]),
    (NUMBERS_FILE, NUMBERS + "CIS-W11,1.2\n", [f":4: found 'CIS-W11 1.2' again (first at {NUMBERS_FILE}:3); expected each row once"]),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "problems"), BROKEN)
def test_a_broken_list_is_refused_whole(file: str, text: str, problems: list[str], problems_of: ProblemsOf):
    expected = f"expected a CSV file with the columns {COLUMNS[file]}"
    assert problems_of({file: text}) == [file + problem.format(expected) for problem in problems]


def test_a_cell_may_go_on_on_the_next_line(problems_of: ProblemsOf):
    text = BIO2 + '8.01.03,"Meer\nen meer",More,no\n8.01.04,a,b,\n'
    assert problems_of({BIO2_FILE: text}) == [f"{BIO2_FILE}:6: found government_measure ''; expected one of: yes, no"]
