"""The kind deb_package: apt-get does nothing that a simulation did not show to be harmless."""

from collections.abc import Sequence

import pytest
from linux_policy.commands import Done
from linux_policy.packages import known_packages
from linux_sandbox import Sandbox, after, said

OPTIONS = (
    "-y -q --no-install-recommends -o=DPkg::Lock::Timeout=120"
    " -o=Dpkg::Options::=--force-confdef -o=Dpkg::Options::=--force-confold"
)


class Archive:
    """Packages that can be had, what dpkg has, and what else a removal or an install takes along."""

    def __init__(self, host: Sandbox, *, offered: Sequence[str], installed: Sequence[str]) -> None:
        self.host = host
        self.offered = list(offered)
        self.after_update: list[str] = []
        self.installed = {name: f"Package: {name}\nStatus: install ok installed\nVersion: 1.0\n" for name in installed}
        self.takes_along: dict[str, list[str]] = {}
        self.faults: dict[str, list[Done]] = {}  # by verb, what it says instead of doing it
        host.answers["apt-get"] = self._get
        host.answers["apt-cache policy"] = self._policy
        self._save()

    def _policy(self, *command: str, text: str) -> Done:
        known = [name for name in command[2:] if name in self.offered]
        return said("".join(f"{name}:\n  Installed: (none)\n  Candidate: 1.0\n  Version table:\n" for name in known))

    def _get(self, *command: str, text: str) -> Done:
        words = [word for word in command[1:] if not word.startswith("-")]
        verb, names = words[0], words[1:]
        simulated = command[1] == "-s"
        if not simulated and self.faults.get(verb):
            return self.faults[verb].pop(0)
        if verb == "update":
            self.offered += self.after_update
            return said()
        lost = [*(names if verb == "purge" else []), *(one for name in names for one in self.takes_along.get(name, []))]
        if not simulated:
            self._do(verb, names, lost)
        return said("".join(f"Remv {name} [1.0]\n" for name in lost if name in self.installed))

    def _do(self, verb: str, names: Sequence[str], lost: Sequence[str]) -> None:
        for name in lost:
            self.installed.pop(name, None)
        if verb == "install":
            self.installed |= {name: f"Package: {name}\nStatus: install ok installed\nVersion: 1.0\n" for name in names}
        self._save()

    def _save(self) -> None:
        self.host.file("/var/lib/dpkg/status", "\n".join(self.installed.values()))


def package(name: str, state: str = "present") -> dict[str, object]:
    return {"id": name, "kind": "deb_package", "name": name, "state": state}


def done(host: Sandbox) -> list[str]:
    """What was run and was no look."""
    acts = [command for command in host.commands if not command.startswith(("apt-get -s", "apt-cache"))]
    return [command.replace(f" {OPTIONS}", "") for command in acts]


def test_one_call_installs_and_one_removes(host: Sandbox) -> None:
    Archive(host, offered=["auditd", "cron"], installed=["telnet", "ftp", "bash"])
    settings = (
        package("auditd"),
        package("telnet", "absent"),
        package("cron"),
        package("ftp", "absent"),
        package("bash"),
    )
    rows = host.rows(*settings)
    assert {name: after(row) for name, row in rows.items()} == {
        "auditd": ("changed", "<absent>", "installed 1.0"),
        "telnet": ("changed", "installed 1.0", "<absent>"),
        "cron": ("changed", "<absent>", "installed 1.0"),
        "ftp": ("changed", "installed 1.0", "<absent>"),
        "bash": ("compliant", "installed 1.0", "installed 1.0"),
    }
    assert done(host) == ["apt-get install auditd cron", "apt-get purge ftp telnet"]
    assert f"apt-get {OPTIONS} install auditd cron" in host.commands
    host.commands.clear()
    assert {row["status"] for row in host.rows(*settings).values()} == {"compliant"}
    assert host.commands == []


def test_what_would_remove_something_else_is_not_done_and_the_others_are(host: Sandbox) -> None:
    archive = Archive(host, offered=["chrony", "cron"], installed=["systemd-timesyncd", "avahi", "cups", "ftp"])
    archive.takes_along = {"chrony": ["systemd-timesyncd"], "avahi": ["cups"]}
    settings = (package("chrony"), package("cron"), package("avahi", "absent"), package("ftp", "absent"))
    for check, moved in ((True, "noncompliant"), (False, "changed")):
        rows = host.rows(*settings, check=check)
        assert [row["status"] for row in rows.values()] == ["failed", moved, "failed", moved]
        assert rows["chrony"]["message"] == "this would remove systemd-timesyncd, which no setting asks for"
        assert rows["avahi"]["message"] == "this would remove cups, which no setting asks for"
    assert done(host) == ["apt-get install cron", "apt-get purge ftp"]


def test_an_install_may_take_away_what_another_setting_does_not_want(host: Sandbox) -> None:
    archive = Archive(host, offered=["chrony"], installed=["systemd-timesyncd"])
    archive.takes_along = {"chrony": ["systemd-timesyncd"]}
    rows = host.rows(package("chrony"), package("systemd-timesyncd", "absent"))
    assert {row["status"] for row in rows.values()} == {"changed"}


@pytest.mark.parametrize("name", ["openssh-server", "sudo", "python3", "systemd", "libc6"])
def test_what_the_next_run_needs_is_never_taken_along(host: Sandbox, name: str) -> None:
    archive = Archive(host, offered=[], installed=["old", name])
    archive.installed["libc6"] = "Package: libc6\nEssential: yes\nStatus: install ok installed\nVersion: 1\n"
    archive._save()
    archive.takes_along = {"old": [name]}
    row = host.row(package("old", "absent"))
    assert (row["status"], row["message"]) == ("failed", f"this would remove {name}, which no setting asks for")
    assert done(host) == []


