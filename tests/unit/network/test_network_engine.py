"""One switch, one session: what the engine promises when all goes well, and each time that something does not."""

import json
from datetime import UTC, datetime

import pytest
from network_samples import network, port, wired
from network_switch import FakeSession, Time, tree

from werkplek.errors import WerkplekError
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.engine import Options, enforce
from werkplek.network.health import Patience
from werkplek.network.ios import Ios
from werkplek.network.platform import Neighbour, TerminalError

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
KEY = "Tijd-geheim-1"
SETTINGS = (
    Setting("vlans", "switch_vlans", {}, False, False),
    Setting("ports", "switch_ports", {}, False, False),
    Setting("ntp", "switch_ntp", {"servers": ["10.4.1.20"], "key": KEY}, False, True),
    Setting("dns", "switch_dns", {"servers": ["10.4.1.10"], "domain": "papendrecht.nl"}, False, False),
    Setting("http", "switch_lines", {"ios": {"lines": ["no ip http server"]}}, False, False),
    Setting("banner", "switch_banner", {"text": "Van Papendrecht.\nAlleen beheerders.\n"}, False, False),
    Setting("eos_only", "switch_lines", {"eos": {"lines": ["x"]}}, False, False),
    Setting("ssh", "switch_lines", {"ios": {"inherent": "it speaks version 2 only"}}, False, False),
)
START = """\
hostname P1
ntp server 10.9.9.9
ntp authentication-key 9 md5 Oud-geheim-9
snmp-server community Oud-geheim-2 RO
vlan 20
 name oud
vlan 490
 name pap-management
interface Gi1
 description oud
 switchport access vlan 20
 speed 100
interface Gi2
 switchport mode trunk
interface to-D1
 switchport trunk native vlan 498
 switchport trunk allowed vlan 490
 switchport mode trunk
interface Vlan490
 ip address 10.4.90.11 255.255.255.0
line vty 0 15
 login local
"""
UP = frozenset({"to-D1", "Gi1"})
BASE = network(*wired(("P1", "D1"), P1=[port("Gi1", 410, [420]), port("Gi2")])).documents["P1"]
SAME = "it runs what it ran before"


def document(*settings, **more):
    values = {name: getattr(BASE, name) for name in BASE.__slots__}
    return SwitchDocument(**{**values, "settings": settings or SETTINGS, **more})


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def session(time):
    running = tree(START, default=("ip http server",))
    peer = Neighbour("to-D1", "D1", "to-P1")
    return FakeSession(running, time, saved=running.text(), up=UP, neighbours=frozenset({peer}))


@pytest.fixture
def run(session, time, tmp_path):
    """Enforces; the answer has its rows by id as `rows`."""

    def enforced(wanted=None, *, check=False, diff=False):
        options = Options(check, diff, 5, Patience(30.0, time.pause, time.clock), tmp_path, lambda: NOW)
        answer = enforce(wanted or document(), Ios(), session, options)
        return answer | {"rows": {row["id"]: row for row in json.loads(answer["settings"])}}

    return enforced


def statuses(answer):
    return {name: row["status"] for name, row in answer["rows"].items()}


def messages(answer, status="failed"):
    return {row["message"] for row in answer["rows"].values() if row["status"] == status}


ALL = {
    "vlans": "changed",
    "ports": "changed",
    "ntp": "changed",
    "dns": "changed",
    "http": "changed",
    "banner": "changed",
    "eos_only": "unsupported",
    "ssh": "compliant",
}
FAILED = {name: "failed" if status == "changed" else status for name, status in ALL.items()}


def test_a_check_changes_nothing_and_tells_what_differs(run, session, tmp_path):
    before = session.running.text()
    answer = run(check=True)
    assert statuses(answer) == {name: "noncompliant" if one == "changed" else one for name, one in ALL.items()}
    assert answer["changed"] is True
    assert session.running.text() == before == session.saved
    assert session.calls == ["look"]
    assert list(tmp_path.iterdir()) == []


def test_a_row_says_what_goes_and_what_comes_without_secrets(run):
    rows = run(check=True)["rows"]
    assert rows["ntp"]["before"] == "ntp server 10.9.9.9\nntp authentication-key 9 md5 <secret>"
    assert rows["ntp"]["after"].split("\n") == [
        "ntp authenticate",
        "ntp authentication-key 1 md5 <secret>",
        "ntp trusted-key 1",
        "ntp server 10.4.1.20 key 1",
    ]
    assert rows["banner"]["before"] == "<absent>"
    assert rows["banner"]["after"] == "banner login / Van Papendrecht. / Alleen beheerders."
    assert rows["ports"]["before"].split("\n")[:2] == [
        "interface Gi1: description oud",
        "interface Gi1: switchport access vlan 20",
    ]


