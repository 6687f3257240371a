"""The keys of a terminal: echo, line editing, and the keys that act at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkplek.lab.switches.dialect import Ask

if TYPE_CHECKING:
    from werkplek.lab.switches.shell import Session

END_OF_LINE = "\r\n"
RUBOUT = "\x08\x7f"
KILL_LINE, INTERRUPT, CONTROL_Z = "\x15", "\x03", "\x1a"
ERASE_MORE = "\b" * 10 + " " * 10 + "\b" * 10


class Keys:
    """What has been typed of a line so far."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._typed = ""
        self._after_return = False

    def press(self, text: str) -> None:
        """Take keys in order."""
        for key in text:
            if self._session.ended:
                return
            if key == "\n" and self._after_return:  # the second half of one line end
                self._after_return = False
                continue
            self._after_return = key == "\r"
            self._key(key)

    def _key(self, key: str) -> None:
        session, question = self._session, self._session.question
        if session.paging:
            self._page(key)
        elif isinstance(question, Ask) and question.at_once:
            session.write("\r\n")
            session.enter("" if key in END_OF_LINE else key)
        elif key in END_OF_LINE:
            self._return()
        elif key in RUBOUT or key == KILL_LINE:
            self._rub_out(len(self._typed) if key == KILL_LINE else 1)
        elif key in (INTERRUPT, CONTROL_Z) and question is None:
            self._leave(key)
        elif key == "?" and question is None:
            session.help(self._typed)
        elif key.isprintable() or key in "\t\x03":
            self._typed += key
            if not (isinstance(question, Ask) and question.hidden):
                session.write("^C" if key == INTERRUPT else key)

    def _return(self) -> None:
        line, self._typed = self._typed, ""
        self._session.write("\r\n")
        self._session.enter(line)

    def _rub_out(self, count: int) -> None:
        count = min(count, len(self._typed))
        self._typed = self._typed[: len(self._typed) - count]
        self._session.write("\b \b" * count)

    def _page(self, key: str) -> None:
        self._session.write(ERASE_MORE)
        counts = {" ": self._session.page_length - 1, "\r": 1, "\n": 1}
        self._session.more(counts.get(key, 0))

    def _leave(self, key: str) -> None:
        """Control-Z takes the line and leaves configuration; an interrupt drops the line and leaves."""
        line, self._typed = self._typed, ""
        self._session.write("^Z\r\n" if key == CONTROL_Z else "^C\r\n")
        if key == CONTROL_Z and line:
            self._session.enter(line)
            self._session.write("\r\n")
        if self._session.configuring:
            self._session.enter("end")
        else:
            self._session.say("")
