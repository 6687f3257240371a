"""A terminal on a switch through Ansible's network_cli plugin, in the worker's own process.

Ansible's usual way is a helper process for each switch, which costs more than all that is done here. The plugin is the
same; so are the vendor's terminal and cliconf plugins, which know prompts, paging, enable and error texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.connection import ConnectionError as AnsibleConnectionError

from werkplek.network.platform import TerminalError

type Connect = Callable[[], Any]
# What network_cli and libssh say of a session that is no more, or of which nobody knows where it stands.
GONE = re.compile(
    r"timeout|timed out|closed|not open|EOF|reset by peer|broken pipe|unable to connect|failed to connect|refused"
    r"|no existing session|ssh connection failed|not connected|unreachable|remote channel|channel is",
    re.IGNORECASE,
)


class CliTerminal:
    """See `Terminal`. `connect` gives a new connection object of the network_cli plugin."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection = connect()

    def send(self, command: str, *, prompt: str | None = None, answer: str | None = None) -> str:
        """See `Terminal.send`."""
        words: dict[str, Any] = {"command": command.encode()}
        if prompt is not None:
            words |= {"prompt": [prompt.encode()], "answer": [(answer or "").encode()]}
        try:
            return str(self._connection.send(**words)).replace("\r", "")
        except (AnsibleError, AnsibleConnectionError, OSError) as error:
            text = " ".join(str(error).split())
            raise TerminalError(text, gone=bool(GONE.search(text))) from error

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
        except (AnsibleError, AnsibleConnectionError, OSError, AttributeError):
            return  # it is gone already
