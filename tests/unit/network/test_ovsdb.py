"""The client of OVSDB against a server that says what a test wants: RFC 7047's messages, whole, in parts, or not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ovsdb_double import served

from werkplek.errors import Exit, WerkplekError
from werkplek.network.ovsdb import Ovsdb, Refused, elements, map_of, pairs, set_of
from werkplek.network.ovsdb_stream import Remote

ROWS = [{"rows": [{"name": "br0"}]}]


def client(path: Path, seconds: float = 10.0) -> Ovsdb:
    return Ovsdb(Remote("unix", str(path)), seconds=seconds)


def asked(stream: socket.socket) -> dict[str, Any]:
    """The next message of the client: each is sent at once, and the client waits for an answer."""
    message: dict[str, Any] = json.loads(stream.recv(65536))
    return message


def say(stream: socket.socket, **message: Any) -> None:
    stream.sendall(json.dumps(message).encode())


def answer(stream: socket.socket, result: Any, error: Any = None) -> None:
    say(stream, id=asked(stream)["id"], result=result, error=error)


def test_a_transaction_is_asked_as_the_standard_has_it(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def talk(stream: socket.socket) -> None:
        seen.append(asked(stream))
        say(stream, id=seen[0]["id"], result=ROWS, error=None)

    with served(tmp_path, talk) as path, client(path) as database:
        assert database.select("Bridge", ["name"], [["name", "==", "br0"]]) == [{"name": "br0"}]
    operation = {"op": "select", "table": "Bridge", "where": [["name", "==", "br0"]], "columns": ["name"]}
    assert seen == [{"method": "transact", "params": ["Open_vSwitch", operation], "id": 1}]


def test_an_answer_may_come_in_parts_and_after_a_probe_that_is_answered(tmp_path: Path) -> None:
    def talk(stream: socket.socket) -> None:
        number = asked(stream)["id"]
        text = json.dumps(
            {"id": number, "result": [{"rows": [{"name": "brücke }"}]}], "error": None}, ensure_ascii=False
        )
        say(stream, method="echo", params=["are you there"], id="echo")
        assert asked(stream) == {"result": ["are you there"], "error": None, "id": "echo"}
        data = (json.dumps({"method": "update", "params": [], "id": None}) + "\n" + text).encode()
        for place in range(0, len(data), 7):
            stream.sendall(data[place : place + 7])

    with served(tmp_path, talk) as path, client(path) as database:
        assert database.select("Bridge", ["name"]) == [{"name": "brücke }"}]


def test_a_connection_that_the_server_ended_meanwhile_is_made_anew(tmp_path: Path) -> None:
    def talk(stream: socket.socket) -> None:
        answer(stream, ROWS)

    def once(stream: socket.socket) -> None:
        answer(stream, ROWS)
        say(stream, method="echo", params=[], id="echo")

    for number, talks in enumerate([(talk, talk), (once, talk)]):
        (folder := tmp_path / str(number)).mkdir()
        with served(folder, *talks) as path, client(path) as database:
            assert database.select("Bridge", ["name"]) == [{"name": "br0"}]
            wait_for_data(database)
            assert database.select("Bridge", ["name"]) == [{"name": "br0"}]


def wait_for_data(database: Ovsdb) -> None:
    stream = database._stream
    assert stream is not None
    stream.settimeout(10)
    stream.recv(1, socket.MSG_PEEK)


@pytest.mark.parametrize(
    ("result", "error", "told", "word"),
    [
        ([{}, {"error": "timed out", "details": "wait"}, None], None, "timed out: wait", "timed out"),
        ([{}, {}, {"error": "constraint violation"}], None, "constraint violation", "constraint violation"),
        (None, {"error": "unknown database"}, '{"error": "unknown database"}', '{"error": "unknown database"}'),
    ],
)
def test_what_the_database_refuses_is_said_in_its_words(
    tmp_path: Path, result: Any, error: Any, told: str, word: str
) -> None:
    with served(tmp_path, lambda stream: answer(stream, result, error)) as path, client(path) as database:
        with pytest.raises(Refused) as refused:
            database.transact([{"op": "wait"}, {"op": "update"}])
        assert refused.value.error == word
        assert str(refused.value) == (
            f"Open vSwitch's database refused a transaction\n  unix:{path}: found {told}; expected a commit"
        )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"", "the connection was closed"),
        (b'{"id": 1, "resu', "the connection was closed"),
        (b"[1, {}]{}", "a message that is no JSON object"),
    ],
)
def test_a_server_that_is_none_is_named(tmp_path: Path, said: bytes, found: str) -> None:
    def talk(stream: socket.socket) -> None:
        asked(stream)
        stream.sendall(said)

    with served(tmp_path, talk) as path, client(path) as database, pytest.raises(WerkplekError) as error:
        database.select("Bridge", ["name"])
    assert error.value.code == Exit.UNAVAILABLE
    assert str(error.value) == (
        "Open vSwitch's database cannot be talked to\n"
        f"  unix:{path}: found {found}; expected an OVSDB server that answers"
    )


def test_fewer_results_than_operations_are_no_answer(tmp_path: Path) -> None:
    def talk(stream: socket.socket) -> None:
        answer(stream, [{}])

    told = "found 1 results; expected 2 results"
    with served(tmp_path, talk) as path, client(path) as database, pytest.raises(WerkplekError, match=told):
        database.transact([{"op": "comment"}, {"op": "comment"}])


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    def silent(stream: socket.socket) -> None:
        asked(stream)
        assert stream.recv(1) == b"", "the client hangs up"

    told = "found no answer in time"
    with served(tmp_path, silent) as path, client(path, 0.2) as database, pytest.raises(WerkplekError, match=told):
        database.select("Bridge", ["name"])


def test_nobody_there_is_said(tmp_path: Path) -> None:
    told = r"db.sock: found \[Errno 2\] No such file or directory"
    with client(tmp_path / "db.sock") as database, pytest.raises(WerkplekError, match=told):
        database.select("Bridge", ["name"])


def test_a_tls_connection_needs_certificates() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with Ovsdb(Remote("ssl", "127.0.0.1", port)) as database, pytest.raises(WerkplekError) as error:
            database.select("Bridge", ["name"])
    assert f"ssl:127.0.0.1:{port}: found no certificates for an ssl: remote" in str(error.value)


def test_a_socket_in_a_folder_with_a_long_name_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)  # the server's side has the same limit, and binds by a name without a path
    with served(Path(), lambda stream: answer(stream, ROWS)), client(folder / "db.sock") as database:
        assert database.select("Bridge", ["name"]) == [{"name": "br0"}]


def columns() -> Iterator[tuple[Any, tuple[Any, ...]]]:
    yield ["set", []], ()
    yield ["set", [1, 2]], (1, 2)
    yield 410, (410,)
    yield ["uuid", "x"], (["uuid", "x"],)


@pytest.mark.parametrize(("value", "wanted"), list(columns()))
def test_a_set_of_one_is_sent_as_its_element(value: Any, wanted: tuple[Any, ...]) -> None:
    assert elements(value) == wanted


def test_wire_forms_are_read_as_they_are_written() -> None:
    assert elements(set_of([3, 4])) == (3, 4)
    assert pairs(map_of({"a": "b"})) == {"a": "b"}
