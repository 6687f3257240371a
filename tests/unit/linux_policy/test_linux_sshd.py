# ruff: noqa: E501 - settings are quoted whole
"""The kind sshd_option: one drop-in, compared by what the server says, and never an end to the access of the run."""

import pytest
from linux_policy.sshd_server import Effective
from linux_sandbox import Sandbox, after, said
from linux_sshd import MAIN, install
from linux_systemd import Systemd

FILE = "/etc/ssh/sshd_config.d/00-werkplek.conf"
HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"
BANNER = "SSH-2.0-OpenSSH_9.2p1\r\n"


@pytest.fixture
def server(host: Sandbox) -> Sandbox:
    install(host)
    Systemd(host, ssh_service=("enabled", "active/running"))
    host.greetings = [BANNER] * 20
    host.signed_in("beheer")
    return host


def option(name: str, value: str, **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "sshd_option", "name": name, "value": value, **fields}


def test_all_options_are_in_one_drop_in_and_the_server_is_reloaded_once(server: Sandbox) -> None:
    settings = (
        option("PermitRootLogin", "no"),
        option("LoginGraceTime", "30s"),
        option("X11Forwarding", "no"),
        option("PubkeyAuthentication", "yes"),
    )
    result = server.run(*settings)
    assert [(ran["name"], ran["because"], ran["failed"]) for ran in result["handlers"]] == [
        ("reload ssh.service", ["PermitRootLogin", "LoginGraceTime", "X11Forwarding"], None)
    ]
    assert server.text(FILE) == f"{HEADER}PermitRootLogin no\nLoginGraceTime 30s\nX11Forwarding no\n"
    assert server.path(FILE).stat().st_mode & 0o7777 == 0o600
    assert [command for command in server.commands if "reload" in command] == ["systemctl reload ssh.service"]
    server.commands.clear()
    rows = server.rows(*settings)
    assert {name: after(row) for name, row in rows.items()} == {
        "PermitRootLogin": ("compliant", "no", "no"),
        "LoginGraceTime": ("compliant", "30", "30"),
        "X11Forwarding": ("compliant", "no", "no"),
        "PubkeyAuthentication": ("compliant", "yes", "yes"),
    }
    assert len(server.commands) == 2


def test_words_that_mean_the_same_are_the_same(server: Sandbox) -> None:
    assert server.row(option("PermitRootLogin", "prohibit-password"))["status"] == "compliant"
    assert server.row(option("LoginGraceTime", "2m"))["status"] == "compliant"


def test_what_the_server_does_not_know_is_unsupported_and_what_it_refuses_failed(server: Sandbox) -> None:
    rows = server.rows(
        option("Foo", "no"), option("LoginGraceTime", "nope"), option("UsePrivilegeSeparation", "yes"), option("PermitRootLogin", "no")
    )  # fmt: skip
    assert {name: (row["status"], row.get("message")) for name, row in rows.items()} == {
        "Foo": ("unsupported", "this OpenSSH server has no such option (Bad configuration option: Foo)"),
        "LoginGraceTime": ("failed", "sshd refuses it: bad value 'nope'"),
        "UsePrivilegeSeparation": (
            "unsupported",
            "this OpenSSH server has no such option (Deprecated option UsePrivilegeSeparation)",
        ),
        "PermitRootLogin": ("changed", None),
    }
    assert server.text(FILE) == f"{HEADER}PermitRootLogin no\n"


def test_an_option_that_the_server_does_not_tell_of_goes_by_its_line(server: Sandbox) -> None:
    assert after(server.row(option("DebianBanner", "no"))) == ("changed", "<absent>", "no")
    assert server.row(option("DebianBanner", "no"))["status"] == "compliant"


def test_an_option_that_adds_up_is_told_with_the_file_that_adds_to_it(server: Sandbox) -> None:
    rows = server.rows(option("AcceptEnv", "FOO"), option("X11Forwarding", "no"))
    assert rows["AcceptEnv"]["status"] == "failed"
    assert rows["AcceptEnv"]["message"] == "the server would still use FOO LANG; it is set in /etc/ssh/sshd_config too"
    assert server.text(FILE) == f"{HEADER}X11Forwarding no\n"


