"""What hosts get from a small repository: settings in their wire form, and the files in which tests write layers."""

import json
from collections.abc import Mapping

from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import ResolvedPolicy, resolve

BASELINE = "policies/baseline/a.yml"
WORKSTATION = "policies/workstation/a.yml"
VDI_HOST = "policies/vdi_host/a.yml"
PAPENDRECHT = "policies/municipality/papendrecht.yml"
ZWIJNDRECHT = "policies/municipality/zwijndrecht.yml"
WAIVERS = "policies/waivers.yml"
DURING = "2026-10-15"  # a day of the waiver below

KEY = r"path: 'HKLM:\SOFTWARE\A'"


def combination(municipality: str = "papendrecht", **facts: object) -> Combination:
    """A workstation of the last ring in the town hall, unless `facts` say otherwise."""
    usual = {"workplace_class": "workstation", "platform_lineage": ("windows-11", "windows")}
    return Combination(**{**usual, "municipality": municipality, "ring": "broad", "site": "stadhuis", **facts})


def resolved(
    sources: dict[str, bytes], municipality: str = "papendrecht", today: str = "", host: str = "", **facts: object
) -> ResolvedPolicy:
    asked = combination(municipality, **facts)
    parts = build_repository(sources, today).parts
    return resolve(parts[asked.workplace_class, municipality], asked, today, host)


def wire(policy: ResolvedPolicy, **registry: object) -> list[dict[str, object]]:
    engines = policy.for_host(registry).engines
    return json.loads(engines["windows_policy"].request())["settings"] if engines else []


def got(sources: dict[str, bytes], name: str, municipality: str = "papendrecht", **facts: object) -> object:
    """One setting as a host gets it, None where it does not."""
    return next((item for item in wire(resolved(sources, municipality, **facts)) if item["id"] == name), None)


def value(name: str, data: object, more: str = "") -> str:
    """A registry value below HKLM:\\SOFTWARE\\A as YAML; `more` are whole lines with two spaces before them."""
    kind = "dword" if isinstance(data, int) else "string"
    return f"- id: {name}\n  title: A value\n{more}  registry: {{{KEY}, name: {name}, type: {kind}, data: {data}}}\n"


def a_list(items: str, more: str = "", name: str = "pages") -> str:
    """A numbered list in the registry as YAML; `more` as in `value`."""
    path = rf"path: 'HKLM:\SOFTWARE\{name}'"
    return f"- id: {name}\n  title: A list\n{more}  registry: {{{path}, list: {items}}}\n"


def pages(sources: dict[str, bytes], municipality: str = "papendrecht", **facts: object) -> object:
    """The items of the list `pages` as a host gets them."""
    found = got(sources, "pages", municipality, **facts)
    return found["list"] if isinstance(found, Mapping) else None


def waiver(name: str = "w", settings: str = "[x]", scope: str = "municipality: papendrecht", **changes: str) -> str:
    """A waiver as YAML, of 1 September to 30 November 2026; a change to an empty text leaves a key out."""
    keys = {
        "settings": settings,
        "scope": f"{{{scope}}}",
        "reason": "The scanner of the town hall stops",
        "author": "A. Author",
        "approver": "B. Approver",
        "approved": "2026-09-01",
        "until": "2026-11-30",
        **changes,
    }
    return f"- id: {name}\n" + "".join(f"  {key}: {text}\n" for key, text in keys.items() if text)
