"""What holds for every kind: check mode touches nothing, a fault hides no other, handlers run once."""

import ast
import json
from pathlib import Path

import pytest
from linux_policy import sysctl
from linux_policy.config_lines import ConfigLines
from linux_policy.files import Contents
from linux_policy.model import HostError
from linux_policy.system import System
from linux_sandbox import Sandbox, after, said
from linux_systemd import Systemd

ENGINE = Path(__file__).parents[3] / "module_utils" / "linux_policy"


def file(path: str, content: str = "new\n", **fields: object) -> dict[str, object]:
    return {"id": path, "kind": "file", "path": path, "content": content, **fields}


def line(path: str, **fields: object) -> dict[str, object]:
    return {"id": f"line of {path}", "kind": "config_line", "path": path, "key": "a", "value": "1", **fields}


@pytest.fixture
def host(host: Sandbox) -> Sandbox:
    host.systemd = Systemd(host, cron_service=("enabled", "active/running"), off_service=("disabled", "inactive"))  # type: ignore[attr-defined]
    return host


def ran(result: dict[str, object]) -> list[tuple[str, list[str], str | None]]:
    return [(one["name"], one["because"], one["failed"]) for one in result["handlers"]]  # type: ignore[attr-defined]


def test_the_answer_has_a_row_for_each_setting_in_the_order_of_the_request(host: Sandbox) -> None:
    settings = (line("/etc/b"), file("/etc/c"), line("/etc/a"))
    rows = json.loads(host.run(*settings)["settings"])
    assert [row["id"] for row in rows] == ["line of /etc/b", "/etc/c", "line of /etc/a"]


def test_an_answer_without_a_change_says_so_and_nothing_more(host: Sandbox) -> None:
    host.file("/etc/a", "a=1\n")
    assert host.run(line("/etc/a")) == {
        "changed": False,
        "settings": '[{"id":"line of /etc/a","status":"compliant","before":"a=1","after":"a=1"}]',
        "handlers": [],
        "reboot_required": False,
        "reboot_because": [],
        "warnings": [],
    }


def test_check_mode_touches_nothing_and_tells_what_would_run(host: Sandbox) -> None:
    host.file("/etc/b", "a=0\n")
    before = host.files()
    settings = (
        file("/etc/a", after=["restart cron.service", "reboot"]),
        line("/etc/b", after=["restart cron.service"]),
    )
    result = host.run(*settings, check=True)
    assert result["changed"]
    assert ran(result) == [("restart cron.service", ["/etc/a", "line of /etc/b"], None)]
    assert result["reboot_because"] == ["/etc/a takes effect at the next start"]
    assert host.files() == before
    assert [command.split()[1] for command in host.commands] == ["show"]


def test_a_handler_runs_once_after_all_writes_for_all_that_ask(host: Sandbox) -> None:
    host.file("/etc/d", "a=1\n")
    settings = (
        file(
            "/etc/a", after=["reload cron.service", "restart cron.service", "restart off.service", "restart no.service"]
        ),
        line("/etc/b", after=["restart cron.service"]),
        line("/etc/d", after=["reload cron.service"]),
    )
    result = host.run(*settings)
    assert ran(result) == [
        ("reload cron.service", ["/etc/a"], None),
        ("restart cron.service", ["/etc/a", "line of /etc/b"], None),
    ]
    assert [command for command in host.commands if "show" not in command] == [
        "systemctl reload cron.service",
        "systemctl restart cron.service",
    ]
    assert ran(host.run(*settings)) == []


def test_tools_run_before_services_and_a_new_unit_file_is_read_first(host: Sandbox) -> None:
    host.program("update-grub", "update-initramfs", "udevadm")
    host.systemd.units["systemd-udevd.service"] = ("static", "active/running")  # type: ignore[attr-defined]
    host.answers |= {name: said() for name in ("update-grub", "update-initramfs", "udevadm", "systemd-analyze verify")}
    handlers = ["restart cron.service", "udev-reload", "update-grub", "update-initramfs"]
    host.run(file("/etc/systemd/system/x.service", after=handlers))
    acts = [command for command in host.commands if not command.startswith(("systemctl show", "systemd-analyze"))]
    assert acts == [
        "systemctl daemon-reload",
        "update-initramfs -u -k all",
        "update-grub",
        "udevadm control --reload",
        "udevadm trigger",
        "systemctl restart cron.service",
    ]


