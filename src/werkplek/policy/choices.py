"""What a municipality may choose, with the default of each choice. A setting is for one answer: `on: {choice: ...}`.

Each choice is a field with a closed set of answers (`true`/`false`, or words) or a number in a range, and a default
that suits a municipality which says nothing. The description is what `werkplek policy` shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from werkplek.policy.fields import Strict

type Answer = bool | str | int


class Choices(Strict):
    """The choices of one municipality; what its document leaves out has the default below."""

    laps: Literal["active_directory", "entra_id", "off"] = Field(
        default="active_directory", description="Where passwords of local administrators are kept"
    )


def answers(name: str) -> tuple[Answer, ...]:
    """All answers of a choice with a closed set; empty for a number. Raises KeyError for an unknown name."""
    annotation = Choices.model_fields[name].annotation
    return (True, False) if annotation is bool else tuple(get_args(annotation))


def chosen(values: Mapping[str, object], wanted: Mapping[str, tuple[Answer, ...]]) -> bool:
    """Whether a municipality's answers (`values`, by choice) are among those that a setting is for."""
    return all(values[name] in allowed for name, allowed in wanted.items())
