"""What the policy and the municipalities' documents add to the ledger's bare names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from werkplek.errors import WerkplekError
from werkplek.policy.loader import load_repository
from werkplek.policy.reading import LoadedSetting


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """A setting's title and the controls it serves, such as `BIO2:8.01.02`."""

    title: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names for readers: settings by id, municipalities by slug."""

    settings: Mapping[str, SettingInfo] = field(default_factory=dict)
    municipalities: Mapping[str, str] = field(default_factory=dict)

    def setting(self, name: str) -> SettingInfo:
        """A setting's information; `id[item]`, one of a list, has that of `id`."""
        return self.settings.get(name) or self.settings.get(name.partition("[")[0]) or SettingInfo("")

    def municipality(self, slug: str) -> str:
        """A municipality's name, its slug where no name is known."""
        return self.municipalities.get(slug, slug)


def checkout_catalogue(root: Path) -> Catalogue:
    """The catalogue of the policy below `root`; an empty one where the policy has problems."""
    try:
        repository = load_repository(root)
    except WerkplekError:
        return Catalogue()
    heads = [entry.head for layer in repository.layers.values() for entry in layer if isinstance(entry, LoadedSetting)]
    return Catalogue(
        settings={head.id: SettingInfo(head.title, tuple(head.controls)) for head in heads},
        municipalities={slug: str(document.values["name"]) for slug, document in repository.municipalities.items()},
    )