def test_a_setting_that_takes_effect_by_a_tool_that_is_not_there_is_unsupported(host: Sandbox) -> None:
    row = host.row(file("/etc/default/grub", after=["update-grub"]))
    assert (row["status"], row["message"]) == ("unsupported", "update-grub is not on this host")
    assert not host.path("/etc/default/grub").exists()


def test_a_handler_that_fails_fails_its_settings_and_is_owed_until_it_ran(host: Sandbox) -> None:
    refuses = host.systemd.refuses  # type: ignore[attr-defined]
    refuses["restart cron.service"] = "Job for cron.service failed.\n"
    setting = file("/etc/a", after=["restart cron.service"])
    result = host.run(setting, line("/etc/b"))
    assert ran(result) == [("restart cron.service", ["/etc/a"], "Job for cron.service failed.")]
    rows = json.loads(result["settings"])
    assert rows[0]["status"] == "failed"
    assert rows[0]["message"] == "restart cron.service: Job for cron.service failed."
    assert rows[1]["status"] == "changed"

    assert host.row(setting)["status"] == "failed"
    before = host.files()
    row = host.row(setting, check=True)
    due = "restart cron.service was still due from an earlier run"
    assert (row["status"], row["message"], host.files()) == ("noncompliant", due, before)

    refuses.clear()
    assert ran(host.run(setting, check=True)) == [("restart cron.service", ["/etc/a"], None)]
    assert host.row(setting)["message"] == due
    assert host.row(setting)["status"] == "compliant"
    assert not host.path("/var/lib/werkplek/handlers.json").exists()


def test_a_run_that_is_killed_before_its_handlers_leaves_them_to_the_next(
    host: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = file("/etc/a", after=["restart cron.service"])
    host.answers["systemctl"] = lambda *command, text: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        host.run(setting)
    assert host.text("/etc/a") == "new\n"
    host.answers["systemctl"] = host.systemd.answer  # type: ignore[attr-defined]
    row = host.row(setting)
    assert (row["status"], row["message"]) == ("changed", "restart cron.service was still due from an earlier run")
    assert host.row(setting)["status"] == "compliant"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '"x"'])
def test_a_damaged_memory_of_handlers_is_none(host: Sandbox, text: str) -> None:
    host.file("/var/lib/werkplek/handlers.json", text)
    host.file("/etc/a", "new\n")
    assert host.row(file("/etc/a", after=["restart cron.service"]))["status"] == "compliant"


def test_what_is_owed_to_a_setting_that_nobody_asks_for_any_more_is_not_run(host: Sandbox) -> None:
    host.file("/var/lib/werkplek/handlers.json", '{"gone": ["restart cron.service"]}')
    host.file("/etc/a", "new\n")
    assert ran(host.run(file("/etc/a"))) == []


def test_a_reboot_is_asked_for_until_the_host_has_started_again(host: Sandbox) -> None:
    setting = file("/etc/a", after=["reboot"])
    because = ["/etc/a takes effect at the next start"]
    for _ in range(2):
        result = host.run(setting)
        assert (result["reboot_required"], result["reboot_because"], result["handlers"]) == (True, because, [])
    host.path("/run/werkplek/reboot.json").unlink()
    assert host.run(setting)["reboot_required"] is False


def test_debians_own_mark_asks_for_a_reboot(host: Sandbox) -> None:
    host.file("/run/reboot-required", "*** System restart required ***\n")
    assert host.run(line("/etc/a"))["reboot_because"] == ["Debian asks for it"]
    host.file("/run/reboot-required.pkgs", "linux-image-6.1\nlibc6\nlibc6\n")
    assert host.run(line("/etc/a"))["reboot_because"] == ["Debian asks for it: libc6, linux-image-6.1"]


def test_what_is_waived_is_read_and_not_written(host: Sandbox) -> None:
    host.file("/etc/a", "a=0\n")
    host.file("/etc/ok", "a=1\n")
    host.path("/etc/link").symlink_to("a")
    before = host.files()
    settings = [line(path, observe="waived", after=["reboot"]) for path in ("/etc/a", "/etc/ok", "/etc/link")]
    result = host.run(*settings)
    rows = {row.pop("id"): row for row in json.loads(result["settings"])}
    assert rows == {
        "line of /etc/a": {"status": "waived", "before": "a=0", "after": "a=0"},
        "line of /etc/ok": {"status": "compliant", "before": "a=1", "after": "a=1"},
        "line of /etc/link": {
            "status": "waived",
            "before": "<unknown>",
            "after": "<unknown>",
            "message": "/etc/link is a symbolic link (to a); it is not followed",
        },
    }
    assert (result["changed"], result["reboot_required"], host.files()) == (False, False, before)


