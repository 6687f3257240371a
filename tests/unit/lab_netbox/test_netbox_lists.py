"""Paging, filters, columns, ordering and refusals, over the embedded estate."""

import httpx
import pytest

from werkplek.lab.estate import generate
from werkplek.lab.netbox_query import Page, page
from werkplek.registry.snapshot import load
from werkplek.registry.tables import TABLES

DEVICES = "/api/dcim/devices/"


def names(response):
    assert response.status_code == 200, response.text
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, Page(50, 0)),
        ({"limit": ["0"]}, Page(1000, 0)),
        ({"limit": ["1000"]}, Page(1000, 0)),
        ({"limit": ["1001"]}, Page(1000, 0)),
        ({"limit": ["-1"], "offset": ["-5"]}, Page(50, 0)),
        ({"limit": ["x"], "offset": ["y"]}, Page(50, 0)),
        ({"limit": ["7", "8"], "offset": ["21"]}, Page(8, 21)),
    ],
)
def test_limit_and_offset_are_read_as_netbox_reads_them(query, expected):
    assert page(query) == expected


def test_following_the_links_gives_every_device_once(double):
    url, seen, previous = f"{DEVICES}?limit=7&fields=id", [], []
    while url:
        body = double.get(url).json()
        assert body["count"] == 53
        seen += [row["id"] for row in body["results"]]
        previous.append(body["previous"])
        url = body["next"]
    assert sorted(seen) == list(range(1, 54))
    assert previous[0] is None and previous[1].endswith("/api/dcim/devices/?fields=id&limit=7")
    assert previous[2].endswith("?fields=id&limit=7&offset=7")


def test_devices_come_in_natural_order_of_name_and_nameless_ones_last(double):
    found = names(double.get(DEVICES, limit=0))
    assert found[:5] == ["{{ 7*7 }}", "ALB-DT-0001", "ALB-LT-0001", "ALB-LT-0002", "ALB-LT-0003"]
    assert found[-2:] == ["ZWD-LT-0003", None]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [("id", [1, 2, 3]), ("-id", [53, 52, 51]), ("status,-id", [47, 46, 45]), ("nonsense", [50, 3, 1])],
)
def test_ordering(double, ordering, expected):
    rows = double.get(DEVICES, ordering=ordering, fields="id", limit=60).json()["results"]
    found = [row["id"] for row in rows if row["id"] < 48 or ordering != "status,-id"]
    assert found[:3] == expected


def test_trees_are_listed_depth_first(double):
    assert names(double.get("/api/dcim/platforms/")) == [
        *("Linux", "Debian 12", "Debian 13", "Network OS", "Arista EOS", "Cisco IOS"),
        *("Windows", "Windows 11", "Windows Server 2022"),
    ]


def test_ordering_by_a_relation_is_refused(double):
    response = double.get(DEVICES, ordering="tenant")
    assert response.status_code == 501
    assert response.json() == {"detail": "The lab's NetBox does not order dcim.device by 'tenant'."}


def test_columns(double):
    def columns(**parameters):
        return list(double.get(DEVICES, limit=1, **parameters).json()["results"][0])

    assert columns(fields="name,id,nonsense") == ["id", "name"]
    assert columns(brief="true") == ["id", "url", "display", "name", "description"]
    assert columns(brief="true", fields="id") == ["id"]
    assert "config_context" in columns()
    assert "config_context" not in columns(exclude="config_context")


def test_brief_rows_are_what_other_objects_show(start):
    with start(generate(600, 1, version="4.6.8")) as double:
        for table in TABLES.values():
            rows = double.get(f"/api/{table.path}/", brief="true", limit=2).json()["results"]
            assert rows, table.path
            for row in rows:
                assert list(row)[:3] == ["id", "url", "display"]
                assert httpx.URL(row["url"]).path == f"/api/{table.path}/{row['id']}/"
                assert double.get(row["url"]).json()["display"] == row["display"]


