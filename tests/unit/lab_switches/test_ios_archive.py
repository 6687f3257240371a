"""Saving, copying, replacing and going back on IOS."""

from __future__ import annotations

import pytest
from ios_bench import FIRST, IOS, Bench, switch

from werkplek.lab.switches.device import Device

MINUTE = 60.0


@pytest.fixture
def device() -> Device:
    return switch()


@pytest.fixture
def bench(device: Device) -> Bench:
    return Bench(device)


def with_archive(bench: Bench) -> None:
    bench.configure("archive", "path flash:bewaard", "end")


def answer(bench: Bench, line: str, *keys: str) -> str:
    """What is shown in the end, after a line and the answers to its questions."""
    shown = bench.press(f"{line}\r")
    for key in keys:
        shown = bench.press(key)
    return shown


def test_running_and_startup_are_apart_until_saved(bench: Bench, device: Device) -> None:
    bench.configure("ip domain name een.nl", "end")
    assert "een.nl" not in bench.type("show startup-config")
    assert bench.type("write memory") == "Building configuration...\n[OK]"
    assert "ip domain name een.nl" in bench.type("show startup-config").splitlines()
    assert device.startup == IOS.running_text(device)


def test_saving_asks_for_a_name_where_a_copy_is_asked_for(bench: Bench, device: Device) -> None:
    assert bench.press("copy running-config startup-config\r").endswith("Destination filename [startup-config]? ")
    bench.configure("ip domain name een.nl", "end")
    bench.type("copy running-config startup-config", "")
    assert "een.nl" in device.startup


def test_the_whole_text_gives_the_same_configuration_again(bench: Bench, device: Device) -> None:
    bench.configure(
        "aaa new-model", "banner login #", "Alleen", "! beheerders", "#", "vlan 410", "name x", "line aux 0", "no exec"
    )
    text = IOS.running_text(device)
    IOS.load(device, text)
    assert IOS.running_text(device) == text


def test_a_copy_asks_for_its_name_and_before_it_overwrites(bench: Bench, device: Device) -> None:
    assert bench.press("copy running-config flash:eerst.cfg\r").endswith("Destination filename [eerst.cfg]? ")
    size = len(IOS.running_text(device))
    assert f"{size} bytes copied in" in bench.press("\r")
    bench.press("copy running-config flash:eerst.cfg\r")
    assert bench.press("\r").endswith("Do you want to over write? [confirm]")
    assert "bytes copied" in bench.press("\r")
    assert bench.type("more flash:eerst.cfg").startswith("version 17.9")
    assert "eerst.cfg" in bench.type("dir")
    assert bench.type("more flash:weg.cfg") == "%Error opening flash:weg.cfg (No such file or directory)"


def test_a_switch_told_to_be_quiet_asks_nothing(bench: Bench) -> None:
    bench.configure("file prompt quiet", "end")
    assert "bytes copied" in bench.type("copy running-config flash:a.cfg")
    assert "bytes copied" in bench.type("copy running-config flash:a.cfg")


def test_files_can_be_taken_away(bench: Bench, device: Device) -> None:
    answer(bench, "copy running-config flash:a.cfg", "\r")
    bench.type("delete /force flash:a.cfg")
    assert device.files == {}
    assert bench.type("delete /force flash:a.cfg") == "%Error deleting flash:a.cfg (No such file or directory)"


def test_a_replacement_takes_away_and_adds(bench: Bench, device: Device) -> None:
    before = IOS.running_text(device)
    answer(bench, "copy running-config flash:eerst.cfg", "\r")
    bench.configure("vlan 410", "interface Vlan410", "no lldp run", "hostname anders", "end")
    assert bench.type("configure replace flash:eerst.cfg force") == "Total number of passes: 1\nRollback Done\n"[:-1]
    assert IOS.running_text(device) == before
    assert bench.type("configure replace flash:weg.cfg force").startswith("%Error opening flash:weg.cfg")


def test_a_replacement_asks_unless_forced(bench: Bench, device: Device) -> None:
    answer(bench, "copy running-config flash:eerst.cfg", "\r")
    bench.configure("hostname anders", "end")
    assert bench.press("configure replace flash:eerst.cfg\r").endswith("sure you want to proceed. ? [no]: ")
    bench.press("\r")
    assert bench.prompt == "anders#"
    answer(bench, "configure replace flash:eerst.cfg", "y\r")
    assert bench.prompt == "pap-sw-01#"


def test_a_replacement_with_a_line_that_is_none_changes_nothing(bench: Bench, device: Device) -> None:
    device.files["flash:fout.cfg"] = FIRST.replace("lldp run", "lldp rum")
    before = IOS.running_text(device)
    assert bench.type("configure replace flash:fout.cfg force").startswith("lldp rum\n")
    assert IOS.running_text(device) == before


def test_no_way_back_by_itself_without_an_archive(bench: Bench) -> None:
    assert bench.type("configure terminal revert timer 5") == (
        "%Turn config archive on before using Rollback Confirmed Change"
    )
    assert bench.prompt == "pap-sw-01#"
    assert bench.type("show archive") == "Archive feature not enabled"
    assert bench.type("archive config") == "Archive feature not enabled"


def test_what_is_not_confirmed_goes_back_when_its_time_is_up(bench: Bench, device: Device) -> None:
    with_archive(bench)
    before = IOS.running_text(device)
    said = bench.type("configure terminal revert timer 5")
    assert said == (
        "Rollback Confirmed Change: Backing up current running config to flash:bewaard-1\n\n"
        "Enter configuration commands, one per line.  End with CNTL/Z."
    )
    bench.type("hostname anders", "vlan 410", "end")
    device.clock.advance(5 * MINUTE - 1)
    assert bench.prompt == "anders#"
    device.clock.advance(1)
    assert IOS.running_text(device) == before
    assert bench.type("show archive config rollback timer") == "%No Rollback Confirmed Change pending"


