"""The NetBox double over HTTP, serving the embedded estate or the rows of the recordings."""

from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from netbox_recordings import harvested

from werkplek.lab.estate import embedded
from werkplek.lab.netbox import PLAN, STORE, make_app
from werkplek.lab.netbox_server import serve_in_thread

TOKEN = "0123456789abcdef"


class Double:
    """The running double: `store` and `plan` are its insides, `http` talks to it."""

    def __init__(self, app, url):
        self.store, self.plan, self.url = app[STORE], app[PLAN], url
        self.http = httpx.Client(base_url=url, headers={"Authorization": f"Token {TOKEN}"}, trust_env=False)

    def get(self, path, **parameters):
        return self.http.get(path, params=parameters or None)


@contextmanager
def running(snapshot, token=TOKEN, **options):
    app = make_app(snapshot, token=token, **options)
    with serve_in_thread(app) as url:
        double = Double(app, url)
        with double.http:
            yield double


@pytest.fixture
def double():
    with running(embedded()) as found:
        yield found


@pytest.fixture(scope="module")
def recorded():
    snapshot, extras = harvested()
    with running(snapshot) as found:
        for name, rows in extras.items():
            for number, values in rows.items():
                found.store.tables[name][number] |= values
        yield found


@pytest.fixture
def start():
    return running


@pytest.fixture
def root():
    return Path(__file__).resolve().parents[3]
