"""A real sign-in as a check: with an account made for it or one given, and nothing is left of either."""

import time

import pytest
from linux_session_host import health
from linux_session_host.drain import DRAIN_FILE, drain, draining
from linux_session_host.health import Check, login
from linux_session_host.host import Answer
from xrdp_host import OK

CHECKER = "werkplek-check"
NAME = f"{CHECKER} signs in"
WELL = Check(NAME, True, "a desktop after 0.0 s")
SECRET = "R4nd0m-and-long"
SESMAN = "[Security]\nTerminalServerUsers=tsusers\n"


@pytest.fixture(autouse=True)
def _fixed(monkeypatch):
    monkeypatch.setattr(health.secrets, "token_urlsafe", lambda size: SECRET if size == 24 else "short")
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(health, "SETTLE_SECONDS", 0)


def secretless(host, secret=SECRET):
    """The commands, none of which holds the password."""
    assert not [line for line in host.commands if secret in line]
    return host.commands


def left_clean(host):
    return CHECKER not in host.accounts and host.people == {} and not host.path(DRAIN_FILE).exists()


def test_an_account_is_made_for_it_and_taken_away(host):
    assert login(host, None, None) == WELL
    commands = secretless(host)
    assert [line for line in commands if line.split()[0] in ("useradd", "chpasswd", "xrdp-sesrun", "userdel")] == [
        f"useradd --create-home --shell /bin/bash {CHECKER}",
        "chpasswd",
        f"xrdp-sesrun -F 0 {CHECKER}",
        f"userdel --remove {CHECKER}",
    ]
    assert host.inputs == [("chpasswd", f"{CHECKER}:{SECRET}aA1-\n"), ("xrdp-sesrun", f"{SECRET}aA1-")]
    assert left_clean(host)


@pytest.mark.parametrize(
    ("settings", "known", "groups"),
    [
        (SESMAN, {"tsusers"}, " --groups tsusers"),
        (SESMAN, {"sudo"}, ""),
        ("", {"tsusers"}, ""),
        (None, {"tsusers"}, ""),
    ],
)
def test_it_is_in_the_group_that_may_sign_in_where_there_is_one(host, settings, known, groups):
    host.groups = known
    if settings is not None:
        host.put("/etc/xrdp/sesman.ini", settings)
    assert login(host, None, None) == WELL
    assert f"useradd --create-home --shell /bin/bash{groups} {CHECKER}" in host.commands


def test_what_a_killed_check_left_goes_first(host):
    host.accounts.add(CHECKER)
    host.add(CHECKER)
    assert login(host, None, None) == WELL
    order = [line for line in host.commands if line.startswith(("useradd", "userdel", "loginctl terminate-user"))]
    assert order[:3] == [
        f"loginctl terminate-user {CHECKER}",
        f"userdel --remove {CHECKER}",
        f"useradd --create-home --shell /bin/bash {CHECKER}",
    ]
    assert left_clean(host)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(1, "", "Password: \nConnection problem\n"), "Connection problem"),
        (Answer(1, "", "Password: Login failed\n"), "Login failed"),
        (Answer(0, "fail display=0 reason=2\n", ""), "fail display=0 reason=2"),
        (Answer(1, "ok display=:11\n", ""), "ok display=:11"),
        (Answer(124, "", "xrdp-sesrun did not end in 60 seconds"), "xrdp-sesrun did not end in 60 seconds"),
        (Answer(127, "", "xrdp-sesrun is not installed"), "xrdp-sesrun is not installed"),
        (Answer(1, "", ""), "xrdp-sesrun ended with 1 and said nothing"),
        (Answer(1, "", "Password: "), "xrdp-sesrun ended with 1 and said nothing"),
    ],
)
def test_a_sign_in_that_fails_leaves_no_account(host, answer, found):
    host.broken["xrdp-sesrun"] = answer
    assert login(host, None, None) == Check(NAME, False, found)
    assert left_clean(host)
    secretless(host)


def test_a_sign_in_that_takes_too_long_leaves_no_session_of_the_account_given(host):
    def late(*_command):
        host.add("svc-health")
        return Answer(124, "", "xrdp-sesrun did not end in 60 seconds")

    host.broken["xrdp-sesrun"] = late
    assert not login(host, "svc-health", "Secret-of-its-own").ok
    assert host.people == {}


def test_a_desktop_that_ends_at_once_is_none(host):
    host.desktop_lasts = False
    assert login(host, None, None) == Check(NAME, False, "the session ended at once")
    assert left_clean(host)


@pytest.mark.parametrize(
    ("command", "answer", "found"),
    [
        (
            "useradd",
            Answer(12, "", "useradd: cannot create directory /home\n"),
            "useradd: cannot create directory /home",
        ),
        ("useradd", Answer(127, "", "useradd is not installed"), "useradd is not installed"),
        ("chpasswd", Answer(1, "", ""), "1"),
    ],
)
def test_an_account_that_cannot_be_made_is_taken_away_all_the_same(host, command, answer, found):
    def half(*words):
        host.accounts.add(CHECKER)  # useradd(8): with 12 the account is there without a home
        return answer

    host.broken[command] = half
    assert login(host, None, None) == Check(NAME, False, f"{command} failed: {found}")
    assert left_clean(host)
    assert not [line for line in host.commands if line.startswith("xrdp-sesrun")]


