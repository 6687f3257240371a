import socket

import pytest
from registry_estate import config as make_config
from registry_server import TOKEN, Server

from werkplek.registry.api_config import ApiConfig


@pytest.fixture
def config(tmp_path):
    return make_config(tmp_path)


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def api(server):
    return ApiConfig(server.url, TOKEN, verify=True, ca_file=None, timeout=5, page_size=1000)


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
