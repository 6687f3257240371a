"""One file of settings, or one municipality: from YAML to checked objects that know their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ValidationError

from werkplek.errors import Problem
from werkplek.policy.controls import Catalogue
from werkplek.policy.diagnosis import allowed_keys, explain
from werkplek.policy.documents import Municipality, Removal, Scope, Setting
from werkplek.policy.fields import nearest, one_of, shown
from werkplek.policy.kind import Kind
from werkplek.policy.kinds import KINDS
from werkplek.policy.model import FAMILIES
from werkplek.policy.municipality_switching import Switching
from werkplek.policy.references import Dangling, Shape, article, check_reference, look_up, references
from werkplek.policy.yaml_source import Document, KeyPath, YamlValue

# A workplace class can only be of these OS families.
CLASS_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "workstation": ("windows", "linux"),
    "vdi_host": ("windows", "linux"),
    "network": ("network_os",),
}


@dataclass(frozen=True, eq=False)
class Placed:
    """Something in a file of settings: its place in `document` is `path`."""

    document: Document
    path: KeyPath
    layer: str

    @property
    def source(self) -> str:
        """`file:line`."""
        return f"{self.document.name}:{self.document.line(self.path)}"

    def where(self, *below: str | int) -> str:
        """`file:line:column` of a part of it."""
        return self.document.where((*self.path, *below))


@dataclass(frozen=True, eq=False)
class LoadedRemoval(Placed):
    """A checked entry that has an earlier layer's setting be absent, or ignores it."""

    head: Removal

    way_out: ClassVar[str] = "Leave the entry out."

    @property
    def id(self) -> str:
        """The setting's id."""
        return self.head.id

    @property
    def on(self) -> Scope:
        """Where it holds."""
        return self.head.on

    @property
    def says(self) -> str:
        """What it says of the earlier setting."""
        return "absent" if self.head.absent else "ignore"


@dataclass(frozen=True, eq=False)
class LoadedSetting(Placed):
    """A checked setting. `raw` is its kind as written (references unresolved).

    In a line of layers, `base` is the earlier setting with its id, and `removal` what a later layer said of that one:
    the setting is then what follows from it.
    """

    head: Setting
    kind: str
    body: Kind
    raw: YamlValue
    base: LoadedSetting | None = None
    removal: Removal | None = None

    way_out: ClassVar[str] = "Leave the key out."

    @property
    def id(self) -> str:
        """The setting's id, before `for_each`."""
        return self.head.id

    @property
    def on(self) -> Scope:
        """Where it holds."""
        return self.head.on

    @property
    def says(self) -> str:
        """What it says of an earlier layer's setting: `overrides`, `merges`, or nothing."""
        return "overrides" if self.head.overrides else "merges" if self.head.merges else ""

    @property
    def ignored(self) -> bool:
        """Whether it is left as it is."""
        return self.removal is not None and bool(self.removal.ignore)


type LoadedEntry = LoadedSetting | LoadedRemoval


@dataclass(frozen=True, eq=False)
class LoadedMunicipality:
    """A checked municipality document. `values` is what references below `municipality` see.

    `choices` are its answers by choice, `secrets` the day of the last change by secret. `switching` is None where its
    document has no such section.
    """

    slug: str
    name: str
    document: Document
    values: Mapping[str, object]
    choices: Mapping[str, object]
    secrets: Mapping[str, str]
    waiver_budget: int | None
    switching: Switching | None


def read_municipality(document: Document, problems: list[Problem]) -> LoadedMunicipality | None:
    """The document as a municipality; None after a problem."""
    try:
        municipality = Municipality.model_validate(document.data)
    except ValidationError as error:
        problems.extend(explain(error, document, (), Municipality))
        return None
    stem = document.name.rsplit("/", 1)[-1].removesuffix(".yml")
    if municipality.slug != stem:
        found, expected = f"slug {shown(municipality.slug)}", f"'{stem}', as the file is named"
        problems.append(Problem(document.where(("slug",)), found, expected))
        return None
    return LoadedMunicipality(
        slug=municipality.slug,
        name=document.name,
        document=document,
        values=municipality.model_dump(),
        choices=municipality.choices.model_dump(),
        secrets=municipality.secrets,
        waiver_budget=municipality.waiver_budget,
        switching=municipality.switching,
    )


@dataclass(frozen=True)
class _File:
    """What is the same for all settings of one file. `problems` collects."""

    document: Document
    layer: str
    catalogue: Catalogue
    problems: list[Problem]


def read_settings(document: Document, layer: str, catalogue: Catalogue, problems: list[Problem]) -> list[LoadedEntry]:
    """All entries of a file that are in order; problems for the others."""
    if not isinstance(document.data, list):
        problems.append(Problem(document.where(), shown(document.data), "a list of settings"))
        return []
    file = _File(document, layer, catalogue, problems)
    entries = (_read_entry(file, index, item) for index, item in enumerate(document.data))
    return [entry for entry in entries if entry is not None]


