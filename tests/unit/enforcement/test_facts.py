"""A host's facts come from the registry alone; what contradicts its groups is refused."""

import pytest

from werkplek.enforcement.facts import host_facts
from werkplek.errors import WerkplekError

VARIABLES = {
    "municipality": "hendrik-ido-ambacht",
    "workplace_class": "workstation",
    "platform_lineage": ["windows-11", "windows"],
    "registry": {"ring": "pilot", "site": "hia-raadhuis", "asset_tag": "A1", "url": "https://nb/1"},
}
GROUPS = ["municipality_hendrik_ido_ambacht", "workstation", "ring_pilot"]


def test_facts_are_read_from_the_registry_record():
    facts = host_facts("HIA-1", VARIABLES, GROUPS)
    assert facts.combination.municipality == "hendrik-ido-ambacht"
    assert facts.combination.platform_lineage == ("windows-11", "windows")
    assert (facts.ring, facts.site) == ("pilot", "hia-raadhuis")


def test_a_host_that_the_registry_does_not_know_is_refused():
    with pytest.raises(WerkplekError) as caught:
        host_facts("stray", {"municipality": "papendrecht"}, GROUPS)
    assert str(caught.value) == (
        "The host did not come from the registry.\n"
        "  host stray: found no variable workplace_class, platform_lineage, registry; expected a host of the inventory"
        " plugins netbox_registry or registry_snapshot. Register it in NetBox; ansible-inventory --host shows what is"
        " known."
    )


def test_an_extra_variable_cannot_give_another_municipalitys_policy():
    with pytest.raises(WerkplekError) as caught:
        host_facts("HIA-1", {**VARIABLES, "municipality": "dordrecht"}, GROUPS)
    assert str(caught.value) == (
        "A host variable contradicts the inventory.\n"
        "  host HIA-1: found variable municipality that asks for group municipality_dordrecht; expected one of its"
        " groups: municipality_hendrik_ido_ambacht, ring_pilot, workstation. Remove municipality from extra variables"
        " and group_vars: only the registry sets it."
    )
