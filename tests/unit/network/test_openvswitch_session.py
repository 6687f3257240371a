"""A session with an Open vSwitch: what it reads, what it commits, how it goes back, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ovsdb_double import Database, row

from werkplek.errors import Exit, WerkplekError
from werkplek.network import openvswitch_session
from werkplek.network.compare import Command
from werkplek.network.openvswitch_session import OvsSession, session_of
from werkplek.network.platform import Links, Look, TerminalError

CHANGE = (Command(("port eth1",), "vlan_mode access", "ports"), Command(("port eth1",), "tag 410", "ports"))


def switch(**ports: dict[str, Any]) -> Database:
    return Database(ports or {"eth1": row(), "up": row(trunks=[410, 490])})


def session(database: Database, bridge: str = "") -> OvsSession:
    return OvsSession(database.connect, bridge)  # type: ignore[arg-type]


def test_a_switch_is_looked_at_in_one_transaction() -> None:
    running = "port eth1\n vlan_mode trunk\nport up\n vlan_mode trunk\n trunks 410,490\n"
    look = session(switch()).look()
    assert look == Look("openvswitch", "3.1.0", "Open vSwitch", (1,), frozenset({"eth1", "up"}), running)


def test_links_are_the_ports_that_have_one() -> None:
    database = switch()
    database.links = {"up"}
    assert session(database).links() == Links(frozenset({"up"}), frozenset())


@pytest.mark.parametrize(
    ("bridges", "chosen", "told"),
    [
        ((), "", "bridges of this Open vSwitch: none; expected one, or variable openvswitch_bridge to say which"),
        (
            ("a", "b"),
            "",
            "bridges of this Open vSwitch: a, b; expected one, or variable openvswitch_bridge to say which",
        ),
        (("a", "b"), "c", "bridges of this Open vSwitch: a, b; expected one named c"),
    ],
)
def test_a_bridge_that_is_not_the_one_is_not_guessed(bridges: Sequence[str], chosen: str, told: str) -> None:
    with pytest.raises(TerminalError) as error:
        session(Database({}, bridges=bridges), chosen).look()
    assert str(error.value) == told


def test_only_named_columns_change_and_the_comment_says_who_did_it() -> None:
    database = switch()
    session(database).apply(CHANGE, 5)
    assert database.ports == {"eth1": row(mode="access", tag=410) | {"tag": 410}, "up": row(trunks=[410, 490])}
    assert database.comments == ["werkplek: as the policy says"]


def test_what_is_confirmed_stays_and_what_is_not_goes_back() -> None:
    database = switch()
    one = session(database)
    one.apply(CHANGE, 5)
    one.roll_back()
    assert database.ports["eth1"] == row()
    one.apply(CHANGE, 5)
    one.confirm()
    one.roll_back()
    assert database.ports["eth1"]["tag"] == 410
    assert database.comments == [
        "werkplek: as the policy says",
        "werkplek: as it was before",
        "werkplek: as the policy says",
    ]


def test_a_lost_session_goes_back_when_it_returns() -> None:
    database = switch()
    one = session(database)
    one.apply(CHANGE, 5)
    one.reconnect()
    assert database.ports["eth1"] == row()
    assert (database.opened, database.closed) == (2, 1)


def test_a_change_that_never_arrived_needs_no_way_back() -> None:
    database = switch()
    one = session(database)

    def lost() -> None:
        raise WerkplekError("gone", code=Exit.UNAVAILABLE)

    database.before_commit = lost
    with pytest.raises(TerminalError, match=r"^gone$") as error:
        one.apply(CHANGE, 5)
    assert error.value.gone
    database.before_commit = lambda: None
    one.reconnect()
    assert (database.ports["eth1"], database.comments) == (row(), [])


def test_somebody_elses_change_meanwhile_stops_ours() -> None:
    database = switch()
    database.before_commit = lambda: database.ports["eth1"].update(tag=666)
    one = session(database)
    with pytest.raises(TerminalError) as error:
        one.apply(CHANGE, 5)
    assert str(error.value) == "somebody else changed one of eth1 while it was looked at; nothing was changed"
    assert not error.value.gone
    assert database.ports["eth1"] == row(tag=666) | {"tag": 666}
    one.roll_back()  # there is nothing of ours to put back
    assert database.comments == []


def test_what_somebody_else_changed_since_is_not_put_back() -> None:
    database = switch(eth1=row(), eth2=row())
    one = session(database)
    one.apply((*CHANGE, Command(("port eth2",), "tag 410", "ports")), 5)
    database.ports["eth2"]["tag"] = 666
    with pytest.raises(TerminalError, match=r"^somebody else changed eth2 meanwhile; nothing was put back$"):
        one.roll_back()
    assert database.ports["eth1"]["tag"] == 410


def test_a_daemon_that_does_not_follow_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvswitch_session, "FOLLOWS_SECONDS", 0.0)
    database = switch()
    database.lag = 1
    with pytest.raises(TerminalError, match=r"^ovs-vswitchd did not follow its database in 0 seconds$"):
        session(database).apply(CHANGE, 5)


def test_signing_in_again_is_a_connection_of_its_own() -> None:
    database = switch()
    session(database).sign_in_again()
    assert (database.opened, database.closed) == (2, 1)
    database.error = WerkplekError("no certificate", code=Exit.UNAVAILABLE)
    with pytest.raises(TerminalError, match=r"^no certificate$") as error:
        session(database).sign_in_again()
    assert error.value.gone


def test_a_host_without_a_remote_is_reached_over_tls(tmp_path: Path) -> None:
    with pytest.raises(WerkplekError) as error:
        session_of("sw1", {"ansible_host": "10.1.2.3", "openvswitch_private_key": str(tmp_path / "none.pem")})
    assert str(error.value) == (
        "An ssl: remote needs certificates.\n"
        "  sw1: openvswitch_certificate: found nothing; expected the path of a PEM file\n"
        f"  sw1: openvswitch_private_key: found {tmp_path}/none.pem; expected the path of a PEM file\n"
        "  sw1: openvswitch_ca_certificate: found nothing; expected the path of a PEM file"
    )


def test_a_remote_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(WerkplekError, match="sw1: openvswitch_remote: found 'telnet:sw1'; expected ssl:HOST"):
        session_of("sw1", {"openvswitch_remote": "telnet:sw1"})
