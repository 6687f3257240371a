"""Faults that a lab host shows on purpose. Each is bound to one host, and when asked to a number of times."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from werkplek.errors import Problem, WerkplekError

KINDS = {
    "down": "every connection is dropped at its first request",
    "unauthorized": "every request is answered with 401",
    "slow": "every module takes `seconds` longer",
    "cut": "the connection is dropped at request number `nth`, or with no `nth` after a module ran, before its answer",
    "disk_full": "every module fails with Windows's message for a full disk",
    "reboot_pending": "the facts say that a reboot is pending",
}
# FormatMessage for ERROR_DISK_FULL (112), as .NET's IOException shows it.
DISK_FULL = "There is not enough space on the disk."
REFUSAL = "This fault cannot be set:"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `times`: how often it fires (None: until cleared). `seconds` is slow's, `nth` is cut's."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    kind: str
    times: int | None = None
    seconds: float | None = None
    nth: int | None = None

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise WerkplekError(REFUSAL, problems)

    @classmethod
    def from_json(cls, text: bytes) -> Fault:
        """Read a fault.

        Raises:
            WerkplekError: not an object with these fields, or values of another type or out of bounds.
        """
        try:
            return TypeAdapter(cls).validate_json(text, strict=True)
        except ValidationError as error:
            problems = [
                Problem(".".join(["fault", *map(str, item["loc"])]), ascii(item["input"])[:60], item["msg"])
                for item in error.errors()
            ]
            raise WerkplekError(REFUSAL, problems) from None

    def to_mapping(self) -> dict[str, Any]:
        """The fields that are set, for JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def _problems(fault: Fault) -> list[Problem]:
    found = []
    if fault.kind not in KINDS:
        found.append(Problem("fault.kind", fault.kind, f"one of {', '.join(KINDS)}"))
    if fault.times is not None and fault.times < 1:
        found.append(Problem("fault.times", str(fault.times), "1 or more"))
    if fault.kind == "slow" and not (fault.seconds and fault.seconds > 0):
        found.append(Problem("fault.seconds", str(fault.seconds), "more than 0 seconds for slow"))
    if fault.kind != "slow" and fault.seconds is not None:
        found.append(Problem("fault.seconds", str(fault.seconds), "nothing: only slow takes seconds"))
    if fault.nth is not None and (fault.kind != "cut" or fault.nth < 1):
        found.append(Problem("fault.nth", str(fault.nth), "1 or more, and only for cut"))
    return found


class FaultBoard:
    """The faults of one host, at most one per kind, with how often each has fired."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._fired: dict[str, int] = {}
        self._requests = 0

    def set(self, fault: Fault) -> None:
        """Put `fault` in place of one of its kind; its counters start at zero."""
        self._faults[fault.kind] = fault
        self._fired[fault.kind] = 0
        if fault.kind == "cut":
            self._requests = 0

    def clear(self) -> None:
        """Heal the host."""
        self._faults.clear()
        self._fired.clear()

    def fire(self, kind: str) -> Fault | None:
        """The fault of this kind if it strikes now; counts the strike."""
        fault = self._faults.get(kind)
        if fault is None or (fault.times is not None and self._fired[kind] >= fault.times):
            return None
        self._fired[kind] += 1
        return fault

    def cut_request(self) -> bool:
        """Count one request; True when it is the one at which the connection is to be cut."""
        fault = self._faults.get("cut")
        if fault is None or fault.nth is None:
            return False
        self._requests += 1
        return self._requests % fault.nth == 0 and self.fire("cut") is not None

    def cut_answer(self) -> bool:
        """True when the answer of the module that just ran is to be lost."""
        fault = self._faults.get("cut")
        return fault is not None and fault.nth is None and self.fire("cut") is not None

    def to_list(self) -> list[dict[str, Any]]:
        """Each fault with `fired`, for status and statistics."""
        return [{**fault.to_mapping(), "fired": self._fired[kind]} for kind, fault in sorted(self._faults.items())]
