"""The small estate with all that a source can include: ports, a stack, contacts, owners, types, rendered contexts."""

from registry_estate import UPDATED, device, named, rows

INCLUDE = ("config_context", "contacts", "device_type", "owner", "ports")


def port(number, switch, name, **more):
    """An access port without a VLAN."""
    row = {
        "id": number,
        "device": switch,
        "name": name,
        "type": "1000base-t",
        "enabled": True,
        "mode": None,
        "untagged_vlan": None,
        "tagged_vlans": [],
        "description": "",
        "peer": None,
        "last_updated": UPDATED,
    }
    return row | more


def far_end(number, name, device, device_name):
    """Where a port's cable leads."""
    return {"id": number, "name": name, "device": device, "device_name": device_name}


def assignment(number, object_id, contact, **more):
    """A contact of a device."""
    row = {
        "id": number,
        "object_type": "dcim.device",
        "object_id": object_id,
        "contact": contact,
        "role": 1,
        "priority": "primary",
        "last_updated": UPDATED,
    }
    return row | more


def stack(number, name, master):
    """A virtual chassis."""
    return {"id": number, "name": name, "master": master, "last_updated": UPDATED}


def extra_rows():
    """A fresh copy. PAP-SW-1 is the master of a stack of three, whose second place is PAP-SW-3's.

    From there a cable leads to HIA-SW-1, and from the third member to a router that is not here.
    """
    objects = rows()
    objects["dcim.devicetype"] = [
        {"id": 1, "model": "Latitude 5450", "slug": "latitude-5450", "manufacturer": "Dell", "last_updated": UPDATED},
        {"id": 2, "model": "C9300", "slug": "c9300", "manufacturer": "Cisco", "last_updated": UPDATED},
    ]
    objects["extras.configcontext"] = [{"id": 1, "name": "global", "last_updated": UPDATED}]
    objects["users.owner"] = [{"id": 1, "name": "Werkplekbeheer"}]
    objects["tenancy.contact"] = [
        {"id": 1, "name": "Balie", "email": "balie@papendrecht.example", "phone": "", "last_updated": UPDATED},
        {"id": 2, "name": "Netwerk", "email": "", "phone": "+31 78 000 00 00", "last_updated": UPDATED},
    ]
    objects["tenancy.contactrole"] = [named(1, "beheer")]
    objects["tenancy.contactassignment"] = [
        assignment(1, 1, 2, role=None, priority=None),
        assignment(2, 1, 1),
        assignment(3, 1, 1, object_type="dcim.site"),
        assignment(4, 999, 1, object_type="circuits.circuit"),
        assignment(5, 1, 2, object_type="virtualization.virtualmachine"),
    ]
    objects["ipam.vlan"] = [
        {"id": 1, "vid": 10, "name": "data", "site": 1, "tenant": 1, "last_updated": UPDATED},
        {"id": 2, "vid": 20, "name": "voice", "site": None, "tenant": None, "last_updated": UPDATED},
    ]
    objects["dcim.virtualchassis"] = [stack(1, "PAP-STACK", 5)]
    laptop, *_, switch, _server = objects["dcim.device"]
    laptop |= {"device_type": 1, "owner": 1, "config_context": {"ntp": ["10.0.0.1"]}}
    switch |= {"device_type": 2, "virtual_chassis": 1, "vc_position": 1}
    member = {"role": 5, "platform": 7, "virtual_chassis": 1}
    objects["dcim.device"] += [
        device(7, "PAP-SW-2", vc_position=3, **member),
        device(8, "PAP-SW-3", vc_position=2, serial="", **member),
        device(9, "HIA-SW-1", tenant=2, site=2, location=None, role=6, platform=7),
    ]
    objects["dcim.interface"] = [
        port(1, 8, "Gi2/0/1", peer=far_end(5, "Gi1/0/1", 9, "HIA-SW-1")),
        port(2, 5, "Gi1/0/2", mode="tagged", untagged_vlan=1, tagged_vlans=[1, 2], description="uplink"),
        port(3, 5, "Gi1/0/1", enabled=False, mode="access", untagged_vlan=2),
        port(4, 7, "Gi3/0/1", peer=far_end(700, "ge-0/0/1", 70, "PAP-RT-1")),
        port(5, 9, "Gi1/0/1", peer=far_end(1, "Gi2/0/1", 8, "PAP-SW-3")),
    ]
    return objects
