"""What a class's policy is summed up to."""

import shutil

import pytest
from role_docs_samples import FILES, write_repository

from werkplek.documentation.role_policies import summarise
from werkplek.documentation.roles import role_readmes
from werkplek.errors import WerkplekError
from werkplek.policy.loader import load_repository
from werkplek.policy.sources import read_sources

DRIVE = "policies/workstation/windows/drive.yml"
SCREEN = "policies/baseline/windows/screen.yml"


def summed(root, changed=None, workplace_class="workstation"):
    write_repository(root, changed)
    return summarise(load_repository(root), read_sources(root), workplace_class)


def subject(policy, file):
    return next(one for one in policy.subjects if one.file == f"policies/{file}")


def test_a_setting_that_a_class_overrides_is_one_setting(tmp_path):
    policy = summed(tmp_path)
    assert policy.settings == {"windows": 4, "linux": 1}
    assert policy.kinds == {("account_policy", "windows"): 1, ("registry", "windows"): 3, ("timezone", "linux"): 1}
    assert subject(policy, "workstation/windows/drive.yml").settings == {"windows": 3}


def test_another_class_has_its_own_layer_and_the_baseline(tmp_path):
    policy = summed(tmp_path, workplace_class="vdi_host")
    assert policy.settings == {"windows": 3, "linux": 1}
    assert [one.file for one in policy.subjects] == [
        "policies/baseline/linux/time_zone.yml",
        "policies/baseline/windows/screen.yml",
        "policies/vdi_host/windows/sessions.yml",
        "policies/municipality/sliedrecht.yml",
    ]
    assert subject(policy, "municipality/sliedrecht.yml").settings == {"windows": 2}


def test_what_a_municipality_adds_counts(tmp_path):
    text = FILES[SCREEN].partition("- id: screen_lock")[2].partition("- id:")[0]
    added = f"- id: hall{text}".replace("Timeout", "Hall").replace("screen_lock_seconds", "bitlocker_pin_length")
    policy = summed(tmp_path, {"policies/municipality/dordrecht.yml": added})
    found = subject(policy, "municipality/dordrecht.yml")
    assert (found.settings, found.sources) == ({"windows": 1}, ("BIO2", "CIS-W11"))
    assert (found.about, found.choices) == ("Dordrecht", ("bitlocker_pin_length",))
    assert policy.settings == {"windows": 5, "linux": 1}


def test_a_choice_that_only_a_later_answer_to_a_setting_names(tmp_path):
    changed = {"policies/municipality/sliedrecht.yml": "- {id: screen_lock, absent: No, on: {choice: {laps: 'off'}}}\n"}
    policy = summed(tmp_path, changed)
    assert [one.name for one in policy.choices] == ["laps", "onedrive", "screen_lock_seconds"]
    laps = policy.choices[0]
    assert (laps.answers, laps.default, laps.otherwise) == (
        ("active_directory", "entra_id", "off"),
        "active_directory",
        (),
    )


def test_municipalities_with_another_answer_are_named_in_order(tmp_path):
    changed = {"municipalities/sliedrecht.yml": FILES["municipalities/sliedrecht.yml"] + "choices: {onedrive: false}\n"}
    onedrive = summed(tmp_path, changed).choices[0]
    assert onedrive.otherwise == (("Dordrecht", False), ("Sliedrecht", False))


def test_evidence_is_what_some_municipality_of_the_class_enforces(tmp_path):
    def evidence(policy):
        return {one.number: one.settings for one in policy.evidence}

    assert evidence(summed(tmp_path)) == {"8.01.02": 2}  # the lockout of the baseline is overridden
    assert evidence(summed(tmp_path, workplace_class="vdi_host")) == {"5.17.03": 1, "8.01.02": 1}
    nobody = {"municipalities/dordrecht.yml": FILES["municipalities/dordrecht.yml"].replace("onedrive: false, ", "")}
    assert evidence(summed(tmp_path, nobody)) == {"8.01.02": 1}
    assert summed(tmp_path).listed == 3


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("# One. Two.\n", "One"),
        ("---\n# One\n# and more (1.2.3)\n#\n# Two.\n", "One and more (1.2.3)"),
        ("# Windows 11. 24H2 too\n\n# Two.\n", "Windows 11. 24H2 too"),
        ("", "Drive"),
    ],
)
def test_a_subject_is_the_first_sentence_of_the_first_comment(tmp_path, text, about):
    rest = FILES[DRIVE].removeprefix("# OneDrive.\n")
    assert subject(summed(tmp_path, {DRIVE: text + rest}), "workstation/windows/drive.yml").about == about


def workstation(root, changed=None):
    return role_readmes(write_repository(root, changed), load_repository)["roles/workstation/README.md"]


def test_a_class_of_one_family_says_so_in_few_words(tmp_path):
    changed = {"policies/baseline/linux/time_zone.yml": None}
    assert "\n4 settings for Windows, as data in " in workstation(tmp_path, changed)


def test_a_class_without_settings(tmp_path):
    write_repository(tmp_path)
    for layer in ("baseline", "workstation", "vdi_host", "municipality"):
        shutil.rmtree(tmp_path / "policies" / layer)
    text = role_readmes(tmp_path, load_repository)["roles/workstation/README.md"]
    assert text.endswith("## What it enforces\n\nNo policy file holds a setting for the class `workstation` yet.\n")


def test_problems_of_the_policy_are_told(tmp_path):
    with pytest.raises(WerkplekError, match="The policy repository has 1 problem"):
        workstation(tmp_path, {"policies/baseline/x.yml": "x\n"})


def test_the_policy_is_not_read_where_no_role_enforces_it(tmp_path):
    tasks = {"roles/workstation/tasks/main.yml": "- debug:\n", "policies/baseline/x.yml": "x\n"}
    text = workstation(tmp_path, tasks)
    assert text.startswith("<!-- Generated by werkplek roles docs from the role, playbooks; do not edit. -->\n")
    assert "What it enforces" not in text
