"""The data contract: what the registry must say about an object before Werkplek touches it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from werkplek.registry.config import RegistryConfig
from werkplek.registry.resolve import Managed

# RFC 1123 host names, and the underscore that NetBIOS names may have. Everything Ansible's host patterns read as
# an operator (: ! & , * ? [ ] ~), paths and templates fall outside it.
HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,252}")
# Names that Ansible or our groups give another meaning.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})
FIXED_GROUPS = frozenset({"all", "ungrouped", "quarantine", "out_of_lifecycle", "windows", "linux", "network_os"})
GROUP_PREFIX = re.compile(r"(municipality|ring|site|platform|status|cluster)_.*")
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
    return f"unnamed-{'device' if thing.type == 'dcim.device' else 'vm'}-{thing.row.id}"


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


def address(thing: Managed) -> str | None:
    """Primary address without its prefix length, IPv4 first; None when there is none or it is malformed."""
    text = thing.row.primary_ip4 or thing.row.primary_ip6
    try:
        return str(ipaddress.ip_interface(text).ip) if text else None
    except ValueError:
        return None


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


def _address(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    text = thing.row.primary_ip4 or thing.row.primary_ip6
    if not text:
        yield "no primary address"
    elif address(thing) is None:
        yield f"primary address {text!a} is no IP address"


def _status(thing: Managed, _config: RegistryConfig) -> Iterator[str]:
    if not WORD.fullmatch(thing.row.status):
        yield f"status {thing.row.status!a} is not one word"


CONTRACT: tuple[Check, ...] = (_name, _tenant, _ring, _platform, _address, _status)
