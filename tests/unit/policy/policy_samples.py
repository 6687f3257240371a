"""Texts of a small, sound repository."""

from werkplek.policy.documents import Desktop, Municipality
from werkplek.policy.kinds import KINDS
from werkplek.policy.references import shape_of

MUNICIPALITY = """\
schema: 1
slug: {slug}
name: {name}
desktop:
  wallpaper: '\\\\huisstijl.{slug}.nl\\werkplek\\achtergrond.jpg'
  lock_screen: '\\\\huisstijl.{slug}.nl\\werkplek\\vergrendeld.jpg'
  homepage: https://intranet.{slug}.nl/
  start_pages: [https://intranet.{slug}.nl/, https://www.{slug}.nl/]
support: {{organisation: Servicedesk {name}, phone: '14 078', hours: 8 tot 17, url: https://hulp.{slug}.nl/}}
locale: {{language: nl-NL, time_zone: W. Europe Standard Time, tz: Europe/Amsterdam, country: '176'}}
network: {{dns_suffix: {slug}.nl, dns_search: [{slug}.nl, drechtsteden.nl]}}
printers:
  - {{name: balie-01, server: print.{slug}.nl, queue: {slug}-BALIE}}
  - {{name: hal-02, server: print.{slug}.nl, queue: {slug}-HAL}}
"""

SCREEN_LOCK = """\
- id: screen_lock
  title: Lock the screen
  controls: [BIO2:8.01.02]
  registry: {path: 'HKLM:\\SOFTWARE\\Screen', name: Timeout, type: dword, data: 600}
"""

BIO2 = "number,label_nl,label_en,government_measure\n8.01.02,Hardenen,Harden,yes\n5.17.03,Wachtwoorden,Passwords,no\n"


HEAD_KEYS = "controls, docs, for_each, id, merges, note, on, overrides, title, without"
MUNICIPALITY_NAMES = ", ".join(sorted(shape_of(Municipality)))
DESKTOP_KEYS = ", ".join(sorted(Desktop.model_fields))
KIND_KEYS = ", ".join(sorted(KINDS))


def a_municipality(slug: str) -> str:
    return MUNICIPALITY.format(slug=slug, name=slug.capitalize())
