"""Labs up and down with a backend that only remembers: what is kept, what is refused, what is cleared."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from linux_lab_backend import HOSTS

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import control, estate, model
from werkplek.lab.linux.model import LinuxFiles

NAMES = "DRD-KS-0001, PAP-KS-0001, DRS-VL-0001"


def up(state, hosts=HOSTS):
    return control.up(state, hosts, "podman")


def left(state):
    return sorted(path.name for path in state.iterdir())


def test_a_lab_from_up_to_down(backend, state):
    lab = up(state)
    assert backend.calls == ["image bookworm", "image session-host", "image trixie", "network", "start"]
    assert backend.running == {lab.name: lab}
    assert [host.address for host in lab.hosts] == ["198.18.7.10", "198.18.7.11", "198.18.7.12"]
    assert [replace(host, address="") for host in lab.hosts] == list(HOSTS)
    assert (lab.state, lab.backend, lab.network) == (state, "podman", "198.18.7.0/24")
    assert control.get(state) == lab
    assert control.down(state) is True
    assert (control.get(state), backend.running, left(state)) == (None, {}, ["linux-lab.lock"])


def test_what_a_lab_keeps_is_its_owners_only(backend, state):
    lab, files = up(state), LinuxFiles(state)
    assert json.loads(files.status.read_text()) == json.loads(json.dumps(lab.to_json()))
    public = files.host_key.with_suffix(".pub").read_text()
    assert files.known_hosts.read_text() == f"198.18.7.* {public}"
    assert files.key.read_text() != files.host_key.read_text()
    assert [path.stat().st_mode & 0o777 for path in (state, files.status)] == [0o700, 0o600]
    assert "private" not in json.dumps(lab.to_json())


def test_keys_are_ed25519_without_a_passphrase(backend, state, programs):
    up(state)
    assert programs.calls == [
        f"ssh-keygen -q -t ed25519 -N  -C werkplek-lab -f {state}/{name}" for name in ("id_ed25519", "host_ed25519")
    ]


def test_each_lab_has_keys_of_its_own(backend, state):
    up(state)
    first = LinuxFiles(state).key.read_text()
    control.down(state)
    up(state)
    assert LinuxFiles(state).key.read_text() != first


def test_a_lab_that_runs_is_left_alone(backend, state):
    lab = up(state)
    before = {path: path.stat().st_mtime_ns for path in state.rglob("*") if path.name != "linux-lab.lock"}
    backend.calls.clear()
    assert up(state) == lab
    assert backend.calls == []
    assert {path: path.stat().st_mtime_ns for path in state.rglob("*") if path.name != "linux-lab.lock"} == before


def test_a_lab_with_other_hosts_is_refused_and_goes_on(backend, state):
    lab = up(state)
    with pytest.raises(WerkplekError) as caught:
        up(state, estate.hosts(1, 0))
    assert str(caught.value) == (
        f"a Linux lab with other hosts is up in {state}; run `werkplek lab linux down` first\n"
        f"  {state}: found {NAMES}; expected DRD-KS-0001"
    )
    assert control.get(state) == lab


def test_a_lab_whose_hosts_have_gone_starts_anew(backend, state):
    up(state)
    backend.running.clear()
    (LinuxFiles(state).hosts / "OLD").mkdir(parents=True)
    backend.calls.clear()
    assert control.get(state) is None
    lab = up(state, estate.hosts(1, 0))
    assert (backend.calls[0], backend.running) == ("stop", {lab.name: lab})
    assert not LinuxFiles(state).hosts.exists()


def test_one_host_that_does_not_answer_is_no_lab(backend, state, monkeypatch):
    lab = up(state)
    monkeypatch.setattr(control, "answers", lambda host: host != lab.hosts[1])
    assert control.get(state) is None


def test_down_twice(backend, state):
    up(state)
    assert [control.down(state), control.down(state)] == [True, False]
    assert backend.calls.count("stop") == 1


def test_no_lab_was_ever_here(backend, state):
    assert (control.down(state), control.get(state)) == (False, None)
    assert not state.exists()


@pytest.mark.parametrize(("step", "words"), [("network", "network broke"), ("start", "start broke")])
def test_a_lab_that_half_starts_leaves_nothing(backend, state, step, words):
    backend.broken = step
    with pytest.raises(WerkplekError, match=f"^{words}$"):
        up(state)
    assert backend.calls[-1] == "stop"
    assert (backend.running, left(state)) == ({}, ["linux-lab.lock"])
    backend.broken = ""
    assert control.get(state) is None
    up(state)


def test_whoever_interrupts_a_start_leaves_nothing(backend, state, monkeypatch):
    def interrupted(lab):
        raise KeyboardInterrupt

    monkeypatch.setattr(control, "await_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        up(state)
    assert (backend.running, left(state)) == ({}, ["linux-lab.lock"])


def test_a_killed_start_is_known_and_can_be_taken_down(backend, state, monkeypatch):
    monkeypatch.setattr(backend, "network", lambda name: os._exit(9))
    child = os.fork()
    if child == 0:
        up(state)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    lab = model.read(state)
    assert lab is not None
    assert (lab.network, control.get(state)) == ("", None)
    assert control.down(state) is True
    assert (backend.calls, left(state)) == (["stop"], ["linux-lab.lock"])


def test_hosts_that_stay_silent_are_named_with_their_last_words(backend, state, monkeypatch):
    def half(lab):
        backend.running[lab.name] = replace(lab, hosts=lab.hosts[:1])
        for name, text in (("PAP-KS-0001", "one\ntwo\n three \nfour\n"), ("DRS-VL-0001", "")):
            (LinuxFiles(state).hosts / name).mkdir(parents=True)
            (LinuxFiles(state).hosts / name / "console.log").write_text(text)

    monkeypatch.setattr(backend, "start", half)
    monkeypatch.setattr(control, "READY_SECONDS", 0.1)
    with pytest.raises(WerkplekError) as caught:
        up(state)
    assert str(caught.value) == (
        "lab hosts did not answer in 0 seconds\n"
        "  PAP-KS-0001: found two / three / four; expected sshd's greeting on port 22\n"
        "  DRS-VL-0001: found no answer and an empty console; expected sshd's greeting on port 22"
    )
    assert caught.value.code == Exit.UNAVAILABLE
    assert left(state) == ["linux-lab.lock"]


def test_two_labs_run_side_by_side(backend, tmp_path):
    one, two = up(tmp_path / "one"), up(tmp_path / "two")
    assert one.name != two.name
    assert one.network != two.network
    control.down(tmp_path / "one")
    assert control.get(tmp_path / "two") == two


def test_a_labs_name_stays_and_fits_in_the_name_of_an_interface(backend, state, tmp_path):
    name = up(state).name
    control.down(state)
    (tmp_path / "link").symlink_to(state)
    assert up(tmp_path / "link").name == name
    assert len(f"{name}v199") <= 15  # IFNAMSIZ, less its zero


@pytest.mark.parametrize("sign", [" ", ":", ",", "'", "$x", "%h", "~", "\\", "é\n"])
def test_a_folder_that_a_shell_or_ssh_would_read_otherwise_is_refused(backend, tmp_path, sign):
    state = tmp_path / f"a{sign}b"
    with pytest.raises(WerkplekError) as caught:
        up(state)
    assert str(caught.value) == (
        "The Linux lab cannot keep its files here (--state, XDG_CACHE_HOME).\n"
        f"  {state}: found a blank or a sign in its name; expected letters, digits and . / _ - + @ only"
    )
    assert not state.exists()


def test_so_is_such_a_cache(backend, state, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/c:d")
    with pytest.raises(WerkplekError, match="/c:d/werkplek/images: found a blank or a sign in its name"):
        up(state)
    assert not state.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"hosts": [{}]}',
        '{"hosts": [], "state": "/s", "name": "n", "backend": "lxc", "network": ""}',
    ],
)
def test_a_status_that_is_none_stops_everything(backend, state, text):
    state.mkdir()
    LinuxFiles(state).status.write_text(text)
    for act in (up, control.down, control.get):
        with pytest.raises(WerkplekError) as caught:
            act(state)
        assert str(caught.value).startswith(f"{state}/linux-lab.json is not a Linux lab's status (")
        assert caught.value.code == Exit.UNAVAILABLE
    assert backend.calls == []
