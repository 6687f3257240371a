"""Writes: what is kept, what is logged, and what is refused in NetBox's words."""

import pytest

from werkplek.lab.estate import embedded, generate

DEVICES = "/api/dcim/devices/"
OLD = embedded().objects.devices[17]
NEW = {"name": "PAP-LT-0100", "device_type": 1, "role": {"slug": "laptop"}, "site": {"slug": "pap-stadhuis"}}


def test_a_device_can_be_made_changed_and_taken_away(double):
    made = double.http.post(DEVICES, json=NEW | {"tenant": {"slug": "papendrecht"}, "tags": [{"slug": "mobile"}]})
    assert made.status_code == 201
    row = made.json()
    assert (row["id"], row["tenant"]["slug"], row["role"]["slug"], row["status"]["value"]) == (
        *(54, "papendrecht", "laptop", "active"),
    )
    assert [tag["slug"] for tag in row["tags"]] == ["mobile"]
    assert row["custom_fields"] == {"update_ring": None, "owner_department": None, "image_version": None}
    assert row["created"] == row["last_updated"]

    changed = double.http.patch(row["url"], json={"custom_fields": {"update_ring": "pilot"}, "status": "offline"})
    assert changed.status_code == 200
    assert changed.json()["custom_fields"] == {"update_ring": "pilot", "owner_department": None, "image_version": None}
    assert double.get(row["url"]).json() == changed.json()
    assert double.get(DEVICES, cf_update_ring="pilot", status="offline").json()["count"] == 1

    assert double.http.delete(row["url"]).status_code == 204
    assert double.get(row["url"]).status_code == 404
    log = double.get("/api/core/object-changes/").json()["results"]
    assert [(entry["action"]["value"], entry["display"]) for entry in log] == [
        ("delete", "DCIM | device PAP-LT-0100 deleted by lab"),
        ("update", "DCIM | device PAP-LT-0100 updated by lab"),
        ("create", "DCIM | device PAP-LT-0100 created by lab"),
    ]
    assert log[1]["prechange_data"]["status"] == "active" and log[1]["postchange_data"]["status"] == "offline"
    assert log[2]["prechange_data"] == {} and log[2]["postchange_data"]["tags"] == ["Mobile"]


def test_the_change_log_is_filtered(double):
    double.http.post("/api/extras/tags/", json={"name": "One", "slug": "one"})
    first = double.get("/api/core/object-changes/").json()["results"][0]["time"]
    port = double.store.tables["ipam.ipaddress"][2]["assigned_object_id"]
    double.http.patch(f"{DEVICES}1/", json={"serial": "X"})
    double.http.delete(f"{DEVICES}2/")

    def found(**filters):
        rows = double.get("/api/core/object-changes/", **filters).json()["results"]
        return [(row["changed_object_type"], row["action"]["value"]) for row in rows]

    device = [("dcim.device", action) for action in ("delete", "update", "update")]
    assert found(changed_object_type="dcim.device") == found(changed_object_type="DCIM.Device") == device
    assert found(changed_object_type=["extras.tag", "dcim.device"]) == device, "the last of several counts"
    assert found(changed_object_type__n="dcim.device") == device, "NetBox forgets the negation"
    assert found(changed_object_type="nonsense") == []
    assert found(action="create", time_after=first) == [("extras.tag", "create")]
    assert found(action=["update", "create"]) == [("extras.tag", "create")]
    assert found(time_before=first) == [("extras.tag", "create")]
    assert found(changed_object_type="dcim.interface", changed_object_id=[port, 999]) == [("dcim.interface", "delete")]
    kinds = ["tenancy.contactassignment", "ipam.ipaddress", "dcim.device", "dcim.interface", "dcim.device"]
    assert [kind for kind, _action in found(id__gte=3, ordering="id")] == kinds
    assert [kind for kind, _action in found(id__gt=5)] == kinds[:2:-1]
    wrong = double.get("/api/core/object-changes/", time_after="x", action="burn")
    assert wrong.json() == {
        "time": ["Enter a valid date/time."],
        "action": ["Select a valid choice. burn is not one of the available choices."],
    }
    updated = double.get("/api/core/object-changes/", action="update").json()["results"][-1]
    assert updated["changed_object"] == double.get(DEVICES, brief="true", id=1).json()["results"][0]


