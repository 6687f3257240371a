"""The examples in docs/policy-format.md are real: together they make a sound repository."""

import re
from collections.abc import Callable
from pathlib import Path

from policy_samples import a_municipality

from werkplek.policy.controls import MARKS, NUMBERED
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import build_repository
from werkplek.policy.model import REGISTRY_FIELDS

PAGE = Path(__file__).parents[3] / "docs/policy-format.md"


def test_every_example_loads_and_every_kind_has_one(sources: Callable[..., dict[str, bytes]]):
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    documents = [block for block in blocks if block.startswith("schema:")]
    settings = "".join(block for block in blocks if block not in documents)
    assert len(documents) == 1
    files = {
        "municipalities/papendrecht.yml": documents[0],
        "municipalities/zwijndrecht.yml": a_municipality("zwijndrecht") + "secrets: {wifi_key: 2026-03-02}\n",
        "policies/workstation/page.yml": settings,
    }
    repository = build_repository(sources(files))
    assert {setting.kind for setting in repository.layers["workstation"]} == set(KINDS)


def test_the_page_names_every_control_source_and_registry_field():
    words = set(re.findall(r"`([^`\s]+)`", PAGE.read_text()))
    assert words >= {*NUMBERED, *MARKS, *REGISTRY_FIELDS, "network.dns_search_text", "connection_key", "unc_server"}
