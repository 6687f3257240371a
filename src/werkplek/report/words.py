"""The report's words, Dutch first."""

from __future__ import annotations

from markupsafe import Markup, escape

LANGUAGES = ("nl", "en")

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Werkplek: verslag", "Werkplek: report"),
    "skip": ("Naar de inhoud", "Skip to content"),
    "language": ("Taal", "Language"),
    "runs": ("Runs in dit verslag", "Runs in this report"),
    "run": ("Run", "Run"),
    "made": ("Gemaakt op", "Made on"),
    "apply": ("toepassen", "apply"),
    "check": ("controle: er is niets gewijzigd", "check: nothing was changed"),
    "mode": ("Soort", "Mode"),
    "started": ("Begonnen", "Started"),
    "ended": ("Klaar", "Ended"),
    "user": ("Door", "By"),
    "controller": ("Vanaf", "From"),
    "scope": ("Bereik", "Scope"),
    "playbook": ("Playbook", "Playbook"),
    "inventory": ("Inventaris", "Inventory"),
    "commit": ("Commit", "Commit"),
    "dirty": ("met wijzigingen die niet zijn vastgelegd", "with changes that are not committed"),
    "outcome": ("Uitkomst", "Outcome"),
    "outcome_ok": ("in orde", "ok"),
    "outcome_drift": ("wijkt af", "drift"),
    "outcome_unreachable": ("niet alle hosts bereikt", "some hosts unreachable"),
    "outcome_failed": ("mislukt", "failed"),
    "outcome_unfinished": ("afgebroken of nog bezig", "interrupted or still running"),
    "unknown": ("onbekend", "unknown"),
    "totals": ("Totalen per gemeente", "Totals per municipality"),
    "chart": (
        "Aandeel van de instellingen per status, zoals in de tabel. Rechts: voldoet en hersteld, van het totaal.",
        "Share of settings per status, as in the table. Right: compliant and changed, of the total.",
    ),
    "municipality": ("Gemeente", "Municipality"),
    "host": ("Host", "Host"),
    "hosts": ("Hosts", "Hosts"),
    "failed_hosts": ("Hosts mislukt", "Hosts failed"),
    "unreachable_hosts": ("Hosts niet bereikt", "Hosts unreachable"),
    "settings": ("Instellingen", "Settings"),
    "total": ("Totaal", "Total"),
    "compliant": ("voldoet", "compliant"),
    "changed": ("hersteld", "changed"),
    "noncompliant": ("wijkt af", "noncompliant"),
    "failed": ("mislukt", "failed"),
    "waived": ("ontheffing", "waived"),
    "owned_elsewhere": ("elders beheerd", "owned elsewhere"),
    "unsupported": ("niet ondersteund", "unsupported"),
    "unreachable": ("niet bereikt", "unreachable"),
    "not_reached": ("hosts niet bereikt", "hosts unreachable"),
    "problem_hosts": ("Hosts die aandacht vragen", "Hosts that need attention"),
    "reason": ("Reden", "Reason"),
    "findings": ("Instellingen die niet zonder meer voldoen", "Settings that are not plainly compliant"),
    "no_findings": (
        "Niets: elke instelling die gelezen is, voldoet.",
        "None: every setting that was read is compliant.",
    ),
    "setting": ("Instelling", "Setting"),
    "status": ("Status", "Status"),
    "before": ("Gevonden", "Found"),
    "after": ("Gewenst", "Wanted"),
    "source": ("Bron", "Source"),
    "filter": ("Zoek in deze tabel", "Filter this table"),
    "shown": ("getoond", "shown"),
    "hosts_of": ("hosts", "hosts"),
    "everywhere": ("alle gemeenten", "all municipalities"),
    "show_all": ("Toon alle", "Show all"),
    "lines": ("regels", "lines"),
    "more_lines": ("regels staan alleen in", "lines are only in"),
}


def both(key: str) -> Markup:
    """A word in both languages; the page shows one."""
    dutch, english = WORDS[key]
    return Markup('<span class="t" lang="nl">{}</span><span class="t" lang="en">{}</span>').format(
        escape(dutch), escape(english)
    )


def word(key: str, language: str) -> str:
    """A word in one language."""
    return WORDS[key][LANGUAGES.index(language)]
