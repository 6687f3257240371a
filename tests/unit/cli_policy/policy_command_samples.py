# ruff: noqa: E501 - settings are written as in files
"""A small repository in which each way to say something occurs, and hosts of a registry for it."""

from dataclasses import replace
from pathlib import Path

from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.model import HostFacts
from werkplek.registry import model
from werkplek.registry.snapshot import dump
from werkplek.registry.tables import Snapshot

TODAY = "2026-06-15"
SAVED = "2026-06-01T12:00:00.000000Z"

PAPENDRECHT = """\
schema: 1
slug: papendrecht
name: Papendrecht
desktop:
  wallpaper: '\\\\huisstijl.papendrecht.nl\\werkplek\\achtergrond.jpg'
  lock_screen: '\\\\huisstijl.papendrecht.nl\\werkplek\\vergrendeld.jpg'
  homepage: https://intranet.papendrecht.nl/
  start_pages: [https://intranet.papendrecht.nl/, https://www.papendrecht.nl/]
support: {organisation: Servicedesk Papendrecht, phone: '14 078', hours: 8 tot 17, url: https://hulp.papendrecht.nl/}
locale: {language: nl-NL, time_zone: W. Europe Standard Time, tz: Europe/Amsterdam, country: '176'}
network: {dns_suffix: papendrecht.nl, dns_search: [papendrecht.nl, drechtsteden.nl]}
printers:
  - {name: balie-01, server: print.papendrecht.nl, queue: PAP-BALIE}
  - {name: hal-02, server: print.papendrecht.nl, queue: PAP-HAL}
choices: {laps: entra_id}
secrets: {wifi_key: 2026-05-01}
waiver_budget: 3
"""

ZWIJNDRECHT = (
    PAPENDRECHT.partition("printers:")[0]
    .replace("papendrecht", "zwijndrecht")
    .replace("Papendrecht", "Zwijndrecht")
) + "secrets: {wifi_key: 2026-04-01}\n"  # fmt: skip

SCREEN = r"""- id: screen_lock
  title: Lock the screen
  controls: [BIO2:8.01.02, CIS-W11:2.3.7.3]
  note: Seconds
  registry: {path: 'HKLM:\SOFTWARE\Screen', name: Timeout, type: dword, data: 600}
- id: lockout
  title: Lock an account after five wrong passwords
  controls: [BIO2:5.17.03]
  docs: https://docs.example/lockout
  account_policy: {name: LockoutBadCount, data: 5}
- id: old_value
  title: Keep an old value
  controls: [CIS-W11:2.3.7.4]
  registry: {path: 'HKLM:\SOFTWARE\Old', name: Value, type: string, data: x}
- id: advice
  title: Give no advice
  controls: [CIS-W11:2.3.10.1]
  registry: {path: 'HKLM:\SOFTWARE\Advice', name: Off, type: dword, data: 1}
"""

DESK = r"""- id: homepage
  title: Open the intranet
  docs: https://docs.example/homepage
  registry: {path: 'HKLM:\SOFTWARE\Edge', name: HomepageLocation, type: string, data: {from: municipality.desktop.homepage}}
- id: extensions
  title: Allow extensions
  docs: https://docs.example/extensions
  registry: {path: 'HKLM:\SOFTWARE\Edge\Allow', list: [base_one, base_two]}
- id: printer
  title: Connect the printers
  docs: https://docs.example/printers
  for_each: municipality.printers
  registry: {path: 'HKCU:\Printers', subkey: {from: item.connection_key}, name: Server, type: string, data: {from: item.unc_server}}
- id: asset_tag
  title: Show the asset tag
  docs: https://docs.example/tag
  registry: {path: 'HKLM:\SOFTWARE\Example', name: AssetTag, type: string, data: {from: registry.asset_tag}}
- id: wifi
  title: Know the wireless network
  docs: https://docs.example/wifi
  registry: {path: 'HKLM:\SOFTWARE\Example', name: Wifi, type: string, data: {secret: wifi_key}}
- id: laps_entra
  title: Keep passwords in Entra ID
  docs: https://docs.example/laps
  on: {choice: {laps: entra_id}}
  registry: {path: 'HKLM:\SOFTWARE\Laps', name: Directory, type: dword, data: 1}
- id: early
  title: Try what is new
  docs: https://docs.example/early
  on: {ring: [canary, pilot]}
  registry: {path: 'HKLM:\SOFTWARE\Example', name: Early, type: dword, data: 1}
- id: town_hall
  title: Know the town hall
  docs: https://docs.example/hall
  on: {platform: windows-11, site: stadhuis}
  registry: {path: 'HKLM:\SOFTWARE\Example', name: Hall, type: dword, data: 1}
"""

