"""Layers merge as promised, purely, and one municipality's files never reach another's hosts."""

import json

from hypothesis import given
from hypothesis import strategies as st
from policy_estates import SLUGS, Sources, combinations, estates, layers, municipality, setting, words

from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.model import Combination, HostPolicy
from werkplek.policy.resolver import resolve


def policy(repository: Repository, combination: Combination) -> HostPolicy:
    part = repository.parts[combination.workplace_class, combination.municipality]
    return resolve(part, combination).for_host({})


def by_plain_rules(sources: Sources, combination: Combination) -> dict[str, object]:
    """Value of each id, worked out the slow and obvious way."""
    home = json.loads(sources[f"municipalities/{combination.municipality}.yml"])["desktop"]["homepage"]
    found: dict[str, object] = {}
    known: set[str] = set()
    for layer in ("baseline/x", f"{combination.workplace_class}/x", f"municipality/{combination.municipality}"):
        for item in json.loads(sources[f"policies/{layer}.yml"]):
            if "overrides" in item and item["id"] not in known:
                continue
            known.add(item["id"])
            if combination.ring in item["on"].get("ring", [combination.ring]):
                data = item["registry"]["data"]
                found[item["id"]] = home if isinstance(data, dict) else data
    return found


@given(estates(), combinations)
def test_the_last_layer_that_applies_wins(sources: Sources, combination: Combination):
    engines = policy(build_repository(sources), combination).engines
    settings = json.loads(engines["windows_policy"].request())["settings"] if engines else []
    assert {item["id"]: item["data"] for item in settings} == by_plain_rules(sources, combination)


@given(estates(), combinations)
def test_resolving_is_a_function_of_the_sources(sources: Sources, combination: Combination):
    repository = build_repository(sources)
    once = policy(repository, combination)
    assert policy(repository, combination) == once
    assert policy(build_repository(dict(sources)), combination) == once


@given(estates(), combinations, st.sampled_from(SLUGS), words, layers)
def test_a_municipality_is_changed_and_no_other_moves(
    sources: Sources, combination: Combination, changed: str, word: str, layer: dict[str, tuple[object, dict]]
):
    before = build_repository(sources)
    earlier = {
        item["id"]
        for name in ("baseline", "workstation", "vdi_host")
        for item in json.loads(sources[f"policies/{name}/x.yml"])
    }
    settings = [setting(name, data, on, name in earlier) for name, (data, on) in layer.items()]
    after = build_repository(
        sources
        | {
            f"municipalities/{changed}.yml": municipality(changed, word),
            f"policies/municipality/{changed}.yml": json.dumps(settings).encode(),
        }
    )
    for slug in set(SLUGS) - {changed}:
        other = Combination(combination.workplace_class, combination.platform_lineage, slug, combination.ring, "x")
        assert policy(before, other) == policy(after, other)
        assert before.parts[combination.workplace_class, slug] == after.parts[combination.workplace_class, slug]
