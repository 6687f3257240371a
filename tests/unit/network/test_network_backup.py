"""Configurations that are kept: one for each that differs, dated, and the owner's alone."""

import stat
from datetime import UTC, datetime, timedelta, timezone

from werkplek.network import backup

NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)
TEXT = "Building configuration...\n\nCurrent configuration : 10 bytes\n!\n! Last change at 10:00\nhostname P1\n"


def test_a_configuration_is_kept_under_its_switch_and_date(tmp_path):
    file = backup.keep(tmp_path, "P1", TEXT, NOON)
    assert file == tmp_path / "backups/network/P1/2026-11-24T120005Z.cfg"
    assert file.read_text() == TEXT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_date_is_in_utc(tmp_path):
    amsterdam = NOON.astimezone(timezone(timedelta(hours=1)))
    assert backup.keep(tmp_path, "P1", TEXT, amsterdam).name == "2026-11-24T120005Z.cfg"


def test_one_that_says_the_same_is_not_kept_again(tmp_path):
    first = backup.keep(tmp_path, "P1", TEXT, NOON)
    again = (
        TEXT.replace("10 bytes", "11 bytes").replace("10:00", "11:00").replace("\n", "\r\n") + "ntp clock-period 17\n"
    )
    assert backup.keep(tmp_path, "P1", again, NOON + timedelta(days=1)) == first
    assert list(first.parent.iterdir()) == [first]


def test_one_that_differs_is_kept_beside_the_others(tmp_path):
    first = backup.keep(tmp_path, "P1", TEXT, NOON)
    second = backup.keep(tmp_path, "P1", TEXT + "vlan 20\n", NOON + timedelta(days=1))
    third = backup.keep(tmp_path, "P1", TEXT, NOON + timedelta(days=2))
    assert sorted(first.parent.iterdir()) == [first, second, third]
    assert backup.latest(tmp_path, "P1") == third


def test_switches_have_their_own(tmp_path):
    first = backup.keep(tmp_path, "P1", TEXT, NOON)
    assert backup.latest(tmp_path, "P2") is None
    backup.keep(tmp_path, "P2", TEXT, NOON + timedelta(hours=1))
    assert backup.latest(tmp_path, "P1") == first
