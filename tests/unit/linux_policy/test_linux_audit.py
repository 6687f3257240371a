"""The kind audit_rule: one file, made into the rules of the kernel."""

import pytest
from linux_sandbox import Sandbox, after, said

FILE = "/etc/audit/rules.d/60-werkplek.rules"
HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"
PASSWD = "-w /etc/passwd -p wa -k identity"
TIME = "-a always,exit -F arch=b64 -S adjtimex -k time-change"


def rule(text: str, **fields: object) -> dict[str, object]:
    return {"id": text, "kind": "audit_rule", "rule": text, **fields}


@pytest.fixture
def audit(host: Sandbox) -> Sandbox:
    """augenrules puts the files together and loads them."""
    host.program("augenrules")
    loaded: list[str] = []

    def augenrules(*command: str, text: str) -> object:
        loaded[:] = [line for line in host.text(FILE).splitlines() if not line.startswith("#")]
        host.file("/etc/audit/audit.rules", "".join(f"{line}\n" for line in ["-D", *loaded]))
        return said()

    host.answers |= {
        "augenrules --load": augenrules,  # type: ignore[dict-item]
        "auditctl -s": said("enabled 1\nfailure 1\n"),
        "auditctl -l": lambda *command, text: said("\n".join(loaded) or "No rules\n"),
    }
    return host


def test_rules_are_kept_in_order_and_loaded_once(audit: Sandbox) -> None:
    settings = (rule(f"{TIME} "), rule("-w  /etc/passwd -p wa -k identity"))
    rows = audit.rows(*settings)
    assert [after(row) for row in rows.values()] == [("changed", "<absent>", TIME), ("changed", "<absent>", PASSWD)]
    assert audit.text(FILE) == f"{HEADER}{TIME}\n{PASSWD}\n"
    assert audit.path(FILE).stat().st_mode & 0o7777 == 0o640
    assert audit.commands.count("augenrules --load") == 1
    audit.commands.clear()
    assert {row["status"] for row in audit.rows(*settings).values()} == {"compliant"}
    assert audit.commands == ["auditctl -s", "auditctl -l"]


def test_rules_that_are_kept_and_not_loaded_are_loaded(audit: Sandbox) -> None:
    audit.file(FILE, f"{PASSWD}\n")
    assert after(audit.row(rule(PASSWD))) == ("changed", f"{PASSWD}, not loaded", PASSWD)


def test_a_kernel_without_audit_has_the_rules_in_the_file(audit: Sandbox) -> None:
    audit.answers["auditctl -s"] = said(code=1, error="Error - audit support not in kernel\n")
    row = audit.row(rule(PASSWD))
    assert after(row) == ("changed", "<absent>", PASSWD)
    assert row["message"] == "the rule is kept in a file; this kernel has no audit, or keeps it from containers"
    assert audit.row(rule(PASSWD))["status"] == "compliant"


def test_rules_that_do_not_load_are_failed_with_what_is_said(audit: Sandbox) -> None:
    audit.answers["augenrules --load"] = said(code=1, error="There was an error in line 3 of /etc/audit/audit.rules\n")
    row = audit.row(rule(PASSWD))
    assert row == {
        "status": "failed",
        "before": "<absent>",
        "after": f"{PASSWD}, not loaded",
        "message": "augenrules: There was an error in line 3 of /etc/audit/audit.rules",
    }


def test_rules_that_are_locked_wait_for_the_next_start(audit: Sandbox) -> None:
    audit.answers["auditctl -s"] = said("enabled 2\n")
    audit.file("/proc/stat", "btime 1000000000\n")
    reason = "audit rules are locked, and those that are new wait for the next start"
    result = audit.run(rule(PASSWD))
    assert result["reboot_because"] == [f"{PASSWD}: {reason}"]
    assert audit.row(rule(PASSWD)) == {"status": "compliant", "before": PASSWD, "after": PASSWD, "message": reason}
    audit.file("/proc/stat", "btime 9000000000\n")
    assert audit.run(rule(PASSWD))["reboot_required"] is False


def test_rules_of_an_earlier_policy_go(audit: Sandbox) -> None:
    audit.file(FILE, f"-w /old -p wa\n{PASSWD}\n")
    assert audit.row(rule(PASSWD))["message"] == "takes away what no setting asks for any more: -w /old -p wa"
    assert audit.text(FILE) == f"{HEADER}{PASSWD}\n"


def test_without_auditd_there_is_nothing_to_set(host: Sandbox) -> None:
    row = host.row(rule(PASSWD))
    assert (row["status"], row["message"]) == ("unsupported", "this host has no auditd")
