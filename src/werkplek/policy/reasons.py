"""Why an entry of the policy is not for a host, in words."""

from __future__ import annotations

from collections.abc import Iterable

from werkplek.policy.choices import chosen
from werkplek.policy.model import CLASSES, Combination
from werkplek.policy.reading import CLASS_FAMILIES, LoadedEntry, LoadedMunicipality, LoadedSetting


def elsewhere(entry: LoadedEntry, combination: Combination, municipality: LoadedMunicipality) -> str:
    """Why an entry takes no part in this class and municipality at all (`taking_part` leaves it out)."""
    if entry.layer in CLASSES and entry.layer != combination.workplace_class:
        return f"for class {entry.layer}"
    slug = entry.layer.removeprefix("municipality/")
    if slug not in {entry.layer, municipality.slug}:
        return f"for municipality {slug}"
    if not chosen(municipality.choices, entry.on.choice):
        given = municipality.choices
        return "; ".join(
            _other(f"choice {name} =", map(answer_text, wanted), answer_text(given[name]))
            for name, wanted in entry.on.choice.items()
            if given[name] not in wanted
        )
    if isinstance(entry, LoadedSetting) and entry.body.family not in CLASS_FAMILIES[combination.workplace_class]:
        return f"for {entry.body.family}, which {combination.workplace_class} is not"
    return "no earlier layer sets it here"


def out_of_scope(setting: LoadedSetting, combination: Combination) -> str:
    """Why a setting that takes part is not for the combination; empty where it is."""
    on, lineage = setting.on, combination.platform_lineage
    checks = (
        ("platform", (setting.body.family,), set(lineage), " < ".join(lineage)),
        ("platform", on.platform, set(lineage), " < ".join(lineage)),
        ("ring", on.ring, {combination.ring}, combination.ring),
        ("site", on.site, {combination.site}, combination.site),
    )
    missed = [_other(name, wanted, here) for name, wanted, has, here in checks if wanted and not has & set(wanted)]
    return "; ".join(missed)


def nothing_made(setting: LoadedSetting, instance: str) -> str:
    """Why a setting for each of a list makes nothing here: the list is empty, or lacks the `instance` that is asked."""
    item = instance.partition("[")[2].removesuffix("]")
    return f"for each of {setting.head.for_each}, which has " + (f"no '{item}' here" if item else "nothing here")


def answer_text(value: object) -> str:
    """An answer to a choice as YAML has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _other(what: str, wanted: Iterable[str], here: str) -> str:
    return f"for {what} {', '.join(wanted)}; here it is {here or 'none'}"
