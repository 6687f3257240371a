"""Reads YAML into plain data and remembers where each value stands.

Scalars follow the core schema of YAML 1.2 (section 10.3), so `on`, `no` and `yes` are text, not booleans. Aliases,
anchors and tags are refused: a value should be explained by the line it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from werkplek.errors import Problem

type KeyPath = tuple[str | int, ...]
type Mark = tuple[int, int]
type YamlValue = bool | int | float | str | list[YamlValue] | dict[str, YamlValue] | None

DEEPEST = 20
_INTEGER = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Control characters, lone surrogates and noncharacters: no registry value or JSON text can carry them unharmed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file. `marks` and `key_marks` map a path of keys and indexes to (line, column), counted from 1."""

    name: str
    data: YamlValue
    marks: Mapping[KeyPath, Mark]
    key_marks: Mapping[KeyPath, Mark]

    def where(self, path: KeyPath = (), *, key: bool = False) -> str:
        """`file:line:column` of the value at `path` (or of its key), or of the nearest parent that exists."""
        mark = self.key_marks.get(path) if key else None
        while mark is None and path:
            mark = self.marks.get(path)
            path = path[:-1]
        line, column = mark or self.marks.get((), (1, 1))
        return f"{self.name}:{line}:{column}"

    def line(self, path: KeyPath) -> int:
        """Line of the value at `path`, counted from 1."""
        return self.marks[path][0]

    def lines(self, path: KeyPath) -> tuple[int, int]:
        """First and last line on which something of the value at `path` begins."""
        length = len(path)
        found = [mark[0] for key, mark in self.marks.items() if key[:length] == path]
        return min(found), max(found)


def parse_yaml(content: bytes, name: str) -> tuple[Document | None, list[Problem]]:
    """Parse one file. The document is None when nothing useful could be read; problems then say why."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem(f"{name}:{line}:1", "bytes that are not UTF-8", "UTF-8 text")]
    builder = _Builder(name)
    try:
        document = builder.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        return None, [*builder.problems, _syntax_problem(error, name, text)]
    except _TooDeep:
        return None, builder.problems
    except yaml.reader.ReaderError as error:
        return None, [Problem(name, f"character U+{error.character:04X}", "printable text")]
    return document, builder.problems


def _syntax_problem(error: yaml.MarkedYAMLError, name: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    tab = line < len(lines) and "\t" in lines[line][: column + 1]
    found = "a tab" if tab else f"broken YAML ({error.problem or error.context})"
    remedy = "Indent with spaces." if tab else ""
    return Problem(f"{name}:{line + 1}:{column + 1}", found, "valid YAML", remedy)


class _TooDeep(Exception):
    """Stops the reading before Python's own stack does."""


@dataclass
class _Builder:
    """Turns parser events into data. Keeps going after a problem, so that one run shows them all."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    key_marks: dict[KeyPath, Mark] = field(default_factory=dict)

    def document(self, events: Iterator[yaml.Event]) -> Document | None:
        data: YamlValue = None
        count = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    self.problem(event, "a second document", "one document in each file")
                    break
            elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                data = self.value(event, events, ())
        if not count:
            self.problems.append(Problem(f"{self.name}:1:1", "an empty file", "one YAML document"))
            return None
        return Document(self.name, data, self.marks, self.key_marks)

    def problem(self, event: yaml.Event, found: str, expected: str, remedy: str = "") -> None:
        line, column = _mark(event)
        self.problems.append(Problem(f"{self.name}:{line}:{column}", found, expected, remedy))

    def value(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> YamlValue:
        self.marks[path] = _mark(event)
        if isinstance(event, yaml.AliasEvent):
            self.problem(event, f"the alias '*{event.anchor}'", "the value itself", "Write it out where it is used.")
            return None
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # nothing else starts a value; for mypy
        if event.anchor:
            self.problem(event, f"the anchor '&{event.anchor}'", "a plain value", "Write it out where it is used.")
        if event.tag:
            self.problem(event, f"the tag '{event.tag}'", "a value without a tag")
        if len(path) > DEEPEST:
            self.problem(event, f"more than {DEEPEST} levels", "a flatter document")
            raise _TooDeep
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, path)
        return self.scalar(event)

    def sequence(self, events: Iterator[yaml.Event], path: KeyPath) -> list[YamlValue]:
        items: list[YamlValue] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.value(event, events, (*path, len(items))))
        return items

    def mapping(self, events: Iterator[yaml.Event], path: KeyPath) -> dict[str, YamlValue]:
        found: dict[str, YamlValue] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, events, path)
            twice = key in found
            if twice:
                line = self.key_marks[*path, key][0]
                self.problem(event, f"the key '{key}' again", f"each key once (first on line {line})")
            value = self.value(next(events), events, (*path, f"{key} (again)" if twice else key))
            if not twice:
                found[key] = value
                self.key_marks[*path, key] = _mark(event)
        return found

    def key(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        self.problem(event, "a key that is not text", "a plain word as key")
        self.value(event, events, (*path, "(key)"))
        return "(key)"

    def scalar(self, event: yaml.Event) -> YamlValue:
        assert isinstance(event, yaml.ScalarEvent)
        text = event.value
        if forbidden := _FORBIDDEN.search(text):
            self.problem(event, f"character U+{ord(forbidden[0]):04X} in a text", "printable text")
            return _FORBIDDEN.sub("?", text)
        if not event.implicit[0]:  # quoted or a block: always text
            return text
        if _LEADING_ZERO.fullmatch(text):
            remedy = "Put it in quotes when it is text."
            self.problem(event, f"the number {text} with a leading zero", "a number without one", remedy)
            return text
        return _plain(text)


def _plain(text: str) -> YamlValue:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
