# ruff: noqa: E501 - settings and problems are quoted whole
"""What is malformed is refused with all its problems before anything is touched."""

import ast
import json
from pathlib import Path

import pytest
import yaml
from linux_policy.kinds import PARSERS
from linux_policy.request import RequestError, parse

UNIT_LIST = "a list of handlers: restart UNIT, reload UNIT, update-ca-certificates, pam-auth-update, update-initramfs, update-grub, udev-reload, reboot"
PATH = "an absolute path without '..', double or last slash, outside /proc, /sys and /dev"

# name: (a setting without its id, its problems)
CASES: dict[str, tuple[dict[str, object], list[str]]] = {
    "an unknown kind": (
        {"kind": "registry"},
        [
            "kind: found 'registry'; expected one of audit_rule, config_line, dconf, deb_package, file, group, kernel_module, locale, mount_option, sshd_option, sysctl, systemd_unit, timer, timezone, user"
        ],
    ),
    "an unknown field": ({"kind": "timezone", "name": "UTC", "zone": 1}, ["zone: unknown field"]),
    "observing": (
        {"kind": "timezone", "name": "UTC", "observe": "enforced"},
        ["observe: found 'enforced'; expected one of waived"],
    ),
    "a secret that everyone could read": (
        {"kind": "sysctl", "name": "a.b", "value": "1", "secret": True},
        ["secret: found true; expected false: of the kind sysctl everyone on the host can read the value"],
    ),
    "a secret is not shown": (
        {"kind": "file", "path": "/etc/x", "content": 7, "secret": True},
        ["content: found <secret>; expected a text"],
    ),
    "a package's name": ({"kind": "deb_package", "name": "Bash"}, ["name: found 'Bash'; expected the name of a Debian package"]),
    "a package that must stay": (
        {"kind": "deb_package", "name": "sudo", "state": "absent"},
        ["name: found 'sudo'; expected another package where state is absent: openssh-server, sudo, python3, systemd are never removed"],
    ),
    "a unit without its type": (
        {"kind": "systemd_unit", "name": "cron", "enabled": "enabled"},
        ["name: found 'cron'; expected a unit's full name, such as cron.service"],
    ),
    "a template": (
        {"kind": "systemd_unit", "name": "getty@.service", "enabled": "on"},
        [
            "name: found 'getty@.service'; expected a unit's full name, such as cron.service",
            "enabled: found 'on'; expected one of enabled, disabled, masked",
        ],
    ),
    "a masked unit that runs": (
        {"kind": "systemd_unit", "name": "a.service", "enabled": "masked", "status": "running"},
        ["status: found 'running'; expected stopped or none: a masked unit cannot start"],
    ),
    "a number for a sysctl": (
        {"kind": "sysctl", "name": "kernel.sysrq", "value": 0},
        ["value: found 0; expected a text of one line"],
    ),
    "a sysctl out of its folder": (
        {"kind": "sysctl", "name": "kernel/../../etc/passwd", "value": "0"},
        ["name: found 'kernel/../../etc/passwd'; expected the name of a kernel parameter, such as kernel.kptr_restrict"],
    ),
    "a module's name": (
        {"kind": "kernel_module", "name": "a b", "state": "off"},
        [
            "name: found 'a b'; expected the name of a kernel module",
            "state: found 'off'; expected one of blocked, loaded",
        ],
    ),
    "a path with dots": ({"kind": "file", "path": "/etc/../x", "content": ""}, [f"path: found '/etc/../x'; expected {PATH}"]),
    "a path that does not stay": ({"kind": "file", "path": "/dev/shm", "mode": "1777"}, [f"path: found '/dev/shm'; expected {PATH}"]),
    "a file of which nothing is asked": (
        {"kind": "file", "path": "/etc/x"},
        ["content: found nothing; expected content, owner, group or mode"],
    ),
    "a mode as number": (
        {"kind": "file", "path": "/etc/x", "mode": 640},
        [
            "mode: found 640; expected four octal digits in quotes, such as '0640'",
        ],
    ),
    "a directory with content, absent with owner": (
        {"kind": "file", "path": "/etc/x", "state": "absent", "content": "", "owner": "root"},
        [
            "content: found ''; expected no content where state is not file",
            "owner: found 'root'; expected no owner where state is absent",
        ],
    ),
    "handlers": ({"kind": "file", "path": "/x", "content": "", "after": ["restart cron"]}, [f"after: found a list; expected {UNIT_LIST}"]),
    "restarting the way in": (
        {"kind": "file", "path": "/x", "content": "", "after": ["restart ssh.service"]},
        ["after: found a list; expected reload ssh.service: a restart would end what it cannot bring back"],
    ),
    "handlers of a kind that has none": ({"kind": "timezone", "name": "UTC", "after": ["reboot"]}, ["after: unknown field"]),
    "a commented key": (
        {"kind": "config_line", "path": "/x", "key": "#a", "value": "1"},
        ["key: found '#a'; expected the key that the line begins with, no comment and no section"],
    ),
    "an absent line with a value": (
        {"kind": "config_line", "path": "/x", "key": "a", "value": "1", "state": "absent"},
        ["value: found '1'; expected no value where state is absent"],
    ),
    "a value of two lines": (
        {"kind": "config_line", "path": "/x", "key": "a", "value": "1\n2", "separator": "::"},
        [
            "value: found '1\n2'; expected a text of one line, without space around it",
            "separator: found '::'; expected space, one sign, or both",
        ],
    ),
    "nothing behind a space": (
        {"kind": "config_line", "path": "/x", "key": "a", "value": "", "separator": " "},
        ["value: found ''; expected a value: after a space there must be one"],
    ),
    "conditions of sshd": (
        {"kind": "sshd_option", "name": "Match", "value": "User x"},
        ["name: found 'Match'; expected the name of an option of sshd_config, no Match and no Include"],
    ),
    "removing root": (
        {"kind": "user", "name": "root", "state": "absent", "shell": "/bin/sh"},
        [
            "shell: found '/bin/sh'; expected no shell where state is absent",
            "name: found 'root'; expected another account where state is absent: root is never removed",
        ],
    ),
    "a group twice": (
        {"kind": "user", "name": "a", "groups": ["b", "b"]},
        ["groups: found a list; expected a list without repetition, each item a group's name"],
    ),
    "a mode without members": ({"kind": "group", "name": "a", "mode": "include"}, ["mode: found 'include'; expected no mode without members"]),
    "two mount options": (
        {"kind": "mount_option", "path": "/tmp", "option": "nodev,nosuid"},
        ["option: found 'nodev,nosuid'; expected one option, such as nodev"],
    ),
    "a locale without character set": (
        {"kind": "locale", "name": "nl_NL"},
        ["name: found 'nl_NL'; expected the name of a locale with its character set, such as nl_NL.UTF-8"],
    ),
    "a dconf path": (
        {"kind": "dconf", "key": "org.gnome.x", "value": "", "locked": "yes"},
        [
            "key: found 'org.gnome.x'; expected a key's path, such as /org/gnome/desktop/session/idle-delay",
            "value: found ''; expected a value as GVariant text of one line",
            "locked: found 'yes'; expected true or false",
        ],
    ),
    "a timer": (
        {"kind": "timer", "name": "A", "on_calendar": "daily", "command": "echo", "description": "x", "randomized_delay": -1},
        [
            "name: found 'A'; expected a name of small letters, digits, - and _",
            "command: found 'echo'; expected an absolute path with arguments, of one line",
            "randomized_delay: found -1; expected a whole number, 0 to 604800",
        ],
    ),
    "a timer that goes, with more": (
        {"kind": "timer", "name": "a", "state": "absent", "command": "/bin/x"},
        ["command: unknown field"],
    ),
    "deleting audit rules": (
        {"kind": "audit_rule", "rule": "-D"},
        ["rule: found '-D'; expected one rule for auditctl that begins with -a, -A or -w"],
    ),
}  # fmt: skip

