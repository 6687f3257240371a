"""Both inventory plugins through the real ansible-inventory and ansible-playbook, with the checkout's ansible.cfg."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "registry_live"))

from registry_estate import OPTIONS, SLUGS, device, document, rows, snapshot, with_devices
from registry_live import TOKEN, running

from werkplek.lab.faults import StatusFault

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
    with running(snapshot(rows())) as found:
        yield found


@pytest.fixture
def kept(tmp_path):
    """The files that are kept of what was read, by their ending."""
    return lambda: {path.suffix: path for path in (tmp_path / "state" / "registry").glob("*")}


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
    assert inventory["workstation"]["children"] == ["role_workplace"]
    assert inventory["role_workplace"]["children"] == ["role_counter_pc", "role_laptop"]
    assert inventory["region_zuid_holland"]["children"] == ["region_eiland"]
    laptop = inventory["_meta"]["hostvars"]["PAP-LT-001"]
    assert laptop["ansible_host"] == "10.0.0.2"
    assert laptop["registry"]["asset_tag"] == "A1"
    assert laptop["platform_lineage"] == ["windows-11", "windows"]


def test_a_live_netbox_gives_what_its_snapshot_gives(ansible, tmp_path, netbox, kept):
    live = source(tmp_path, "netbox_registry", api_url=netbox.url)
    result = ansible("ansible-inventory", "-i", live, "--list", "-vvv", NETBOX_TOKEN=TOKEN)
    assert result.returncode == 0, result.stderr
    assert TOKEN not in result.stdout + result.stderr
    assert "5 hosts; 2 objects of roles without a class" in result.stdout + result.stderr
    first = listed(ansible("ansible-inventory", "-i", live, "--list", NETBOX_TOKEN=TOKEN))
    other = listed(ansible("ansible-inventory", "-i", offline(tmp_path, rows()), "--list"))
    for variables in (*first["_meta"]["hostvars"].values(), *other["_meta"]["hostvars"].values()):
        del variables["registry"]["fetched_at"], variables["registry"]["url"]
    assert first == other
    assert all(TOKEN.encode() not in file.read_bytes() for file in kept().values())
    assert {oct(file.stat().st_mode & 0o777) for file in kept().values()} == {"0o600"}


def test_the_second_reading_asks_only_for_what_changed(ansible, tmp_path, netbox):
    live = source(tmp_path, "netbox_registry", api_url=netbox.url, shrink_limit=50)
    ansible("ansible-inventory", "-i", live, "--list", NETBOX_TOKEN=TOKEN)
    everything = len(netbox.requests)
    netbox.requests.clear()
    again = ansible("ansible-inventory", "-i", live, "--list", "-v", NETBOX_TOKEN=TOKEN)
    assert f"{live}: unchanged" in again.stdout
    assert len(netbox.requests) == 3 < everything
    netbox.store.update("dcim.device", 1, {"tenant": 2})
    netbox.store.update("dcim.site", 1, {"slug": "pap-raadhuis"})
    moved = listed(ansible("ansible-inventory", "-i", live, "--list", NETBOX_TOKEN=TOKEN))
    assert moved["municipality_hendrik_ido_ambacht"]["hosts"] == ["HIA-LT-001", "PAP-LT-001"]
    assert moved["_meta"]["hostvars"]["PAP-BALIE-001"]["registry"]["site"] == "pap-raadhuis"
    netbox.requests.clear()
    flushed = ansible("ansible-inventory", "-i", live, "--list", "--flush-cache", NETBOX_TOKEN=TOKEN)
    assert listed(flushed).keys() == moved.keys()
    assert len(netbox.requests) == everything


def test_graph_host_and_export(ansible, tmp_path, netbox):
    live = source(tmp_path, "netbox_registry", api_url=netbox.url)
    graph = ansible("ansible-inventory", "-i", live, "--graph", "tenant_group_drechtsteden", NETBOX_TOKEN=TOKEN)
    assert graph.stdout == (
        "@tenant_group_drechtsteden:\n"
        "  |--@municipality_drechtsteden:\n"
        "  |  |--VDI-01\n"
        "  |--@municipality_hendrik_ido_ambacht:\n"
        "  |  |--HIA-LT-001\n"
        "  |--@municipality_papendrecht:\n"
        "  |  |--PAP-BALIE-001\n"
        "  |  |--PAP-LT-001\n"
        "  |  |--PAP-SW-1\n"
    )
    host = json.loads(ansible("ansible-inventory", "-i", live, "--host", "PAP-SW-1", NETBOX_TOKEN=TOKEN).stdout)
    assert host["ansible_host"] == "2001:db8::5"
    assert host["registry"]["primary_ip6"] == "2001:db8::5"
    exported = listed(ansible("ansible-inventory", "-i", live, "--list", "--export", NETBOX_TOKEN=TOKEN))
    assert sorted(exported["_meta"]["hostvars"]) == HOSTS
    assert exported["_meta"]["hostvars"]["PAP-LT-001"]["municipality"] == "papendrecht"


def test_as_awx_updates_an_inventory(ansible, tmp_path, netbox):
    """AWX runs ansible-inventory in a checkout's root, with these settings, and reads standard output as JSON."""
    awx = {
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
        "ANSIBLE_INVENTORY_EXPORT": "True",
        "ANSIBLE_VERBOSE_TO_STDERR": "True",
        "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS": "never",
        "PYTHONPATH": str(ROOT / "src"),
        "NETBOX_API": netbox.url,
        "NETBOX_TOKEN": TOKEN,
    }
    command = ("ansible-inventory", "-i", ROOT / "registry.yml", "--playbook-dir", ROOT, "--list", "--export", "-vvv")
    result = ansible(*command, **awx)
    assert sorted(listed(result)["_meta"]["hostvars"]) == HOSTS
    assert "5 hosts; 2 objects" in result.stderr
    assert TOKEN not in result.stdout + result.stderr
    netbox.plan.replace([StatusFault(status=502, times=None)])
    broken = ansible(*command, **awx)
    assert broken.returncode != 0
    assert broken.stdout in ("", "{}\n")
    assert f"{netbox.url}api/dcim/devices/" in broken.stderr


