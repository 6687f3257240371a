"""The kind mount_option: an option in force now, and at the next boot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linux_policy.mount_tables import escaped, has, mounts_of, unescaped, unit_name, with_option, with_table_options
from linux_sandbox import Sandbox, after, said

FSTAB = """\
# /etc/fstab
UUID=1 /     ext4  errors=remount-ro 0 1
UUID=2 /home ext4\tdefaults,nosuid\t0 2 # people
/dev/sr0 /media/my\\040disc udf,iso9660 user,noauto
"""
MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
23 22 0:21 / /dev/shm rw,nosuid,nodev shared:2 - tmpfs tmpfs rw,inode64
24 22 8:2 / /home rw,nosuid,relatime shared:3 - ext4 /dev/sda2 rw,usrquota
25 22 0:30 / /tmp rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,size=1024k
26 22 0:31 / /srv/by-hand rw - tmpfs tmpfs rw
"""
HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"


def mount(path: str, option: str, state: str = "present") -> dict[str, object]:
    return {"id": f"{path} {option}", "kind": "mount_option", "path": path, "option": option, "state": state}


@pytest.fixture
def host(host: Sandbox) -> Sandbox:
    host.file("/proc/self/mountinfo", MOUNTS)
    host.file("/etc/fstab", FSTAB)

    def remount(*command: str, text: str) -> object:
        options, path = command[2].split(","), command[3]
        now = mounts_of(host.text("/proc/self/mountinfo"))[path]
        wanted = list(now.options)
        for option in options:
            if option not in ("remount", "bind"):
                wanted = with_option(wanted, option, present=True)
        wanted = [option for option in wanted if option not in ("dev", "suid", "exec")]
        lines = host.text("/proc/self/mountinfo").splitlines(keepends=True)
        own = ",".join(wanted)
        kept = [f"1 1 0:1 / {path} {own} - x x rw\n" if f" {path} " in line else line for line in lines]
        host.file("/proc/self/mountinfo", "".join(kept))
        return said()

    host.answers |= {
        "mount": remount,
        "findmnt": said(),
        "systemctl daemon-reload": said(),
        "systemd-analyze verify": said(),
    }  # type: ignore[dict-item]
    return host


def mounted(host: Sandbox) -> list[str]:
    return [command for command in host.commands if command.startswith("mount")]


def test_options_of_a_mount_in_fstab_are_set_there_and_by_one_remount(host: Sandbox) -> None:
    settings = (mount("/home", "nodev"), mount("/home", "nosuid"), mount("/home", "noexec"))
    rows = host.rows(*settings)
    assert [after(row) for row in rows.values()] == [
        ("changed", "not set", "set"),
        ("compliant", "set", "set"),
        ("changed", "not set", "set"),
    ]
    assert host.text("/etc/fstab") == FSTAB.replace("defaults,nosuid", "defaults,nosuid,nodev,noexec")
    assert mounted(host) == ["mount -o remount,bind,nosuid,relatime,nodev,noexec /home"]
    assert "systemctl daemon-reload" in host.commands
    assert {row["status"] for row in host.rows(*settings).values()} == {"compliant"}


def test_an_option_goes_from_the_table_and_the_mount(host: Sandbox) -> None:
    assert after(host.row(mount("/home", "nosuid", "absent"))) == ("changed", "set", "not set")
    assert host.text("/etc/fstab") == FSTAB.replace("defaults,nosuid", "defaults")
    assert mounted(host) == ["mount -o remount,bind,relatime,suid /home"]


def test_the_opposite_of_an_option_is_its_absence(host: Sandbox) -> None:
    assert host.row(mount("/home", "dev"))["status"] == "compliant"
    assert after(host.row(mount("/home", "suid"))) == ("changed", "not set", "set")
    assert mounted(host) == ["mount -o remount,bind,relatime,suid /home"]


def test_what_is_set_now_and_not_at_boot_is_kept_without_a_remount(host: Sandbox) -> None:
    host.file("/etc/fstab", FSTAB.replace("defaults,nosuid", "defaults"))
    assert after(host.row(mount("/home", "nosuid"))) == ("changed", "set now, not set at boot", "set")
    assert (host.text("/etc/fstab"), mounted(host)) == (FSTAB, [])


def test_what_systemd_mounts_first_gets_an_entry_with_the_options_that_it_has(host: Sandbox) -> None:
    rows = host.rows(mount("/dev/shm", "noexec"), mount("/dev/shm", "nodev"))
    assert [after(row) for row in rows.values()] == [("changed", "not set", "set"), ("compliant", "set", "set")]
    assert host.text("/etc/fstab") == f"{FSTAB}tmpfs /dev/shm tmpfs nosuid,nodev,noexec 0 0\n"


