"""Filters, over the embedded estate and over one with stacks. The rules were tried on a real NetBox 4.4."""

import pytest

from werkplek.lab.estate import generate

DEVICES = "/api/dcim/devices/"


def count(double, path, query):
    response = double.get(f"/api/{path}/?{query}&limit=1")
    assert response.status_code == 200, response.text
    return response.json()["count"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("tenant=papendrecht", 12),
        ("tenant=papendrecht&tenant=sliedrecht", 18),
        ("tenant_id=4", 12),
        ("tenant=null", 1),
        ("tenant__n=papendrecht", 41),
        ("tenant_group=drechtsteden", 52),
        ("site=drs-datacenter", 6),
        ("region=zuid-holland", 53),
        ("role=workplace", 42),
        ("role=kiosk", 2),
        ("role=workplace&role=vdi-host", 46),
        ("platform=windows", 43),
        ("platform=null", 1),
        ("status=active", 51),
        ("status=active&status=planned", 52),
        ("tag=public", 5),
        ("tag=public&tag=thin-client", 2),
        ("id=1&id=2", 2),
        ("id__gte=10&id__lt=20", 10),
        ("id__n=1", 52),
        ("name=pap-lt-0001", 1),
        ("name__isw=PAP-&name__n=PAP-LT-0001", 11),
        ("name__empty=true", 1),
        ("name__regex=^DRS-(VH|DSW)-", 6),
        ("cf_update_ring=canary", 8),
        ("cf_update_ring=canar", 0),
        ("cf_update_ring=null", 1),
        ("cf_owner_department=domein", 8),
        ("has_primary_ip=false", 2),
        ("cluster_id=1", 2),
        ("location=drs-datacenter-mer", 6),
        ("device_type=igel-ud3", 2),
        ("last_updated__gte=2026-11-23T12:00:00Z", 0),
        ("last_updated__lt=2026-11-23T12:00:00", 53),
        ("tenantt=papendrecht", 53),
        ("cf_unknown=x", 53),
        ("has_primary_ip__n=true", 53),
        # Without case, but not where it is negated.
        ("name__n=pap-lt-0001", 53),
        ("name__n=PAP-LT-0001", 52),
        ("name__nie=pap-lt-0001", 52),
        ("serial=aynywwmeku", 1),
        ("serial__n=aynywwmeku", 53),
        ("asset_tag=ds000001", 0),
        ("asset_tag__n=DS000001", 52),
        ("name__ic=pap-lt", 8),
        ("name__iew=-0001&name__nisw=pap", 17),
        ("name=", 53),
        # All of several tags; with __n none of them.
        ("tag__n=public&tag__n=thin-client", 48),
        ("tag=null", 19),
        ("cf_update_ring__n=canary", 45),
        ("cf_update_ring__n=null", 52),
        ("cf_update_ring__nic=canary", 44),
        ("cf_update_ring__empty=true", 1),
        # A text field is searched loosely and has no other filters.
        ("cf_owner_department__n=ICT", 53),
        ("cf_owner_department__ie=ict", 53),
        # Neither true nor false.
        ("has_primary_ip=1", 53),
        ("has_primary_ip=2", 51),
        ("has_primary_ip=TRUE", 53),
        ("name__empty=1", 53),
        ("status__n=active", 2),
        ("status__n=active&status__n=planned", 1),
        ("status__ic=active", 51),
        ("location=drs-datacenter-bg", 6),
        ("location__n=drs-datacenter-bg", 47),
        ("location=null", 42),
        ("role__n=workplace&role__n=vdi-host", 7),
        ("platform__n=windows", 10),
        ("region__n=zuid-holland", 0),
        ("cluster=VDI Dordrecht", 53),
        ("cluster_id__n=1", 51),
        ("id__gte=10&id__gte=45", 44),
        ("id__gt=10&id__lte=12", 2),
        ("id=", 53),
        ("owner=Servicecentrum", 53),
    ],
)
def test_filters(double, query, count):
    body = double.get(f"{DEVICES}?{query}&limit=1").json()
    assert body["count"] == count


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (
            "tenant=atlantis&status=lost&id__gte=x",
            {
                "tenant": ["Select a valid choice. atlantis is not one of the available choices."],
                "status": ["Select a valid choice. lost is not one of the available choices."],
                "id__gte": ["Enter a whole number."],
            },
        ),
        ("tag=nope", {"tag": ["Select a valid choice. nope is not one of the available choices."]}),
        ("role_id=99", {"role_id": ["Select a valid choice. 99 is not one of the available choices."]}),
        ("site_id=x", {"site_id": ["“x” is not a valid value."]}),
        ("last_updated__gte=yesterday", {"last_updated__gte": ["Enter a valid date/time."]}),
        ("tenant=", {"tenant": ["Select a valid choice.  is not one of the available choices."]}),
        ("tenant_id=", {"tenant_id": ["“” is not a valid value."]}),
        ("tenant=PAPENDRECHT", {"tenant": ["Select a valid choice. PAPENDRECHT is not one of the available choices."]}),
        ("status__ic=act", {"status__ic": ["Select a valid choice. act is not one of the available choices."]}),
    ],
)
def test_wrong_values_are_refused_all_at_once_in_netbox_words(double, query, error):
    response = double.get(f"{DEVICES}?{query}")
    assert (response.status_code, response.json()) == (400, error)


