"""Session hosts, one cluster at a time: which image, who may leave, in which order. Pure.

A member of a cluster is out when it cannot be reached, lets nobody new in, or is not well. What a module
`*_session_host` answered about it is the only source: nothing is remembered between runs, so a run that was cut goes
on from what is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkplek.errors import Problem
from werkplek.policy.model import RINGS
from werkplek.registry.groups import safe
from werkplek.registry.hosts import OUT_OF_LIFECYCLE, QUARANTINE

UNKNOWN_RING = len(RINGS)
RETURN = "Mend it, and run the playbook again: it goes on with that host first."


@dataclass(frozen=True, slots=True)
class Member:
    """A host of a cluster; `out` says why it serves nobody new, empty when it does."""

    name: str
    out: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A host that asks to leave its cluster for a while; `at_once` is how many may be out together."""

    host: str
    cluster: str | None
    at_once: int
    outage_allowed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session host of a run, for its place in the order."""

    host: str
    cluster: str | None
    ring: str
    out: bool


def image_problem(registry: Mapping[str, Any], field: str, found: str | None) -> Problem | None:
    """Why this image is not the one that the registry's custom field `field` asks for; None when it is."""
    where = str(registry.get("url") or registry.get("name"))
    wanted = (registry.get("custom_fields") or {}).get(field)
    if not wanted:
        expected = f"the image version that this host should run, in custom field {field!r}"
        return Problem(where, "none", expected, "Fill it in: policy is never enforced onto an image that nobody chose.")
    if found != wanted:
        remedy = "Deploy that image, or correct the registry. Nothing was changed on this host."
        return Problem(where, f"image {found or 'without a version'} on the host", f"image {wanted}", remedy)
    return None


def cluster_members(host: str, cluster: str | None, groups: Mapping[str, Sequence[str]]) -> list[str]:
    """The session hosts of a host's cluster that are in use, itself included, by name."""
    if cluster is None:
        return [host]
    idle = {name for group in (QUARANTINE, OUT_OF_LIFECYCLE) for name in groups.get(group, ())}
    session_hosts = set(groups.get("vdi_host", ()))
    return sorted(
        name for name in groups.get(f"cluster_{safe(cluster)}", ()) if name in session_hosts and name not in idle
    )


def member(name: str, answer: Mapping[str, Any]) -> Member:
    """What a session host's answer, or the lack of one, makes of it."""
    if answer.get("unreachable"):
        return Member(name, "unreachable")
    if answer.get("failed") or not {"draining", "healthy", "health"} <= answer.keys():
        return Member(name, f"unknown: {first_line(answer.get('msg')) or 'it gave no answer'}")
    if answer["draining"]:
        return Member(name, "drained")
    return Member(name, "" if answer["healthy"] else f"unwell: {complaints(answer['health'])}")


def complaints(health: Sequence[Mapping[str, Any]]) -> str:
    """The checks that failed."""
    return ", ".join(f"{check['check']} (found {check['found']})" for check in health if not check["ok"])


def first_line(text: object) -> str:
    """The first line of a message."""
    return str(text or "").strip().partition("\n")[0]


def leave_problem(leave: Leave, members: Sequence[Member]) -> Problem | None:
    """Why the host may not leave its cluster now; None when it may.

    At most `at_once` are out together and one always stays; a host that is out itself already counts once.
    """
    others = [one for one in members if one.name != leave.host]
    where = f"cluster {leave.cluster}" if leave.cluster else f"host {leave.host}"
    if not others and not leave.outage_allowed:
        found = f"{leave.host} as its only session host" if leave.cluster else "no cluster that others serve"
        remedy = "Add a host to the cluster, or accept the outage by name: -e vdi_host_outage_allowed=true."
        return Problem(where, found, "another session host that serves its people meanwhile", remedy)
    most = max(min(leave.at_once, len(others)), 1)
    out = [one for one in others if one.out]
    if len(out) + 1 > most:
        found = "out of service already: " + ", ".join(f"{one.name} ({one.out})" for one in out)
        return Problem(where, found, f"at most {most} of {len(others) + 1} session hosts out together", RETURN)
    return None


def batches(candidates: Sequence[Candidate], at_once: int) -> list[list[str]]:
    """The hosts in the order of a run: in each batch at most `at_once` of one cluster.

    Within a cluster those that are out come first, then canary, pilot and broad, then by name. A host without a
    cluster stands alone.
    """
    clusters: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=_place):
        clusters[candidate.cluster or f"host {candidate.host}"].append(candidate)
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for members in clusters.values():
        for number, candidate in enumerate(members):
            rows[number // at_once].append(candidate.host)
    return [rows[number] for number in sorted(rows)]


def _place(candidate: Candidate) -> tuple[bool, int, str]:
    ring = RINGS.index(candidate.ring) if candidate.ring in RINGS else UNKNOWN_RING
    return not candidate.out, ring, candidate.host
