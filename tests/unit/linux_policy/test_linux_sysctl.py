"""The kind sysctl: the kernel and the file that sets it at boot, compared and mended together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linux_policy.model import HostError
from linux_policy.sysctl import assignments, place_of
from linux_policy.system import System
from linux_sandbox import Sandbox, after

FILE = "/etc/sysctl.d/60-werkplek.conf"
HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"


def sysctl(name: str, value: str, **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "sysctl", "name": name, "value": value, **fields}


@pytest.fixture
def kernel(host: Sandbox) -> Sandbox:
    host.file("/proc/sys/kernel/kptr_restrict", "0\n")
    host.file("/proc/sys/net/ipv4/ip_forward", "1\n")
    host.file("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n")
    return host


def test_kernel_and_file_are_mended_together(kernel: Sandbox) -> None:
    settings = (sysctl("kernel.kptr_restrict", "2"), sysctl("net/ipv4/ip_forward", "0"))
    rows = kernel.rows(*settings)
    assert [after(row) for row in rows.values()] == [
        ("changed", "0 now, not set at boot", "2"),
        ("changed", "1 now, not set at boot", "0"),
    ]
    assert kernel.text(FILE) == f"{HEADER}kernel.kptr_restrict = 2\nnet/ipv4/ip_forward = 0\n"
    assert kernel.text("/proc/sys/kernel/kptr_restrict") == "2"
    assert {row["status"] for row in kernel.rows(*settings).values()} == {"compliant"}
    assert kernel.commands == []


@pytest.mark.parametrize(
    "live, kept, before",
    [
        ("2\n", "", "2 now, not set at boot"),
        ("1\n", "kernel.kptr_restrict=2\n", "1 now, 2 at boot"),
        ("2\n", "kernel.kptr_restrict = 2\nkernel/kptr_restrict = 2\n", "2 now, 2 | 2 at boot"),
        ("1\n", "-kernel.kptr_restrict = 1\n", "1"),
    ],
)
def test_what_is_not_as_wanted_is_told(kernel: Sandbox, live: str, kept: str, before: str) -> None:
    kernel.file("/proc/sys/kernel/kptr_restrict", live)
    kernel.file(FILE, kept)
    assert after(kernel.row(sysctl("kernel.kptr_restrict", "2"))) == ("changed", before, "2")
    assert kernel.text(FILE) == f"{HEADER}kernel.kptr_restrict = 2\n"


def test_tabs_and_spaces_are_the_same(kernel: Sandbox) -> None:
    kernel.file(FILE, "net.ipv4.tcp_rmem = 4096 131072  6291456\n")
    row = kernel.row(sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456"))
    assert row["status"] == "compliant"


def test_a_parameter_that_the_kernel_lacks_is_unsupported(kernel: Sandbox) -> None:
    row = kernel.row(sysctl("kernel.yama.ptrace_scope", "1"))
    assert row == {
        "status": "unsupported",
        "before": "<absent>",
        "after": "<absent>",
        "message": "this kernel has no such parameter",
    }
    assert not kernel.path(FILE).exists()


def test_a_parameter_that_cannot_be_written_here_is_unsupported(
    kernel: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(System, "writable", lambda *_: False)
    rows = kernel.rows(sysctl("kernel.kptr_restrict", "2"), sysctl("net.ipv4.ip_forward", "1"))
    assert rows["kernel.kptr_restrict"]["status"] == "unsupported"
    assert rows["kernel.kptr_restrict"]["message"] == "this parameter cannot be written here, as in a container"
    assert after(rows["net.ipv4.ip_forward"]) == ("changed", "1 now, not set at boot", "1")
    assert kernel.text(FILE) == f"{HEADER}net.ipv4.ip_forward = 1\n"


def test_a_later_file_that_sets_another_value_is_named(kernel: Sandbox) -> None:
    kernel.file("/usr/lib/sysctl.d/99-vendor.conf", "kernel.kptr_restrict = 1\nkernel.*=0\n")
    kernel.file("/usr/lib/sysctl.d/98-hidden.conf", "net.ipv4.ip_forward = 1\n")
    kernel.path("/etc/sysctl.d").mkdir()
    kernel.path("/etc/sysctl.d/98-hidden.conf").symlink_to("/dev/null")
    kernel.file("/usr/lib/sysctl.d/10-early.conf", "net.ipv4.ip_forward = 1\n")
    rows = kernel.rows(sysctl("kernel.kptr_restrict", "2"), sysctl("net.ipv4.ip_forward", "0"))
    assert rows["kernel.kptr_restrict"]["status"] == "failed"
    assert rows["kernel.kptr_restrict"]["message"] == "/usr/lib/sysctl.d/99-vendor.conf is read later and sets 1"
    assert rows["net.ipv4.ip_forward"]["status"] == "changed"


def test_the_main_file_that_debian_12_links_last_counts(kernel: Sandbox) -> None:
    kernel.file("/etc/sysctl.conf", "net.ipv4.ip_forward=1\n")
    kernel.path("/etc/sysctl.d").mkdir()
    kernel.path("/etc/sysctl.d/99-sysctl.conf").symlink_to("../sysctl.conf")
    row = kernel.row(sysctl("net.ipv4.ip_forward", "0"))
    assert row["message"] == "/etc/sysctl.d/99-sysctl.conf is read later and sets 1"


def test_lines_of_an_earlier_policy_go_and_the_first_setting_says_so(kernel: Sandbox) -> None:
    kernel.file("/proc/sys/kernel/kptr_restrict", "2\n")
    kernel.file(FILE, "kernel.sysrq = 0\nkernel.kptr_restrict = 2\nvm.x = 1\nnet.ipv4.ip_forward = 1\n")
    settings = (sysctl("net.ipv4.ip_forward", "0", observe="waived"), sysctl("kernel.kptr_restrict", "2"))
    rows = kernel.rows(*settings)
    assert after(rows["net.ipv4.ip_forward"]) == ("waived", "1", "1")
    assert rows["kernel.kptr_restrict"] == {
        "status": "changed",
        "before": "2",
        "after": "2",
        "message": "takes away what no setting asks for any more: kernel.sysrq = 0 | vm.x = 1",
    }
    # what is waived keeps the line that it has
    assert kernel.text(FILE) == f"{HEADER}net.ipv4.ip_forward = 1\nkernel.kptr_restrict = 2\n"
    assert kernel.rows(*settings)["kernel.kptr_restrict"] == {"status": "compliant", "before": "2", "after": "2"}


def test_what_forwarding_resets_is_set_again(kernel: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.file("/proc/sys/net/ipv4/conf/all/accept_redirects", "0\n")
    kernel.file(FILE, "net.ipv4.conf.all.accept_redirects = 0\n")
    write = System.write_live

    def reset(system: System, path: str, text: str) -> None:
        write(system, path, text)
        if path.endswith("ip_forward"):
            write(system, "/proc/sys/net/ipv4/conf/all/accept_redirects", "1")

    monkeypatch.setattr(System, "write_live", reset)
    rows = kernel.rows(sysctl("net.ipv4.conf.all.accept_redirects", "0"), sysctl("net.ipv4.ip_forward", "0"))
    assert [row["status"] for row in rows.values()] == ["compliant", "changed"]
    assert kernel.text("/proc/sys/net/ipv4/conf/all/accept_redirects") == "0"


def test_a_value_that_the_kernel_does_not_take_is_a_failure_of_its_own(
    kernel: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = System.write_live

    def refuse(system: System, path: str, text: str) -> None:
        if path.endswith("kptr_restrict"):
            raise OSError(22, "Invalid argument")
        write(system, path, "0" if path.endswith("ip_forward") else text)

    monkeypatch.setattr(System, "write_live", refuse)
    rows = kernel.rows(
        sysctl("kernel.kptr_restrict", "9"), sysctl("net.ipv4.tcp_rmem", "1 2 3"), sysctl("net.ipv4.ip_forward", "7")
    )
    assert rows["kernel.kptr_restrict"] == {
        "status": "failed",
        "before": "0 now, not set at boot",
        "after": "0 now, 9 at boot",
        "message": "Invalid argument",
    }
    assert rows["net.ipv4.ip_forward"]["message"] == "it was written, and is still 0 now, 7 at boot; expected 7"
    assert rows["net.ipv4.tcp_rmem"]["status"] == "changed"


@given(st.lists(st.text("ab_0", min_size=1, max_size=3), min_size=2, max_size=4))
def test_a_name_with_slashes_and_one_with_points_are_the_same_parameter(parts: list[str]) -> None:
    assert place_of(".".join(parts)) == place_of("/".join(parts)) == "/".join(parts)


def test_the_other_separator_stands_for_itself() -> None:
    assert place_of("net.ipv4.conf.eth0/100.rp_filter") == "net/ipv4/conf/eth0.100/rp_filter"
    assert place_of("net/ipv4/conf/eth0.100/rp_filter") == "net/ipv4/conf/eth0.100/rp_filter"


def test_patterns_and_comments_assign_nothing() -> None:
    text = "# a=1\n;b=1\nnet.*.x=1\n-c.d = 2\ne.f=\nnothing\n"
    assert list(assignments(text)) == [("c/d", "2"), ("e/f", "")]


def test_an_unreadable_file_fails_each_setting_with_the_reason(kernel: Sandbox) -> None:
    kernel.path("/etc/sysctl.d").mkdir()
    kernel.path(FILE).symlink_to("elsewhere")
    row = kernel.row(sysctl("kernel.kptr_restrict", "2"))
    assert row["status"] == "failed"
    assert row["message"] == f"{FILE} is a symbolic link (to elsewhere); it is not followed"
    with pytest.raises(HostError):
        kernel.system.text(FILE)
