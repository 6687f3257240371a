"""A terminal on a switch through Ansible's network_cli plugin, in the worker's own process.

Ansible's usual way is a helper process for each switch, which costs more than all that is done here. The plugin is the
same; so are the vendor's terminal and cliconf plugins, which know prompts, paging, enable and error texts.
"""

from __future__ import annotations

import ast
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.connection import ConnectionError as AnsibleConnectionError
from pylibsshext.errors import LibsshException

from werkplek.network.platform import TerminalError

CONFIGURATION_READ = 0.0  # seconds; the plugin looks once more in any case
type Connect = Callable[[], Any]
NOTHING_READ = "None"  # what the plugin makes of a channel that was closed before a prompt came
# What the plugin raises with a switch's own words has them as bytes.
BYTES = re.compile(r"b['\"]")


class CliTerminal:
    """See `Terminal`. `connect` gives a new connection object of the network_cli plugin."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection = connect()
        self._usual: float | None = None

    def send(self, command: str, questions: Sequence[tuple[str, str]] = ()) -> str:
        """See `Terminal.send`."""
        words: dict[str, Any] = {"command": command.encode()}
        if questions:
            words["prompt"] = [pattern.encode() for pattern, _answer in questions]
            words["answer"] = [answer.replace("\n", "\r").encode() for _pattern, answer in questions]
        try:
            self._read_on()
            with _alarm(self._connection):
                said = str(self._connection.send(**words)).replace("\r", "")
        except (AnsibleError, AnsibleConnectionError, LibsshException, OSError) as error:
            # whatever is not the switch's refusal leaves a session of which nobody knows where it stands
            raise TerminalError(_words(error), gone=not BYTES.match(str(error))) from error
        if said == NOTHING_READ:
            raise TerminalError("the switch closed the session", gone=True)
        return said

    def _read_on(self) -> None:
        """After a prompt the plugin waits whether more comes, in case an answer holds a line that looks like one.

        Lines of configuration answer with a few words or nothing, and there are hundreds of them.
        """
        configuring = b"(config" in (self._connection._matched_prompt or b"")
        if self._usual is None:
            self._usual = float(self._connection.get_option("persistent_buffer_read_timeout"))
        wait = min(self._usual, CONFIGURATION_READ) if configuring else self._usual
        self._connection.set_option("persistent_buffer_read_timeout", wait)

    def reconnect(self) -> None:
        """See `Terminal.reconnect`."""
        self.close()
        self._connection = self._connect()
        self.send("")

    def sign_in_again(self) -> None:
        """See `Terminal.sign_in_again`."""
        other = CliTerminal(self._connect)
        try:
            other.send("")
        finally:
            other.close()

    def close(self) -> None:
        """Leave."""
        try:
            self._connection.close()
        except (AnsibleError, AnsibleConnectionError, LibsshException, OSError, AttributeError):
            return  # it is gone already


def _words(error: Exception) -> str:
    """The plugin's text in one line; what a switch said is bytes in it, with the echo and the prompt around it."""
    text = str(error)
    if BYTES.match(text):
        lines = ast.literal_eval(text).decode(errors="replace").replace("\r", "").split("\n")
        text = "\n".join(lines[1:-1]) or text
    return " ".join(text.split())


@contextmanager
def _alarm(connection: Any) -> Iterator[None]:
    """A switch that asks something unexpected must not hold the run for ever."""
    before = signal.signal(signal.SIGALRM, connection._handle_command_timeout)
    signal.alarm(int(connection.get_option("persistent_command_timeout")))
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
