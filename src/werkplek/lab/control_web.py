"""What the control APIs of all labs share: JSON over loopback, behind a token."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from werkplek.errors import WerkplekError

MAX_BODY = 16 * 1024 * 1024
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Action = Callable[[web.Request], Awaitable[Any]]


def guarded_app(token: str) -> web.Application:
    """A web application without routes. 401 without the token, 422 with `error` for what the lab refuses."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return web.json_response({"error": "the control token is wrong"}, status=401)
        try:
            return await handler(request)
        except WerkplekError as error:
            return web.json_response({"error": str(error)}, status=422)

    return web.Application(middlewares=[guard], client_max_size=MAX_BODY)


def answer(action: Action) -> Handler:
    """A handler that gives what an action gives, as JSON."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response(await action(request))

    return handler


async def body_of(request: web.Request) -> Any:
    """The JSON of a request's body. Raises WerkplekError where it is none."""
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise WerkplekError(f"the body is not JSON: {error}") from error
