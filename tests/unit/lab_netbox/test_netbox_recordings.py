import re
from urllib.parse import parse_qs, urlsplit

import pytest
from netbox_recordings import RECORDINGS, harvested, rows_of

from werkplek.lab import netbox_store
from werkplek.lab.netbox_query import links, page

# Not served, with the reason: the double answers 501 and never an empty list.
UNCOVERED = {
    "graphql_devices": "Werkplek reads by REST only",
    "vlan_groups": "a snapshot keeps no groups of VLANs",
}
WRITES = ("tag_create", "tag_update", "tag_delete", "object_changes_after", "object_changes_since")
READS = [name for name in RECORDINGS if name not in UNCOVERED and name not in WRITES]
LISTS = [name for name in READS if "results" in RECORDINGS[name]["body"]]
# Longer lists than were recorded: their rows are not compared, their columns are.
CUT_SHORT = ("devices_limit_clamped", "devices_limit_zero_fields", "devices_last_page", "error_bad_limit")
HOSTS = [name for name in LISTS if name.startswith(("devices_", "virtual_")) and name not in CUT_SHORT]
TABLES = (
    *("device_roles", "platforms", "regions", "tags", "tenant_groups", "tenants", "choice_sets", "custom_fields"),
    *("interfaces_of_switch", "interfaces_slim", "ip_addresses", "vlans"),
)

# Columns whose content a snapshot does not keep: the double has NetBox's empty value there.
NOT_KEPT = {"rack", "config_context", "local_context_data", "vm_role", "vcpus", "memory", "disk", "group_of_site"}
COUNTS = {"tagged_items", "count_ipaddresses"}
# VMs were recorded without it.
WHEN_NOT_RECORDED = {"config_context": {"dict"}}
TOKENS = {"valid": {}, "invalid": {"Authorization": "Token wrong"}, "none": {"Authorization": ""}}


def replay(double, recording):
    request = recording["request"]
    return double.http.request(
        request["method"],
        request["path"],
        json=request.get("body"),
        headers={"Host": "127.0.0.1:8001"} | TOKENS[request["token"]],
    )


def headers_of(response, recording):
    return {name: response.headers.get(name) for name in recording["headers"]}


def pruned(value):
    """A recorded or given answer without what a snapshot does not keep."""
    if isinstance(value, list):
        return [pruned(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: pruned(item) for key, item in value.items() if key not in NOT_KEPT}
    for key in result:
        if key.endswith("_count") or key in COUNTS or key.startswith("allocated_"):
            result[key] = "counted"
    url = str(value.get("url"))
    if "/manufacturers/" in url:
        result |= {"id": "numbered by the double", "url": "numbered by the double"}
    for path, column in (("/ip-addresses/", "tenant"), ("/vlans/", "group")):
        if path in url and column in result:
            result[column] = "not kept"
    return result


def shape(value, key=""):
    """Keys in their order, all the way down; values as their type. What may be empty counts as null."""
    if key == "config_context":
        return "dict"
    if isinstance(value, dict) and key not in ("custom_fields", "prechange_data", "postchange_data"):
        return tuple((name, shape(item, name)) for name, item in value.items())
    return (
        "null" if value in (None, [], "") else type(value).__name__ if not isinstance(value, list) else shape(value[0])
    )


def shapes(rows):
    """Column -> every shape it has in these rows."""
    found = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, set()).add(shape(value, name))
    return found


def test_every_recording_is_covered_or_listed_with_a_reason():
    assert set(UNCOVERED) | set(WRITES) | set(READS) == set(RECORDINGS)
    assert len(READS) == 43


@pytest.mark.parametrize("name", UNCOVERED)
def test_what_the_double_does_not_serve_is_refused(recorded, name):
    path = RECORDINGS[name]["request"]["path"]
    response = replay(recorded, RECORDINGS[name])
    assert response.status_code == 501
    assert response.json() == {"detail": f"The lab's NetBox does not serve {path.split('?')[0]}."}


@pytest.mark.parametrize("name", READS)
def test_status_headers_and_errors_are_those_of_the_recording(recorded, name):
    recording = RECORDINGS[name]
    response = replay(recorded, recording)
    assert response.status_code == recording["status"]
    assert headers_of(response, recording) == recording["headers"]
    if recording["status"] >= 400:
        assert response.json() == recording["body"]
    else:
        assert list(response.json()) == list(recording["body"])