def test_a_change_is_entered_proven_and_saved_in_one_session(run, session):
    answer = run()
    assert statuses(answer) == ALL
    assert session.calls == ["look", "links", "apply", "links", "save", "confirm", "look"]
    assert session.saved == session.running.text()
    assert "switchport trunk allowed vlan 410,420,490" in session.saved
    assert "failure" not in answer


def test_what_is_left_alone_is_there_still(run, session):
    run()
    assert (("interface Gi1",), "speed 100") in session.running.rows
    assert (("interface Vlan490",), "ip address 10.4.90.11 255.255.255.0") in session.running.rows
    assert ((), "snmp-server community Oud-geheim-2 RO") in session.running.rows


def test_a_second_run_changes_nothing(run, session):
    run()
    session.calls.clear()
    answer = run(diff=True)
    assert set(statuses(answer).values()) == {"compliant", "unsupported"}
    assert answer["changed"] is False
    assert answer["diff"] == {"prepared": ""}
    assert session.calls == ["look"]


def test_drift_is_found_and_mended(run, session):
    run()
    session.running.at = ()
    for line in ("interface Gi1", "switchport access vlan 20", "exit", "vlan 20"):
        session.running.type(line)
    assert statuses(run()) == ALL | dict.fromkeys(("ntp", "dns", "http", "banner"), "compliant")


def test_a_backup_is_kept_before_a_change_dated_and_without_secrets(run, tmp_path):
    answer = run()
    assert answer["backup"] == str(tmp_path / "backups/network/P1/2026-11-24T123000Z.cfg")
    kept = (tmp_path / "backups/network/P1/2026-11-24T123000Z.cfg").read_text()
    assert "snmp-server community <secret> RO" in kept
    assert "interface Gi1\n description oud\n" in kept
    assert not {"Oud-geheim-2", "Oud-geheim-9"} & set(kept.split())


@pytest.mark.parametrize("check", [True, False])
def test_no_secret_is_in_an_answer(run, check):
    text = json.dumps(run(check=check, diff=True))
    assert not any(secret in text for secret in (KEY, "Oud-geheim-9", "Oud-geheim-2"))


def test_a_difference_is_told_where_it_is_asked_for(run):
    assert "diff" not in run(check=True)
    assert run(document(SETTINGS[3]), check=True, diff=True)["diff"] == {
        "prepared": "+ip domain name papendrecht.nl\n+ip name-server 10.4.1.10\n"
    }


def test_the_switch_s_own_preview_is_told_where_it_has_one(run, session):
    session.difference = f"+ntp authentication-key 1 md5 {KEY}"
    assert run(check=True, diff=True)["preview"] == "+ntp authentication-key 1 md5 <secret>"
    assert "preview" not in run(check=True)


def test_a_switch_that_does_not_show_what_would_change_fails_the_check(run, session):
    session.faults["preview"] = [TerminalError(f"ntp authentication-key 1 md5 {KEY}: % Invalid input")]
    with pytest.raises(WerkplekError) as stopped:
        run(check=True, diff=True)
    assert str(stopped.value) == (
        "Switch P1 could not show what would change; nothing was changed. ntp authentication-key 1 md5 <secret>:"
        " % Invalid input"
    )


def test_a_refused_command_takes_everything_back(run, session):
    before = session.running.text()
    session.refuses = "ip domain name papendrecht.nl"
    answer = run()
    assert statuses(answer) == FAILED
    assert messages(answer) == {f"ip domain name papendrecht.nl: % Invalid input detected at '^' marker.; {SAME}"}
    assert session.running.text() == before == session.saved
    assert session.calls == ["look", "links", "apply", "roll_back", "look"]
    assert answer["changed"] is False
    assert {answer["failure"]} == messages(answer)


def test_a_refused_secret_is_not_told(run, session):
    session.refuses = f"ntp authentication-key 1 md5 {KEY}"
    assert messages(run()) == {
        f"ntp authentication-key 1 md5 <secret>: % Invalid input detected at '^' marker.; {SAME}"
    }


