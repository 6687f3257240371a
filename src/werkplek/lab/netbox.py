"""A double of NetBox's REST API that serves a snapshot; its answers are checked against recordings of a real 4.4.

It refuses what it does not know: 404 for what NetBox does not have either, 501 for what only NetBox has. The snapshot's
`netbox_version` says which release it plays, from 4.2 on.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from werkplek.lab import netbox_writes
from werkplek.lab.faults import FaultPlan
from werkplek.lab.netbox_answers import Refusal, json_answer
from werkplek.lab.netbox_auth import authenticate
from werkplek.lab.netbox_faults import Answer, with_fault
from werkplek.lab.netbox_lists import Shown, existing, list_of, one
from werkplek.lab.netbox_rows import View, render
from werkplek.lab.netbox_schema import schema
from werkplek.lab.netbox_shapes import shapes_of
from werkplek.lab.netbox_speed import SHOWN, Speed, paced
from werkplek.lab.netbox_store import Store
from werkplek.lab.netbox_types import CHANGES, EMPTY, TAG, TYPES
from werkplek.registry.snapshot import load
from werkplek.registry.tables import INTERFACE, Snapshot

READ = "GET, HEAD, OPTIONS"
LIST = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
DETAIL = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
VARY = "HX-Request, Accept-Language, Cookie, origin"
APPS = (
    "circuits",
    "core",
    "dcim",
    "extras",
    "ipam",
    "plugins",
    "status",
    "tenancy",
    "users",
    "virtualization",
    "vpn",
    "wireless",
)

CHOICES_ARE_OBJECTS = (4, 7)

type Hook = Callable[[str, Store], None]
"""Called with a request's path and query before its answer is computed; it may write to the store."""

STORE: web.AppKey[Store] = web.AppKey("store", Store)
PLAN: web.AppKey[FaultPlan] = web.AppKey("plan", FaultPlan)
CHOICE_OBJECTS: web.AppKey[bool] = web.AppKey("choice_objects", bool)
ALLOW: web.RequestKey[str] = web.RequestKey("allow", str)


def make_app(  # noqa: PLR0913 - each is an option of its own, given by name
    snapshot: Path | Snapshot,
    *,
    token: str,
    faults: FaultPlan | None = None,
    choice_objects: bool | None = None,
    on_request: Hook | None = None,
    speed: Speed | None = None,
) -> web.Application:
    """The double as an application; `app[STORE]` and `app[PLAN]` are its rows and its faults.

    `token` is the only API token that is let in. `choice_objects` shows custom fields with a choice as value and label;
    None is what the release does, which is so from 4.7 on.
    `speed` makes it as slow as a real NetBox. Raises WerkplekError when the snapshot cannot be used.
    """
    store = Store(load(snapshot) if isinstance(snapshot, Path) else snapshot)
    pace = [paced(speed)] if speed else []
    app = web.Application(middlewares=[_answers(store.version), _faults, *pace, _hooked(on_request)])
    app[STORE] = store
    app[PLAN] = faults or FaultPlan()
    app[CHOICE_OBJECTS] = store.release >= CHOICES_ARE_OBJECTS if choice_objects is None else choice_objects
    _add_routes(app, _guard(token))
    return app


def _add_routes(app: web.Application, guarded: Callable[[Answer, str], Answer]) -> None:
    app.router.add_route("*", "/api/", guarded(_root, READ))
    app.router.add_route("*", "/api/status/", guarded(_status, READ))
    app.router.add_route("*", "/api/schema/", guarded(_schema, READ))
    for object_type, kind in TYPES.items():
        answer = (_list_of(object_type), _detail_of(object_type))
        if app[STORE].release < kind.since:
            answer = (_unknown, _unknown)
        of_list, of_one = (READ, READ) if object_type == CHANGES else (LIST, DETAIL)
        if object_type == INTERFACE:
            of_list += ", TRACE"  # NetBox traces cables from interfaces
        app.router.add_route("*", f"/api/{kind.path}/", guarded(answer[0], of_list))
        app.router.add_route("*", f"/api/{kind.path}/{{number:[0-9]+}}/", guarded(answer[1], of_one))
    for path, model in EMPTY.items():
        app.router.add_route("*", f"/api/{path}/", guarded(_nothing, LIST))
        app.router.add_route("*", f"/api/{path}/{{number:[0-9]+}}/", guarded(_none_of(model), DETAIL))
    app.router.add_route("*", "/{rest:.*}", guarded(_elsewhere, READ))


