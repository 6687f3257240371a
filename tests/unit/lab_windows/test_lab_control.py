from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml
from lab_wire import POWERSHELL, connect, stdin
from winrm.exceptions import WinRMOperationTimeoutError

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.mono import repository_csharp
from werkplek.lab.status import MARK, LabFiles, LabStatus
from werkplek.lab.windows_faults import Fault
from werkplek.registry import snapshot

HOSTS = {"PAP-WS-001": "127.0.91.1", "PAP-WS-002": "127.0.91.2", "DOR-WS-001": "127.0.91.3"}
SERVICE = {"kind": "service", "name": "Spooler", "start": "disabled", "status": "stopped"}


def answers(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def assert_gone(lab: LabStatus) -> None:
    assert processes.marked(MARK, str(lab.state)) == []
    assert processes.start_time(lab.pid) is None
    assert not any(answers(address, lab.winrm_port) for address in lab.hosts.values())
    for url in (lab.netbox_url, lab.control_url):
        assert not answers("127.0.0.1", httpx.URL(url).port or 0)


def test_a_lab_from_up_to_down(tmp_path: Path, estate: Path) -> None:
    state = tmp_path / "lab"
    lab = control.up(state, estate=estate)
    assert dict(lab.hosts) == HOSTS
    assert control.get(state) == lab
    assert control.up(state, estate=estate) == lab
    assert all(answers(address, lab.winrm_port) for address in HOSTS.values())
    assert control.down(state) is True
    assert_gone(lab)
    assert control.get(state) is None
    assert control.down(state) is False
    assert sorted(path.name for path in state.iterdir()) == ["lab.lock", "lab.log"]


def test_the_registry_answers_with_the_labs_token_only(lab: LabStatus) -> None:
    url, token = f"{lab.netbox_url}api/dcim/devices/", lab.token_file.read_text().strip()
    with httpx.Client(trust_env=False) as http:
        assert http.get(url, headers={"Authorization": "Token wrong"}).status_code == 403
        assert http.get(url, headers={"Authorization": f"Token {token}"}).json()["count"] == 5


def test_the_inventory_is_the_repositorys_with_the_labs_connection(lab: LabStatus) -> None:
    options = yaml.safe_load(lab.registry.read_text())
    own = {"api_url", "token_file", "municipalities_dir"}
    assert {name: options[name] for name in own} == {
        "api_url": lab.netbox_url,
        "token_file": str(lab.token_file),
        "municipalities_dir": str(ROOT / "municipalities"),
    }
    root = yaml.safe_load((ROOT / "registry.yml").read_text())
    assert {name: value for name, value in options.items() if name not in own} == root
    windows = lab.inventory / "group_vars" / "windows"
    assert sorted(path.name for path in windows.iterdir()) == ["00-repository.yml", "90-lab.yml"]
    assert (windows / "00-repository.yml").resolve() == ROOT / "group_vars" / "windows.yml"
    connection = yaml.safe_load((windows / "90-lab.yml").read_text())
    assert connection == {
        "ansible_connection": "winrm",
        "ansible_port": lab.winrm_port,
        "ansible_user": "werkplek",
        "ansible_password": LabFiles(lab.state).password.read_text().strip(),
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "basic",
        "ansible_winrm_operation_timeout_sec": 10,
        "ansible_winrm_read_timeout_sec": 15,
        "ansible_winrm_proxy": None,
    }


def test_secrets_are_the_owners_alone_and_not_in_log_or_status(lab: LabStatus) -> None:
    files = LabFiles(lab.state)
    secret_files = (files.control_token, files.netbox_token, files.password)
    shown = lab.log.read_text() + json.dumps(lab.to_json())
    for file in secret_files:
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_text().strip()) >= 32
        assert file.read_text().strip() not in shown
    assert (lab.inventory / "group_vars" / "windows" / "90-lab.yml").stat().st_mode & 0o777 == 0o600


def test_two_labs_run_side_by_side(lab: LabStatus, tmp_path: Path, estate: Path) -> None:
    other = control.up(tmp_path / "other", estate=estate)
    try:
        assert other.winrm_port != lab.winrm_port
        with LabClient(other.state) as two, LabClient(lab.state) as one:
            two.edit("PAP-WS-001", [SERVICE])
            changed, untouched = two.dump("PAP-WS-001"), one.dump("PAP-WS-001")
        assert changed["services"] != untouched["services"]
    finally:
        control.down(other.state)
    assert_gone(other)
    assert answers("127.0.91.1", lab.winrm_port)


