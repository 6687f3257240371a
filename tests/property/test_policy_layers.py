"""Merges, removals, choices and waivers: what a host gets is what a plain walk over its layers gives."""

import json
import random
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from policy_estates import CLASSES, DAYS, HOSTS, SLUGS, Sources, hosts, layered_estates
from policy_walk import RINGS, Host, walk

from werkplek.policy.compiled import open_store
from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.model import HostFacts, HostPolicy
from werkplek.policy.resolver import resolve

type Got = dict[str, dict[str, object]]

days = st.sampled_from(("2026-01-01", *DAYS, "2026-04-02", "2026-12-31"))
slower = settings(deadline=None, max_examples=40)
ALL_HOSTS = [Host(*of) for of in product(CLASSES, SLUGS, RINGS, HOSTS)]


def facts(host: Host) -> HostFacts:
    lineage = ("windows-11", "windows")
    return HostFacts(host.workplace_class, lineage, host.municipality, host.ring, "stadhuis", host.record)


def policy(repository: Repository, host: Host, today: str) -> HostPolicy:
    part = repository.parts[host.workplace_class, host.municipality]
    return resolve(part, facts(host).combination, today, host.name).for_host(host.record)


def got(repository: Repository, host: Host, today: str) -> Got:
    """As `walk`, from the code itself."""
    engines = policy(repository, host, today).engines
    if not engines:
        return {}
    call = engines["windows_policy"]
    remarks = {setting.id: setting.remark for setting in call.settings}
    items = json.loads(call.request())["settings"]
    assert list(remarks) == [item["id"] for item in items]
    return {
        item["id"]: {
            **{key: item[key] for key in ("state", "data", "list") if key in item},
            "observe": item.get("observe") == "waived",
            "remark": remarks[item["id"]],
        }
        for item in items
    }


@slower
@given(layered_estates(), days)
def test_every_host_gets_what_a_walk_over_its_layers_gives(sources: Sources, today: str):
    repository = build_repository(sources)
    for host in ALL_HOSTS:
        found, expected = got(repository, host, today), walk(sources, host, today)
        assert found == expected
        assert list(found) == list(expected)


@slower
@given(layered_estates(), hosts, days)
def test_the_compiled_policy_gives_the_same(sources: Sources, host: Host, today: str):
    with TemporaryDirectory() as folder:
        root, cache = Path(folder) / "root", Path(folder) / "cache"
        for name, content in sources.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        expected = policy(build_repository(sources), host, today)
        assert open_store(root, cache, today).resolve(facts(host)) == expected
        assert open_store(root, cache, today).resolve(facts(host)) == expected, "read from the file"


def shuffled(
    sources: Sources, lists: Callable[[dict[str, object]], list[list[object]]], seed: random.Random
) -> Sources:
    """The sources with the lists that `lists` finds in an entry of a layer in another order."""
    changed = dict(sources)
    for name, content in sources.items():
        if name.endswith(".yml") and name.startswith("policies/") and name != "policies/waivers.yml":
            entries = json.loads(content)
            for found in (found for entry in entries for found in lists(entry)):
                seed.shuffle(found)
            changed[name] = json.dumps(entries).encode()
    return changed


def lists_of(entry: dict[str, object]) -> list[list[object]]:
    items = entry.get("registry", {}).get("list")
    return [found for found in (items, entry.get("without")) if isinstance(found, list)]


def scopes_of(entry: dict[str, object]) -> list[list[object]]:
    on = entry["on"]
    return [found for found in (on.get("ring"), *on.get("choice", {}).values()) if found]


def without_order(found: Got) -> Got:
    return {
        name: {key: sorted(value) if key == "list" else value for key, value in what.items()}
        for name, what in found.items()
    }


@slower
@given(layered_estates(), days, st.randoms(use_true_random=False))
def test_items_join_by_what_they_are_and_not_by_where_they_stand(sources: Sources, today: str, seed: random.Random):
    before, after = build_repository(sources), build_repository(shuffled(sources, lists_of, seed))
    for host in ALL_HOSTS:
        assert without_order(got(before, host, today)) == without_order(got(after, host, today))


@slower
@given(layered_estates(), days, st.randoms(use_true_random=False))
def test_the_order_of_a_scope_means_nothing(sources: Sources, today: str, seed: random.Random):
    before, after = build_repository(sources), build_repository(shuffled(sources, scopes_of, seed))
    for host in ALL_HOSTS:
        assert policy(before, host, today) == policy(after, host, today)


@slower
@given(layered_estates(), days, st.randoms(use_true_random=False))
def test_the_order_of_files_and_entries_decides_no_value(sources: Sources, today: str, seed: random.Random):
    changed: Sources = {}
    for name, content in sources.items():
        entries = json.loads(content) if name.startswith("policies/") and name.endswith(".yml") else None
        if entries is None:
            changed[name] = content
            continue
        seed.shuffle(entries)
        parts = [entries[::2], entries[1::2]] if name.endswith("/x.yml") else [entries]
        names = [name, name.replace("/x.yml", "/w/y.yml")]
        changed |= {name: json.dumps(part).encode() for name, part in zip(names, parts, strict=False)}
    order = list(changed)
    seed.shuffle(order)
    before, after = build_repository(sources), build_repository({name: changed[name] for name in order})
    for host in ALL_HOSTS:
        found, expected = got(after, host, today), got(before, host, today)
        for what in (*found.values(), *expected.values()):
            del what["remark"]  # of two waivers that end on one day, the first of the file is named
        assert found == expected


@slower
@given(layered_estates(), hosts)
def test_a_digest_moves_on_the_days_on_which_a_waiver_of_the_host_begins_or_has_ended(sources: Sources, host: Host):
    repository = build_repository(sources)
    every = ["2026-03-30", *(f"2026-{month:02}-{day:02}" for month in range(4, 11) for day in range(1, 31))]
    seen = {today: walk(sources, host, today) for today in every}
    digests = {today: policy(repository, host, today).digest for today in every}
    waived = {today: {name for name, what in found.items() if what["observe"]} for today, found in seen.items()}
    for earlier, later in pairwise(every):
        assert (digests[earlier] != digests[later]) == (waived[earlier] != waived[later])
