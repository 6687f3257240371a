"""What Linux hosts get: kiosks with their municipality's desktops, session hosts with xrdp, and the way in for runs."""

import re
import subprocess

import pytest
from content_facts import Written
from content_linux import linux_settings
from linux_policy.request import parse
from test_content_choices import with_answer
from test_content_municipalities import SHARED_DOMAIN, SLUGS

from werkplek.policy.loader import Repository, build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

CLASSES = ("workstation", "vdi_host")
PLATFORMS = ("debian-12", "debian-13")
RINGS = ("canary", "pilot", "broad")
UPGRADES = "/etc/systemd/system/apt-daily-upgrade.timer.d/60-werkplek.conf"


def lines_of(settings: dict[str, dict], path: str) -> dict[str, str]:
    """Keys and values of the lines that a host gets in one file."""
    return {one["key"]: one["value"] for one in settings.values() if one.get("path") == path and "key" in one}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("of", CLASSES)
def test_the_engine_takes_what_hosts_are_sent(repository: Repository, of: str, platform: str):
    for slug in SLUGS:
        for ring in RINGS:
            place = Combination(of, (platform, "debian", "linux"), slug, ring, "stadhuis")
            call = resolve(repository.parts[of, slug], place).for_host({}).engines["linux_policy"]
            assert len(parse(call.request())) == len(call.settings) > 250


