"""Lines of `werkplek policy`: wrapped between words, never within a path; what a terminal would obey is an escape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from werkplek.cli.inventory_tables import plain

STATE_STYLES = {
    "enforced": "green", "in force": "green", "added": "green", "winner": "green", "joined": "green",
    "waived": "yellow", "ignored": "yellow", "changed": "yellow", "not begun": "yellow",
    "not for this host": "red", "ended": "red", "removed": "red",
    "loser": "dim", "not here": "dim",
}  # fmt: skip

type Span = str | tuple[str, str]  # a text, or a text and its style


def state(word: str) -> Span:
    """A state in its colour."""
    return word, STATE_STYLES.get(word, "")


def put(*spans: Span, indent: int = 0, hang: int = 0) -> None:
    """Print a paragraph `indent` columns from the left, its second and later lines `hang` columns further."""
    console = Console(highlight=False)
    text = Text()
    for span in spans:
        words, style = (span, "") if isinstance(span, str) else span
        text.append("\n".join(map(plain, words.split("\n"))), style)
    first = Text(" " * indent)
    for paragraph in text.split("\n", allow_blank=True):
        for line in paragraph.divide(_breaks(paragraph.plain, console.width - indent - hang)):
            line.rstrip()
            console.print(first + line, soft_wrap=True)
            first = Text(" " * (indent + hang))


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where lines of at most `width` characters end; a longer word stays whole, so that a path can be copied."""
    start = 0
    for word in re.finditer(r"\S+\s*", text):
        if word.start() > start and len(text[start : word.end()].rstrip()) > width:
            start = word.start()
            yield start


def print_json(data: object) -> None:
    """One JSON object in ASCII: texts of policy, registry and git may hold what a terminal would obey."""
    typer.echo(json.dumps(data, indent=2))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Shows on a terminal what goes on; says nothing on a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield
