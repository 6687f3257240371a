"""What one municipality changes, in its document, layer, waivers or secrets, changes no byte of another's.

The policy is this repository's own. Compared are, for every other municipality: its part of the compiled file (the
cache, its VLAN plan too), what each kind of host is sent with secrets in place (the plan), its digest, and the lines
of evidence that an engine's answer to it becomes. Assets are in test_registry_isolation.py.
"""

import hashlib
import json
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from werkplek.enforcement.results import action_result, rows_of
from werkplek.enforcement.secrets import secret_values, variable_name
from werkplek.evidence.records import enforced, to_line
from werkplek.files import ROOT
from werkplek.policy.choices import Choices, answers
from werkplek.policy.compiled import PolicyStore, open_store
from werkplek.policy.loader import load_repository
from werkplek.policy.model import RINGS, HostFacts
from werkplek.policy.sources import read_sources
from werkplek.policy.yaml_source import parse_yaml

TODAY, NOON = "2026-11-24", datetime(2026, 11, 24, 12, tzinfo=UTC)
WAIVERS = "policies/waivers.yml"
PLATFORMS = {
    "workstation": ("windows-11", "windows"),
    "vdi_host": ("windows-11", "windows"),
    "network": ("cisco-ios", "network_os"),
}
SLUGS = sorted(load_repository(ROOT).municipalities)
SETTINGS = sorted({setting.id for settings in load_repository(ROOT).taking.values() for setting in settings})
few = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text("abcdefghij", min_size=1, max_size=8)
days = st.dates(min_value=datetime(2026, 1, 1).date(), max_value=datetime(2026, 12, 31).date()).map(str)


def choices() -> st.SearchStrategy[dict[str, object]]:
    closed = {name: st.sampled_from(answers(name)) for name in Choices.model_fields if answers(name)}
    return st.fixed_dictionaries({}, optional=closed)


@st.composite
def documents(draw, before):
    """The document with other values everywhere that they can be other."""
    word = draw(words)
    changed = json.loads(json.dumps(before))
    changed["desktop"]["homepage"] = f"https://{word}.example/"
    changed["desktop"]["start_pages"] = [f"https://{word}.example/{n}" for n in range(draw(st.integers(1, 4)))]
    changed["network"]["dns_suffix"] = f"{word}.example"
    changed["support"]["organisation"] = word
    changed["printers"] = [
        {"name": f"printer-{n}", "server": f"{word}.example", "queue": f"Q{n}"} for n in range(draw(st.integers(0, 3)))
    ]
    changed["switching"]["ntp"] = [f"10.250.0.{n + 1}" for n in range(draw(st.integers(1, 3)))]
    changed["switching"]["banner"] = f"{word}\n"
    changed["switching"]["management"]["gateway"] = f"10.250.0.{draw(st.integers(1, 254))}"
    for vlan in changed["switching"]["vlans"]:
        vlan.update(vid=vlan["vid"] + 3000, name=f"{word}-{vlan['vid']}")
    changed["choices"] = {**changed.get("choices", {}), **draw(choices())}
    changed["secrets"] = {name: draw(days) for name in [*changed.get("secrets", {}), "canary_key"]}
    return changed


@st.composite
def layers(draw):
    """Settings of the municipality's own, one of them secret."""
    value = {"path": "HKLM:\\SOFTWARE\\Canary", "name": draw(words), "type": "string", "data": {"secret": "canary_key"}}
    own = {"path": "HKLM:\\SOFTWARE\\Own", "name": "Own", "type": "dword", "data": draw(st.integers(0, 9))}
    docs = "https://example.org/"
    return [
        {"id": "own_canary", "title": "A secret", "docs": docs, "registry": value},
        {"id": "own_value", "title": "A value", "docs": docs, "registry": own},
    ]


@st.composite
def waivers(draw, slug):
    """Waivers of one municipality; not of a setting that it may not have."""
    always = ["screen_lock_timeout", "lockout_threshold", "remote_registry_off", "audit_account_lockout"]
    return [
        {
            "id": f"canary_{number}",
            "settings": [draw(st.sampled_from([name for name in always if name in SETTINGS]))],
            "scope": {"municipality": slug, **draw(st.sampled_from([{}, {"ring": "pilot"}, {"host": "WS-1"}]))},
            "reason": draw(words),
            "author": "A. Author",
            "approver": "B. Approver",
            "approved": "2026-06-01",
            "until": draw(st.sampled_from(["2026-06-30", "2026-12-31"])),
            "not_applicable_because": "a test",
        }
        for number in range(draw(st.integers(0, 3)))
    ]


