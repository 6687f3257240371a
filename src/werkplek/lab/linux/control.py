"""Brings a Linux lab up and down. A lab is a state folder; labs in different folders run side by side."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.lab import packages
from werkplek.lab.daemon import locked
from werkplek.lab.linux import directory, images, inventory, mirror, model
from werkplek.lab.linux.containers import Containers
from werkplek.lab.linux.model import Backend, LinuxFiles, LinuxHost, LinuxLab
from werkplek.lab.linux.nspawn import MARK, Nspawn

READY_SECONDS = 120.0
FIRST_ADDRESS, MOST = 10, 200  # in the lab's /24
ANSWER = b"SSH-2.0-"


def backends() -> tuple[Backend, ...]:
    """In the order in which `auto` tries them."""
    return (Nspawn(), Containers("podman"), Containers("docker"))


def choose(wanted: str) -> Backend:
    """The backend of that name, or for `auto` the first that this machine can run.

    Raises:
        WerkplekError: it lacks something; says for each backend what.
    """
    candidates = [backend for backend in backends() if wanted in ("auto", backend.name)]
    problems: list[Problem] = []
    for backend in candidates:
        lacking = backend.lacks()
        if not lacking:
            return backend
        problems += [Problem(f"backend {backend.name}", text, "a machine that can run it") for text in lacking]
    raise WerkplekError("This machine cannot run the Linux lab.", problems, code=Exit.UNAVAILABLE)


def up(state: Path, hosts: Sequence[LinuxHost], backend: str = "auto") -> LinuxLab:
    """Start a lab with these hosts (their addresses are given here) and wait until all answer.

    A lab that is up already with hosts of the same names is left as it is.

    Raises:
        WerkplekError: the machine lacks something, other hosts are up, or a host does not answer; then nothing is
            left behind.
    """
    state = state.resolve()
    require_plain(state, images.cache_dir())
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(LinuxFiles(state).lock):
        running = model.read(state)
        if running is not None and answering(running):
            return same(running, hosts)
        if running is not None:
            clear(running)
        if backend in ("auto", Nspawn.name) and packages.can_install():
            packages.ensure(packages.LINUX)
        return start(state, hosts, choose(backend))


def require_plain(*folders: Path) -> None:
    """Refuse folders whose name means something to sh, ssh_config(5) or overlayfs, which are all handed it."""
    problems = [
        Problem(str(folder), "a blank or a sign in its name", "letters, digits and . / _ - + @ only")
        for folder in folders
        if not re.fullmatch(r"[\w./+@-]+", str(folder))
    ]
    if problems:
        raise WerkplekError("The Linux lab cannot keep its files here (--state, XDG_CACHE_HOME).", problems)


def same(running: LinuxLab, hosts: Sequence[LinuxHost]) -> LinuxLab:
    """The lab that runs, if it has the hosts that are asked for."""
    names, wanted = [host.name for host in running.hosts], [host.name for host in hosts]
    if names != wanted:
        raise WerkplekError(
            f"a Linux lab with other hosts is up in {running.state}; run `werkplek lab linux down` first",
            [Problem(str(running.state), ", ".join(names), ", ".join(wanted))],
        )
    return running


def start(state: Path, hosts: Sequence[LinuxHost], backend: Backend) -> LinuxLab:
    """A lab from nothing."""
    files = LinuxFiles(state)
    shutil.rmtree(files.hosts, ignore_errors=True)
    make_keys(files)
    images.images(host.image for host in hosts)
    name = f"wp{hashlib.sha256(str(state).encode()).hexdigest()[:6]}"
    lab = LinuxLab(state, name, backend.name, "", tuple(hosts))
    try:
        model.write(lab)
        lab = addressed(replace(lab, network=backend.network(name)))
        model.write(lab)
        files.known_hosts.write_text(f"{model.prefix(lab.network)}* {files.host_key.with_suffix('.pub').read_text()}")
        if backend.name == "nspawn":
            start_mirror(lab)
        backend.start(lab)
        await_all(lab)
        directory.set_up(lab)
        inventory.write(lab)
    except BaseException:
        clear(lab)
        raise
    return lab


def addressed(lab: LinuxLab) -> LinuxLab:
    """The lab with an address for each host."""
    prefix = model.prefix(lab.network)
    hosts = tuple(replace(host, address=f"{prefix}{number}") for number, host in enumerate(lab.hosts, FIRST_ADDRESS))
    return replace(lab, hosts=hosts)


def make_keys(files: LinuxFiles) -> None:
    """The operators' key and the hosts' key, new for each lab."""
    for key in (files.key, files.host_key):
        for file in (key, key.with_suffix(".pub")):
            file.unlink(missing_ok=True)
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "werkplek-lab", "-f", str(key)]
        subprocess.run(command, check=True, capture_output=True)


def start_mirror(lab: LinuxLab) -> None:
    """The hosts' way to Debian's packages; ends with the lab."""
    cache = images.cache_dir().parent / "packages"
    command = [
        sys.executable,
        "-m",
        "werkplek.lab.linux.mirror",
        f"--address={model.gateway(lab.network)}",
        f"--cache={cache}",
    ]
    with (lab.state / "mirror.log").open("wb") as log:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, MARK: str(lab.state), "PYTHONPATH": str(Path(mirror.__file__).parents[3])},
        )


def await_all(lab: LinuxLab) -> None:
    """Wait until sshd answers on every host."""
    deadline = time.monotonic() + READY_SECONDS
    silent = list(lab.hosts)
    while silent and time.monotonic() < deadline:
        silent = [host for host in silent if not answers(host)]
        if silent:
            time.sleep(0.05)
    if silent:
        problems = [Problem(host.name, last_words(lab, host), "sshd's greeting on port 22") for host in silent]
        raise WerkplekError(f"lab hosts did not answer in {READY_SECONDS:.0f} seconds", problems, Exit.UNAVAILABLE)


def answers(host: LinuxHost) -> bool:
    """Whether sshd greets (RFC 4253, 4.2)."""
    try:
        with socket.create_connection((host.address, 22), timeout=2) as connection:
            connection.settimeout(2)
            return connection.recv(len(ANSWER)) == ANSWER
    except OSError:
        return False


def answering(lab: LinuxLab) -> bool:
    """Whether every host of the lab answers now."""
    return bool(lab.network) and all(answers(host) for host in lab.hosts)


def last_words(lab: LinuxLab, host: LinuxHost) -> str:
    """The end of a host's console."""
    log = LinuxFiles(lab.state).hosts / host.name / "console.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(line.strip() for line in lines[-3:]) or "no answer and an empty console"


def get(state: Path) -> LinuxLab | None:
    """The lab that is up in `state`, or None."""
    lab = model.read(state.resolve())
    return lab if lab is not None and answering(lab) else None


def down(state: Path) -> bool:
    """End the lab in `state` with its hosts and their disks; True when there was one."""
    state = state.resolve()
    if not state.is_dir():
        return False
    with locked(LinuxFiles(state).lock):
        lab = model.read(state)
        if lab is not None:
            clear(lab)
    return lab is not None


def clear(lab: LinuxLab) -> None:
    """Nothing of the lab is left but its folder."""
    backend = next(backend for backend in backends() if backend.name == lab.backend)
    backend.stop(lab)
    files = LinuxFiles(lab.state)
    for file in (files.key, files.host_key):
        for part in (file, file.with_suffix(".pub")):
            part.unlink(missing_ok=True)
    for file in (files.known_hosts, files.estate, files.status, directory.accounts_file(lab.state)):
        file.unlink(missing_ok=True)
    for folder in (files.hosts, files.inventory):
        shutil.rmtree(folder, ignore_errors=True)