def test_what_a_unit_mounts_gets_a_drop_in_beside_it(host: Sandbox) -> None:
    host.file("/usr/lib/systemd/system/tmp.mount", "[Mount]\nOptions=mode=1777,nosuid,nodev,size=50%%\n")
    assert after(host.row(mount("/tmp", "noexec"))) == ("changed", "not set", "set")
    assert host.text("/etc/systemd/system/tmp.mount.d/60-werkplek.conf") == (
        f"{HEADER}[Mount]\nOptions=mode=1777,nosuid,nodev,size=50%%,noexec\n"
    )
    assert host.row(mount("/tmp", "noexec"))["status"] == "compliant"
    host.file("/etc/systemd/system/tmp.mount.d/90-own.conf", "[Mount]\nOptions=nosuid\n")
    row = host.row(mount("/tmp", "noexec"))
    assert (row["status"], row["before"]) == ("failed", "set now, not set at boot")


def test_what_nothing_mounts_at_boot_is_unsupported(host: Sandbox) -> None:
    row = host.row(mount("/srv/by-hand", "nodev"))
    message = "neither /etc/fstab nor a unit of systemd mounts it, so nothing would keep it"
    assert (row["status"], row["before"], row["message"]) == ("unsupported", "not set now, unknown at boot", message)


def test_a_path_that_is_no_mount_is_unsupported(host: Sandbox) -> None:
    row = host.row(mount("/var", "nodev"))
    assert (row["status"], row["before"], row["message"]) == (
        "unsupported",
        "no mount",
        "no file system is mounted here",
    )


def test_an_option_of_the_file_system_is_a_remount_of_all_of_it(host: Sandbox) -> None:
    assert host.row(mount("/home", "usrquota"))["before"] == "set now, not set at boot"
    assert host.row(mount("/home", "grpquota"))["status"] == "changed"
    assert mounted(host) == ["mount -o remount,grpquota /home"]
    row = host.row(mount("/home", "usrquota", "absent"))
    assert row["status"] == "failed"
    assert row["message"] == ("taken out of the table; a mount that has this option keeps it until it is mounted anew")


def test_a_table_that_findmnt_refuses_stays(host: Sandbox) -> None:
    def findmnt(*command: str, text: str) -> object:
        return said("  [E] wrong\n", code=1) if command[-1].endswith("/new") else said()

    host.answers["findmnt"] = findmnt  # type: ignore[assignment]
    row = host.row(mount("/home", "nodev"))
    assert (row["status"], row["message"]) == ("failed", "findmnt refuses it: [E] wrong")
    assert (host.text("/etc/fstab"), mounted(host)) == (FSTAB, [])


def test_a_remount_that_fails_is_told(host: Sandbox) -> None:
    host.answers["mount"] = said(code=32, error="mount: /home: permission denied.\n")
    row = host.row(mount("/home", "nodev"))
    assert row == {
        "status": "failed",
        "before": "not set",
        "after": "not set now, set at boot",
        "message": "mount -o remount,bind,nosuid,relatime,nodev: mount: /home: permission denied.",
    }


@pytest.mark.parametrize(
    "path, unit",
    [
        ("/", "-.mount"),
        ("/tmp", "tmp.mount"),
        ("/var/log/a-b", "var-log-a\\x2db.mount"),
        ("/.x/é", "\\x2ex-\\xc3\\xa9.mount"),
    ],
)
def test_a_path_as_a_unit(path: str, unit: str) -> None:
    assert unit_name(path) == unit


def test_only_the_options_field_changes() -> None:
    changed = with_table_options(FSTAB, "/media/my disc", ["user"])
    assert changed == FSTAB.replace("user,noauto", "user")
    assert with_table_options("a /b c\n", "/b", ["x", "y"]) == "a /b c x,y\n"


@given(st.text())
def test_escaping_a_path_can_be_undone(path: str) -> None:
    assert unescaped(escaped(path)) == path
    assert not set(escaped(path)) & set(" \t\n#")


@given(
    st.lists(st.sampled_from(["nodev", "dev", "noexec", "size=1", "defaults"]), unique=True),
    st.sampled_from(["nodev", "dev", "size=2"]),
)
def test_an_option_that_is_set_is_there_once_and_without_its_opposite(options: list[str], option: str) -> None:
    wanted = with_option(options, option, present=True)
    assert has(wanted, option)
    assert with_option(wanted, option, present=True) == [*[one for one in wanted if one != option], option]
    assert not has(with_option(wanted, option, present=False), option) or option == "dev"
