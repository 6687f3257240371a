"""Both inventory plugins through the real ansible-inventory and ansible-playbook, with the checkout's ansible.cfg."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry"))

from registry_estate import OPTIONS, SLUGS, device, document, rows, with_devices
from registry_server import TOKEN, Server

from werkplek.registry.shrink import last_good_path

ROOT = Path(__file__).parents[2]
HOSTS = ["HIA-LT-001", "PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1", "VDI-01"]


@pytest.fixture
def ansible(tmp_path, monkeypatch):
    """Runs an Ansible command and returns the finished process."""
    for name in [name for name in os.environ if name.startswith(("ANSIBLE_", "NETBOX_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    fixed = {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_CALLBACKS_ENABLED": "minimal",
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str(tmp_path / "home"),
    }

    def run(command, *arguments, **environment):
        program = Path(sys.executable).with_name(command)
        return subprocess.run(
            [program, *map(str, arguments)],
            env={**os.environ, **fixed, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def source(folder, plugin, name="registry.yml", **options):
    """A source file with the municipalities' documents beside it."""
    (folder / "municipalities").mkdir(exist_ok=True)
    for slug in SLUGS:
        (folder / "municipalities" / f"{slug}.yml").touch()
    file = folder / name
    file.write_text(yaml.safe_dump({"plugin": plugin, "tenant_group": "drechtsteden"} | options))
    return file


def offline(folder, objects, **options):
    (folder / "estate.json").write_text(json.dumps(document(objects)))
    return source(folder, "registry_snapshot", snapshot="estate.json", **options)


@pytest.fixture
def netbox():
    with Server(rows()) as running:
        yield running


def listed(result):
    """The inventory; ansible-inventory wraps text that must not be templated as `__ansible_unsafe`."""
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout, object_hook=lambda item: item.get("__ansible_unsafe", item))


def assert_refused(result, *texts):
    """One clear error: exit code not 0, no inventory, no traceback, no token."""
    assert result.returncode != 0
    assert "hostvars" not in result.stdout
    assert result.stderr.count("[WARNING]") == 1, result.stderr
    assert result.stderr.count("[ERROR]: Completely failed to parse inventory source") == 1
    for text in texts:
        assert result.stderr.count(text) == 1, result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert TOKEN not in result.stdout + result.stderr


def test_a_snapshot_gives_hosts_groups_and_variables(ansible, tmp_path):
    inventory = listed(ansible("ansible-inventory", "-i", offline(tmp_path, rows()), "--list"))
    assert sorted(inventory["_meta"]["hostvars"]) == HOSTS
    assert inventory["municipality_papendrecht"]["hosts"] == ["PAP-BALIE-001", "PAP-LT-001", "PAP-SW-1"]
    assert inventory["windows"]["children"] == ["platform_windows"]
    laptop = inventory["_meta"]["hostvars"]["PAP-LT-001"]
    assert laptop["ansible_host"] == "10.0.0.2"
    assert laptop["registry"]["asset_tag"] == "A1"
    assert laptop["platform_lineage"] == ["windows-11", "windows"]


def test_a_live_netbox_gives_what_its_snapshot_gives(ansible, tmp_path, netbox):
    live = source(tmp_path, "netbox_registry", api_url=netbox.url)
    result = ansible("ansible-inventory", "-i", live, "--list", "-vvv", NETBOX_TOKEN=TOKEN)
    assert result.returncode == 0, result.stderr
    assert TOKEN not in result.stdout + result.stderr
    assert "5 hosts; 2 objects of roles without a class" in result.stdout + result.stderr
    assert listed(ansible("ansible-inventory", "-i", live, "--list", NETBOX_TOKEN=TOKEN)).keys() == (
        listed(ansible("ansible-inventory", "-i", offline(tmp_path, rows()), "--list")).keys()
    )
    kept = last_good_path(netbox.url)
    assert TOKEN not in kept.read_text()
    again = source(tmp_path, "registry_snapshot", name="again.registry.yml", snapshot=str(kept))
    assert sorted(listed(ansible("ansible-inventory", "-i", again, "--list"))["_meta"]["hostvars"]) == HOSTS


def test_the_checkouts_own_source_with_its_municipalities(ansible, netbox):
    arguments = ("ansible-inventory", "-i", ROOT / "registry.yml", "--graph", "network")
    result = ansible(*arguments, NETBOX_API=netbox.url, NETBOX_TOKEN=TOKEN)
    assert (result.returncode, result.stdout) == (0, "@network:\n  |--PAP-SW-1\n"), result.stderr


