"""What a registry path and value may hold (Microsoft: "Registry Element Size Limits", "Registry Value Types")."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from werkplek.policy.fields import Ref, check_ref, check_secret, shown, wrong

SCALARS = ("dword", "qword", "string", "expandstring", "multistring", "binary", "none")
ValueType = Literal["dword", "qword", "string", "expandstring", "multistring", "binary", "none"]

_LONGEST_KEY = 255
_LONGEST_NAME = 16383
_HIVES = ("HKLM:\\", "HKCU:\\")
_OTHER_HIVES = (
    (
        re.compile(r"(HKU|HKEY_USERS)\b.*", re.I),
        "HKCU:\\ already stands for every user's hive and the default profile.",
    ),
    (re.compile(r"(HKCR|HKEY_CLASSES_ROOT)\b.*", re.I), "HKCR is a merged view: write HKLM:\\SOFTWARE\\Classes."),
    (re.compile(r"(HKCC|HKEY_CURRENT_CONFIG)\b.*", re.I), "HKCC is a link to a hardware profile below HKLM:\\SYSTEM."),
)
_RANGES = {"dword": 2**32 - 1, "qword": 2**64 - 1}
_TEXTS = ("string", "expandstring")


def _path(value: str) -> str:
    for pattern, reason in _OTHER_HIVES:
        if pattern.fullmatch(value):
            wrong("a path that begins with HKLM:\\ or HKCU:\\", remedy=reason)
    if not value.startswith(_HIVES):
        wrong("a path that begins with HKLM:\\ or HKCU:\\")
    if value.endswith("\\"):
        wrong("a path without a '\\' at its end")
    if re.fullmatch(r"HKCU:\\SOFTWARE\\Classes(\\.*)?", value, re.I):
        remedy = "Write HKLM:\\SOFTWARE\\Classes: a user's classes are a hive of their own, which is not reached."
        wrong("a path outside HKCU:\\SOFTWARE\\Classes", remedy=remedy)
    _check_keys(value[len(_HIVES[0]) :])
    return value


def _check_keys(path: str) -> None:
    for key in path.split("\\"):
        if not key.strip() or len(key) > _LONGEST_KEY or "\n" in key:
            wrong(f"key names of 1 to {_LONGEST_KEY} characters between the '\\'s")


Path = Annotated[str, AfterValidator(_path)]


def check_subkey(value: object) -> str | Ref:
    """Text below a key, or a reference to it. It may hold several keys, but no '\\' at either end."""
    if isinstance(value, dict):
        return check_ref(value)
    if not isinstance(value, str):
        wrong("text or {from: ...}")
    _check_keys(value)
    return value


def check_name(value: object) -> str | Ref:
    """Name of a value ('' is the key's default value), or a reference to it."""
    if isinstance(value, dict):
        return check_ref(value)
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        wrong(f"text of at most {_LONGEST_NAME} characters or {{from: ...}}")
    return value


def check_list(value: object) -> tuple[str | Ref, ...] | Ref:
    """Texts (or references to them) of a numbered list, or one reference to the whole list."""
    if isinstance(value, dict):
        return check_ref(value)
    if not isinstance(value, list):
        wrong("a list of texts or {from: ...}")
    return tuple(_item(item, index) for index, item in enumerate(value))


def _item(value: object, index: int) -> str | Ref:
    if isinstance(value, dict):
        return check_ref(value, (index,))
    # An empty text would end a REG_MULTI_SZ early: Microsoft, "Registry Value Types".
    return value if isinstance(value, str) and value else wrong("text", found=shown(value), at=(index,))


def check_data(kind: str, value: object) -> object:
    """`value` when it is what a registry value of type `kind` can hold; a `Ref` or `SecretRef` for a reference."""
    if isinstance(value, dict) and "secret" in value:
        return check_secret(value) if kind in _TEXTS else wrong(f"a value or {{from: ...}} for type {kind}")
    if isinstance(value, dict):
        return check_ref(value)
    if kind in _RANGES:
        return _number(kind, value)
    if kind == "multistring":
        return check_list(value)
    if not isinstance(value, str):
        remedy = f"Put it in quotes: '{value}'." if type(value) in {int, float} else ""
        wrong(f"text for type {kind}", remedy=remedy)
    if kind == "binary" and not re.fullmatch(r"([0-9A-Fa-f]{2})*", value):
        wrong("pairs of hexadecimal digits, such as 'a0ff'")
    return value


def _number(kind: str, value: object) -> int:
    high = _RANGES[kind]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
        wrong(f"a whole number from 0 to {high} for type {kind}")
    return value


def wanted_for(kind: str | None) -> str | None:
    """What a reference must give as data of type `kind`; None where no reference is allowed (binary, none)."""
    if kind in _RANGES:
        return "number"
    if kind in _TEXTS:
        return "text"
    return "list of texts" if kind == "multistring" else None