def test_a_write_that_changes_nothing_moves_only_the_time_stamp(double):
    before = double.get(f"{DEVICES}1/").json()
    after = double.http.patch(f"{DEVICES}1/", json={"serial": before["serial"]}).json()
    assert after["last_updated"] > before["last_updated"]
    assert after | {"last_updated": before["last_updated"]} == before
    assert double.get("/api/core/object-changes/").json()["count"] == 0


def test_changes_are_seen_by_filters_on_time(double):
    moment = max(row["last_updated"] for row in double.get(DEVICES, limit=0).json()["results"])
    double.http.patch(f"{DEVICES}9/", json={"asset_tag": "DS900009"})
    rows = double.get(DEVICES, last_updated__gt=moment).json()["results"]
    assert [row["id"] for row in rows] == [9]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        (
            DEVICES,
            {"name": "x", "role": 99, "status": "lost", "tags": "a"},
            {
                "device_type": ["This field is required."],
                "site": ["This field is required."],
                "role": ["Related object not found using the provided numeric ID: 99"],
                "status": ["lost is not a valid choice."],
                "tags": ['Expected a list of items but got type "str".'],
            },
        ),
        (DEVICES, NEW | {"site": None}, {"site": ["This field may not be null."]}),
        (
            DEVICES,
            NEW | {"serial": None, "name": {}},
            {"serial": ["This field may not be null."], "name": ["Not a valid string."]},
        ),
        (
            DEVICES,
            NEW | {"tenant": {"slug": "x"}},
            {"tenant": ["Related object not found using the provided attributes: {'slug': 'x'}"]},
        ),
        (
            DEVICES,
            NEW | {"location": {"name": "MER"}},
            {"location": ["Multiple objects match the provided attributes: {'name': 'MER'}"]},
        ),
        (
            DEVICES,
            NEW | {"role": "laptop"},
            {
                "role": [
                    "Related objects must be referenced by numeric ID or by dictionary of attributes. "
                    "Received an unrecognized value: laptop"
                ]
            },
        ),
        (DEVICES, NEW | {"asset_tag": "ds000001"}, {"asset_tag": ["device with this asset tag already exists."]}),
        (
            DEVICES,
            NEW | {"name": OLD.name.lower(), "tenant": OLD.tenant, "site": OLD.site},
            {"__all__": ["Constraint “dcim_device_unique_name_site_tenant” is violated."]},
        ),
        (
            DEVICES,
            NEW | {"custom_fields": {"update_ring": "late"}},
            {
                "__all__": [
                    "Invalid value for custom field 'update_ring': Invalid choice (late) for choice set update_rings."
                ]
            },
        ),
        (
            DEVICES,
            NEW | {"custom_fields": {"owner_department": 5}},
            {"__all__": ["Invalid value for custom field 'owner_department': Value must be a string."]},
        ),
        (
            DEVICES,
            NEW | {"custom_fields": {"colour": "x"}},
            {"__all__": ["Unknown field name 'colour' in custom field data."]},
        ),
        (DEVICES, "text", {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}),
        (
            "/api/extras/tags/",
            {"name": "Mobile", "slug": "mobile"},
            {"name": ["tag with this name already exists."], "slug": ["tag with this slug already exists."]},
        ),
        ("/api/extras/tags/", {"name": " ", "slug": "x"}, {"name": ["This field may not be blank."]}),
        (
            "/api/tenancy/tenants/",
            {"name": "Papendrecht", "slug": "pap", "group": 1},
            {"__all__": ["Tenant name must be unique per group."]},
        ),
        (
            "/api/virtualization/virtual-machines/",
            {"name": "vm"},
            {"cluster": ["A virtual machine must be assigned to a site and/or cluster."]},
        ),
    ],
)
def test_wrong_bodies_are_refused_and_nothing_is_kept(double, path, body, error):
    before = double.get(path, limit=1).json()["count"]
    response = double.http.post(path, json=body)
    assert (response.status_code, response.json()) == (400, error)
    assert double.get(path, limit=1).json()["count"] == before
    assert double.get("/api/core/object-changes/").json()["count"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "detail"),
    [
        ("POST", "/api/dcim/locations/", {"name": "x"}, "The lab's NetBox does not write dcim.location."),
        ("PATCH", "/api/dcim/locations/1/", {"name": "x"}, "The lab's NetBox does not write dcim.location."),
        ("DELETE", "/api/dcim/manufacturers/1/", None, "The lab's NetBox does not write dcim.manufacturer."),
        ("POST", DEVICES, [NEW], "The lab's NetBox writes one object at a time."),
        ("PATCH", f"{DEVICES}1/", {"rack": 1, "nme": 2}, "The lab's NetBox does not write rack, nme of dcim.device."),
        (
            *("PATCH", "/api/virtualization/clusters/1/", {"scope_type": "dcim.region", "scope_id": 1}),
            "The lab's NetBox keeps no clusters with a scope of type dcim.region.",
        ),
    ],
)
def test_what_the_double_does_not_keep_is_refused(double, method, path, body, detail):
    response = double.http.request(method, path, json=body)
    assert (response.status_code, response.json()) == (501, {"detail": detail})


