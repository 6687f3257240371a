"""What a run over session hosts did, out of what it printed."""

from __future__ import annotations

import re

from conftest import Played


def order(played: Played) -> list[str]:
    """Hosts in the order in which they were let in again."""
    parts = [part.partition("\n\n")[0] for part in played.text.split("TASK [vdi_host : Let people in again]")[1:]]
    return re.findall(r"^changed: \[(\S+)\]", "\n".join(parts), re.MULTILINE)
