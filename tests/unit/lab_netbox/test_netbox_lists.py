"""Paging, filters, columns, ordering and refusals, over the embedded estate."""

import httpx
import pytest

from werkplek.lab.estate import embedded, generate
from werkplek.lab.netbox_query import Page, page
from werkplek.registry.config import ApiConfig
from werkplek.registry.model import TABLES
from werkplek.registry.netbox import snapshot_from_api
from werkplek.registry.snapshot import load

TOKEN = "0123456789abcdef"
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
        assert body["count"] == 50
        seen += [row["id"] for row in body["results"]]
        previous.append(body["previous"])
        url = body["next"]
    assert sorted(seen) == list(range(1, 51))
    assert previous[0] is None and previous[1].endswith("/api/dcim/devices/?fields=id&limit=7")
    assert previous[2].endswith("?fields=id&limit=7&offset=7")


def test_devices_come_in_natural_order_of_name_and_nameless_ones_last(double):
    found = names(double.get(DEVICES, limit=0))
    assert found[:5] == ["{{ 7*7 }}", "ALB-DT-0001", "ALB-LT-0001", "ALB-LT-0002", "ALB-LT-0003"]
    assert found[-2:] == ["ZWD-LT-0003", None]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [("id", [1, 2, 3]), ("-id", [50, 49, 48]), ("status,-id", [47, 46, 45]), ("nonsense", [50, 3, 1])],
)
def test_ordering(double, ordering, expected):
    rows = double.get(DEVICES, ordering=ordering, fields="id", limit=60).json()["results"]
    found = [row["id"] for row in rows if row["id"] < 48 or ordering != "status,-id"]
    assert found[:3] == expected


def test_trees_are_listed_depth_first(double):
    assert names(double.get("/api/dcim/platforms/")) == [
        *("Linux", "Debian 13", "Network OS", "Arista EOS", "Cisco IOS"),
        *("Windows", "Windows 11", "Windows Server 2022"),
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("tenant=papendrecht", 12),
        ("tenant=papendrecht&tenant=sliedrecht", 17),
        ("tenant_id=4", 12),
        ("tenant=null", 1),
        ("tenant__n=papendrecht", 38),
        ("tenant_group=drechtsteden", 49),
        ("site=drs-datacenter", 6),
        ("region=zuid-holland", 50),
        ("role=workplace", 42),
        ("role=kiosk", 2),
        ("role=workplace&role=vdi-host", 46),
        ("platform=windows", 43),
        ("platform=null", 1),
        ("status=active", 48),
        ("status=active&status=planned", 49),
        ("tag=public", 5),
        ("tag=public&tag=thin-client", 2),
        ("id=1&id=2", 2),
        ("id__gte=10&id__lt=20", 10),
        ("id__n=1", 49),
        ("name=pap-lt-0001", 1),
        ("name__isw=PAP-&name__n=PAP-LT-0001", 11),
        ("name__empty=true", 1),
        ("name__regex=^DRS-(VH|DSW)-", 6),
        ("cf_update_ring=canary", 8),
        ("cf_update_ring=canar", 0),
        ("cf_update_ring=null", 1),
        ("cf_owner_department=domein", 7),
        ("has_primary_ip=false", 1),
        ("cluster_id=1", 2),
        ("location=drs-datacenter-mer", 6),
        ("device_type=igel-ud3", 2),
        ("last_updated__gte=2026-11-23T12:00:00Z", 0),
        ("last_updated__lt=2026-11-23T12:00:00", 50),
        ("tenantt=papendrecht", 50),
        ("cf_unknown=x", 50),
        ("has_primary_ip__n=true", 50),
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
    ],
)
def test_wrong_values_are_refused_all_at_once_in_netbox_words(double, query, error):
    response = double.get(f"{DEVICES}?{query}")
    assert (response.status_code, response.json()) == (400, error)


@pytest.mark.parametrize("name", ["q", "mac_address", "name__fuzzy", "status__ic", "rack_id", "has_primary_ip"])
def test_filters_that_only_netbox_has_are_not_ignored(double, name):
    response = double.get(DEVICES, **{name: "active"})
    assert response.status_code == 501
    assert response.json() == {"detail": f"The lab's NetBox does not filter dcim.device by {name!r}."}


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


@pytest.mark.parametrize("object_type", TABLES)
def test_brief_rows_are_what_other_objects_show(double, object_type):
    table = TABLES[object_type]
    for row in double.get(f"/api/{table.path}/", brief="true", limit=2).json()["results"]:
        assert list(row)[:3] == ["id", "url", "display"]
        assert httpx.URL(row["url"]).path == f"/api/{table.path}/{row['id']}/"
        assert double.get(row["url"]).json()["display"] == row["display"]


def test_a_device_without_a_name_shows_its_type(double):
    row = double.get(f"{DEVICES}47/").json()
    assert row["name"] is None
    assert row["display"] == f"{row['device_type']['manufacturer']['name']} {row['device_type']['display']} (DS000047)"


def test_counts_include_what_is_below_in_a_tree(double):
    roles = {row["slug"]: row["device_count"] for row in double.get("/api/dcim/device-roles/").json()["results"]}
    assert roles["workplace"] == 42 and roles["kiosk"] == 2 and roles["access-switch"] == 2


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
        ("GET", "/api/ipam/ip-addresses/", 501, "The lab's NetBox does not serve /api/ipam/ip-addresses/."),
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


@pytest.mark.parametrize("snapshot", [embedded(), generate(1234, 5)], ids=["embedded", "generated"])
def test_the_registry_reads_back_what_is_served(start, snapshot):
    with start(snapshot) as double:
        config = ApiConfig(double.url, TOKEN, True, None, timeout=30, page_size=100, shrink_limit=0)
        assert snapshot_from_api(config).objects == snapshot.objects


def test_a_snapshot_file_is_served(root, start):
    with start(root / "lab" / "estate.json") as double:
        assert double.get(DEVICES, limit=1).json()["count"] == 50
        assert double.store.taken_at == load(root / "lab" / "estate.json").taken_at
