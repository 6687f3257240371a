from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from werkplek.cli.app import app
from werkplek.errors import WerkplekError
from werkplek.evidence.schema import STATUSES
from werkplek.evidence.summary import Counts, Totals, run_summary
from werkplek.files import ROOT
from werkplek.report import html as html_module
from werkplek.report.catalogue import Catalogue, SettingInfo, checkout_catalogue
from werkplek.report.chart import LEAST, segments
from werkplek.report.html import page, write_report
from werkplek.report.words import WORDS

VOID = {"meta", "input", "br", "wbr", "img", "link", "hr", "path", "rect", "circle"}
CATALOGUE = Catalogue(
    settings={"printer": SettingInfo("Connect the printer", ("BIO2:8.01.02",))},
    municipalities={"papendrecht": "Papendrecht"},
)


class Page(HTMLParser):
    """Elements, ids and balance of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def text(ledger, tmp_path: Path) -> str:
    file = tmp_path / "report.html"
    write_report(ledger, ["run-1"], file, "nl", CATALOGUE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_text()


def test_tags_are_balanced_and_ids_are_unique(text):
    parsed = Page(text)
    assert parsed.open == []
    ids = Counter(attributes["id"] for _, attributes in parsed.elements if "id" in attributes)
    assert [name for name, number in ids.items() if number > 1] == []
    references = {
        name
        for _, attributes in parsed.elements
        for key in ("aria-labelledby", "for", "data-table")
        for name in (attributes.get(key) or "").split()
    }
    assert references - ids.keys() == set()


def test_hostile_text_stays_text(text):
    parsed = Page(text)
    assert len(parsed.of("script")) == 1
    assert parsed.of("img") == []
    assert "javascript:" not in "".join(attributes.get("href") or "" for attributes in parsed.of("a"))
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert not any(key.startswith("on") for _, attributes in parsed.elements for key in attributes)


def test_only_its_own_script_may_run_and_nothing_is_fetched(text):
    parsed = Page(text)
    (policy,) = [m["content"] for m in parsed.of("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert [a for _, a in parsed.elements if "src" in a] == []
    assert parsed.of("link") == []
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []


def test_it_has_landmarks_headings_captions_and_scopes(text):
    parsed = Page(text)
    for tag in ("header", "main", "h1", "fieldset"):
        assert len(parsed.of(tag)) == 1
    tables, captions = parsed.of("table"), parsed.of("caption")
    assert len(tables) == len(captions) == 3
    assert all(attributes.get("scope") in ("col", "row") for attributes in parsed.of("th"))
    assert parsed.of("a")[0] == {"class": "skip", "href": "#content"}
    assert {"id": "content", "tabindex": "-1"} in parsed.of("main")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_both_languages_are_in_it_and_one_is_chosen(ledger, tmp_path, lang):
    file = tmp_path / "report.html"
    write_report(ledger, ["run-1"], file, lang, CATALOGUE)
    parsed = Page(file.read_text())
    assert parsed.of("html")[0]["lang"] == lang
    chosen = [a["value"] for a in parsed.of("input") if a["type"] == "radio" and "checked" in a]
    assert chosen == [lang]
    spans = Counter(attributes["lang"] for attributes in parsed.of("span") if attributes.get("class") == "t")
    assert spans["nl"] == spans["en"] > 50


def test_every_word_is_used():
    source = "".join(path.read_text() for path in sorted(Path(html_module.__file__).parent.rglob("*.j2")))
    generated = {*STATUSES, "unreachable"} | {key for key in WORDS if key.startswith("outcome_")}
    assert [key for key in WORDS if key not in generated and f'"{key}"' not in source] == []


def test_settings_show_title_controls_before_after_source_and_host(text):
    row = text[text.index("printer[<wbr>balie-01]") - 200 :]
    for part in ("Connect the printer", "BIO2:8.01.02", "f.yml:2", "ws-1", "Papendrecht"):
        assert part in row
    assert "Run</span> 1: site.yml</h2>" in text


def test_numbers_of_the_run_are_in_the_totals(text):
    totals = text[text.index('<table class="totals">') :]
    first = re.search(r"<tfoot>(.*?)</tfoot>", totals, re.DOTALL)[1]
    assert re.findall(r"<td[^>]*>(\d+)</td>", first) == ["2", "1", "1", "3", "1", "0", "1", "1"]


def with_hosts(summary, number):
    """The summary with its first line given by many hosts of two municipalities."""
    hosts = tuple(f"ws-{place:03d}" for place in range(number))
    line = replace(summary.settings[0], hosts=hosts, municipalities=("dordrecht", "papendrecht"))
    return replace(summary, settings=(line, *summary.settings[1:]))


def test_many_hosts_are_a_number_that_opens_to_their_names(ledger):
    summary = run_summary(ledger, "run-1")
    text = page([with_hosts(summary, 1250)], "en", CATALOGUE, summary.run.started_at)
    assert '<details><summary>1\u202f250 <span class="t" lang="nl">hosts</span>' in text
    assert "ws-199 …" in text
    assert "ws-200" not in text
    assert '(<span class="t" lang="nl">alle gemeenten</span>' in text


def test_in_print_hosts_are_named_where_they_are_not_all(ledger):
    summary = with_hosts(run_summary(ledger, "run-1"), 7)
    for hosts, tag in ((7, "<details>"), (8, '<details class="some">')):
        total = replace(summary.total, hosts=hosts)
        text = page([replace(summary, total=total)], "en", CATALOGUE, summary.run.started_at)
        assert re.findall(r"<details[^>]*>", text) == [tag]


def test_lines_beyond_the_first_fold_and_those_beyond_the_most_are_counted(ledger, monkeypatch):
    summary = run_summary(ledger, "run-1")
    monkeypatch.setattr(html_module, "FIRST_LINES", 3)
    monkeypatch.setattr(html_module, "MOST_LINES", 5)
    lines = tuple(replace(summary.settings[0], setting=f"s{number}") for number in range(9))
    parsed = Page(text := page([replace(summary, settings=lines)], "en", CATALOGUE, summary.run.started_at))
    assert [row.get("class") for row in parsed.of("tr")][-5:] == [None, None, None, "folded", "folded"]
    assert parsed.of("input")[-1] == {"type": "checkbox", "id": "all-1"}
    assert [label for label in parsed.of("label") if label.get("for") == "all-1"] == [{"for": "all-1"}]
    assert re.search(r'<p>4 <span class="t" lang="nl">regels staan alleen in', text)


def test_few_lines_offer_nothing_to_unfold(text):
    parsed = Page(text)
    assert [attributes for attributes in parsed.of("input") if attributes["type"] == "checkbox"] == []
    assert [attributes for _, attributes in parsed.elements if attributes.get("class") == "folded"] == []


def test_headings_go_down_one_level_at_a_time(text):
    levels = [int(tag[1]) for tag, _ in Page(text).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert set(levels) == {1, 2, 3}


def test_numbers_are_grouped_and_names_break_where_they_should():
    assert [html_module.grouped(number) for number in (0, 999, 15660)] == ["0", "999", "15\u202f660"]
    assert html_module.breakable("<a>/b_c") == "&lt;a&gt;/<wbr>b_<wbr>c"


def test_an_unfinished_run_says_so(ledger):
    summary = run_summary(ledger, "run-1")
    text = page(
        [replace(summary, run=replace(summary.run, ended_at=None, outcome=None))],
        "en",
        Catalogue(),
        summary.run.started_at,
    )
    assert "interrupted or still running" in text


def test_an_unknown_run_leaves_no_file(ledger, tmp_path):
    with pytest.raises(WerkplekError, match="No such run"):
        write_report(ledger, ["run-9"], tmp_path / "no.html")
    assert not (tmp_path / "no.html").exists()


def test_segments_fill_the_bar_and_show_the_smallest_number():
    parts = segments(Totals("m", 9, 0, 0, Counts(compliant=9_999, failed=1)))
    assert [part.status for part in parts] == ["compliant", "failed"]
    assert parts[-1].width > LEAST * 0.9
    assert abs(sum(part.width for part in parts) - 100) < 0.01
    assert segments(Totals("m", 9, 0, 0, Counts())) == ()


def test_status_colours_have_enough_contrast():
    css = (Path(html_module.__file__).parent / "templates" / "report.css").read_text()
    themes = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([a-z_]+): (#[0-9a-f]{6})", theme))
        for name in (*STATUSES, "unreachable", "ink", "soft", "link"):
            for ground in ("paper", "card"):
                assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground, theme)
    for theme in themes[:2]:
        colours = dict(re.findall(r"--([a-z_]+): (#[0-9a-f]{6})", theme))
        for ground in ("paper", "card"):
            assert contrast(colours["focus"], colours[ground]) >= 3, (ground, theme)  # WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_checkouts_catalogue_knows_municipalities_and_controls(tmp_path: Path):
    assert checkout_catalogue(tmp_path / "absent") == Catalogue()
    known = checkout_catalogue(ROOT)
    assert known.municipality("papendrecht") == "Papendrecht"
    assert any("BIO2:8.01.02" in setting.controls for setting in known.settings.values())
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "nonsense.yml").write_text("[broken")
    assert checkout_catalogue(tmp_path) == Catalogue()


def test_the_command_writes_a_page_and_prints_its_path(ledger, tmp_path):
    file = tmp_path / "out.html"
    done = CliRunner().invoke(app, ["report", "--ledger", str(ledger.place.file), "--out", str(file), "--lang", "en"])
    assert (done.exit_code, done.output) == (0, f"{file}\n")
    assert '<html lang="en">' in file.read_text()


def test_the_command_prints_json(ledger):
    done = CliRunner().invoke(app, ["report", "--ledger", str(ledger.place.file), "--json"])
    told = json.loads(done.output)
    (run,) = told["runs"]
    assert (told["schema"], run["run"]["id"], run["total"]["counts"]["failed"]) == (1, "run-1", 1)
    assert [line["setting"] for line in run["settings"]] == ["bad", "printer[balie-01]"]


def test_an_empty_ledger_has_nothing_to_report(tmp_path):
    file = tmp_path / "new.sqlite3"
    done = CliRunner().invoke(app, ["report", "--ledger", str(file)])
    assert isinstance(done.exception, WerkplekError)
    assert str(done.exception) == (
        f"There is nothing to report.\n  {file}: found no run; expected at least one."
        " Run a playbook first, or name another ledger."
    )
