# ruff: noqa: E501 - settings are written as in files
"""A small repository: a role that enforces policy in two layers, and one that enforces none."""

from pathlib import Path

DORDRECHT = """\
schema: 1
slug: dordrecht
name: Dordrecht
desktop:
  wallpaper: '\\\\huisstijl.dordrecht.nl\\werkplek\\achtergrond.jpg'
  lock_screen: '\\\\huisstijl.dordrecht.nl\\werkplek\\vergrendeld.jpg'
  homepage: https://intranet.dordrecht.nl/
  start_pages: [https://intranet.dordrecht.nl/]
support: {organisation: Servicedesk, phone: '14 078', hours: 8 tot 17, url: https://hulp.dordrecht.nl/}
locale: {language: nl-NL, time_zone: W. Europe Standard Time, tz: Europe/Amsterdam, country: '176'}
network: {dns_suffix: dordrecht.nl, dns_search: [dordrecht.nl]}
choices: {onedrive: false, screen_lock_seconds: 300}
"""
SLIEDRECHT = (
    DORDRECHT.partition("choices:")[0].replace("dordrecht", "sliedrecht").replace("Dordrecht", "Sliedrecht")
)  # fmt: skip

SPECS = """\
argument_specs:
  main:
    short_description: Keep a workplace as its policy says
    description: What is enforced is data in C(policies/).
    options:
      workstation_drift_fails:
        description: In check mode, fail a workplace that is not as its policy says.
        type: bool
        default: false
"""
TASKS = "- name: Enforce the policy\n  enforce_policy:\n    drift_fails: '{{ workstation_drift_fails }}'\n"

FILES = {
    "roles/workstation/meta/argument_specs.yml": SPECS,
    "roles/workstation/meta/main.yml": """\
galaxy_info:
  author: Werkplek
  min_ansible_version: "2.20"
  platforms:
    - {name: Windows, versions: [all]}
    - {name: Debian, versions: [bookworm, trixie]}
""",
    "roles/workstation/defaults/main.yml": "workstation_drift_fails: false\n",
    "roles/workstation/tasks/main.yml": TASKS,
    "roles/workstation/molecule/default/tasks/main.yml": "- [not, read\n",
    "roles/member/meta/argument_specs.yml": """\
argument_specs:
  main:
    short_description: Join a host to the directory.
    description:
      - Joins by L(adcli,https://example.nl/adcli), B(once); see P(ansible.windows.win_domain#module).
      - "* A host that is a member is left alone. V(joined) is no O(member_state=left)."
    options: &inputs
      member_state:
        description: Whether the host is a member.
        choices: [joined, left]
        default: joined
      member_password:
        description: [Of the account that joins., Not kept.]
        required: true
        no_log: true
        aliases: [member_secret]
      member_servers:
        description: Where it asks, in this order (C(a|b)).
        type: list
        elements: dict
        default: []
        options:
          port: {description: Its port., type: int, default: 636}
  leave:
    short_description: Take a host out of the directory
    description: Leaves.
    options:
      <<: *inputs
  look:
    short_description: Look at a host
    description: Looks.
""",
    "roles/member/meta/main.yml": "galaxy_info: {min_ansible_version: '2.20', platforms: [{name: Debian, versions: [trixie]}]}\n",
    "roles/member/defaults/main.yml": "# Why\nmember_state: joined\nmember_servers: []\n",
    "roles/member/tasks/main.yml": "- name: Join\n  ansible.builtin.command: adcli join\n",
    "roles/member/tasks/leave.yml": "- name: Leave\n  ansible.builtin.command: adcli delete-computer\n",
    "roles/member/tasks/look.yml": "",
    "playbooks/a_drift.yml": """\
- name: Find drift
  hosts: workstation
  check_mode: true
  roles: [workstation]
""",
    "playbooks/members.yml": """\
- name: Guard
  ansible.builtin.import_playbook: guard.yml

# The first.
- name: Join them
  hosts: member  # all of them

  tasks:
    - name: In a block
      block:
        - name: Join
          ansible.builtin.import_role:
            name: member

# About the other play.
- name: Take them out
  hosts: member
  roles:
    - role: member
      tasks_from: leave.yml
""",
    "playbooks/workstations.yml": """\
---
- name: Keep the workstations
  hosts: workstation
  tasks:
    - name: Enforce
      ansible.builtin.include_role: {name: workstation}
""",
    "policies/controls/bio2.csv": (
        "number,label_nl,label_en,government_measure\n"
        "5.17.03,Wachtwoordeisen,Passwords,yes\n8.01.02,Apparaten,Devices,no\n8.09.01,Beheer,Configuration,yes\n"
    ),
    "policies/controls/sources.csv": (
        "prefix,title,version,url,documents_settings\n"
        "BIO2,Baseline Informatiebeveiliging Overheid 2,1.3,https://bio.example/,no\n"
        "CIS-W11,CIS Windows 11,3.0.0,https://cis.example/,yes\n"
    ),
    "policies/baseline/windows/screen.yml": r"""---
# When the screen locks, after 1.5 minutes
# or more. The rest: elsewhere.

- id: screen_lock
  title: Lock the screen
  controls: [BIO2:8.01.02, CIS-W11:2.3.7.3]
  registry: {path: 'HKLM:\SOFTWARE\Screen', name: Timeout, type: dword, data: {from: municipality.choices.screen_lock_seconds}}
- id: lockout
  title: Lock an account after five wrong passwords
  controls: [BIO2:5.17.03]
  docs: https://docs.example/lockout
  account_policy: {name: LockoutBadCount, data: 5}
""",
    "policies/baseline/linux/time_zone.yml": """\
- id: time_zone
  title: Keep Dutch time
  docs: https://docs.example/time
  timezone: {name: Europe/Amsterdam}
""",
    "policies/workstation/windows/drive.yml": r"""# OneDrive.
- id: onedrive_off
  title: Turn OneDrive off
  controls: [BIO2:8.01.02, NIST:AC-3]
  docs: https://docs.example/drive
  on: {choice: {onedrive: false}}
  registry: {path: 'HKLM:\SOFTWARE\Drive', name: Off, type: dword, data: 1}
- id: onedrive_allowed
  title: Let OneDrive be
  docs: https://docs.example/drive
  on: {choice: {onedrive: true}}
  registry: {path: 'HKLM:\SOFTWARE\Drive', name: Off, state: absent}
- id: lockout
  title: Lock an account after ten wrong passwords
  overrides: People type at a workplace
  docs: https://docs.example/lockout
  account_policy: {name: LockoutBadCount, data: 10}
""",
    "policies/vdi_host/windows/sessions.yml": r"""- id: sessions
  title: End sessions
  docs: https://docs.example/sessions
  registry: {path: 'HKLM:\SOFTWARE\Sessions', name: End, type: dword, data: 1}
""",
    "policies/municipality/sliedrecht.yml": """\
# What only Sliedrecht does.
- {id: screen_lock, absent: The hall shows a map}
- {id: sessions, ignore: Not here}
""",
    "municipalities/dordrecht.yml": DORDRECHT,
    "municipalities/sliedrecht.yml": SLIEDRECHT,
}  # fmt: skip


def write_repository(root: Path, changed: dict[str, str | None] | None = None) -> Path:
    """The sample in a folder, with other texts for some files; None leaves a file out."""
    for name, text in {**FILES, **(changed or {})}.items():
        if text is None:
            (root / name).unlink(missing_ok=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
    return root
