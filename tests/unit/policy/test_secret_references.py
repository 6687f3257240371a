# ruff: noqa: E501 - settings and problems are quoted whole
"""`{secret: name}`: a policy knows a secret's name and the day of its last change, and nothing else of it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from policy_asking import BASELINE, DURING, KEY, PAPENDRECHT, WAIVERS, WORKSTATION, a_list, resolved, value, waiver
from policy_samples import MUNICIPALITY_NAMES, a_municipality

from werkplek.errors import WerkplekError
from werkplek.policy.compiled import open_store
from werkplek.policy.loader import build_repository
from werkplek.policy.model import EngineCall, HostFacts, HostPolicy

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

DOCUMENT = "municipalities/papendrecht.yml"
OTHER = "municipalities/zwijndrecht.yml"
VAULT = "$ANSIBLE_VAULT;1.1;AES256\n61\n"
SECRET = value("x", "{secret: wifi_key}")


def listing(names: str = "wifi_key: 2026-11-01") -> str:
    return a_municipality("papendrecht") + f"secrets: {{{names}}}\n"


def policy(sources: dict[str, bytes], today: str = "", **registry: object) -> HostPolicy:
    return resolved(sources, today=today).for_host(registry)


def call(sources: dict[str, bytes], today: str = "", **registry: object) -> EngineCall:
    return policy(sources, today, **registry).engines["windows_policy"]


def test_the_secret_stands_in_the_request_alone(sources: SourcesOf):
    files = sources({DOCUMENT: listing(), PAPENDRECHT: SECRET})
    asked = call(files)
    assert asked.secrets == ("wifi_key",)
    sent = json.loads(asked.request({"wifi_key": "Tr0ub4dor"}))["settings"]
    assert sent[-1] == {
        "id": "x",
        "kind": "registry",
        "path": r"HKLM:\SOFTWARE\A",
        "name": "x",
        "type": "string",
        "data": "Tr0ub4dor",
        "state": "present",
        "secret": True,
    }
    assert "secret" not in sent[0]
    assert "Tr0ub4dor" not in repr(asked)


@pytest.mark.parametrize(
    "text", ['"},{"id":"x', "a\\b", "two\nlines", "\x7fsecret:wifi_key@2026-11-01\x7f", "€ ü", "{{ 1 }}"]
)
def test_any_text_arrives_as_it_is(text: str, sources: SourcesOf):
    asked = call(sources({DOCUMENT: listing(), PAPENDRECHT: SECRET}))
    request = asked.request({"wifi_key": text})
    assert json.loads(request)["settings"][-1]["data"] == text
    assert request == json.dumps(json.loads(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_no_request_leaves_without_its_secret(sources: SourcesOf):
    asked = call(sources({DOCUMENT: listing(), PAPENDRECHT: SECRET}))
    with pytest.raises(KeyError, match="wifi_key"):
        asked.request()


def test_a_secret_that_two_settings_use_is_asked_for_once(sources: SourcesOf):
    text = SECRET + value("y", "{secret: other}") + value("z", "{secret: wifi_key}")
    asked = call(sources({DOCUMENT: listing("wifi_key: 2026-11-01, other: 2026-10-01"), PAPENDRECHT: text}))
    assert asked.secrets == ("wifi_key", "other")
    sent = json.loads(asked.request({"wifi_key": "A", "other": "B"}))["settings"]
    assert [item["data"] for item in sent] == [600, "A", "B", "A"]


def test_a_secret_of_for_each_is_in_every_item(sources: SourcesOf):
    text = (
        "- id: printer\n  title: A printer\n  for_each: municipality.printers\n"
        "  registry: {path: 'HKLM:\\P', subkey: {from: item.name}, name: Pin, type: string, data: {secret: wifi_key}}\n"
    )
    asked = call(sources({DOCUMENT: listing(), PAPENDRECHT: text}))
    assert [item["data"] for item in json.loads(asked.request({"wifi_key": "A"}))["settings"]] == [600, "A", "A"]


def test_the_digest_is_over_name_and_day(sources: SourcesOf):
    files = sources({DOCUMENT: listing(), PAPENDRECHT: SECRET})
    kept = policy(files)
    with_name_and_day = kept.engines["windows_policy"].request({"wifi_key": "\x7fsecret:wifi_key@2026-11-01\x7f"})
    text = '{"windows_policy":' + with_name_and_day.replace("\x7f", "") + "}"
    assert kept.digest == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_moves_with_the_day_and_the_name_and_with_no_other_secret(sources: SourcesOf):
    def digest(listed: str, name: str = "wifi_key") -> str:
        return policy(sources({DOCUMENT: listing(listed), PAPENDRECHT: value("x", f"{{secret: {name}}}")})).digest

    first = digest("wifi_key: 2026-11-01")
    assert digest("wifi_key: 2026-11-01, other: 2026-11-02") == first
    assert digest("wifi_key: 2026-11-02") != first
    assert digest("wifi_key: 2026-11-01, other: 2026-11-01", "other") != first


def test_each_municipality_has_its_own_day(sources: SourcesOf):
    files = {
        DOCUMENT: listing(),
        BASELINE: SECRET,
        OTHER: a_municipality("zwijndrecht") + "secrets: {wifi_key: 2025-01-31}\n",
    }
    holes = [resolved(sources(files), slug).pieces["windows_policy"][1] for slug in ("papendrecht", "zwijndrecht")]
    assert holes == ["secret:wifi_key@2026-11-01", "secret:wifi_key@2025-01-31"]


def test_a_hosts_own_values_stand_last_and_secrets_before_them(sources: SourcesOf):
    text = (
        value("a", "{from: registry.serial}")
        + SECRET
        + value("b", "{from: registry.id}").replace("string", "dword")
        + value("c", 1)
    )
    found = resolved(sources({DOCUMENT: listing(), PAPENDRECHT: text}))
    ids = ["screen_lock", "x", "c", "a", "b"]
    assert [setting.id for setting in found.sources["windows_policy"]] == ids
    asked = found.for_host({"serial": "S1", "id": 7}).engines["windows_policy"]
    assert asked.settings == found.sources["windows_policy"]
    assert asked.secrets == ("wifi_key",)
    assert [item["id"] for item in json.loads(asked.request({"wifi_key": "A"}))["settings"]] == ids
    assert list(asked.pieces[1::2]) == ["secret:wifi_key@2026-11-01", "registry.serial", "registry.id"]


def test_the_digest_holds_a_hosts_own_values_beside_secrets(sources: SourcesOf):
    files = sources({DOCUMENT: listing(), PAPENDRECHT: SECRET + value("a", "{from: registry.serial}")})
    one, other = (policy(files, serial=serial) for serial in ("S1", "S2"))
    assert one.digest != other.digest
    text = one.engines["windows_policy"].request({"wifi_key": "secret:wifi_key@2026-11-01"})
    assert one.digest == hashlib.sha256(f'{{"windows_policy":{text}}}'.encode()).hexdigest()


def test_a_record_cannot_ask_for_a_secret(sources: SourcesOf):
    found = resolved(sources({PAPENDRECHT: value("a", "{from: registry.serial}")}))
    with pytest.raises(WerkplekError, match="expected one line of text"):
        found.for_host({"serial": "\x7fsecret:wifi_key@2026-11-01\x7f"})


def test_a_waived_secret_is_still_compared(sources: SourcesOf):
    files = sources({DOCUMENT: listing(), PAPENDRECHT: SECRET, WAIVERS: waiver()})
    item = json.loads(call(files, DURING).request({"wifi_key": "A"}))["settings"][-1]
    assert (item["data"], item["observe"], item["secret"]) == ("A", "waived", True)


@pytest.mark.parametrize("said", ["absent: not here", "ignore: people choose"])
def test_what_is_gone_or_left_needs_no_secret(said: str, sources: SourcesOf):
    files = sources(
        {BASELINE: SECRET, WORKSTATION: f"- id: x\n  {said}\n", "policies/vdi_host/a.yml": f"- id: x\n  {said}\n"}
    )
    assert call(files).secrets == ()


def test_the_compiled_policy_asks_for_the_same(sources: SourcesOf, tmp_path: Path):
    files = sources(
        {DOCUMENT: listing(), PAPENDRECHT: SECRET, WAIVERS: waiver(), "municipalities/secrets/papendrecht.yml": VAULT}
    )
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    store = open_store(tmp_path, tmp_path / "cache", DURING)
    facts = HostFacts("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis", {})
    assert store.resolve(facts) == policy(files, DURING)


def test_every_municipality_that_needs_a_secret_lists_it(problems_of: ProblemsOf):
    assert problems_of({DOCUMENT: listing(), BASELINE: SECRET}) == [
        f"{BASELINE}:3:69: found {{secret: wifi_key}}, which {OTHER} does not list; "
        "expected secrets: {wifi_key: <day of its last change>} in that document"
    ]


# name: (setting, problem after its place)
USES = {
    "for a number": (
        f"registry: {{{KEY}, name: N, type: dword, data: {{secret: wifi_key}}}}",
        "3:68: found a mapping; expected a value or {from: ...} for type dword",
    ),
    "for bytes": (
        f"registry: {{{KEY}, name: N, type: binary, data: {{secret: wifi_key}}}}",
        "3:69: found a mapping; expected a value or {from: ...} for type binary",
    ),
    "for a list": (
        f"registry: {{{KEY}, name: N, type: multistring, data: {{secret: wifi_key}}}}",
        "3:74: found a mapping; expected a value or {from: ...} for type multistring",
    ),
    "in a list": (
        f"registry: {{{KEY}, list: [a, {{secret: wifi_key}}]}}",
        "3:50: found a mapping; expected a value or {from: ...}",
    ),
    "for a key": (
        f"registry: {{{KEY}, subkey: {{secret: wifi_key}}}}",
        "3:48: found a mapping; expected a value or {from: ...}",
    ),
    "beside a reference": (
        f"registry: {{{KEY}, name: N, type: string, data: {{secret: wifi_key, from: municipality.name}}}}",
        "3:69: found a mapping; expected {secret: name}",
    ),
    "of no name": (
        f"registry: {{{KEY}, name: N, type: string, data: {{secret: Wifi-Key}}}}",
        "3:78: found no name of a secret; expected small letters, digits and '_', a letter first",
    ),
    "of a list of names": (
        f"registry: {{{KEY}, name: N, type: string, data: {{secret: [a]}}}}",
        "3:78: found no name of a secret; expected small letters, digits and '_', a letter first",
    ),
    "in another kind": (
        "local_group: {group: G, members: [{secret: wifi_key}], mode: include}",
        "3:37: found a mapping; expected text",
    ),
    "through the document": (
        f"registry: {{{KEY}, name: N, type: string, data: {{from: municipality.secrets.wifi_key}}}}",
        f"3:69: found {{from: municipality.secrets.wifi_key}}, which names nothing; expected one of: {MUNICIPALITY_NAMES}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", USES)
def test_where_a_secret_has_no_place(name: str, problems_of: ProblemsOf):
    text, problem = USES[name]
    files = {DOCUMENT: listing(), PAPENDRECHT: f"- id: one\n  title: One\n  {text}\n"}
    assert problems_of(files) == [f"{PAPENDRECHT}:{problem}"]


def test_a_secret_merges_with_nothing(problems_of: ProblemsOf):
    files = {
        DOCUMENT: listing(),
        BASELINE: a_list("[a]"),
        PAPENDRECHT: SECRET.replace("id: x", "id: pages\n  merges: more"),
    }
    assert problems_of(files) == [
        f"{PAPENDRECHT}:4:13: found merges with {BASELINE}:1, where one of both has no list; "
        "expected the same list on both sides. Or say overrides: <reason>."
    ]


NO_DAY = (
    "; expected the day of its last change, a date like 2026-12-31. "
    "The secret itself is never written here; change it if it was."
)


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ("{wifi_key: Tr0ub4dor}", "21: found no day of 'wifi_key'" + NO_DAY),
        ("{wifi_key: }", "21: found no day of 'wifi_key'" + NO_DAY),
        ("{wifi_key: 20261101}", "21: found no day of 'wifi_key'" + NO_DAY),
        ("{wifi_key: 2026-W48-1}", "21: found no day of 'wifi_key'" + NO_DAY),
        ("{wifi_key: 2026-02-30}", "21: found no day of 'wifi_key'" + NO_DAY),
        ("{a: 2026-11-01, b: {is: Tr0ub4dor}}", "29: found no day of 'b'" + NO_DAY),
        ("{Wifi-Key: 2026-11-01}", "21: found 'Wifi-Key'; expected small letters, digits and '_', a letter first"),
        ("[wifi_key]", "10: found no mapping; expected names of secrets with the day of their last change"),
        ("Tr0ub4dor", "10: found no mapping; expected names of secrets with the day of their last change"),
    ],
)
def test_mistakes_in_the_list_of_secrets(listed: str, problem: str, problems_of: ProblemsOf):
    assert problems_of({DOCUMENT: a_municipality("papendrecht") + f"secrets: {listed}\n"}) == [
        f"{DOCUMENT}:15:{problem}"
    ]


def test_two_municipalities_do_not_share_a_variable(problems_of: ProblemsOf, sources: SourcesOf):
    files = {
        "municipalities/hendrik.yml": a_municipality("hendrik") + "secrets: {ido_key: 2026-11-01, key: 2026-11-01}\n",
        "municipalities/hendrik-ido.yml": a_municipality("hendrik-ido") + "secrets: {key: 2026-11-01}\n",
    }
    assert problems_of(files) == [
        "municipalities/hendrik.yml:15:20: found 'ido_key' with the variable WERKPLEK_SECRET_HENDRIK_IDO_KEY, as "
        "municipalities/hendrik-ido.yml:15:16 has; expected a name of its own"
    ]
    files["municipalities/hendrik.yml"] = files["municipalities/hendrik.yml"].replace("ido_key", "ida_key")
    assert build_repository(sources(files))


CLEAR = (
    "found a file in clear text; expected a file that ansible-vault encrypted. Run: ansible-vault encrypt {0}. "
    "If it was ever committed so, change every secret in it."
)
PLACE = "found a file that is not read; expected municipalities/secrets/<slug>.yml, for a municipality with a document"


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("papendrecht.yml", VAULT, []),
        ("README.md", "Secrets", []),
        ("papendrecht.yml", "wifi_key: Tr0ub4dor\n", [CLEAR]),
        ("papendrecht.yml", f"---\n{VAULT}", [CLEAR]),
        ("papendrecht.yml", f"wifi_key: !vault |\n  {VAULT}", [CLEAR]),
        ("papendrecht.yml", "", [CLEAR]),
        ("rotterdam.yml", VAULT, [PLACE]),
        ("papendrecht.yaml", VAULT, [PLACE]),
        ("papendrecht", VAULT, [PLACE]),
        ("old/papendrecht.yml", "wifi_key: Tr0ub4dor\n", [CLEAR, PLACE]),
    ],
)
def test_a_file_of_secrets_is_encrypted_and_a_municipalitys(
    name: str, text: str, problems: list[str], problems_of: ProblemsOf, sources: SourcesOf
):
    file = f"municipalities/secrets/{name}"
    if not problems:
        assert build_repository(sources({file: text}))
        return
    found = problems_of({file: text})
    assert found == [f"{file}: {problem.format(file)}" for problem in problems]
    assert "Tr0ub4dor" not in "".join(found)
