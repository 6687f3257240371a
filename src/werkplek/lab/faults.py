"""Faults that the NetBox double can be told to show: which requests, and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from werkplek.errors import Problem, WerkplekError

STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which requests a fault hits: path pattern (shell style), from which matching request (1 = first), how often.

    `times` None means every request from `first` on.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    path: str = "/*"
    first: Annotated[int, Field(ge=1)] = 1
    times: Annotated[int, Field(ge=1)] | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFault(Scope):
    """Answers with an error status; `retry_after` in seconds goes into the Retry-After header."""

    kind: Literal["status"] = "status"
    status: Literal[401, 403, 404, 429, 500, 502, 503]
    retry_after: Annotated[int, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowFault(Scope):
    """Waits this many seconds before the answer begins."""

    kind: Literal["slow"] = "slow"
    seconds: Annotated[float, Field(gt=0, le=600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFault(Scope):
    """Closes the connection after half of the announced body."""

    kind: Literal["cut"] = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPageFault(Scope):
    """Leaves out the last `rows` rows of a page; its count stays."""

    kind: Literal["short_page"] = "short_page"
    rows: Annotated[int, Field(ge=1)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCountFault(Scope):
    """Adds `by` to the count that a page announces; its rows stay."""

    kind: Literal["wrong_count"] = "wrong_count"
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFault(Scope):
    """Answers 200 with an HTML page, as a proxy in between does."""

    kind: Literal["html"] = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongShapeFault(Scope):
    """Answers 200 with JSON of another shape: a bare list."""

    kind: Literal["wrong_shape"] = "wrong_shape"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRedirectFault(Scope):
    """Redirects to a login page, as single sign-on in front of NetBox does."""

    kind: Literal["login_redirect"] = "login_redirect"


type Fault = Annotated[
    StatusFault
    | SlowFault
    | CutFault
    | ShortPageFault
    | WrongCountFault
    | HtmlFault
    | WrongShapeFault
    | LoginRedirectFault,
    Field(discriminator="kind"),
]
FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


def read_faults(text: bytes) -> list[Fault]:
    """A JSON list of faults. Raises WerkplekError with every problem."""
    try:
        return FAULTS.validate_json(text)
    except ValidationError as error:
        problems = [
            Problem(
                "faults" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]),
                ascii(item["input"])[:60],
                item["msg"],
            )
            for item in error.errors()
        ]
        raise WerkplekError("The faults cannot be used:", problems) from None


@dataclass(slots=True)
class FaultPlan:
    """The faults in force and how many matching requests each has seen. Belongs to one event loop."""

    faults: Sequence[Fault] = ()
    seen: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.replace(self.faults)

    def replace(self, faults: Sequence[Fault]) -> None:
        """Put other faults in force and count from zero."""
        self.faults = tuple(faults)
        self.seen = [0] * len(self.faults)

    def due(self, path: str) -> list[Fault]:
        """Count a request for `path` and return the faults that hit it, in the order given."""
        hits = []
        for index, fault in enumerate(self.faults):
            if fnmatchcase(path, fault.path):
                self.seen[index] += 1
                number = self.seen[index] - fault.first
                if number >= 0 and (fault.times is None or number < fault.times):
                    hits.append(fault)
        return hits
