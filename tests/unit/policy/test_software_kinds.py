# ruff: noqa: E501 - settings and problems are quoted whole
"""Kinds of the engine windows_modules: every mistake with its exact text, what is sent, and whose object it is."""

import json
from collections.abc import Callable, Mapping

import pytest

from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

FILE = "policies/workstation/a.yml"

# name: (a kind in FILE from line 3 on, problems after the file's name)
CASES: dict[str, tuple[str, list[str]]] = {
    "package all": (
        "package: {name: all, state: absent}",
        [
            "3:19: found 'all'; expected the name of one package",
        ],
    ),
    "package name": (
        "package: {name: 7 zip}",
        [
            "3:19: found '7 zip'; expected a package's name, such as 7zip or adobereader",
        ],
    ),
    "package version form": (
        "package: {name: 7zip, version: '24.08'}",
        [
            "3:34: found '24.08'; expected a version as 'choco list' shows it: three or four numbers, such as '24.8.0'",
        ],
    ),
    "package version number": (
        "package: {name: 7zip, version: 24.8}",
        [
            "3:34: found 24.8; expected text. Put it in quotes: '24.8'.",
        ],
    ),
    "package version absent": (
        "package: {name: 7zip, state: absent, version: 24.8.0}",
        [
            "3:12: found 'version' for what should be absent; expected no version where state is absent",
        ],
    ),
    "package source absent": (
        "package: {name: 7zip, state: absent, source: eigen}",
        [
            "3:12: found 'source' for what should be absent; expected no source where state is absent",
        ],
    ),
    "package source user": (
        "package: {name: 7zip, source: 'https://u:p@pakketten.example.nl/'}",
        [
            "3:33: found a user name in the address; expected an address without a user name",
        ],
    ),
    "package two sources": (
        "package: {name: 7zip, source: 'een;twee'}",
        [
            "3:33: found 'een;twee'; expected one source: an address, a folder, or a name that Chocolatey knows",
        ],
    ),
    "package source type": (
        "package: {name: 7zip, source: {from: municipality.printers}}",
        [
            "3:33: found {from: municipality.printers}, which gives a list of records; expected a reference that gives text",
        ],
    ),
    "package source secret": (
        "package: {name: 7zip, source: {secret: bron}}",
        [
            "3:33: found a mapping; expected a value or {from: ...}",
        ],
    ),
    "product present": (
        "product: {code: '{89F4137D-6C26-4A84-BDB8-2E5A4BB71E00}', name: Silverlight, state: present}",
        [
            "3:87: found 'present'; expected absent. Did you mean 'absent'?",
        ],
    ),
    "product code": (
        "product: {code: Silverlight, name: Silverlight, state: absent}",
        [
            "3:19: found 'Silverlight'; expected a GUID like '{0cce9217-69ae-11d9-bed3-505054503030}'",
        ],
    ),
    "product msix": (
        "product: {code: Microsoft.GamingApp, name: Xbox, provider: msix, state: absent}",
        [
            "3:19: found 'Microsoft.GamingApp'; expected a GUID like '{0cce9217-69ae-11d9-bed3-505054503030}'",
            "3:52: found the unknown key 'provider'; expected one of: code, name, state",
        ],
    ),
    "feature name": (
        "feature: {name: SMB 1}",
        [
            "3:19: found 'SMB 1'; expected a feature's name, such as SMB1Protocol",
        ],
    ),
    "task without run": (
        "scheduled_task: {name: A, triggers: [{type: logon}], account: users}",
        [
            "3:19: found a task without 'run'; expected the key 'run' where state is present",
        ],
    ),
    "task absent with run": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, state: absent}",
        [
            "3:19: found 'run' for what should be absent; expected only name and path where state is absent",
        ],
    ),
    "task name": (
        "scheduled_task: {name: 'A\\B', state: absent}",
        [
            "3:26: found 'A\\B'; expected a task's name, without any of \\ / : * ? \" < > |",
        ],
    ),
    "task folder": (
        "scheduled_task: {name: A, path: Werkplek, state: absent}",
        [
            "3:35: found 'Werkplek'; expected a folder of tasks that begins with '\\', such as '\\Werkplek'",
        ],
    ),
    "task path": (
        "scheduled_task: {name: A, run: {path: y.exe}, triggers: [{type: logon}], account: users}",
        [
            "3:41: found 'y.exe'; expected a full path such as 'C:\\Program Files\\X\\x.exe' or '%SystemRoot%\\System32\\x.exe'",
        ],
    ),
    "task account": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: logon}], account: S-1-5-18}",
        [
            "3:90: found 'S-1-5-18'; expected one of: system, users",
        ],
    ),
    "task no trigger": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [], account: users}",
        [
            "3:64: found an empty list; expected at least one trigger",
        ],
    ),
    "task trigger type": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: monthly}], account: users}",
        [
            "3:72: found 'monthly'; expected one of: boot, logon, daily, weekly",
        ],
    ),
    "task trigger key": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: boot, at: '09:00'}], account: system}",
        [
            "3:65: found 'at' in a boot trigger; expected one of: type, delay_minutes",
        ],
    ),
    "task trigger unknown": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: boot, delay: 5}], account: system}",
        [
            "3:78: found the unknown key 'delay'; expected one of: at, days, delay_minutes, random_delay_minutes, type. Did you mean 'days'?",
        ],
    ),
    "task daily": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: daily}], account: system}",
        [
            "3:65: found a daily trigger without 'at'; expected the key 'at'",
        ],
    ),
    "task weekly": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: weekly, at: '09:00', days: []}], account: system}",
        [
            "3:99: found an empty list; expected at least one day",
        ],
    ),
    "task day": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: weekly, at: '09:00', days: [maandag]}], account: system}",
        [
            "3:100: found 'maandag'; expected one of: monday, tuesday, wednesday, thursday, friday, saturday, sunday. Did you mean 'monday'?",
        ],
    ),
    "task time": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: daily, at: '9:00'}], account: system}",
        [
            "3:83: found '9:00'; expected a time like '09:30'",
        ],
    ),
    "task minutes": (
        "scheduled_task: {name: A, run: {path: C:\\x\\y.exe}, triggers: [{type: daily, at: '09:00', random_delay_minutes: 0}], account: system}",
        [
            "3:114: found 0; expected a whole number from 1 to 1439",
        ],
    ),
    "same package": (
        "package: {name: 7zip}\n- id: two\n  title: Two\n  package: {name: 7ZIP, version: 24.8.0}",
        [
            "4:3: found 'two', which is about the same object as 'one' (policies/workstation/a.yml:1); expected one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet.",
        ],
    ),
    "same task": (
        "scheduled_task: {name: A, path: \\W, state: absent}\n- id: two\n  title: Two\n  scheduled_task: {name: a, path: \\w, state: absent}",
        [
            "4:3: found 'two', which is about the same object as 'one' (policies/workstation/a.yml:1); expected one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet.",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake(name: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    text, expected = CASES[name]
    setting = f"- id: one\n  title: One\n  {text}\n"
    assert problems_of({FILE: setting}) == [f"{FILE}:{problem}" for problem in expected]


def sent(sources: Callable[..., dict[str, bytes]], *texts: str) -> list[dict]:
    """What a workstation is asked for by the engine windows_modules, for settings s0, s1, ..."""
    settings = "".join(f"- id: s{number}\n  title: Setting\n  {text}\n" for number, text in enumerate(texts))
    repository = build_repository(sources({FILE: settings}))
    place = Combination("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis")
    policy = resolve(repository.parts["workstation", "papendrecht"], place).for_host({"site": "stadhuis"})
    request = json.loads(policy.engines["windows_modules"].request())
    assert request["schema"] == 1
    return request["settings"]


def test_a_package_is_sent_with_what_is_given_and_its_source_filled_in(sources):
    first, second, third = sent(
        sources,
        "package: {name: 7zip}",
        "package: {name: git, version: 2.50.1, source: {from: municipality.desktop.homepage}}",
        "package: {name: go, state: absent}",
    )
    assert first == {"id": "s0", "kind": "package", "name": "7zip", "state": "present"}
    assert (second["version"], second["source"]) == ("2.50.1", "https://intranet.papendrecht.nl/")
    assert third == {"id": "s2", "kind": "package", "name": "go", "state": "absent"}


def test_a_source_may_be_the_hosts_own(sources):
    (setting,) = sent(sources, "package: {name: 7zip, source: {from: registry.site}}")
    assert setting["source"] == "stadhuis"


def test_a_product_keeps_its_setting_s_id(sources):
    code = "{89F4137D-6C26-4A84-BDB8-2E5A4BB71E00}"
    (setting,) = sent(sources, f"product: {{code: '{code}', name: Silverlight, state: absent}}")
    assert setting == {"id": "s0", "kind": "product", "code": code, "name": "Silverlight", "state": "absent"}


def test_a_task_is_sent_whole_and_enabled_unless_it_says_otherwise(sources):
    run = r"run: {path: C:\x\y.exe, arguments: -a}"
    triggers = "triggers: [{type: logon, delay_minutes: 5}, {type: weekly, at: '09:00', days: [monday, friday]}]"
    first, second, third = sent(
        sources,
        f"scheduled_task: {{name: A, {run}, {triggers}, account: users}}",
        f"scheduled_task: {{name: B, path: \\W, {run}, {triggers}, account: system, enabled: false}}",
        "scheduled_task: {name: C, state: absent}",
    )
    assert first == {
        "id": "s0",
        "kind": "scheduled_task",
        "name": "A",
        "path": "\\",
        "run": {"path": "C:\\x\\y.exe", "arguments": "-a"},
        "triggers": [
            {"type": "logon", "delay_minutes": 5},
            {"type": "weekly", "at": "09:00", "days": ["monday", "friday"]},
        ],
        "account": "users",
        "enabled": True,
        "state": "present",
    }
    assert (second["path"], second["enabled"]) == ("\\W", False)
    assert third == {"id": "s2", "kind": "scheduled_task", "name": "C", "path": "\\", "state": "absent"}


@pytest.mark.parametrize(
    ("kind", "absence"),
    [
        ("package: {name: 7zip, version: 24.8.0}", {"name": "7zip"}),
        ("feature: {name: TFTP}", {"name": "TFTP"}),
        (
            r"scheduled_task: {name: A, run: {path: C:\x.exe}, triggers: [{type: boot}], account: system}",
            {"name": "A", "path": "\\"},
        ),
    ],
)
def test_a_later_layer_can_have_the_object_not_be_there(sources, kind, absence):
    files = {
        FILE: f"- id: s0\n  title: One\n  {kind}\n",
        "policies/municipality/papendrecht.yml": "- id: s0\n  absent: not used here\n",
    }
    repository = build_repository(sources(files))
    place = Combination("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis")
    policy = resolve(repository.parts["workstation", "papendrecht"], place).for_host({})
    (setting,) = json.loads(policy.engines["windows_modules"].request())["settings"]
    assert {key: value for key, value in setting.items() if key not in {"id", "kind"}} == {**absence, "state": "absent"}
