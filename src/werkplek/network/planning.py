"""The whole network's plan, worked out once for a run and kept where each worker reads only its own switch."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.files import write_atomic
from werkplek.network.document import Peer, Port, Setting, SwitchDocument, Vlan
from werkplek.network.intended import Network, intended
from werkplek.network.records import SwitchRecord, switch_record
from werkplek.policy.plans import Plan

NEEDED = ("municipality", "registry")
KEPT_SECONDS = 7 * 24 * 3600.0


def network_of(
    names: Collection[str], variables: Callable[[str], Mapping[str, Any]], plans: Mapping[str, Plan]
) -> tuple[Network, Mapping[str, SwitchRecord]]:
    """All switches of the inventory: their documents, and their records.

    Raises WerkplekError where registry and plans contradict each other, or where a switch that others depend on is in
    quarantine because the registry does not say whose it is.
    """
    records: dict[str, SwitchRecord] = {}
    unusable: dict[str, str] = {}
    for name in sorted(names):
        known = variables(name)
        if all(known.get(key) for key in NEEDED):
            records[name] = switch_record(name, known)
        else:
            unusable[name] = str((known.get("registry") or {}).get("url"))
    if problems := _behind_the_unknown(records.values(), unusable):
        raise WerkplekError("What a trunk must carry is not known; no switch was touched.", problems)
    return intended(records.values(), {slug: _vlans(plan) for slug, plan in plans.items()}), records


def _vlans(plan: Plan) -> Sequence[Vlan]:
    return [Vlan(one.vid, one.name, one.use, plan.slug, one.source) for one in plan.vlans]


def _behind_the_unknown(records: Collection[SwitchRecord], unusable: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(
            f"switch {record.name}, port {port.name} ({port.url})",
            f"a cable to {port.peer.device} ({unusable[port.peer.device]}), whose the registry does not say it is",
            "a switch with a tenant: what its trunk must carry follows from it",
            "Complete its record in NetBox.",
        )
        for record in records
        for port in record.ports
        if port.peer and port.peer.device in unusable
    ]


def keep(network: Network, state: Path) -> Path:
    """Write a file per switch into a folder named after their content, and return it; what is a week old goes."""
    texts = {name: _text(document) for name, document in sorted(network.documents.items())}
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in texts.items()).encode()).hexdigest()
    folder = state / "network" / digest
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in texts.items():
            write_atomic(file_of(folder, name), text)
        write_atomic(folder / "whole", "")
    folder.touch()
    _drop_old(folder)
    return folder


def _drop_old(folder: Path) -> None:
    for other in folder.parent.iterdir():
        with suppress(FileNotFoundError):  # another run drops it, too
            if other != folder and other.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)


def file_of(folder: Path, name: str) -> Path:
    """The file of one switch; a name from the registry may hold anything."""
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _text(document: SwitchDocument) -> str:
    return json.dumps(asdict(document) | {"settings": []}, ensure_ascii=False, sort_keys=True)


def read(folder: Path, name: str) -> tuple[SwitchDocument, str]:
    """A switch's document out of a plan's folder, and its digest (SHA-256, hex)."""
    text = file_of(folder, name).read_text()
    body = json.loads(text)
    document = SwitchDocument(
        name=body["name"],
        url=body["url"],
        platform=body["platform"],
        municipality=body["municipality"],
        members=body["members"],
        vlans=tuple(Vlan(*one) for one in body["vlans"]),
        ports=tuple(_port(one) for one in body["ports"]),
        management=body["management"],
    )
    return document, hashlib.sha256(text.encode()).hexdigest()


def _port(fields: Sequence[Any]) -> Port:
    name, profile, description, untagged, voice, allowed, peer, source = fields
    return Port(name, profile, description, untagged, voice, tuple(allowed), Peer(*peer) if peer else None, source)


def with_settings(document: SwitchDocument, request: str) -> SwitchDocument:
    """The document with the settings that the engine is asked for (its request's JSON, schema 1)."""
    body = json.loads(request)
    if body["schema"] != 1:
        raise ValueError(f"schema {body['schema']!r} instead of 1")
    return replace(document, settings=tuple(_setting(fields) for fields in body["settings"]))


def _setting(fields: Mapping[str, Any]) -> Setting:
    body = {key: value for key, value in fields.items() if key not in {"id", "kind", "observe", "secret"}}
    return Setting(fields["id"], fields["kind"], body, fields.get("observe") == "waived", fields.get("secret") is True)