def test_a_killed_lab_is_seen_and_replaced(tmp_path: Path, estate: Path) -> None:
    state = tmp_path / "lab"
    killed = control.up(state, estate=estate)
    os.kill(killed.pid, signal.SIGKILL)
    assert processes.wait_gone(killed.pid, killed.started, 10)
    assert control.get(state) is None
    with pytest.raises(WerkplekError) as caught:
        LabClient(state)
    assert str(caught.value) == f"no lab runs in {state}; start one with `werkplek lab up`"
    fresh = control.up(state, estate=estate)
    assert fresh.pid != killed.pid
    assert control.down(state) is True
    assert_gone(fresh)


def test_down_kills_what_a_killed_lab_left(tmp_path: Path, estate: Path) -> None:
    state = tmp_path / "lab"
    lab = control.up(state, estate=estate)
    environment = {**os.environ, MARK: str(state)}
    with subprocess.Popen(["sleep", "600"], env=environment) as left:
        os.kill(lab.pid, signal.SIGKILL)
        assert processes.wait_gone(lab.pid, lab.started, 10)
        assert control.down(state) is True
        assert left.wait(10) == -signal.SIGKILL
    assert_gone(lab)


def test_a_reused_process_id_is_not_the_lab(tmp_path: Path, estate: Path) -> None:
    state = tmp_path / "lab"
    lab = control.up(state, estate=estate)
    kept = LabFiles(state).status.read_text()
    control.down(state)
    with subprocess.Popen(["sleep", "600"]) as stranger:
        LabFiles(state).status.write_text(json.dumps({**json.loads(kept), "pid": stranger.pid}))
        assert control.get(state) is None
        assert control.down(state) is False
        assert stranger.poll() is None
        stranger.kill()
    assert_gone(lab)


def test_a_broken_status_file_says_so_and_down_mends_it(tmp_path: Path) -> None:
    (tmp_path / "lab.json").write_text("{}")
    with pytest.raises(WerkplekError, match=r"lab\.json is not a lab's status \(KeyError\('state'\)\); run"):
        control.get(tmp_path)
    assert control.down(tmp_path) is False
    assert control.get(tmp_path) is None


