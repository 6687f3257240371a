# ruff: noqa: E501 - settings and problems are quoted whole
"""Mistakes in settings of Linux: a kind as it is written, and what is said of it after the file's name and line."""

MISTAKES: dict[str, tuple[str, str]] = {
    # packages and units
    "package name": (
        "deb_package: {name: OpenSSH}",
        "23: found 'OpenSSH'; expected a package's name, such as openssh-server",
    ),
    "package of one character": (
        "deb_package: {name: r}",
        "23: found 'r'; expected a package's name, such as openssh-server",
    ),
    "package state": ("deb_package: {name: cron, state: gone}", "36: found 'gone'; expected one of: present, absent"),
    "package that runs need": (
        "deb_package: {name: sudo, state: absent}",
        "16: found sudo, to be absent; expected a package that a run can do without",
    ),
    "unit without suffix": (
        "systemd_unit: {name: cron, enabled: enabled}",
        "24: found 'cron'; expected a unit's whole name, such as cron.service",
    ),
    "unit without enabled": (
        "systemd_unit: {name: cron.service}",
        "17: found no 'enabled'; expected the key 'enabled'",
    ),
    "unit of no type that starts": (
        "systemd_unit: {name: user.slice, enabled: enabled}",
        "24: found 'user.slice'; expected a unit's whole name, such as cron.service",
    ),
    "unit that is a template": (
        "systemd_unit: {name: getty@.service, enabled: masked}",
        "24: found 'getty@.service'; expected a unit's whole name, such as cron.service",
    ),
    "masked and running": (
        "systemd_unit: {name: cron.service, enabled: masked, status: running}",
        "17: found a masked unit that should run; expected enabled or disabled, or status stopped",
    ),
    "SSH off": (
        "systemd_unit: {name: ssh.service, enabled: disabled}",
        "17: found ssh.service, to be off; expected a unit that a run can do without",
    ),
    "SSH stopped": (
        "systemd_unit: {name: ssh.service, enabled: enabled, status: stopped}",
        "17: found ssh.service, to be off; expected a unit that a run can do without",
    ),
    # kernel
    "sysctl name": (
        "sysctl: {name: net/ipv4/ip_forward, value: '0'}",
        "18: found 'net/ipv4/ip_forward'; expected a name such as net.ipv4.ip_forward",
    ),
    "sysctl number": (
        "sysctl: {name: net.ipv4.ip_forward, value: 0}",
        "46: found 0; expected text. Put it in quotes: '0'.",
    ),
    "sysctl reference": (
        "sysctl: {name: net.ipv4.ip_forward, value: {from: municipality.name}}",
        "46: found a mapping; expected text",
    ),
    "module name": (
        "kernel_module: {name: usb storage, state: blocked}",
        "25: found 'usb storage'; expected a module's name, such as usb_storage",
    ),
    "module state": (
        "kernel_module: {name: usb_storage, state: absent}",
        "45: found 'absent'; expected one of: blocked, loaded",
    ),
    "mount path": (
        "mount_option: {path: /tmp/, option: nodev}",
        "24: found '/tmp/'; expected an absolute path in its shortest form, such as /etc/issue",
    ),
    "mount options": (
        "mount_option: {path: /tmp, option: 'nodev,nosuid'}",
        "38: found 'nodev,nosuid'; expected one mount option, such as nodev",
    ),
    "audit rule": ("audit_rule: {rule: -e 2}", "22: found '-e 2'; expected one rule that begins with '-w ' or '-a '"),
    "audit rule of two lines": (
        'audit_rule: {rule: "-w /etc/a -p wa\\n-D"}',
        "22: found '-w /etc/a -p wa\n-D'; expected one rule that begins with '-w ' or '-a '",
    ),
    # timers
    "timer without times": (
        "timer: {name: a, command: /usr/bin/true, description: A}",
        "10: found a timer without 'on_calendar'; expected the key 'on_calendar' where state is present",
    ),
    "timer name": (
        "timer: {name: a_b, state: absent}",
        "17: found 'a_b'; expected small letters, digits and single hyphens",
    ),
    "timer command": (
        "timer: {name: a, on_calendar: daily, command: true, description: A}",
        "49: found true; expected text",
    ),
    "timer delay": (
        "timer: {name: a, on_calendar: daily, command: /usr/bin/true, description: A, randomized_delay: 0}",
        "98: found 0; expected a whole number of seconds from 1 to 604800",
    ),
    "timer absent with more": (
        "timer: {name: a, on_calendar: daily, state: absent}",
        "10: found 'on_calendar' for what should be absent; expected only name where state is absent",
    ),
    # files
    "relative path": (
        "file: {path: etc/issue, mode: '0644'}",
        "16: found 'etc/issue'; expected an absolute path in its shortest form, such as /etc/issue",
    ),
    "path with dots": (
        "file: {path: /etc/../issue, mode: '0644'}",
        "16: found '/etc/../issue'; expected an absolute path in its shortest form, such as /etc/issue",
    ),
    "path with a line break": (
        'file: {path: "/etc/is\\nsue", mode: "0644"}',
        "16: found '/etc/is\nsue'; expected an absolute path in its shortest form, such as /etc/issue",
    ),
    "path in a home": (
        "file: {path: /home/jan/.profile, content: ''}",
        "16: found '/home/jan/.profile'; expected a path outside /home",
    ),
    "path in proc": ("file: {path: /proc, mode: '0555'}", "16: found '/proc'; expected a path outside /proc"),
    "keys of root": (
        "file: {path: /root/.ssh/authorized_keys, content: ''}",
        "16: found '/root/.ssh/authorized_keys'; expected a path outside /root/.ssh",
    ),
    "accounts by content": (
        "file: {path: /etc/passwd, content: ''}",
        "16: found '/etc/passwd'; expected owner, group and mode at most: accounts have the kinds user and group",
    ),
    "accounts absent": (
        "file: {path: /etc/shadow-, state: absent}",
        "16: found '/etc/shadow-'; expected owner, group and mode at most: accounts have the kinds user and group",
    ),
    "accounts by line": (
        "config_line: {path: /etc/group, key: sudo, value: x}",
        "23: found '/etc/group'; expected owner, group and mode at most: accounts have the kinds user and group",
    ),
    "file of another kind": (
        "file: {path: /etc/sysctl.d/60-werkplek.conf, content: ''}",
        "16: found '/etc/sysctl.d/60-werkplek.conf'; expected owner, group and mode at most: the kind sysctl writes this file",
    ),
    "file of a timer": (
        "file: {path: /etc/systemd/system/werkplek-a.timer, content: ''}",
        "16: found '/etc/systemd/system/werkplek-a.timer'; expected owner, group and mode at most: the kind timer writes this file",
    ),
    "nothing decided": (
        "file: {path: /etc/issue, if_present: true}",
        "9: found a file of which nothing is decided; expected content, owner, group or mode",
    ),
    "content of a folder": (
        "file: {path: /etc/a.d, state: directory, content: ''}",
        "9: found 'content' for a folder; expected no content where state is directory",
    ),
    "absent with mode": (
        "file: {path: /etc/at.deny, state: absent, mode: '0600'}",
        "9: found 'mode' for what should be absent; expected only path and after where state is absent",
    ),
    "mode without quotes": (
        "file: {path: /etc/issue, mode: 644}",
        "34: found 644; expected four octal digits in quotes, such as '0640'",
    ),
    "mode of three digits": (
        "file: {path: /etc/issue, mode: '644'}",
        "34: found '644'; expected four octal digits in quotes, such as '0640'",
    ),
    "owner": (
        "file: {path: /etc/issue, owner: 'root:root'}",
        "35: found 'root:root'; expected an account's name: letters, digits, '_' and '-', a letter or '_' first",
    ),
    "content type": (
        "file: {path: /etc/issue, content: 3}",
        "37: found 3; expected text, {from: ...} or {secret: ...}",
    ),
    "content with carriage returns": (
        'file: {path: /etc/issue, content: "a\\r\\n"}',
        "37: found a carriage return; expected lines that end as Linux ends them",
    ),
    "secret that all may read": (
        "file: {path: /etc/key, content: {secret: k}, mode: '0644'}",
        "9: found a secret that every user may read; expected a mode that ends in 0, such as '0600'",
    ),
    "secret without mode": (
        "file: {path: /etc/key, content: {secret: k}}",
        "9: found a secret that every user may read; expected a mode that ends in 0, such as '0600'",
    ),
    "after": (
        "file: {path: /etc/a, content: '', after: [restart cron]}",
        "45: found 'restart cron'; expected one of: restart <unit>, reload <unit>, update-grub, update-initramfs, update-ca-certificates, pam-auth-update, udev-reload, reboot",
    ),
    "after, SSH": (
        "file: {path: /etc/a, content: '', after: [restart ssh.service]}",
        "45: found 'restart ssh.service'; expected reload ssh.service: a restart could end what it cannot bring back",
    ),
    "after nothing": (
        "file: {path: /etc/a, content: '', after: []}",
        "44: found an empty list; expected at least one entry",
    ),
    # lines
    "comment as a key": (
        "config_line: {path: /etc/a, key: '# a', value: b}",
        "36: found '# a'; expected the first words of a line, no comment or section",
    ),
    "number as a value": (
        "config_line: {path: /etc/a, key: a, value: 5}",
        "46: found 5; expected text or {from: ...}. Put it in quotes: '5'.",
    ),
    "value of two lines": (
        'config_line: {path: /etc/a, key: a, value: "b\\nc"}',
        "46: found 'b\nc'; expected one line of text without spaces around it",
    ),
    "separator": (
        "config_line: {path: /etc/a, key: a, value: b, separator: '+='}",
        "60: found '+='; expected '=', ':' or spaces, as they stand in the file",
    ),
    "empty value after a space": (
        "config_line: {path: /etc/a, key: a, value: '', separator: ' '}",
        "16: found an empty value; expected a value that is not empty after a space",
    ),
    "separator without value": (
        "config_line: {path: /etc/a, key: a, separator: ' '}",
        "16: found 'separator' where the key is the whole line; expected a value beside it",
    ),
    "section with brackets": (
        "config_line: {path: /etc/a, key: a, value: b, section: '[c]'}",
        "58: found '[c]'; expected a section's name without brackets",
    ),
    "absent with value": (
        "config_line: {path: /etc/a, key: a, value: b, state: absent}",
        "16: found 'value' for what should be absent; expected no value where state is absent",
    ),
    "line in a file of another kind": (
        "config_line: {path: /etc/fstab, key: a, value: b}",
        "23: found '/etc/fstab'; expected owner, group and mode at most: the kind mount_option writes this file",
    ),
    "sshd keyword": (
        "sshd_option: {name: Max-Auth, value: '4'}",
        "23: found 'Max-Auth'; expected a keyword of sshd_config, such as MaxAuthTries",
    ),
    "sshd block": (
        "sshd_option: {name: match, value: all}",
        "23: found 'match'; expected an option: a block of conditions or another file is no setting",
    ),
    "sshd without value": ("sshd_option: {name: Banner, value: ''}", "38: found ''; expected a text that is not empty"),
    # accounts
    "user name": (
        "user: {name: Jan}",
        "9: found 'Jan'; expected small letters, digits, '_' and '-', a letter first; or system: true",
    ),
    "user name of the system": (
        "user: {name: 9jan, system: true}",
        "16: found '9jan'; expected an account's name: letters, digits, '_' and '-', a letter or '_' first",
    ),
    "user absent with more": (
        "user: {name: jan, shell: /bin/sh, state: absent}",
        "9: found 'shell' for what should be absent; expected only name and after where state is absent",
    ),
    "root absent": ("user: {name: root, state: absent}", "9: found root, to be absent; expected another user"),
    "shell": (
        "user: {name: jan, shell: bash}",
        "28: found 'bash'; expected an absolute path in its shortest form, such as /etc/issue",
    ),
    "comment": ("user: {name: jan, comment: 'a:b'}", "30: found 'a:b'; expected one line of text without ':'"),
    "groups twice": ("user: {name: jan, groups: [a, a]}", "33: found 'a' again; expected each group once"),
    "sudo absent": ("group: {name: sudo, state: absent}", "10: found sudo, to be absent; expected another group"),
    "group absent with more": (
        "group: {name: a, members: [b], mode: exact, state: absent}",
        "10: found 'members' for what should be absent; expected only name where state is absent",
    ),
    "members without mode": (
        "group: {name: a, members: [b]}",
        "10: found 'members' alone; expected members and mode together, or neither",
    ),
    "mode without members": (
        "group: {name: a, mode: exact}",
        "10: found 'mode' alone; expected members and mode together, or neither",
    ),
    "no members to add": (
        "group: {name: a, members: [], mode: include}",
        "10: found mode include without members; expected at least one member",
    ),
    # desktop
    "time zone": (
        "timezone: {name: CET+1}",
        "20: found 'CET+1'; expected a time zone of the tz database, such as Europe/Amsterdam",
    ),
    "locale": ("locale: {name: nl_NL}", "18: found 'nl_NL'; expected a locale in UTF-8, such as nl_NL.UTF-8"),
    "locale reference": (
        "locale: {name: {from: municipality.printers}}",
        "18: found {from: municipality.printers}, which gives a list of records; expected a reference that gives text",
    ),
    "dconf key": (
        "dconf: {key: org.gnome.desktop, value: 'true'}",
        "16: found 'org.gnome.desktop'; expected a key such as /org/gnome/desktop/session/idle-delay",
    ),
    "dconf boolean": ("dconf: {key: /org/a/b, value: true}", "33: found true; expected text or {from: ...}"),
    "dconf folder": (
        "dconf: {key: /org/a/, value: 'true'}",
        "16: found '/org/a/'; expected a key such as /org/gnome/desktop/session/idle-delay",
    ),
}