VDI = r"""- id: sessions
  title: End a session after an hour
  docs: https://docs.example/sessions
  registry: {path: 'HKLM:\SOFTWARE\Sessions', name: Minutes, type: dword, data: 60}
- id: screen_lock
  title: Lock the screen of a session
  overrides: A session is locked by the workplace
  docs: https://docs.example/lock
  registry: {path: 'HKLM:\SOFTWARE\Screen', name: Timeout, type: dword, data: 1200}
"""

PAPENDRECHT_LAYER = r"""- id: screen_lock
  title: Lock the screen sooner
  overrides: >-
    People come in
    from the street
  controls: [BIO2:8.01.02]
  docs: https://docs.example/lock
  registry: {path: 'HKLM:\SOFTWARE\Screen', name: Timeout, type: dword, data: 300}
- id: extensions
  title: Allow extensions
  merges: The map desk needs one more
  docs: https://docs.example/extensions
  without: [base_two]
  registry: {path: 'HKLM:\SOFTWARE\Edge\Allow', list: [own_three]}
- id: old_value
  absent: The image holds it no more
- id: advice
  ignore: Another service gives it
"""

WAIVERS = """\
- id: street_test
  settings: [screen_lock]
  scope: {municipality: papendrecht, class: workstation, ring: canary}
  reason: A test at the desk
  author: J. de Vries
  approver: M. Bakker
  approved: 2026-06-01
  until: 2026-07-15
  not_applicable_because: These desks are never left alone
- id: one_desk
  settings: [lockout, homepage]
  scope: {municipality: papendrecht, host: [PAP-LT-3]}
  reason: A kiosk
  author: J. de Vries
  approver: M. Bakker
  approved: 2026-05-01
  until: 2026-06-15
- id: past
  settings: [lockout]
  scope: {municipality: [papendrecht, zwijndrecht], site: stadhuis}
  reason: Until the new servers came
  author: J. de Vries
  approver: M. Bakker
  approved: 2026-01-01
  until: 2026-06-14
- id: summer
  settings: [advice]
  scope: {municipality: zwijndrecht}
  reason: Holidays
  author: A. Jansen
  approver: M. Bakker
  approved: 2026-07-01
  until: 2026-08-31
"""

BIO2 = (
    "number,label_nl,label_en,government_measure\n"
    "5.17.03,Wachtwoorden,Passwords,no\n8.01.02,Hardenen,Harden,yes\n8.15.01,Loggen,Log,no\n"
)
CONTROL_SOURCES = (
    "prefix,title,version,url,documents_settings\n"
    "BIO2,Baseline Overheid,1.3,https://bio.example/,no\n"
    "CIS-W11,CIS Windows 11,4.0.0,https://cis.example/,yes\n"
)
NUMBERS = "prefix,number\nCIS-W11,2.3.7.3\nCIS-W11,2.3.7.4\nCIS-W11,2.3.10.1\nCIS-W11,2.3.10.2\n"

FILES = {
    "municipalities/papendrecht.yml": PAPENDRECHT,
    "municipalities/zwijndrecht.yml": ZWIJNDRECHT,
    "policies/baseline/screen.yml": SCREEN,
    "policies/controls/bio2.csv": BIO2,
    "policies/controls/numbers.csv": NUMBERS,
    "policies/controls/sources.csv": CONTROL_SOURCES,
    "policies/municipality/papendrecht.yml": PAPENDRECHT_LAYER,
    "policies/vdi_host/sessions.yml": VDI,
    "policies/waivers.yml": WAIVERS,
    "policies/workstation/desk.yml": DESK,
}


def with_files(changed=None):
    """The sample's files, some of them changed or (None) left out, sorted as they are read."""
    texts = {**FILES, **(changed or {})}
    return {name: texts[name] for name in sorted(texts) if texts[name] is not None}


