"""Where roles are used: plays of playbooks/, and tasks of other roles. Forms: docs.ansible.com, "Roles"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkplek.documentation.argument_specs import MAIN
from werkplek.policy.yaml_source import Document, YamlValue

IMPORTS = ("import_role", "include_role")


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an entry point of a role. `file` and `name` say in which play, `text` is that play as it is written.

    In another role, `text` is empty and `name` is that role's. `only_checks`: the play always runs in check mode.
    """

    role: str
    entry_point: str
    file: str
    name: str
    text: str = ""
    only_checks: bool = False


def uses_in(document: Document, text: str) -> Iterator[Use]:
    """Uses in a playbook or in a file of tasks of a role, each once per play or file, in order."""
    if document.name.startswith("playbooks/"):
        plays = document.data if isinstance(document.data, list) else []
        for index, play in enumerate(plays):
            if isinstance(play, dict):
                for role, entry_point in dict.fromkeys(_in_play(play)):
                    name = str(play.get("name", ""))
                    quoted = _quoted(document, index, text)
                    yield Use(role, entry_point, document.name, name, quoted, play.get("check_mode") is True)
    elif match := re.match(r"roles/([^/]+)/tasks/", document.name):
        for role, entry_point in dict.fromkeys(_used(document.data)):
            if role != match[1]:
                yield Use(role, entry_point, document.name, match[1])


def _in_play(play: Mapping[str, YamlValue]) -> Iterator[tuple[str, str]]:
    """Roles and entry points that a play names."""
    roles = play.get("roles")
    yield from map(_listed, roles if isinstance(roles, list) else [])
    for section in ("pre_tasks", "tasks", "post_tasks", "handlers"):
        yield from _used(play.get(section))


def _listed(entry: YamlValue) -> tuple[str, str]:
    """An entry of a play's `roles`."""
    if isinstance(entry, dict):
        return str(entry.get("role", entry.get("name"))), _entry_point(entry)
    return str(entry), MAIN


def _used(data: YamlValue) -> Iterator[tuple[str, str]]:
    """Roles and entry points that tasks name, at any depth: blocks hold tasks."""
    if isinstance(data, list):
        for item in data:
            yield from _used(item)
    if isinstance(data, dict):
        for key, value in data.items():
            if key.rsplit(".", 1)[-1] in IMPORTS and isinstance(value, dict):
                yield str(value.get("name")), _entry_point(value)
            else:
                yield from _used(value)


def _entry_point(task: Mapping[str, YamlValue]) -> str:
    return str(task.get("tasks_from", MAIN)).removesuffix(".yml")


def _quoted(document: Document, index: int, text: str) -> str:
    """The lines of a play, up to the next one and the comments before that."""
    lines = text.splitlines()
    first = document.line((index,))
    following = document.marks.get((index + 1,))
    play = lines[first - 1 : following[0] - 1 if following else len(lines)]
    while play and (not play[-1].strip() or play[-1].startswith("#")):
        play.pop()
    return "\n".join(play)


def mentions(data: YamlValue, action: str) -> bool:
    """Whether tasks use an action, by its own name or one with a collection before it."""
    if isinstance(data, list):
        return any(mentions(item, action) for item in data)
    if not isinstance(data, dict):
        return False
    return any(key.rsplit(".", 1)[-1] == action or mentions(value, action) for key, value in data.items())
