"""The engine network_policy: one switch, one session. Look, compare, back up, change, prove, save or go back.

What it promises: a switch is changed only when it is the one that the registry means; while it is being changed it
has a way back that works without us; it is saved only when its links, its neighbours and a way in are there; whatever
else happens it runs what it ran before, or the message says that this is not known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.network import backup
from werkplek.network.checks import mismatches
from werkplek.network.compare import Command, Comparison, compare
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.health import Patience, unhealthy
from werkplek.network.lines import Rendering
from werkplek.network.platform import Look, Platform, Session, TerminalError
from werkplek.network.rows import difference_text, rows, unsaved
from werkplek.network.way_back import WayBack

SECRET = "<secret>"  # noqa: S105 - what stands in a secret's place
UNMENDED = "it differs, and there is no command that would mend it"


@dataclass(frozen=True, slots=True)
class Options:
    """How to go about it. `minutes` until the switch goes back by itself."""

    check: bool
    diff: bool
    minutes: int
    patience: Patience
    state: Path
    now: Callable[[], datetime]


@dataclass
class _Run:
    """One switch's way through the engine."""

    document: SwitchDocument
    platform: Platform
    session: Session
    options: Options
    rendering: Rendering = field(init=False)

    def __post_init__(self) -> None:
        self.rendering = self.platform.render(self.document)

    @property
    def waived(self) -> frozenset[str]:
        return frozenset(setting.id for setting in self.document.settings if setting.waived)

    def compared(self, text: str) -> Comparison:
        """A configuration against the document."""
        return compare(self.rendering, self.platform.parse(text), self.platform, self.waived)

    def look(self) -> Look:
        """What the switch is; stops where it is not what the registry says."""
        look = self.session.look()
        if problems := mismatches(self.document, self.platform.name, look):
            raise WerkplekError("The switch is not what the registry says; nothing was changed.", problems)
        return look

    def answer(self, found: Comparison, change: Callable[[Setting], dict[str, Any]]) -> dict[str, Any]:
        """The engine's answer, in the form in which a module gives it."""
        made = rows(self.document, self.rendering, found, self.platform.mask, change)
        changed = any(row["status"] in {"changed", "noncompliant"} for row in made)
        diff = {"prepared": difference_text(found, self.platform.mask, self.waived)} if self.options.diff else None
        return {"changed": changed, "settings": json.dumps(made), **({"diff": diff} if diff else {})}


def enforce(document: SwitchDocument, platform: Platform, session: Session, options: Options) -> dict[str, Any]:
    """Enforce the document's settings on one switch; with `options.check` only compare.

    `failure` in the answer is what went wrong with the change as a whole.

    Raises WerkplekError where the switch is not the one that is meant, or cannot be read.
    """
    run = _Run(document, platform, session, options)
    look = _read(run, run.look, "could not be read")
    found = run.compared(look.running)
    if options.check:
        return _checked(run, found, look)
    file = backup.keep(options.state, document.name, platform.mask(look.running), options.now())
    answer = _change(run, found, look) if found.commands else _saved(run, found, look)
    return {**answer, "backup": str(file)}


def _read[T](run: _Run, reading: Callable[[], T], failure: str, commands: Sequence[Command] = ()) -> T:
    """What a reading gives. Raises WerkplekError where it fails; nothing is changed until then."""
    try:
        return reading()
    except TerminalError as error:
        told = without_secrets(str(error), commands, run.platform)
        raise WerkplekError(f"Switch {run.document.name} {failure}; nothing was changed. {told}") from error


def _checked(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """What a run would change. What runs and is not saved would be saved."""
    answer = run.answer(_with_unsaved(run, found, look), lambda _setting: {"status": "noncompliant"})
    if not (found.commands and run.options.diff):
        return answer
    failure = "could not show what would change"
    preview = _read(run, lambda: run.session.preview(found.commands), failure, found.commands)
    return {**answer, **({"preview": run.platform.mask(preview)} if preview else {})}


def _with_unsaved(run: _Run, found: Comparison, look: Look) -> Comparison:
    """With what runs as it should and would be lost with a restart."""
    if look.saved is None or found.commands:
        return found
    lost = unsaved(run.document, run.compared(look.saved))
    return Comparison({**lost, **{name: one for name, one in found.differences.items() if one}}, found.commands)


def _saved(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """Nothing to enter; what an earlier run, or a person, entered and did not save is saved now."""
    whole = _with_unsaved(run, found, look)
    status: dict[str, Any] = {"status": "changed", "message": "it was running, and not saved"}
    if any(one and not found.differences.get(name) for name, one in whole.differences.items()):
        try:
            run.session.save()
        except TerminalError as error:
            status = {"status": "failed", "message": f"it runs, and could not be saved: {error}"}
    unmended = {"status": "failed", "message": UNMENDED}
    return run.answer(whole, lambda setting: unmended if found.differences.get(setting.id) else status)


def _change(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """Enter the commands; save when all is well, else go back."""
    before = _read(run, run.session.links, "could not be read")
    options = run.options
    way_back = WayBack(
        run.platform, run.session, look, lambda text: not run.compared(text).commands, options.minutes, options.patience
    )
    try:
        run.session.apply(found.commands, options.minutes)
        ill = unhealthy(run.document, before, run.session, found.commands, options.patience)
        if not ill:
            run.session.confirm()
    except TerminalError as error:
        lost = f"the session was lost ({error}); "
        return _failed(run, found, f"{lost}{way_back.awaited()}" if error.gone else f"{error}; {way_back.taken()}")
    return _failed(run, found, f"{ill}; {way_back.taken()}") if ill else _proven(run, found)


def _proven(run: _Run, found: Comparison) -> dict[str, Any]:
    """Read again: a setting has changed only when its lines are there now."""
    try:
        after = run.compared(run.session.look().running)
    except TerminalError as error:
        told = "the switch took the commands, was well and saved them; it could not be read since"
        return _failed(run, found, f"{told} ({error})")

    def status(setting: Setting) -> dict[str, Any]:
        left = after.differences.get(setting.id)
        if not left:
            return {"status": "changed"}
        lines = difference_text(Comparison({setting.id: left}, ()), run.platform.mask).strip()
        return {"status": "failed", "message": f"the switch took the commands, and still differs: {lines}"}

    return run.answer(found, status)


def _failed(run: _Run, found: Comparison, message: str) -> dict[str, Any]:
    told = without_secrets(message, found.commands, run.platform)
    return {**run.answer(found, lambda _setting: {"status": "failed", "message": told}), "failure": told}


def without_secrets(text: str, commands: Sequence[Command], platform: Platform) -> str:
    """What a switch or a plugin said, with the commands that it was sent in it, without the secrets of these."""
    hidden = {
        word
        for command in commands
        if (masked := platform.mask(command.text)) != command.text
        for word in set(command.text.split()) - set(masked.split())
        if len(word) > 2  # shorter ones say how a secret is hidden
    }
    for word in sorted(hidden, key=len, reverse=True):
        text = text.replace(word, SECRET)
    return text
