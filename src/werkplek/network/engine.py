"""The engine network_policy: one switch, one session. Look, compare, back up, change, prove, save or go back.

What it promises: a switch is changed only when it is the one that the registry means; while it is being changed it
has a way back that works without us; it is saved only when its links, its neighbours and a way in are there; whatever
else happens it runs what it ran before, or the message says that this is not known.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.network import backup
from werkplek.network.checks import mismatches
from werkplek.network.compare import Comparison, compare
from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.health import unhealthy
from werkplek.network.lines import Rendering
from werkplek.network.platform import Links, Look, Platform, Session, TerminalError
from werkplek.network.rows import difference_text, rows, unsaved

DEADLINE_SPARE = 120.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to go about it. `minutes` until the switch goes back by itself; `settle` seconds for links to come back."""

    check: bool
    diff: bool
    minutes: int
    settle: float
    state: Path
    now: Callable[[], Any]
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


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
        return compare(
            self.rendering,
            self.platform.parse(text),
            self.platform.canonical,
            self.platform.negate,
            leave=self.waived,
            order=self.platform.order,
        )

    def look(self) -> Look:
        """What the switch is; stops where it is not what the registry says."""
        look = self.session.look()
        if problems := mismatches(self.document, self.platform.name, look):
            raise WerkplekError("The switch is not what the registry says; nothing was changed.", problems)
        return look

    def answer(self, found: Comparison, change: Callable[[Setting], dict[str, Any]], **more: Any) -> dict[str, Any]:
        """The engine's answer, in the form in which a module gives it."""
        made = rows(self.document, self.rendering, found, self.platform.mask, change)
        changed = any(row["status"] in {"changed", "noncompliant"} for row in made)
        diff = {"prepared": difference_text(found, self.platform.mask, self.waived)} if self.options.diff else None
        return {"changed": changed, "settings": json.dumps(made), **({"diff": diff} if diff else {}), **more}


def enforce(document: SwitchDocument, platform: Platform, session: Session, options: Options) -> dict[str, Any]:
    """Enforce the document's settings on one switch; with `options.check` only compare.

    Raises WerkplekError where the switch is not the one that is meant, or cannot be read.
    """
    run = _Run(document, platform, session, options)
    try:
        look = run.look()
    except TerminalError as error:
        raise WerkplekError(f"Switch {document.name} could not be read; nothing was changed. {error}") from error
    found = run.compared(look.running)
    if options.check:
        return _checked(run, found, look)
    file = backup.keep(options.state, document.name, platform.mask(look.running), options.now())
    if found.commands:
        return {**_change(run, found, look), "backup": str(file)}
    return {**_saved(run, found, look), "backup": str(file)}


def _checked(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """What a run would change. What runs and is not saved would be saved."""
    answer = run.answer(_with_unsaved(run, found, look), lambda _setting: {"status": "noncompliant"})
    preview = run.session.preview(found.commands) if found.commands and run.options.diff else None
    return {**answer, **({"preview": run.platform.mask(preview)} if preview else {})}


def _with_unsaved(run: _Run, found: Comparison, look: Look) -> Comparison:
    if look.saved is None or found.commands:
        return found
    lost = unsaved(run.document, run.compared(look.saved))
    return Comparison({**found.differences, **lost}, found.commands)


def _saved(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """Nothing to enter; what an earlier run, or a person, entered and did not save is saved now."""
    whole = _with_unsaved(run, found, look)
    lost = {name for name, one in whole.differences.items() if one != found.differences.get(name)}
    if not lost:
        return run.answer(found, lambda _setting: {"status": "waived"})
    try:
        run.session.save()
    except TerminalError as error:
        told = f"it runs, and could not be saved: {error}"
        return run.answer(whole, lambda _setting: {"status": "failed", "message": told})
    return run.answer(whole, lambda _setting: {"status": "changed", "message": "it was running, and not saved"})


def _change(run: _Run, found: Comparison, look: Look) -> dict[str, Any]:
    """Enter the commands; save when all is well, else go back."""
    before: Links | None = None
    try:
        before = run.session.links()
        run.session.apply(found.commands, run.options.minutes)
        ill = unhealthy(run.document, before, run.session, found.commands, run.options)
        if not ill:
            run.session.confirm()
            return _proven(run, found)
    except TerminalError as error:
        if error.gone:
            return _gone(run, found, look, str(error))
        ill = str(error)
    return _failed(run, found, f"{ill}; {_rolled_back(run, look)}")


def _proven(run: _Run, found: Comparison) -> dict[str, Any]:
    """Read again: a setting has changed only when its lines are there now."""
    after = run.compared(run.session.look().running)

    def status(setting: Setting) -> dict[str, Any]:
        if after.differences.get(setting.id):
            lines = difference_text(
                Comparison({setting.id: after.differences[setting.id]}, ()), run.platform.mask
            ).strip()
            return {"status": "failed", "message": f"the switch took the commands, and still differs: {lines}"}
        return {"status": "changed"}

    return run.answer(found, status)


def _failed(run: _Run, found: Comparison, message: str) -> dict[str, Any]:
    return run.answer(found, lambda _setting: {"status": "failed", "message": message})


def _rolled_back(run: _Run, look: Look) -> str:
    """Go back now, and say what came of it."""
    try:
        run.session.roll_back()
        return _same_as_before(run, run.session.look(), look)
    except TerminalError as error:
        minutes = run.options.minutes
        return f"going back failed ({error}); the switch goes back by itself within {minutes} minute(s)"


def _same_as_before(run: _Run, now: Look, before: Look) -> str:
    same = set(run.platform.parse(now.running).rows) == set(run.platform.parse(before.running).rows)
    return "it runs what it ran before" if same else "it does not run what it ran before: see its backup"


def _gone(run: _Run, found: Comparison, look: Look, error: str) -> dict[str, Any]:
    """The session is lost: wait for the switch to go back by itself, and look whether it did."""
    deadline = run.options.clock() + run.options.minutes * 60 + DEADLINE_SPARE
    told = "it could not be reached since, and goes back by itself"
    while run.options.clock() < deadline:
        run.options.pause(2.0)
        try:
            run.session.reconnect()
            told = _same_as_before(run, run.session.look(), look)
        except TerminalError:
            continue
        if told == "it runs what it ran before":
            break
    return _failed(run, found, f"the session was lost ({error}); {told}")