def test_a_main_file_that_includes_no_drop_ins_is_told(server: Sandbox) -> None:
    server.file("/etc/ssh/sshd_config", "X11Forwarding yes\n")
    row = server.row(option("X11Forwarding", "no"))
    assert row["message"] == (
        "the server would still use yes; /etc/ssh/sshd_config does not include /etc/ssh/sshd_config.d/*.conf"
    )
    assert not server.path(FILE).exists()


LOCKOUTS = {
    ("PubkeyAuthentication", "no"): "beheer signs in with a key",
    ("AuthenticationMethods", "password"): "beheer signs in with a key alone",
    ("AllowUsers", "root admin*"): "beheer is not among these accounts",
    ("AllowUsers", "beheer@10.0.0.1"): "beheer is not among these accounts",
    ("AllowUsers", "!beheer *"): "beheer is not among these accounts",
    ("DenyUsers", "b?heer"): "beheer is among these accounts",
    ("DenyUsers", "beheer@10.0.0.1"): "beheer is among these accounts",
    ("AllowGroups", "wheel"): "beheer is in none of these groups",
    ("DenyGroups", "su*"): "beheer is in one of these groups",
    ("AuthorizedKeysFile", "none"): "none of these files holds a key of beheer",
    ("AuthorizedKeysFile", "/etc/keys/%u"): "none of these files holds a key of beheer",
    ("Port", "2222"): "it may have come in by an address or port that goes",
}


@pytest.mark.parametrize("setting, reason", LOCKOUTS.items(), ids=map(" ".join, LOCKOUTS))
def test_what_would_end_the_access_of_the_run_is_not_written(
    server: Sandbox, setting: tuple[str, str], reason: str
) -> None:
    rows = server.rows(option(*setting), option("X11Forwarding", "no"))
    assert rows[setting[0]]["status"] == "failed"
    assert rows[setting[0]]["message"] == f"this would end the access of this run: {reason}"
    assert rows["X11Forwarding"]["status"] == "changed"
    assert server.text(FILE) == f"{HEADER}X11Forwarding no\n"


@pytest.mark.parametrize(
    "name, value", [("AllowUsers", "root beh*"), ("AllowGroups", "sudo"), ("DenyUsers", "root"), ("AuthenticationMethods", "publickey")]
)  # fmt: skip
def test_what_leaves_the_access_is_written(server: Sandbox, name: str, value: str) -> None:
    assert server.row(option(name, value))["status"] == "changed"


def test_keys_may_move_to_a_file_that_holds_some(server: Sandbox) -> None:
    server.file("/etc/keys/beheer", "# comment\nssh-ed25519 AAAA\n")
    assert server.row(option("AuthorizedKeysFile", "/etc/keys/%u"))["status"] == "changed"


def test_root_who_signed_in_keeps_the_right_to(server: Sandbox) -> None:
    server.signed_in("root")
    row = server.row(option("PermitRootLogin", "no"))
    assert row["message"] == "this would end the access of this run: it signed in as root"


def test_a_run_in_the_background_is_known_by_its_login(server: Sandbox) -> None:
    server.file("/proc/4321/cmdline", "/sbin/init\0")
    (status,) = server.path("/proc").glob("*/status")
    status.with_name("loginuid").write_text("1000")
    assert server.row(option("PubkeyAuthentication", "no"))["status"] == "failed"
    status.with_name("loginuid").write_text("4294967295")
    assert server.row(option("PubkeyAuthentication", "no"))["status"] == "changed"


def test_a_group_that_another_setting_gives_lets_the_account_in(server: Sandbox) -> None:
    group = {"id": "g", "kind": "group", "name": "ssh-users", "members": ["beheer"]}

    def add(*command: str, text: str) -> object:
        line = "ssh-users:x:990:" + ("beheer" if command[0] == "gpasswd" else "") + "\n"
        kept = [one for one in server.text("/etc/group").splitlines(keepends=True) if not one.startswith("ssh-users")]
        server.file("/etc/group", "".join(kept) + line)
        return said()

    server.answers |= {"groupadd": add, "gpasswd": add}  # type: ignore[dict-item]
    setting = option("AllowGroups", "ssh-users")
    row = server.rows(group, setting, check=True)["AllowGroups"]
    assert row["status"] == "noncompliant"
    assert row["message"] == (
        "this would end the access of this run: beheer is in none of these groups,"
        " which settings that come first may change"
    )
    assert {row["status"] for row in server.rows(group, setting).values()} == {"changed"}