def test_the_checkouts_own_source_with_its_municipalities(ansible, netbox):
    arguments = ("ansible-inventory", "-i", ROOT / "registry.yml", "--graph", "network")
    result = ansible(*arguments, NETBOX_API=netbox.url, NETBOX_TOKEN=TOKEN)
    assert result.stdout == "@network:\n  |--@role_access_switch:\n  |  |--PAP-SW-1\n", result.stderr


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
    assert marked["registry"]["status"] == "active", "a plain word needs no wrapper"
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


def test_a_failure_after_most_of_the_registry_was_read(ansible, tmp_path, netbox, kept):
    netbox.plan.replace([StatusFault(status=500, path="/api/virtualization/virtual-machines/", times=None)])
    file = source(tmp_path, "netbox_registry", api_url=netbox.url)
    assert_refused(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN), ": found HTTP 500; expected")
    assert kept() == {}


def test_a_shrinking_registry(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url)
    listed(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN))
    netbox.store.update("dcim.device", 3, {"platform": None})
    for _again in range(2):
        result = ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN)
        assert_refused(result, "municipality hendrik-ido-ambacht: found 0 hosts, after 1 in ")
    meant = {"NETBOX_TOKEN": TOKEN, "WERKPLEK_ALLOW_SHRINK": "hendrik-ido-ambacht"}
    shrunk = listed(ansible("ansible-inventory", "-i", file, "--list", **meant))
    assert shrunk["quarantine"]["hosts"] == ["HIA-LT-001"]


def test_the_last_good_reading_serves_on_request_and_says_its_age(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url)
    first = listed(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN))
    netbox.plan.replace([StatusFault(status=502, times=None)])
    assert ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN).returncode != 0
    wish = {"NETBOX_TOKEN": TOKEN, "WERKPLEK_USE_LAST_GOOD": "true"}
    served = ansible("ansible-inventory", "-i", file, "--list", **wish)
    assert listed(served)["_meta"]["hostvars"].keys() == first["_meta"]["hostvars"].keys()
    warning = " ".join(served.stderr.split())
    assert f"The registry {netbox.url} could not be read (" in warning
    assert "found HTTP 502; expected HTTP 200." in warning
    assert "the inventory is 0.0 hours old" in warning
    other = ansible("ansible-inventory", "-i", file, "--list", **wish | {"NETBOX_TOKEN": "another"})
    assert other.returncode != 0, "another token's reading is not ours"


