"""The data contract: what the registry must say about an object before Werkplek touches it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from werkplek.registry.config import RegistryConfig
from werkplek.registry.model import IPAddress
from werkplek.registry.resolve import Managed
from werkplek.registry.tables import DEVICE

# RFC 1123 host names, and the underscore that NetBIOS names may have. Everything Ansible's host patterns read as
# an operator (: ! & , * ? [ ] ~), paths and templates fall outside it.
HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,252}")
# Names that Ansible or our groups give another meaning.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})
FIXED_GROUPS = frozenset({"all", "ungrouped", "quarantine", "out_of_lifecycle", "windows", "linux", "network_os"})
GROUP_PREFIX = re.compile(r"(municipality|tenant_group|role|ring|region|site|location|platform|status|cluster)_.*")
PRIMARY = ("primary_ip4", "primary_ip6")
WORD = re.compile(r"[A-Za-z0-9_-]+")

FAMILIES_OF_CLASS: Mapping[str, frozenset[str]] = {
    "workstation": frozenset({"windows", "linux"}),
    "vdi_host": frozenset({"windows", "linux"}),
    "network": frozenset({"network_os", "linux"}),
}

type Check = Callable[[Managed, RegistryConfig], Iterator[str]]


def violations(thing: Managed, config: RegistryConfig) -> tuple[str, ...]:
    """Why this object may not be targeted; empty when it keeps the contract."""
    return tuple(reason for check in CONTRACT for reason in check(thing, config))


def host_name(thing: Managed) -> str:
    """Inventory name: the object's own, or `unnamed-<device|vm>-<id>` when it has no name Ansible can carry."""
    if name_refusal(thing.row.name) is None:
        return str(thing.row.name)
    return f"unnamed-{'device' if thing.type == DEVICE else 'vm'}-{thing.row.id}"


def name_refusal(name: str | None) -> str | None:
    """Why a name cannot be an inventory name, or None."""
    if not name:
        return "no name"
    if not HOST_NAME.fullmatch(name):
        allowed = "letters, digits, dots, hyphens and underscores, not beginning with a dot or hyphen"
        return f"name {name!a} is no host name; expected {allowed}"
    folded = name.lower()
    if folded in LOCAL_NAMES:
        return f"name {name!a} means the controller itself"
    if folded in FIXED_GROUPS or folded in FAMILIES_OF_CLASS or GROUP_PREFIX.fullmatch(folded):
        return f"name {name!a} is a name for groups"
    return None


def ip_text(address: IPAddress | None) -> str | None:
    """An address without its prefix length; None when there is none or it is malformed."""
    return _ip(address.address) if address else None


@cache
def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.ip_interface(text).ip)
    except ValueError:
        return None


def dns_name(thing: Managed) -> str | None:
    """DNS name of the primary address, IPv4 first; None when there is none."""
    names = (thing.addresses[column].dns_name for column in PRIMARY if column in thing.addresses)
    return next((name for name in names if name), None)


def connection(thing: Managed, config: RegistryConfig) -> str | None:
    """Where `ansible_host` leads: the first of `connect_by` that the object has and that is well-formed."""
    for way in config.connect_by:
        found = _way(thing, way)
        if found:
            return found
    return None


def _way(thing: Managed, way: str) -> str | None:
    if way == "dns_name":
        name = dns_name(thing)
        return name if name and HOST_NAME.fullmatch(name) else None
    if way == "name":
        return None if name_refusal(thing.row.name) else thing.row.name
    return ip_text(thing.addresses.get(way))


def _name(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    refusal = name_refusal(thing.row.name)
    if refusal:
        yield refusal


def _tenant(thing: Managed, config: RegistryConfig) -> Iterator[str]:
    if thing.tenancy is None:
        yield "no tenant"
    elif not thing.tenancy.member:
        yield f"tenant {thing.tenancy.tenant.slug!r} is not in tenant group {config.tenant_group!r}"


def _ring(thing: Managed, config: RegistryConfig) -> Iterator[str]:
    if thing.ring is None or thing.ring == "":
        yield f"no update ring in custom field {config.ring_field!r}"
    elif not isinstance(thing.ring, str) or not WORD.fullmatch(thing.ring):
        yield f"update ring {thing.ring!a} in custom field {config.ring_field!r} is not one word"


def _platform(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    if thing.system is None:
        yield "no platform"
        return
    slug, family = thing.system.platform.slug, thing.system.family
    if family is None:
        yield f"platform {slug!r} has no OS family: map it or a parent of it under `families`"
    elif family not in FAMILIES_OF_CLASS[thing.workplace_class]:
        yield f"platform {slug!r} ({family}) does not fit class {thing.workplace_class}"


def _address(thing: Managed, config: RegistryConfig) -> Iterator[str]:
    if connection(thing, config) is not None:
        return
    malformed = [thing.addresses[way].address for way in config.connect_by if way in thing.addresses]
    if malformed:
        yield f"primary address {malformed[0]!a} is no IP address"
    elif config.connect_by == PRIMARY:
        yield "no primary address"
    else:
        yield f"nothing to connect by: none of {', '.join(config.connect_by)}"


def _stack(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    if thing.chassis and not thing.stack:
        if thing.chassis.master is None:
            yield f"virtual chassis {thing.chassis.name!a} has no master"
        else:
            yield f"virtual chassis {thing.chassis.name!a} has no managed master among its members"
    elif thing.chassis and len({member.tenant for member in thing.stack} - {None}) > 1:
        # It would be one host, of its master's municipality.
        yield f"virtual chassis {thing.chassis.name!a} has members of several tenants"


def _status(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    if not WORD.fullmatch(thing.row.status):
        yield f"status {thing.row.status!a} is not one word"


CONTRACT: tuple[Check, ...] = (_name, _tenant, _ring, _platform, _address, _stack, _status)
