"""The kind file: content, owner and mode, in one step, and never through a link that someone else placed."""

import os
from pathlib import Path

import pytest
from linux_policy import atomic
from linux_policy.atomic import Attributes
from linux_policy.folders import folder_of
from linux_policy.model import HostError
from linux_policy.system import System
from linux_sandbox import Sandbox, after, said

HELLO = "6 bytes, SHA-256 5891b5b522d5"


def file(path: str, **fields: object) -> dict[str, object]:
    return {"id": path, "kind": "file", "path": path, **fields}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(place: Path) -> str:
    return f"{place.stat().st_mode & 0o7777:04o}"


def test_content_owner_and_mode_are_set_and_then_compliant(host: Sandbox) -> None:
    setting = file("/etc/a/motd", content="hello\n", owner="root", group="root", mode="0640")
    wanted = f"{HELLO}, owner root, group root, mode 0640"
    assert after(host.row(setting, check=True)) == ("noncompliant", "<absent>", wanted)
    assert not host.path("/etc/a").exists()
    assert after(host.row(setting)) == ("changed", "<absent>", wanted)
    assert (host.text("/etc/a/motd"), mode(host.path("/etc/a/motd"))) == ("hello\n", "0640")
    assert after(host.row(setting)) == ("compliant", wanted, wanted)


def test_what_is_not_asked_for_stays(host: Sandbox) -> None:
    place = host.file("/etc/motd", "old\n", 0o604)
    os.setxattr(place, "user.note", b"kept")
    row = host.row(file("/etc/motd", content="hello\n"))
    assert after(row) == ("changed", "4 bytes, SHA-256 01d09d19c213", HELLO)
    assert (mode(place), os.getxattr(place, "user.note")) == ("0604", b"kept")


def test_only_the_mode_changes_where_only_the_mode_is_asked(host: Sandbox) -> None:
    place = host.file("/etc/shadow", "x\n", 0o644)
    number = place.stat().st_ino
    assert after(host.row(file("/etc/shadow", mode="0640"))) == ("changed", "mode 0644", "mode 0640")
    assert (place.stat().st_ino, mode(place)) == (number, "0640")


def test_a_new_file_gets_the_usual_mode_whatever_the_umask(host: Sandbox) -> None:
    before = os.umask(0o077)
    try:
        host.rows(file("/etc/new/a", content="x"), file("/etc/dir", state="directory"))
    finally:
        os.umask(before)
    assert [mode(host.path(path)) for path in ("/etc/new", "/etc/new/a", "/etc/dir")] == ["0755", "0644", "0755"]


def test_folders_come_before_what_is_in_them_and_go_after_it(host: Sandbox) -> None:
    host.file("/etc/old/a", "x")
    rows = host.rows(
        file("/etc/old", state="absent"),
        file("/etc/old/a", state="absent"),
        file("/etc/new/a", content="x"),
        file("/etc/new", state="directory", mode="0700"),
    )
    assert {row["status"] for row in rows.values()} == {"changed"}
    assert (host.path("/etc/old").exists(), mode(host.path("/etc/new"))) == (False, "0700")


def test_a_folder_that_is_not_empty_stays(host: Sandbox) -> None:
    host.file("/etc/old/a", "x")
    row = host.row(file("/etc/old", state="absent"))
    assert row["status"] == "failed"
    assert row["message"] == "old: Directory not empty"


def test_a_mode_is_set_of_a_file_that_a_line_of_the_same_run_creates(host: Sandbox) -> None:
    line = {"id": "line", "kind": "config_line", "path": "/etc/x.conf", "key": "a", "value": "1"}
    setting = file("/etc/x.conf", mode="0600")
    rows = host.rows(setting, line, check=True)
    assert rows["/etc/x.conf"]["message"] == "there is no such file, which settings that come first may change"
    rows = host.rows(setting, line)
    assert after(rows["/etc/x.conf"]) == ("changed", "<absent>", "mode 0600")
    assert mode(host.path("/etc/x.conf")) == "0600"


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"mode": "0600"}, "there is no such file"),
        ({"content": "", "owner": "nobody-here"}, "there is no account nobody-here"),
        ({"content": "", "group": "nobody-here"}, "there is no group nobody-here"),
    ],
)
def test_what_the_host_lacks_is_said(host: Sandbox, fields: dict[str, object], message: str) -> None:
    host.answers["getent"] = said(code=2)
    row = host.row(file("/etc/x", **fields))
    assert (row["status"], row["message"]) == ("failed", message)
    assert not host.path("/etc/x").exists()


