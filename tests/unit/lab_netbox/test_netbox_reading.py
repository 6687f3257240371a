"""What the registry's reader reads from the double is the snapshot that the double serves."""

import pytest

from werkplek.lab.estate import embedded, generate
from werkplek.registry.api_config import ApiConfig
from werkplek.registry.assemble import assemble
from werkplek.registry.client import NetBoxClient
from werkplek.registry.query import Query
from werkplek.registry.reading import Reader
from werkplek.registry.sync import full

TOKEN = "0123456789abcdef"


def switches(roles):
    return tuple(sorted(role["id"] for role in roles if "switch" in role["slug"]))


@pytest.mark.parametrize(
    "snapshot",
    [embedded(), generate(1234, 5), generate(300, 5, version="4.2.9"), generate(300, 5, version="4.6.8")],
    ids=["embedded", "generated", "4.2", "4.6"],
)
def test_the_registry_reads_back_what_is_served(start, snapshot):
    with start(snapshot) as double:
        config = ApiConfig(double.url, TOKEN, True, None, timeout=30, page_size=100)
        with NetBoxClient(config) as client, Reader(client, config.page_size) as reader:
            state = full(reader, Query(frozenset(snapshot.include)), switches)
            found = assemble(state, snapshot.source, reader.version())
    assert found == snapshot
