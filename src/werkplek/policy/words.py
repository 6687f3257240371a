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
_NO_FIELDS = frozenset({"id", "kind", "observe", "secret"})
_CLAIMS: Mapping[str, str] = MappingProxyType(
    {"replaces": "instead of", "owns": "and nothing else that begins with", "absent": "nothing that begins with"}
)
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
    kind = str(wire["kind"])
    what, value = _WORDS.get(kind, _switch if kind.startswith("switch_") else _other)(wire)
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


def _switch(wire: Wire) -> tuple[str, str]:
    """What a switch has once: VLANs, ports, a service."""
    fields = {key: value for key, value in wire.items() if key not in _NO_FIELDS}
    return str(wire["kind"]).replace("_", " "), _others(fields) or "as registry and plan say"


def _switch_lines(wire: Wire) -> tuple[str, str]:
    """Lines of a switch, per dialect: where they stand, and what they replace or rule out."""
    forms = ((dialect, form) for dialect in ("ios", "eos") if isinstance(form := wire.get(dialect), Mapping))
    return "switch lines", "; ".join(f"{dialect}{_form(form)}" for dialect, form in forms)


def _form(form: Wire) -> str:
    if "inherent" in form:
        return f" by itself: {form['inherent']}"
    place = f" on ports {_items(form['ports'])}" if "ports" in form else ""
    place = f" in {form['section']}" if "section" in form else place
    said = [" / ".join(map(_line, lines))] if isinstance(lines := form.get("lines"), list | tuple) else []
    said += ["by default"] if form.get("by_default") else []
    said += [f"{words} {_items(form[key])}" for key, words in _CLAIMS.items() if key in form]
    return f"{place}: {', '.join(said)}"


def _line(line: object) -> str:
    if isinstance(line, str):
        return line
    assert isinstance(line, list | tuple)
    return " ".join(part if isinstance(part, str) else f"{{switch: {part['switch']}}}" for part in line)


def _other(wire: Wire) -> tuple[str, str]:
    """Any kind: its name (or what it has for one), and its other fields."""
    kind = str(wire["kind"])
    name = next((key for key in ("name", "ssid", "id_of", "thumbprint", "path", "key") if key in wire), None)
    label = kind.replace("_", " ")
    rest = _others({key: value for key, value in wire.items() if key not in {*_NO_FIELDS, name}})
    return f"{label} {wire[name]}" if name else label, rest


def _others(fields: Wire) -> str:
    return "; ".join(f"{key} {_items(value)}" for key, value in sorted(fields.items()))


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
    "switch_lines": _switch_lines,
}
