"""What the clients of all labs' control APIs share: the token, the connection and how a refusal reads."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from werkplek.errors import WerkplekError


class ControlClient:
    """A connection to the control API at `url`. Use as a context manager.

    `who` is what answers there, as the subject of a sentence with `verb`: `the lab` `does`. Every call raises
    WerkplekError: with the lab's own text when it refuses, or because none answers.
    """

    def __init__(self, url: str, token: Path, who: str, verb: str) -> None:
        self._unheard = f"{who} {verb} not answer"
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token.read_text().strip()}"},
            timeout=120,
            trust_env=False,  # a proxy of the environment is not for loopback
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def stop(self) -> None:
        """Ask the lab to end; it does so after its answer."""
        self._call("POST", "/stop")

    def _call(self, method: str, path: str, body: object = None) -> Any:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.TransportError as error:
            raise WerkplekError(f"{self._unheard} on {self._http.base_url}: {error}") from error
        if answer.status_code != 200:
            raise WerkplekError(_refusal(answer))
        return answer.json()


def _refusal(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"the lab answered {answer.status_code} {answer.reason_phrase}"
