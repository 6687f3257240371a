import stat
from dataclasses import replace

import pytest
from registry_estate import device, rows, snapshot, with_devices

from werkplek.errors import WerkplekError
from werkplek.registry.shrink import keep_last_good, last_good_path
from werkplek.registry.snapshot import load


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))


def estate(papendrecht, ambacht, **columns):
    return snapshot(
        with_devices(
            *(device(number, f"PAP-{number}", **columns) for number in range(1, papendrecht + 1)),
            *(device(500 + number, f"HIA-{number}", tenant=2) for number in range(ambacht)),
        )
    )


def test_each_complete_reading_is_kept_privately(config):
    keep_last_good(snapshot(rows()), config, 20, {})
    path = last_good_path("https://netbox.example/")
    assert load(path) == snapshot(rows())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_loss_within_the_limit_is_normal(config):
    keep_last_good(estate(10, 5), config, 20, {})
    keep_last_good(estate(8, 4), config, 20, {})
    assert load(last_good_path("https://netbox.example/")) == estate(8, 4)


def test_a_larger_loss_stops_and_names_municipality_and_counts(config):
    keep_last_good(estate(10, 5), config, 20, {})
    with pytest.raises(WerkplekError) as caught:
        keep_last_good(estate(7, 0), config, 20, {})
    path = last_good_path("https://netbox.example/")
    assert str(caught.value).splitlines() == [
        "The registry https://netbox.example/ lost more hosts than 20%",
        f"  municipality hendrik-ido-ambacht: found 0 hosts, after 5 in {path}; expected at least 4 hosts. "
        "If this is meant, set WERKPLEK_ALLOW_SHRINK=hendrik-ido-ambacht for one run.",
        f"  municipality papendrecht: found 7 hosts, after 10 in {path}; expected at least 8 hosts. "
        "If this is meant, set WERKPLEK_ALLOW_SHRINK=papendrecht for one run.",
    ]
    assert load(path) == estate(10, 5)


def test_hosts_that_fall_into_quarantine_count_as_lost(config):
    keep_last_good(estate(10, 5), config, 20, {})
    with pytest.raises(WerkplekError, match="municipality papendrecht: found 0 hosts, after 10"):
        keep_last_good(estate(10, 5, platform=None), config, 20, {})


def test_the_override_is_for_the_municipalities_it_names(config):
    keep_last_good(estate(10, 5), config, 20, {})
    with pytest.raises(WerkplekError, match="municipality papendrecht"):
        keep_last_good(estate(0, 0), config, 20, {"WERKPLEK_ALLOW_SHRINK": "hendrik-ido-ambacht"})
    keep_last_good(estate(0, 0), config, 20, {"WERKPLEK_ALLOW_SHRINK": "hendrik-ido-ambacht, papendrecht"})
    keep_last_good(estate(0, 0), config, 20, {})


def test_a_municipality_that_left_the_registry_has_shrunk(config):
    keep_last_good(estate(10, 5), config, 20, {})
    objects = with_devices(*(device(number, f"PAP-{number}") for number in range(1, 11)))
    objects["tenancy.tenant"][1]["group"] = 2
    with pytest.raises(WerkplekError, match="municipality hendrik-ido-ambacht: found 0 hosts, after 5"):
        keep_last_good(snapshot(objects), config, 20, {})


def test_another_netbox_is_another_history(config):
    keep_last_good(estate(10, 5), config, 20, {})
    keep_last_good(replace(estate(1, 0), source="http://127.0.0.1:8000/"), config, 20, {})
    with pytest.raises(WerkplekError, match="after 10"):
        keep_last_good(estate(1, 0), config, 20, {})


def test_a_last_good_reading_that_was_tampered_with_stops(config):
    keep_last_good(estate(10, 5), config, 20, {})
    path = last_good_path("https://netbox.example/")
    path.write_text(path.read_text().replace("PAP-3", "PAP-X"))
    with pytest.raises(WerkplekError, match="The file was changed after it was written") as caught:
        keep_last_good(estate(10, 5), config, 20, {})
    assert caught.value.summary == f"The registry's last good reading cannot be used; remove {path} to begin anew"


def test_a_state_folder_that_cannot_be(config, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "file"))
    with pytest.raises(WerkplekError) as caught:
        keep_last_good(estate(10, 5), config, 20, {})
    assert str(caught.value).splitlines() == [
        "The registry's last good reading cannot be kept",
        f"  {tmp_path}/file: found File exists; expected a state folder that can be written. "
        "Set WERKPLEK_STATE to a folder of your own.",
    ]