def test_patterns_work_as_users_write_them(ansible, tmp_path):
    pattern = "municipality_papendrecht:&workstation:!linux"
    result = ansible("ansible", "-i", offline(tmp_path, rows()), pattern, "--list-hosts")
    assert result.stdout == "  hosts (1):\n    PAP-LT-001\n", result.stderr


def test_registry_text_is_never_a_template(ansible, tmp_path):
    evil = "{{ lookup('pipe','touch " + str(tmp_path / "marker") + "') }}"
    fields = {"update_ring": "broad", "comment": evil}
    objects = with_devices(
        device(1, "PAP-LT-001", serial=evil, asset_tag=evil, custom_fields=fields),
        device(2, evil, serial=evil),
        device(3, "PAP-LT-003", custom_fields=fields | {"update_ring": evil}),
    )
    objects["dcim.site"][0]["name"] = evil
    file = offline(tmp_path, objects)
    result = ansible("ansible-inventory", "-i", file, "--list")
    hostvars = listed(result)["_meta"]["hostvars"]
    marked = json.loads(result.stdout)["_meta"]["hostvars"]["PAP-LT-001"]
    assert marked["registry"]["serial"] == {"__ansible_unsafe": evil}
    assert sorted(hostvars) == ["PAP-LT-001", "PAP-LT-003", "unnamed-device-2"]
    assert hostvars["PAP-LT-001"]["registry"]["serial"] == evil
    assert hostvars["unnamed-device-2"]["registry"]["name"] == evil

    # What AWX does: it keeps the list, and serves it again as a script.
    script = tmp_path / "served"
    script.write_text(f"#!/bin/sh\ncat {tmp_path / 'list.json'}\n")
    script.chmod(0o755)
    (tmp_path / "list.json").write_text(result.stdout)
    tasks = [
        {"debug": {"msg": "serial={{ registry.serial }} all={{ registry }}"}},
        {"debug": {"var": "registry"}},
        {"debug": {"msg": "{{ quarantine_reasons | default([]) }}"}},
        {"debug": {"msg": "address={{ ansible_host | default('none') }}"}},
    ]
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    for inventory, plugins in ((file, "registry_snapshot"), (script, "script")):
        ran = ansible("ansible-playbook", "-i", inventory, tmp_path / "play.yml", ANSIBLE_INVENTORY_ENABLED=plugins)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert f"serial={evil}" in ran.stdout
        assert "address=10.0.0.2" in ran.stdout
        assert not (tmp_path / "marker").exists()


def test_an_unreachable_netbox_runs_no_task(ansible, tmp_path):
    file = source(tmp_path, "netbox_registry", api_url="https://127.0.0.1:9/")
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [{"debug": {"msg": "it ran"}}]}]
    (tmp_path / "play.yml").write_text(yaml.safe_dump(play))
    result = ansible("ansible-playbook", "-i", file, tmp_path / "play.yml", NETBOX_TOKEN=TOKEN)
    assert_refused(result, "https://127.0.0.1:9/api/status/: found no connection (")
    assert "it ran" not in result.stdout


def test_no_address_and_no_token(ansible, tmp_path):
    file = source(tmp_path, "netbox_registry")
    assert_refused(
        ansible("ansible-inventory", "-i", file, "--list"),
        f"{file}: api_url: found nothing; expected NetBox's address, such as https://netbox.example/. "
        "Set `api_url`, or NETBOX_API in the environment.",
        f"{file}: token: found no token; expected NetBox's API token. Set NETBOX_TOKEN in the environment, or",
    )


def test_a_refused_token(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url, token_file="token")
    (tmp_path / "token").write_text("wrong")
    result = ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN)
    assert_refused(result, f"{netbox.url}api/status/: found HTTP 403 (Invalid token); expected HTTP 200.")


def test_a_failure_after_most_of_the_registry_was_read(ansible, tmp_path, netbox):
    def fail(handler, path, _query):
        return path == "/api/virtualization/virtual-machines/" and (handler.answer({}, status=500) or True)

    netbox.fault = fail
    file = source(tmp_path, "netbox_registry", api_url=netbox.url)
    assert_refused(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN), ": found HTTP 500; expected")
    assert not last_good_path(netbox.url).exists()