def test_an_account_that_is_still_busy_is_tried_again(host, slept):
    busy = [Answer(8, "", "userdel: user is currently used by process 7\n")] * 3

    def userdel(*words):
        return busy.pop() if busy else host._userdel(*words[1:])

    host.broken["userdel"] = userdel
    assert login(host, None, None) == WELL
    assert slept == [0, 0.1, 0.1, 0.1]


def test_an_account_that_stays_busy_is_taken_away_by_force(host, slept):
    host.broken["userdel --remove"] = Answer(8, "", "userdel: user is currently used by process 7\n")
    assert login(host, None, None) == WELL
    assert host.commands[-2:] == [f"pkill --signal KILL --uid {CHECKER}", f"userdel --force --remove {CHECKER}"]
    assert left_clean(host)


def test_an_account_that_cannot_be_taken_away_is_no_good_health(host):
    host.broken["userdel"] = Answer(1, "", "userdel: cannot lock /etc/passwd\n")
    assert login(host, None, None) == Check(NAME, False, "userdel failed: userdel: cannot lock /etc/passwd")


GIVEN = "Zomer-in-Papendrecht-26"


def test_an_account_that_is_given_is_neither_made_nor_taken_away(host):
    host.accounts.add("svc-health")
    other = host.add("jdevries")
    assert login(host, "svc-health", GIVEN) == Check("svc-health signs in", True, "a desktop after 0.0 s")
    assert host.inputs == [("xrdp-sesrun", GIVEN)]
    assert {line.split()[0] for line in secretless(host, GIVEN)} == {"xrdp-sesrun", "loginctl", "getent"}
    assert list(host.people) == [other]
    assert "svc-health" in host.accounts


def test_another_form_of_the_accounts_name_has_the_same_session(host):
    host.broken["getent passwd"] = Answer(0, "svc-health:*:5001:5001::/home/svc-health:/bin/bash\n", "")
    host.broken["xrdp-sesrun"] = lambda *_: (host.add("svc-health"), Answer(0, "ok display=:11\n", ""))[1]
    assert login(host, "svc-health@ad.example.nl", GIVEN).ok
    assert host.people == {}


def test_a_session_that_cannot_be_ended_is_no_good_health(host):
    host.broken["loginctl terminate-session"] = Answer(1, "", "Access denied\n")
    found = Check(NAME, False, f"the session of {CHECKER} cannot be ended: Access denied")
    assert login(host, None, None) == found
    assert CHECKER not in host.accounts


@pytest.mark.parametrize("answer", [None, Answer(1, "", "Login failed\n")])
def test_it_comes_in_while_the_host_is_drained_and_nobody_does_afterwards(host, answer):
    drain(host)
    seen = []

    def sesrun(*words):
        seen.append(host.text(DRAIN_FILE))
        return answer or host._xrdp_sesrun(*words[1:])

    host.broken["xrdp-sesrun"] = sesrun
    assert login(host, None, None).ok is (answer is None)
    assert seen == [f"{CHECKER}\n"]
    assert host.text(DRAIN_FILE) == ""
    assert draining(host)


def test_a_host_that_takes_people_is_not_drained_by_it(host):
    assert login(host, None, None) == WELL
    assert host.drain_file_at_sign_in is None
    assert not draining(host)


def test_whoever_interrupts_it_leaves_nothing_either(host):
    def interrupted(*_words):
        raise KeyboardInterrupt

    host.broken["xrdp-sesrun"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        login(host, None, None)
    assert left_clean(host)


def test_each_check_has_a_password_of_its_own(host, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    login(host, None, None)
    login(host, None, None)
    one, other = [text for program, text in host.inputs if program == "xrdp-sesrun"]
    assert one != other
    assert len(one) == len(other) == 36


def test_services_that_run_are_told_by_name(host):
    host.units["xrdp-sesman.service"] = "failed"
    assert health.look(host)[:2] == [
        Check("xrdp.service runs", True, "active"),
        Check("xrdp-sesman.service runs", False, "failed"),
    ]
    assert host.commands == ["systemctl is-active xrdp.service xrdp-sesman.service"]


def test_services_that_nobody_knows_of_do_not_run(host):
    host.broken["systemctl"] = Answer(127, "", "systemctl is not installed")
    assert [(check.ok, check.found) for check in health.look(host)[:2]] == [(False, "unknown"), (False, "unknown")]


def test_a_command_that_must_work_says_what_it_said(host):
    host.broken["chpasswd"] = OK
    health.must(host, "chpasswd", stdin="x:secret\n")
    host.broken["chpasswd"] = Answer(3, "", "Authentication token manipulation error\n")
    with pytest.raises(health.HostError) as caught:
        health.must(host, "chpasswd", stdin="x:secret\n")
    assert str(caught.value) == "chpasswd failed: Authentication token manipulation error"