def _read_entry(file: _File, index: int, item: YamlValue) -> LoadedEntry | None:
    if not isinstance(item, dict):
        place, expected = file.document.where((index,)), "a setting: a mapping with id, title and a kind"
        file.problems.append(Problem(place, shown(item), expected))
        return None
    if "absent" in item or "ignore" in item:
        return _read_removal(file, index, item)
    return _read_setting(file, index, item)


def _read_removal(file: _File, index: int, item: Mapping[str, YamlValue]) -> LoadedRemoval | None:
    try:
        head = Removal.model_validate(item)
    except ValidationError as error:
        file.problems.extend(explain(error, file.document, (index,), Removal))
        return None
    if file.layer == "baseline":
        place, found = file.document.where((index,)), f"'{head.id}' absent or ignored in the first layer"
        file.problems.append(Problem(place, found, "a later layer's file", "Leave the setting out."))
        return None
    return LoadedRemoval(file.document, (index,), file.layer, head)


def _read_setting(file: _File, index: int, item: Mapping[str, YamlValue]) -> LoadedSetting | None:
    document, problems = file.document, file.problems
    before = len(problems)
    kind = _kind_of(document, index, item, problems)
    head_data = {key: value for key, value in item.items() if key in Setting.model_fields}
    head = body = None
    try:
        head = Setting.model_validate(head_data, context={"catalogue": file.catalogue})
    except ValidationError as error:
        problems.extend(explain(error, document, (index,), Setting))
    try:
        body = KINDS[kind].model_validate(item[kind]) if kind else None
    except ValidationError as error:
        problems.extend(explain(error, document, (index, kind), KINDS[kind]))
    if head is None or body is None:
        return None
    setting = LoadedSetting(document, (index,), file.layer, head, kind, body, item[kind])
    if file.catalogue.sources and not head.docs and not file.catalogue.documents(head.controls):
        expected = "docs: <address>, or a control of a document that says what to set (policies/controls/sources.csv)"
        problems.append(Problem(setting.where(), f"'{head.id}' without a page that documents it", expected))
    check_family(setting, problems)
    _check_references(setting, problems)
    return setting if len(problems) == before else None


def _kind_of(document: Document, index: int, item: Mapping[str, YamlValue], problems: list[Problem]) -> str:
    kinds = [key for key in item if key in KINDS]
    unknown = [key for key in item if key not in KINDS and key not in Setting.model_fields]
    allowed = [*allowed_keys(Setting, ()), *sorted(KINDS)]
    for key in unknown:
        place = document.where((index, key), key=True)
        problems.append(Problem(place, f"the unknown key '{key}'", one_of(allowed), nearest(key, allowed)))
    for key in kinds[1:]:
        place = document.where((index, key), key=True)
        found = f"a second kind '{key}' beside '{kinds[0]}'"
        problems.append(Problem(place, found, "exactly one kind", "Make it a setting of its own."))
    if not kinds and not unknown:
        problems.append(Problem(document.where((index,)), "a setting without a kind", one_of(sorted(KINDS))))
    return kinds[0] if kinds else ""


def check_family(setting: LoadedSetting, problems: list[Problem]) -> None:
    """Problems with a scope or a layer that is for another OS family than the setting's kind."""
    family = setting.body.family
    for platform in setting.head.on.platform:
        if platform in FAMILIES and platform != family:
            found, expected = f"platform '{platform}'", f"{family} or a platform of it: {setting.kind} is for {family}"
            problems.append(Problem(setting.where("on", "platform"), found, expected))
    if family not in CLASS_FAMILIES.get(setting.layer, (family,)):
        expected = "a kind for " + " or ".join(CLASS_FAMILIES[setting.layer])
        problems.append(Problem(setting.where(setting.kind), f"kind {setting.kind}, which is for {family}", expected))


def _check_references(setting: LoadedSetting, problems: list[Problem]) -> None:
    item = _item_shape(setting, problems) if setting.head.for_each else None
    used = False
    for path, reference, wanted in references(setting.body):
        used |= reference.source.startswith("item.")
        if setting.head.for_each and item is None:
            continue
        if complaint := check_reference(reference.source, wanted, item):
            problems.append(Problem(setting.where(setting.kind, *path), *complaint))
    if setting.head.for_each and not used:
        expected = "a {from: item...} in it, so that the items differ"
        problems.append(Problem(setting.where("for_each"), "a setting that is the same for each item", expected))


def _item_shape(setting: LoadedSetting, problems: list[Problem]) -> Shape | None:
    shape = look_up(setting.head.for_each, None)
    if isinstance(shape, tuple) and "name" in shape[0]:
        return shape[0]
    remedy = ""
    if isinstance(shape, Dangling):
        found, remedy = f"'{setting.head.for_each}', which names nothing", nearest(shape.part, shape.names)
        expected = shape.expected
    else:
        found, expected = f"'{setting.head.for_each}', {article(shape)}", "a list of records that have a name"
    problems.append(Problem(setting.where("for_each"), found, expected, remedy))
    return None
