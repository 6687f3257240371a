"""JSON as RFC 8259 has it: Python's reader also takes NaN, and halves of surrogate pairs that no file can hold."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def loads(data: bytes) -> Any:
    """Decode UTF-8 JSON. Raises ValueError, of which JSONDecodeError tells the place."""
    text = data.decode("utf-8")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError, a ValueError, for half a pair
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"the number {name}")