HEAD = "The policy is malformed, nothing was touched:\n  "


def problems(text: str) -> str:
    with pytest.raises(RequestError) as refused:
        parse(text)
    return str(refused.value).removeprefix(HEAD)


@pytest.mark.parametrize("setting, expected", CASES.values(), ids=CASES)
def test_every_problem_of_a_setting_is_named(setting: dict[str, object], expected: list[str]) -> None:
    text = json.dumps({"schema": 1, "settings": [{"id": "one", **setting}]})
    assert problems(text).split("\n  ") == [f"settings[0] (one): {problem}" for problem in expected]


DOCUMENTS = {
    "no JSON": ("{", 'policy: found no JSON; expected {"schema": 1, "settings": [...]}'),
    "a list": ("[]", 'policy: found no JSON object; expected {"schema": 1, "settings": [...]}'),
    "a field twice": (
        '{"schema": 1, "settings": [{"id": "a", "id": "b"}]}',
        'policy: found the field id twice in one object; expected {"schema": 1, "settings": [...]}',
    ),
    "half a surrogate pair": (
        '{"schema": 1, "settings": ["\\ud800"]}',
        "policy: found half a surrogate pair; expected Unicode text",
    ),
    "another schema, no settings": (
        '{"schema": 2, "more": 0}',
        "schema: found 2; expected a whole number, 1 to 1\n  settings: found nothing; expected a list of settings\n  more: unknown field",
    ),
    "a setting that is none, one without id": (
        '{"schema": 1, "settings": [1, {"kind": "timezone"}]}',
        "settings[0]: found no object; expected a setting\n  settings[1]: id: found nothing; expected the setting's id",
    ),
}


