"""What every kind of setting is: its engine, its OS family, its wire form and the object it owns on a host."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from werkplek.policy.fields import Strict

type Target = tuple[str, ...]
type Wire = dict[str, object]

TEXT_OR_NUMBER = "text or a number"  # what a reference must give where a number is written as a text


class Kind(Strict, ABC):
    """Base of all kinds. `engine` names what enforces it, `family` the OS family it is for.

    `lists` names the fields in which a later layer may join its own items to an earlier layer's (`merges:`).
    """

    engine: ClassVar[str]
    family: ClassVar[str]
    lists: ClassVar[tuple[str, ...]] = ()

    def wire(self) -> Wire:
        """Fields of the module's wire form (JSON values; a `Ref` stays where the host's registry value goes)."""
        return self.model_dump(mode="json", exclude_none=True)

    @abstractmethod
    def target(self) -> Target:
        """The object on the host that this setting is about, in a form that compares without capitals."""

    def clashes(self, other: Kind) -> bool:
        """Whether this setting and `other`, about the same target, both decide the same thing."""
        return True

    def wanted(self, field: str) -> str | None:
        """What a reference in `field` must give: text, number, list of texts; None where none is allowed."""
        return None

    def wanted_inside(self, field: str) -> str | None:
        """What a reference inside the list or the mapping in `field` must give; see `wanted`."""
        return "text"

    @classmethod
    def item_key(cls, item: object) -> str:
        """What makes two items of a list in `lists` the same one; a reference or a secret is itself."""
        return item.casefold() if isinstance(item, str) else repr(item)

    def absence(self) -> Wire | None:
        """The setting (as it is written) that the same object is not there; None where that means nothing."""
        return None


class WindowsKind(Kind):
    """A kind of the `windows_policy` engine."""

    engine = "windows_policy"
    family = "windows"


class LinuxKind(Kind):
    """A kind of the `linux_policy` engine. `references` names the fields in which `{from: ...}` may give a text."""

    engine = "linux_policy"
    family = "linux"
    references: ClassVar[tuple[str, ...]] = ()

    def wire(self) -> Wire:
        """The fields that are given; references and secrets stay."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def wanted(self, field: str) -> str | None:
        """See `Kind.wanted`."""
        return "text" if field in self.references else None

    @classmethod
    def item_key(cls, item: object) -> str:
        """See `Kind.item_key`; Linux tells capitals apart."""
        return item if isinstance(item, str) else repr(item)


class NetworkKind(Kind):
    """A kind of the `network_policy` engine. A switch has one object of each, except of `switch_lines`."""

    engine = "network_policy"
    family = "network_os"

    def wire(self) -> Wire:
        """The fields that are given; references and secrets stay."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def wanted(self, field: str) -> str | None:
        """See `Kind.wanted`; which fields take a reference, their types say."""
        return "list of texts" if field in {"servers", "hosts", "networks"} else "text"

    def target(self) -> Target:
        """There is one."""
        return (type(self).__name__.casefold(),)