def test_a_body_that_is_not_json(double):
    response = double.http.patch(f"{DEVICES}1/", content=b"{")
    assert response.status_code == 400
    assert response.json()["detail"].startswith("JSON parse error - Expecting property name")


def test_an_address_can_be_taken_away(double):
    row = double.http.patch(f"{DEVICES}1/", json={"primary_ip4": None}).json()
    assert row["primary_ip4"] is None and row["primary_ip"] is None


def test_a_tenant_that_has_objects_stays(double):
    response = double.http.delete("/api/tenancy/tenants/5/")
    assert response.status_code == 409
    detail = response.json()["detail"]
    assert detail.startswith("Unable to delete object. 17 dependent objects were found: Sliedrecht Stadhuis (14), ")
    assert "sld-werkplek (510) (37)" in detail
    assert detail.endswith("SLD-SW-0001 (DS000051) (51)")
    made = double.http.post("/api/tenancy/tenants/", json={"name": "Gorinchem", "slug": "gorinchem", "group": 1}).json()
    assert (made["id"], made["group"]["slug"]) == (8, "drechtsteden")
    assert double.http.delete("/api/tenancy/tenants/8/").status_code == 204


def test_a_tag_goes_from_the_objects_that_bear_it(double):
    assert double.get(DEVICES, tag="thin-client").json()["count"] == 2
    assert double.http.delete("/api/extras/tags/3/").status_code == 204
    assert [tag["slug"] for tag in double.get(f"{DEVICES}33/").json()["tags"]] == ["public"]


def test_a_virtual_machine(double):
    made = double.http.post(
        "/api/virtualization/virtual-machines/", json={"name": "PAP-VD-0001", "cluster": {"name": "VDI Dordrecht"}}
    )
    assert made.status_code == 201
    assert (made.json()["cluster"]["id"], made.json()["device"]) == (1, None)


def test_an_address_is_made_assigned_and_given_to_a_host(double):
    port = double.http.post("/api/dcim/interfaces/", json={"device": 1, "name": "dock", "type": "1000base-t"}).json()
    assert (port["device"]["id"], port["enabled"], port["mode"]) == (1, True, None)
    body = {"address": "127.0.11.200/8", "dns_name": "dock.example", "assigned_object_type": "dcim.interface"}
    made = double.http.post("/api/ipam/ip-addresses/", json=body | {"assigned_object_id": port["id"]})
    assert made.status_code == 201, made.text
    address = made.json()
    assert address["assigned_object"]["device"]["id"] == 1
    changed = double.http.patch(
        f"{DEVICES}1/", json={"primary_ip4": address["id"], "oob_ip": {"address": "127.0.11.1/8"}}
    )
    assert changed.status_code == 200, changed.text
    row = changed.json()
    assert (row["primary_ip4"]["address"], row["oob_ip"]["address"]) == ("127.0.11.200/8", "127.0.11.1/8")
    away = double.http.patch(address["url"], json={"assigned_object_type": None, "assigned_object_id": None})
    assert away.json() == {
        "__all__": ["Cannot reassign IP address while it is designated as the primary IP for the parent object"]
    }
    assert double.http.delete(address["url"]).status_code == 204
    assert double.get(f"{DEVICES}1/").json()["primary_ip4"] is None