def test_an_uplink_that_stays_down_takes_everything_back(run, session, time):
    session.up_after = [frozenset({"Gi1"})] * 99
    before = session.running.text()
    answer = run()
    assert messages(answer) == {f"uplink(s) down: to-D1; {SAME}"}
    assert session.running.text() == before == session.saved
    assert time.now == 30.0
    assert "confirm" not in session.calls


def test_an_uplink_may_take_a_while(run, session, time):
    session.up_after = [frozenset(), frozenset({"Gi1"}), UP]
    assert statuses(run()) == ALL
    assert time.now == 4.0


def test_a_lost_session_is_waited_for_and_what_runs_then_is_read(run, session, time):
    before = session.running.text()
    session.drops_at, session.cut, session.goes_back = f"ntp authentication-key 1 md5 {KEY}", 100.0, True
    answer = run()
    assert statuses(answer) == FAILED
    assert messages(answer) == {
        f"the session was lost (timed out while sending b'ntp authentication-key 1 md5 <secret>'); {SAME}"
    }
    assert session.running.text() == before
    assert 100 <= time.now <= 102


def test_a_switch_that_went_back_by_itself_refuses_to_go_back_and_is_well(run, session):
    session.drops_at, session.cut = "ip domain name papendrecht.nl", 400.0
    session.faults["roll_back"] = [TerminalError("%No Rollback Confirmed Change pending")]
    before = session.running.text()
    assert messages(run()) == {
        f"the session was lost (timed out while sending b'ip domain name papendrecht.nl'); {SAME}"
    }
    assert session.running.text() == before


def test_a_switch_that_is_never_seen_again_does_not_hold_the_run_and_is_not_said_to_be_well(run, session, time):
    session.drops_at, session.cut = "ip domain name papendrecht.nl", 1e9
    assert messages(run()) == {
        "the session was lost (timed out while sending b'ip domain name papendrecht.nl'); it could not be read since;"
        " whether it went back is not known"
    }
    assert time.now == 5 * 60 + 120


def test_what_was_read_before_a_switch_was_lost_for_good_is_not_told_as_what_it_runs(run, session):
    session.drops_at, session.goes_back = "ip domain name papendrecht.nl", False
    refusal, gone = TerminalError("%Rollback aborted"), TerminalError("no route to host", gone=True)
    session.faults |= {"roll_back": [refusal] * 999, "reconnect": [None, *[gone] * 999]}
    assert messages(run()) == {
        "the session was lost (timed out while sending b'ip domain name papendrecht.nl'); it could not be read since;"
        " whether it went back is not known"
    }


def test_a_switch_that_does_not_go_back_is_not_said_to_have(run, session):
    session.drops_at, session.goes_back = "ip domain name papendrecht.nl", False
    session.faults["roll_back"] = [TerminalError("%Rollback aborted")] * 999
    assert messages(run()) == {
        "the session was lost (timed out while sending b'ip domain name papendrecht.nl'); it does not run what it ran"
        " before: see its backup"
    }


def test_going_back_that_fails_is_told_and_waited_for(run, session, time):
    session.refuses = "ip domain name papendrecht.nl"
    session.faults["roll_back"] = [TerminalError("%Rollback aborted")] * 999
    assert messages(run()) == {
        "ip domain name papendrecht.nl: % Invalid input detected at '^' marker.; going back failed (%Rollback"
        f" aborted); {SAME}"
    }
    assert 300 <= time.now <= 302


def test_going_back_that_cannot_be_read_is_not_said_to_have_gone_well(run, session):
    session.refuses = "ip domain name papendrecht.nl"
    session.faults["look"] = [None, TerminalError("no route to host", gone=True)]
    assert messages(run()) == {
        "ip domain name papendrecht.nl: % Invalid input detected at '^' marker.; it was told to go back; it could not"
        " be read since; whether it went back is not known (no route to host)"
    }


def test_going_back_to_something_else_is_told(run, session):
    session.refuses = "ip domain name papendrecht.nl"
    roll_back = session.roll_back

    def wrongly():
        roll_back()
        session.running.rows.append(((), "strange line"))

    session.roll_back = wrongly
    assert messages(run()) == {
        "ip domain name papendrecht.nl: % Invalid input detected at '^' marker.; it does not run what it ran before:"
        " see its backup"
    }


def test_a_save_that_fails_takes_everything_back(run, session):
    before = session.running.text()
    session.faults["save"] = [TerminalError("write memory did not end with [OK]: not enough space")]
    assert messages(run()) == {f"write memory did not end with [OK]: not enough space; {SAME}"}
    assert session.running.text() == before == session.saved


