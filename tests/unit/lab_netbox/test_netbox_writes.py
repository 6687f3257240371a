"""Writes: what is kept, what is logged, and what is refused in NetBox's words."""

from datetime import UTC, datetime

import pytest

from werkplek.lab.estate import embedded
from werkplek.lab.netbox_store import Store

DEVICES = "/api/dcim/devices/"
OLD = embedded().objects.devices[17]
NEW = {"name": "PAP-LT-0100", "device_type": 1, "role": {"slug": "laptop"}, "site": {"slug": "pap-stadhuis"}}


def test_a_device_can_be_made_changed_and_taken_away(double):
    made = double.http.post(DEVICES, json=NEW | {"tenant": {"slug": "papendrecht"}, "tags": [{"slug": "mobile"}]})
    assert made.status_code == 201
    row = made.json()
    assert (row["id"], row["tenant"]["slug"], row["role"]["slug"], row["status"]["value"]) == (
        *(51, "papendrecht", "laptop", "active"),
    )
    assert [tag["slug"] for tag in row["tags"]] == ["mobile"]
    assert row["custom_fields"] == {"update_ring": None, "owner_department": None}
    assert row["created"] == row["last_updated"]

    changed = double.http.patch(row["url"], json={"custom_fields": {"update_ring": "pilot"}, "status": "offline"})
    assert changed.status_code == 200
    assert changed.json()["custom_fields"] == {"update_ring": "pilot", "owner_department": None}
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
    double.http.patch(f"{DEVICES}1/", json={"serial": "X"})
    double.http.delete(f"{DEVICES}2/")

    def found(**filters):
        rows = double.get("/api/core/object-changes/", **filters).json()["results"]
        return [(row["changed_object_type"], row["action"]["value"]) for row in rows]

    assert found(changed_object_type="dcim.device") == [("dcim.device", "delete"), ("dcim.device", "update")]
    assert found(action="create", time_after=first) == [("extras.tag", "create")]
    assert found(time_before=first) == [("extras.tag", "create")]
    assert found(changed_object_id=2) == [("dcim.device", "delete")]
    wrong = double.get("/api/core/object-changes/", time_after="x", action="burn")
    assert wrong.json() == {
        "time": ["Enter a valid date/time."],
        "action": ["Select a valid choice. burn is not one of the available choices."],
    }
    updated = double.get("/api/core/object-changes/", action="update").json()["results"][0]
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


def test_time_goes_on_from_the_snapshot_when_the_clock_is_behind():
    store = Store(embedded(), clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    stamps = [store.update("dcim.device", 1, {"serial": text})["last_updated"] for text in ("a", "b")]
    assert stamps == ["2026-11-23T12:00:00.000001Z", "2026-11-23T12:00:00.000002Z"]


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
        ("POST", "/api/dcim/sites/", {"name": "x"}, "The lab's NetBox does not write dcim.site."),
        ("PATCH", "/api/dcim/sites/1/", {"name": "x"}, "The lab's NetBox does not write dcim.site."),
        ("DELETE", "/api/dcim/sites/1/", None, "The lab's NetBox does not write dcim.site."),
        ("POST", DEVICES, [NEW], "The lab's NetBox writes one object at a time."),
        ("PATCH", f"{DEVICES}1/", {"rack": 1, "nme": 2}, "The lab's NetBox does not write rack, nme of dcim.device."),
        (
            *("PATCH", f"{DEVICES}1/", {"primary_ip4": 1}),
            "The lab's NetBox keeps addresses as text and has no interfaces: an address can only be taken away.",
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
    assert detail.startswith("Unable to delete object. 7 dependent objects were found: Sliedrecht Stadhuis (14), ")
    assert detail.endswith("SLD-LT-0004 (49)")
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
