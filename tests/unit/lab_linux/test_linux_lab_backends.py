"""Which backend a lab gets, its way to packages, and whether a host answers."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace

import pytest
from linux_lab_backend import HOSTS, Remembered

from werkplek.errors import Exit, WerkplekError
from werkplek.files import ROOT
from werkplek.lab.linux import control, model
from werkplek.lab.linux.model import LinuxLab


def test_the_first_backend_that_can_is_taken(monkeypatch):
    able = Remembered("docker")
    monkeypatch.setattr(control, "backends", lambda: (Remembered("nspawn", ("x",)), able, Remembered("podman")))
    assert control.choose("auto") is able


def test_the_one_that_is_asked_for_is_taken_or_none(monkeypatch):
    others = (Remembered("nspawn"), Remembered("podman", ("podman is not installed",)), Remembered("docker"))
    monkeypatch.setattr(control, "backends", lambda: others)
    assert control.choose("docker") is others[2]
    with pytest.raises(WerkplekError) as caught:
        control.choose("podman")
    assert str(caught.value) == (
        "This machine cannot run the Linux lab.\n"
        "  backend podman: found podman is not installed; expected a machine that can run it"
    )


def test_a_machine_that_can_run_none_hears_of_each(monkeypatch):
    lacking = {"nspawn": ("no root",), "podman": ("no podman", "no mmdebstrap"), "docker": ("no docker",)}
    monkeypatch.setattr(control, "backends", lambda: tuple(Remembered(*one) for one in lacking.items()))
    with pytest.raises(WerkplekError) as caught:
        control.choose("auto")
    assert str(caught.value) == (
        "This machine cannot run the Linux lab.\n"
        "  backend nspawn: found no root; expected a machine that can run it\n"
        "  backend podman: found no podman; expected a machine that can run it\n"
        "  backend podman: found no mmdebstrap; expected a machine that can run it\n"
        "  backend docker: found no docker; expected a machine that can run it"
    )
    assert caught.value.code == Exit.UNAVAILABLE


def test_the_backends_are_those_that_can_be_named():
    assert tuple(backend.name for backend in control.backends()) == model.BACKENDS


@pytest.mark.parametrize(("backend_name", "installed"), [("nspawn", 1), ("auto", 1), ("podman", 0)])
def test_root_gets_what_nspawn_needs_installed(backend, state, monkeypatch, backend_name, installed):
    done = []
    backend.name = "nspawn" if backend_name == "auto" else backend_name
    monkeypatch.setattr(control.packages, "can_install", lambda: True)
    monkeypatch.setattr(control.packages, "ensure", done.append)
    monkeypatch.setattr(control, "start_mirror", lambda lab: None)
    control.up(state, HOSTS, backend_name)
    assert done == [control.packages.LINUX] * installed


def test_nspawn_hosts_reach_packages_through_a_mirror_of_this_lab(state, monkeypatch, cache):
    started = []
    monkeypatch.setattr(control.subprocess, "Popen", lambda command, **more: started.append((command, more)))
    state.mkdir()
    control.start_mirror(LinuxLab(state, "wp", "nspawn", "198.18.9.0/24", ()))
    ((command, more),) = started
    assert command[1:] == [
        *("-m", "werkplek.lab.linux.mirror"),
        *("--address=198.18.9.1", f"--cache={cache.parent}/packages"),
    ]
    assert (more["env"]["WERKPLEK_LINUX_LAB"], more["env"]["PYTHONPATH"]) == (str(state), str(ROOT / "src"))
    assert more["start_new_session"] is True


@pytest.mark.parametrize(
    ("greeting", "answer"),
    [(b"SSH-2.0-OpenSSH_10.0p2 Debian-7\r\n", True), (b"SSH-1.5-x\r\n", False), (b"", False), (b"SSH-", False)],
)
def test_a_host_answers_when_its_sshd_greets(monkeypatch, greeting, answer):
    def greet() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(greeting)

    real = socket.create_connection
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        asked = []
        monkeypatch.setattr(socket, "create_connection", lambda to, timeout: (asked.append(to), real(address))[1])
        thread = threading.Thread(target=greet)
        thread.start()
        assert control.answers(replace(HOSTS[0], address="198.18.9.10")) is answer
        thread.join(10)
    assert asked == [("198.18.9.10", 22)]


def test_a_host_that_refuses_does_not_answer(monkeypatch):
    def refused(to, timeout):
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refused)
    assert control.answers(HOSTS[0]) is False
