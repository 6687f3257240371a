"""Every fault at every request of a reading: one error that names URL, what was found and a remedy, and no rows."""

from dataclasses import replace

import pytest
from registry_live import TOKEN, live, running

from werkplek.errors import WerkplekError
from werkplek.lab.estate import generate
from werkplek.lab.faults import (
    CutFault,
    HtmlFault,
    LoginRedirectFault,
    ShortPageFault,
    SlowFault,
    StatusFault,
    WrongCountFault,
    WrongShapeFault,
)
from werkplek.registry.live import read_inventory

SUMMARY = "The registry could not be read; no host was taken from it"
TOKEN_REMEDY = "Check the token (NETBOX_TOKEN or `token_file`)"
NETBOX_LOG = "Run again; if it stays, look at NetBox's own log."
# Name -> (fault, what is found, remedy). A fault lasts, so that asking again does not help.
FAULTS = {
    "401": (StatusFault(status=401, times=None), "HTTP 401 (Authentication credentials were", f"{TOKEN_REMEDY}."),
    "403": (
        StatusFault(status=403, times=None),
        "HTTP 403 (You do not have permission to perform this action.)",
        f"{TOKEN_REMEDY} and its view permissions.",
    ),
    "404": (StatusFault(status=404, times=None), "HTTP 404 (Not found.)", "Check `api_url`."),
    "429": (
        StatusFault(status=429, times=None, retry_after=3600),
        "HTTP 429 (Request was throttled.)",
        "NetBox is limiting its callers: try again later.",
    ),
    "500": (StatusFault(status=500, times=None), "HTTP 500", NETBOX_LOG),
    "502": (StatusFault(status=502, times=None), "HTTP 502", NETBOX_LOG),
    "503": (StatusFault(status=503, times=None), "HTTP 503", NETBOX_LOG),
    "slow": (SlowFault(seconds=30, times=None), "no answer within 0.1 s", "Raise `timeout`, or try later."),
    "cut": (CutFault(times=None), "a connection that broke (", NETBOX_LOG),
    "html": (HtmlFault(times=None), "HTTP 200 with text/html", "Check `api_url`: a login page or a proxy answered."),
    "shape": (WrongShapeFault(times=None), "HTTP 200 with", ""),
    "login": (
        LoginRedirectFault(times=None),
        "HTTP 302, a redirect to /login/",
        "Set `api_url` to the address that answers by itself.",
    ),
}


@pytest.fixture(scope="module")
def estate():
    with running(generate(30, 2)) as found:
        yield found


@pytest.fixture
def source(estate, tmp_path, monkeypatch):
    """The double as a source that reads in small pages; healthy again afterwards."""
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path))
    yield live(estate, page_size=15, timeout=5)
    estate.plan.replace([])


def requests_of(estate, source):
    """How many requests one reading takes, as a fault counts them: on arrival, not when a slow answer is given."""
    estate.plan.replace([StatusFault(status=500, first=1_000_000)])
    read_inventory(source)
    return estate.plan.seen[0]


def kept(source):
    return sorted(path.name for path in source.cache_path().parent.iterdir())


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_any_request_of_a_full_reading(estate, source, name):
    fault, found, remedy = FAULTS[name]
    total = requests_of(estate, source)
    assert total > 40
    for file in source.cache_path().parent.iterdir():
        file.unlink()
    hurried = replace(source, api=replace(source.api, timeout=0.1 if name == "slow" else 5))
    for at in range(1, total + 1):
        estate.plan.replace([replace(fault, first=at)])
        with pytest.raises(WerkplekError) as caught:
            read_inventory(hurried)
        assert caught.value.summary == SUMMARY
        (problem,) = caught.value.problems
        assert problem.where.startswith(f"{estate.url}api/")
        assert found in problem.found
        assert problem.remedy == remedy or not remedy
        assert TOKEN not in str(caught.value)
        assert kept(source) == [], "nothing of a broken reading is kept"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_any_request_of_a_changes_reading(estate, source, name):
    """The cache stays as it was, and serves the next run."""
    fault, found, _remedy = FAULTS[name]
    later = replace(source, whole=True)
    read_inventory(source)
    total = requests_of(estate, later)
    before = source.cache_path().read_bytes()
    hurried = replace(later, api=replace(source.api, timeout=0.1 if name == "slow" else 5))
    for at in range(1, total + 1):
        estate.plan.replace([replace(fault, first=at)])
        with pytest.raises(WerkplekError) as caught:
            read_inventory(hurried)
        assert found in caught.value.problems[0].found
        assert source.cache_path().read_bytes() == before
    estate.plan.replace([])
    assert read_inventory(source).remarks == ("unchanged",)


def test_a_short_page_at_any_request_is_an_error_or_is_asked_again(estate, source):
    """NetBox counts and reads in two steps: one short page may be an edit in between, two are not."""
    total = requests_of(estate, source)
    truth = read_inventory(replace(source, fresh=True)).inventory.hosts
    refused = 0
    for at in range(1, total + 1):
        estate.plan.replace([ShortPageFault(first=at, times=1)])
        once = read_inventory(replace(source, fresh=True)).inventory.hosts
        assert once == truth
        estate.plan.replace([ShortPageFault(first=at, times=None)])
        try:
            found = read_inventory(replace(source, fresh=True)).inventory.hosts
        except WerkplekError as error:
            refused += 1
            assert ": found HTTP 200 with " in str(error)
            assert " rows (count " in str(error)
        else:
            assert found == truth, "only empty pages came after the fault"
    assert refused > total * 0.8


@pytest.mark.parametrize("by", [-1, 1, 1000])
def test_a_count_that_is_not_so_is_an_error(estate, source, by):
    total = requests_of(estate, source)
    for at in range(2, total + 1, 3):  # the first asks for NetBox's version
        estate.plan.replace([WrongCountFault(by=by, first=at, times=None)])
        with pytest.raises(WerkplekError):
            read_inventory(replace(source, fresh=True))
