"""The kind kernel_module: kept from loading, or loaded, in files and in the kernel."""

import pytest
from linux_sandbox import Sandbox, after, said

BLOCKED = "/etc/modprobe.d/60-werkplek.conf"
LOADED = "/etc/modules-load.d/60-werkplek.conf"
HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"


def module(name: str, state: str = "blocked", **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "kernel_module", "name": name, "state": state, **fields}


@pytest.fixture
def kernel(host: Sandbox) -> Sandbox:
    """usb_storage can be unloaded, nfs is in use; modprobe does as it is told."""
    host.file("/proc/sys/kernel/osrelease", "6.1.0-1-amd64\n")
    host.file("/proc/modules", "usb_storage 94208 0 - Live 0x0\nnfs 1 2 - Live 0x0\nfirm 1 0 [permanent], Live 0x0\n")

    def modprobe(*command: str, text: str) -> object:
        lines = host.text("/proc/modules").splitlines(keepends=True)
        name = command[-1].replace("-", "_")
        if "-r" in command:
            lines = [line for line in lines if not line.startswith(f"{name} ")]
        else:
            lines.append(f"{name} 1 0 - Live 0x0\n")
        host.file("/proc/modules", "".join(lines))
        return said()

    host.answers["modprobe"] = modprobe  # type: ignore[assignment]
    return host


def test_modules_are_blocked_in_one_file_and_unloaded(kernel: Sandbox) -> None:
    settings = (module("cramfs"), module("usb-storage"))
    rows = kernel.rows(*settings)
    assert [after(row) for row in rows.values()] == [
        ("changed", "not blocked", "blocked"),
        ("changed", "not blocked, loaded", "blocked"),
    ]
    assert kernel.text(BLOCKED) == (
        f"{HEADER}install cramfs /bin/false\nblacklist cramfs\ninstall usb-storage /bin/false\nblacklist usb-storage\n"
    )
    assert kernel.commands == ["modprobe -r -- usb-storage"]
    assert {row["status"] for row in kernel.rows(*settings).values()} == {"compliant"}


@pytest.mark.parametrize("name", ["nfs", "firm"])
def test_a_module_that_cannot_be_unloaded_asks_for_a_restart(kernel: Sandbox, name: str) -> None:
    reason = "the module is in use, and loaded until the next start"
    kernel.answers["modprobe"] = said(code=1, error="modprobe: FATAL: Module is in use.")
    for status, before in (("changed", "not blocked, loaded"), ("compliant", "blocked, loaded")):
        result = kernel.run(module(name))
        assert result["reboot_because"] == [f"{name}: {reason}"]
        assert (
            f'"status":"{status}","before":"{before}","after":"blocked, loaded","message":"{reason}"'
            in result["settings"]
        )


def test_in_a_container_the_module_is_its_hosts(kernel: Sandbox) -> None:
    kernel.file("/run/systemd/container", "systemd-nspawn\n")
    row = kernel.row(module("usb-storage"))
    assert after(row) == ("changed", "not blocked, loaded", "blocked, loaded")
    assert (row["message"], kernel.commands) == ("the host of this container has it loaded", [])
    row = kernel.row(module("wireguard", "loaded"))
    assert (row["status"], row["message"]) == ("unsupported", "a container loads no kernel modules")


def test_what_is_built_in_cannot_be_blocked(kernel: Sandbox) -> None:
    kernel.file("/usr/lib/modules/6.1.0-1-amd64/modules.builtin", "kernel/fs/ext4/ext4.ko\nkernel/usb-serial.ko\n")
    kernel.path("/lib").symlink_to("usr/lib")
    row = kernel.row(module("usb_serial"))
    message = "this kernel has it built in, which nothing can block"
    assert (row["status"], row["before"], row["message"]) == ("unsupported", "built in", message)
    assert after(kernel.row(module("ext4", "loaded"))) == ("compliant", "loaded", "loaded")


def test_an_earlier_file_that_loads_the_module_after_all_is_named(kernel: Sandbox) -> None:
    kernel.file(
        "/etc/modprobe.d/10-own.conf", "install hfs /sbin/modprobe --ignore-install hfs\n install udf /bin/true\n"
    )
    kernel.file("/usr/lib/modprobe.d/99-late.conf", "install cramfs /sbin/modprobe cramfs\n")
    rows = kernel.rows(module("hfs"), module("udf"), module("cramfs"))
    assert rows["hfs"]["status"] == "failed"
    assert rows["hfs"]["message"] == (
        "/etc/modprobe.d/10-own.conf comes first and loads it by: /sbin/modprobe --ignore-install hfs"
    )
    assert [rows[name]["status"] for name in ("udf", "cramfs")] == ["changed", "changed"]


def test_a_module_is_loaded_now_and_at_boot(kernel: Sandbox) -> None:
    assert after(kernel.row(module("wireguard", "loaded"))) == ("changed", "not loaded, not at boot", "loaded")
    assert kernel.text(LOADED) == f"{HEADER}wireguard\n"
    assert kernel.commands == ["modprobe -- wireguard"]
    assert kernel.row(module("wireguard", "loaded"))["status"] == "compliant"


def test_a_module_that_does_not_load_is_told(kernel: Sandbox) -> None:
    kernel.answers["modprobe"] = said(
        code=1, error="modprobe: FATAL: Module nowhere not found in directory /lib/modules/6\n"
    )
    row = kernel.row(module("nowhere", "loaded"))
    assert row["status"] == "failed"
    assert row["message"] == "modprobe: modprobe: FATAL: Module nowhere not found in directory /lib/modules/6"


def test_lines_of_an_earlier_policy_go_and_what_is_waived_stays(kernel: Sandbox) -> None:
    kernel.file(BLOCKED, "install old /bin/false\nblacklist old\nblacklist hfs\n")
    rows = kernel.rows(module("hfs", observe="waived"), module("udf"))
    assert after(rows["hfs"]) == ("waived", "not blocked", "not blocked")
    assert (
        rows["udf"]["message"] == "takes away what no setting asks for any more: install old /bin/false | blacklist old"
    )
    assert kernel.text(BLOCKED) == f"{HEADER}blacklist hfs\ninstall udf /bin/false\nblacklist udf\n"
