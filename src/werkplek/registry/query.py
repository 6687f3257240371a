"""What one reading of the registry asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkplek.registry.answers import RawRow, asked_fields
from werkplek.registry.tables import ADDRESS, HOSTS, INTERFACE, Table

type Rows = dict[str, list[RawRow]]
"""Rows by object type. Reading hosts also gives the `ipam.ipaddress` rows that they refer to."""


@dataclass(frozen=True, slots=True)
class Query:
    """What belongs to every request of one reading: extras, filters by object type, roles whose ports are read."""

    include: frozenset[str] = frozenset()
    filters: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    port_roles: tuple[int, ...] = ()

    def fixed(self, table: Table) -> dict[str, str | Sequence[str]]:
        """Parameters that choose the rows of a table."""
        chosen: dict[str, str | Sequence[str]] = dict(self.filters.get(table.object_type, {}))
        if table.object_type == INTERFACE:
            chosen["device_role_id"] = [str(number) for number in self.port_roles]
        if table.object_type == ADDRESS:
            chosen["assigned_to_interface"] = "true"
        return chosen

    def columns(self, table: Table, without: str = "") -> dict[str, str]:
        """Parameters that choose the columns. NetBox renders config contexts unless `exclude` is sent as well."""
        names = [name for name in asked_fields(table, self.include) if name != without]
        parameters = {"fields": ",".join(names)}
        if table.object_type in HOSTS and "config_context" not in self.include:
            parameters["exclude"] = "config_context"
        return parameters