def test_an_account_of_a_directory_can_own_a_file(host: Sandbox) -> None:
    host.answers["getent passwd d.admin"] = said(f"d.admin:*:{os.getuid()}:1:::\n")
    row = host.row(file("/etc/x", content="", owner="d.admin"))
    assert after(row) == ("changed", "<absent>", "0 bytes, SHA-256 e3b0c44298fc, owner d.admin")


def test_if_present_is_compliant_where_nothing_is(host: Sandbox) -> None:
    row = host.row(file("/boot/grub.cfg", mode="0600", if_present=True))
    assert row["status"] == "compliant"
    assert row["message"] == "nothing is there to set this of"


@pytest.mark.parametrize(
    "state, shown", [("directory", "a file, expected a directory"), ("file", "a symbolic link, expected a file")]
)
def test_what_is_something_else_is_left_alone(host: Sandbox, state: str, shown: str) -> None:
    if state == "directory":
        host.file("/etc/x", "kept")
    else:
        host.file("/etc/kept", "kept")
        host.path("/etc/x").symlink_to("kept")
    row = host.row(file("/etc/x", state=state, mode="0700"))
    assert (row["status"], row["message"]) == ("failed", f"/etc/x is {shown}")
    assert host.path("/etc/x").read_text() == "kept"


def test_an_absent_link_goes_and_what_it_leads_to_stays(host: Sandbox) -> None:
    host.file("/etc/kept", "kept")
    host.path("/etc/x").symlink_to("kept")
    assert after(host.row(file("/etc/x", state="absent"))) == ("changed", "link", "<absent>")
    assert (host.path("/etc/x").is_symlink(), host.text("/etc/kept")) == (False, "kept")


def test_a_link_in_a_folder_of_root_is_followed_within_the_root(host: Sandbox) -> None:
    host.path("/run/lock").mkdir()
    host.path("/var/lock").symlink_to("/run/lock")
    host.row(file("/var/lock/x", content="x"))
    assert host.text("/run/lock/x") == "x"


def test_a_link_that_others_could_have_placed_is_not_followed(host: Sandbox) -> None:
    host.path("/tmp").mkdir()
    host.path("/tmp").chmod(0o1777)
    host.path("/tmp/way").symlink_to("/etc")
    row = host.row(file("/tmp/way/passwd", content="x"))
    assert row["status"] == "failed"
    assert (
        row["message"] == "/tmp/way is a symbolic link in a folder that others than root can write; it is not followed"
    )
    assert host.text("/etc/passwd").startswith("root:")


def test_links_without_end_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(HostError) as refused, folder_of(str(tmp_path), "/a/x"):
        pass
    assert str(refused.value) == "/a: more than 40 symbolic links"


def test_a_sudoers_file_that_visudo_refuses_is_not_written(host: Sandbox) -> None:
    host.file("/etc/sudoers.d/x", "root ALL=(ALL) ALL\n", 0o440)
    host.answers["visudo -cf"] = lambda *command, text: said(code=1, error=f"{command[2]}:1:4: syntax error\n")
    row = host.row(file("/etc/sudoers.d/x", content="all of it"))
    assert (row["status"], row["message"]) == ("failed", "visudo refuses it: sudoers:1:4: syntax error")
    assert host.text("/etc/sudoers.d/x") == "root ALL=(ALL) ALL\n"
    assert list(host.path("/run").iterdir()) == []


def test_faults_that_fstab_has_already_do_not_count(host: Sandbox) -> None:
    host.file("/etc/fstab", "old\n")
    faults = {"old": "/x\n   [E] unreachable: /dev/a\n", "new": "/x\n   [E] unreachable: /dev/a\n"}
    host.answers["findmnt"] = lambda *command, text: said(faults[command[-1].rpartition("/")[2]], code=1)
    host.answers["systemctl daemon-reload"] = said()
    assert host.row(file("/etc/fstab", content="new\n"))["status"] == "changed"
    faults["new"] += "   [E] parse error: 1\n"
    row = host.row(file("/etc/fstab", content="newer\n"))
    assert (row["status"], row["message"]) == ("failed", "findmnt refuses it: [E] parse error: 1")


