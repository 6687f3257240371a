"""Estates: what is promised of each size, and of the embedded one."""

import ipaddress
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkplek.lab.estate import NETBOX, embedded, generate, lab_address, private_address, write_embedded
from werkplek.lab.estate_tables import AS_OF
from werkplek.registry.config import registry_config
from werkplek.registry.contract import violations
from werkplek.registry.resolve import managed_objects
from werkplek.registry.snapshot import dump, load, raw_objects, to_bytes
from werkplek.registry.tables import EXTRAS

ODD = range(43, 51)  # ids of the embedded estate's records that no run may touch
MUNICIPALITIES = ("alblasserdam", "dordrecht", "hendrik-ido-ambacht", "papendrecht", "sliedrecht", "zwijndrecht")


@pytest.fixture
def config(root):
    options = {
        "tenant_group": "drechtsteden",
        "classes": {
            "workstation": ["workplace"],
            "vdi_host": ["vdi-host"],
            "network": ["access-switch", "distribution-switch"],
        },
        "families": {"windows": "windows", "linux": "linux", "network-os": "network_os"},
        "ring_field": "update_ring",
        "lifecycle": ["active"],
        "connect_by": ["primary_ip4", "primary_ip6"],
        "municipalities_dir": str(root / "municipalities"),
        **{"compose": {}, "groups": {}, "keyed_groups": [], "strict": False},
    }
    return registry_config(options, root / "registry.yml")


def hosts(snapshot):
    return [*snapshot.objects.devices, *snapshot.objects.virtual_machines]


def test_the_committed_estate_is_what_the_generator_makes(tmp_path, root):
    write_embedded(tmp_path / "estate.json")
    assert (root / "lab" / "estate.json").read_bytes() == (tmp_path / "estate.json").read_bytes()
    assert load(root / "lab" / "estate.json") == embedded()


def test_the_embedded_estate_holds_what_the_lab_promises(config):
    things = [thing for thing in managed_objects(embedded(), config) if thing.row.id not in ODD]
    assert all(not violations(thing, config) and thing.row.status == "active" for thing in things)
    kinds = Counter((thing.workplace_class, thing.system.platform.slug) for thing in things)
    assert kinds == {
        ("workstation", "windows-11"): 32,
        ("workstation", "debian-13"): 2,
        ("vdi_host", "windows-server-2022"): 4,
        ("network", "cisco-ios"): 5,
        ("network", "arista-eos"): 1,
    }
    windows = [thing for thing in things if thing.system.platform.slug == "windows-11"]
    spread = {(thing.tenancy.tenant.slug, thing.ring) for thing in windows}
    assert spread == {(name, ring) for name in MUNICIPALITIES for ring in ("canary", "pilot", "broad")}
    vdi = [thing for thing in things if thing.workplace_class == "vdi_host"]
    assert Counter(thing.cluster.name for thing in vdi) == {"VDI Dordrecht": 2, "VDI Zwijndrecht": 2}
    assert {thing.tenancy.tenant.slug for thing in vdi} == {"drechtsteden"}


def test_each_odd_record_of_the_embedded_estate_is_odd_in_one_way(config):
    odd = {thing.row.id: thing for thing in managed_objects(embedded(), config) if thing.row.id in ODD}
    name = "letters, digits, dots, hyphens and underscores, not beginning with a dot or hyphen"
    assert {number: violations(thing, config) for number, thing in odd.items()} == {
        43: ("no update ring in custom field 'update_ring'",),
        44: ("no tenant",),
        45: ("no primary address",),
        46: ("no platform",),
        47: ("no name",),
        48: (),
        49: (),
        50: (f"name '{{{{ 7*7 }}}}' is no host name; expected {name}",),
    }
    assert (odd[48].row.status, odd[49].row.status) == ("decommissioning", "planned")


def test_addresses_of_the_embedded_estate_are_loopback_and_one_subnet_per_tenant():
    subnets, snapshot = {}, embedded()
    addresses = {row.id: row.address for row in snapshot.objects.ip_addresses}
    for row in hosts(snapshot):
        if row.primary_ip4:
            address = ipaddress.ip_interface(addresses[row.primary_ip4]).ip
            assert address.is_loopback and address != ipaddress.ip_address("127.0.0.1")
            subnets.setdefault(row.tenant, set()).add(address.packed[:3])
    assert {tenant: {packed[2] for packed in found} for tenant, found in subnets.items() if tenant} == {
        tenant: {10 + tenant} for tenant in range(1, 8)
    }


