"""The play that a README quotes, and who else uses the role."""

import pytest
from role_docs_samples import TASKS, write_repository

from werkplek.documentation.roles import role_readmes
from werkplek.policy.loader import load_repository

PLAYS = dict.fromkeys(("playbooks/a_drift.yml", "playbooks/members.yml", "playbooks/workstations.yml"))


def example(root, changed):
    """What stands below "Example" in the README of `member`."""
    readme = role_readmes(write_repository(root, {**PLAYS, **changed}), load_repository)["roles/member/README.md"]
    return readme.partition("## Example\n\n")[2].partition("\n\n## Inputs")[0]


@pytest.mark.parametrize(
    "play",
    [
        "- hosts: all\n  roles: [member]",
        "- hosts: all\n  roles:\n    - {role: member}",
        "- hosts: all\n  roles:\n    - name: member",
        "- hosts: all\n  tasks:\n    - import_role: {name: member}",
        "- hosts: all\n  pre_tasks:\n    - ansible.builtin.include_role: {name: member, tasks_from: main.yml}",
        "- hosts: all\n  post_tasks:\n    - block: []\n      rescue:\n        - block: [{import_role: {name: member}}]",
        "- hosts: all\n  handlers:\n    - name: Again\n      include_role: {name: member}",
    ],
)  # fmt: skip
def test_forms_of_use(tmp_path, play):
    text = f"# Before\n{play}\n\n# After\n"
    assert example(tmp_path, {"playbooks/p.yml": text}) == (
        f"A play of [playbooks/p.yml](../../playbooks/p.yml):\n\n```yaml\n{play}\n```"
    )


@pytest.mark.parametrize(
    "text",
    [
        "- hosts: all\n  roles: [members]\n",
        "- hosts: all\n  vars: {roles: [member], import_role: {name: member}}\n",
        "- hosts: all\n  tasks:\n    - import_role: {name: member, tasks_from: leave}\n",
        "- import_playbook: member.yml\n",
        "",
        "hosts: all\n",
    ],
)
def test_no_use(tmp_path, text):
    assert example(tmp_path, {"playbooks/p.yml": text}) == "No playbook or other role of this repository uses it."


def test_a_play_that_changes_hosts_is_quoted_before_one_that_checks(tmp_path):
    changed = {
        "playbooks/a.yml": "- name: Look *once*\n  hosts: all\n  check_mode: true\n  roles: [member]\n",
        "playbooks/b.yml": "- hosts: first\n  roles: [member]\n- hosts: second\n  roles: [member, member]\n",
    }
    assert example(tmp_path, changed) == (
        "A play of [playbooks/b.yml](../../playbooks/b.yml):\n\n```yaml\n- hosts: first\n  roles: [member]\n```\n\n"
        "Also used by:\n\n"
        "- [playbooks/b.yml](../../playbooks/b.yml): a play without a name\n"
        "- [playbooks/a.yml](../../playbooks/a.yml): Look \\*once\\*"
    )


def test_use_by_another_role(tmp_path):
    tasks = TASKS + "- ansible.builtin.include_role: {name: member}\n"
    changed = {"roles/workstation/tasks/main.yml": tasks, "roles/workstation/tasks/more.yml": tasks}
    assert example(tmp_path, changed) == "Used by:\n\n- the role [workstation](../workstation/README.md)"


def test_use_by_itself_is_none(tmp_path):
    changed = {"roles/member/tasks/look.yml": "- include_role: {name: member}\n"}
    assert example(tmp_path, changed) == "No playbook or other role of this repository uses it."
