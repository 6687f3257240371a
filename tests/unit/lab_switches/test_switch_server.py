"""Switches over SSH, and their control API, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncssh
import pytest
from aiohttp.test_utils import TestClient, TestServer
from ios_bench import Bench, switch

from werkplek.lab.switches.control import Control, control_app
from werkplek.lab.switches.device import Device, Faults
from werkplek.lab.switches.server import Listeners

TOKEN = "teken"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Lab(NamedTuple):
    """A switch that listens."""

    device: Device
    port: int


@asynccontextmanager
async def listening(device: Device, operator: str = "") -> AsyncIterator[Lab]:
    """The switch, reached over SSH."""
    listeners = Listeners()
    await listeners.start([device], asyncssh.generate_private_key("ssh-ed25519"), operator)
    try:
        yield Lab(device, listeners.ports[device.name])
    finally:
        await listeners.stop()


def connect(lab: Lab, password: str = "geheim") -> Any:
    """A connection as an operator's."""
    return asyncssh.connect(
        "127.0.0.1", lab.port, username="beheer", password=password, known_hosts=None, client_keys=None, config=None
    )


def run(test: Callable[[Lab], Awaitable[None]], device: Device | None = None, operator: str = "") -> None:
    """Run a test with a switch that listens."""

    async def whole() -> None:
        async with listening(device or switch(), operator) as lab:
            await asyncio.wait_for(test(lab), timeout=20)

    asyncio.run(whole())


def test_a_session_over_ssh_is_a_command_line() -> None:
    async def test(lab: Lab) -> None:
        async with connect(lab) as connection:
            writer, reader, _errors = await connection.open_session(term_type="vt100")
            assert await reader.readuntil("#") == "pap-sw-01#"
            writer.write("show privilege\r")
            assert await reader.readuntil("#") == "show privilege\r\nCurrent privilege level is 15\r\npap-sw-01#"
            assert len(lab.device.sessions) == 1
            writer.write("exit\r")
            assert await reader.read() == "exit\r\n"
        assert (len(lab.device.sessions), lab.device.opened) == (0, 1)

    run(test)


def test_a_wrong_password_and_a_switch_that_lets_nobody_in() -> None:
    async def test(lab: Lab) -> None:
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(lab, "fout")
        lab.device.faults = Faults(refuse_sign_in=True)
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(lab)

    run(test)


def test_a_command_without_a_command_line_is_refused() -> None:
    async def test(lab: Lab) -> None:
        async with connect(lab) as connection:
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.run("show version")

    run(test)


def test_who_comes_from_elsewhere_is_not_answered() -> None:
    device = switch()
    bench = Bench(device)
    bench.configure("ip access-list standard B", "permit 10.4.249.0 0.0.0.255", "line vty 0 15", "access-class B in")

    async def inside(lab: Lab) -> None:
        async with connect(lab):
            pass

    async def outside(lab: Lab) -> None:
        with pytest.raises((OSError, asyncssh.Error)):
            await connect(lab)

    run(inside, device, "10.4.249.10")
    run(outside, device, "10.9.9.9")


def test_a_cut_session_ends_without_a_word() -> None:
    async def test(lab: Lab) -> None:
        lab.device.faults = Faults(drop_after=1)
        async with connect(lab) as connection:
            writer, reader, _errors = await connection.open_session(term_type="vt100")
            await reader.readuntil("#")
            writer.write("configure terminal\r")
            await reader.readuntil("(config)#")
            writer.write("hostname anders\r")
            with pytest.raises((asyncssh.Error, asyncio.IncompleteReadError)):
                await reader.readuntil("anders(config)#")
            await connection.wait_closed()
        assert not lab.device.sessions

    run(test)


def test_a_slow_switch_does_not_hear_at_once() -> None:
    async def test(lab: Lab) -> None:
        lab.device.faults = Faults(slow_seconds=3600)
        async with connect(lab) as connection:
            writer, reader, _errors = await connection.open_session(term_type="vt100")
            await reader.readuntil("#")
            writer.write("configure terminal\r")
            await asyncio.sleep(0.1)
            assert lab.device.log == []

    run(test)


def test_a_slow_switch_keeps_the_order() -> None:
    async def test(lab: Lab) -> None:
        lab.device.faults = Faults(slow_seconds=0.02)
        async with connect(lab) as connection:
            writer, reader, _errors = await connection.open_session(term_type="vt100")
            await reader.readuntil("#")
            writer.write("configure terminal\r")
            writer.write("hostname anders\r")
            lab.device.faults = Faults()
            writer.write("vlan 7\r")
            await reader.readuntil("anders(config-vlan)#")

    run(test)


