"""What the demo breaks: one setting of each kind, each on another workplace, and really different from the policy."""

import json

import pytest

from werkplek.demo.breakage import BREAKERS, STRANGER, choose
from werkplek.demo.estate import DemoHost, group_members, spread, untagged
from werkplek.files import ROOT
from werkplek.policy.compiled import open_store
from werkplek.policy.model import HostFacts

NAMES = [f"WS-{number}" for number in range(9)]
SERVICES = frozenset({"spooler", "browser", "remoteregistry", "xblgamesave", "lxssmanager", "w3svc"})


@pytest.fixture(scope="module")
def request_text(tmp_path_factory):
    facts = HostFacts("workstation", ("windows-11", "windows"), "papendrecht", "pilot", "x", {"url": "https://nb/1"})
    return open_store(ROOT, tmp_path_factory.mktemp("policy")).resolve(facts).engines["windows_policy"].request()


def test_every_kind_is_broken_once_on_a_host_of_its_own(request_text):
    broken = choose(dict.fromkeys(NAMES, request_text), NAMES, SERVICES)
    kinds = [breakage.edit["kind"] for breakage in broken]
    assert sorted(set(kinds)) == sorted(BREAKERS)
    assert kinds.count("registry") == 3
    assert len({breakage.host for breakage in broken}) == len(broken) == 9
    paths = [str(breakage.edit["path"]) for breakage in broken if breakage.edit["kind"] == "registry"]
    assert [path.startswith("HKCU") for path in paths] == [False, False, True]


def test_every_edit_differs_from_what_the_policy_wants(request_text):
    wanted = {setting["id"]: setting for setting in json.loads(request_text)["settings"]}
    for breakage in choose(dict.fromkeys(NAMES, request_text), NAMES, SERVICES):
        setting = wanted[breakage.setting]
        assert setting["kind"] == breakage.edit["kind"]
        changed = [key for key in breakage.edit if breakage.edit[key] != setting.get(key)]
        assert changed, breakage
        assert set(changed) <= {"data", "state", "members", "events", "start", "status"}


def test_a_service_that_is_not_installed_is_not_chosen(request_text):
    kinds = [breakage.edit["kind"] for breakage in choose(dict.fromkeys(NAMES, request_text), NAMES, frozenset())]
    assert "service" not in kinds


def test_a_group_that_only_lists_who_must_be_in_is_left_alone():
    setting = {"id": "g", "kind": "local_group", "group": "S-1-5-32-544", "members": [], "mode": "include"}
    assert BREAKERS["local_group"](setting) is None
    assert BREAKERS["local_group"]({**setting, "mode": "exact"})["members"] == [STRANGER]


def test_neighbours_belong_to_different_municipalities():
    hosts = tuple(DemoHost(name, name[0], "{}") for name in ("A1", "A2", "A3", "B1", "C1", "C2"))
    assert spread(hosts) == ["A1", "B1", "C1", "A2", "C2", "A3"]


def test_groups_hold_the_hosts_of_their_children():
    listing = {
        "_meta": {"hostvars": {}},
        "all": {"children": ["windows"]},
        "windows": {"children": ["platform_windows_11"]},
        "platform_windows_11": {"hosts": ["b", "a"]},
    }
    assert group_members(listing)["all"] == ("a", "b")


def test_text_that_is_no_template_is_text():
    assert json.loads('{"name": {"__ansible_unsafe": "{{ 7*7 }}"}}', object_hook=untagged) == {"name": "{{ 7*7 }}"}
