"""Reads what an inventory needs from NetBox and does nothing with it: pages by offset, over two connections."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from werkplek.registry.client import authorization
from werkplek.registry.query import Query
from werkplek.registry.tables import ADDRESS, Table, wanted

SIZE = 1000


def main() -> None:
    headers = {"Authorization": authorization(os.environ["NETBOX_TOKEN"]), "Accept": "application/json"}
    base = os.environ["NETBOX_API"].rstrip("/") + "/api/"
    with httpx.Client(base_url=base, headers=headers, timeout=120) as client, ThreadPoolExecutor(2) as pool:

        def page(table: Table, offset: int) -> Any:
            parameters = {**Query().columns(table), "limit": str(SIZE), "offset": str(offset), "ordering": "id"}
            return json.loads(client.get(f"{table.path}/", params=parameters).raise_for_status().content)

        tables = [table for table in wanted(()) if table.object_type != ADDRESS]
        firsts = list(pool.map(lambda table: page(table, 0), tables))
        left = [
            (table, offset)
            for table, first in zip(tables, firsts, strict=True)
            for offset in range(SIZE, first["count"], SIZE)
        ]
        rows = sum(len(found["results"]) for found in (*firsts, *pool.map(lambda job: page(*job), left)))
    print(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
