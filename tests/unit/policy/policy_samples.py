"""Texts of a small, sound repository."""

from werkplek.policy.documents import Municipality
from werkplek.policy.kinds import KINDS
from werkplek.policy.municipality_sections import Desktop
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


def switching(hundred: int, letters: str) -> str:
    """Section `switching` of a municipality, with VLANs in one hundred and addresses of its own."""
    net = f"10.{hundred}"
    return f"""\
switching:
  vlans:
    - {{vid: {hundred}10, name: {letters}-werkplek, use: workplace}}
    - {{vid: {hundred}11, name: {letters}-balie, use: workplace}}
    - {{vid: {hundred}90, name: {letters}-beheer, use: management}}
    - {{vid: {hundred}98, name: {letters}-leeg, use: native}}
    - {{vid: {hundred}99, name: {letters}-parkeer, use: parking}}
  management: {{networks: [{net}.249.0/24, 10.7.249.0/24], gateway: {net}.249.1}}
  dns: [{net}.1.10, {net}.1.11]
  ntp: [{net}.1.20, {net}.1.21]
  syslog: [{net}.1.30]
  snmp_hosts: [{net}.1.40]
  tacacs: [{net}.1.50]
  radius: [{net}.1.60]
  snmp_user: {letters}-monitor
  snmp_location: Markt 22
  banner: |
    Van {letters}.

    Alleen beheerders.
"""
