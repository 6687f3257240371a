"""Runs over the lab's switches, and what they said."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conftest import Played

MUNICIPALITIES = (
    "ALBLASSERDAM",
    "DORDRECHT",
    "HENDRIK_IDO_AMBACHT",
    "PAPENDRECHT",
    "SLIEDRECHT",
    "ZWIJNDRECHT",
    "DRECHTSTEDEN",
)
CANARY = "Kanarie"
"""In every secret of these runs, and nowhere else."""
HASH = "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM"
NETWORK = "playbooks/network.yml"


def secrets() -> Mapping[str, str]:
    """The secrets that the network's policy needs, in the environment."""
    words = ("SNMP_AUTH", "SNMP_PRIV", "TACACS_KEY", "RADIUS_KEY", "NTP_KEY")
    found = {f"WERKPLEK_SECRET_{who}_{word}": f"{CANARY}-{word}" for who in MUNICIPALITIES for word in words}
    return found | {f"WERKPLEK_SECRET_{who}_ENABLE_HASH": HASH for who in MUNICIPALITIES}


def recap(played: Played) -> dict[str, str]:
    """Host -> ok, changed or failed, as the recap has it."""
    rows = re.findall(r"(?m)^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=\d+ +failed=(\d+)", played.text)
    return {
        host: "failed" if failed != "0" else "changed" if changed != "0" else "ok" for host, changed, failed in rows
    }


def message(played: Played, host: str) -> str:
    """What a failed host's task said, in one line."""
    parts = played.text.split(f"fatal: [{host}]: FAILED! =>")
    assert len(parts) > 1, f"{host} did not fail:\n{played.text[-3000:]}"
    said = re.split(r"\n\n|\n(?:fatal|ok|changed): \[|\nTASK|\nPLAY", parts[1])[0]
    return " ".join(said.split())
