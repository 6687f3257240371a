"""One session with an Open vSwitch over OVSDB: read, change in one transaction, and the inverse of that as way back.

A transaction is committed whole or not at all, and only where the ports still are as they were read: `wait` operations
(RFC 7047, 5.2.6) stop it where somebody else was there meanwhile. What is committed is kept; there is nothing to save.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.network.compare import Command
from werkplek.network.openvswitch import COLUMNS, OpenVSwitch, changed, running_text, section_of
from werkplek.network.ovsdb import Ovsdb, Refused, elements
from werkplek.network.ovsdb_stream import Certificates, remote
from werkplek.network.platform import Links, Look, TerminalError

CERTIFICATES = ("openvswitch_certificate", "openvswitch_private_key", "openvswitch_ca_certificate")
FOLLOWS_SECONDS = 10.0
_TABLES: Mapping[str, Sequence[str]] = {
    "Open_vSwitch": ("ovs_version",),
    "Bridge": ("name", "ports"),
    "Port": ("_uuid", "name", "interfaces", *COLUMNS),
    "Interface": ("_uuid", "link_state"),
}


class _Change(NamedTuple):
    """What was done to one port: its row, and its columns before and after."""

    row: Any
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


class OvsSession:
    """See `Session`. `connect` gives a new connection; `bridge` is needed where the switch has several."""

    def __init__(self, connect: Callable[[], Ovsdb], bridge: str = "") -> None:
        self._connect, self._bridge = connect, bridge
        self._database = connect()
        self._done: list[_Change] = []

    def look(self) -> Look:
        """See `Session.look`."""
        version, ports, _up = self._read()
        return Look(
            system=OpenVSwitch.name,
            version=version,
            model="Open vSwitch",
            members=(1,),
            ports=frozenset(ports),
            running=running_text(ports),
        )

    def links(self) -> Links:
        """See `Session.links`. Neighbours are not in this database."""
        return Links(self._read()[2], frozenset())

    def preview(self, commands: Sequence[Command]) -> str | None:
        """Open vSwitch has no such thing."""
        return None

    def apply(self, commands: Sequence[Command], minutes: int) -> None:
        """See `Session.apply`, in one transaction. A lost session is undone on `reconnect`; there is no timer."""
        _version, ports, _up = self._read()
        lines: dict[str, list[str]] = {}
        for command in commands:
            lines.setdefault(command.section[0], []).append(command.text)
        self._done = [
            _Change(row["_uuid"], name, {column: row[column] for column in COLUMNS}, changed(row, texts))
            for name, row in ports.items()
            if (texts := lines.get(section_of(name)))
        ]
        try:
            self._commit(self._done, "werkplek: as the policy says")
        except _RefusedError:
            self._done = []  # nothing was committed, so there is nothing to put back
            raise

    def confirm(self) -> None:
        """See `Session.confirm`: what is committed is saved."""
        self._done = []

    def save(self) -> None:
        """See `Session.save`: what is committed is saved."""

    def roll_back(self) -> None:
        """See `Session.roll_back`. What somebody else changed since is left as it is, and said."""
        _version, ports, _up = self._read()
        now = {name: {column: row[column] for column in COLUMNS} for name, row in ports.items()}
        undo = [one for one in self._done if not _same(now.get(one.name), one.before)]
        other = sorted(one.name for one in undo if not _same(now.get(one.name), one.after))
        if other:
            raise TerminalError(f"somebody else changed {', '.join(other)} meanwhile; nothing was put back")
        self._commit([_Change(one.row, one.name, one.after, one.before) for one in undo], "werkplek: as it was before")
        self._done = []

    def reconnect(self) -> None:
        """See `Session.reconnect`; also puts back what was changed and not confirmed."""
        self._database.close()
        self._database = self._connect()
        self.roll_back()

    def sign_in_again(self) -> None:
        """See `Session.sign_in_again`."""
        with self._connect() as other:
            self._asked(lambda: other.select("Open_vSwitch", ["ovs_version"]))

    def _read(self) -> tuple[str, dict[str, dict[str, Any]], frozenset[str]]:
        """Version, Port rows by name, and the names of those with a link: all of one moment."""
        selects = [
            {"op": "select", "table": table, "where": [], "columns": list(columns)}
            for table, columns in _TABLES.items()
        ]
        system, bridges, ports, interfaces = (
            answer["rows"] for answer in self._asked(lambda: self._database.transact(selects))
        )
        wanted = elements(self._chosen(bridges)["ports"])
        found = {row["name"]: row for row in ports if row["_uuid"] in wanted}
        linked = [row["_uuid"] for row in interfaces if row["link_state"] == "up"]
        up = frozenset(name for name, row in found.items() if any(one in linked for one in elements(row["interfaces"])))
        return str(system[0]["ovs_version"]) if system else "", found, up

    def _chosen(self, bridges: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The bridge that is this switch."""
        found = [row for row in bridges if self._bridge in ("", row["name"])]
        if len(found) == 1:
            return found[0]
        names = ", ".join(sorted(row["name"] for row in bridges)) or "none"
        expected = f"one named {self._bridge}" if self._bridge else "one, or variable openvswitch_bridge to say which"
        raise TerminalError(f"bridges of this Open vSwitch: {names}; expected {expected}")

    def _commit(self, changes: Sequence[_Change], comment: str) -> None:
        """All changes or none, and only where the rows are as they were; then wait until frames go that way."""
        if not changes:
            return
        waits = [_wait(one) for one in changes]
        updates = [{"op": "update", "table": "Port", "where": _is(one.row), "row": one.after} for one in changes]
        step = {"op": "mutate", "table": "Open_vSwitch", "where": [], "mutations": [["next_cfg", "+=", 1]]}
        number = {"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["next_cfg"]}
        operations = [*waits, *updates, step, number, {"op": "comment", "comment": comment}]
        try:
            results = self._asked(lambda: self._database.transact(operations))
        except _RefusedError as error:
            if not error.waited:
                raise
            names = ", ".join(sorted(one.name for one in changes))
            told = f"somebody else changed one of {names} while it was looked at; nothing was changed"
            raise _RefusedError(told) from error
        self._await(results[-2]["rows"][0]["next_cfg"])

    def _await(self, wanted: int) -> None:
        """The daemon says in `cur_cfg` which configuration it forwards by: ovs-vswitchd.conf.db(5)."""
        deadline = time.monotonic() + FOLLOWS_SECONDS
        while self._asked(lambda: self._database.select("Open_vSwitch", ["cur_cfg"]))[0]["cur_cfg"] < wanted:
            if time.monotonic() > deadline:
                raise TerminalError(f"ovs-vswitchd did not follow its database in {FOLLOWS_SECONDS:.0f} seconds")
            time.sleep(0.02)

    def _asked[T](self, call: Callable[[], T]) -> T:
        try:
            return call()
        except Refused as error:
            raise _RefusedError(str(error), waited=error.error == "timed out") from error
        except WerkplekError as error:
            raise TerminalError(str(error), gone=error.code == Exit.UNAVAILABLE) from error


class _RefusedError(TerminalError):
    """A transaction was not committed. `waited`: because a `wait` operation did not hold."""

    def __init__(self, text: str, *, waited: bool = False) -> None:
        super().__init__(text)
        self.waited = waited


def _is(row: Any) -> list[Any]:
    return [["_uuid", "==", row]]


def _wait(change: _Change) -> dict[str, Any]:
    row = {"table": "Port", "where": _is(change.row), "columns": list(COLUMNS), "rows": [change.before]}
    return {"op": "wait", "timeout": 0, "until": "==", **row}


def _same(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> bool:
    """Whether two rows say the same: a set may come in any order."""
    return one is not None and all(sorted(elements(one[name])) == sorted(elements(other[name])) for name in COLUMNS)


def session_of(name: str, variables: Mapping[str, Any]) -> OvsSession:
    """A session by a host's variables: `openvswitch_remote` (default: ssl: to its address), `openvswitch_bridge`, and
    the paths of its certificates.

    Raises:
        WerkplekError: a variable is missing or cannot be read.
    """
    address = variables.get("ansible_host", name)
    where = remote(str(variables.get("openvswitch_remote") or _default(str(address))), f"{name}: openvswitch_remote")
    certificates = _certificates(name, variables) if where.way == "ssl" else None
    return OvsSession(lambda: Ovsdb(where, certificates), str(variables.get("openvswitch_bridge") or ""))


def _default(address: str) -> str:
    return f"ssl:[{address}]" if ":" in address else f"ssl:{address}"


def _certificates(name: str, variables: Mapping[str, Any]) -> Certificates:
    problems = [
        Problem(f"{name}: {variable}", str(variables.get(variable) or "nothing"), "the path of a PEM file")
        for variable in CERTIFICATES
        if not Path(str(variables.get(variable) or "")).is_file()
    ]
    if problems:
        raise WerkplekError("An ssl: remote needs certificates.", problems)
    return Certificates(*(Path(str(variables[variable])) for variable in CERTIFICATES))
