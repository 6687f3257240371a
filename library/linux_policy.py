#!/usr/bin/python
# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module linux_policy; the work is done in module_utils/linux_policy."""

from ansible.module_utils.linux_policy.module import main

DOCUMENTATION = r"""
module: linux_policy
short_description: Bring many Linux settings to their desired state in one call
description:
  - Takes all settings of a host as one JSON text, reads every current value, computes the differences, writes them
    and reads back what was written. A value that did not stick is a failed setting, whatever a command said.
  - A failing setting is a result with status V(failed) and does not hide the others. The task itself fails only when
    the request is malformed. Then all problems are named and nothing was touched.
  - Usually run by the action plugin P(enforce_policy#module), which resolves the policy of a host and judges the
    results.
version_added: "0.1.0"
author: Werkplek contributors
options:
  policy:
    description:
      - 'A JSON text C({"schema": 1, "settings": [...]}).'
      - Every setting has an C(id), unique in the request, a C(kind), and the fields of its kind. Unknown fields are
        refused. A field that is null counts as left out. Two settings that decide the same thing are refused.
      - 'Of every kind: C(observe), which can only be C(waived), has a setting read and never written. With
        C(secret=true), of C(file) and C(config_line) only, no text that leaves the module shows what is wanted or
        found.'
      - 'C(deb_package): C(name) and C(state), C(present) (the standard) or C(absent), which leaves no configuration
        behind.'
      - 'C(systemd_unit): C(name), such as C(cron.service), C(enabled) (C(enabled), C(disabled) or C(masked)) and
        optionally C(status) (C(running) or C(stopped)). A unit that is not installed is compliant when it should be
        disabled or masked, and failed otherwise. A static unit counts as enabled, a masked one as disabled.'
      - 'C(sysctl): C(name) and C(value), a text. Kept in C(/etc/sysctl.d/60-werkplek.conf) and set in the kernel.'
      - 'C(kernel_module): C(name) and C(state). C(blocked) keeps the module from being loaded, by
        C(/etc/modprobe.d/60-werkplek.conf), and unloads it; C(loaded) loads it, now and at boot, by
        C(/etc/modules-load.d/60-werkplek.conf).'
      - 'C(file): C(path), C(state) (C(file), the standard, C(directory) or C(absent)) and of a file C(content), of a
        file or directory C(owner), C(group) and C(mode), four octal digits as text. What is left out stays as it is;
        content is compared byte by byte. With C(if_present=true) what is not there is compliant. A directory goes
        only when it is empty.'
      - 'C(config_line): C(path), C(key) and C(value), with C(separator) between the two (C(=) is the standard), and
        C(section) in a file that has any. There will be exactly one active line for the key, in the section or in the
        file; comments and all other lines stay as they are. Without C(value) the line is the key alone. With
        C(state=absent) there will be no line. With C(if_present=true) a file that is not there is compliant.'
      - 'C(sshd_option): C(name) and C(value). All are in C(/etc/ssh/sshd_config.d/00-werkplek.conf); what is compared
        is what C(sshd -T) tells.'
      - 'C(user): C(name) and C(state), C(shell), C(home), C(comment), C(groups) (exactly the groups other than the
        first), C(system=true) for an account of a program, and C(locked), whether no password opens it. An account
        that is removed keeps its home folder.'
      - 'C(group): C(name) and C(state), C(system), and C(members) with C(mode): C(exact), the standard, C(include) or
        C(exclude).'
      - 'C(mount_option): C(path), C(option), such as C(nodev), and C(state). Set by a remount, and kept in
        C(/etc/fstab), or beside the unit of systemd that makes the mount.'
      - 'C(timezone): C(name). C(locale): C(name), which is generated and becomes C(LANG).'
      - 'C(dconf): C(key), C(value) as GVariant text, and C(locked=true) where users must not change it. Kept in
        C(/etc/dconf/db/local.d/60-werkplek).'
      - 'C(timer): C(name), C(on_calendar) (systemd.time(7)), C(command) (an absolute path with arguments),
        C(description), C(user), C(persistent) (true is the standard) and C(randomized_delay), in seconds. The units
        are called C(werkplek-NAME). With C(state=absent) there is only C(name).'
      - 'C(audit_rule): C(rule), one for auditctl. Kept in C(/etc/audit/rules.d/60-werkplek.rules).'
      - 'Of C(file), C(config_line) and C(user): C(after), a list of C(restart UNIT), C(reload UNIT), C(update-grub),
        C(update-initramfs), C(update-ca-certificates), C(pam-auth-update), C(udev-reload) and C(reboot). Each runs
        once, after all settings were written, and only when a setting that names it changed; C(reboot) is only
        reported. A handler that fails makes the settings that named it failed. What a run that was cut short or a
        handler that failed leaves undone is remembered in C(/var/lib/werkplek/handlers.json), and done by the next
        run.'
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Reads everything and writes nothing; what would change is V(noncompliant).
  diff_mode:
    support: full
    description: A line for each setting that differs, before and after, and of files a diff of 40 lines at most.
  platform:
    platforms: debian
notes:
  - Needs root. Written for Debian 12 and 13 with their own Python.
  - Settings are written in this order, whatever their order in the request - packages, groups and users, kernel
    modules, sysctl, files, lines, owners and modes, time zone, locale, mounts, dconf, audit rules, sshd, timers,
    units.
  - Files are replaced in one step; owner, mode, access lists and labels of the old one are kept. Symbolic links are
    not followed, but for those that stand in a folder that only root writes and that lead to a folder. Folders that
    are missing on the way to a new file are made, root's, with mode 0755.
  - What has a checker is checked before it is replaced - sudoers by visudo, the files of sshd by sshd, C(/etc/fstab)
    by findmnt, units by systemd-analyze, dconf keys by dconf.
  - Lines in a file that this module keeps whole (C(60-werkplek.conf) and the like) for which no setting asks any more
    are taken away when a setting of the request has its place in that file. The message of the first such setting
    says so.
  - The account that the run signed in with over SSH keeps its access. What would end it, by the server's options and
    files, by removing the account or taking its shell or the group sudo from it, or by stopping the server, is
    V(failed). After a reload the server must answer on its port, else its old drop-in comes back.
  - Packages are installed in one call of apt-get and removed in another. Both are simulated first; what would remove
    a package for which no setting asks is V(failed). The lists of packages are fetched only when one is not to be
    found.
  - SELinux labels and AppArmor profiles are left as they are.
seealso:
  - module: ansible.builtin.apt
  - module: ansible.builtin.systemd_service
  - module: ansible.builtin.copy
"""

