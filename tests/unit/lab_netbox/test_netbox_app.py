"""The double as a whole: acting during a read, the OpenAPI document, empty lists, its pace, and its own process."""

import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import httpx
import pytest

from werkplek.lab import netbox_speed
from werkplek.lab.estate import embedded, generate
from werkplek.lab.netbox_lists import Shown
from werkplek.lab.netbox_speed import Speed

DEVICES = "/api/dcim/devices/"


def test_a_test_can_act_before_each_answer_is_computed(start):
    seen = []

    def act(path, store):
        seen.append(path)
        if len(seen) == 2:
            store.delete("dcim.device", 1)

    with start(embedded(), on_request=act) as double:
        counts = [double.get(DEVICES, limit=1, fields="id").json()["count"] for _ in range(3)]
    assert counts == [53, 52, 52]
    assert seen == [f"{DEVICES}?limit=1&fields=id"] * 3


def test_the_openapi_document_names_the_filters_that_are_served(start):
    with start(embedded()) as double:
        schema = double.get("/api/schema/", format="json").json()
    assert schema["info"]["version"] == "4.4.10 (4.4)"
    names = {item["name"] for item in schema["paths"][DEVICES]["get"]["parameters"]}
    assert {"tenant", "tenant__n", "id__gte", "name__ic", "cf_update_ring", "limit", "has_primary_ip"} <= names
    assert names.isdisjoint({"q", "rack_id", "owner", "has_primary_ip__n", "tenant__ic"})
    assert "/api/users/owners/" not in schema["paths"]


def test_every_filter_in_the_document_is_answered(start):
    """With any value, be it a wrong one: nothing that is named is refused as not served."""
    with start(generate(20, 1, version="4.6.8")) as double:
        for path, item in double.get("/api/schema/").json()["paths"].items():
            for parameter in item["get"]["parameters"]:
                if parameter["name"] not in ("ordering", "fields"):
                    response = double.get(path, **{parameter["name"]: "1"})
                    assert response.status_code in (200, 400), (path, parameter["name"], response.text)


@pytest.mark.parametrize("path", ["dcim/site-groups", "dcim/racks", "ipam/services", "ipam/prefixes"])
def test_what_no_estate_holds_is_an_empty_list(double, path):
    assert double.get(f"/api/{path}/", limit=0).json() == {"count": 0, "next": None, "previous": None, "results": []}
    assert double.get(f"/api/{path}/1/").status_code == 404
    assert double.http.post(f"/api/{path}/", json={}).status_code == 501


def shown(rows, *columns, object_type="dcim.device", context=False):
    return Shown({}, object_type, frozenset(columns), rows, context)


def test_the_model_adds_up_what_an_answer_is_made_of():
    speed = Speed(
        **{"request_ms": 1, "host_ms": 10, "query_ms": 100, "column_ms": 0.1, "relation_ms": 0.2, "tags_ms": 0.3},
        **{"context_ms": 0.4, "count_ms": 0.5, "generic_ms": 5},
    )
    assert speed.cost(None) == 1
    assert speed.cost(shown(10, "id")) == pytest.approx(11 + 10 * 0.1)
    assert speed.cost(shown(10, "id", "site")) == pytest.approx(11 + 10 + 10 * 0.3)
    assert speed.cost(shown(200, "id", "site", "tags")) == pytest.approx(11 + 200 + 200 * 0.6)
    assert speed.cost(shown(200, "id", context=True)) == pytest.approx(11 + 100 + 200 * 0.5)
    assert speed.cost(shown(10, "id", "tags", object_type="dcim.site", context=True)) == pytest.approx(1 + 10 * 0.2)
    ports = shown(10, "count_ipaddresses", object_type="dcim.interface")
    assert speed.cost(ports) == pytest.approx(1 + 10 * 0.5)
    assert speed.cost(shown(10, "assigned_object", object_type="ipam.ipaddress")) == pytest.approx(1 + 10 * 5)