# Two settings that cannot both hold on one host.
CLASHES: list[tuple[str, str]] = [
    ("deb_package: {name: cron}", "deb_package: {name: cron, state: absent}"),
    ("systemd_unit: {name: cron.service, enabled: enabled}", "systemd_unit: {name: cron.service, enabled: disabled}"),
    ("sysctl: {name: kernel.sysrq, value: '0'}", "sysctl: {name: kernel.sysrq, value: '1'}"),
    ("kernel_module: {name: usb_storage, state: blocked}", "kernel_module: {name: usb-storage, state: loaded}"),
    ("mount_option: {path: /tmp, option: noexec}", "mount_option: {path: /tmp, option: exec}"),
    ("mount_option: {path: /tmp, option: size=1G}", "mount_option: {path: /tmp, option: size=2G, state: absent}"),
    ("audit_rule: {rule: -w /etc/sudoers -p wa}", "audit_rule: {rule: -w /etc/sudoers  -p wa}"),
    ("timer: {name: a, state: absent}", "timer: {name: a, state: absent}"),
    ("file: {path: /etc/issue, mode: '0644'}", "file: {path: /etc/issue, content: ''}"),
    ("file: {path: /etc/issue, content: ''}", "config_line: {path: /etc/issue, key: a, value: b}"),
    ("config_line: {path: /etc/issue, key: a, value: b}", "file: {path: /etc/issue, state: absent}"),
    ("config_line: {path: /etc/a, key: a, value: b}", "config_line: {path: /etc/a, key: a, state: absent}"),
    ("config_line: {path: /etc/a, section: s, key: a}", "config_line: {path: /etc/a, section: s, key: a, value: b}"),
    ("sshd_option: {name: Banner, value: none}", "sshd_option: {name: banner, value: /etc/issue}"),
    ("user: {name: jan}", "user: {name: jan, locked: true}"),
    ("group: {name: a}", "group: {name: a, state: absent}"),
    ("group: {name: a}", "group: {name: a, members: [b], mode: include}"),
    ("group: {name: a, members: [b], mode: include}", "group: {name: a, members: [c], mode: exact}"),
    ("group: {name: a, members: [b], mode: include}", "group: {name: a, members: [b], mode: exclude}"),
    ("timezone: {name: UTC}", "timezone: {name: Europe/Amsterdam}"),
    ("locale: {name: C.UTF-8}", "locale: {name: nl_NL.UTF-8}"),
    ("dconf: {key: /org/a/b, value: 'true'}", "dconf: {key: /org/a/b, value: 'false', locked: true}"),
]