def repository(changed=None, today=TODAY) -> Repository:
    return build_repository({name: text.encode() for name, text in with_files(changed).items()}, today)


def write_files(root: Path, changed=None) -> Path:
    for name, text in with_files(changed).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def swapped(name, *pairs):
    """A file of the sample with texts replaced; each must be there once."""
    text = FILES[name]
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return {name: text}


def a_setting(name, data, more="", kind="dword"):
    """A setting of its own, in two lines and what `more` adds."""
    return (
        f"- id: {name}\n  title: A value\n  docs: https://docs.example/{name}\n{more}"
        f"  registry: {{path: 'HKLM:\\SOFTWARE\\A', name: {name}, type: {kind}, data: {data}}}\n"
    )


def facts(**more) -> HostFacts:
    """A Windows 11 workstation of Papendrecht in the broad ring."""
    values = {
        "workplace_class": "workstation",
        "platform_lineage": ("windows-11", "windows"),
        "municipality": "papendrecht",
        "ring": "broad",
        "site": "stadhuis",
        "registry": {},
        **more,
    }
    return HostFacts(**values)


def device(number, name, **more):
    """A laptop of Papendrecht that keeps the data contract, unless `more` says otherwise."""
    row = model.Device(
        id=number,
        name=name,
        status="active",
        serial=f"SN{number}",
        asset_tag=f"TAG-{number}",
        site=1,
        location=None,
        tenant=1,
        role=1,
        platform=1,
        device_type=None,
        cluster=None,
        virtual_chassis=None,
        vc_position=None,
        tags=(),
        primary_ip4=number,
        primary_ip6=None,
        oob_ip=None,
        owner=None,
        custom_fields={"update_ring": "broad"},
        config_context=None,
        last_updated=SAVED,
    )
    return replace(row, **more)


def in_ring(name):
    return {"update_ring": name}


DEVICES = (
    device(1, "PAP-LT-1"),
    device(2, "PAP-LT-2", custom_fields=in_ring("canary")),
    device(3, "PAP-LT-3", site=2),
    device(4, "PAP-LT-4", status="planned"),
    device(5, "PAP-LT-5", custom_fields=in_ring("")),
    device(6, "ZWD-LT-1", tenant=2),
    device(7, "ZWD-VDI-1", tenant=2, role=2, platform=2),
)

SOURCE_FILE = """\
plugin: registry_snapshot
snapshot: registry.json
tenant_group: drechtsteden
classes: {workstation: [laptop], vdi_host: [vdi-host]}
families: {windows-11: windows, windows-server-2022: windows}
"""


def write_registry(root: Path, *devices) -> Path:
    """An offline source beside the repository, with two town halls. Returns the source's file."""
    rows = devices or DEVICES
    objects = model.Objects(
        tenant_groups=(model.TenantGroup(1, "Drechtsteden", "drechtsteden", None, SAVED),),
        tenants=(
            model.Tenant(1, "Papendrecht", "papendrecht", 1, SAVED),
            model.Tenant(2, "Zwijndrecht", "zwijndrecht", 1, SAVED),
        ),
        sites=(
            model.Site(1, "Stadhuis", "stadhuis", None, 1, None, SAVED),
            model.Site(2, "Werf", "werf", None, 1, None, SAVED),
        ),
        device_roles=(
            model.DeviceRole(1, "Laptop", "laptop", None, SAVED),
            model.DeviceRole(2, "VDI", "vdi-host", None, SAVED),
        ),
        platforms=(
            model.Platform(1, "Windows 11", "windows-11", None, SAVED),
            model.Platform(2, "Windows Server 2022", "windows-server-2022", None, SAVED),
        ),
        custom_fields=(model.CustomField(1, "update_ring", "text", None, SAVED),),
        ip_addresses=tuple(model.IPAddress(row.id, f"10.0.0.{row.id}/24", "") for row in rows),
        devices=tuple(rows),
    )
    dump(Snapshot("https://netbox.example/", SAVED, "4.4.10", (), {}, objects), root / "registry.json")
    (root / "registry.yml").write_text(SOURCE_FILE)
    return root / "registry.yml"