@settings(max_examples=25, deadline=None)
@given(size=st.integers(0, 300), seed=st.integers(0, 2**32))
def test_estates_are_deterministic_whole_and_without_twins(size, seed, tmp_path_factory):
    snapshot = generate(size, seed)
    assert to_bytes(snapshot) == to_bytes(generate(size, seed))
    rows = hosts(snapshot)
    assert len(rows) == size
    assert len({row.name for row in rows}) == size
    addresses = [row.address for row in snapshot.objects.ip_addresses]
    assert len(set(addresses)) == len(addresses)
    assert len({row.asset_tag for row in snapshot.objects.devices}) == len(snapshot.objects.devices)
    path = tmp_path_factory.mktemp("estate") / "estate.json"
    dump(snapshot, path)
    assert load(path) == snapshot


def test_every_generated_host_keeps_the_data_contract(config):
    snapshot = generate(1000, 3)
    things = list(managed_objects(snapshot, config))
    # Of a stack only the master is managed.
    assert len(things) == 1000 - len(snapshot.objects.virtual_chassis) == 998
    assert not [thing for thing in things if violations(thing, config)]


def test_a_large_estate_has_the_proportions_of_the_six_municipalities():
    snapshot = generate(20_000, 1)
    rows = hosts(snapshot)
    assert Counter(row.custom_fields["update_ring"] for row in rows) == {"canary": 1000, "pilot": 3000, "broad": 16000}
    tenants = Counter(row.tenant for row in rows)
    assert tenants[2] / 20_000 == pytest.approx(0.43 * 0.97, abs=0.02)
    assert all(tenants[tenant] > 1000 for tenant in (1, 3, 4, 5, 6)) and tenants[7] == 600
    assert len(snapshot.objects.virtual_machines) == 1200
    assert sum(row.status == "active" for row in rows) / 20_000 == pytest.approx(0.94, abs=0.01)


@pytest.mark.parametrize(
    ("address", "number", "message"),
    [
        (lab_address, 255, "tenant 3 has more than 254 hosts; give another `address`"),
        (private_address, 64_000, "tenant 3 has more than 63999 hosts; give another `address`"),
    ],
)
def test_addresses_that_run_out_are_an_error(address, number, message):
    assert ipaddress.ip_interface(address(3, number - 1)).is_private
    with pytest.raises(ValueError, match=message):
        address(3, number)


def test_every_second_address_has_a_dns_name_and_every_tenth_switch_one_out_of_band():
    objects = generate(2000, 4).objects
    rows = {address.id: address for address in objects.ip_addresses}
    named = [(host.name, rows[host.primary_ip4].dns_name) for host in objects.devices if host.primary_ip4]
    assert {dns for name, dns in named} - {""} <= {f"{name.lower()}.drechtsteden.example" for name, _dns in named}
    assert sum(bool(dns) for _name, dns in named) / len(named) == pytest.approx(0.5, abs=0.02)
    assert sum(host.oob_ip is not None for host in objects.devices) == 12
    assert len(rows) == 2000 - len(objects.virtual_chassis) + 12


def test_a_stack_has_two_switches_of_one_tenant_and_is_reached_through_the_first():
    objects = generate(2000, 4).objects
    assert len(objects.virtual_chassis) == 5
    for chassis in objects.virtual_chassis:
        first, second = sorted(
            (row for row in objects.devices if row.virtual_chassis == chassis.id), key=lambda row: row.vc_position
        )
        assert (chassis.master, first.vc_position, second.vc_position) == (first.id, 1, 2)
        assert (first.tenant, first.site, first.location) == (second.tenant, second.site, second.location)
        assert first.primary_ip4 and second.primary_ip4 is None


@pytest.mark.parametrize(
    ("version", "nested", "owners"),
    [
        ("4.2.9", set(), 0),
        ("4.3.7", {"device_roles"}, 0),
        ("4.4.10", {"device_roles", "platforms"}, 0),
        ("4.6.8", {"device_roles", "platforms"}, 2),
    ],
)
def test_an_estate_holds_what_its_netbox_can_hold(version, nested, owners):
    snapshot = generate(300, 1, version=version)
    objects = snapshot.objects
    found = {name for name in ("device_roles", "platforms") if any(row.parent for row in getattr(objects, name))}
    assert (snapshot.netbox_version, found, len(objects.owners)) == (version, nested, owners)
    assert {row.owner for row in hosts(snapshot)} == ({None, 1, 2} if owners else {None})
    assert snapshot.include == tuple(extra for extra in EXTRAS if extra != "owner" or owners)


@pytest.mark.parametrize("snapshot", [embedded(), generate(300, 1)], ids=["embedded", "generated"])
def test_nothing_in_an_estate_is_younger_than_it_says(snapshot):
    moments = [
        row["last_updated"] for rows in raw_objects(snapshot.objects).values() for row in rows if "last_updated" in row
    ]
    assert max(moment for moment in moments if moment) == snapshot.as_of == AS_OF
    assert snapshot.netbox_version == NETBOX
