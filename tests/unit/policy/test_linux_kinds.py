# ruff: noqa: E501 - settings are quoted whole
"""Settings of Linux: what is sent of each kind, what stands beside each other, and what later layers can say."""

import json
from collections.abc import Callable, Mapping

import pytest
from policy_samples import a_municipality

from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

FILE = "policies/workstation/a.yml"
OWN = "policies/municipality/papendrecht.yml"
type Sources = Callable[..., dict[str, bytes]]


def requested(sources: Sources, files: Mapping[str, str]) -> list[dict]:
    """The settings that a kiosk in Papendrecht is asked for; a secret has its value."""
    secrets = "secrets: {display_key: 2026-03-02}\n"
    towns = {f"municipalities/{name}.yml": a_municipality(name) + secrets for name in ("papendrecht", "zwijndrecht")}
    repository = build_repository(sources({**towns, **files}))
    place = Combination("workstation", ("debian-13", "debian", "linux"), "papendrecht", "broad", "hal")
    policy = resolve(repository.parts["workstation", "papendrecht"], place).for_host({"site": "hal", "name": "K-1"})
    assert list(policy.engines) == ["linux_policy"]
    settings: list[dict] = json.loads(policy.engines["linux_policy"].request({"display_key": "geheim123"}))["settings"]
    return settings


def sent(sources: Sources, *kinds: str) -> list[dict]:
    """The wire forms of settings, without their ids."""
    text = "".join(f"- id: s{number}\n  title: Setting\n  {kind}\n" for number, kind in enumerate(kinds))
    return [{key: value for key, value in one.items() if key != "id"} for one in requested(sources, {FILE: text})]