def test_a_device_without_a_name_shows_its_type(double):
    row = double.get(f"{DEVICES}47/").json()
    assert row["name"] is None
    assert row["display"] == f"{row['device_type']['manufacturer']['name']} {row['device_type']['display']} (DS000047)"


def test_counts_include_what_is_below_in_a_tree(double):
    roles = {row["slug"]: row["device_count"] for row in double.get("/api/dcim/device-roles/").json()["results"]}
    assert roles["workplace"] == 42 and roles["kiosk"] == 2 and roles["access-switch"] == 5


def test_virtual_machines_and_clusters(start):
    with start(generate(400, 7)) as double:
        body = double.get("/api/virtualization/virtual-machines/", cluster="VDI Dordrecht", limit=0).json()
        assert 0 < body["count"] < 24
        assert {row["cluster"]["name"] for row in body["results"]} == {"VDI Dordrecht"}
        clusters = double.get("/api/virtualization/clusters/").json()["results"]
        assert sum(row["virtualmachine_count"] for row in clusters) == 24
        assert clusters[0]["scope"]["slug"] == "drs-datacenter"


def test_the_root_and_the_status(double):
    root = double.get("/api/").json()
    assert root["dcim"] == f"{double.url}api/dcim/" and len(root) == 12
    assert double.get("/api/status/").json()["netbox-version"] == "4.4.10"


@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        ("Bearer 0123456789abcdef", "Authentication credentials were not provided."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Token a b", "Invalid token header. Token string should not contain spaces."),
        ("token 0123456789abcde", "Invalid token"),
    ],
)
def test_wrong_tokens(double, authorization, detail):
    response = double.http.get("/api/status/", headers={"Authorization": authorization})
    assert (response.status_code, response.json()) == (403, {"detail": detail})


def test_tokens_of_version_2_are_bearer_tokens(start):
    with start(generate(5, 1), token="nbt_abc.def") as double:
        for value, status in (("Bearer nbt_abc.def", 200), ("Bearer nbt_abc.x", 403), ("Token nbt_abc.def", 403)):
            response = double.http.get("/api/status/", headers={"Authorization": value})
            assert response.status_code == status
        wrong = double.http.get("/api/status/", headers={"Authorization": "Bearer nbt_x.y"})
        assert wrong.json() == {"detail": "Invalid v2 token"}


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("POST", "/api/dcim/devices/1/", 405, 'Method "POST" not allowed.'),
        ("DELETE", "/api/status/", 405, 'Method "DELETE" not allowed.'),
        ("POST", "/api/core/object-changes/", 405, 'Method "POST" not allowed.'),
        ("PUT", "/api/dcim/devices/1/", 501, 'The lab\'s NetBox does not answer "PUT" here.'),
        ("GET", "/api/dcim/devices/99/", 404, "No Device matches the given query."),
        ("GET", "/api/dcim/device-roles/99/", 404, "No DeviceRole matches the given query."),
        ("GET", "/api/ipam/vlan-groups/", 501, "The lab's NetBox does not serve /api/ipam/vlan-groups/."),
        ("GET", "/api/nonsense/", 404, "Not found."),
        ("GET", "/", 404, "Not found."),
    ],
)
def test_what_is_refused(double, method, path, status, detail):
    response = double.http.request(method, path)
    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_a_missing_slash_is_added_by_a_redirect(double):
    response = double.get("/api/dcim/devices?limit=1")
    assert (response.status_code, response.headers["Location"]) == (301, "/api/dcim/devices/?limit=1")


def test_head_has_the_headers_alone(double):
    response = double.http.head(DEVICES)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["API-Version"] == "4.4"


def test_a_snapshot_file_is_served(root, start):
    with start(root / "lab" / "estate.json") as double:
        assert double.get(DEVICES, limit=1).json()["count"] == 53
        assert double.store.as_of == load(root / "lab" / "estate.json").as_of
