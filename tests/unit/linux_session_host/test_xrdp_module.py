"""The module as a whole: what it returns, what it changes, and that check mode touches nothing."""

from __future__ import annotations

import importlib.util
from typing import Any

import ansible.module_utils
import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from linux_session_host import health
from linux_session_host.drain import DRAIN_FILE, GATE, drain, draining
from linux_session_host.health import Check
from linux_session_host.host import Answer, HostError
from linux_session_host.main import run

from werkplek.files import ROOT

LISTENS = Check("port 3389 speaks RDP with TLS", True, "TLS")
OF_THE_RUN = {"changed", "warnings"}  # what every module may return


@pytest.fixture(autouse=True)
def _listens(monkeypatch):
    monkeypatch.setattr(health, "listener", lambda host: LISTENS)


def asked(host, state="status", check_mode=False, **more) -> dict[str, Any]:
    return run(host, {"state": state, **more}, check_mode)


def library(name: str) -> Any:
    """A module of library/, loaded as Ansible finds its module_utils."""
    spec = importlib.util.spec_from_file_location(f"library_{name}", ROOT / "library" / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def module(monkeypatch) -> Any:
    paths = [*ansible.module_utils.__path__, str(ROOT / "module_utils")]
    monkeypatch.setattr(ansible.module_utils, "__path__", paths)
    return library("linux_session_host")


def windows() -> dict[str, Any]:
    documents = yaml.safe_load((ROOT / "library" / "windows_session_host.yml").read_text())
    return dict(documents["RETURN"])


def test_a_look_tells_everything_and_changes_nothing(host):
    number = host.add("jdevries")
    host.put("/run/reboot-required.pkgs", "linux-image-amd64\n")
    host.put("/run/reboot-required", "")
    before = host.files()
    assert asked(host) == {
        "changed": False,
        "draining": False,
        "sessions": [{"id": number, "user": "jdevries", "state": "disconnected", "idle_seconds": None}],
        "image_version": "2026.11.1",
        "reboot_required": True,
        "reboot_because": ["package linux-image-amd64"],
        "boot_time": "2026-11-02T05:30:02Z",
        "healthy": True,
        "health": [
            {"check": "xrdp.service runs", "ok": True, "found": "active"},
            {"check": "xrdp-sesman.service runs", "ok": True, "found": "active"},
            {"check": "port 3389 speaks RDP with TLS", "ok": True, "found": "TLS"},
        ],
        "warnings": [],
    }
    assert host.files() == before


def test_the_answer_has_the_fields_of_a_windows_session_host(host):
    host.add("jdevries")
    answer, documented = asked(host), windows()
    assert answer.keys() - OF_THE_RUN == documented.keys()
    for name in ("sessions", "health"):
        assert answer[name][0].keys() == documented[name]["contains"].keys()
    kinds = {"bool": bool, "list": list, "str": str}
    assert {name: type(answer[name]) for name in documented} == {
        name: kinds[about["type"]] for name, about in documented.items()
    }


def test_the_same_fields_are_documented_for_linux(module):
    assert yaml.safe_load(module.RETURN).keys() == windows().keys()


def test_options_are_those_documented(module, host, monkeypatch):
    seen = spied(module, host, monkeypatch, {})
    assert seen["wish"].keys() == yaml.safe_load(module.DOCUMENTATION)["options"].keys()


def test_one_check_that_is_not_good_makes_a_host_unwell(host):
    host.units["xrdp.service"] = "failed"
    answer = asked(host)
    assert answer["healthy"] is False
    assert [row["ok"] for row in answer["health"]] == [False, True, True]


def test_a_drain_changes_once(host):
    first, second = asked(host, "drained"), asked(host, "drained")
    assert (first["changed"], first["draining"]) == (True, True)
    assert (second["changed"], second["draining"]) == (False, True)


def test_people_stay_while_the_host_is_drained_unless_asked(host):
    number = host.add("jdevries")
    assert [one["id"] for one in asked(host, "drained")["sessions"]] == [number]
    signed_out = asked(host, "drained", log_off=True)
    assert (signed_out["changed"], signed_out["sessions"]) == (True, [])
    assert host.people == {}
    assert asked(host, "drained", log_off=True)["changed"] is False


@pytest.mark.parametrize("state", ["status", "accepting"])
def test_nobody_is_signed_out_of_a_host_that_is_not_to_be_drained(host, state):
    number = host.add("jdevries")
    assert asked(host, state, log_off=True)["changed"] is False
    assert list(host.people) == [number]


def test_operators_are_not_signed_out(host):
    number = host.add("beheer", "sshd")
    host.add("jdevries")
    asked(host, "drained", log_off=True)
    assert list(host.people) == [number]


def test_the_message_is_shown_when_the_drain_begins_and_not_again(host):
    host.add("jdevries")
    asked(host, "drained", message="Tot ziens")
    shown = [line for line in host.commands if line.startswith("systemd-run")]
    asked(host, "drained", message="Tot ziens")
    assert [line for line in host.commands if line.startswith("systemd-run")] == shown
    assert len(shown) == 1


def test_a_message_that_was_not_shown_is_a_warning(host):
    host.add("jdevries")
    host.broken["systemd-run"] = Answer(127, "", "systemd-run is not installed")
    answer = asked(host, "drained", message="Tot ziens")
    assert answer["warnings"] == ["no message shown to jdevries: systemd-run is not installed"]
    assert answer["draining"] is True


def test_people_come_in_again(host):
    asked(host, "drained")
    first, second = asked(host, "accepting"), asked(host, "accepting")
    assert (first["changed"], first["draining"]) == (True, False)
    assert (second["changed"], second["draining"]) == (False, False)


def stale(host):
    drain(host)
    host.path(GATE).unlink()


def test_a_drain_file_without_gate_is_told_apart_and_mended(host):
    stale(host)
    looked = asked(host)
    assert (looked["changed"], looked["draining"]) == (False, False)
    drained = asked(host, "drained")
    assert (drained["changed"], drained["draining"]) == (True, True)


def test_a_drain_file_without_gate_goes_when_people_come_in_again(host):
    stale(host)
    assert asked(host, "accepting")["changed"] is True
    assert not host.path(DRAIN_FILE).exists()
    assert asked(host, "accepting")["changed"] is False


@pytest.mark.parametrize("prepare", [lambda host: None, drain, stale], ids=["accepting", "drained", "stale"])
@pytest.mark.parametrize("state", ["status", "drained", "accepting"])
def test_check_mode_says_what_it_would_change_and_touches_nothing(host, prepare, state):
    host.add("jdevries")
    prepare(host)
    files, people = host.files(), dict(host.people)
    would = asked(host, state, check_mode=True, log_off=True, login=True, message="Tot ziens")
    assert host.files() == files
    assert host.people == people
    assert {line.split()[0] for line in host.commands} <= {"loginctl", "systemctl"}
    assert not [line for line in host.commands if "terminate" in line]
    assert would["draining"] is draining(host)
    assert len(would["health"]) == 3
    assert would["changed"] is asked(host, state, log_off=True)["changed"]


def test_a_sign_in_is_one_more_check(host):
    checks = asked(host, login=True)["health"]
    assert [row["check"] for row in checks][3:] == ["werkplek-check signs in"]
    assert asked(host, login=True, login_account="svc-health", login_password="its-own")["health"][3]["check"] == (
        "svc-health signs in"
    )
    assert ("xrdp-sesrun", "its-own") in host.inputs


def test_a_sign_in_that_fails_makes_the_host_unwell(host):
    host.broken["xrdp-sesrun"] = Answer(1, "", "Password: Login failed\n")
    answer = asked(host, login=True)
    assert (answer["healthy"], answer["sessions"], answer["changed"]) == (False, [], False)


def test_people_that_cannot_be_seen_stop_everything_before_a_change(host):
    host.broken["loginctl"] = Answer(1, "", "Connection refused\n")
    before = host.files()
    with pytest.raises(HostError, match=r"^loginctl list-sessions failed: Connection refused$"):
        asked(host, "drained", log_off=True)
    assert host.files() == before


class Ended(Exception):
    """What the module ended with."""


def spied(module, host, monkeypatch, arguments) -> dict[str, Any]:
    """Run the module as Ansible does, over the host of files; what it was asked and how it ended."""
    seen: dict[str, Any] = {"warned": []}

    def ran(there, wish, check_mode):
        seen["wish"] = dict(wish)
        return run(host, wish, check_mode)

    def ended(_self, **result):
        seen["result"] = result
        raise Ended

    monkeypatch.setattr(module, "run", ran)
    monkeypatch.setattr(module, "HostError", HostError)
    monkeypatch.setattr(module.AnsibleModule, "exit_json", ended)
    monkeypatch.setattr(module.AnsibleModule, "fail_json", ended)
    monkeypatch.setattr(module.AnsibleModule, "warn", lambda _self, text: seen["warned"].append(text))
    with patch_module_args({**arguments, "_ansible_remote_tmp": str(host.root)}), pytest.raises(Ended):
        module.main()
    return seen


def test_the_module_looks_unless_asked_for_more(module, host, monkeypatch):
    seen = spied(module, host, monkeypatch, {})
    assert seen["wish"]["state"] == "status"
    assert seen["result"]["draining"] is False
    assert "warnings" not in seen["result"]


def test_the_module_warns(module, host, monkeypatch):
    host.add("jdevries", Display="")
    seen = spied(module, host, monkeypatch, {"state": "drained", "message": "Tot ziens"})
    assert seen["warned"] == ["no message shown to jdevries: no display"]


def test_the_module_fails_in_words(module, host, monkeypatch):
    host.broken["loginctl"] = Answer(1, "", "Connection refused\n")
    seen = spied(module, host, monkeypatch, {})
    assert seen["result"] == {"msg": "loginctl list-sessions failed: Connection refused"}


def test_an_account_needs_its_password(module, host, monkeypatch):
    seen = spied(module, host, monkeypatch, {"login_account": "svc-health"})
    assert seen["result"]["msg"] == "parameters are required together: login_account, login_password"
    assert "wish" not in seen
