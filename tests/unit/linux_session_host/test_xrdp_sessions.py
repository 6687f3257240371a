"""Who is on the host: every person's desktop, nobody else, and an error rather than a short list."""

from dataclasses import replace

import pytest
from linux_session_host.host import Answer, HostError
from linux_session_host.sessions import Session, blocks, displays_in_use, end, sessions, tell
from xrdp_host import SOCKETS, socket_line

SHOW = (
    "loginctl show-session --property=Id --property=Name --property=Service --property=Class --property=State"
    " --property=Display"
)
LIST = "loginctl list-sessions --no-legend --no-pager"


def test_properties_come_as_a_block_for_each_session():
    lines = ["Id=7", "Name=jdevries", "Display=", "", "", "Id=c2", "Name=a=b"]
    assert list(blocks(lines)) == [{"Id": "7", "Name": "jdevries", "Display": ""}, {"Id": "c2", "Name": "a=b"}]
    assert list(blocks([])) == list(blocks(["", ""])) == []


def test_nobody_is_there(host):
    assert sessions(host) == []
    assert host.commands == [LIST]


def test_all_sessions_are_asked_for_in_two_commands(host):
    ids = [host.add("jdevries"), host.add("apietersen", Display=":12")]
    assert sessions(host) == [
        Session(ids[0], "jdevries", "disconnected", ":10"),
        Session(ids[1], "apietersen", "disconnected", ":12"),
    ]
    assert host.commands == [LIST, f"{SHOW} {ids[0]} {ids[1]}"]


@pytest.mark.parametrize("service", ["xrdp-sesman", "lightdm", "gdm-password", "sddm"])
@pytest.mark.parametrize("kind", ["user", "user-early", "user-light"])
@pytest.mark.parametrize("state", ["active", "online", "opening"])
def test_desktops_count(host, service, kind, state):
    host.add("root", service, Class=kind, State=state)
    assert [one.user for one in sessions(host)] == ["root"]


@pytest.mark.parametrize(
    ("service", "more"),
    [
        ("sshd", {}),
        ("sudo", {}),
        ("", {}),
        ("systemd-user", {"Class": "manager"}),
        ("lightdm", {"Class": "greeter"}),
        ("xrdp-sesman", {"State": "closing"}),
        ("xrdp-sesman", {"Class": "background"}),
    ],
)
def test_what_is_nobodys_desktop_does_not_count(host, service, more):
    host.add("beheer", service, **more)
    host.add("jdevries")
    assert [one.user for one in sessions(host)] == ["jdevries"]


def test_a_desktop_is_active_while_a_client_is_connected_to_its_display(host):
    host.put("/proc/net/unix", SOCKETS + socket_line("10", "01") + socket_line("11", "01") + socket_line("11"))
    for number in (10, 11, 1):
        host.add("jdevries", Display=f":{number}")
    assert [one.state for one in sessions(host)] == ["disconnected", "active", "disconnected"]


def test_whoever_sits_at_the_machine_is_active(host):
    host.add("jdevries", "lightdm", Display=":0")
    assert [one.state for one in sessions(host)] == ["active"]


def test_displays_in_use():
    noise = "0000000000000000: 00000003 00000000 00000000 0001 03 30517\n"
    other = "0000000000000000: 00000003 00000000 00000000 0001 03 30517 /tmp/.X11-unix/X13\n"
    chansrv = "0000000000000000: 00000003 00000000 00000000 0001 03 30517 /run/xrdp/1000/xrdp_chansrv_socket_14\n"
    text = SOCKETS + noise + other + chansrv + socket_line("9", "01") + socket_line("10") + socket_line("112")
    assert displays_in_use(text) == {"10", "112"}
    assert displays_in_use("") == set()


def test_how_long_nobody_touched_it_is_not_known(host):
    number = host.add("jdevries")
    assert [one.to_json() for one in sessions(host)] == [
        {"id": number, "user": "jdevries", "state": "disconnected", "idle_seconds": None}
    ]


def test_a_session_that_ends_meanwhile_is_asked_about_again(host, slept):
    host.add("jdevries")
    leaving = host.add("apietersen")

    def show(*command):
        if leaving in host.people:
            del host.people[leaving]
            return Answer(1, "", f"Failed to get path for session '{leaving}': No session '{leaving}' known\n")
        return host._loginctl(*command[1:])

    host.broken["loginctl show-session"] = show
    assert [one.user for one in sessions(host)] == ["jdevries"]
    assert slept == [0.2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(1, "", "No session '100' known\n"), "No session '100' known"),
        (Answer(0, "", ""), "0 of 1 sessions shown"),
        (Answer(124, "Id=100\nName=jdevries\n", ""), "1 of 1 sessions shown"),
    ],
)
def test_sessions_that_cannot_be_shown_are_an_error_never_nobody(host, slept, answer, said):
    host.add("jdevries")
    host.broken["loginctl show-session"] = answer
    with pytest.raises(HostError) as caught:
        sessions(host)
    assert str(caught.value) == f"loginctl show-session failed 10 times: {said}"
    assert slept == [0.2] * 10


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer(1, "", "Connection refused\n"), "Connection refused"), (Answer(4, "", ""), "4")],
)
def test_a_list_that_fails_is_an_error_at_once(host, slept, answer, said):
    host.broken["loginctl list-sessions"] = answer
    with pytest.raises(HostError) as caught:
        sessions(host)
    assert str(caught.value) == f"loginctl list-sessions failed: {said}"
    assert (host.commands, slept) == ([LIST], [])


def test_people_are_signed_out_one_by_one(host):
    one, two = host.add("jdevries"), host.add("apietersen")
    end(host, sessions(host)[:1])
    assert list(host.people) == [two]
    assert host.commands[-1] == f"loginctl terminate-session {one}"


def test_whoever_left_meanwhile_need_not_be_signed_out(host):
    end(host, [Session("7", "jdevries", "active", ":10")])
    assert host.commands == ["loginctl terminate-session 7"]


def test_a_session_that_does_not_end_is_an_error(host):
    host.add("jdevries")
    host.broken["loginctl terminate"] = Answer(1, "", "Access denied\n")
    with pytest.raises(HostError) as caught:
        end(host, sessions(host))
    assert str(caught.value) == "the session of jdevries cannot be ended: Access denied"


JDEVRIES = Session("7", "jdevries", "active", ":10")


def test_a_message_stands_on_the_persons_own_display(host):
    assert tell(host, [JDEVRIES], "Tot 17:00; $HOME kost $5") == []
    assert host.commands == [
        "getent passwd jdevries",
        "systemd-run --quiet --collect --uid=jdevries --setenv=DISPLAY=:10"
        " --setenv=XAUTHORITY=/home/jdevries/.Xauthority xmessage -center -timeout 600 Tot 17:00; $$HOME kost $$5",
    ]


def test_who_could_not_be_shown_it_is_told(host):
    people = [
        JDEVRIES,
        replace(JDEVRIES, user="apietersen"),
        replace(JDEVRIES, display=""),
        replace(JDEVRIES, user="x"),
    ]
    host.broken["systemd-run --quiet --collect --uid=apietersen"] = Answer(1, "", "Failed to start transient unit\n")
    assert tell(host, people, "Tot ziens") == [
        "apietersen: Failed to start transient unit",
        "jdevries: no display",
        "x: no display",
    ]