def test_a_change_that_was_saved_and_not_confirmed_is_taken_back_in_what_is_saved_too(run, session):
    before = session.running.text()
    session.faults["confirm"] = [TerminalError("%No Rollback Confirmed Change pending")]
    assert messages(run()) == {f"%No Rollback Confirmed Change pending; {SAME}"}
    assert session.running.text() == before == session.saved


def test_a_change_that_stays_saved_is_told(run, session):
    session.faults |= {"confirm": [TerminalError("refused")], "save": [None, TerminalError("no room")]}
    assert messages(run()) == {f"refused; {SAME}, and has the new configuration saved: saving again failed (no room)"}


def test_what_was_saved_before_and_did_not_run_cannot_be_put_back_and_that_is_told(run, session):
    session.saved = "hostname P1\n"
    session.faults["confirm"] = [TerminalError("refused")]
    assert messages(run()) == {f"refused; {SAME}, and has another configuration saved than before"}


def test_a_confirmation_whose_answer_is_lost_is_looked_after(run, session):
    session.faults["confirm"] = [TerminalError("timed out", gone=True)]
    before = session.running.text()
    assert messages(run()) == {f"the session was lost (timed out); {SAME}"}
    assert session.running.text() == before == session.saved


def test_a_confirmation_that_came_through_though_its_answer_is_lost_is_told(run, session):
    confirm = session.confirm

    def lost():
        confirm()
        raise TerminalError("timed out", gone=True)

    session.confirm = lost
    assert messages(run()) == {
        "the session was lost (timed out); it did not go back, and runs the new configuration, saved"
    }
    assert session.saved == session.running.text()


def test_a_confirmed_change_that_is_not_saved_is_told(run, session):
    def lost():
        session._before = None
        raise TerminalError("timed out", gone=True)

    session.confirm = lost
    assert messages(run()) == {
        "the session was lost (timed out); it did not go back, and runs the new configuration, not saved"
    }


def test_a_change_that_cannot_be_read_afterwards_is_not_said_to_be_there_nor_taken_back(run, session):
    session.faults["look"] = [None, TerminalError("timed out", gone=True)]
    answer = run()
    assert messages(answer) == {
        "the switch took the commands, was well and saved them; it could not be read since (timed out)"
    }
    assert "roll_back" not in session.calls
    assert "reconnect" not in session.calls


def test_a_line_that_the_switch_does_not_keep_is_no_change(run, session):
    session.running.default = ("ip http server", "ip domain name papendrecht.nl")
    answer = run()
    assert statuses(answer) == ALL | {"dns": "failed"}
    assert answer["rows"]["dns"]["message"] == (
        "the switch took the commands, and still differs: +ip domain name papendrecht.nl"
    )


def test_a_switch_whose_links_cannot_be_read_is_not_touched(run, session):
    session.faults["links"] = [TerminalError("% Invalid input")]
    with pytest.raises(WerkplekError) as stopped:
        run()
    assert str(stopped.value) == "Switch P1 could not be read; nothing was changed. % Invalid input"
    assert session.calls == ["look", "links"]


def test_a_switch_that_cannot_be_read_is_not_touched(run, session):
    session.faults["look"] = [TerminalError("Authentication failed", gone=True)]
    with pytest.raises(WerkplekError) as stopped:
        run()
    assert str(stopped.value) == "Switch P1 could not be read; nothing was changed. Authentication failed"
    assert session.calls == ["look"]


@pytest.mark.parametrize("check", [True, False])
def test_another_switch_than_the_registry_says_is_not_touched(run, session, check):
    session.system = "Arista vEOS"
    with pytest.raises(WerkplekError) as stopped:
        run(check=check)
    assert str(stopped.value) == (
        "The switch is not what the registry says; nothing was changed.\n"
        "  switch P1 (https://netbox.example/dcim/devices/P1/): found a switch that says of itself: Arista vEOS;"
        " expected platform cisco-ios, as the registry says. Correct the platform or the address in NetBox."
    )
    assert session.calls == ["look"]


def test_what_runs_and_is_not_saved_is_found_and_saved(run, session):
    run()
    session.saved = START
    assert statuses(run(check=True)) == ALL | dict.fromkeys(
        ("vlans", "ports", "ntp", "dns", "http", "banner"), "noncompliant"
    )
    session.calls.clear()
    answer = run()
    assert statuses(answer) == ALL
    assert messages(answer, "changed") == {"it was running, and not saved"}
    assert session.calls == ["look", "save"]
    assert session.saved == session.running.text()


