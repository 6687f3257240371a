"""Faults, as a client meets them."""

import json
import ssl

import httpx
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from werkplek.errors import WerkplekError
from werkplek.lab.estate import embedded
from werkplek.lab.faults import (
    CutFault,
    FaultPlan,
    HtmlFault,
    LoginRedirectFault,
    ShortPageFault,
    SlowFault,
    StatusFault,
    WrongCountFault,
    WrongShapeFault,
    read_faults,
)
from werkplek.lab.netbox import make_app
from werkplek.lab.netbox_server import serve_in_thread

DEVICES = "/api/dcim/devices/"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_a_status_for_the_wanted_requests_only(double, status):
    double.plan.replace([StatusFault(path=DEVICES, first=2, times=2, status=status, retry_after=1)])
    assert double.get("/api/status/").status_code == 200
    answers = [double.get(DEVICES, limit=1) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    assert answers[1].headers["Retry-After"] == "1"
    assert "Retry-After" not in answers[0].headers
    if status == 429:
        assert answers[1].json() == {"detail": "Request was throttled."}


def test_a_fault_without_an_end(double):
    double.plan.replace([StatusFault(path="/api/*", times=None, status=502)])
    assert [double.get("/api/status/").status_code for _ in range(3)] == [502] * 3
    double.plan.replace([])
    assert double.get("/api/status/").status_code == 200


def test_a_connection_cut_in_the_middle_of_a_body(double):
    double.plan.replace([CutFault(path=DEVICES)])
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection without sending complete message body"):
        double.get(DEVICES, limit=20)
    assert len(double.get(DEVICES, limit=20).json()["results"]) == 20


def test_a_short_page_and_a_wrong_count(double):
    double.plan.replace([ShortPageFault(rows=3), WrongCountFault(first=2, by=-5)])
    short, wrong, good = (double.get(DEVICES, limit=10).json() for _ in range(3))
    assert (short["count"], len(short["results"])) == (53, 7)
    assert (wrong["count"], len(wrong["results"])) == (48, 10)
    assert (good["count"], len(good["results"])) == (53, 10)
    assert short["results"] == good["results"][:7]


def test_faults_on_pages_leave_other_answers_alone(double):
    double.plan.replace([ShortPageFault(times=None), WrongCountFault(times=None, by=1)])
    assert double.get("/api/status/").json()["netbox-version"] == "4.4.10"


def test_html_another_shape_and_a_login_page(double):
    double.plan.replace([HtmlFault(), WrongShapeFault(first=2), LoginRedirectFault(first=3)])
    html, shape, login = (double.get(DEVICES) for _ in range(3))
    assert (html.status_code, html.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Log In" in html.text
    assert (shape.status_code, shape.json()) == (200, [])
    assert (login.status_code, login.headers["Location"]) == (302, f"/login/?next={DEVICES}")


def test_a_slow_answer_is_still_the_answer(double):
    double.plan.replace([SlowFault(path=DEVICES, seconds=5)])
    with pytest.raises(httpx.ReadTimeout):
        double.http.get(DEVICES, timeout=0.05)
    double.plan.replace([SlowFault(path=DEVICES, seconds=0.01)])
    assert double.get(DEVICES).status_code == 200


def test_faults_are_read_from_json():
    faults = [StatusFault(path="/api/*", status=429, retry_after=2), SlowFault(seconds=1.5, times=None), CutFault()]
    text = json.dumps(
        [
            {"kind": "status", "path": "/api/*", "status": 429, "retry_after": 2},
            {"kind": "slow", "seconds": 1.5, "times": None},
            {"kind": "cut"},
        ]
    )
    assert read_faults(text.encode()) == faults


def test_every_problem_of_wrong_faults_is_told():
    text = b'[{"kind": "status", "status": 200}, {"kind": "cut", "first": 0, "often": 2}, {"kind": "fire"}]'
    with pytest.raises(WerkplekError) as caught:
        read_faults(text)
    assert str(caught.value).splitlines() == [
        "The faults cannot be used:",
        "  faults[0].status.status: found 200; expected Input should be 401, 403, 404, 429, 500, 502 or 503",
        "  faults[1].cut.first: found 0; expected Input should be greater than or equal to 1",
        "  faults[1].cut.often: found 2; expected Unexpected keyword argument",
        "  faults[2]: found {'kind': 'fire'}; expected Input tag 'fire' found using 'kind' does not match any of the "
        "expected tags: 'status', 'slow', 'cut', 'short_page', 'wrong_count', 'html', 'wrong_shape', 'login_redirect'",
    ]


@given(first=st.integers(1, 20), times=st.none() | st.integers(1, 20), requests=st.integers(0, 50))
def test_a_fault_hits_from_its_first_request_as_often_as_it_says(first, times, requests):
    plan = FaultPlan([CutFault(path="/a/*", first=first, times=times)])
    hits = [number for number in range(1, requests + 1) if plan.due("/a/b") and not plan.due("/c")]
    last = requests if times is None else min(requests, first + times - 1)
    assert hits == list(range(first, last + 1))


def test_the_double_over_tls():
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    with serve_in_thread(make_app(embedded(), token="t"), ssl_context=server) as url:
        assert url.startswith("https://127.0.0.1:")
        body = httpx.get(f"{url}api/", headers={"Authorization": "Token t"}, verify=client, trust_env=False).json()
        assert body["dcim"] == f"{url}api/dcim/"


def test_the_port_is_free_again_afterwards():
    with serve_in_thread(make_app(embedded(), token="t")) as url:
        port = httpx.URL(url).port
    with serve_in_thread(make_app(embedded(), token="t"), port=port) as again:
        assert again == url
