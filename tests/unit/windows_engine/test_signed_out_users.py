"""Settings of users reach those who are not signed in, on the lab's host."""

from __future__ import annotations

import json
from typing import Any

import pytest
from windows_lab import LabHost

ANNA = "S-1-5-21-2127521184-1604012920-1887927527-1107"  # signed out in a fresh host
JAN = "S-1-5-21-2127521184-1604012920-1887927527-1104"
PETRA = "S-1-12-1-1044937718-1196813263-2841730441-3014508931"
NEW = "S-1-5-21-1-2-3-1200"
FOLDER = "C:\\Users\\a.bakker"
USERS = "HKCU:\\SOFTWARE\\Policies\\Test"
PROFILES = "HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"
LATER = "; the setting follows when this user is signed in during a run"
RIGHT, WRONG = "dword:0x00000001", "dword:0x00000009"


def setting(data: int = 1, path: str = USERS) -> dict[str, Any]:
    return {"id": "it", "kind": "registry", "path": path, "name": "v", "type": "dword", "data": data}


def edit(data: int, user: str) -> dict[str, Any]:
    return {key: value for key, value in setting(data).items() if key != "id"} | {"user": user}


def anna(**fields: Any) -> dict[str, Any]:
    """An edit of the user who is signed out."""
    return {"kind": "user", "sid": ANNA, "signed_in": False, **fields}


def targets(host: LabHost, **options: bool) -> dict[str, tuple[str, str, str]]:
    found = host.run([setting()], **options).results["it"]["targets"]
    return {one["target"]: (one["status"], one["before"], one["after"]) for one in found}


def message(host: LabHost, sid: str = ANNA) -> str:
    found = host.run([setting()]).results["it"]["targets"]
    text: str = next(one["message"] for one in found if one["target"] == sid)
    return text


def test_the_whole_way_of_a_signed_out_users_setting(host: LabHost) -> None:
    before = host.on_disk()
    assert targets(host, check=True)[ANNA] == ("noncompliant", "<absent>", RIGHT)
    assert host.on_disk() == before

    assert targets(host)[ANNA] == ("changed", "<absent>", RIGHT)
    assert host.dump()["registry"][f"HKU:\\{ANNA}\\software\\policies\\test"] == {"v": RIGHT}
    assert targets(host)[ANNA] == ("compliant", RIGHT, RIGHT)

    host.edit(edit(9, ANNA))
    assert targets(host, check=True)[ANNA] == ("noncompliant", WRONG, RIGHT)
    assert targets(host)[ANNA] == ("changed", WRONG, RIGHT)
    assert {status for status, _, _ in targets(host).values()} == {"compliant"}


def test_targets_keep_their_names_when_users_sign_in_and_out(host: LabHost) -> None:
    host.run([setting()])
    host.edit(anna(signed_in=True), {"kind": "user", "sid": JAN, "signed_in": False})
    assert list(targets(host)) == [PETRA, JAN, ANNA, "default"]
    assert {status for status, _, _ in targets(host).values()} == {"compliant"}


def test_no_hive_stays_loaded(host: LabHost) -> None:
    for check in (True, False):
        host.run([setting()], check=check)
        assert host.dump()["hives"] == {}


def test_no_hive_stays_loaded_after_a_failure(host: LabHost) -> None:
    host.edit({"kind": "faults", "write_denied": [f"HKU:\\{ANNA}"], "read_denied": [f"HKU:\\{JAN}"]})
    found = targets(host)
    assert (found[ANNA][0], found[JAN][0], found[PETRA][0]) == ("failed", "failed", "changed")
    assert host.dump()["hives"] == {}


def test_no_hive_is_loaded_for_settings_of_the_machine(host: LabHost) -> None:
    host.edit({"kind": "faults", "write_ignored": ["hive"]})  # what is loaded would stay so
    host.run([setting(path="HKLM:\\SOFTWARE\\Policies\\Test")])
    assert host.dump()["hives"] == {}


def test_what_a_killed_run_left_loaded_is_unloaded_by_the_next(host: LabHost) -> None:
    host.edit({"kind": "faults", "write_ignored": ["hive"]})
    host.run([setting()])
    assert set(host.dump()["hives"].values()) == {ANNA, "default"}
    host.edit({"kind": "faults"})
    assert targets(host)[ANNA] == ("compliant", RIGHT, RIGHT)
    assert host.dump()["hives"] == {}


