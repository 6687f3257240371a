"""Estates: what is promised of each size, and of the embedded one."""

import ipaddress
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkplek.lab.estate import embedded, generate, lab_address, private_address, write_embedded
from werkplek.registry.config import registry_config
from werkplek.registry.contract import violations
from werkplek.registry.resolve import managed_objects
from werkplek.registry.snapshot import dump, load, to_bytes

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
        "municipalities_dir": str(root / "municipalities"),
    }
    return registry_config(options, root / "registry.yml")


def hosts(snapshot):
    return [*snapshot.objects.devices, *snapshot.objects.virtual_machines]


def test_the_committed_estate_is_what_the_generator_makes(tmp_path, root):
    write_embedded(tmp_path / "estate.json")
    assert (root / "lab" / "estate.json").read_bytes() == (tmp_path / "estate.json").read_bytes()
    assert load(root / "lab" / "estate.json") == embedded()


def test_the_embedded_estate_holds_what_the_lab_promises(config):
    things = [thing for thing in managed_objects(embedded(), config) if thing.row.id <= 42]
    assert all(not violations(thing, config) and thing.row.status == "active" for thing in things)
    kinds = Counter((thing.workplace_class, thing.system.platform.slug) for thing in things)
    assert kinds == {
        ("workstation", "windows-11"): 32,
        ("workstation", "debian-13"): 2,
        ("vdi_host", "windows-server-2022"): 4,
        ("network", "cisco-ios"): 3,
        ("network", "arista-eos"): 1,
    }
    windows = [thing for thing in things if thing.system.platform.slug == "windows-11"]
    spread = {(thing.tenancy.tenant.slug, thing.ring) for thing in windows}
    assert spread == {(name, ring) for name in MUNICIPALITIES for ring in ("canary", "pilot", "broad")}
    vdi = [thing for thing in things if thing.workplace_class == "vdi_host"]
    assert Counter(thing.cluster.name for thing in vdi) == {"VDI Dordrecht": 2, "VDI Zwijndrecht": 2}
    assert {thing.tenancy.tenant.slug for thing in vdi} == {"drechtsteden"}


def test_each_odd_record_of_the_embedded_estate_is_odd_in_one_way(config):
    odd = {thing.row.id: thing for thing in managed_objects(embedded(), config) if thing.row.id > 42}
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
    subnets = {}
    for row in hosts(embedded()):
        if row.primary_ip4:
            address = ipaddress.ip_interface(row.primary_ip4).ip
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
    for column in ("name", "primary_ip4"):
        assert len({getattr(row, column) for row in rows}) == size
    assert len({row.asset_tag for row in snapshot.objects.devices}) == len(snapshot.objects.devices)
    path = tmp_path_factory.mktemp("estate") / "estate.json"
    dump(snapshot, path)
    assert load(path) == snapshot


def test_every_generated_host_keeps_the_data_contract(config):
    snapshot = generate(1000, 3)
    things = list(managed_objects(snapshot, config))
    assert len(things) == 1000
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
