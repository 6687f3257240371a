"""The script that PAM asks: who comes in while the host is being drained."""

import os
import subprocess
from pathlib import Path

import pytest
from linux_session_host.drain import DRAIN_FILE, SCRIPT

# Columns as loginctl(1) has them; logind knows 1000 as jdevries, who also signed in over ssh.
LISTED = """     4 1000 jdevries - 812 user -    no -
     5 1000 jdevries - 977 user -    no -
     7 1001 beheer   - 990 user pts/0 no -
   c12 1002 apietersen - 991 user -  no -
"""
SERVICES = {"4": "sshd", "5": "xrdp-sesman", "7": "sshd", "c12": "xrdp-sesman"}
IDS = {"jdevries": 1000, "JDeVries": 1000, "jdevries@ad.example.nl": 1000, "beheer": 1001, "new": 1003, "100": 100}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The programs that the script calls, and the script itself with the drain file in this folder."""
    ids = "".join(f"'{name}') echo {number};;" for name, number in IDS.items())
    services = "".join(f"{number}) echo {service};;" for number, service in SERVICES.items())
    programs = {
        "id": f'[ "$1 $2" = "-u --" ] || exit 9; case "$3" in {ids} *) echo no such user >&2; exit 1;; esac',
        "logger": f'printf "%s\\n" "$*" >> {tmp_path}/log',
        "loginctl": f"""case "$1" in
list-sessions) [ "$2 $3" = "--no-legend --no-pager" ] && cat {tmp_path}/listed;;
show-session) [ "$3 $4" = "--property=Service --value" ] && case "$2" in {services} *) exit 1;; esac;;
esac""",
    }
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "listed").write_text(LISTED)
    (tmp_path / "gate").write_text(SCRIPT.replace(DRAIN_FILE, f"{tmp_path}/draining"))
    return tmp_path


def comes_in(folder: Path, user: str) -> bool:
    own = {"PATH": f"{folder}:{os.environ['PATH']}", "PAM_USER": user, "PAM_TYPE": "account"}
    done = subprocess.run(["/bin/sh", str(folder / "gate")], env=own, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1)
    assert done.stdout == ""
    return done.returncode == 0


def logged(folder: Path) -> str:
    log = folder / "log"
    return log.read_text() if log.exists() else ""


@pytest.mark.parametrize("user", ["new", "jdevries", "nobody-knows", ""])
def test_everyone_comes_in_while_there_is_no_drain_file(folder, user):
    assert comes_in(folder, user)
    assert logged(folder) == ""


@pytest.mark.parametrize("user", ["new", "nobody-knows", ""])
def test_nobody_new_comes_in_and_the_log_says_so(folder, user):
    (folder / "draining").touch()
    assert not comes_in(folder, user)
    assert logged(folder) == f"--tag werkplek session of {user} refused: this host is being drained\n"


@pytest.mark.parametrize("user", ["jdevries", "JDeVries", "jdevries@ad.example.nl"])
def test_who_has_a_desktop_comes_back_to_it_however_the_name_is_written(folder, user):
    (folder / "draining").touch()
    assert comes_in(folder, user)
    assert logged(folder) == ""


def test_an_ssh_session_is_no_desktop_to_come_back_to(folder):
    (folder / "draining").touch()
    assert not comes_in(folder, "beheer")


def test_a_number_in_a_name_is_nobody_elses_id(folder):
    (folder / "draining").touch()
    (folder / "listed").write_text(LISTED.replace("jdevries", "100"))
    assert not comes_in(folder, "100")


@pytest.mark.parametrize(
    ("listed", "user", "may"),
    [
        ("new\n", "new", True),
        ("beheer\nnew\n", "new", True),
        ("new\n", "ne", False),
        ("new\n", "newer", False),
        ("new\n", "n.w", False),
        ("-e\n", "-e", True),
        ("new\n", "", False),
    ],
)
def test_who_is_named_in_the_drain_file_comes_in(folder, listed, user, may):
    (folder / "draining").write_text(listed)
    assert comes_in(folder, user) is may


def test_nobody_new_comes_in_when_logind_does_not_answer(folder):
    (folder / "draining").touch()
    (folder / "loginctl").write_text("#!/bin/sh\nexit 1\n")
    assert not comes_in(folder, "new")