def test_a_unit_is_checked_and_a_drop_in_with_the_unit_that_it_is_for(host: Sandbox) -> None:
    checked: list[list[str]] = []

    def verify(*command: str, text: str) -> object:
        folder = Path(command[-1]).parent
        checked.append(sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()))
        return said(code=1, error=f"{command[-1]}:2: Unknown key name 'Exec'") if len(checked) == 1 else said()

    host.answers["systemd-analyze verify --man=no --recursive-errors=no"] = verify  # type: ignore[assignment]
    host.answers["systemctl daemon-reload"] = said()
    host.file("/usr/lib/systemd/system/cron.service", "[Service]\n")
    rows = host.rows(
        file("/etc/systemd/system/a.service", content="[Service]\nExec=x\n"),
        file("/etc/systemd/system/cron.service.d/x.conf", content="[Service]\n"),
        file("/etc/systemd/system/none.service.d/x.conf", content="[Service]\n"),
    )
    assert checked == [["a.service"], ["cron.service", "cron.service.d/x.conf"]]
    assert [row["status"] for row in rows.values()] == ["failed", "changed", "changed"]
    message = "systemd-analyze refuses it: a.service:2: Unknown key name 'Exec'"
    assert rows["/etc/systemd/system/a.service"]["message"] == message
    assert host.commands.count("systemctl daemon-reload") == 1


def test_a_program_is_there_before_the_unit_that_starts_it_is_checked(host: Sandbox) -> None:
    host.answers["systemctl daemon-reload"] = said()
    host.answers["systemd-analyze verify"] = lambda *command, text: said(code=int(not host.path("/srv/start").exists()))
    rows = host.rows(
        file("/etc/systemd/system/a.service", content="[Service]\nExecStart=/srv/start\n"),
        file("/srv/start", content="#!/bin/sh\n", mode="0755"),
    )
    assert {row["status"] for row in rows.values()} == {"changed"}


def test_a_file_with_a_second_name_that_someone_else_could_have_given_it_keeps_its_owner(host: Sandbox) -> None:
    secret = host.file("/etc/shadow", "x", 0o600)
    host.path("/tmp").mkdir()
    host.path("/tmp").chmod(0o1777)
    host.path("/tmp/mine").hardlink_to(secret)
    row = host.row(file("/tmp/mine", mode="0644"))
    message = "/tmp/mine has more than one name, and others than root can write in its folder"
    assert (row["status"], row["message"], mode(secret)) == ("failed", message, "0600")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(host: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    host.file("/etc/motd", "old\n")
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    row = host.row(file("/etc/motd", content="hello\n"))
    assert (row["status"], row["message"]) == ("failed", "No space left on device")
    monkeypatch.undo()
    assert (host.text("/etc/motd"), names(host.path("/etc"))) == (
        "old\n",
        ["group", "motd", "passwd"],
    )


def test_what_a_killed_run_left_of_a_file_goes_when_it_is_written_again(host: Sandbox) -> None:
    host.file("/etc/.motd.0123abcd.werkplek", "half")
    host.file("/etc/.motd.notours.werkplek", "kept")
    host.row(file("/etc/motd", content="hello\n"))
    assert names(host.path("/etc")) == [
        ".motd.notours.werkplek",
        "group",
        "motd",
        "passwd",
    ]


def test_access_rights_are_set_before_the_file_is_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    rename = os.rename

    def look(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        seen.append(mode(tmp_path / source))
        rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(atomic.os, "rename", look)
    System(str(tmp_path)).replace("/x", b"secret", Attributes(mode=0o600))
    assert (seen, mode(tmp_path / "x")) == (["0600"], "0600")


def test_a_drop_in_of_a_masked_unit_is_checked_with_the_unit_below_the_mask(host: Sandbox) -> None:
    host.answers["systemd-analyze verify --man=no --recursive-errors=no"] = said()
    host.answers["systemctl daemon-reload"] = said()
    host.file("/usr/lib/systemd/system/cron.service", "[Service]\n")
    mask = host.file("/etc/systemd/system/cron.service", "")
    mask.unlink()
    mask.symlink_to("/dev/null")
    device = host.file("/dev/null", "")
    device.unlink()
    os.mkfifo(device)  # like the device, no regular file
    row = host.row(file("/etc/systemd/system/cron.service.d/x.conf", content="[Service]\n"))
    assert (row["status"], row.get("message")) == ("changed", None)