def test_places_roles_platforms_and_clusters_can_be_made(double):
    def made(path, **body):
        response = double.http.post(f"/api/{path}/", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    region = made("dcim/regions", name="West", slug="west", parent={"slug": "zuid-holland"})
    assert (region["parent"]["slug"], region["_depth"]) == ("zuid-holland", 1)
    site = made("dcim/sites", name="Haven", slug="haven", region=region["id"], time_zone="Europe/Amsterdam")
    assert (site["region"]["slug"], site["status"]["value"], site["device_count"]) == ("west", "active", 0)
    role = made("dcim/device-roles", name="Tablet", slug="tablet", parent=1, color="ff0000")
    assert (role["parent"]["name"], role["color"]) == ("Workplace", "ff0000")
    assert made("dcim/platforms", name="Windows 12", slug="windows-12", parent=1)["_depth"] == 1
    cluster = made("virtualization/clusters", name="Haven", type=1, scope_type="dcim.site", scope_id=site["id"])
    assert (cluster["scope"]["slug"], cluster["type"]["name"]) == ("haven", "Lab")
    vlan = made("ipam/vlans", name="haven-workplace", vid=10, site=site["id"])
    assert (vlan["display"], vlan["site"]["slug"]) == ("haven-workplace (10)", "haven")
    host = double.http.patch(f"{DEVICES}1/", json={"site": site["id"], "role": {"slug": "tablet"}})
    assert host.json()["role"]["slug"] == "tablet"
    nowhere = double.http.patch(cluster["url"], json={"scope_type": None, "scope_id": None}).json()
    assert (nowhere["scope_type"], nowhere["scope"]) == (None, None)


def test_a_stack_is_made_filled_and_led_by_another(double):
    stack = double.http.post("/api/dcim/virtual-chassis/", json={"name": "stack", "master": 39}).json()
    assert double.get(f"{DEVICES}39/").json()["vc_position"] == 1
    body = {"virtual_chassis": stack["id"], "vc_position": 2}
    assert double.http.patch(f"{DEVICES}40/", json=body).status_code == 200
    changed = double.http.patch(stack["url"], json={"master": 40}).json()
    assert (changed["master"]["id"], changed["member_count"]) == (40, 2)


def test_a_port_gets_other_vlans(double):
    port = double.store.tables["dcim.interface"][8]
    url = f"/api/dcim/interfaces/{port['id']}/"
    changed = double.http.patch(url, json={"tagged_vlans": [{"id": port["tagged_vlans"][0]}]}).json()
    assert [vlan["id"] for vlan in changed["tagged_vlans"]] == [port["tagged_vlans"][0]]
    mixed = double.http.patch(url, json={"mode": "access", "tagged_vlans": [], "enabled": False}).json()
    assert (mixed["mode"]["value"], mixed["tagged_vlans"], mixed["enabled"]) == ("access", [], False)


FREE = {"assigned_object_type": "dcim.interface"}


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "dcim/sites", {}, {"name": ["This field is required."], "slug": ["This field is required."]}),
        (
            *("POST", "dcim/sites"),
            {"name": "Papendrecht Werf", "slug": "pap werf"},
            {"slug": ['Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.']},
        ),
        (
            *("POST", "dcim/sites", {"name": "Papendrecht Werf", "slug": "pap-werf"}),
            {"name": ["site with this name already exists."], "slug": ["site with this slug already exists."]},
        ),
        ("PATCH", "dcim/sites/1", {"time_zone": "x"}, {"time_zone": ["A valid timezone is required."]}),
        (
            *("POST", "dcim/regions", {"name": "Drechtsteden", "slug": "d", "parent": 1}),
            {"__all__": ["Region with this Parent and Name already exists."]},
        ),
        (
            *("POST", "dcim/regions", {"name": "x", "slug": "zuid-holland"}),
            {"__all__": ["A top-level region with this slug already exists."]},
        ),
        ("PATCH", "dcim/regions/1", {"parent": 2}, {"parent": ["Cannot assign self or child region as parent."]}),
        (
            *("POST", "dcim/device-roles", {"name": "Laptop", "slug": "l", "parent": 1}),
            {"__all__": ["Device role with this Parent and Name already exists."]},
        ),
        (
            *("POST", "dcim/platforms", {"name": "Windows 11", "slug": "w", "parent": 4}),
            {"__all__": ["Platform name must be unique."]},
        ),
        (
            *("POST", "dcim/device-roles", {"name": "x", "slug": "x", "color": "red"}),
            {"color": ["Enter a valid hexadecimal RGB color code."]},
        ),
        (
            *("POST", "virtualization/clusters", {"name": "x", "type": 1, "scope_type": "dcim.site", "scope_id": 99}),
            {"scope_id": ["Related object not found using the provided value: 99."]},
        ),
        (
            *("POST", "virtualization/clusters", {"name": "x", "type": 1, "scope_type": "dcim.site"}),
            {"__all__": ["Please select a site."]},
        ),
        (
            *("POST", "virtualization/clusters", {"name": "x", "type": 1, "scope_id": 1}),
            {"scope_type": ["This field cannot be null."]},
        ),
        (
            *("POST", "virtualization/clusters", {"name": "x", "type": 1, "scope_type": "x", "scope_id": 1}),
            {"scope_type": ["Invalid value. Specify a content type as '<app_label>.<model_name>'."]},
        ),
        ("POST", "ipam/vlans", {"name": "x", "vid": 0}, {"vid": ["Ensure this value is greater than or equal to 1."]}),
        (
            "POST",
            "ipam/vlans",
            {"name": "x", "vid": 5000},
            {"vid": ["Ensure this value is less than or equal to 4094."]},
        ),
        ("POST", "ipam/vlans", {"name": "x", "vid": "x"}, {"vid": ["A valid integer is required."]}),
        (
            *("POST", "ipam/ip-addresses", {"address": "127.0.11.1/24"}),
            {"address": ["Duplicate IP address found in global table: 127.0.11.1/8"]},
        ),
        (
            *("POST", "ipam/ip-addresses", {"address": "10.0.0.1/24", "dns_name": "a b"}),
            {
                "dns_name": [
                    "Only alphanumeric characters, asterisks, hyphens, periods, and underscores are allowed in DNS "
                    "names"
                ]
            },
        ),
        (
            *("POST", "ipam/ip-addresses", {"address": "10.0.0.1/24", **FREE, "assigned_object_id": 9999}),
            {"assigned_object_id": ["Related object not found using the provided value: 9999."]},
        ),
        (
            *("POST", "ipam/ip-addresses", {"address": "10.0.0.1/24", **FREE}),
            {"assigned_object_id": ["This field cannot be null."]},
        ),
        (
            *("POST", "ipam/ip-addresses", {"address": "10.0.0.1/24", "assigned_object_type": "dcim.device"}),
            {"assigned_object_type": ["Invalid content type: dcim.device"]},
        ),
        (
            *("PATCH", "dcim/devices/1", {"primary_ip4": 2, "primary_ip6": 1}),
            {
                "primary_ip4": ["The specified IP address (127.0.11.2/8) is not assigned to this device."],
                "primary_ip6": ["127.0.11.1/8 is not an IPv6 address."],
            },
        ),
        (
            *("PATCH", "dcim/devices/1", {"location": 19}),
            {"location": ["Location MER does not belong to site Alblasserdam Stadhuis."]},
        ),
        (
            *("PATCH", "dcim/devices/1", {"cluster": 1}),
            {"cluster": ["The assigned cluster belongs to a different site (Drechtsteden Datacenter)"]},
        ),
        ("POST", "dcim/interfaces", {"device": 1, "name": "x", "type": "y"}, {"type": ["y is not a valid choice."]}),
        (
            *("POST", "dcim/interfaces", {"device": 40, "name": "GigabitEthernet1/0/1", "type": "1000base-t"}),
            {"__all__": ["Interface with this Device and Name already exists."]},
        ),
        (
            *("PATCH", "dcim/interfaces/14", {"mode": ""}),
            {"untagged_vlan": ["Interface mode does not support untagged vlan"]},
        ),
        (
            *("PATCH", "dcim/interfaces/8", {"mode": "access"}),
            {"tagged_vlans": ["Interface mode does not support tagged vlans"]},
        ),
        ("PATCH", "dcim/interfaces/1", {"enabled": "yes"}, {"enabled": ["Must be a valid boolean."]}),
    ],
)
def test_wrong_bodies_of_other_types(double, method, path, body, error):
    response = double.http.request(method, f"/api/{path}/", json=body)
    assert (response.status_code, response.json()) == (400, error)
    assert double.get("/api/core/object-changes/").json()["count"] == 0