def test_a_shrinking_registry(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url)
    listed(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN))
    netbox.objects["dcim.device"] = [row for row in netbox.objects["dcim.device"] if row["tenant"] != 2]
    result = ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN)
    assert_refused(result, "municipality hendrik-ido-ambacht: found 0 hosts, after 1 in ")
    meant = {"NETBOX_TOKEN": TOKEN, "WERKPLEK_ALLOW_SHRINK": "hendrik-ido-ambacht"}
    assert "HIA-LT-001" not in listed(ansible("ansible-inventory", "-i", file, "--list", **meant))["_meta"]["hostvars"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("{", "estate.json:1:2: found text that is not JSON ("),
        ('{"schema": 7}', "estate.json: found schema 7; expected a registry snapshot of schema 1"),
        (json.dumps(document(rows(), sha256="0")), "; expected sha256 0. The file was changed after it was written"),
    ],
)
def test_a_malformed_snapshot(ansible, tmp_path, content, text):
    file = offline(tmp_path, rows())
    (tmp_path / "estate.json").write_text(content)
    assert_refused(ansible("ansible-inventory", "-i", file, "--list"), text)


def test_two_hosts_of_one_name(ansible, tmp_path):
    file = offline(tmp_path, with_devices(device(1, "LT-1"), device(2, "LT-1", tenant=2)))
    assert_refused(
        ansible("ansible-inventory", "-i", file, "--list"),
        "https://netbox.example/dcim/devices/2/: found host in two municipalities: 'LT-1' is also "
        "https://netbox.example/dcim/devices/1/ (papendrecht and hendrik-ido-ambacht)",
    )


def test_an_unknown_option(ansible, tmp_path):
    file = offline(tmp_path, rows(), tokn="x")
    assert_refused(
        ansible("ansible-inventory", "-i", file, "--list"),
        f"{file}: found unknown option 'tokn'; expected one of classes, families, lifecycle, municipalities_dir, "
        "plugin, ring_field, snapshot, tenant_group",
    )


def test_a_traceback_shows_no_token(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url, token=TOKEN)
    netbox.fault = lambda handler, _path, _query: handler.answer({"detail": f"no {TOKEN}"}, status=403) or True
    result = ansible("ansible-inventory", "-i", file, "--list", "-vvvv", ANSIBLE_DISPLAY_TRACEBACK="always")
    assert result.returncode != 0
    assert "Traceback" in result.stdout + result.stderr
    assert TOKEN not in result.stdout + result.stderr


def test_files_of_other_names_are_not_ours(ansible, tmp_path):
    file = offline(tmp_path, rows()).rename(tmp_path / "hosts.yml")
    result = ansible("ansible-inventory", "-i", file, "--list")
    assert result.returncode != 0
    assert "registry_snapshot" not in result.stderr


@pytest.mark.parametrize("plugin", ["netbox_registry", "registry_snapshot"])
def test_without_the_package_a_plugin_says_so(tmp_path, ansible, plugin):
    file = source(tmp_path, plugin)
    code = (
        "import sys; sys.modules['werkplek'] = None; from ansible.cli.inventory import main; "
        f"main(['ansible-inventory', '-i', {str(file)!r}, '--list'])"
    )
    result = ansible("python", "-c", code)
    assert result.returncode != 0
    assert (
        f"Failed to parse inventory with '{plugin}' plugin: Werkplek's package is not importable: run ./werkplek once "
        "and activate .venv, or set PYTHONPATH to the repository's src folder." in result.stderr
    )


def documented(ansible, plugin):
    result = ansible("ansible-doc", "-t", "inventory", "--json", plugin)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)[plugin]["doc"]["options"]


def test_shared_options_are_documented_alike(ansible):
    live, offline_ = documented(ansible, "netbox_registry"), documented(ansible, "registry_snapshot")
    assert {name: live[name] for name in OPTIONS} == {name: offline_[name] for name in OPTIONS}
    assert sorted(offline_) == sorted([*OPTIONS, "plugin", "snapshot"])
    connection = ["api_url", "token", "token_file", "validate_certs", "ca_file", "timeout", "page_size", "shrink_limit"]
    assert sorted(live) == sorted([*OPTIONS, "plugin", *connection])
    for name in set(OPTIONS) - {"tenant_group"}:
        assert live[name]["default"] == OPTIONS[name]