def test_a_server_that_does_not_answer_gets_its_old_drop_in_back(server: Sandbox) -> None:
    server.file(FILE, f"{HEADER}LoginGraceTime 30s\n", 0o600)
    server.greetings = [""] * 40 + [BANNER]
    result = server.run(option("LoginGraceTime", "30s"), option("X11Forwarding", "no"))
    assert server.text(FILE) == f"{HEADER}LoginGraceTime 30s\n"
    failed = f"the server does not answer on port 22; the old {FILE} is back and the server answers"
    assert result["handlers"] == [{"name": "reload ssh.service", "because": ["X11Forwarding"], "failed": failed}]
    rows = server.rows(option("LoginGraceTime", "30s"), option("X11Forwarding", "no"), check=True)
    assert [row["status"] for row in rows.values()] == ["compliant", "noncompliant"]
    assert server.commands.count("systemctl reload ssh.service") == 2


def test_where_there_was_no_drop_in_there_is_none_again_and_the_row_says_failed(server: Sandbox) -> None:
    server.greetings = []
    row = server.row(option("X11Forwarding", "no"))
    assert row == {
        "status": "failed",
        "before": "yes",
        "after": "yes",
        "message": f"reload ssh.service: the server does not answer on port 22; the old {FILE} is back,"
        " and still the server does not answer on port 22",
    }
    assert not server.path(FILE).exists()
    assert not server.path("/var/lib/werkplek/handlers.json").exists()


def test_a_server_that_does_not_run_is_not_reloaded(server: Sandbox) -> None:
    Systemd(server, ssh_service=("enabled", "inactive"))
    result = server.run(option("X11Forwarding", "no"))
    assert result["handlers"] == []
    assert [command for command in server.commands if "reload" in command] == []


def test_without_a_server_there_is_nothing_to_set(host: Sandbox) -> None:
    row = host.row(option("X11Forwarding", "no"))
    assert (row["status"], row["message"]) == ("unsupported", "this host has no OpenSSH server")


def test_lines_of_an_earlier_policy_go(server: Sandbox) -> None:
    server.file(FILE, f"{HEADER}DebianBanner no\nX11Forwarding no\n")
    row = server.row(option("X11Forwarding", "no"))
    assert after(row) == ("changed", "no", "no")
    assert row["message"] == "takes away what no setting asks for any more: DebianBanner no"
    assert server.text(FILE) == f"{HEADER}X11Forwarding no\n"


def test_a_file_of_the_server_that_another_kind_writes_must_not_end_the_access_either(server: Sandbox) -> None:
    line = {
        "id": "a",
        "kind": "config_line",
        "path": "/etc/ssh/sshd_config",
        "key": "DenyUsers",
        "value": "beheer",
        "separator": " ",
    }
    row = server.row(line)
    assert row["status"] == "failed"
    assert row["message"] == "denyusers: this would end the access of this run: beheer is among these accounts"
    file = {"id": "b", "kind": "file", "path": "/etc/ssh/sshd_config.d/50-x.conf", "content": "Foo 1\n"}
    assert server.row(file)["message"].startswith("sshd refuses it: ")
    assert server.text("/etc/ssh/sshd_config") == MAIN


def test_a_configuration_that_the_server_refuses_fails_every_setting(server: Sandbox) -> None:
    server.file("/etc/ssh/sshd_config", "Foo\n")
    row = server.row(option("X11Forwarding", "no"))
    assert (row["status"], row["before"]) == ("failed", "<unknown>")
    assert row["message"] == "sshd refuses it: /etc/ssh/sshd_config: line 1: Bad configuration option: Foo"


def test_what_sshd_prints_is_kept_line_by_line() -> None:
    now = Effective.of("port 22\nallowusers a\nallowusers b\nbanner none\n")
    assert now.values == {"port": ("22",), "allowusers": ("a", "b"), "banner": ("none",)}
    assert (now.shown("allowusers"), now.shown("denyusers")) == ("a b", "<absent>")
