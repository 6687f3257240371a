"""From a switch's document to a platform's lines: each kind of setting by its own function, own lines as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.lines import Claim, Line, Rendering
from werkplek.network.own_lines import KIND, Dialect, own_lines

type Made = Iterator[Line | Claim]
type Kinds = Mapping[str, Callable[[SwitchDocument, Setting], Made]]
"""How a platform renders each kind of setting."""


def rendered(document: SwitchDocument, kinds: Kinds, dialect: Dialect) -> Rendering:
    """Lines and claims of every setting. One of a kind that the platform does not know is unsupported, never met."""
    lines: list[Line] = []
    claims: list[Claim] = []
    own = own_lines(document, dialect)
    known = {KIND, *kinds}
    unknown = {
        one.id: f"the platform does not know kind {one.kind}" for one in document.settings if one.kind not in known
    }
    for setting in document.settings:
        for one in kinds[setting.kind](document, setting) if setting.kind in kinds else ():
            if isinstance(one, Line):
                lines.append(one)
            else:
                claims.append(one)
    unsupported = {**own.unsupported, **unknown}
    return Rendering((*lines, *own.lines), (*claims, *own.claims), unsupported=unsupported, inherent=own.inherent)