def test_own_variables_and_groups(ansible, tmp_path, netbox):
    file = source(
        tmp_path,
        "netbox_registry",
        api_url=netbox.url,
        compose={"ansible_user": "'admin-' ~ municipality", "building": "registry.site"},
        groups={"counters": "registry.role == 'counter-pc'"},
        keyed_groups=[{"key": "registry.tags", "prefix": "tag"}],
    )
    inventory = listed(ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN))
    counter = inventory["_meta"]["hostvars"]["PAP-BALIE-001"]
    assert (counter["ansible_user"], counter["building"]) == ("admin-papendrecht", "pap-stadhuis")
    assert inventory["counters"]["hosts"] == ["PAP-BALIE-001"]
    assert inventory["tag_balie"]["hosts"] == HOSTS
    undefined = source(tmp_path, "netbox_registry", api_url=netbox.url, compose={"x": "nothing ~ 1"}, strict=True)
    result = ansible("ansible-inventory", "-i", undefined, "--list", NETBOX_TOKEN=TOKEN)
    assert result.returncode != 0
    found = f"{undefined}: compose.x: found 'nothing ~ 1' without 'nothing' is undefined for host PAP-LT-001"
    assert found in result.stderr


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("{", "estate.json:1:2: found text that is not JSON ("),
        ('{"schema": 7}', "estate.json: found schema 7; expected a registry snapshot of schema 3"),
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
        f"{file}: found unknown option 'tokn'; expected one of classes, compose, connect_by, families, groups, "
        "keyed_groups, lifecycle, municipalities_dir, plugin, ring_field, snapshot, strict, tenant_group",
    )


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_misspelt_boolean_turns_no_check_off(ansible, tmp_path, where):
    """Ansible takes any word that it does not know for no."""
    given = {"validate_certs": "ture"} if where == "file" else {}
    file = source(tmp_path, "netbox_registry", api_url="https://127.0.0.1:9/", **given)
    told = {} if where == "file" else {"NETBOX_VALIDATE_CERTS": "ture"}
    result = ansible("ansible-inventory", "-i", file, "--list", NETBOX_TOKEN=TOKEN, **told)
    name = f"{file}: validate_certs" if where == "file" else "environment: NETBOX_VALIDATE_CERTS"
    assert_refused(result, f"{name}: found 'ture'; expected true or false. A misspelt word must not turn a check off.")


def test_a_traceback_shows_no_token(ansible, tmp_path, netbox):
    file = source(tmp_path, "netbox_registry", api_url=netbox.url, token=TOKEN)
    netbox.plan.replace([StatusFault(status=403, times=None)])
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
        f"Failed to parse inventory with '{plugin}' plugin: Werkplek's package is not importable (No module named "
        "'werkplek.registry'; 'werkplek' is not a package): run ./werkplek once and activate .venv, or set PYTHONPATH "
        "to the repository's src folder." in result.stderr
    )


def documented(ansible, plugin):
    result = ansible("ansible-doc", "-t", "inventory", "--json", plugin)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)[plugin]["doc"]["options"]


def test_shared_options_are_documented_alike(ansible):
    live, offline_ = documented(ansible, "netbox_registry"), documented(ansible, "registry_snapshot")
    assert {name: live[name] for name in OPTIONS} == {name: offline_[name] for name in OPTIONS}
    assert sorted(offline_) == sorted([*OPTIONS, "plugin", "snapshot"])
    connection = ["api_url", "token", "token_file", "validate_certs", "ca_file", "timeout", "page_size"]
    reading = ["include", "filters", "reconcile", "shrink_limit", "use_last_good"]
    assert sorted(live) == sorted([*OPTIONS, "plugin", *connection, *reading])
    for name in set(OPTIONS) - {"tenant_group"}:
        assert live[name]["default"] == OPTIONS[name]