@pytest.mark.parametrize("name", ["q", "mac_address", "name__fuzzy", "rack_id", "site_group", "filter_id"])
def test_filters_that_only_netbox_has_are_not_ignored(double, name):
    response = double.get(DEVICES, **{name: "active"})
    assert response.status_code == 501
    assert response.json() == {"detail": f"The lab's NetBox does not filter dcim.device by {name!r}."}


PORTS, ADDRESSES = "dcim/interfaces", "ipam/ip-addresses"


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        (PORTS, "device_role_id=8", 26 * 5),
        (PORTS, "device_role_id=8&device_role_id=9", 26 * 5 + 18 * 2),
        (PORTS, "device_role=access-switch", 26 * 5),
        (PORTS, "device_role_id=1", 0),  # not a tree: kiosks and the like are below this role
        (PORTS, "device_id=39", 26),
        (PORTS, "device_id=39&device_id=40", 52),
        (PORTS, "device_role_id=8&mode=tagged", 14 * 5 + 3),
        (PORTS, "device_role_id=8&enabled=false", 3 * 5 + 1),
        (PORTS, "device_role_id=8&name__ic=0/2", 4 * 6),
        (PORTS, "device_role_id=8&id__gte=10&id__lt=20", 10),
        (ADDRESSES, "assigned_to_interface=true", 51),
        (ADDRESSES, "assigned_to_interface=false", 0),
        (ADDRESSES, "assigned_to_interface=maybe", 51),
        (ADDRESSES, "dns_name__empty=true", 26),
        (ADDRESSES, "dns_name__empty=false", 25),
        (ADDRESSES, "dns_name=alb-lt-0001.drechtsteden.example", 1),
        (ADDRESSES, "address=127.0.11.1", 1),
        (ADDRESSES, "address=127.0.11.1/8&address=127.0.11.2", 2),
        (ADDRESSES, "address=127.0.11.1/24", 0),
        (ADDRESSES, "address=somewhere", 0),
        (ADDRESSES, "device_id=1&device_id=2", 2),
        (ADDRESSES, "device_id=999", 0),
        ("ipam/vlans", "vid=110", 1),
        ("ipam/vlans", "tenant=papendrecht&vid__gte=430", 7),
        ("dcim/regions", "parent=zuid-holland", 1),
        ("dcim/regions", "ancestor=zuid-holland", 1),
        ("dcim/locations", "parent=null", 19),
        ("dcim/locations", "site=drs-datacenter", 2),
        ("dcim/device-roles", "parent=workplace", 5),
        ("tenancy/tenants", "name=papendrecht", 0),
        ("tenancy/tenants", "name__ie=papendrecht", 1),
        ("extras/tags", "color=9e9e9e", 3),
        ("extras/custom-fields", "name=update_ring", 1),
        ("tenancy/contact-assignments", "object_type=DCIM.Device", 4),
        ("tenancy/contact-assignments", "object_type=dcim.site&object_id=19", 1),
        ("tenancy/contact-assignments", "contact_id=1&role=beheerder", 0),
        ("virtualization/clusters", "site=drs-datacenter", 2),
        ("extras/config-contexts", "name=Switches", 1),
        ("dcim/virtual-chassis", "name=x", 0),
    ],
)
def test_filters_of_other_types(double, path, query, expected):
    assert count(double, path, query) == expected