@st.composite
def changes(draw):
    """A municipality and its changed files, with the same number of other lines before its waivers or not."""
    slug = draw(st.sampled_from(SLUGS))
    file, layer = f"municipalities/{slug}.yml", f"policies/municipality/{slug}.yml"
    sources = read_sources(ROOT)
    parsed, _ = parse_yaml(sources[file], file)
    document = draw(documents(parsed.data))
    before = sources.get(layer, b"")
    own = draw(waivers(slug))
    first = draw(st.booleans())
    text, others = _dumped(own) if own else b"", sources.get(WAIVERS, b"")
    changed = {
        file: _dumped(document),
        layer: before + b"\n" + _dumped(draw(layers())),
        f"municipalities/secrets/{slug}.yml": b"$ANSIBLE_VAULT;1.1;AES256\n" + draw(words).encode(),
    }
    if own:
        changed[WAIVERS] = text + others.removeprefix(b"---\n") if first else others + b"\n" + text
    return slug, changed, draw(words)


def _dumped(value: object) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True).encode()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("before")
    return shares(open_store(_written(folder, read_sources(ROOT)), folder / "cache", TODAY), {})


def _written(folder, sources):
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def shares(store: PolicyStore, environment: dict[str, str]) -> dict[str, bytes]:
    """All that each municipality has, as bytes."""
    return {slug: b"\n".join(_share(store, slug, environment)) for slug in SLUGS}


def _share(store: PolicyStore, slug: str, environment: dict[str, str]):
    content = store.path.read_bytes()
    for name, entry in store.entries.items():
        if name.endswith(f"/{slug}"):
            yield content[entry.offset : entry.offset + entry.length]
    for number, ring in enumerate(RINGS):
        for workplace_class, lineage in PLATFORMS.items():
            record = {
                "id": number,
                "name": f"WS-{number}",
                "url": f"https://netbox.example/{number}/",
                "asset_tag": "1",
            }
            facts = HostFacts(workplace_class, lineage, slug, ring, "stadhuis", record)
            yield from _host(store, facts, environment)


def _host(store: PolicyStore, facts: HostFacts, environment: dict[str, str]):
    policy = store.resolve(facts)
    yield policy.digest.encode()
    rows = []
    for engine, call in policy.engines.items():
        request = call.request({**dict.fromkeys(call.secrets, "x"), **_secrets(call.secrets, facts, environment)})
        yield request.encode()
        answer = [
            {"id": setting["id"], "status": "compliant", "before": _digest(setting), "after": _digest(setting)}
            for setting in json.loads(request)["settings"]
        ]
        rows += rows_of(engine, call, {"settings": json.dumps(answer)})
    context = {"municipality": facts.municipality, "policy_digest": policy.digest, "object_url": facts.registry["url"]}
    result = action_result(rows, context)
    yield to_line("host", enforced(str(facts.registry["name"]), result, failed=False, observed_at=NOON))


def _secrets(names, facts: HostFacts, environment: dict[str, str]) -> dict[str, str]:
    known = [name for name in names if variable_name(facts.municipality, name) in environment]
    return secret_values(known, facts.municipality, environment, lambda _file: {})


def _digest(setting: object) -> str:
    return hashlib.sha256(json.dumps(setting, sort_keys=True).encode()).hexdigest()


@few
@given(change=changes())
def test_a_change_in_one_municipality_changes_no_byte_of_another(before, change, tmp_path_factory):
    slug, changed, secret = change
    folder = tmp_path_factory.mktemp("after")
    store = open_store(_written(folder, {**read_sources(ROOT), **changed}), folder / "cache", TODAY)
    canary = f"CANARY-{secret}"
    after = shares(store, {variable_name(slug, "canary_key"): canary})
    for other in SLUGS:
        assert (after[other] == before[other]) == (other != slug), other
        assert (canary.encode() in after[other]) == (other == slug), other
