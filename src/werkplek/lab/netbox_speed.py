"""How long a real NetBox takes: a model, so that benchmarks against the double tell something about a real one.

Its numbers come from NetBox 4.4.10 with 3 workers on 2 cores, 5,000 devices and 2 connections, and so hold what the two
connections cost each other. There, all devices took, at 1,000 a page: their own columns 1.0 s; with relations 2.8 s;
with tags 4.2 s; with config contexts 5.3 s (14.1, 9.4 and 6.5 s at 100, 250 and 500 a page); full objects 7.2 s.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from werkplek.lab.netbox_faults import Answer
from werkplek.lab.netbox_lists import Shown
from werkplek.registry.tables import HOSTS

# Columns for which NetBox asks its database once a page. Those that are null everywhere here count as own columns.
RELATIONS = frozenset(
    {
        *("site", "location", "tenant", "role", "platform", "device_type", "cluster", "virtual_chassis", "owner"),
        *("primary_ip", "primary_ip4", "primary_ip6", "oob_ip", "region", "group", "parent", "manufacturer", "scope"),
        *("cable", "link_peers", "connected_endpoints", "a_terminations", "b_terminations", "termination"),
        *("device", "virtual_machine", "untagged_vlan", "tagged_vlans", "choice_set", "contact", "master", "members"),
    }
)
# Columns for which it asks once a row: of objects whose type the row names, and how many refer to an interface.
GENERIC = frozenset({"assigned_object", "object", "changed_object"})
COUNTS = frozenset({"count_ipaddresses", "count_fhrp_groups"})
# From so many rows on, the query for a relation takes as long as it ever does.
FULL_QUERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Milliseconds that parts of an answer take, and how many requests are served at once; others wait their turn.

    `request_ms` is for any request, `host_ms` for the many filters of devices and VMs besides, `query_ms` for each
    relation on a page of 100 rows or more. The others are per row: each own column, each relation, an object's tags,
    its rendered context, each count, each relation of any type.
    """

    workers: int = 3
    request_ms: float = 45
    host_ms: float = 75
    query_ms: float = 30
    column_ms: float = 0.03
    relation_ms: float = 0.03
    tags_ms: float = 0.437
    context_ms: float = 0.337
    count_ms: float = 0.5
    generic_ms: float = 4.5

    def cost(self, shown: Shown | None) -> float:
        """Milliseconds for an answer; None is one without rows."""
        if shown is None:
            return self.request_ms
        host = shown.object_type in HOSTS
        tags = host and "tags" in shown.columns
        context = host and shown.context
        relations = len(shown.columns & RELATIONS)
        counts, generic = len(shown.columns & COUNTS), len(shown.columns & GENERIC)
        own = len(shown.columns) - relations - counts - generic - tags
        row = own * self.column_ms + relations * self.relation_ms + counts * self.count_ms + generic * self.generic_ms
        row += tags * self.tags_ms + context * self.context_ms
        queries = (relations + tags + context) * self.query_ms * min(shown.rows, FULL_QUERY) / FULL_QUERY
        return self.request_ms + host * self.host_ms + queries + shown.rows * row


SHOWN: web.RequestKey[Shown] = web.RequestKey("shown", Shown)


def paced(speed: Speed) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Middleware that serves as many requests at once as there are workers, each as slowly as the model says."""
    workers = asyncio.Semaphore(speed.workers)

    @web.middleware
    async def middleware(request: web.Request, handler: Answer) -> web.StreamResponse:
        async with workers:
            start = time.perf_counter()
            try:
                return await handler(request)
            finally:
                taken = time.perf_counter() - start
                await asyncio.sleep(max(0.0, speed.cost(request.get(SHOWN)) / 1000 - taken))

    return middleware
