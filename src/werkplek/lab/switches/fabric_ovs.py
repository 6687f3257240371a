"""An Open vSwitch of the lab: with the userspace datapath, which needs no kernel module; never the machine's service.

Its database and daemon run in a folder and in a network namespace of their own. One of them is all emulated switches of
a fabric, each a bridge. Cables between switches are pairs of interfaces, not patch ports: what passes a patch port
cannot be listened to.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.lab.switches.fabric_rows import Rows, bridge_row, inserted
from werkplek.lab.switches.fabric_space import command, enter
from werkplek.network.ovsdb import Ovsdb, pairs, set_of
from werkplek.network.ovsdb_stream import Remote, connect

SCHEMA = Path("/usr/share/openvswitch/vswitch.ovsschema")
SECONDS, SETTLED_SECONDS = 30.0, 0.2
type Bridges = Mapping[str, tuple[str, Rows]]
"""Name of a bridge -> the switch that it is, and its ports."""


class OpenVSwitch:
    """One Open vSwitch in `folder` and in a namespace. Methods raise WerkplekError where it does not do as asked."""

    def __init__(self, folder: Path, space: str, environment: Mapping[str, str]) -> None:
        self.folder, self.space = folder, space
        paths = {f"OVS_{name}": str(folder) for name in ("RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR")}
        self._environment = {**environment, **paths}

    @property
    def socket(self) -> Path:
        """Where its database listens."""
        return self.folder / "db.sock"

    def database(self) -> Ovsdb:
        """A connection to its database."""
        return Ovsdb(Remote("unix", str(self.socket)), seconds=SECONDS)

    def start(self, bridges: Bridges, *, spanning: bool) -> None:
        """Start it with these bridges; `spanning` ones take part in a spanning tree."""
        command("ovsdb-tool", "create", str(self.folder / "conf.db"), str(SCHEMA))
        self._run("ovsdb-server", str(self.folder / "conf.db"), f"--remote=punix:{self.socket}")
        self._await("ovsdb-server", self._listens)
        with self.database() as database:
            database.transact([{"op": "insert", "table": "Open_vSwitch", "row": {}}])
            self._run("ovs-vswitchd", f"unix:{self.socket}")
            rows = [
                part
                for name, (switch, ports) in bridges.items()
                for part in bridge_row(name, switch, ports, spanning=spanning)
            ]
            all_of_them = set_of(["named-uuid", f"bridge_{name}"] for name in bridges)
            system = {"op": "update", "table": "Open_vSwitch", "where": [], "row": {"bridges": all_of_them}}
            self.commit(database, [*rows, system])

    def _listens(self) -> bool:
        """Whether the database can be connected to: its socket is there a moment before that."""
        try:
            connect(Remote("unix", str(self.socket)), None, SECONDS).close()
        except OSError:
            return False
        return True

    def replace(self, bridge: str, ports: Rows) -> None:
        """Give a bridge just these ports. A port that it has already keeps its addresses and counters."""
        rows, column = inserted(ports, bridge)
        update = {"op": "update", "table": "Bridge", "where": [["name", "==", bridge]], "row": {"ports": column}}
        with self.database() as database:
            self.commit(database, [*rows, update])

    def settle(self) -> None:
        """Wait until the spanning tree has decided for every port of every bridge, and thought no better of it."""
        before: list[dict[str, Any]] | None = None
        with self.database() as database:

            def settled() -> bool:
                nonlocal before
                last, before = before, database.select("Port", ["name", "rstp_status"])
                time.sleep(0 if before == last else SETTLED_SECONDS)
                return before == last and all(map(_decided, before))

            self._await("ovs-vswitchd", settled)

    def commit(self, database: Ovsdb, operations: Sequence[dict[str, Any]]) -> None:
        """Commit, and wait until the daemon forwards accordingly: ovs-vswitchd.conf.db(5), `next_cfg`."""
        step = {"op": "mutate", "table": "Open_vSwitch", "where": [], "mutations": [["next_cfg", "+=", 1]]}
        number = {"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["next_cfg"]}
        wanted = database.transact([*operations, step, number])[-1]["rows"][0]["next_cfg"]
        self._await("ovs-vswitchd", lambda: bool(database.select("Open_vSwitch", ["cur_cfg"])[0]["cur_cfg"] >= wanted))

    def _run(self, program: str, *arguments: str) -> None:
        words = [*arguments, f"--unixctl={self.folder / program}.ctl", "--verbose=console:warn"]
        with (self.folder / f"{program}.log").open("wb") as log:
            subprocess.Popen(
                [*enter(self.space), program, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=self._environment,
            )

    def _await(self, program: str, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not done():
            if time.monotonic() > deadline:
                said = (self.folder / f"{program}.log").read_text(errors="replace").splitlines()[-3:]
                problem = Problem(program, " / ".join(said) or "no word", f"that it works within {SECONDS:.0f} seconds")
                raise WerkplekError("The fabric's Open vSwitch does not work.", [problem], code=Exit.UNAVAILABLE)
            time.sleep(0.005)


def _decided(port: Mapping[str, Any]) -> bool:
    """Whether a port forwards, or has nothing to forward."""
    status = pairs(port["rstp_status"])
    return status.get("rstp_port_role") not in ("Root", "Designated") or status["rstp_port_state"] == "Forwarding"
