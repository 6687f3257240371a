"""A terminal through Ansible's plugin: what a switch refused, and when a session is lost."""

import signal
import time

import pytest
from ansible.errors import AnsibleConnectionFailure
from pylibsshext.errors import LibsshException

from werkplek.network.cli_terminal import CONFIGURATION_READ, CliTerminal
from werkplek.network.platform import TerminalError


class Connection:
    """What is used of network_cli's connection."""

    def __init__(self, said="", seconds=30, reads=0.2):
        self.said = said
        self.options = {"persistent_command_timeout": seconds, "persistent_buffer_read_timeout": reads}
        self.sent, self.closed, self._matched_prompt = [], False, None

    def get_option(self, name):
        return self.options[name]

    def set_option(self, name, value):
        self.options[name] = value

    def _handle_command_timeout(self, _signal, _frame):
        raise AnsibleConnectionFailure("command timeout triggered, timeout value is 1 secs.")

    def send(self, **words):
        self.sent.append(words)
        if isinstance(self.said, Exception):
            raise self.said
        if callable(self.said):
            return self.said()
        return self.said

    def close(self):
        self.closed = True


def raised(said, **more):
    with pytest.raises(TerminalError) as stopped:
        CliTerminal(lambda: Connection(said, **more)).send("show version")
    return str(stopped.value), stopped.value.gone


def test_what_a_switch_says_comes_with_line_breaks_alone():
    connection = Connection("one\r\ntwo")
    assert CliTerminal(lambda: connection).send("show version") == "one\ntwo"
    assert connection.sent == [{"command": b"show version"}]


def test_questions_go_with_their_answers():
    connection = Connection("done")
    CliTerminal(lambda: connection).send("reload in 5", [(r"Save\? $", "no\n"), (r"\[confirm\]$", "")])
    assert connection.sent == [
        {"command": b"reload in 5", "prompt": [rb"Save\? $", rb"\[confirm\]$"], "answer": [b"no\r", b""]}
    ]


@pytest.mark.parametrize(
    ("window", "told"),
    [
        (
            b"exec-timeout 99\r\n   ^\r\n% Invalid input detected at '^' marker.\r\n\r\nP1(config)#",
            "^ % Invalid input detected at '^' marker.",
        ),
        (b'ip x refused\r\n% Connection refused, it\'s "closed"\r\nP1#', '% Connection refused, it\'s "closed"'),
    ],
)
def test_a_switch_s_refusal_is_its_words_and_no_lost_session_whatever_it_says(window, told):
    assert raised(AnsibleConnectionFailure(window)) == (told, False)


@pytest.mark.parametrize(
    "error",
    [
        AnsibleConnectionFailure("timeout value 30 seconds reached while trying to send command: b'x'"),
        AnsibleConnectionFailure("ssh connection failed: Connection refused"),
        AnsibleConnectionFailure("something that nobody knows"),
        LibsshException("Failed to write to ssh channel"),
        ConnectionResetError("Connection reset by peer"),
    ],
)
def test_whatever_else_goes_wrong_the_session_is_lost(error):
    assert raised(error) == (str(error), True)


def test_a_session_that_the_switch_closed_is_lost_though_the_plugin_says_nothing():
    assert raised("None") == ("the switch closed the session", True)


def test_a_switch_that_asks_something_unexpected_does_not_hold_the_run():
    told, gone = raised(lambda: time.sleep(30), seconds=1)
    assert (told, gone) == ("command timeout triggered, timeout value is 1 secs.", True)


def test_no_alarm_is_left_behind():
    before = signal.getsignal(signal.SIGALRM)
    CliTerminal(lambda: Connection("x")).send("show version")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


@pytest.mark.parametrize(
    ("prompt", "reads", "waits"),
    [
        (None, 0.2, 0.2),
        (b"P1#", 0.2, 0.2),
        (b"P1(config)#", 0.2, CONFIGURATION_READ),
        (b"P1(config-if)#", 0.2, CONFIGURATION_READ),
        (b"P1(config)#", 0.0, 0.0),
    ],
)
def test_after_a_line_of_configuration_more_is_hardly_waited_for(prompt, reads, waits):
    connection = Connection("x", reads=reads)
    terminal = CliTerminal(lambda: connection)
    for matched, expected in ((prompt, waits), (b"P1#", reads), (prompt, waits)):
        connection._matched_prompt = matched
        terminal.send("x")
        assert connection.options["persistent_buffer_read_timeout"] == expected


def test_a_new_session_takes_the_place_of_the_old_one():
    made = []

    def connect():
        made.append(Connection("x"))
        return made[-1]

    terminal = CliTerminal(connect)
    terminal.reconnect()
    terminal.send("show version")
    assert [one.closed for one in made] == [True, False]
    assert [words["command"] for words in made[1].sent] == [b"", b"show version"]


def test_one_more_sign_in_is_ended_again_and_leaves_the_session():
    made = []

    def connect():
        made.append(Connection("x"))
        return made[-1]

    CliTerminal(connect).sign_in_again()
    assert [one.closed for one in made] == [False, True]
    assert [words["command"] for words in made[1].sent] == [b""]


def test_one_more_sign_in_that_fails_is_ended_too():
    made = []

    def connect():
        made.append(Connection("x" if not made else AnsibleConnectionFailure("Authentication failed")))
        return made[-1]

    with pytest.raises(TerminalError, match="Authentication failed"):
        CliTerminal(connect).sign_in_again()
    assert [one.closed for one in made] == [False, True]
