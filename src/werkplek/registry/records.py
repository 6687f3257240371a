"""Host variables out of the registry: `registry`, `municipality`, `workplace_class`, `platform_lineage`, ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from werkplek.registry.contract import dns_name, host_name, ip_text
from werkplek.registry.model import ContactAssignment, Device, FarEnd, Interface, Vlan
from werkplek.registry.resolve import Managed
from werkplek.registry.tables import DEVICE, INTERFACE, Snapshot


class Records:
    """Makes the variables of hosts of one snapshot. What many hosts share is made once and shared."""

    def __init__(self, snapshot: Snapshot, things: Iterable[Managed]) -> None:
        objects = snapshot.objects
        self._url = snapshot.url
        # A port of any member of a stack is a port of the host that stands for the stack.
        self._hosts = {
            device.id: host_name(thing)
            for thing in things
            if thing.type == DEVICE
            for device in (thing.row, *thing.stack)
        }
        self._include = frozenset(snapshot.include)
        self._tags = {tag.id: tag.slug for tag in objects.tags}
        self._types = {kind.id: kind for kind in objects.device_types}
        self._owners = {owner.id: owner.name for owner in objects.owners}
        self._contacts = {contact.id: contact for contact in objects.contacts}
        self._roles = {role.id: role.slug for role in objects.contact_roles}
        self._assigned: dict[tuple[str, int], list[ContactAssignment]] = defaultdict(list)
        for assignment in objects.contact_assignments:
            self._assigned[assignment.object_type, assignment.object_id].append(assignment)
        self._ports: dict[int, list[Interface]] = defaultdict(list)
        for interface in objects.interfaces:
            self._ports[interface.device].append(interface)
        tenants = {tenant.id: tenant.slug for tenant in objects.tenants}
        self._vlans = {vlan.id: _vlan(vlan, tenants) for vlan in objects.vlans}

    def variables(self, thing: Managed) -> dict[str, object]:
        """Every variable but how to connect."""
        result: dict[str, object] = {"registry": self._record(thing), "workplace_class": thing.workplace_class}
        if thing.tenancy and thing.tenancy.member:
            result["municipality"] = thing.tenancy.tenant.slug
        if thing.system:
            result["platform_lineage"] = _platform_lineage(thing)
        if "ports" in self._include and thing.workplace_class == "network":
            result["switch_ports"] = self._switch_ports(thing)
        return result

    def _record(self, thing: Managed) -> dict[str, object]:
        """Host variable `registry`; a VM has no asset tag and no out-of-band address."""
        row, place, tenancy = thing.row, thing.place, thing.tenancy
        record: dict[str, object] = {
            "id": row.id,
            "type": thing.type,
            "url": thing.url,
            "name": row.name,
            "serial": row.serial,
            "asset_tag": getattr(row, "asset_tag", None),
            "status": row.status,
            "ring": thing.ring,
            "tenant": tenancy.tenant.slug if tenancy else None,
            "tenant_group": tenancy.groups[0].slug if tenancy and tenancy.groups else None,
            "site": place.site.slug if place else None,
            "region": place.regions[0].slug if place and place.regions else None,
            "location": place.rooms[0].slug if place and place.rooms else None,
            "role": thing.purpose.branch[0].slug,
            "platform": thing.system.platform.slug if thing.system else None,
            "cluster": thing.cluster.name if thing.cluster else None,
            "tags": [self._tags[number] for number in row.tags],
            "custom_fields": row.custom_fields,
            "primary_ip4": ip_text(thing.addresses.get("primary_ip4")),
            "primary_ip6": ip_text(thing.addresses.get("primary_ip6")),
            "oob_ip": ip_text(thing.addresses.get("oob_ip")),
            "dns_name": dns_name(thing),
            "last_updated": row.last_updated,
        }
        if thing.stack:
            record["stack"] = [_member(member) for member in thing.stack]
        return record | self._extras(thing)

    def _extras(self, thing: Managed) -> dict[str, object]:
        """What the source asked for in `include`."""
        row = thing.row
        extras: dict[str, object] = {}
        if "device_type" in self._include:
            kind = self._types.get(getattr(row, "device_type", None) or 0)
            extras["device_type"] = kind.slug if kind else None
            extras["manufacturer"] = kind.manufacturer if kind else None
        if "owner" in self._include:
            extras["owner"] = self._owners[row.owner] if row.owner else None
        if "config_context" in self._include:
            extras["config_context"] = row.config_context
        if "contacts" in self._include:
            extras["contacts"] = [self._contact(item) for item in self._assigned.get((thing.type, row.id), ())]
        return extras

    def _contact(self, assignment: ContactAssignment) -> Mapping[str, object]:
        contact = self._contacts[assignment.contact]
        return {
            "name": contact.name,
            "email": contact.email,
            "phone": contact.phone,
            "role": self._roles[assignment.role] if assignment.role else None,
            "priority": assignment.priority,
        }

    def _switch_ports(self, thing: Managed) -> Sequence[Mapping[str, object]]:
        """Ports of a switch, and of all members of its stack, in the order in which NetBox made them."""
        members = [member.id for member in thing.stack] if thing.stack else [thing.row.id]
        if thing.type != DEVICE:
            return []
        return [self._port(port) for member in members for port in self._ports.get(member, ())]

    def _port(self, port: Interface) -> Mapping[str, object]:
        return {
            "id": port.id,
            "url": self._url(INTERFACE, port.id),
            "name": port.name,
            "type": port.type,
            "enabled": port.enabled,
            "mode": port.mode,
            "untagged_vlan": self._vlans[port.untagged_vlan] if port.untagged_vlan else None,
            "tagged_vlans": [self._vlans[number] for number in port.tagged_vlans],
            "description": port.description,
            "peer": self._peer(port.peer) if port.peer else None,
        }

    def _peer(self, far: FarEnd) -> Mapping[str, object]:
        name = self._hosts.get(far.device, far.device_name)
        return {"device": name, "device_id": far.device, "port": far.name}


def _vlan(vlan: Vlan, tenants: Mapping[int, str]) -> Mapping[str, object]:
    return {"vid": vlan.vid, "name": vlan.name, "tenant": tenants[vlan.tenant] if vlan.tenant else None}


def _member(member: Device) -> Mapping[str, object]:
    return {"position": member.vc_position, "id": member.id, "name": member.name, "serial": member.serial}


def _platform_lineage(thing: Managed) -> list[str]:
    """Own platform, the platforms above it, and the OS family; each once."""
    if thing.system is None:
        return []
    slugs = [platform.slug for platform in thing.system.lineage]
    return list(dict.fromkeys([*slugs, thing.system.family] if thing.system.family else slugs))