EXAMPLES = r"""
- name: Look at three settings without changing them
  linux_policy:
    policy: "{{ {'schema': 1, 'settings': settings} | to_json }}"
  check_mode: true
  diff: true
  vars:
    settings:
      - id: kernel_addresses_hidden
        kind: sysctl
        name: kernel.kptr_restrict
        value: "2"
      - id: journal_persistent
        kind: config_line
        path: /etc/systemd/journald.conf.d/60-werkplek.conf
        section: Journal
        key: Storage
        value: persistent
        after: [restart systemd-journald.service]
      - id: root_ssh_off
        kind: sshd_option
        name: PermitRootLogin
        value: "no"
  register: found

- name: Name what differs
  ansible.builtin.debug:
    msg: "{{ found.settings | from_json | rejectattr('status', 'eq', 'compliant') | map(attribute='id') }}"
"""

RETURN = r"""
settings:
  description:
    - One JSON text, a list with one result for each setting, in the order of the request.
    - C(status) is C(compliant), C(changed), C(noncompliant) (in check mode, would change), C(failed), C(unsupported)
      where this host lacks what the setting is about, or C(waived) where it is not as wanted, or could not be read,
      but is only observed. Waived settings were not written.
    - C(before) and C(after) are texts such as C(2), C(2 now, not set at boot), C(enabled, running), C(PASS_MAX_DAYS
      365), C(7 bytes, SHA-256 940dc86d4884, mode 0644), C(installed 2.41-12), C(<absent>) or, when it could not be
      read, C(<unknown>). Of a secret they are C(<secret>) for what is wanted, C(<another value>), C(<absent>) or
      C(<unknown>).
    - C(message) says what went wrong, or what else there is to know.
  returned: when the request is well-formed
  type: str
  sample: '[{"id": "root_ssh_off", "status": "changed", "before": "without-password", "after": "no"}]'
handlers:
  description: What ran after the settings, in its order. In check mode, what would run.
  returned: when the request is well-formed
  type: list
  elements: dict
  contains:
    name:
      description: The handler, such as C(reload ssh.service).
      type: str
    because:
      description: The ids of the settings that asked for it.
      type: list
      elements: str
    failed:
      description: What went wrong, null where nothing did.
      type: str
reboot_required:
  description: Whether the host must start again before everything is as its settings say, or as Debian asks.
  returned: when the request is well-formed
  type: bool
reboot_because:
  description: Why, one text for each reason.
  returned: when the request is well-formed
  type: list
  elements: str
  sample: ["usb_storage_off: the module is in use, and loaded until the next start"]
"""

if __name__ == "__main__":
    main()
