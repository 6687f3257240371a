"""A double of NetBox 4.4's REST API that serves a snapshot; its answers are checked against recordings of a real one.

It refuses what it does not know: 404 for what NetBox does not have either, 501 for what only NetBox has.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from werkplek.lab import netbox_writes
from werkplek.lab.faults import FaultPlan
from werkplek.lab.netbox_answers import Refusal, json_answer
from werkplek.lab.netbox_faults import Answer, with_fault
from werkplek.lab.netbox_fields import BRIEF_FIELDS, FIELDS
from werkplek.lab.netbox_filters import tests
from werkplek.lab.netbox_query import links, ordered, page
from werkplek.lab.netbox_rows import PATHS, VERBOSE, View, render
from werkplek.lab.netbox_store import CHANGES, Row, Store
from werkplek.registry.model import Snapshot
from werkplek.registry.snapshot import load

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

STORE: web.AppKey[Store] = web.AppKey("store", Store)
ALLOW: web.RequestKey[str] = web.RequestKey("allow", str)
PLAN: web.AppKey[FaultPlan] = web.AppKey("plan", FaultPlan)


def make_app(snapshot: Path | Snapshot, *, token: str, faults: FaultPlan | None = None) -> web.Application:
    """The double as an application; `app[STORE]` and `app[PLAN]` are its rows and its faults.

    `token` is the only API token that is let in. Raises WerkplekError when the snapshot cannot be used.
    """
    store = Store(load(snapshot) if isinstance(snapshot, Path) else snapshot)
    app = web.Application(middlewares=[_answers(store.version), _faults])
    app[STORE] = store
    app[PLAN] = faults or FaultPlan()
    guarded = _guard(token)
    app.router.add_route("*", "/api/", guarded(_root, READ))
    app.router.add_route("*", "/api/status/", guarded(_status, READ))
    for object_type, path in PATHS.items():
        allowed = (READ, READ) if object_type == CHANGES else (LIST, DETAIL)
        app.router.add_route("*", f"/api/{path}/", guarded(_list_of(object_type), allowed[0]))
        app.router.add_route("*", f"/api/{path}/{{number:[0-9]+}}/", guarded(_detail_of(object_type), allowed[1]))
    app.router.add_route("*", "/{rest:.*}", guarded(_elsewhere, READ))
    return app


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


def _guard(token: str) -> Callable[[Answer, str], Answer]:
    """Lets a handler see only requests that carry the token. `allow` is what NetBox's Allow header says there."""

    def guarded(handler: Answer, allow: str) -> Answer:
        async def check(request: web.Request) -> web.StreamResponse:
            request[ALLOW] = allow
            _authenticate(request.headers.get("Authorization", ""), token)
            return await handler(request)

        return check

    return guarded


def _authenticate(header: str, token: str) -> None:
    """Tokens of version 2 (NetBox 4.5) begin with `nbt_` and are bearer tokens. NetBox says 403, never 401."""
    scheme, *rest = header.split() or [""]
    known = "bearer" if token.startswith("nbt_") else "token"
    if scheme.lower() != known:
        raise Refusal(403, {"detail": "Authentication credentials were not provided."})
    if not rest:
        raise Refusal(403, {"detail": "Invalid token header. No credentials provided."})
    if len(rest) > 1:
        raise Refusal(403, {"detail": "Invalid token header. Token string should not contain spaces."})
    if not hmac.compare_digest(rest[0].encode(), token.encode()):
        raise Refusal(403, {"detail": "Invalid v2 token" if known == "bearer" else "Invalid token"})


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


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


def _list_of(object_type: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        if _only(request, "GET", "POST") == "POST":
            return await _create(request, object_type)
        return json_answer(_page_of(request, object_type))

    return answer


def _page_of(request: web.Request, object_type: str) -> Row:
    store = request.app[STORE]
    parameters = parse_qs(request.rel_url.raw_query_string, keep_blank_values=True)
    wanted = tests(store, object_type, parameters)
    rows = [row for row in ordered(store, object_type, parameters) if all(test(row) for test in wanted)]
    part = page(parameters)
    following, previous = links(f"{_base(request)}{request.rel_url.raw_path_qs}", part, len(rows))
    view, fields = View(store, _base(request)), _fields(object_type, parameters)
    shown = rows[part.offset : part.offset + part.limit]
    results = [render(view, fields, row) for row in shown]
    return {"count": len(rows), "next": following, "previous": previous, "results": results}


def _fields(object_type: str, parameters: Mapping[str, list[str]]) -> Mapping[str, Any]:
    """Columns to show: `fields` (unknown names are ignored), else `brief`, else all."""
    getters = FIELDS[object_type]
    chosen: set[str] = set(getters)
    if asked := parameters.get("fields", [""])[-1]:
        chosen = set(asked.split(","))
    elif parameters.get("brief", [""])[-1]:
        chosen = set(BRIEF_FIELDS[object_type])
    if "config_context" in parameters.get("exclude", [""])[-1]:
        chosen.discard("config_context")
    return {name: getter for name, getter in getters.items() if name in chosen}


def _detail_of(object_type: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        method = _only(request, "GET", "PATCH", "DELETE")
        store, number = request.app[STORE], int(request.match_info["number"])
        if number not in store.tables[object_type]:
            name = "".join(word.capitalize() for word in VERBOSE[object_type].split())
            raise Refusal(404, {"detail": f"No {name} matches the given query."})
        if method == "DELETE":
            netbox_writes.delete(store, object_type, number)
            return web.Response(status=HTTPStatus.NO_CONTENT)
        row = store.tables[object_type][number]
        if method == "PATCH":
            row = netbox_writes.update(store, object_type, number, await _body(request))
        return json_answer(_shown(request, object_type, row))

    return answer


def _shown(request: web.Request, object_type: str, row: Row) -> Row:
    parameters = parse_qs(request.rel_url.raw_query_string) if request.method == "GET" else {}
    return render(View(request.app[STORE], _base(request)), _fields(object_type, parameters), row)


async def _create(request: web.Request, object_type: str) -> web.StreamResponse:
    row = netbox_writes.create(request.app[STORE], object_type, await _body(request))
    shown = _shown(request, object_type, row)
    if object_type == "extras.tag":
        del shown["tagged_items"]  # NetBox counts only what it has queried
    return json_answer(shown, HTTPStatus.CREATED)


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise Refusal(400, {"detail": f"JSON parse error - {error}"}) from None


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