@pytest.mark.parametrize("name", LISTS)
def test_links_to_other_pages_are_those_of_the_recording(name):
    recording = RECORDINGS[name]
    url = f"http://127.0.0.1:8001{recording['request']['path']}"
    wanted = page(parse_qs(urlsplit(url).query))
    assert links(url, wanted, recording["body"]["count"]) == (
        recording["body"]["next"],
        recording["body"]["previous"],
    )


@pytest.mark.parametrize("name", [name for name in LISTS if rows_of(RECORDINGS[name])])
def test_rows_have_the_columns_of_the_recording_in_its_order(recorded, name):
    recording = RECORDINGS[name]
    # The estate of the recordings has fewer rows than that NetBox had, and none of a role that goes unsaid.
    query = re.sub(r"offset=\d+|&role=access-switch", "", recording["request"]["path"])
    rows = recorded.http.get(query, headers={"Host": "127.0.0.1:8001"}).json()["results"]
    assert rows
    assert {tuple(row) for row in rows} == {tuple(row) for row in rows_of(recording)}


def full_rows(endpoint):
    """Recorded rows of an endpoint that have all their columns."""
    return [
        row
        for recording in RECORDINGS.values()
        for row in rows_of(recording)
        if str(row.get("display_url")).startswith(f"http://127.0.0.1:8001/{endpoint}/")
    ]


@pytest.mark.parametrize(
    "endpoint",
    [
        *("dcim/devices", "dcim/device-roles", "dcim/platforms", "dcim/regions", "dcim/sites", "extras/tags"),
        *("tenancy/tenants", "tenancy/tenant-groups", "virtualization/clusters", "virtualization/virtual-machines"),
        *("extras/custom-fields", "extras/config-contexts", "dcim/interfaces", "ipam/vlans"),
    ],
)
def test_nested_objects_have_the_recorded_shapes(recorded, endpoint):
    expected = shapes(full_rows(endpoint))
    response = recorded.http.get(f"/api/{endpoint}/?limit=0", headers={"Host": "127.0.0.1:8001"})
    for name, found in shapes(response.json()["results"]).items():
        # A snapshot has no racks, cluster groups or site groups: they are null, as NetBox shows those that are not set.
        assert found - {"null"} <= expected.get(name, WHEN_NOT_RECORDED.get(name)), name


@pytest.mark.parametrize("name", [*HOSTS, *TABLES])
def test_rows_are_the_recorded_ones_to_the_value(recorded, name):
    recording = RECORDINGS[name]
    found = replay(recorded, recording).json()["results"]
    expected = recording["body"]["results"]
    if name == "tags":  # NetBox lists no tag that the other recordings lack
        assert len(found) == len(expected)
    assert pruned(found) == pruned(expected)


def test_bodies_are_compact_and_carry_no_charset(recorded):
    response = recorded.get("/api/tenancy/tenants/", limit=1, fields="id")
    assert response.content == (
        b'{"count":6,"next":"' + recorded.url.encode() + b'api/tenancy/tenants/?fields=id&limit=1&offset=1",'
        b'"previous":null,"results":[{"id":1}]}'
    )


def test_writes_and_the_change_log_are_those_of_the_recordings(start, monkeypatch):
    monkeypatch.setattr(netbox_store, "USER", "admin")
    with start(harvested()[0]) as double:
        for name in WRITES:
            recording = RECORDINGS[name]
            response = replay(double, recording)
            assert response.status_code == recording["status"]
            assert headers_of(response, recording) == recording["headers"]
            if recording["status"] == 204:
                assert response.content == b""
            else:
                assert timeless(response.json()) == timeless(recording["body"])


def timeless(value):
    """Without what is new in every recording: moments and request ids."""
    if isinstance(value, list):
        return [timeless(item) for item in value]
    if isinstance(value, dict):
        kept = {key: timeless(item) for key, item in value.items()}
        return kept | {key: "new" for key in ("created", "last_updated", "time", "request_id") if key in kept}
    return value


def test_moments_of_writes_are_iso_8601_and_grow(double):
    for name in ("a", "b"):
        double.http.post("/api/extras/tags/", json={"name": name, "slug": name})
    times = [row["time"] for row in double.get("/api/core/object-changes/").json()["results"]]
    assert times == sorted(times, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text) for text in times)
