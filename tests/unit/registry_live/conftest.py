"""A reader of the NetBox double; a test may edit its store, also while it is being read."""

import pytest
from registry_live import running

from werkplek.lab.estate import generate


@pytest.fixture
def netbox():
    with running(generate(60, 1, version="4.6.8")) as found:
        yield found