# as it is written, and what is sent besides the kind
SENT = [
    ("deb_package: {name: auditd}", {"name": "auditd", "state": "present"}),
    ("deb_package: {name: g++, state: absent}", {"name": "g++", "state": "absent"}),
    ("systemd_unit: {name: cron.service, enabled: enabled}", {"name": "cron.service", "enabled": "enabled"}),
    (
        "systemd_unit: {name: getty@tty2.service, enabled: masked, status: stopped}",
        {"name": "getty@tty2.service", "enabled": "masked", "status": "stopped"},
    ),
    ("sysctl: {name: net.ipv4.ip_forward, value: '0'}", {"name": "net.ipv4.ip_forward", "value": "0"}),
    ("kernel_module: {name: usb-storage, state: blocked}", {"name": "usb-storage", "state": "blocked"}),
    ("mount_option: {path: /, option: nodev}", {"path": "/", "option": "nodev", "state": "present"}),
    ("audit_rule: {rule: -w /etc/sudoers -p wa -k scope}", {"rule": "-w /etc/sudoers -p wa -k scope"}),
    (
        "timer: {name: clean-up, on_calendar: daily, command: /usr/bin/find /tmp -delete, description: Clean, randomized_delay: 60, persistent: false, user: nobody}",
        {
            "name": "clean-up",
            "on_calendar": "daily",
            "command": "/usr/bin/find /tmp -delete",
            "description": "Clean",
            "randomized_delay": 60,
            "persistent": False,
            "user": "nobody",
            "state": "present",
        },
    ),
    ("file: {path: /etc/Issue, mode: '0644'}", {"path": "/etc/Issue", "state": "file", "mode": "0644"}),
    (
        "file: {path: /etc/a.d, state: directory, owner: root, group: adm, if_present: true}",
        {"path": "/etc/a.d", "state": "directory", "owner": "root", "group": "adm", "if_present": True},
    ),
    (
        'file: {path: /etc/issue, content: "één\\n", after: [reload ssh.service, reboot]}',
        {"path": "/etc/issue", "state": "file", "content": "één\n", "after": ["reload ssh.service", "reboot"]},
    ),
    (
        "file: {path: /etc/a, content: {from: municipality.name}}",
        {"path": "/etc/a", "state": "file", "content": "Papendrecht"},
    ),
    (
        "file: {path: /etc/key, content: {secret: display_key}, mode: '0640'}",
        {"path": "/etc/key", "state": "file", "content": "geheim123", "mode": "0640", "secret": True},
    ),
    (
        "config_line: {path: /etc/login.defs, key: UMASK, value: '027', separator: ' '}",
        {"path": "/etc/login.defs", "key": "UMASK", "value": "027", "separator": " ", "state": "present"},
    ),
    (
        "config_line: {path: /etc/a.conf, section: Journal, key: Storage, value: '', if_present: true}",
        {
            "path": "/etc/a.conf",
            "section": "Journal",
            "key": "Storage",
            "value": "",
            "if_present": True,
            "state": "present",
        },
    ),
    (
        "config_line: {path: /etc/a.conf, key: site, value: {from: registry.site}}",
        {"path": "/etc/a.conf", "key": "site", "value": "hal", "state": "present"},
    ),
    (
        "config_line: {path: /etc/a.conf, key: password, value: {secret: display_key}}",
        {"path": "/etc/a.conf", "key": "password", "value": "geheim123", "state": "present", "secret": True},
    ),
    (
        "config_line: {path: /etc/sudoers.d/a, key: Defaults use_pty}",
        {"path": "/etc/sudoers.d/a", "key": "Defaults use_pty", "state": "present"},
    ),
    ("sshd_option: {name: MaxAuthTries, value: '4'}", {"name": "MaxAuthTries", "value": "4"}),
    (
        "sshd_option: {name: Banner, value: {from: municipality.name}}",
        {"name": "Banner", "value": "Papendrecht"},
    ),
    (
        "user: {name: _kiosk, system: true, shell: /usr/sbin/nologin, home: /home/kiosk, comment: Kiosk, groups: [audio, video], locked: true}",
        {
            "name": "_kiosk",
            "system": True,
            "shell": "/usr/sbin/nologin",
            "home": "/home/kiosk",
            "comment": "Kiosk",
            "groups": ["audio", "video"],
            "locked": True,
            "state": "present",
        },
    ),
    (
        "group: {name: vdi-users, members: [], mode: exact}",
        {"name": "vdi-users", "members": [], "mode": "exact", "state": "present"},
    ),
    ("timezone: {name: {from: municipality.locale.tz}}", {"name": "Europe/Amsterdam"}),
    ("locale: {name: {from: municipality.locale.posix}}", {"name": "nl_NL.UTF-8"}),
    (
        "dconf: {key: /org/gnome/desktop/session/idle-delay, value: uint32 900, locked: true}",
        {"key": "/org/gnome/desktop/session/idle-delay", "value": "uint32 900", "locked": True},
    ),
]


@pytest.mark.parametrize(("written", "wire"), SENT)
def test_a_setting_of_linux_is_sent_as_it_is_written(sources: Sources, written: str, wire: dict):
    assert sent(sources, written) == [{"kind": written.partition(":")[0], **wire}]


def test_every_kind_of_linux_is_among_them():
    assert {written.partition(":")[0] for written, _ in SENT} == {
        name for name, kind in KINDS.items() if kind.engine == "linux_policy"
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("file: {path: /etc/a, mode: '0644'}", "file: {path: /etc/A, mode: '0600'}"),
        ("file: {path: /etc/a, mode: '0644'}", "config_line: {path: /etc/a, key: a, value: b}"),
        ("config_line: {path: /etc/a, key: a, value: b}", "config_line: {path: /etc/a, key: A, value: b}"),
        ("config_line: {path: /etc/a, key: a, value: b}", "config_line: {path: /etc/a, section: s, key: a, value: c}"),
        ("mount_option: {path: /tmp, option: nodev}", "mount_option: {path: /tmp, option: nosuid}"),
        (
            "sysctl: {name: net.ipv4.conf.eth0.rp_filter, value: '1'}",
            "sysctl: {name: net.ipv4.conf.Eth0.rp_filter, value: '2'}",
        ),
        ("group: {name: a, members: [b], mode: include}", "group: {name: a, members: [c], mode: exclude}"),
        ("group: {name: a, members: [b], mode: include}", "group: {name: a, members: [b, c], mode: include}"),
    ],
)
def test_settings_about_different_things_stand_beside_each_other(sources: Sources, one: str, other: str):
    assert len(sent(sources, one, other)) == 2


