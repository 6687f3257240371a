"""Answers of the NetBox double: JSON as NetBox writes it, and refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


class Refusal(Exception):
    """An answer that is an error: HTTP status and JSON body."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def json_answer(body: object, status: int = 200) -> web.Response:
    """A JSON answer, compact and without a charset as Django REST framework sends it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(body=text.encode(), status=status, content_type="application/json")
