"""The examples in docs/policy-format.md are real: together they make a sound repository."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from policy_asking import resolved
from policy_samples import a_municipality, switching

from werkplek.policy.choices import Choices
from werkplek.policy.controls import MARKS, NUMBERED, SOURCES_FILE
from werkplek.policy.documents import Removal, Setting
from werkplek.policy.kind import Kind
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.model import REGISTRY_FIELDS
from werkplek.policy.municipality_switching import USES
from werkplek.policy.network_lines import PROFILES, WORDS, Form
from werkplek.policy.network_services import SERVICE_KINDS
from werkplek.policy.reading import LoadedSetting
from werkplek.policy.references import secrets
from werkplek.policy.waivers import WaiverEntry, WaiverScope

PAGE = Path(__file__).parents[3] / "docs/policy-format.md"
OWN, OTHER = "municipalities/papendrecht.yml", "municipalities/zwijndrecht.yml"
SETTINGS, SWITCHES = "policies/workstation/page.yml", "policies/network/page.yml"


def examples() -> dict[str, str]:
    """The page's examples by file: a municipality, the file that a first line names, or a file of settings."""
    found: dict[str, str] = {}
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL):
        named = re.match(r"# (\S+\.yml)\n", block)
        name = OWN if block.startswith("schema:") else named[1] if named else SETTINGS
        found[name] = found.get(name, "") + block
    return found


@pytest.fixture
def page(sources: Callable[..., dict[str, bytes]]) -> dict[str, bytes]:
    """A repository of the examples, with a second municipality that has the same secrets, and switches of its own."""
    listed = re.search(r"^secrets: .*\n", examples()[OWN], re.MULTILINE)
    assert listed
    return sources({**examples(), OTHER: a_municipality("zwijndrecht") + switching(6, "zwi") + listed[0]})


@pytest.fixture
def repository(page: dict[str, bytes]) -> Repository:
    return build_repository(page, "2026-11-24")


def test_every_example_loads_and_every_kind_has_one(repository: Repository):
    own, waivers = "policies/municipality/papendrecht.yml", "policies/waivers.yml"
    assert examples().keys() == {OWN, SETTINGS, SWITCHES, own, waivers}
    engines = {"workstation": set[str](), "network": set[str]()}
    for layer, kinds in engines.items():
        kinds |= {setting.kind for setting in repository.layers[layer] if isinstance(setting, LoadedSetting)}
    assert engines["network"] == {name for name, kind in KINDS.items() if kind.engine == "network_policy"}
    assert engines["workstation"] == KINDS.keys() - engines["network"]


def test_the_examples_show_every_key(repository: Repository):
    entries = [entry for entries in repository.layers.values() for entry in entries]
    given = {key for entry in entries for key in entry.head.model_fields_set}
    assert given >= Setting.model_fields.keys() | Removal.model_fields.keys() - {"not_applicable_because"}
    assert {key for entry in entries for key in entry.on.model_fields_set} == {"platform", "ring", "site", "choice"}
    assert any(secrets(entry.body) for entry in entries if isinstance(entry, LoadedSetting))
    (waiver,) = repository.waivers
    assert waiver.head.model_fields_set == WaiverEntry.model_fields.keys() - {"not_applicable_because"}
    assert waiver.head.scope.model_fields_set == WaiverScope.model_fields.keys() - {"platform", "ring"}


def test_the_examples_of_later_layers_do_what_the_page_says(page: dict[str, bytes]):
    found = {
        slug: {winner.source.id: winner.text for winner in resolved(page, slug, site="bibliotheek").winners}
        for slug in ("papendrecht", "zwijndrecht")
    }
    own, other = found["papendrecht"], found["zwijndrecht"]
    assert {name for name in own.keys() & other.keys() if own[name] != other[name]} >= {
        *("lockout_threshold", "extensions_allowed", "asset_tag", "package_7zip"),
    }
    assert '"list":["fihnjjcciajhdojfnbdddfaoknhalnja"]' in own["extensions_allowed"]
    assert '"state":"absent"' in own["asset_tag"]
    assert (own["package_7zip"], "onedrive_off" in own, "onedrive_off" in other) == ("", True, False)


def test_the_page_names_every_control_source_registry_field_and_key():
    words = set(re.findall(r"`([^`\s]+)`", PAGE.read_text()))
    assert words >= {*NUMBERED, *MARKS, *REGISTRY_FIELDS, "network.dns_search_text", "connection_key", "unc_server"}
    assert words >= {*Removal.model_fields, "overrides", "merges", "without"} - {"id"}
    assert words >= {*(info.alias or name for name, info in WaiverScope.model_fields.items()), "waiver_budget"} - {
        "municipality"
    }
    assert SOURCES_FILE.rpartition("/")[2] in words
    assert "bitlocker_pin_length" in Choices.model_fields


def test_the_page_names_every_field_profile_and_word_of_switches():
    words = set(re.findall(r"`([^`\s]+)`", PAGE.read_text()))
    services = (SERVICE_KINDS[name].model_fields for name in SERVICE_KINDS)
    assert words >= {field for fields in services for field in fields} | {*Form.model_fields} - {"inherent"}
    assert words >= {*PROFILES, *WORDS, *USES}


def test_the_page_lists_the_kinds_that_merge_and_those_that_can_be_absent():
    text = PAGE.read_text()
    lists = ", ".join(
        f"`{name}` ({', '.join(f'`{field}`' for field in kind.lists)})" for name, kind in KINDS.items() if kind.lists
    )
    assert f"Kinds with lists: {lists}." in text
    gone = ", ".join(f"`{name}`" for name, kind in KINDS.items() if kind.absence is not Kind.absence)
    assert f"Kinds of which the object can be gone: {gone}." in text