@pytest.mark.parametrize("text, expected", DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_is_no_request_is_refused(text: str, expected: str) -> None:
    assert problems(text) == expected


def sysctl(name: str, key: str) -> dict[str, object]:
    return {"id": name, "kind": "sysctl", "name": key, "value": "1"}


def line(name: str, path: str, **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "config_line", "path": path, "key": "a", "value": "1", **fields}


def user(name: str, *groups: str) -> dict[str, object]:
    return {"id": f"user_{name}", "kind": "user", "name": name, "groups": list(groups)}


def group(mode: str, *members: str) -> dict[str, object]:
    return {"id": "group", "kind": "group", "name": "g", "mode": mode, "members": list(members)}


RIVALS: dict[str, tuple[list[dict[str, object]], list[str]]] = {
    "an id twice": ([sysctl("a", "b.c"), sysctl("a", "b.d")], ["id a is used 2 times"]),
    "a parameter in two spellings": (
        [sysctl("a", "net.ipv4.ip_forward"), sysctl("b", "net/ipv4/ip_forward")],
        ["sysctl net.ipv4.ip_forward is decided more than once: by a, b"],
    ),
    "a module in two spellings": (
        [{"id": name, "kind": "kernel_module", "name": name, "state": "blocked"} for name in ("usb-storage", "usb_storage")],
        ["kernel module usb_storage is decided more than once: by usb-storage, usb_storage"],
    ),
    "an option and its opposite": (
        [{"id": option, "kind": "mount_option", "path": "/tmp", "option": option} for option in ("exec", "noexec")],
        ["mount option noexec of /tmp is decided more than once: by exec, noexec"],
    ),
    "an sshd option in two cases": (
        [{"id": name, "kind": "sshd_option", "name": name, "value": "no"} for name in ("UsePAM", "usepam")],
        ["sshd option usepam is decided more than once: by UsePAM, usepam"],
    ),
    "a line twice": (
        [line("a", "/x"), line("b", "/x", state="absent", value=None)],
        ["line a of /x is decided more than once: by a, b"],
    ),
    "a line of a file whose content is given": (
        [{"id": "whole", "kind": "file", "path": "/x", "content": ""}, line("part", "/x")],
        ["the content of /x is decided more than once: by whole, part"],
    ),
    "a file that is kept whole": (
        [line("a", "/etc/sysctl.d/60-werkplek.conf"), {"id": "b", "kind": "file", "path": "/etc/dconf/db/local.d/60-werkplek", "content": ""}],
        [
            "a: /etc/sysctl.d/60-werkplek.conf is kept by settings of the kind sysctl",
            "b: /etc/dconf/db/local.d/60-werkplek is kept by settings of the kind dconf",
        ],
    ),
    "a unit of a timer": (
        [
            {"id": "a", "kind": "timer", "name": "x", "on_calendar": "daily", "command": "/bin/true", "description": "x"},
            {"id": "b", "kind": "systemd_unit", "name": "werkplek-x.timer", "enabled": "disabled"},
        ],
        ["unit werkplek-x.timer is decided more than once: by a, b"],
    ),
    "a group and one member more of it": (
        [group("exact", "u"), {**group("include", "v"), "id": "more"}, {**group("include"), "id": "none", "members": None, "mode": None}],
        [
            "group g is decided more than once: by group, more",
            "group g is decided more than once: by group, none",
            "group g is decided more than once: by more, none",
        ],
    ),
    "a member that is let in and kept out": (
        [group("include", "u", "v"), {**group("exclude", "v", "w"), "id": "out"}],
        ["whether v is in the group g is decided more than once: by group, out"],
    ),
    "a member that is none": (
        [user("u", "h"), user("v", "g"), group("exact", "u")],
        [
            "whether u is in the group g is decided otherwise by user_u than by group",
            "whether v is in the group g is decided otherwise by user_v than by group",
        ],
    ),
    "a member shut out": (
        [user("u", "g"), group("exclude", "u")],
        ["whether u is in the group g is decided otherwise by user_u than by group"],
    ),
    "a member taken in": (
        [user("u"), group("include", "u")],
        ["whether u is in the group g is decided otherwise by user_u than by group"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("settings, expected", RIVALS.values(), ids=RIVALS)
def test_settings_that_decide_the_same_are_refused(settings: list[dict[str, object]], expected: list[str]) -> None:
    assert problems(json.dumps({"schema": 1, "settings": settings})).split("\n  ") == expected


def test_settings_that_agree_or_have_nothing_to_do_with_each_other_are_taken() -> None:
    settings = [
        user("u", "g"),
        user("v"),
        group("include", "u"),
        {**group("include", "u", "x"), "id": "more"},
        {**group("exclude", "y"), "id": "out"},
        line("a", "/x", section="S"),
        line("b", "/x", section="T"),
        {"id": "mode", "kind": "file", "path": "/x", "mode": "0600"},
        {"id": "nothing", "kind": "user", "name": "w", "groups": None},
    ]
    assert [one.id for one in parse(json.dumps({"schema": 1, "settings": settings}))] == [
        "user_u", "user_v", "group", "more", "out", "a", "b", "mode", "nothing",
    ]  # fmt: skip


def test_a_reload_of_the_alias_is_one_of_the_unit() -> None:
    text = {
        "id": "a",
        "kind": "file",
        "path": "/x",
        "content": "",
        "after": ["reload sshd.service", "reload ssh.service"],
    }
    (setting,) = parse(json.dumps({"schema": 1, "settings": [text]}))
    assert setting.after == ("reload ssh.service",)


def test_the_examples_of_the_documentation_are_requests() -> None:
    source = (Path(__file__).parents[3] / "library" / "linux_policy.py").read_text()
    texts = {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    settings = yaml.safe_load(texts["EXAMPLES"])[0]["vars"]["settings"]
    assert len(parse(json.dumps({"schema": 1, "settings": settings}))) == 3
    documented = " ".join(yaml.safe_load(texts["DOCUMENTATION"])["options"]["policy"]["description"])
    assert [kind for kind in PARSERS if f"C({kind})" not in documented] == []
