"""A client of OVSDB, the database that an Open vSwitch is configured by: RFC 7047, JSON-RPC 1.0 over a stream."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.network.ovsdb_stream import Certificates, Remote, connect

DATABASE = "Open_vSwitch"
SECONDS = 10.0
_JSON = json.JSONDecoder()


def elements(value: Any) -> tuple[Any, ...]:
    """A column's value as a tuple: a set of one is sent as the element itself (RFC 7047, 5.1)."""
    return tuple(value[1]) if isinstance(value, list) and value[:1] == ["set"] else (value,)


def pairs(value: Any) -> dict[str, Any]:
    """A map column's value."""
    return dict(value[1])


def set_of(values: Iterable[Any]) -> list[Any]:
    """The wire form of a set."""
    return ["set", list(values)]


def map_of(values: Mapping[str, str]) -> list[Any]:
    """The wire form of a map."""
    return ["map", [[key, one] for key, one in values.items()]]


class Refused(WerkplekError):
    """The database did not commit a transaction; `error` is its word for why (RFC 7047, 3.1 and 5.2)."""

    def __init__(self, where: str, error: str, details: str) -> None:
        self.error = error
        found = f"{error}: {details}" if details else error
        super().__init__("Open vSwitch's database refused a transaction", [Problem(where, found, "a commit")])


class Ovsdb:
    """One connection, opened when it is first needed. A call has `seconds` for its whole answer.

    Every call raises WerkplekError where the switch cannot be reached, its certificate does not verify or names
    another host, or its answer is not OVSDB's; after that the connection is closed.
    """

    def __init__(self, where: Remote, certificates: Certificates | None = None, seconds: float = SECONDS) -> None:
        self.remote, self._certificates, self._seconds = where, certificates, seconds
        self._stream: socket.socket | None = None
        self._rest, self._last_id, self._deadline = "", 0, 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._stream is not None:
            self._stream.close()
        self._stream, self._rest = None, ""

    def transact(self, operations: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Commit all operations or none (RFC 7047, 4.1.3); their results.

        Raises:
            Refused: the database says no, for instance because a `wait` operation does not hold.
        """
        results = self._call("transact", [DATABASE, *operations])
        for result in results:
            if isinstance(result, dict) and "error" in result:
                raise Refused(str(self.remote), result["error"], str(result.get("details", "")))
        if len(results) != len(operations):
            raise self._broken(f"{len(results)} results", f"{len(operations)} results")
        return list(results)

    def select(self, table: str, columns: Sequence[str], where: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a table."""
        operation = {"op": "select", "table": table, "where": list(where), "columns": list(columns)}
        rows: list[dict[str, Any]] = self.transact([operation])[0]["rows"]
        return rows

    def _call(self, method: str, parameters: list[Any]) -> Any:
        self._deadline = time.monotonic() + self._seconds
        try:
            stream = self._opened()
            self._last_id += 1
            self._send(stream, {"method": method, "params": parameters, "id": self._last_id})
            while (message := self._receive(stream)).get("id") != self._last_id or "method" in message:
                self._answer(stream, message)
        except (OSError, ValueError) as error:
            raise self._broken(_said(error), "an OVSDB server that answers") from error
        except BaseException:
            self.close()
            raise
        if message.get("error") is not None:
            raise Refused(str(self.remote), json.dumps(message["error"]), "")
        return message.get("result")

    def _opened(self) -> socket.socket:
        """The connection, a new one where there is none or the server does not wait for us any more."""
        if self._stream is not None and _has_something(self._stream):
            self.close()
        if self._stream is None:
            self._stream = connect(self.remote, self._certificates, self._left())
        return self._stream

    def _send(self, stream: socket.socket, message: dict[str, Any]) -> None:
        stream.settimeout(self._left())
        stream.sendall(json.dumps(message).encode())

    def _receive(self, stream: socket.socket) -> dict[str, Any]:
        """The next message. Messages follow each other without a separator."""
        received = bytearray(self._rest.encode())
        while True:
            if received.rstrip().endswith(b"}"):
                try:
                    message, end = _JSON.raw_decode(text := received.decode().lstrip())
                except ValueError:
                    pass  # not whole yet
                else:
                    self._rest = text[end:].lstrip()
                    if not isinstance(message, dict):
                        raise ValueError("a message that is no JSON object")
                    return message
            stream.settimeout(self._left())
            part = stream.recv(1 << 16)
            if not part:
                raise ConnectionError("the connection was closed")
            received += part

    def _answer(self, stream: socket.socket, message: dict[str, Any]) -> None:
        """Answer the server's probes, as both sides must (RFC 7047, 4.1.11); nothing else was asked for."""
        if message.get("method") == "echo":
            self._send(stream, {"result": message.get("params"), "error": None, "id": message.get("id")})

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _broken(self, found: str, expected: str) -> WerkplekError:
        self.close()
        problem = Problem(str(self.remote), found, expected)
        return WerkplekError("Open vSwitch's database cannot be talked to", [problem], code=Exit.UNAVAILABLE)


def _said(error: Exception) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__


def _has_something(stream: socket.socket) -> bool:
    """Whether anything came before we asked: a probe that waited too long for an answer, or the connection's end."""
    stream.settimeout(0)
    try:
        stream.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True