# Seconds for 5,000 devices at 1,000 a page over two connections, of which one has three pages: NetBox 4.4.10.
NEEDED = (
    *("id", "name", "status", "serial", "asset_tag", "custom_fields", "last_updated", "site", "location", "tenant"),
    *("role", "platform", "device_type", "cluster", "virtual_chassis", "primary_ip4", "primary_ip6", "tags"),
)


@pytest.mark.parametrize(
    ("columns", "rows", "context", "pages", "seconds"),
    [
        (NEEDED[:7], 1000, False, 3, 1.0),
        (NEEDED[:-1], 1000, False, 3, 2.8),
        (NEEDED, 1000, False, 3, 4.2),
        (NEEDED, 1000, True, 3, 5.3),
        (NEEDED, 500, True, 5, 6.5),
        (NEEDED, 250, True, 10, 9.4),
        (NEEDED, 100, True, 25, 14.1),
    ],
)
def test_the_model_is_near_what_was_measured(columns, rows, context, pages, seconds):
    modelled = pages * Speed().cost(shown(rows, *columns, context=context)) / 1000
    assert modelled == pytest.approx(seconds, rel=0.17)


@pytest.fixture
def sleeps(monkeypatch):
    """Seconds that the double was to sleep, and at most how many requests slept at once; the sleeps are short."""
    found, asleep = {"seconds": [], "most": 0}, []

    async def sleep(seconds):
        asleep.append(seconds)
        found["seconds"].append(seconds)
        found["most"] = max(found["most"], len(asleep))
        await asyncio.sleep(0.01)
        asleep.pop()

    monkeypatch.setattr(netbox_speed, "asyncio", SimpleNamespace(sleep=sleep, Semaphore=asyncio.Semaphore))
    return found


def test_no_more_requests_are_served_at_once_than_there_are_workers(start, sleeps):
    with start(embedded(), speed=Speed(workers=2)) as double, ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _number: double.get("/api/status/"), range(12)))
    assert (len(sleeps["seconds"]), sleeps["most"]) == (12, 2)


def test_what_was_worked_is_not_slept(start, sleeps):
    with start(embedded(), speed=Speed(request_ms=40_000, host_ms=0)) as double:
        assert double.get(DEVICES, tenant="atlantis").status_code == 400, "refusals have their pace too"
        double.get("/api/status/")
        assert all(39 < seconds < 40 for seconds in sleeps["seconds"])
    with start(embedded(), speed=Speed(request_ms=0)) as double:
        double.get("/api/status/")
    assert sleeps["seconds"][2:] == [0]


@pytest.fixture
def process(root):
    """Starts the double in a process of its own; ends it."""
    running = []

    def begin(*arguments, token="t"):
        command = [sys.executable, "-m", "werkplek.lab.netbox_main", "--estate", str(root / "lab" / "estate.json")]
        environment = {**os.environ, "NETBOX_TOKEN": token}
        running.append(
            subprocess.Popen(
                [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield begin
    for item in running:
        item.kill()
        item.communicate()


def test_the_double_in_a_process_of_its_own(process):
    double = process("--paced", "request_ms=1", "workers=1", "--choice-objects")
    url = double.stdout.readline().strip()
    answer = httpx.get(f"{url}api/dcim/devices/?id=1", headers={"Authorization": "Token t"}, trust_env=False).json()
    assert answer["results"][0]["custom_fields"]["update_ring"]["value"] == "canary"
    double.send_signal(signal.SIGTERM)
    assert double.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("arguments", "token", "message"),
    [
        ([], "", "NETBOX_TOKEN is not set: give the token that clients are to send"),
        (["--paced", "speed=9"], "t", "--paced takes name=number with one of workers, request_ms, host_ms, query_ms"),
        (["--estate", "/nowhere.json"], "t", "The registry snapshot /nowhere.json cannot be used"),
    ],
)
def test_what_it_cannot_start_with(process, arguments, token, message):
    double = process(*arguments, token=token)
    _out, error = double.communicate(timeout=30)
    assert double.returncode == 1
    assert error.startswith(message)