@pytest.mark.parametrize(
    ("path", "query", "error"),
    [
        (PORTS, "device_id=99", {"device_id": ["Select a valid choice. 99 is not one of the available choices."]}),
        (PORTS, "device_role_id=x", {"device_role_id": ["“x” is not a valid value."]}),
        (PORTS, "mode=x", {"mode": ["Select a valid choice. x is not one of the available choices."]}),
        (ADDRESSES, "device_id=x", {"device_id": ["Enter a whole number."]}),
        ("ipam/vlans", "vid=x", {"vid": ["Enter a whole number."]}),
    ],
)
def test_wrong_values_for_other_types(double, path, query, error):
    response = double.get(f"/api/{path}/?{query}")
    assert (response.status_code, response.json()) == (400, error)


def test_filters_on_stacks_and_out_of_band_addresses(start):
    with start(generate(1000, 7)) as double:
        assert count(double, "dcim/devices", "virtual_chassis_member=true") == 4
        assert count(double, "dcim/devices", "virtual_chassis_id=2&vc_position=2") == 1
        assert count(double, "dcim/devices", "has_oob_ip=true") == 6
        assert count(double, "dcim/virtual-chassis", "name__isw=drd") == 2
        machines = "virtualization/virtual-machines"
        assert count(double, machines, "cluster=VDI Dordrecht") == count(double, machines, "cluster_id=1") > 0
        # VMs have no location and no asset tag, so NetBox does not know these filters.
        assert count(double, machines, "location=drs-datacenter-mer") == count(double, machines, "asset_tag=x") == 60


@pytest.mark.parametrize(
    ("version", "query", "expected"),
    [
        ("4.6.8", "owner=Servicecentrum", 8),
        ("4.6.8", "owner_id=1&owner_id=2", 19),
        ("4.6.8", "owner__n=Servicecentrum", 86),
        ("4.4.10", "owner=nobody", 94),
        ("4.2.9", "tag_id=99", 94),
        ("4.2.9", "name__regex=x", 94),
        ("4.4.10", "name__regex=x", 0),
    ],
)
def test_filters_come_with_their_release(start, version, query, expected):
    with start(generate(100, 3, version=version)) as double:
        assert count(double, "dcim/devices", query) == expected


def test_flat_types_have_no_filters_of_trees(start):
    with start(generate(10, 3, version="4.2.9")) as double:
        assert count(double, "dcim/device-roles", "parent=nonsense") == 9
        assert count(double, "dcim/regions", "parent=zuid-holland") == 1


def test_owners_have_no_moments_to_filter_or_order_by(start):
    with start(generate(10, 3, version="4.6.8")) as double:
        assert count(double, "users/owners", "last_updated__gte=2030-01-01T00:00:00Z&ordering=-last_updated") == 2


def test_parameters_that_came_later_are_refused_where_netbox_has_them(start):
    with start(generate(10, 3)) as double:
        assert count(double, "dcim/devices", "start=5&omit=tags") == 9
    with start(generate(10, 3, version="4.6.8")) as double:
        response = double.get(DEVICES, start=5)
        assert (response.status_code, response.json()) == (
            501,
            {"detail": "The lab's NetBox has no parameter 'start'."},
        )


@pytest.mark.parametrize(("version", "expected"), [("4.5.2", 1), ("4.5.3", 5)])
def test_a_filter_by_type_takes_several_from_4_5_3_on(start, version, expected):
    with start(generate(10, 3, version=version)) as double:
        query = "object_type=dcim.device&object_type=DCIM.Site"
        assert count(double, "tenancy/contact-assignments", query) == expected
