"""The municipalities' documents, and what becomes of them in the policies."""

import json
from collections.abc import Iterator

import pytest
from content_facts import host_settings

from werkplek.policy.loader import Repository

SLUGS = [
    "alblasserdam",
    "dordrecht",
    "drechtsteden",
    "hendrik-ido-ambacht",
    "papendrecht",
    "sliedrecht",
    "zwijndrecht",
]
PRINTER_SETTINGS = ("printer_server", "printer_provider", "printer_for_every_user")
SHARED_DOMAIN = "drechtsteden.nl"


def own_values(document: dict) -> Iterator[tuple[str, str]]:
    """Everything that only one municipality can have, by place in the document."""
    yield "name", document["name"]
    for section in ("desktop", "support", "network"):
        for key, value in document[section].items():
            if key not in {"start_pages", "dns_search", "edge_extensions"}:
                yield f"{section}.{key}", value
    yield "start_pages", "\n".join(document["desktop"]["start_pages"])
    yield "dns_search", "\n".join(document["network"]["dns_search"])
    for printer in document["printers"]:
        yield f"printers.{printer['name']}", f"{printer['server']} {printer['queue']}"


def test_there_are_seven(municipalities: dict[str, dict]):
    assert list(municipalities) == SLUGS
    assert [document["slug"] for document in municipalities.values()] == SLUGS


def test_no_two_share_a_value_of_their_own(municipalities: dict[str, dict]):
    owner: dict[str, str] = {}
    for slug, document in municipalities.items():
        for place, value in own_values(document):
            assert value not in owner, f"{slug}: {place}: {value} is also of {owner[value]}"
            owner[value] = slug


@pytest.mark.parametrize("slug", SLUGS)
def test_own_servers_and_pages_are_in_the_own_domain(municipalities: dict[str, dict], slug: str):
    document = municipalities[slug]
    domain = document["network"]["dns_suffix"]
    desktop = document["desktop"]
    names = [desktop["wallpaper"].split("\\")[2], desktop["lock_screen"].split("\\")[2]]
    names += [url.split("/")[2] for url in (desktop["homepage"], document["support"]["url"], *desktop["start_pages"])]
    names += [printer["server"] for printer in document["printers"]]
    assert [name for name in names if not name.endswith(f".{domain}")] == []
    assert document["network"]["dns_search"][0] == domain
    assert SHARED_DOMAIN in document["network"]["dns_search"]
    assert desktop["start_pages"][0] == desktop["homepage"]
    assert 2 <= len(document["printers"]) <= 4


@pytest.mark.parametrize("slug", SLUGS)
def test_every_own_value_reaches_the_own_workstations(
    repository: Repository, municipalities: dict[str, dict], slug: str
):
    document = municipalities[slug]
    settings = host_settings(repository, slug)
    wanted = {
        "wallpaper": document["desktop"]["wallpaper"],
        "lock_screen_image": document["desktop"]["lock_screen"],
        "browser_homepage": document["desktop"]["homepage"],
        "support_organisation": document["support"]["organisation"],
        "support_phone": document["support"]["phone"],
        "support_hours": document["support"]["hours"],
        "support_url": document["support"]["url"],
        "workplace_municipality": document["name"],
        "locale": document["locale"]["language"],
        "display_language": document["locale"]["language"],
        "country": document["locale"]["country"],
        "time_zone": document["locale"]["time_zone"],
        "dns_suffix": document["network"]["dns_suffix"],
        "dns_search_list": ",".join(document["network"]["dns_search"]),
    }
    assert {name: settings[name]["data"] for name in wanted} == wanted
    assert settings["wifi_profile"]["ssid"] == document["network"]["wifi_profile"]
    assert settings["browser_start_pages"]["list"] == document["desktop"]["start_pages"]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_printer_has_its_three_values(repository: Repository, municipalities: dict[str, dict], slug: str):
    settings = host_settings(repository, slug)
    connections = r"HKLM:\SYSTEM\CurrentControlSet\Control\Print\Connections"
    for printer in municipalities[slug]["printers"]:
        ids = (f"{setting}[{printer['name']}]" for setting in PRINTER_SETTINGS)
        wires = [settings[name] for name in ids]
        key = f"{connections}\\,,{printer['server']},{printer['queue']}"
        assert [wire["path"] for wire in wires] == [key, key, key]
        assert {wire["name"]: wire["data"] for wire in wires} == {
            "Server": f"\\\\{printer['server']}",
            "Provider": "win32spl.dll",
            "LocalConnection": 1,
        }


def test_no_municipality_sees_the_domain_of_another(repository: Repository, municipalities: dict[str, dict]):
    domains = {slug: document["network"]["dns_suffix"] for slug, document in municipalities.items()}
    for slug in SLUGS:
        everything = json.dumps(host_settings(repository, slug))
        assert domains[slug] in everything
        others = {domain for other, domain in domains.items() if other != slug} - {SHARED_DOMAIN}
        assert [domain for domain in sorted(others) if domain in everything] == []


def test_what_municipalities_do_otherwise(repository: Repository):
    """An override, a merge, an absence, one that is left alone, and choices."""
    of = {slug: host_settings(repository, slug) for slug in SLUGS}
    assert {slug: settings["sleep_on_mains"]["data"] for slug, settings in of.items()} == {
        **dict.fromkeys(SLUGS, 3600),
        "dordrecht": 14400,
    }
    readers = {slug: settings["group_event_log_readers"]["members"] for slug, settings in of.items()}
    harbour = "S-1-5-21-1757981266-1645522239-839522115-2207"
    assert readers == {**{key: ["S-1-5-20"] for key in SLUGS}, "zwijndrecht": ["S-1-5-20", harbour]}
    buttons = {slug: settings["browser_home_button"]["state"] for slug, settings in of.items()}
    assert buttons == {**dict.fromkeys(SLUGS, "present"), "hendrik-ido-ambacht": "absent"}
    assert [slug for slug, settings in of.items() if "wallpaper_fills_screen" not in settings] == ["sliedrecht"]
    assert [slug for slug, settings in of.items() if "bitlocker_os_tpm_pin" in settings] == ["dordrecht"]
    assert of["dordrecht"]["bitlocker_os_pin_length"]["data"] == 8
    laps = {slug: [name for name in settings if name.startswith("laps_backup")] for slug, settings in of.items()}
    assert laps == {**{key: ["laps_backup_directory"] for key in SLUGS}, "zwijndrecht": ["laps_backup_entra"]}
    assert of["papendrecht"]["edge_extensions_allowed"]["list"] == ["odfafepnkmbhccpbejgmiehpchacaeak"]
    assert {slug: settings["screen_lock_timeout"]["data"] for slug, settings in of.items()} == {
        **dict.fromkeys(SLUGS, 900),
        "drechtsteden": 300,
    }


def test_the_key_of_a_wireless_network_is_a_secret_of_one_site(repository: Repository, municipalities: dict[str, dict]):
    assert [slug for slug in SLUGS if "wifi_devices_key" in municipalities[slug]["secrets"]] == ["zwijndrecht"]
    yard = host_settings(repository, "zwijndrecht", site="zwd-werf")
    assert (yard["wifi_devices"]["key"], yard["wifi_devices"]["secret"]) == ("secret", True)
    assert [slug for slug in SLUGS if "wifi_devices" in host_settings(repository, slug)] == []
