"""A session at a switch's command line: modes, prompts, questions, pipes. Knows no vendor and no transport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkplek.lab.switches import apply
from werkplek.lab.switches.device import Device, Logged
from werkplek.lab.switches.dialect import Answer, Ask, Collect, Edit, Line, Mode, Refusal, Rule
from werkplek.lab.switches.grammar import Match, Mismatch
from werkplek.lab.switches.keys import Keys
from werkplek.lab.switches.tree import Section, find

type Path = tuple[str, ...]
COMMENT = "!"
CONFIRM = "Proceed? [confirm]"


@dataclass(frozen=True, slots=True)
class Context:
    """A mode, and the sections of the tree that its lines go to (several for a range of interfaces)."""

    mode: str
    paths: tuple[Path, ...] = ((),)


def opened(device: Device, user: str, write: Callable[[str], None], close: Callable[[], None]) -> Session:
    """A session of somebody who signed in."""
    device.opened += 1
    session = Session(device, user, write, close, device.opened)
    device.sessions[session.number] = session
    return session


class Session:
    """Somebody at the command line. What is typed comes by `feed`; `write` and `close` lead back.

    `editing` is the tree that lines of configuration go to: the running one, unless the dialect puts another here.
    `detached`: nobody types; lines of a file go to a tree of their own, and nothing is counted or logged.
    """

    def __init__(
        self, device: Device, user: str, write: Callable[[str], None], close: Callable[[], None], number: int = 0
    ) -> None:
        self.device, self.user, self.number, self._write, self._close = device, user, number, write, close
        self.detached = number == 0
        self.privilege = 15 if self.detached else device.dialect.privilege(device, user)
        self.contexts: list[Context] = [Context("exec")]
        self.editing: Section = device.running
        self.page_length = 24
        self.ended = False
        self.cut = False  # it ended without a word: a restart, a dropped line
        self.question: Ask | Collect | None = None
        self._collected: list[str] = []
        self._rest: list[str] = []  # pages to come
        self._keys = Keys(self)

    def begin(self) -> None:
        """Greet, and show the first prompt."""
        self._write(lines_of(self.device.dialect.greeting(self.device)) + self.prompt())

    def feed(self, text: str) -> None:
        """Take what is typed, key by key."""
        self._keys.press(text)

    def write(self, text: str) -> None:
        """Show text as it is."""
        if not self.ended:
            self._write(text)

    def end(self, cut: bool = False) -> None:
        """End the session, also in the middle of a line. `cut`: as a connection that dies."""
        if self.ended:
            return
        self.ended, self.cut = True, cut
        self.device.sessions.pop(self.number, None)
        if self.device.holder == self.number:
            self.device.holder = None
        self._close()

    def prompt(self) -> str:
        """What stands before the cursor."""
        return self.device.dialect.prompt(self)

    @property
    def context(self) -> Context:
        """The mode that lines go to now."""
        return self.contexts[-1]

    @property
    def configuring(self) -> bool:
        """Whether lines go to the configuration."""
        return self.context.mode != "exec"

    def enter(self, line: str) -> None:
        """Take a whole line: an answer to a question, text that is collected, or a command."""
        question, self.question = self.question, None
        if isinstance(question, Collect):
            self._collect(question, line)
        elif question is not None:
            self.say(self._guarded(lambda: question.then(line)))
        elif not line.strip() or line.lstrip().startswith(COMMENT):
            self.say("")
        else:
            self.say(self._command(line))

    def _collect(self, collect: Collect, line: str) -> None:
        self._collected.append(line)
        if collect.done(line):
            collected, self._collected = self._collected, []
            self.say(self._guarded(lambda: collect.then(collected)))
        else:
            self.question = collect

    def help(self, typed: str) -> None:
        """Show what can follow what was typed so far, and that again."""
        try:
            words = self.device.dialect.modes[self.context.mode].grammar.following(typed.lstrip())
            shown = "\n".join(f"  {word}" for word in words)
        except Mismatch:
            shown = "% Unrecognized command"
        self.write(f"?\r\n{lines_of(shown)}\r\n{self.prompt()}{typed}")

    def say(self, answer: Answer) -> None:
        """Show an answer and the prompt, or a question."""
        match answer:
            case str():
                self._show(answer)
            case Ask():
                self.question = answer
                self.write(answer.prompt.replace("\n", "\r\n"))
            case Collect():
                self.question = answer
                self.write(lines_of(answer.opening))

    def _show(self, text: str) -> None:
        shown = lines_of(text).splitlines(keepends=True)
        if self.page_length and len(shown) > self.page_length - 1:
            self._rest = shown
            self.more(self.page_length - 1)
        else:
            self.write("".join(shown) + self.prompt())

    @property
    def paging(self) -> bool:
        """Whether the answer waits at `--More--`."""
        return bool(self._rest)

    def more(self, count: int) -> None:
        """Show so many more lines of an answer; none drops the rest of it."""
        page, self._rest = self._rest[:count], self._rest[count:] if count else []
        self.write("".join(page) + (" --More-- " if self._rest else self.prompt()))

    def _command(self, line: str) -> Answer:
        mode = self.context.mode
        accepted = True

        def refused() -> None:
            nonlocal accepted
            accepted = False

        try:
            return self._guarded(lambda: self.execute(line), refused)
        finally:
            logged = Logged(self.number, self.user, mode, line.strip(), accepted)
            self.device.log.append(logged)

    def _guarded(self, run: Callable[[], Answer], refused: Callable[[], None] = lambda: None) -> Answer:
        try:
            return run()
        except Refusal as refusal:
            refused()
            return str(refusal)

    def execute(self, line: str, mode: str = "") -> Answer:
        """Do a command of the mode named, else of the session's own.

        Raises:
            Refusal: the switch does not take it; what it says.
        """
        filtered = None if self.configuring and not mode else self._filtered(line)
        command, narrow = filtered or (line, None)
        try:
            match, where = self._resolve(command, self.device.dialect.modes[mode or self.context.mode])
            if isinstance(match.rule, Line):
                return self._with_faults(lambda: self.configure(match, where, command))
            answer = match.rule.run(self, match)
        except Mismatch as mismatch:
            raise Refusal(
                self.device.dialect.mismatch(mismatch.reason, line, mismatch.column, self.prompt())
            ) from mismatch
        return narrow(answer) if narrow is not None and isinstance(answer, str) else answer

    def _filtered(self, line: str) -> tuple[str, Callable[[str], str]] | None:
        """A command and what narrows its answer, where the line has a pipe that the dialect knows."""
        command, pipe, rest = line.partition(" | ")
        name, _, argument = rest.strip().partition(" ")
        known = self.device.dialect.filters()
        names = [full for full in known if name and full.startswith(name.lower())]
        if not pipe or len(names) != 1:
            return None
        narrow = known[names[0]]
        return command, lambda answer: narrow(answer, argument.strip())

    def _resolve(self, line: str, mode: Mode) -> tuple[Match[Rule], str]:
        """The command and the mode that has it: the one given, else one above it.

        Raises:
            Mismatch: none has it; how far the best of them came.
        """
        problems: list[Mismatch] = []
        while True:
            try:
                match = mode.grammar.match(line)
                if isinstance(match.rule, Line) or match.rule.privilege <= self.privilege:
                    return match, mode.name
                problems.append(Mismatch("invalid", 0))
            except Mismatch as mismatch:
                problems.append(mismatch)
            if not mode.parent:
                raise max(problems, key=lambda problem: (problem.reason != "invalid", problem.column))
            mode = self.device.dialect.modes[mode.parent]

    def configure(self, match: Match[Rule], where: str, line: str) -> Answer:
        """Put a line of configuration that fits the mode `where` into the tree, in every section of the context."""
        before = list(self.contexts)
        while self.context.mode != where:
            self.contexts.pop()
        try:
            answer = self._applied(match, line)
        except (Mismatch, Refusal):
            self.contexts = before
            raise
        if not isinstance(answer, str):
            return answer
        self._entered(match)
        if self.editing is self.device.running and not self.detached:
            self.device.changed()
        return answer

    def _applied(self, match: Match[Rule], line: str) -> Answer:
        said: list[str] = []
        for path in self.context.paths:
            section = find(self.editing, path)
            if section is None:
                raise Refusal(f"% {path[-1]} is no longer there")
            answer = apply.apply(Edit(self, self.device, section, path, line), match)
            if not isinstance(answer, str):
                return answer
            said += [answer] if answer else []
        return "\n".join(said)

    def _entered(self, match: Match[Rule]) -> None:
        assert isinstance(match.rule, Line)
        if match.rule.enters and match.rule.run is None and not match.negated:
            paths = tuple((*path, match.slot) for path in self.context.paths)
            self.contexts.append(Context(match.rule.enters, paths))

    def _with_faults(self, run: Callable[[], Answer]) -> Answer:
        """A line of configuration at a switch that may have a fault that strikes at such lines."""
        faults = self.device.faults
        if self.detached:
            return run()
        if faults.prompt_after is not None:
            faults.prompt_after -= 1
            if faults.prompt_after < 0:
                faults.prompt_after = None
                return Ask(CONFIRM, lambda key: self._with_faults(run) if key in ("", "y") else "", at_once=True)
        answer = run()
        if faults.drop_after is not None:
            faults.drop_after -= 1
            if faults.drop_after <= 0:
                faults.drop_after = None
                self.end(cut=True)
        return answer


def lines_of(text: str) -> str:
    """Text as a terminal needs it; every line ends."""
    return "".join(f"{line}\r\n" for line in text.splitlines())