def test_what_is_confirmed_stays(bench: Bench, device: Device) -> None:
    with_archive(bench)
    bench.type("configure terminal revert timer 5", "hostname anders", "end")
    assert bench.type("show archive config rollback timer") == (
        "Timer type: absolute timer\nTimer value: 5 min\nUser: beheer"
    )
    assert bench.type("configure confirm") == ""
    device.clock.advance(6 * MINUTE)
    assert bench.prompt == "anders#"
    assert bench.type("configure confirm") == "%No Rollback Confirmed Change pending"


def test_back_at_once(bench: Bench, device: Device) -> None:
    with_archive(bench)
    before = IOS.running_text(device)
    bench.type("configure terminal revert timer 5", "hostname anders", "end")
    assert bench.type("configure revert now").startswith("Rollback Confirmed Change: Rolling to: flash:bewaard-1")
    assert IOS.running_text(device) == before
    assert bench.type("configure revert now") == "%No Rollback Confirmed Change pending"


def test_only_one_way_back_at_a_time_and_it_can_be_put_off(bench: Bench, device: Device) -> None:
    with_archive(bench)
    bench.type("configure terminal revert timer 5", "hostname anders", "end")
    assert bench.type("configure terminal revert timer 5").startswith("%Existing rollback change already pending.")
    device.clock.advance(4 * MINUTE)
    bench.type("configure revert timer 5")
    device.clock.advance(4 * MINUTE)
    assert bench.prompt == "anders#"
    device.clock.advance(MINUTE)
    assert bench.prompt == "pap-sw-01#"


def test_the_way_back_outlives_the_session(bench: Bench, device: Device) -> None:
    with_archive(bench)
    bench.type("configure terminal revert timer 5", "hostname anders")
    bench.session.end(cut=True)
    device.clock.advance(5 * MINUTE)
    assert Bench(device).prompt == "pap-sw-01#"


def test_the_archive_keeps_ten_and_tells_them(bench: Bench, device: Device) -> None:
    bench.configure("archive", "path flash:bewaard", "write-memory", "end")
    for _ in range(12):
        bench.type("write memory")
    rows = bench.type("show archive").splitlines()
    assert rows[1] == "The next archive file will be named flash:bewaard-13"
    assert rows[3] == "   1        flash:bewaard-3"
    assert rows[-1] == "   10       flash:bewaard-12 <- Most Recent"
    assert len(device.files) == 10


def test_a_restart_brings_back_what_was_saved_and_cuts_everybody(bench: Bench, device: Device) -> None:
    other = Bench(device)
    bench.configure("snmp-server user mon G v3 auth sha geheim1", "hostname anders", "end")
    bench.press("reload\r")
    assert bench.press("no\r").endswith("Proceed with reload? [confirm]")
    bench.press("\r")
    assert bench.closed
    assert other.closed
    assert device.sessions == {}
    again = Bench(device)
    assert again.prompt == "pap-sw-01#"
    assert again.type("show snmp user") == "%SNMP agent not enabled"


def test_a_restart_later_can_be_called_off(bench: Bench, device: Device) -> None:
    bench.configure("hostname anders", "end")
    assert bench.press("reload in 5\r").endswith("System configuration has been modified. Save? [yes/no]: ")
    assert "% Please answer 'yes' or 'no'." in bench.press("\r")
    shown = bench.press("no\r")
    assert "Reload scheduled in 5 minutes by beheer on vty0\r\n" in shown
    assert shown.endswith("Proceed with reload? [confirm]")
    bench.press("\r")
    assert bench.type("show reload") == "Reload scheduled in 5 minutes and 0 seconds by beheer on vty0"
    assert "--- SHUTDOWN ABORTED ---" in bench.type("reload cancel")
    device.clock.advance(6 * MINUTE)
    assert bench.prompt == "anders#"
    assert bench.type("reload cancel") == "%No reload is scheduled."


def test_a_restart_later_happens(bench: Bench, device: Device) -> None:
    bench.configure("hostname anders", "end")
    answer(bench, "reload in 5", "no\r", "\r")
    device.clock.advance(5 * MINUTE)
    assert bench.closed
    assert Bench(device).prompt == "pap-sw-01#"


def test_nothing_is_asked_about_saving_when_all_is_saved(bench: Bench) -> None:
    assert bench.press("reload\r").endswith("Proceed with reload? [confirm]")
    assert bench.press("n").endswith("pap-sw-01#")
    assert not bench.closed


def test_saving_on_the_way_to_a_restart(bench: Bench, device: Device) -> None:
    bench.configure("hostname anders", "end")
    answer(bench, "reload", "yes\r", "\r")
    assert Bench(device).prompt == "anders#"


def test_vlans_that_vtp_keeps_survive_a_restart() -> None:
    device = switch(text=FIRST.replace("vtp mode transparent\n", ""))
    bench = Bench(device)
    bench.configure("vlan 77", "end")
    IOS.restart(device)
    assert "VLAN0077" in Bench(device).type("show vlan brief")


def test_an_erased_switch_starts_empty(bench: Bench, device: Device) -> None:
    answer(bench, "write erase", "\r")
    assert bench.type("show startup-config") == "startup-config is not present"
    IOS.restart(device)
    assert Bench(device).prompt == "Switch>"
