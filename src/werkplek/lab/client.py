"""Talks to a running lab: breaks hosts behind Ansible's back, sets faults, reads counters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.lab import status
from werkplek.lab.control_client import ControlClient
from werkplek.lab.status import LabFiles
from werkplek.lab.windows_faults import Fault


class LabClient(ControlClient):
    """The control API of the lab in a state folder. Use as a context manager.

    Making one and every call raises WerkplekError: with the lab's own text when it refuses, or because no lab runs.
    """

    def __init__(self, state: Path) -> None:
        lab = status.read(state.resolve())
        if lab is None:
            raise WerkplekError(f"no lab runs in {state}; start one with `werkplek lab up`")
        super().__init__(lab.control_url, LabFiles(lab.state).control_token, "the lab", "does")

    def edit(self, host: str, edits: Sequence[dict[str, Any]]) -> None:
        """Change a host behind Ansible's back.

        `edits` have the fields of policy kinds, see lab/windows/LabEdits.cs and werkplek.lab.windows_software.
        """
        self._call("POST", f"/hosts/{host}/edit", list(edits))

    def dump(self, host: str) -> dict[str, Any]:
        """The whole state of a host."""
        document: dict[str, Any] = self._call("GET", f"/hosts/{host}")
        return document

    def reset(self, host: str) -> None:
        """Put a host back to its factory state, without faults."""
        self._call("POST", f"/hosts/{host}/reset")

    def set_fault(self, host: str, fault: Fault) -> None:
        """Give a host a fault, in place of one of the same kind."""
        self._call("PUT", f"/hosts/{host}/fault", fault.to_mapping())

    def clear_faults(self, host: str | None = None) -> None:
        """Heal one host, or all of them and the registry."""
        self._call("DELETE", f"/hosts/{host}/fault" if host else "/faults")

    def set_registry_faults(self, faults: Sequence[dict[str, Any]]) -> None:
        """Give the NetBox double these faults (fields as in werkplek.lab.faults) in place of those it has."""
        self._call("PUT", "/registry/faults", list(faults))

    def stats(self) -> dict[str, Any]:
        """Counters: connections, operations, modules, refused, compilations, and the faults per host."""
        counters: dict[str, Any] = self._call("GET", "/stats")
        return counters
