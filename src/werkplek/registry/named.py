"""What the words `live` and `last` and the name of a file stand for: a snapshot of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from werkplek.errors import Problem, WerkplekError
from werkplek.registry.live import last_snapshot, live_snapshot, live_source, moment
from werkplek.registry.options import beside
from werkplek.registry.snapshot import load
from werkplek.registry.sources import LIVE, SourceFile
from werkplek.registry.tables import Snapshot

NOW, LAST = "live", "last"
NO_LAST = "There is no last reading of the registry"


@dataclass(frozen=True, slots=True)
class Named:
    """A snapshot under the name that it was asked for by; `label` also says of when it is."""

    name: str
    label: str
    snapshot: Snapshot


def current(source: SourceFile) -> Snapshot:
    """The registry as it is now: NetBox's, or that of the file which stands in for it. Raises WerkplekError."""
    if source.plugin == LIVE:
        return live_snapshot(live_source(source.options, source.file))
    return load(beside(source.file, source.options["snapshot"]))


def named(source: SourceFile, name: str) -> Named:
    """The snapshot of that name. Raises WerkplekError."""
    if name == NOW:
        return Named(name, name, current(source))
    if name == LAST:
        return _last(source)
    snapshot = load(Path(name))
    return Named(name, f"{name} (as of {snapshot.as_of})", snapshot)


def _last(source: SourceFile) -> Named:
    if source.plugin != LIVE:
        problem = Problem(f"{source.file}: plugin", source.plugin, LIVE, "Name the snapshot file itself.")
        raise WerkplekError(NO_LAST, [problem])
    live = live_source(source.options, source.file)
    found = last_snapshot(live)
    if found is None:
        remedy = (
            "`ansible-inventory --list` keeps one for the next time; `werkplek inventory snapshot FILE` keeps one for"
            " good."
        )
        expected = "a reading with the same address, token, filters and version of Werkplek"
        raise WerkplekError(NO_LAST, [Problem(str(live.cache_path()), "none", expected, remedy)])
    snapshot, checked = found
    return Named(LAST, f"{LAST} (read at {moment(checked)})", snapshot)
