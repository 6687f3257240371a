"""The simulated software modules refuse what the real ones refuse, and keep to what those are documented to do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from werkplek.enforcement.package_calls import NO_CHOCOLATEY
from werkplek.errors import WerkplekError
from werkplek.lab.payload import Payload
from werkplek.lab.windows import Host
from werkplek.lab.windows_modules import ModuleFailure
from werkplek.lab.windows_software import Software, edited
from werkplek.lab.windows_software_modules import CHOCO, FACTS, FEATURE, PACKAGE, SOFTWARE, TASK, simulate
from werkplek.lab.windows_software_options import documentation, module_file
from werkplek.lab.windows_software_tasks import TRIGGERS

SILVERLIGHT = "{89F4137D-6C26-4A84-BDB8-2E5A4BB71E00}"
DAILY = {"type": "daily", "start_boundary": "2000-01-01T12:00:00"}
TASK_A = {"name": "A", "actions": [{"path": "C:\\x.exe"}], "username": "S-1-5-18"}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host("PAP-WS-001", "127.0.91.1", tmp_path / "host")


def run(host: Host, module: str, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    return simulate(host, Payload(module, "", arguments, {}))


def refusal(host: Host, module: str, **options: Any) -> str:
    with pytest.raises(ModuleFailure) as caught:
        run(host, module, **options)
    return str(caught.value)


def edit(host: Host, *edits: dict[str, Any]) -> None:
    edited(Software.of(host.folder), edits).save(host.folder)


def packages(host: Host) -> dict[str, str]:
    found = run(host, FACTS, filter=["packages"])["ansible_facts"]["ansible_chocolatey"]["packages"]
    return {entry["package"]: entry["version"] for entry in found}


def test_every_simulated_module_is_installed_and_documented() -> None:
    assert {module: "name" in documentation(module) for module in SOFTWARE} == {
        CHOCO: True,
        FACTS: False,
        PACKAGE: False,
        FEATURE: True,
        TASK: True,
    }


def test_the_words_that_are_relied_on_stand_in_the_real_modules() -> None:
    common = module_file(CHOCO, "ps1").parents[1] / "module_utils" / "Common.psm1"
    assert f'"{NO_CHOCOLATEY}"' in common.read_text()
    assert "FailJson(\"Failed to find feature '$feature_name'\")" in module_file(FEATURE, "ps1").read_text()
    assert '"+[Task]`n+$task_path`n`n"' in module_file(TASK, "ps1").read_text()


def test_keys_of_triggers_are_the_real_modules() -> None:
    script = module_file(TASK, "ps1").read_text()
    for kind, (mandatory, optional) in TRIGGERS.items():
        block = re.search(rf"::TASK_TRIGGER_{kind.upper()} = @{{(.*?)\n        }}", script, re.DOTALL)
        assert block is not None
        lists = [re.findall(r"'(\w+)'", part) for part in re.findall(r"= @\((.*?)\)", block[1], re.DOTALL)]
        assert lists == [list(mandatory), [*optional, "repetition"]]


@pytest.mark.parametrize(
    ("module", "options", "text"),
    [
        (FEATURE, {}, "missing required arguments: name"),
        (
            FEATURE,
            {"name": "TFTP", "colour": "red"},
            "Unsupported parameters for (ansible.windows.win_optional_feature) module: colour."
            " Supported parameters include: include_parent, name, source, state",
        ),
        (
            FEATURE,
            {"name": "TFTP", "state": "gone"},
            "value of state must be one of: absent, present. Got no match for: gone",
        ),
        (
            FEATURE,
            {"name": "TFTP", "include_parent": "perhaps"},
            "argument for include_parent cannot be converted to bool: The value 'perhaps' is not a valid boolean.",
        ),
        (
            FEATURE,
            {"name": "TFTP", "include_parent": True},
            "the lab does not simulate the option include_parent of ansible.windows.win_optional_feature",
        ),
        (FEATURE, {"name": ["TFTP", "Nope"]}, "Failed to find feature 'Nope'"),
        (
            CHOCO,
            {"name": ["a"], "state": "latest"},
            "the lab simulates win_chocolatey for named packages, not for ['a'] with state latest",
        ),
        (
            CHOCO,
            {"name": "all", "state": "absent"},
            "the lab simulates win_chocolatey for named packages, not for ['all'] with state absent",
        ),
        (FACTS, {}, "the lab simulates win_chocolatey_facts only for filter packages, not ['all']"),
        (
            PACKAGE,
            {"product_id": "Xbox", "provider": "msix", "state": "absent"},
            "the lab simulates win_package only for state absent, provider msi and a product_id",
        ),
        (
            TASK,
            {"name": "A"},
            "cannot create a task with no actions, set at least one action with a path to an executable",
        ),
        (
            TASK,
            {"name": "A/B"},
            "Invalid task name 'A/B'. The following characters are not valid: \\/:*?\"<>|",
        ),
        (TASK, {**TASK_A, "group": "S-1-5-32-545"}, "username and group can not be set at the same time"),
        (TASK, {**TASK_A, "logon_type": "group"}, "group must be set when logon_type=group"),
        (
            TASK,
            {**TASK_A, "username": "S-1-5-21-1-2-3-500", "logon_type": "service_account"},
            "username must be SYSTEM, LOCAL SERVICE or NETWORK SERVICE when logon_type=service_account",
        ),
        (TASK, {**TASK_A, "username": "SYSTEM"}, "the lab knows accounts by their SID only, not SYSTEM"),
        (
            TASK,
            {**TASK_A, "triggers": [{"type": "daily"}]},
            "mandatory key 'start_boundary' for trigger is not set, mandatory keys are 'start_boundary'",
        ),
        (
            TASK,
            {**TASK_A, "triggers": [{**DAILY, "start_boundary": "12:00"}]},
            "trigger option 'start_boundary' must be in the format 'YYYY-MM-DDThh:mm:ss' format but was '12:00'",
        ),
        (
            TASK,
            {**TASK_A, "triggers": [{**DAILY, "random_delay": "30"}]},
            "trigger option 'random_delay' must be in the XML duration format but was '30'",
        ),
        (
            TASK,
            {**TASK_A, "triggers": [{**DAILY, "type": "weekly", "days_of_week": "maandag"}]},
            "invalid day of week 'maandag', check the spelling matches the full day name",
        ),
        (
            TASK,
            {**TASK_A, "triggers": [{"type": "boot", "random_delay": "PT5M"}]},
            "the lab does not know random_delay of a boot trigger",
        ),
        (
            TASK,
            {**TASK_A, "triggers": [{"type": "idle"}]},
            "the lab knows triggers of type boot, daily, logon, weekly, not idle",
        ),
    ],
)
def test_refused(host: Host, module: str, options: dict[str, Any], text: str) -> None:
    before = Software.of(host.folder).dump()
    assert refusal(host, module, **options) == text
    assert Software.of(host.folder).dump() == before


def test_a_package_comes_and_goes_and_a_check_writes_nothing(host: Host) -> None:
    assert run(host, CHOCO, check=True, name=["7Zip"])["changed"] is True
    assert not host.folder.exists()
    assert [run(host, CHOCO, name=["7Zip"])["changed"] for _ in range(2)] == [True, False]
    assert packages(host)["7Zip"] == "25.1.0"
    assert run(host, CHOCO, name=["7zip"], state="downgrade", version="24.8.0")["changed"] is True
    assert packages(host)["7Zip"] == "24.8.0"
    assert refusal(host, CHOCO, name=["7zip"], version="25.1.0").startswith(
        "Chocolatey package '7zip' is already installed with version(s) '24.8.0' but was expecting '25.1.0'."
    )
    assert [run(host, CHOCO, name="7zip", state="absent")["changed"] for _ in range(2)] == [True, False]


def test_packages_that_can_be_had_are_installed_although_another_cannot(host: Host) -> None:
    with pytest.raises(ModuleFailure) as caught:
        run(host, CHOCO, name=["nope", "7zip"])
    assert str(caught.value) == "Error installing package(s) 'nope, 7zip'"
    assert caught.value.more == {
        "rc": 1,
        "stdout": "nope not installed. The package was not found with the source(s) listed.\r\n",
    }
    assert "7zip" in packages(host)


def test_without_chocolatey_the_module_installs_it_but_not_in_a_check(host: Host) -> None:
    edit(host, {"kind": "package", "name": "chocolatey", "state": "absent"})
    assert refusal(host, FACTS, filter=["packages"]) == NO_CHOCOLATEY
    assert run(host, CHOCO, check=True, name=["7zip"])["skipped"] is True
    assert run(host, CHOCO, name=["7zip"])["changed"] is True
    assert {"chocolatey", "7zip"} <= packages(host).keys()


def test_a_product_goes_by_its_code(host: Host) -> None:
    options = {"product_id": SILVERLIGHT.lower(), "provider": "msi", "state": "absent"}
    assert run(host, PACKAGE, check=True, **options) == {"changed": True, "rc": 0, "reboot_required": False}
    assert [run(host, PACKAGE, **options)["changed"] for _ in range(2)] == [True, False]
    edit(host, {"kind": "product", "code": SILVERLIGHT, "name": "Silverlight", "restart": True})
    assert run(host, PACKAGE, **options) == {"changed": True, "rc": 3010, "reboot_required": True}


def test_a_feature_that_needs_a_restart_differs_until_it_has_had_one(host: Host) -> None:
    edit(host, {"kind": "feature", "name": "SMB1Protocol", "state": "present"})
    for _ in range(2):
        assert run(host, FEATURE, name=["smb1protocol"], state="absent") == {"changed": True, "reboot_required": True}
    edit(host, {"kind": "restart"})
    assert run(host, FEATURE, name=["SMB1Protocol"], state="absent") == {"changed": False, "reboot_required": False}


def test_a_task_is_compared_as_the_module_compares(host: Host) -> None:
    options = {**TASK_A, "path": "\\W", "enabled": True, "triggers": [DAILY]}
    made = run(host, TASK, diff=True, **options)
    assert made["changed"] is True
    assert made["diff"]["prepared"].startswith("+[Task]\n+\\W\\A\n")
    assert run(host, TASK, diff=True, **options) == {"changed": False, "diff": {}}
    edit(
        host,
        {"kind": "scheduled_task", "name": "a", "path": "\\w", "task": {"enabled": False, "triggers": [DAILY] * 2}},
    )
    assert run(host, TASK, check=True, diff=True, **options)["diff"]["prepared"] == (
        "[Settings]\n-Enabled=False\n+Enabled=True\n\n[Triggers]\n"
        "-trigger[1] = {\n  -Type=daily,\n  -StartBoundary=2000-01-01T12:00:00\n-}"
    )
    assert run(host, TASK, check=True, **options) == {"changed": True}
    edit(host, {"kind": "scheduled_task", "name": "A", "path": "\\W", "state": "absent"})
    assert run(host, TASK, name="A", path="\\W", state="absent") == {"changed": False}


def test_what_a_task_has_more_than_is_asked_is_not_seen(host: Host) -> None:
    run(host, TASK, **TASK_A)
    action = {"path": "C:\\x.exe", "arguments": "-evil"}
    edit(host, {"kind": "scheduled_task", "name": "A", "path": "\\", "task": {"actions": [action]}})
    assert run(host, TASK, **TASK_A)["changed"] is False


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        ({"kind": "package", "name": "7zip"}, "{edit} lacks 'version'"),
        ({"kind": "package", "name": "7zip", "version": "1.0.0", "x": 1}, "{edit} has unknown x"),
        ({"kind": "package", "name": "7zip", "state": "gone"}, "state 'gone' is neither present nor absent"),
        ({"kind": "feature", "name": "Nope", "state": "present"}, "{edit} lacks 'Nope'"),
        (
            {"kind": "scheduled_task", "name": "XblGameSaveTask", "path": "\\Microsoft\\XblGameSave", "task": {"x": 1}},
            "a task has no x",
        ),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(host: Host, edit: dict[str, Any], text: str) -> None:
    with pytest.raises(WerkplekError) as caught:
        edited(Software.of(host.folder), [edit])
    assert str(caught.value) == f"the lab cannot make this edit: {text.format(edit=json.dumps(edit))}"