def _answers(version: str) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Turns refusals into answers and adds the headers that NetBox puts on every answer of its API."""
    api_version = ".".join(version.split(".")[:2])

    @web.middleware
    async def answers(request: web.Request, handler: Answer) -> web.StreamResponse:
        try:
            response = await handler(request)
        except Refusal as refusal:
            response = json_answer(refusal.body, refusal.status)
        if not response.prepared:
            response.headers.setdefault("Vary", VARY)
            response.headers.setdefault("API-Version", api_version)
            if ALLOW in request:
                response.headers.setdefault("Allow", request[ALLOW])
        return response

    return answers


@web.middleware
async def _faults(request: web.Request, handler: Answer) -> web.StreamResponse:
    answer: Answer = handler
    for fault in request.app[PLAN].due(request.path):
        answer = with_fault(fault, answer)
    return await answer(request)


def _hooked(hook: Hook | None) -> Callable[..., Awaitable[web.StreamResponse]]:
    @web.middleware
    async def hooked(request: web.Request, handler: Answer) -> web.StreamResponse:
        if hook is not None:
            hook(request.path_qs, request.app[STORE])
        return await handler(request)

    return hooked


def _guard(token: str) -> Callable[[Answer, str], Answer]:
    """Lets a handler see only requests that carry the token. `allow` is what NetBox's Allow header says there."""

    def guarded(handler: Answer, allow: str) -> Answer:
        async def check(request: web.Request) -> web.StreamResponse:
            request[ALLOW] = allow
            authenticate(request.headers.get("Authorization", ""), token)
            return await handler(request)

        return check

    return guarded


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _view(request: web.Request) -> View:
    store = request.app[STORE]
    shapes = shapes_of(store.release)
    return View(store, shapes, _base(request), choice_objects=request.app[CHOICE_OBJECTS])


def _only(request: web.Request, *methods: str) -> str:
    """The request's method, HEAD as GET. Raises Refusal: 405 for what NetBox refuses too, 501 for the rest."""
    method = "GET" if request.method == "HEAD" else request.method
    if method not in request[ALLOW].split(", "):
        raise Refusal(405, {"detail": f'Method "{method}" not allowed.'})
    if method not in methods:
        raise Refusal(501, {"detail": f'The lab\'s NetBox does not answer "{method}" here.'})
    return method


async def _root(request: web.Request) -> web.StreamResponse:
    _only(request, "GET")
    return json_answer({name: f"{_base(request)}/api/{name}/" for name in APPS})


async def _status(request: web.Request) -> web.StreamResponse:
    _only(request, "GET")
    version = request.app[STORE].version
    return json_answer(
        {
            "django-version": "",
            "hostname": "werkplek-lab",
            "installed_apps": {},
            "netbox-version": version,
            "netbox-full-version": version,
            "plugins": {},
            "python-version": "",
            "rq-workers-running": 0,
        }
    )


async def _schema(request: web.Request) -> web.StreamResponse:
    _only(request, "GET")
    return json_answer(schema(request.app[STORE]))


async def _nothing(request: web.Request) -> web.StreamResponse:
    _only(request, "GET")
    return json_answer({"count": 0, "next": None, "previous": None, "results": []})


def _none_of(model: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        _only(request, "GET")
        raise Refusal(404, {"detail": f"No {model} matches the given query."})

    return answer


def _list_of(object_type: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        if _only(request, "GET", "POST") == "POST":
            return await _create(request, object_type)
        return _answer(request, list_of(_view(request), object_type, request.rel_url.raw_path_qs))

    return answer


def _detail_of(object_type: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        method = _only(request, "GET", "PATCH", "DELETE")
        view, number = _view(request), int(request.match_info["number"])
        existing(view, object_type, number)
        if method == "DELETE":
            netbox_writes.delete(view.store, object_type, number)
            return web.Response(status=HTTPStatus.NO_CONTENT)
        if method == "PATCH":
            netbox_writes.update(view.store, object_type, number, await _body(request))
        query = request.rel_url.raw_path_qs if method == "GET" else ""
        return _answer(request, one(view, object_type, number, query))

    return answer


def _answer(request: web.Request, shown: Shown) -> web.StreamResponse:
    request[SHOWN] = shown
    return json_answer(shown.body)


async def _create(request: web.Request, object_type: str) -> web.StreamResponse:
    view = _view(request)
    row = netbox_writes.create(view.store, object_type, await _body(request))
    shown = render(view, view.shapes[object_type].columns, row)
    if object_type == TAG:
        del shown["tagged_items"]  # NetBox counts only what it has queried
    return json_answer(shown, HTTPStatus.CREATED)


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise Refusal(400, {"detail": f"JSON parse error - {error}"}) from None


async def _unknown(_request: web.Request) -> web.StreamResponse:
    """A part of the API that this release does not have."""
    raise Refusal(404, {"detail": "Not found."})


async def _elsewhere(request: web.Request) -> web.StreamResponse:
    """What the double does not serve: a missing slash is added as Django does, NetBox's other parts are named."""
    if request.path.startswith("/api/") and not request.path.endswith("/") and request.method in ("GET", "HEAD"):
        target = request.rel_url.raw_path + "/"
        query = request.rel_url.raw_query_string
        return web.Response(status=301, headers={"Location": f"{target}?{query}" if query else target})
    first = request.path.removeprefix("/api/").split("/")[0]
    if (request.path.startswith("/api/") and first in APPS) or request.path == "/graphql/":
        raise Refusal(501, {"detail": f"The lab's NetBox does not serve {request.path}."})
    raise Refusal(404, {"detail": "Not found."})
