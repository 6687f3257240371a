"""The reader against the lab's NetBox double, which is held to recordings of a real NetBox."""

import pytest
from registry_estate import config, device, machine, rows, snapshot

from werkplek.lab.netbox import make_app
from werkplek.lab.netbox_server import serve_in_thread
from werkplek.registry.config import ApiConfig
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.netbox import snapshot_from_api
from werkplek.registry.snapshot import digest

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("page_size", [7, 1000])
@pytest.mark.parametrize("token", [TOKEN, "nbt_0123456789ab.0123456789abcdef0123456789abcdef01234567"])
def test_reading_the_double_gives_back_its_snapshot(tmp_path, page_size, token):
    objects = rows()
    objects["dcim.device"] += [device(number, f"PAP-{number}", tags=[]) for number in range(100, 130)]
    objects["virtualization.virtualmachine"] += [machine(2, None), machine(3, "PAP-VD-003", tenant=None)]
    served = snapshot(objects)
    with serve_in_thread(make_app(served, token=token)) as url:
        api = ApiConfig(url, token, verify=True, ca_file=None, timeout=10, page_size=page_size, shrink_limit=20)
        read = snapshot_from_api(api)
    assert digest(read.objects) == digest(served.objects)
    assert read.netbox_version == served.netbox_version
    known = [host.name for host in compile_inventory(served, config(tmp_path)).hosts]
    assert [host.name for host in compile_inventory(read, config(tmp_path)).hosts] == known
