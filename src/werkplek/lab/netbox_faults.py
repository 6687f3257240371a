"""Carries out faults around the NetBox double's answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, assert_never

from aiohttp import web

from werkplek.lab.faults import (
    CutFault,
    Fault,
    HtmlFault,
    LoginRedirectFault,
    ShortPageFault,
    SlowFault,
    StatusFault,
    WrongCountFault,
    WrongShapeFault,
)
from werkplek.lab.netbox_answers import json_answer

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

# In the words of Django REST framework 3.16.
DETAILS = {
    401: "Authentication credentials were not provided.",
    403: "You do not have permission to perform this action.",
    404: "Not found.",
    429: "Request was throttled.",
}
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Log In</title></head><body>Log In</body></html>"


def with_fault(fault: Fault, answer: Answer) -> Answer:
    """`answer` as it looks while `fault` is in force."""

    async def faulty(request: web.Request) -> web.StreamResponse:
        return await _show(fault, answer, request)

    return faulty


async def _show(fault: Fault, answer: Answer, request: web.Request) -> web.StreamResponse:
    match fault:
        case SlowFault():
            await asyncio.sleep(fault.seconds)
            return await answer(request)
        case CutFault():
            return await _cut(await answer(request), request)
        case ShortPageFault():
            return _changed(await answer(request), lambda page: {**page, "results": page["results"][: -fault.rows]})
        case WrongCountFault():
            return _changed(await answer(request), lambda page: {**page, "count": page["count"] + fault.by})
        case _:
            return _instead(fault, request)


def _instead(
    fault: StatusFault | HtmlFault | WrongShapeFault | LoginRedirectFault, request: web.Request
) -> web.Response:
    """The answer of a fault that does not let the request through."""
    match fault:
        case StatusFault():
            return _status(fault)
        case HtmlFault():
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        case WrongShapeFault():
            return json_answer([])
        case LoginRedirectFault():
            return web.Response(status=302, headers={"Location": f"/login/?next={request.path}"})
        case _:
            assert_never(fault)


def _status(fault: StatusFault) -> web.Response:
    if fault.status >= 500:
        response = web.Response(status=fault.status, text=f"Server error {fault.status}")
    else:
        response = json_answer({"detail": DETAILS[fault.status]}, fault.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _changed(response: web.StreamResponse, change: Callable[[dict[str, Any]], dict[str, Any]]) -> web.StreamResponse:
    """The response with another page in it; what is no page of a list stays as it is."""
    page = json.loads(_body(response) or b"null")
    if not isinstance(page, dict) or not {"count", "results"} <= page.keys():
        return response
    return json_answer(change(page))


async def _cut(response: web.StreamResponse, request: web.Request) -> web.StreamResponse:
    body = _body(response)
    half = web.StreamResponse(status=response.status, headers={"Content-Type": "application/json"})
    half.content_length = len(body)
    half.force_close()
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


def _body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""