@pytest.mark.parametrize(
    ("kind", "absence"),
    [
        ("deb_package: {name: cron}", {"name": "cron"}),
        ("mount_option: {path: /tmp, option: nodev}", {"path": "/tmp", "option": "nodev"}),
        ("timer: {name: a, on_calendar: daily, command: /bin/true, description: A}", {"name": "a"}),
        ("file: {path: /etc/a, mode: '0644', if_present: true}", {"path": "/etc/a"}),
        (
            "config_line: {path: /etc/a, section: s, key: k, separator: ' ', value: {secret: display_key}, after: [reboot]}",
            {"path": "/etc/a", "section": "s", "key": "k", "separator": " ", "after": ["reboot"]},
        ),
        ("user: {name: jan, shell: /bin/sh}", {"name": "jan"}),
        ("group: {name: a, members: [b], mode: include}", {"name": "a"}),
    ],
)
def test_a_later_layer_can_have_an_object_of_linux_not_be_there(sources: Sources, kind: str, absence: dict):
    files = {FILE: f"- id: s0\n  title: One\n  {kind}\n", OWN: "- id: s0\n  absent: not used here\n"}
    name = kind.partition(":")[0]
    assert requested(sources, files) == [{"id": "s0", "kind": name, **absence, "state": "absent"}]


@pytest.mark.parametrize(
    "kind",
    [
        "systemd_unit: {name: cron.service, enabled: enabled}",
        "sysctl: {name: kernel.sysrq, value: '0'}",
        "kernel_module: {name: a, state: loaded}",
        "audit_rule: {rule: -w /etc/a -p wa}",
        "file: {path: /etc/a.d, state: directory}",
        "sshd_option: {name: Banner, value: none}",
        "timezone: {name: UTC}",
        "locale: {name: C.UTF-8}",
        "dconf: {key: /org/a, value: 'true'}",
    ],
)
def test_of_other_kinds_of_linux_nothing_can_be_absent(problems_of, kind: str):
    files = {FILE: f"- id: s0\n  title: One\n  {kind}\n", OWN: "- id: s0\n  absent: not used here\n"}
    found = f"absent, of a setting of kind {kind.partition(':')[0]} ({FILE}:1)"
    expected = "a kind of which the object can be gone"
    remedy = "Say ignore: <reason>, or set another value with overrides: <reason>."
    assert problems_of(files) == [f"{OWN}:2:11: found {found}; expected {expected}. {remedy}"]


@pytest.mark.parametrize(
    ("kind", "field"),
    [("group: {name: a, members: [%s], mode: exact}", "members"), ("user: {name: a, groups: [%s]}", "groups")],
)
def test_a_municipality_can_add_to_a_list_of_linux_and_take_from_it(sources: Sources, kind: str, field: str):
    own = f"- id: s0\n  title: One\n  merges: own people\n  without: [b]\n  {kind % 'B, d'}\n"
    (setting,) = requested(sources, {FILE: f"- id: s0\n  title: One\n  {kind % 'b, c'}\n", OWN: own})
    assert setting[field] == ["c", "B", "d"]


def test_a_value_below_a_section_that_a_municipality_leaves_out_is_a_problem(problems_of):
    kind = "config_line: {path: /etc/a, key: a, value: {from: municipality.vdi.collection}}"
    found = "{from: municipality.vdi.collection}, which %s leaves out"
    expected = "a value in every municipality the setting is for"
    assert problems_of({FILE: f"- id: one\n  title: One\n  {kind}\n"}) == [
        f"{FILE}:3:16: found {found % f'municipalities/{town}.yml'}; expected {expected}"
        for town in ("papendrecht", "zwijndrecht")
    ]