def test_a_fault_of_one_kind_hides_no_other(host: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Contents, "write", lambda *_: 1 / 0)
    monkeypatch.setattr(ConfigLines, "read", lambda *_: {}["x"])
    rows = host.rows(
        file("/etc/a"), line("/etc/b"), {"id": "dir", "kind": "file", "path": "/etc/passwd", "mode": "0600"}
    )
    assert rows["/etc/a"]["message"] == "ZeroDivisionError: division by zero"
    assert (rows["line of /etc/b"]["before"], rows["line of /etc/b"]["message"]) == (
        "<unknown>",
        "KeyError: 'x'",
    )
    assert rows["dir"]["status"] == "changed"


def test_what_another_setting_undoes_is_failed(host: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    host.file("/etc/a", "a=1\n")
    replace = System.replace

    def undo(system: System, path: str, *more: object) -> None:
        replace(system, path, *more)  # type: ignore[arg-type]
        if path == "/etc/b":
            replace(system, "/etc/a", b"a=0\n")

    monkeypatch.setattr(System, "replace", undo)
    rows = host.rows(line("/etc/a"), line("/etc/b"))
    assert rows["line of /etc/a"] == {
        "status": "failed",
        "before": "a=1",
        "after": "a=0",
        "message": "this was as wanted, and is not after the other settings were written",
    }


def test_what_a_package_of_the_same_run_brings_can_be_set(host: Sandbox) -> None:
    def install(*command: str, text: str) -> object:
        if "-s" not in command:
            host.file("/var/lib/dpkg/status", "Package: at\nStatus: install ok installed\nVersion: 1\n")
            host.systemd.units["atd.service"] = ("disabled", "inactive")  # type: ignore[attr-defined]
        return said()

    host.answers |= {"apt-get": install, "apt-cache policy": said("at:\n  Installed: (none)\n  Candidate: 1\n")}  # type: ignore[dict-item]
    settings = (
        {"id": "unit", "kind": "systemd_unit", "name": "atd.service", "enabled": "enabled", "status": "running"},
        {"id": "package", "kind": "deb_package", "name": "at"},
    )
    rows = host.rows(*settings, check=True)
    assert [row["status"] for row in rows.values()] == ["noncompliant", "noncompliant"]
    assert rows["unit"]["message"] == "this unit is not installed, which settings that come first may change"
    assert after(host.rows(*settings)["unit"]) == ("changed", "<absent>", "enabled, running")


def test_a_diff_has_a_line_for_each_setting_and_the_files_content_to_forty_lines(host: Sandbox) -> None:
    host.file("/etc/a", "old\nsame\n")
    host.file("/etc/ok", "a=1\n")
    many = "".join(f"{number}\n" for number in range(60))
    diff = host.run(file("/etc/a", "new\nsame\n"), file("/etc/b", many), line("/etc/ok"), diff=True)["diff"]
    assert diff["before"] == "/etc/a: 9 bytes, SHA-256 d0ab0ecdc321\n/etc/b: <absent>\n"
    assert [text.partition(":")[0] for text in diff["after"].splitlines()] == ["/etc/a", "/etc/b"]
    lines = diff["prepared"].splitlines()
    assert lines[:6] == ["--- before: /etc/a", "+++ after: /etc/a", "@@ -1,2 +1,2 @@", "-old", "+new", " same"]
    assert (lines[6], lines[45:]) == ("--- before: /etc/b", ["+36", "... 23 more lines"])
    assert "diff" not in host.run(line("/etc/ok"))


def test_bytes_that_are_no_text_are_shown_as_question_marks(host: Sandbox) -> None:
    host.file("/etc/a", b"a=\xff\n")
    result = host.run(line("/etc/a"), file("/etc/b"), check=True, diff=True)
    assert json.loads(result["settings"])[0]["before"] == "a=?"
    json.dumps(result).encode()


CANARY = "Zomer2026-geheim"


def secret(path: str, **fields: object) -> dict[str, object]:
    return {
        "id": path,
        "kind": "config_line",
        "path": path,
        "key": "wachtwoord",
        "value": CANARY,
        "secret": True,
        **fields,
    }


def test_a_secret_is_in_nothing_that_leaves_the_module(host: Sandbox) -> None:
    host.file("/etc/other", "wachtwoord=ander-geheim\n")
    host.file("/etc/same", f"wachtwoord={CANARY}\n")
    settings = (
        secret("/etc/none"),
        secret("/etc/other"),
        secret("/etc/same"),
        secret("/etc/gone/x", observe="waived"),
        {"id": "whole", "kind": "file", "path": "/etc/whole", "content": f"[x]\nkey = {CANARY}\n", "secret": True},
        file("/etc/plain", f"copy of {CANARY}\n"),
    )
    for check, moved in ((True, "noncompliant"), (False, "changed")):
        result = host.run(*settings, check=check, diff=True)
        text = json.dumps(result)
        assert CANARY not in text
        assert "ander-geheim" not in text
        rows = {row.pop("id"): row for row in json.loads(result["settings"])}
        assert {name: after(row) for name, row in rows.items() if name != "/etc/plain"} == {
            "/etc/none": (moved, "<absent>", "<secret>"),
            "/etc/other": (moved, "<another value>", "<secret>"),
            "/etc/same": ("compliant", "<secret>", "<secret>"),
            "/etc/gone/x": ("waived", "<absent>", "<absent>"),
            "whole": (moved, "<absent>", "<secret>"),
        }
    assert host.text("/etc/other") == f"wachtwoord={CANARY}\n"
    assert CANARY not in " ".join(host.commands)


def test_what_a_checker_says_of_a_file_with_a_secret_does_not_show_it(host: Sandbox) -> None:
    host.answers["visudo -cf"] = said(code=1, error=f"sudoers:1: near '{CANARY}'\n")
    settings = (secret("/etc/sudoers.d/x"), line("/etc/sudoers.d/x"))
    rows = host.rows(*settings)
    assert rows["/etc/sudoers.d/x"] == {
        "status": "failed",
        "before": "<absent>",
        "after": "<absent>",
        "message": "what the host says of it is not shown, since it can hold the secret",
    }
    assert rows["line of /etc/sudoers.d/x"]["message"] == "visudo refuses it: sudoers:1: near '<secret>'"


def test_a_memory_that_cannot_be_kept_fails_what_it_was_for_and_nothing_else(
    host: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = System.replace

    def refuse(system: System, path: str, *more: object) -> None:
        if path.startswith("/var/lib/werkplek"):
            raise OSError(30, "Read-only file system")
        replace(system, path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(System, "replace", refuse)
    rows = host.rows(file("/etc/a", after=["restart cron.service"]), line("/etc/b"))
    assert rows["/etc/a"]["message"] == "Read-only file system"
    assert (rows["line of /etc/b"]["status"], host.path("/etc/a").exists()) == ("changed", False)


def test_a_systemd_that_does_not_reload_is_a_warning_and_fails_the_handlers(host: Sandbox) -> None:
    host.answers |= {"systemd-analyze verify": said(), "systemctl daemon-reload": said(code=1, error="Access denied\n")}
    setting = file("/etc/systemd/system/x.service", after=["restart cron.service"])
    result = host.run(setting)
    assert result["warnings"] == ["systemctl daemon-reload: Access denied"]
    assert ran(result) == [("restart cron.service", [setting["id"]], "systemctl daemon-reload: Access denied")]


def test_nothing_is_written_twice(host: Sandbox) -> None:
    settings = (file("/etc/a", mode="0600"), line("/etc/b"), line("/etc/c", section="S"))
    host.run(*settings)
    before = {path: path.stat().st_mtime_ns for path in host.root.rglob("*")}
    assert host.run(*settings)["changed"] is False
    assert {path: path.stat().st_mtime_ns for path in host.root.rglob("*")} == before


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda path: path.name)
def test_a_host_with_the_python_of_debian_12_can_run_it(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 11))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    modules += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    standard = __import__("sys").stdlib_module_names
    foreign = [name for name in modules if name.split(".")[0] not in standard]
    assert foreign == (["ansible.module_utils.basic"] if path.name == "module.py" else [])


def test_what_is_no_host_error_has_its_type_in_the_message() -> None:
    assert sysctl.describe(HostError("as it is")) == "as it is"
    assert sysctl.describe(ValueError("odd")) == "ValueError: odd"
    assert sysctl.describe(FileNotFoundError(2, "No such file or directory", "/x")) == "/x: No such file or directory"
