"""A systemd that knows a few units, for systemctl to talk to."""

from __future__ import annotations

from linux_policy.commands import Done
from linux_sandbox import Sandbox, said

PROPERTIES = "Id,LoadState,UnitFileState,ActiveState,SubState,ConditionResult,ConditionTimestampMonotonic"


class Systemd:
    """`units` says of each unit its file's state and whether it is active; what is not in there is not installed."""

    def __init__(self, host: Sandbox, **units: tuple[str, str]) -> None:
        self.units = {name.replace("__", "@").replace("_", "."): state for name, state in units.items()}
        self.refuses: dict[str, str] = {}  # by "verb unit" what is said
        self.unmet: set[str] = set()  # units whose conditions do not hold
        host.answers["systemctl"] = self.answer

    def answer(self, *command: str, text: str) -> Done:
        verb = command[1]
        names = [name for name in command[2:] if not name.startswith("--")]
        if verb == "show":
            assert command[2] == f"--property={PROPERTIES}"
            return said("\n\n".join(self._shown(name) for name in names) + "\n")
        for name in names:
            if f"{verb} {name}" in self.refuses:
                return said(code=1, error=self.refuses[f"{verb} {name}"])
        for name in names:
            self._do(verb, name)
        return said()

    def _shown(self, name: str) -> str:
        state, active = self.units.get(name, ("", "inactive"))
        load = "not-found" if name not in self.units else "masked" if state == "masked" else "loaded"
        active, _, sub = active.partition("/")
        met, tried = ("no", "5") if name in self.unmet else ("no", "0")
        return (
            f"Id={name}\nLoadState={load}\nActiveState={active}\nSubState={sub}\nUnitFileState={state}\n"
            f"ConditionResult={met}\nConditionTimestampMonotonic={tried}"
        )

    def _do(self, verb: str, name: str) -> None:
        state, active = self.units.get(name, ("disabled", "inactive"))
        if verb in ("start", "restart") and name not in self.unmet:
            active = "active/running"
        elif verb == "stop":
            active = "inactive"
        elif verb in ("enable", "disable", "mask") and state not in ("static", "indirect"):
            state = {"enable": "enabled", "disable": "disabled", "mask": "masked"}[verb]
        elif verb == "unmask":
            state = "disabled"
        self.units[name] = state, active