@asynccontextmanager
async def controlled(device: Device) -> AsyncIterator[Callable[..., Awaitable[tuple[int, Any]]]]:
    """The control API of a switch, as a function of method, path and body."""
    app = control_app(Control({device.name: device}, lambda: None), TOKEN)
    async with TestClient(TestServer(app)) as client:

        async def call(method: str, path: str, body: object = None, headers: Any = HEADERS) -> tuple[int, Any]:
            answer = await client.request(method, path, json=body, headers=headers)
            return answer.status, await answer.json()

        yield call


def control(test: Callable[[Device, Callable[..., Awaitable[tuple[int, Any]]]], Awaitable[None]]) -> None:
    """Run a test with the control API of a switch."""

    async def whole() -> None:
        device = switch()
        async with controlled(device) as call:
            await test(device, call)

    asyncio.run(whole())


def test_control_asks_for_its_token_and_knows_its_switches() -> None:
    async def test(_device: Device, call: Callable[..., Awaitable[tuple[int, Any]]]) -> None:
        assert (await call("GET", "/switches/pap-sw-01", headers={}))[0] == 401
        status, body = await call("GET", "/switches/pap-sw-99")
        assert status == 422
        assert body["error"].startswith("this lab has no switch pap-sw-99;")

    control(test)


def test_a_switch_is_shown_with_what_was_typed() -> None:
    async def test(device: Device, call: Callable[..., Awaitable[tuple[int, Any]]]) -> None:
        Bench(device).configure("hostname anders")
        status, body = await call("GET", "/switches/pap-sw-01")
        assert status == 200
        assert "hostname anders" in body["running"]
        assert "hostname anders" not in body["startup"]
        assert body["sessions"] == {"open": 1, "opened": 1}
        assert body["log"][-1] == {
            "session": 1,
            "user": "beheer",
            "mode": "config",
            "line": "hostname anders",
            "accepted": True,
        }

    control(test)


def test_faults_come_and_go_and_wrong_ones_are_refused() -> None:
    async def test(device: Device, call: Callable[..., Awaitable[tuple[int, Any]]]) -> None:
        await call("PUT", "/switches/pap-sw-01/faults", {"missing_ports": ["GigabitEthernet1/0/1"]})
        await call("PUT", "/switches/pap-sw-01/faults", {"drop_after": 3})
        assert device.faults == Faults(missing_ports=("GigabitEthernet1/0/1",), drop_after=3)
        for wrong in ({"on_fire": True}, {"drop_after": "3"}, {"startup_full": 1}):
            status, body = await call("PUT", "/switches/pap-sw-01/faults", wrong)
            assert status == 422
            assert body["error"].startswith("no such fault:")
        await call("DELETE", "/switches/pap-sw-01/faults")
        assert device.faults == Faults()

    control(test)


def test_somebody_else_edits_and_counts_as_nobodys_session() -> None:
    async def test(device: Device, call: Callable[..., Awaitable[tuple[int, Any]]]) -> None:
        lines = ["interface Gi1/0/1", "description omgezet"]
        assert (await call("POST", "/switches/pap-sw-01/edit", {"lines": lines}))[0] == 200
        assert Bench(device).shown("interface GigabitEthernet1/0/1") == ["description omgezet"]
        assert device.log[1].user == "een-ander"
        status, body = await call("POST", "/switches/pap-sw-01/edit", {"lines": ["foo"]})
        assert status == 422
        assert body["error"].startswith("pap-sw-01 does not take 'foo':")
        assert device.opened == 1  # the bench's own

    control(test)


def test_cables_forwarding_power_configuration_and_time() -> None:
    async def test(device: Device, call: Callable[..., Awaitable[tuple[int, Any]]]) -> None:
        cable = {"port": "GigabitEthernet1/0/1", "plugged": False}
        await call("POST", "/switches/pap-sw-01/cable", cable)
        _status, ports = await call("GET", "/switches/pap-sw-01/forwarding")
        assert (ports[0]["up"], ports[0]["dead"]) == (False, ["unplugged"])
        assert (await call("POST", "/switches/pap-sw-01/cable", {"port": "Gi9"}))[0] == 422
        Bench(device).configure("hostname anders")
        await call("POST", "/switches/pap-sw-01/restart")
        assert Bench(device).prompt == "pap-sw-01#"
        other = device.startup.replace("hostname pap-sw-01", "hostname nieuw")
        await call("PUT", "/switches/pap-sw-01/configuration", {"running": other, "save": True})
        assert "hostname nieuw" in device.startup
        wrong = {"running": "hostname nieuw\nfoo\n"}
        assert (await call("PUT", "/switches/pap-sw-01/configuration", wrong))[0] == 422
        before = device.clock.now()
        await call("POST", "/clock", {"seconds": 60})
        assert device.clock.now() - before == 60
        assert (await call("POST", "/settle"))[1]["error"].startswith("these switches have no fabric;")

    control(test)