def test_a_hive_that_cannot_be_unloaded_is_a_warning_and_the_others_are_unloaded(host: LabHost) -> None:
    host.edit({"kind": "faults", "write_denied": [f"hive {ANNA}"]})
    answer = host.call(json.dumps({"schema": 1, "settings": [setting()]}))
    assert answer["warnings"] == ["Access is denied."]
    assert json.loads(answer["settings"])[0]["status"] == "changed"
    assert list(host.dump()["hives"].values()) == [ANNA]
    reason = f"the user of {FOLDER} is not reached: NTUSER.DAT is in use{LATER}"
    assert message(host) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hive": "in_use"}, f"the user of {FOLDER} is not reached: NTUSER.DAT is in use"),
        ({"hive": "mandatory"}, f"the user of {FOLDER} is not reached: the profile is mandatory (NTUSER.MAN)"),
        ({"hive": "missing"}, f"the user of {FOLDER} is not reached: the profile has no NTUSER.DAT"),
        (
            {"folder": "\\\\server\\profielen\\a.bakker"},
            "the user of \\\\server\\profielen\\a.bakker is not reached: the profile is on a network share",
        ),
    ],
)
def test_who_cannot_be_reached_is_unsupported_until_signed_in(
    host: LabHost, change: dict[str, Any], reason: str
) -> None:
    host.edit(anna(**change))
    answer = host.run([setting()])
    assert answer.results["it"]["status"] == "unsupported"
    assert answer.results["it"]["message"] == f"{ANNA}={reason}{LATER}"
    assert targets(host) == {
        ANNA: ("unsupported", "<unknown>", "<unknown>"),
        **dict.fromkeys((PETRA, JAN, "default"), ("compliant", RIGHT, RIGHT)),
    }
    host.edit(anna(**change, signed_in=True))
    assert targets(host)[ANNA] == ("changed", "<absent>", RIGHT)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"name": "CentralProfile", "type": "string", "data": "\\\\server\\profielen\\a.bakker.V6"}, "roaming"),
        ({"name": "State", "type": "dword", "data": 0x800}, "temporary"),
    ],
)
def test_a_roaming_or_temporary_profile_is_set_once_signed_in(
    host: LabHost, value: dict[str, Any], reason: str
) -> None:
    host.edit({"kind": "registry", "path": f"{PROFILES}\\{ANNA}", **value})
    assert targets(host)[ANNA] == ("unsupported", "<unknown>", "<unknown>")
    assert message(host) == f"the user of {FOLDER} is not reached: the profile is {reason}{LATER}"
    host.edit(anna(signed_in=True))
    assert targets(host)[ANNA] == ("changed", "<absent>", RIGHT)


def test_a_hive_that_is_damaged_has_failed(host: LabHost) -> None:
    host.edit({"kind": "faults", "read_denied": [f"hive {ANNA}"]})
    assert targets(host)[ANNA] == ("failed", "<unknown>", "<unknown>")
    assert message(host) == "cannot read: Access is denied."


def test_entries_without_folder_and_backups_are_no_users(host: LabHost) -> None:
    entry = {"kind": "registry", "name": "ProfileImagePath", "type": "expandstring"}
    host.edit(
        {"kind": "user", "sid": ANNA, "state": "absent"},  # the entry stays, the folder is gone
        {**entry, "path": f"{PROFILES}\\{JAN}.bak", "data": FOLDER},
        {**entry, "path": f"{PROFILES}\\{NEW}", "name": "Flags", "type": "dword", "data": 0},
    )
    assert list(targets(host)) == [PETRA, JAN, "default"]


def test_a_user_who_signs_in_for_the_first_time_is_reached_by_then(host: LabHost) -> None:
    host.run([setting()])
    host.edit({"kind": "user", "sid": NEW, "folder": "C:\\Users\\nieuw", "signed_in": False})
    assert targets(host)[NEW] == ("changed", "<absent>", RIGHT)


def test_a_signed_out_users_setting_that_comes_back_is_given_up(host: LabHost) -> None:
    for status in ("changed", "changed", "owned_elsewhere"):
        assert targets(host)[ANNA][0] == status
        host.edit(edit(9, ANNA))


def test_group_policy_of_a_signed_out_user_stays(host: LabHost) -> None:
    host.edit({**edit(9, ANNA), "kind": "group_policy"})
    assert targets(host)[ANNA] == ("owned_elsewhere", WRONG, WRONG)
    assert message(host) == f"group policy sets {WRONG} ({FOLDER}\\ntuser.pol)"