def test_only_the_settings_that_are_not_saved_are_told(run, session):
    run()
    session.saved = session.saved.replace("ip domain name papendrecht.nl\n", "")
    assert [name for name, status in statuses(run()).items() if status == "changed"] == ["dns"]


def test_what_is_not_saved_is_not_told_beside_a_change_which_saves_it_all(run, session):
    run()
    session.running.at = ()
    session.running.type("no ip name-server 10.4.1.10")
    assert statuses(run(check=True))["http"] == "compliant"
    session.saved = START
    assert [name for name, one in statuses(run(check=True)).items() if one == "noncompliant"] == ["dns"]
    assert [name for name, one in statuses(run()).items() if one == "changed"] == ["dns"]
    assert session.saved == session.running.text()


def test_what_cannot_be_saved_is_told(run, session):
    run()
    session.saved = START
    session.faults["save"] = [TerminalError("no room")]
    assert messages(run()) == {"it runs, and could not be saved: no room"}


def test_a_switch_that_saves_at_once_is_never_unsaved(run, session):
    run()
    session.saved = None
    session.calls.clear()
    assert set(statuses(run()).values()) == {"compliant", "unsupported"}
    assert session.calls == ["look"]


def test_what_no_command_mends_is_a_failure_and_not_waived(run, session):
    session.running = tree(
        "ip domain name papendrecht.nl\nip domain name vrf Mgmt x.nl\nip name-server 10.4.1.10\n" + START
    )
    session.saved = session.running.text()
    answer = run(document(SETTINGS[3]))
    assert answer["rows"]["dns"] == {
        "id": "dns",
        "status": "failed",
        "message": "it differs, and there is no command that would mend it",
        "before": "ip domain name vrf Mgmt x.nl",
        "after": "<absent>",
    }
    assert session.calls == ["look"]


def waived(*names):
    return document(*(one._replace(waived=one.id in names) for one in SETTINGS))


def test_a_waived_setting_is_looked_at_and_never_touched(run, session):
    before = [row for row in session.running.rows if row[0] and row[0][0].startswith("interface ")]
    answer = run(waived("ports", "http"), diff=True)
    assert statuses(answer) == ALL | {"ports": "waived", "http": "waived"}
    assert answer["rows"]["http"]["after"] == "no ip http server"
    assert [row for row in session.running.rows if row[0] and row[0][0].startswith("interface ")] == before
    assert "no ip http server" not in session.typed
    assert "interface" not in answer["diff"]["prepared"]


def test_a_switch_whose_only_differences_are_waived_is_not_changed(run, session):
    run()
    session.running.at = ()
    session.running.type("ip http server")
    session.saved = session.running.text()
    session.calls.clear()
    answer = run(waived("http"))
    assert answer["rows"]["http"]["status"] == "waived"
    assert answer["changed"] is False
    assert session.calls == ["look"]


def test_a_waived_setting_that_complies_is_compliant(run):
    run()
    assert statuses(run(waived("http")))["http"] == "compliant"


def test_a_waived_setting_that_is_not_saved_is_not_saved_for(run, session):
    run()
    session.saved = session.saved.replace("no ip http server\n", "")
    session.calls.clear()
    assert statuses(run(waived("http")))["http"] == "compliant"
    assert session.calls == ["look"]


def test_after_a_change_of_who_gets_in_one_more_sign_in_must_work(run, session):
    lines = Setting(
        "vty", "switch_lines", {"ios": {"section": "line vty 0 15", "lines": ["exec-timeout 10 0"]}}, False, False
    )
    assert statuses(run(document(lines))) == {"vty": "changed"}
    assert session.calls == ["look", "links", "apply", "links", "sign_in_again", "save", "confirm", "look"]


def test_a_sign_in_that_no_longer_works_takes_everything_back(run, session):
    lines = Setting(
        "vty", "switch_lines", {"ios": {"section": "line vty 0 15", "lines": ["exec-timeout 10 0"]}}, False, False
    )
    session.faults["sign_in_again"] = [TerminalError("Authentication failed", gone=True)]
    before = session.running.text()
    assert messages(run(document(lines))) == {f"nobody could sign in any more: Authentication failed; {SAME}"}
    assert session.running.text() == before == session.saved
