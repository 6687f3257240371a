"""Changes of a pretend host behind Ansible's back: of its software here, of all else in its C#."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkplek.lab.mono import Mono, repository_csharp
from werkplek.lab.windows import Host
from werkplek.lab.windows_software import EDITS, Software, edited

RESTART = "restart"  # finishes what waits for one, in the host's software and elsewhere


async def apply_edits(mono: Mono, host: Host, edits: Sequence[dict[str, Any]]) -> None:
    """Change a host whose `busy` the caller holds. `edits` are as lab/windows/LabEdits.cs and windows_software say.

    Raises:
        WerkplekError: the lab refuses an edit.
    """
    about_software = [edit for edit in edits if edit.get("kind") in EDITS]
    others = [edit for edit in edits if edit.get("kind") not in EDITS or edit["kind"] == RESTART]
    software = edited(Software.of(host.folder), about_software)
    if others:
        await mono.edit(repository_csharp(), host.folder, others)
    if about_software:
        software.save(host.folder)