def test_an_essential_package_stays(host: Sandbox) -> None:
    Archive(host, offered=[], installed=[])
    host.file("/var/lib/dpkg/status", "Package: dpkg\nProtected: yes\nStatus: install ok installed\nVersion: 1\n")
    row = host.row(package("dpkg", "absent"))
    message = "Debian marks this package as essential; it is never removed"
    assert (row["status"], row["message"], host.commands) == ("failed", message, [])


def test_the_lists_are_fetched_once_and_only_for_what_is_not_found(host: Sandbox) -> None:
    archive = Archive(host, offered=["cron"], installed=[])
    archive.after_update = ["auditd"]
    rows = host.rows(package("auditd"), package("cron"), package("nowhere"))
    assert done(host) == ["apt-get -q update", "apt-get install auditd cron"]
    assert rows["auditd"]["status"] == "changed"
    assert (rows["nowhere"]["status"], rows["nowhere"]["message"]) == (
        "failed",
        "no package source of this host offers it",
    )


def test_check_mode_fetches_nothing_and_says_that_it_would_install(host: Sandbox) -> None:
    Archive(host, offered=[], installed=[])
    before = host.files()
    assert after(host.row(package("cron"), check=True)) == ("noncompliant", "<absent>", "installed")
    assert (done(host), host.files()) == ([], before)


def test_a_package_that_has_moved_on_the_server_is_fetched_anew(host: Sandbox) -> None:
    archive = Archive(host, offered=["cron"], installed=[])
    archive.faults["install"] = [said(code=100, error="E: Failed to fetch http://x/cron.deb  404  Not Found\n")]
    assert host.row(package("cron"))["status"] == "changed"
    assert done(host) == ["apt-get install cron", "apt-get -q update", "apt-get install cron"]


def test_packages_that_go_alone_and_not_together_are_not_touched(host: Sandbox) -> None:
    Archive(host, offered=["chrony", "ntpsec", "cron"], installed=[])
    get = host.answers["apt-get"]

    def conflict(*command: str, text: str) -> Done:
        both = {"chrony", "ntpsec"} <= set(command)
        fault = "E: Unable to correct problems, you have held broken packages.\n"
        return said(code=100, error=fault) if both else get(*command, text=text)  # type: ignore[operator]

    host.answers["apt-get"] = conflict
    rows = host.rows(package("chrony"), package("ntpsec"))
    fault = "apt-get: Unable to correct problems, you have held broken packages."
    assert [(row["status"], row["message"]) for row in rows.values()] == [("failed", fault)] * 2
    assert done(host) == []


def test_what_apt_says_when_it_fails_is_told(host: Sandbox) -> None:
    archive = Archive(host, offered=["cron"], installed=[])
    fault = "dpkg: error\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n"
    archive.faults["install"] = [said(code=100, error=fault)]
    row = host.row(package("cron"))
    assert (row["status"], row["message"]) == (
        "failed",
        "apt-get: Sub-process /usr/bin/dpkg returned an error code (1)",
    )


def test_a_lock_of_the_lists_is_waited_for(host: Sandbox) -> None:
    archive = Archive(host, offered=[], installed=[])
    archive.after_update = ["cron"]
    locked = said(code=100, error="E: Could not get lock /var/lib/apt/lists/lock. It is held by process 9 (apt-get)\n")
    archive.faults["update"] = [locked, locked]
    assert host.row(package("cron"))["status"] == "changed"
    assert host.slept == [5, 5]


def test_a_lock_that_stays_is_told_after_two_minutes(host: Sandbox) -> None:
    archive = Archive(host, offered=[], installed=[])
    locked = said(code=100, error="E: Could not get lock /var/lib/apt/lists/lock. It is held by process 9 (apt-get)\n")
    archive.faults["update"] = [locked] * 100
    row = host.row(package("cron"))
    assert row["message"] == (
        "no package source of this host offers it (apt-get update: Could not get lock /var/lib/apt/lists/lock."
        " It is held by process 9 (apt-get))"
    )
    assert sum(host.slept) == 120


def test_what_dpkg_knows() -> None:
    status = (
        "Package: a\nStatus: deinstall ok config-files\nVersion: 1\nConffiles:\n /etc/a 0123\n\n"
        "Package: b\nStatus: install ok half-configured\nVersion: 2\n\n"
        "Package: c\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 3\n\n"
        "Package: c\nStatus: deinstall ok config-files\nArchitecture: i386\nVersion: 3\n"
    )
    known = known_packages(status)
    assert {name: (one.version, one.state) for name, one in known.items()} == {
        "a": ("1", "config-files"),
        "b": ("2", "half-configured"),
        "c": ("3", "installed"),
    }


@pytest.mark.parametrize(
    "state, wanted, before",
    [("config-files", "absent", "config-files"), ("half-configured", "present", "half-configured")],
)
def test_a_package_that_is_half_there_is_due(host: Sandbox, state: str, wanted: str, before: str) -> None:
    archive = Archive(host, offered=["old"], installed=[])
    archive.installed["old"] = f"Package: old\nStatus: deinstall ok {state}\nVersion: 1\n"
    archive._save()
    row = host.row(package("old", wanted))
    assert (row["status"], row["before"]) == ("changed", before)
