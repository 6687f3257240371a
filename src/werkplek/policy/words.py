"""A setting in words: the object it is about and the value it should have, for tables and for people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from werkplek.policy.model import HIDDEN, HOLE

_HOLES = re.compile(f"{HOLE}([^{HOLE}]*){HOLE}")
_NUMBERS = re.compile(f":({HOLE}[^{HOLE}]*{HOLE})")  # a number stands in JSON without quotes
_NO_RECORD: Mapping[str, object] = MappingProxyType({})

type Wire = Mapping[str, object]


class Described(NamedTuple):
    """An instance's id, the object on a host, and what should be there."""

    id: str
    what: str
    value: str


def described(wire: Wire, record: Mapping[str, object] = _NO_RECORD) -> Described:
    """One instance of a setting, from its wire form.

    A secret is its name and the day of its last change, a host's own value that of its registry `record`, or without
    one its reference.
    """
    what, value = _WORDS.get(str(wire["kind"]), _other)(wire)
    return Described(*(shown(text, record) for text in (str(wire["id"]), what, value)))


def wires(text: str) -> list[dict[str, object]]:
    """The wire forms in a candidate's text, with the holes of what is filled in later."""
    found = json.loads(f"[{_NUMBERS.sub(lambda hole: f':"{hole[1]}"', text)}]")
    assert isinstance(found, list)
    return found


def written(wire: Wire) -> dict[str, object]:
    """A wire form in which what is filled in later stands as it is written in the policy."""
    found = json.loads(shown(json.dumps(wire, ensure_ascii=False)))
    assert isinstance(found, dict)
    return found


def shown(text: str, record: Mapping[str, object] = _NO_RECORD) -> str:
    """`text` with what is filled in later as it is written: `{from: registry.url}`, `{secret: wifi_key}`.

    A value that the host's registry `record` has stands in its place.
    """
    return _HOLES.sub(lambda hole: _written(hole[1], record), text)


def _written(hole: str, record: Mapping[str, object]) -> str:
    if hole.startswith(HIDDEN):
        name, _, day = hole.removeprefix(HIDDEN).partition("@")
        return f"{{secret: {name}}} of {day}"
    reference = hole.removeprefix("key:")
    value = record.get(reference.removeprefix("registry."))
    return f"{{from: {reference}}}" if value is None else str(value)


def told_apart(before: Wire, after: Wire) -> tuple[str, str]:
    """Two wire forms that are the same in words: the fields in which they differ, as JSON."""
    keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    sides = ({key: side[key] for key in keys if key in side} for side in (before, after))
    one, other = (shown(json.dumps(side, ensure_ascii=False)) for side in sides)
    return one, other


def _items(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_items, value)) or "none"
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_items(item)}" for key, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _registry(wire: Wire) -> tuple[str, str]:
    name = wire.get("name")
    what = str(wire["path"]) if name is None else f"{wire['path']}\\{name or '(default)'}"
    if wire.get("state") == "absent":
        return what, "absent"
    if "list" in wire:
        return what, f"list: {_items(wire['list'])}"
    if "data" not in wire:
        return what, "present" if name is None else f"{wire['type']}, without data"
    return what, f"{wire['type']}: {_items(wire['data']) or "''"}"


def _service(wire: Wire) -> tuple[str, str]:
    return f"service {wire['name']}", ", ".join(str(wire[key]) for key in ("start", "status") if key in wire)


def _user_right(wire: Wire) -> tuple[str, str]:
    return str(wire["right"]), _items(wire["members"])


def _system_access(wire: Wire) -> tuple[str, str]:
    return str(wire["name"]), str(wire["data"])


def _audit(wire: Wire) -> tuple[str, str]:
    return f"audit {wire['name']}", _items(wire["events"])


def _local_group(wire: Wire) -> tuple[str, str]:
    return f"group {wire['group']}", f"{wire['mode']}: {_items(wire['members'])}"


def _file(wire: Wire) -> tuple[str, str]:
    """A file, a folder, or a line of a file."""
    place = ": ".join(str(wire[key]) for key in ("path", "section", "key") if key in wire)
    said = [f"{key} {_items(wire[key])}" for key in ("state", "value", "owner", "group", "mode") if key in wire]
    return place, "; ".join([*_content(str(wire["content"])), *said] if "content" in wire else said)


def _content(text: str) -> list[str]:
    return [f"content {text}" if HOLE in text else f"content of {len(text)} characters"]


def _audit_rule(wire: Wire) -> tuple[str, str]:
    return str(wire["rule"]), "present"


def _other(wire: Wire) -> tuple[str, str]:
    """Any kind: its name (or what it has for one), and its other fields."""
    kind = str(wire["kind"])
    name = next((key for key in ("name", "ssid", "id_of", "thumbprint", "path", "key") if key in wire), None)
    left_out = {"id", "kind", "observe", "secret", name}
    rest = [f"{key} {_items(value)}" for key, value in sorted(wire.items()) if key not in left_out]
    label = kind.replace("_", " ")
    return f"{label} {wire[name]}" if name else label, "; ".join(rest)


_WORDS: Mapping[str, Callable[[Wire], tuple[str, str]]] = {
    "registry": _registry,
    "service": _service,
    "user_right": _user_right,
    "account_policy": _system_access,
    "security_option": _system_access,
    "audit": _audit,
    "local_group": _local_group,
    "file": _file,
    "config_line": _file,
    "audit_rule": _audit_rule,
}
