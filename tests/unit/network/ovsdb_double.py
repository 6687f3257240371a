"""A server of a test's own words on a unix socket, and a database of Port rows that a session changes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from werkplek.network.ovsdb import Refused, elements, set_of

type Talk = Callable[[socket.socket], None]


@contextmanager
def served(folder: Path, *talks: Talk) -> Iterator[Path]:
    """A socket where the first connection is talked to by the first of `talks`, and so on. What a talk fails fails."""
    path, failures = folder / "db.sock", []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def work() -> None:
        for talk in talks:
            stream, _ = server.accept()
            with stream:
                stream.settimeout(10)
                try:
                    talk(stream)
                except BaseException as error:
                    failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield path
    server.close()
    thread.join(10)
    assert not failures, failures


def row(*, mode: str = "", tag: int = 0, trunks: Sequence[int] = (), protected: bool = False) -> dict[str, Any]:
    """A Port row's columns as OVSDB's wire has them."""
    tags = set_of([tag] if tag else [])
    return {"vlan_mode": mode or set_of([]), "tag": tags, "trunks": set_of(trunks), "protected": protected}


class Database:
    """See `Ovsdb`. `links` are the ports that are up; `error` is what every call raises; `calls` is what was asked."""

    def __init__(self, ports: Mapping[str, Mapping[str, Any]], *, bridges: Sequence[str] = ("br0",)) -> None:
        self.ports = {name: dict(columns) for name, columns in ports.items()}
        self.bridges, self.links = list(bridges), set(ports)
        self.error: Exception | None = None
        self.before_commit: Callable[[], None] = lambda: None
        self.next_cfg, self.cur_cfg, self.lag = 0, 0, 0
        self.comments: list[str] = []
        self.opened = self.closed = 0

    def connect(self) -> Self:
        self.opened += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.closed += 1

    def select(self, table: str, columns: Sequence[str], where: Sequence[Any] = ()) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.transact([{"op": "select", "table": table}])[0]["rows"]
        return rows

    def transact(self, operations: Sequence[Mapping[str, Any]]) -> list[Any]:
        if self.error:
            raise self.error
        if any(one["op"] == "wait" for one in operations):
            self.before_commit()
        if not all(self.holds(one) for one in operations if one["op"] == "wait"):
            raise Refused("unix:/db.sock", "timed out", '"wait" timed out')
        return [getattr(self, f"do_{one['op']}")(one) for one in operations]

    def holds(self, operation: Mapping[str, Any]) -> bool:
        now = self.ports[operation["where"][0][2][1]]
        return all(
            sorted(elements(now[name])) == sorted(elements(value)) for name, value in operation["rows"][0].items()
        )

    def do_wait(self, _operation: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def do_comment(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        self.comments.append(operation["comment"])
        return {}

    def do_update(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        self.ports[operation["where"][0][2][1]].update(operation["row"])
        return {"count": 1}

    def do_mutate(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        assert operation["mutations"] == [["next_cfg", "+=", 1]]
        self.next_cfg += 1
        self.cur_cfg = self.next_cfg - self.lag
        return {"count": 1}

    def do_select(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        return {"rows": self.select_rows(operation["table"])}

    def select_rows(self, table: str) -> list[dict[str, Any]]:
        if table == "Open_vSwitch":
            return [{"ovs_version": "3.1.0", "next_cfg": self.next_cfg, "cur_cfg": self.cur_cfg}]
        if table == "Bridge":
            mine = set_of(["uuid", name] for name in self.ports)
            return [
                {"name": name, "ports": mine if not place else set_of([])} for place, name in enumerate(self.bridges)
            ]
        if table == "Interface":
            return [
                {"_uuid": ["uuid", f"i-{one}"], "link_state": "up" if one in self.links else "down"}
                for one in self.ports
            ]
        assert table == "Port"
        return [
            {"_uuid": ["uuid", name], "name": name, "interfaces": ["uuid", f"i-{name}"], **columns}
            for name, columns in self.ports.items()
        ]
