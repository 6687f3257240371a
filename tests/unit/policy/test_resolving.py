# ruff: noqa: E501 - settings and problems are quoted whole
"""What a host gets: order, winners and losers, references, holes for its own registry values."""

import hashlib
import json
from collections.abc import Callable

import pytest
from policy_asking import KEY, resolved, value, wire

from werkplek.errors import WerkplekError

type SourcesOf = Callable[..., dict[str, bytes]]


def test_the_wire_form_is_canonical_json_in_layer_order(sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": value("a", 1)})).for_host({})
    assert policy.engines["windows_policy"].request() == (
        '{"schema":1,"settings":['
        r'{"data":600,"id":"screen_lock","kind":"registry","name":"Timeout","path":"HKLM:\\SOFTWARE\\Screen",'
        '"state":"present","type":"dword"},'
        r'{"data":1,"id":"a","kind":"registry","name":"a","path":"HKLM:\\SOFTWARE\\A","state":"present","type":"dword"}]}'
    )
    sources_of = policy.engines["windows_policy"].settings
    assert [tuple(source) for source in sources_of] == [
        ("screen_lock", "policies/baseline/screen.yml:1", "baseline", ""),
        ("a", "policies/workstation/a.yml:1", "workstation", ""),
    ]


def test_the_last_layer_wins_in_the_place_of_the_first(sources: SourcesOf):
    files = {
        "policies/baseline/z.yml": value("x", 1) + value("y", 1),
        "policies/workstation/a.yml": value("x", 2, "  overrides: class\n"),
        "policies/municipality/papendrecht.yml": value("x", 3, "  overrides: town\n  on: {ring: canary}\n"),
    }
    broad, canary = resolved(sources(files)), resolved(sources(files), ring="canary")
    assert [(item["id"], item["data"]) for item in wire(broad)[1:]] == [("x", 2), ("y", 1)]
    assert [(item["id"], item["data"]) for item in wire(canary)[1:]] == [("x", 3), ("y", 1)]
    assert [loser.layer for loser in canary.losers["x"]] == ["baseline", "workstation"]
    assert [loser.layer for loser in broad.losers["x"]] == ["baseline"]
    elsewhere = resolved(sources(files), "zwijndrecht", ring="canary")
    assert [item["data"] for item in wire(elsewhere) if item["id"] == "x"] == [2]


def test_an_override_of_a_class_stays_in_that_class(sources: SourcesOf):
    files = {
        "policies/workstation/a.yml": value("x", 1),
        "policies/municipality/papendrecht.yml": value("x", 2, "  overrides: town\n"),
    }
    assert [item["data"] for item in wire(resolved(sources(files))) if item["id"] == "x"] == [2]
    assert [item["id"] for item in wire(resolved(sources(files), workplace_class="vdi_host"))] == ["screen_lock"]


@pytest.mark.parametrize(
    ("scope", "facts", "there"),
    [
        ("{platform: windows}", {}, True),
        ("{platform: windows-11}", {}, True),
        ("{platform: windows-10}", {}, False),
        ("{ring: [canary, broad]}", {}, True),
        ("{ring: canary}", {}, False),
        ("{site: stadhuis}", {}, True),
        ("{site: stadhuis, ring: pilot}", {}, False),
        ("{ring: broad}", {"platform_lineage": ("debian-13", "linux")}, False),
    ],
)
def test_scopes(scope: str, facts: dict[str, object], there: bool, sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": value("x", 1, f"  on: {scope}\n")}), **facts)
    assert ("x" in {item["id"] for item in wire(policy)}) is there


def test_references_take_each_municipalitys_own_value(sources: SourcesOf):
    files = sources({
        "policies/workstation/a.yml": value("page", "{from: municipality.desktop.homepage}")
        + "- id: tabs\n  title: Tabs\n  registry: {path: 'HKLM:\\SOFTWARE\\T', list: {from: municipality.desktop.start_pages}}\n"
        + "- id: names\n  title: Names\n"
        + f"  registry: {{{KEY}, name: N, type: multistring, data: [x, {{from: municipality.name}}]}}\n"
    })  # fmt: skip
    page, tabs, names = wire(resolved(files))[1:]
    assert page["data"] == "https://intranet.papendrecht.nl/"
    assert tabs["list"] == ["https://intranet.papendrecht.nl/", "https://www.papendrecht.nl/"]
    assert names["data"] == ["x", "Papendrecht"]
    assert wire(resolved(files, "zwijndrecht"))[1]["data"] == "https://intranet.zwijndrecht.nl/"


PRINTERS = (
    "- id: printer\n  title: A printer\n{more}  for_each: municipality.printers\n"
    "  registry: {{path: 'HKCU:\\Printers', subkey: {{from: item.connection_key}}, name: Server, type: string, "
    "data: {{from: item.unc_server}}}}\n"
)


def test_for_each_gives_one_setting_per_item(sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": PRINTERS.format(more="")}))
    assert [(item["id"], item["path"], item["data"]) for item in wire(policy)[1:]] == [
        ("printer[balie-01]", r"HKCU:\Printers\,,print.papendrecht.nl,papendrecht-BALIE", r"\\print.papendrecht.nl"),
        ("printer[hal-02]", r"HKCU:\Printers\,,print.papendrecht.nl,papendrecht-HAL", r"\\print.papendrecht.nl"),
    ]
    assert [source.id for source in policy.sources["windows_policy"]] == [
        "screen_lock", "printer[balie-01]", "printer[hal-02]",
    ]  # fmt: skip


def test_an_override_without_items_still_wins(sources: SourcesOf):
    files = sources({
        "policies/baseline/p.yml": value("printer", 1),
        "policies/workstation/a.yml": PRINTERS.format(more="  overrides: per printer\n"),
    })  # fmt: skip
    name = "municipalities/papendrecht.yml"
    files[name] = files[name].partition(b"printers:")[0]
    assert "printer" not in {item["id"] for item in wire(resolved(files))}


HOLES = (
    value("tag", "{from: registry.asset_tag}")
    + f"- id: number\n  title: Number\n  registry: {{{KEY}, name: Id, type: dword, data: {{from: registry.id}}}}\n"
    + f"- id: key\n  title: Key\n  registry: {{{KEY}, subkey: {{from: registry.name}}}}\n"
    + f"- id: both\n  title: Both\n  registry: {{{KEY}, name: B, type: multistring, data: [a, {{from: registry.serial}}]}}\n"
)


def test_a_hosts_own_values_fill_the_holes_as_text_not_as_json(sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": HOLES}))
    record = {"asset_tag": '"},{"id":"x', "id": 7, "name": "é{{ 1 }}", "serial": "back\\slash"}
    tag, number, key, both = wire(policy, **record)[1:]
    assert (tag["data"], number["data"]) == ('"},{"id":"x', 7)
    assert key["path"] == "HKLM:\\SOFTWARE\\A\\é{{ 1 }}"
    assert both["data"] == ["a", "back\\slash"]
    request = policy.for_host(record).engines["windows_policy"].request()
    assert request == json.dumps(json.loads(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_what_the_registry_does_not_give_stops_the_host(sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": HOLES}))
    with pytest.raises(WerkplekError) as caught:
        policy.for_host({"url": "https://n/1", "asset_tag": None, "id": True, "name": "a\\b", "serial": "a\nb"})
    assert str(caught.value).splitlines() == [
        "The host's policy needs values that the registry does not give.",
        "  https://n/1: found asset_tag None; expected text. Mend it in the registry.",
        "  https://n/1: found id True; expected a whole number. Mend it in the registry.",
        "  https://n/1: found name 'a\\\\b'; expected a registry key's name: 1 to 255 characters, no '\\'. "
        "Mend it in the registry.",
        "  https://n/1: found serial 'a\\nb'; expected one line of text. Mend it in the registry.",
    ]


RECORD = {"asset_tag": "1", "id": 0, "name": "a" * 255, "serial": "S"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": -1}, "this host: found id -1; expected a whole number"),
        ({"id": "7", "url": None}, "this host: found id '7'; expected a whole number"),
        ({"asset_tag": ""}, "this host: found asset_tag ''; expected text"),
        ({"asset_tag": 5}, "this host: found asset_tag 5; expected text"),
        ({"serial": "a\x7f"}, "this host: found serial 'a\\x7f'; expected one line of text"),
        (
            {"name": "a" * 256},
            f"{'a' * 256}: found name '{'a' * 256}'; expected a registry key's name: 1 to 255 characters, no '\\'",
        ),
    ],
)
def test_a_value_at_the_edge(changes: dict[str, object], problem: str, sources: SourcesOf):
    policy = resolved(sources({"policies/workstation/a.yml": HOLES}))
    assert wire(policy, **RECORD)[2]["data"] == 0
    with pytest.raises(WerkplekError) as caught:
        policy.for_host({**RECORD, **changes})
    where = problem.replace("this host", "a" * 255)
    assert [str(found) for found in caught.value.problems] == [f"{where}. Mend it in the registry."]


def test_a_host_without_a_name_is_this_host(sources: SourcesOf):
    with pytest.raises(WerkplekError, match="this host: found asset_tag None; expected text"):
        resolved(sources({"policies/workstation/a.yml": value("x", "{from: registry.asset_tag}")})).for_host({})


def test_the_digest_follows_what_is_sent_and_nothing_else(sources: SourcesOf):
    plain = resolved(sources()).for_host({"name": "a"}).digest
    assert plain == resolved(sources(), site="elsewhere").for_host({"name": "b"}).digest
    retitled = sources()
    retitled["policies/baseline/screen.yml"] = retitled["policies/baseline/screen.yml"].replace(b"Lock", b"Close")
    assert plain == resolved(retitled).for_host({}).digest
    changed = sources()
    changed["policies/baseline/screen.yml"] = changed["policies/baseline/screen.yml"].replace(b"600", b"601")
    assert plain != resolved(changed).for_host({}).digest
    holes = resolved(sources({"policies/workstation/a.yml": value("tag", "{from: registry.asset_tag}")}))
    assert holes.for_host({"asset_tag": "1"}).digest != holes.for_host({"asset_tag": "2"}).digest


def test_the_digest_is_over_the_requests_of_all_engines_by_name(sources: SourcesOf):
    text = "- id: vlc\n  title: VLC\n  package: {name: vlc}\n"
    policy = resolved(sources({"policies/workstation/a.yml": text})).for_host({})
    assert list(policy.engines) == ["windows_policy", "windows_modules"]
    requests = [f'"{engine}":{policy.engines[engine].request()}' for engine in ("windows_modules", "windows_policy")]
    assert policy.digest == hashlib.sha256(f"{{{','.join(requests)}}}".encode()).hexdigest()


def test_platforms_that_turn_out_to_be_related_stop_the_host(sources: SourcesOf):
    files = sources({
        "policies/workstation/a.yml": value("one", 1, "  on: {platform: windows-11}\n").replace("name: one", "name: V")
        + value("two", 2, "  on: {platform: kiosk}\n").replace("name: two", "name: V")
    })  # fmt: skip
    assert [item["id"] for item in wire(resolved(files))] == ["screen_lock", "one"]
    assert [item["id"] for item in wire(resolved(files, platform_lineage=("kiosk", "windows")))] == [
        "screen_lock",
        "two",
    ]
    with pytest.raises(WerkplekError) as caught:
        resolved(files, platform_lineage=("kiosk", "windows-11", "windows"))
    assert [str(problem) for problem in caught.value.problems] == [
        "policies/workstation/a.yml:5: found 'two', which is about the same object as 'one' (policies/workstation/a.yml:1) "
        "on platform kiosk < windows-11 < windows; expected one setting for each object on a host. "
        "Give them platforms that are not each other's parent."
    ]


def test_a_setting_that_is_replaced_everywhere_need_not_resolve(sources: SourcesOf):
    files = sources({
        "policies/workstation/a.yml": value("wifi", "{from: municipality.network.wifi_profile}"),
        "policies/municipality/papendrecht.yml": value("wifi", "none", "  overrides: no wireless here\n"),
        "policies/municipality/zwijndrecht.yml": value("wifi", "none", "  overrides: no wireless here\n"),
    })  # fmt: skip
    assert wire(resolved(files))[1]["data"] == "none"