def test_a_port_has_vlans_of_its_own_site_or_of_none(double):
    double.http.patch("/api/ipam/vlans/1/", json={"site": 1})
    tail = "must belong to the same site as the interface's parent device, or it must be global."
    for column, value, said in (
        ("untagged_vlan", 1, "The untagged VLAN (alb-werkplek (110))"),
        ("tagged_vlans", [1, 2], "VLAN alb-werkplek (110)"),
    ):
        response = double.http.patch("/api/dcim/interfaces/1/", json={column: value})
        assert (response.status_code, response.json()) == (400, {column: [f"{said} {tail}"]})
    assert double.http.patch("/api/dcim/interfaces/1/", json={"untagged_vlan": 2}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        (
            *("dcim/devices/{other}", {"virtual_chassis": 1}),
            {"vc_position": ["A device assigned to a virtual chassis must have its position defined."]},
        ),
        (
            *("dcim/devices/{other}", {"virtual_chassis": 1, "vc_position": 2}),
            {"__all__": ["Device with this Virtual chassis and VC position already exists."]},
        ),
        (
            *("dcim/devices/{master}", {"virtual_chassis": None}),
            {
                "virtual_chassis": [
                    "Device cannot be removed from virtual chassis {stack} because it is currently designated as its "
                    "master."
                ]
            },
        ),
        (
            *("dcim/virtual-chassis/1", {"master": "{other}"}),
            {"master": ["The selected master ({name}) is not assigned to this virtual chassis."]},
        ),
    ],
)
def test_stacks_hold_together(start, path, body, error):
    with start(generate(1000, 7)) as double:
        stack = double.store.tables["dcim.virtualchassis"][1]
        other = next(row for row in double.store.tables["dcim.device"].values() if row["virtual_chassis"] is None)
        words = {
            **{"master": stack["master"], "other": other["id"], "stack": stack["name"]},
            "name": f"{other['name']} ({other['asset_tag']})",
        }
        sent = {name: value.format(**words) if isinstance(value, str) else value for name, value in body.items()}
        response = double.http.patch(f"/api/{path.format(**words)}/", json=sent)
        expected = {name: [text.format(**words) for text in texts] for name, texts in error.items()}
        assert (response.status_code, response.json()) == (400, expected)


def test_what_fails_in_netbox_itself_fails_here(double):
    response = double.http.post("/api/ipam/ip-addresses/", json={"address": "nowhere"})
    assert (response.status_code, response.json()["exception"]) == (500, "KeyError")
    body = {"name": "VDI Dordrecht", "type": 1, "scope_type": "dcim.site", "scope_id": 19}
    response = double.http.post("/api/virtualization/clusters/", json=body)
    assert (response.status_code, response.json()["exception"]) == (500, "IntegrityError")
