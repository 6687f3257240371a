"""Random municipalities: sites, rooms, hosts, addresses, stacks, ports, VLANs and contacts, all of one tenant."""

from hypothesis import strategies as st
from registry_estate import UPDATED, device, machine, named, rows
from registry_extras import assignment, port, stack

SLUGS = {1: "papendrecht", 2: "hendrik-ido-ambacht", 3: "drechtsteden"}
ROLES, NOT_MANAGED = [2, 3, 4, 5, 6, 7, 8], (7, 8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ADDRESSES = ["10.0.0.1/8", ("10.0.0.2/8", "host.example"), ("10.0.0.3/8", "no name"), "nonsense", None]


def columns(tenant, sites, rooms):
    """Columns that devices and machines share: good ones, and ones that break the data contract."""
    fields = {
        "update_ring": st.sampled_from(["canary", "broad", None, "a b"]),
        "owner_department": texts,
        "floor": st.sampled_from([None, 1, ["a", "a", "b"], {"x": ""}]),
    }
    return {
        "tenant": st.just(tenant),
        "status": st.sampled_from(["active", "planned", "offline", ""]),
        "site": st.sampled_from([None, *sites]),
        "location": st.sampled_from([None, *rooms]),
        "role": st.sampled_from(ROLES),
        "platform": st.sampled_from([2, 3, 5, 7, 8, None]),
        "cluster": st.sampled_from([1, None]),
        "tags": st.lists(st.just(1), max_size=1),
        "primary_ip4": st.sampled_from(ADDRESSES),
        "primary_ip6": st.sampled_from([None, ("2001:db8::1/64", "six.example")]),
        "owner": st.sampled_from([1, None]),
        "custom_fields": st.fixed_dictionaries(fields),
        "config_context": st.sampled_from([None, {"ntp": "10.0.0.1"}]),
        "serial": texts,
        "last_updated": st.sampled_from([UPDATED, None]),
    }


@st.composite
def municipality(draw, tenant, most=5):
    """Rows by table. Ids and names are the tenant's own, and nothing refers to another tenant's rows."""
    base = tenant * 1000
    sites = [base + number for number in range(draw(st.integers(1, 2)))]
    rooms = [base + number for number in range(draw(st.integers(0, 2)))]
    vlans = [base + number for number in range(draw(st.integers(1, 2)))]
    found = {
        "dcim.site": [
            named(n, f"site-{n}", region=draw(st.sampled_from([1, 2, None])), tenant=tenant, time_zone=None)
            for n in sites
        ],
        "dcim.location": [
            named(n, f"room-{n}", site=sites[0], parent=draw(st.sampled_from([None, *rooms[:at]])))
            for at, n in enumerate(rooms)
        ],
        "ipam.vlan": [
            {"id": n, "vid": draw(st.integers(1, 4094)), "name": draw(texts), "site": sites[0], "tenant": tenant,
             "last_updated": UPDATED}
            for n in vlans
        ],
        "tenancy.contact": [{"id": base, "name": draw(texts), "email": "", "phone": "", "last_updated": UPDATED}],
        "virtualization.virtualmachine": draw(hosts(machine, tenant, sites, rooms, base + 500, most // 2)),
    }  # fmt: skip
    devices = draw(hosts(device, tenant, sites, rooms, base, most))
    found["dcim.device"] = devices
    found["dcim.virtualchassis"] = draw(stacks(devices, base))
    found["dcim.interface"] = [
        port(row["id"] * 10 + at, row["id"], f"Gi{at}", untagged_vlan=draw(st.sampled_from([None, *vlans])))
        for row in devices
        for at in range(draw(st.integers(0, 2)))
    ]
    found["tenancy.contactassignment"] = [
        assignment(row["id"], row["id"], base, role=draw(st.sampled_from([1, None])))
        for row in devices
        if draw(st.booleans())
    ]
    return found


@st.composite
def hosts(draw, make, tenant, sites, rooms, first, most):
    made = []
    shared = columns(tenant, sites, rooms)
    if make is machine:
        shared.pop("location")
    for number in range(draw(st.integers(0, most))):
        name = draw(st.sampled_from([f"HOST-{first + number}", f"host-{first + number}.example", None, "a b"]))
        made.append(make(first + number, name, **draw(st.fixed_dictionaries(shared))))
    return made


@st.composite
def stacks(draw, devices, number):
    """At most one stack, of some of the devices."""
    members = [row for row in devices if draw(st.booleans())]
    if not members:
        return []
    for row in members:
        row |= {"virtual_chassis": number, "vc_position": draw(st.integers(1, 3))}
    return [stack(number, f"STACK-{number}", draw(st.sampled_from([None, *(row["id"] for row in members)])))]


def estate(*municipalities):
    """The small tables, and the municipalities' rows in place of the estate's own hosts."""
    objects = rows() | {"dcim.device": [], "virtualization.virtualmachine": []}
    objects["users.owner"] = [{"id": 1, "name": "Werkplekbeheer"}]
    objects["tenancy.contactrole"] = [named(1, "beheer")]
    for found in municipalities:
        for name, table in found.items():
            objects[name] = objects[name] + table
    return objects
