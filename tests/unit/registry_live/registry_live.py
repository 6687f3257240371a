"""The NetBox double and a reader of it, for tests of reading."""

from contextlib import contextmanager
from dataclasses import replace

from werkplek.files import ROOT
from werkplek.lab.netbox import PLAN, STORE, make_app
from werkplek.lab.netbox_server import serve_in_thread
from werkplek.registry.api_config import ApiConfig
from werkplek.registry.assemble import assemble
from werkplek.registry.client import NetBoxClient
from werkplek.registry.live import live_source
from werkplek.registry.query import Query
from werkplek.registry.reading import Reader
from werkplek.registry.snapshot import to_bytes
from werkplek.registry.sources import definitions
from werkplek.registry.sync import full, look, settle, unchanged
from werkplek.registry.tables import EXTRAS

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ALL = frozenset(EXTRAS)


def switch_roles(rows):
    return tuple(sorted(row["id"] for row in rows if row["slug"] in ("access-switch", "distribution-switch")))


class Double:
    """The running double: `store` and `plan` are its insides, `hook` is called before each answer."""

    def __init__(self, app, url):
        self.store, self.plan, self.url = app[STORE], app[PLAN], url
        self.requests = []
        self.hook = None

    def seen(self, path, store):
        self.requests.append(path)
        if self.hook:
            self.hook(path, store)

    def api(self, **more):
        options = {"timeout": 60, "page_size": 1000} | more
        return ApiConfig(url=self.url, token=TOKEN, verify=True, ca_file=None, **options)

    @contextmanager
    def reader(self, page_size=1000, sleep=None):
        extra = {"sleep": sleep} if sleep else {}
        with NetBoxClient(self.api(page_size=page_size), **extra) as client, Reader(client, page_size) as reader:
            yield reader

    def full(self, include=ALL, page_size=1000, filters=None):
        with self.reader(page_size) as reader:
            return full(reader, Query(frozenset(include), filters or {}), switch_roles)

    def update(self, state, whole=True):
        """The state brought up to date, as a run does it; None where a run would read everything."""
        with self.reader() as reader:
            glance = look(reader, state.query, state.log, whole=whole)
            if glance.unseen is None:
                return None
            if unchanged(state.marks, state.query, glance):
                return state
            return settle(reader, state, glance, switch_roles)

    def bytes(self, state):
        return to_bytes(assemble(state, self.url, self.store.version))


@contextmanager
def running(snapshot, **options):
    known = []
    app = make_app(
        snapshot, token=TOKEN, on_request=lambda path, store: known and known[0].seen(path, store), **options
    )
    with serve_in_thread(app) as url:
        known.append(Double(app, url))
        yield known[0]


# What the plugin documents, as a source that gives the least would have it.
OPTIONS = {name: option.default for name, option in definitions("netbox_registry").items()} | {
    "token": TOKEN,
    "include": ["ports"],
    "tenant_group": "drechtsteden",
    "municipalities_dir": str(ROOT / "municipalities"),
}


def live(double, *, now=None, environment=None, fresh=False, **options):
    """The double as a source, at a moment of its own."""
    found = live_source(OPTIONS | {"api_url": double.url} | options, ROOT / "registry.yml", fresh=fresh)
    clock = (lambda: now) if now else found.clock
    return replace(found, clock=clock, environment=environment or {})