def test_a_lab_ends_with_its_parent(tmp_path: Path, estate: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as parent:
        lab = control.up(tmp_path, estate=estate, parent=parent.pid)
        parent.kill()
    assert processes.wait_gone(lab.pid, lab.started, 10)
    assert_gone(lab)
    assert control.get(tmp_path) is None


SLEEPER = """
namespace Ansible.Sleeper { public static class Sleeper { public static void Run(string[] args) {
  string folder = System.Environment.GetEnvironmentVariable("WERKPLEK_LAB_STATE");
  System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "pid.new"),
    System.Diagnostics.Process.GetCurrentProcess().Id.ToString());
  System.IO.File.Move(System.IO.Path.Combine(folder, "pid.new"), System.IO.Path.Combine(folder, "pid"));
  System.Threading.Thread.Sleep(600000);
} } }
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_module_outlives_the_lab(tmp_path: Path, estate: Path, number: int) -> None:
    lab = control.up(tmp_path, estate=estate)
    csharp = {name: text.decode("utf-8-sig") for name, text in repository_csharp().items()}
    script = "[Ansible.Sleeper.Sleeper]::Run($args)"
    windows = connect(lab)
    shell = windows.open_shell()
    command = windows.run_command(shell, POWERSHELL, console_mode_stdin=False)
    windows.send_command_input(
        shell, command, stdin(script, csharp={**csharp, "Ansible.Sleeper.cs": SLEEPER}), end=True
    )
    file = LabFiles(tmp_path).hosts / "127.0.91.1" / "pid"
    while not file.exists():
        with pytest.raises(WinRMOperationTimeoutError):
            windows.get_command_output_raw(shell, command)
    assert processes.marked(MARK, str(tmp_path)) == sorted([lab.pid, int(file.read_text())])
    os.kill(lab.pid, number)
    assert processes.wait_gone(lab.pid, lab.started, 10)
    assert not LabFiles(tmp_path).status.exists() or number == signal.SIGKILL
    assert control.down(tmp_path) is (number == signal.SIGKILL)
    assert_gone(lab)


def test_another_estate_needs_down_first(lab: LabStatus, estate: Path, tmp_path: Path) -> None:
    with pytest.raises(WerkplekError) as caught:
        control.up(lab.state, estate=tmp_path)
    assert str(caught.value) == (
        f"a lab runs in {lab.state} with {estate}; for estate {tmp_path} run `werkplek lab down` first"
    )


def test_an_estate_that_cannot_be_used_is_told_at_up(tmp_path: Path) -> None:
    (tmp_path / "estate.json").write_text("{")
    with pytest.raises(WerkplekError) as caught:
        control.up(tmp_path / "lab", estate=tmp_path / "estate.json")
    text = str(caught.value)
    assert text.startswith(f"the lab did not start; {tmp_path}/lab/lab.log says:\n")
    assert f"{tmp_path}/estate.json:1:2: found text that is not JSON" in text
    assert processes.marked(MARK, str(tmp_path / "lab")) == []


def test_an_estate_of_real_addresses_is_refused(tmp_path: Path, estate: Path) -> None:
    real = snapshot.load(estate)
    taken = next(device.primary_ip4 for device in real.objects.devices if device.id == 2)
    addresses = tuple(
        replace(address, address="192.0.2.7/24") if address.id == taken else address
        for address in real.objects.ip_addresses
    )
    file = tmp_path / "real.json"
    snapshot.dump(replace(real, objects=replace(real.objects, ip_addresses=addresses)), file)
    with pytest.raises(WerkplekError) as caught:
        control.up(tmp_path / "lab", estate=file)
    assert "this estate is not one for the lab" in str(caught.value)
    wanted = "https://netbox.example/dcim/devices/2/: found address 192.0.2.7; expected an address in 127.0.0.0/8"
    assert wanted in str(caught.value)


def test_a_port_that_is_taken_is_named(lab: LabStatus, tmp_path: Path, estate: Path) -> None:
    with pytest.raises(WerkplekError) as caught:
        control.up(tmp_path, estate=estate, hosts_port=lab.winrm_port)
    wanted = f"the lab cannot listen on 127.0.91.1:{lab.winrm_port}: Address already in use"
    assert wanted in str(caught.value).replace(" (while attempting to bind on address", "\n")


def test_the_control_api_wants_its_token(lab: LabStatus) -> None:
    with httpx.Client(base_url=lab.control_url, trust_env=False) as http:
        answer = http.get("/stats")
    assert (answer.status_code, answer.json()) == (401, {"error": "the control token is wrong"})


def test_edit_dump_and_reset(lab: LabStatus) -> None:
    with LabClient(lab.state) as client:
        factory = client.dump("PAP-WS-002")
        client.edit("127.0.91.2", [SERVICE])
        edited = client.dump("PAP-WS-002")
        client.reset("PAP-WS-002")
        assert client.dump("PAP-WS-002") == factory
    assert edited["services"] != factory["services"]
    assert {**edited, "services": {}} == {**factory, "services": {}}


def test_what_the_lab_refuses(lab: LabStatus) -> None:
    with LabClient(lab.state) as client:
        with pytest.raises(WerkplekError) as caught:
            client.set_fault("PAP-WS-404", Fault("down"))
        assert str(caught.value) == "this lab has no Windows host PAP-WS-404; `werkplek lab status` lists them"
        with pytest.raises(WerkplekError, match=r"^the lab's C# refused edit: "):
            client.edit("PAP-WS-001", [{"kind": "nonsense"}])
        with pytest.raises(WerkplekError, match=r"^The faults cannot be used:\n"):
            client.set_registry_faults([{"kind": "nonsense"}])


def test_faults_show_in_the_statistics_until_healed(lab: LabStatus) -> None:
    with LabClient(lab.state) as client:
        client.set_fault("PAP-WS-001", Fault("down", times=2))
        client.set_fault("PAP-WS-002", Fault("slow", seconds=1.5))
        assert client.stats()["faults"] == {
            "PAP-WS-001": [{"kind": "down", "times": 2, "fired": 0}],
            "PAP-WS-002": [{"kind": "slow", "seconds": 1.5, "fired": 0}],
        }
        client.clear_faults("PAP-WS-001")
        assert list(client.stats()["faults"]) == ["PAP-WS-002"]
        client.clear_faults()
        assert client.stats()["faults"] == {}


def test_stop_ends_the_lab(tmp_path: Path, estate: Path) -> None:
    lab = control.up(tmp_path, estate=estate)
    with LabClient(tmp_path) as client:
        client.stop()
        assert processes.wait_gone(lab.pid, lab.started, 10)
        with pytest.raises(WerkplekError, match=rf"^the lab does not answer on {lab.control_url}"):
            client.stats()


def test_fresh_puts_hosts_back(tmp_path: Path, estate: Path) -> None:
    control.up(tmp_path, estate=estate)
    with LabClient(tmp_path) as client:
        factory = client.dump("PAP-WS-001")
        client.edit("PAP-WS-001", [SERVICE])
        edited = client.dump("PAP-WS-001")
    control.down(tmp_path)
    for fresh, wanted in ((False, edited), (True, factory)):
        control.up(tmp_path, estate=estate, fresh=fresh)
        with LabClient(tmp_path) as client:
            assert client.dump("PAP-WS-001") == wanted
        control.down(tmp_path)


def test_the_daemon_says_how_it_is_used() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "werkplek.lab.server", "--help"], capture_output=True, text=True, check=True
    )
    assert "--parent" in shown.stdout
