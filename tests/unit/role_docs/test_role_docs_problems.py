# ruff: noqa: E501 - texts are written as they are told
"""What is wrong with a role stops the whole, with its place: a README never tells half of it."""

import pytest
from role_docs_samples import FILES, SPECS, TASKS, write_repository

from werkplek.documentation.roles import role_readmes
from werkplek.errors import WerkplekError
from werkplek.policy.loader import load_repository

META = "roles/workstation/meta/main.yml"
FILE = "roles/workstation/meta/argument_specs.yml"
DEFAULTS = "roles/workstation/defaults/main.yml"


def problems(root, changed):
    with pytest.raises(WerkplekError) as caught:
        role_readmes(write_repository(root, changed), load_repository)
    count = len(caught.value.problems)
    assert caught.value.summary == f"The roles have {count} problem{'s' * (count > 1)}."
    return list(map(str, caught.value.problems))


def specs(old, new):
    assert old in SPECS
    return {FILE: SPECS.replace(old, new)}


KEYS = "one of: aliases, choices, default, description, elements, no_log, options, required, type"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({FILE: None}, f"{FILE}: found no such file; expected argument_specs: with the entry point 'main'"),
        ({FILE: "# to come\n"}, f"{FILE}:1:1: found no entry point 'main'; expected argument_specs: with the entry point 'main'"),
        (specs("  main:", "  other:"), f"{FILE}:2:3: found no entry point 'main'; expected argument_specs: with the entry point 'main'"),
        ({FILE: "a: [\n"}, f"{FILE}:2:1: found broken YAML (did not find expected node content); expected valid YAML"),
        (specs("    short_description: Keep a workplace as its policy says\n", ""), f"{FILE}:3:5: found no 'short_description'; expected the key 'short_description'"),
        (specs("    options:\n", "    extra: 1\n    options:\n"), f"{FILE}:5:5: found the unknown key 'extra'; expected one of: description, options, short_description"),
        (specs("        type: bool", "        typ: bool"), f"{FILE}:8:9: found the unknown key 'typ'; expected {KEYS}. Did you mean 'type'?"),
        (specs("type: bool", "type: boolean"), f"{FILE}:8:15: found 'boolean'; expected one of: bits, bool, bytes, dict, float, int, json, jsonarg, list, path, raw, str. Did you mean 'bool'?"),
        (specs("description: What is enforced is data in C(policies/).", "description: []"), f"{FILE}:4:18: found an empty list; expected at least one paragraph"),
        (specs("type: bool", "elements: str"), f"{FILE}:8:19: found elements of what is no list; expected type: list beside it"),
        (specs("type: bool", "options: {x: {description: X.}}"), f"{FILE}:8:18: found options of what is no mapping; expected type: dict, or a list with elements: dict"),
        (specs("type: bool", "type: dict\n        options: {x: {description: X., type: y}}"), f"{FILE}:9:46: found 'y'; expected one of: bits, bool, bytes, dict, float, int, json, jsonarg, list, path, raw, str"),
        (specs("type: bool", "options: none"), f"{FILE}:8:18: found 'none'; expected a mapping of names to inputs"),
        (specs("type: bool", "required: true"), f"{FILE}:9:18: found the default of what is required; expected one of both"),
        (specs("type: bool", "choices: [often, never]"), f"{FILE}:9:18: found the default false; expected one of: often, never"),
        ({META: None}, f"{META}: found no such file; expected galaxy_info: with platforms and min_ansible_version"),
        ({META: "galaxy_info: {min_ansible_version: 2.2, platforms: [{name: Debian, versions: [all]}]}\n"}, f"{META}:1:36: found 2.2; expected text. Put it in quotes: '2.2'."),
        ({META: "galaxy_info: {min_ansible_version: '2.20', platforms: []}\n"}, f"{META}:1:55: found an empty list; expected at least one platform"),
        ({"roles/member/tasks/leave.yml": None}, "roles/member/meta/argument_specs.yml:24:3: found the entry point 'leave'; expected its tasks in roles/member/tasks/leave.yml"),
        ({"roles/member/tasks/look.yml": TASKS}, "roles/member/tasks/look.yml: found enforce_policy in the role 'member'; expected it in a role named like its class, one of: workstation, vdi_host, network"),
    ],
)  # fmt: skip
def test_problems_of_a_role(tmp_path, changed, problem):
    assert problems(tmp_path, changed) == [problem]