def test_runs_keep_their_way_in(written: list[Written]):
    """An operator's own account, with a key, over SSH and sudo: no option of ours is about who that is."""
    options = {setting.body["name"] for setting in written if setting.kind == "sshd_option"}
    assert len(options) > 20
    assert not {
        name for name in options if re.match("(allow|deny)(users|groups)|pubkey|authorizedkeys|port|listen", name, re.I)
    }
    paths = {setting.body["path"] for setting in written if setting.kind in {"file", "config_line"}}
    assert {path for path in paths if path.startswith(("/etc/sudoers", "/etc/ssh/"))} == {
        "/etc/sudoers.d/werkplek",
        "/etc/ssh/sshd_config",
    }
    sudo = [setting.body["key"] for setting in written if setting.body.get("path") == "/etc/sudoers.d/werkplek"]
    assert sudo == ["Defaults use_pty", "Defaults logfile", "Defaults timestamp_timeout"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_kiosk_shows_the_desktops_of_its_municipality(
    repository: Repository, municipalities: dict[str, dict], slug: str
):
    document, settings = municipalities[slug], linux_settings(repository, slug)
    assert lines_of(settings, "/etc/werkplek/kiosk.conf") == {
        "name": document["name"],
        "help": document["support"]["phone"],
        "colour": document["desktop"]["colour"],
    }
    client = lines_of(settings, "/etc/werkplek/vdi.rdp")
    assert client["full address:s"] == client["gatewayhostname:s"] == document["vdi"]["gateway"]
    assert client["loadbalanceinfo:s"] == f"tsv://MS Terminal Services Plugin.1.{document['vdi']['collection']}"
    assert client["domain:s"] == document["vdi"]["domain"]
    assert settings["kiosk_print_list"]["content"].splitlines() == [
        f"{printer['name']} ipp://{printer['server']}/printers/{printer['queue']}" for printer in document["printers"]
    ]
    assert settings["linux_time_zone"]["name"] == document["locale"]["tz"]
    assert settings["linux_locale"]["name"] == "nl_NL.UTF-8"


def test_no_kiosk_sees_the_domain_of_another_municipality(repository: Repository, municipalities: dict[str, dict]):
    domains = {slug: document["network"]["dns_suffix"] for slug, document in municipalities.items()}
    for slug in SLUGS:
        everything = str(linux_settings(repository, slug))
        assert domains[slug] in everything
        others = {domain for other, domain in domains.items() if other != slug} - {SHARED_DOMAIN}
        assert [domain for domain in sorted(others) if domain in everything] == []


@pytest.mark.parametrize(("platform", "client"), [("debian-12", "freerdp2-x11"), ("debian-13", "freerdp3-x11")])
def test_a_kiosk_gets_the_client_that_its_debian_has(repository: Repository, platform: str, client: str):
    settings = linux_settings(repository, "dordrecht", platform=platform)
    assert [one["name"] for name, one in settings.items() if name.startswith("kiosk_client_")] == [client]


def test_the_sign_in_screen_of_a_session_host_names_the_municipality(repository: Repository):
    settings = linux_settings(repository, "drechtsteden", of="vdi_host")
    assert settings["session_title"]["value"] == "Drechtsteden"
    assert lines_of(settings, "/etc/xrdp/sesman.ini")["TerminalServerUsers"] == settings["session_users"]["name"]
    assert not [name for name in settings if name.startswith("kiosk_")]


def days_of(content: str) -> list[str]:
    """The days of a timer, all seven where it names none."""
    (found,) = re.findall(r"^OnCalendar=(.+)$", content, re.MULTILINE)
    return found.split()[0].split(",") if found[0].isalpha() else list("1234567")


def test_each_ring_updates_less_often_than_the_one_before_and_every_week(repository: Repository):
    """BIO2 8.08.01: a serious weakness is mended within a week."""
    for of in CLASSES:
        files = {
            ring: [
                one["content"]
                for one in linux_settings(repository, "sliedrecht", of, ring).values()
                if one.get("path") == UPGRADES
            ]
            for ring in RINGS
        }
        assert [len(days_of(content)) for ring in RINGS for content in files[ring]] == [7, 3, 1]
        waits = [re.findall(r"RandomizedDelaySec=(\d+)m", content) for ring in RINGS for content in files[ring]]
        assert waits == [["15"], ["30"], ["60"]]


def test_kiosks_restart_by_themselves_at_night_and_session_hosts_never(repository: Repository):
    restarts = [
        linux_settings(repository, "sliedrecht", ring=ring)[f"kiosk_restart_{ring}"]["content"] for ring in RINGS
    ]
    assert [re.findall(r'Reboot-Time "(.*)"', content) for content in restarts] == [["02:00"], ["03:00"], ["04:00"]]
    host = linux_settings(repository, "drechtsteden", "vdi_host")["session_updates_by_role"]["content"]
    assert 'Automatic-Reboot "false";' in host


def chosen(name: str, answer: object, of: str) -> dict[str, dict]:
    """What a host of class `of` gets where its municipality gives this answer."""
    return linux_settings(build_repository(with_answer(name, answer)), "papendrecht", of)


@pytest.mark.parametrize(
    ("answer", "storage", "rules"),
    [("no_storage", "blocked", "absent"), ("input_only", "blocked", "file"), ("free", "loaded", "absent")],
)
def test_usb_on_kiosks(answer: str, storage: str, rules: str):
    settings = chosen("kiosk_usb", answer, "workstation").values()
    modules = {one["name"]: one["state"] for one in settings if one["kind"] == "kernel_module"}
    assert (modules["usb-storage"], modules["uas"]) == (storage, storage)
    assert [one["state"] for one in settings if one.get("path", "").endswith("-usb.rules")] == [rules]


@pytest.mark.parametrize(
    ("answer", "channel", "leaves", "enters"),
    [("into_session", "true", "all", "none"), ("both", "true", "none", "none"), ("off", "false", "all", "all")],
)
def test_the_clipboard_of_linux_sessions(answer: str, channel: str, leaves: str, enters: str):
    settings = chosen("session_clipboard", answer, "vdi_host")
    manager = lines_of(settings, "/etc/xrdp/sesman.ini")
    assert lines_of(settings, "/etc/xrdp/xrdp.ini")["cliprdr"] == channel
    assert (manager["RestrictOutboundClipboard"], manager["RestrictInboundClipboard"]) == (leaves, enters)


@pytest.mark.parametrize(("answer", "idle", "ends"), [("working_day", "7200", "21600"), ("short", "900", "60")])
def test_the_limits_of_linux_sessions(answer: str, idle: str, ends: str):
    manager = lines_of(chosen("session_limits", answer, "vdi_host"), "/etc/xrdp/sesman.ini")
    assert (manager["KillDisconnected"], manager["IdleTimeLimit"], manager["DisconnectedTimeLimit"]) == (
        "true",
        idle,
        ends,
    )


def test_sh_reads_every_script(written: list[Written]):
    scripts = [one.body["content"] for one in written if str(one.body.get("content", "")).startswith("#!/bin/sh\n")]
    assert len(scripts) == 3
    for script in scripts:
        subprocess.run(["/bin/sh", "-n"], input=script, text=True, check=True)


def script_of(written: list[Written], name: str) -> str:
    """The text of the script that a setting puts on a host."""
    (found,) = [str(one.body["content"]) for one in written if one.id == name]
    return found


LPSTAT = """#!/bin/sh
echo 'device for kept: ipp://print.sliedrecht.nl/printers/A'
echo 'device for moved: ipp://old.sliedrecht.nl/printers/B'
echo 'device for gone: ipp://print.sliedrecht.nl/printers/C'
"""
LPADMIN = """#!/bin/sh
echo "$@" >> "$CALLS"
[ "$2" != broken ]
"""


def run_print_queues(written: list[Written], tmp_path, listed: str) -> tuple[int, list[str]]:
    """Exit code of the script, and how it called lpadmin, where lpstat knows three queues."""
    for name, text in {"lpstat": LPSTAT, "lpadmin": LPADMIN}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "list").write_text(listed)
    script = script_of(written, "kiosk_print_queues").replace("/etc/werkplek/printers.list", str(tmp_path / "list"))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CALLS": str(tmp_path / "calls")}
    done = subprocess.run(["/bin/sh"], input=script, text=True, env=environment, capture_output=True, check=False)
    assert done.stderr == ""
    return done.returncode, (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []


def test_print_queues_are_made_moved_and_removed(written: list[Written], tmp_path):
    listed = (
        "kept ipp://print.sliedrecht.nl/printers/A\n"
        "moved ipp://print.sliedrecht.nl/printers/B\n"
        "new ipp://print.sliedrecht.nl/printers/D%20E\n"
    )
    assert run_print_queues(written, tmp_path, listed) == (
        0,
        [
            "-p moved -E -v ipp://print.sliedrecht.nl/printers/B -m everywhere",
            "-p new -E -v ipp://print.sliedrecht.nl/printers/D%20E -m everywhere",
            "-x gone",
        ],
    )


def test_a_queue_whose_server_is_away_fails_and_keeps_no_other_back(written: list[Written], tmp_path):
    listed = "broken ipp://away/printers/A\nnew ipp://print.sliedrecht.nl/printers/D\n"
    code, calls = run_print_queues(written, tmp_path, listed)
    assert (code, calls[1]) == (1, "-p new -E -v ipp://print.sliedrecht.nl/printers/D -m everywhere")
    assert calls[2:] == ["-x kept", "-x moved", "-x gone"]


CLIENT = """#!/bin/sh
echo "$@" >> "$CALLS"
exit $(($(wc -l < "$CALLS") * 131 - 131))
"""


def test_a_kiosk_asks_who_is_there_and_starts_its_client_again(written: list[Written], tmp_path):
    (tmp_path / "xfreerdp3").write_text(CLIENT)
    (tmp_path / "xfreerdp3").chmod(0o755)
    (tmp_path / "kiosk.conf").write_text("colour=#00468b\nname=Hendrik-Ido-Ambacht\nhelp=14 078, keuze 1 = balie\n")
    script = script_of(written, "kiosk_client").replace("/etc/werkplek/kiosk.conf", str(tmp_path / "kiosk.conf"))
    (tmp_path / "client").write_text(script.replace("sleep 3", "sleep 0"))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CALLS": str(tmp_path / "calls"), "HOME": str(tmp_path)}
    command, people = ["/bin/sh", str(tmp_path / "client")], "j.jansen\n\na.de vries\n"
    done = subprocess.run(command, input=people, text=True, env=environment, capture_output=True, check=False)
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"/etc/werkplek/vdi.rdp /u:{name} /cert:deny /log-level:ERROR" for name in ("j.jansen", "a.de vries")
    ]
    asked = "\033c\n  Hendrik-Ido-Ambacht\n\n  Hulp nodig? Bel 14 078, keuze 1 = balie\n\n  Naam: "
    assert done.stdout == asked * 3 + "\n  Dat ging niet. Probeer het opnieuw.\n" + asked