def test_a_folder_without_files_is_a_role_too(tmp_path):
    (tmp_path / "roles/new/files").mkdir(parents=True)
    assert problems(tmp_path, {}) == [
        "roles/new/meta/argument_specs.yml: found no such file; expected argument_specs: with the entry point 'main'",
        "roles/new/meta/main.yml: found no such file; expected galaxy_info: with platforms and min_ansible_version",
    ]


def test_hidden_folders_and_files_are_no_roles(tmp_path):
    root = write_repository(tmp_path, {"roles/.cache/x.yml": "x", "roles/README.md": "About them"})
    assert set(role_readmes(root, load_repository)) == {"roles/member/README.md", "roles/workstation/README.md"}


def test_no_roles(tmp_path):
    with pytest.raises(WerkplekError) as caught:
        role_readmes(tmp_path, load_repository)
    assert str(caught.value) == (
        f"The roles cannot be read.\n  roles/: found no role; expected a folder for each role in {tmp_path}/roles"
    )


@pytest.mark.parametrize(
    ("default", "given", "problem"),
    [
        ("default: false", "workstation_drift_fails: true\n",
         f"{FILE}:9:18: found the default false of 'workstation_drift_fails'; expected the default true, as {DEFAULTS}:1:26 has. Both must say the same."),
        ("default: false", "workstation_drift_fails: 'false'\n",
         f"{FILE}:9:18: found the default false of 'workstation_drift_fails'; expected the default 'false', as {DEFAULTS}:1:26 has. Both must say the same."),
        ("default: 1", "workstation_drift_fails: true\n",
         f"{FILE}:9:18: found the default 1 of 'workstation_drift_fails'; expected the default true, as {DEFAULTS}:1:26 has. Both must say the same."),
        ("required: false", "workstation_drift_fails: null\n",
         f"{FILE}:6:7: found no default of 'workstation_drift_fails'; expected the default null, as {DEFAULTS}:1:26 has. Both must say the same."),
        ("required: true", "workstation_drift_fails: true\n",
         f"{FILE}:6:7: found no default of 'workstation_drift_fails'; expected the default true, as {DEFAULTS}:1:26 has. Both must say the same."),
        ("default: false", "# nothing\n",
         f"{FILE}:9:18: found the default false of 'workstation_drift_fails'; expected no default, as {DEFAULTS} has. Both must say the same."),
        ("default: false", None,
         f"{FILE}:9:18: found the default false of 'workstation_drift_fails'; expected no default, as {DEFAULTS} has. Both must say the same."),
        ("default: false", "workstation_drift_fails: false\nworkstation_drift: 1\n",
         f"{DEFAULTS}:2:1: found the default of 'workstation_drift'; expected an input of that name in {FILE}. Did you mean 'workstation_drift_fails'?"),
        ("default: false", "[workstation_drift_fails]\n", f"{DEFAULTS}:1:1: found a list; expected a mapping of names to values"),
    ],
)  # fmt: skip
def test_a_default_is_the_same_in_both_files(tmp_path, default, given, problem):
    assert problems(tmp_path, {**specs("default: false", default), DEFAULTS: given}) == [problem]


def test_each_entry_point_is_compared(tmp_path):
    text = FILES["roles/member/meta/argument_specs.yml"].replace(
        "      <<: *inputs\n", "      member_state: {description: S., default: left}\n"
    )
    assert problems(tmp_path, {"roles/member/meta/argument_specs.yml": text}) == [
        "roles/member/meta/argument_specs.yml:28:48: found the default left of 'member_state'; "
        "expected the default joined, as roles/member/defaults/main.yml:2:15 has. Both must say the same."
    ]


def test_equal_defaults_in_another_notation(tmp_path):
    changed = {**specs("default: false", "default: no"), DEFAULTS: "workstation_drift_fails: False\n"}
    text = role_readmes(write_repository(tmp_path, changed), load_repository)["roles/workstation/README.md"]
    assert "| `workstation_drift_fails` | bool | no | `false` |" in text


def test_every_problem_of_every_role_is_told_at_once(tmp_path):
    assert len(problems(tmp_path, {DEFAULTS: None, "roles/member/meta/main.yml": None})) == 2
