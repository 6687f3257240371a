import json
import stat

import pytest
from registry_estate import device, snapshot, with_devices
from registry_refusals import refusal_of

from werkplek.registry.hosts import Inventory
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.shrink import OVERRIDE, baseline_path, check, keep

QUESTION = {"url": "https://netbox.example/", "filters": {}}


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))


@pytest.fixture
def path():
    return baseline_path(QUESTION)


def reading(**usable):
    """An inventory of which only the counts matter; underscores are hyphens."""
    counts = {slug.replace("_", "-"): count for slug, count in usable.items()}
    return Inventory("https://netbox.example/", "2026-11-23T12:00:00Z", (), (), 0, counts, ())


def refusal(path, inventory, limit=20, **environment):
    summary, problems = refusal_of(check, path, inventory, limit, environment)
    assert summary == f"The registry https://netbox.example/ lost more hosts than {limit}%"
    return problems


def test_the_counts_of_each_reading_are_kept_privately(path):
    keep(path, reading(papendrecht=10, hendrik_ido_ambacht=0))
    assert json.loads(path.read_bytes()) == {"papendrecht": 10, "hendrik-ido-ambacht": 0}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_equal_counts_leave_the_file_alone(path):
    keep(path, reading(papendrecht=10, sliedrecht=1))
    before = path.stat()
    keep(path, reading(sliedrecht=1, papendrecht=10))
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    keep(path, reading(sliedrecht=1, papendrecht=9))
    assert json.loads(path.read_bytes()) == {"papendrecht": 9, "sliedrecht": 1}


def test_a_first_reading_has_nothing_to_be_compared_with(path):
    check(path, reading(papendrecht=0), 0, {})
    assert not path.exists()


@pytest.mark.parametrize(
    ("limit", "before", "least"),
    [(20, 10, 8), (20, 5, 4), (20, 4, 4), (20, 1, 1), (0, 10, 10), (100, 10, 0), (50, 3, 2), (33, 100, 67), (20, 0, 0)],
)
def test_the_limit_is_a_share_and_rounds_to_the_safe_side(path, limit, before, least):
    keep(path, reading(papendrecht=before))
    for now in (before + 3, before, least):
        check(path, reading(papendrecht=now), limit, {})
    if least:
        assert refusal(path, reading(papendrecht=least - 1), limit) == [
            f"municipality papendrecht: found {least - 1} hosts, after {before} in {path}; expected at least {least} "
            "hosts. If this is meant, set WERKPLEK_ALLOW_SHRINK=papendrecht for one run."
        ]


def test_a_larger_loss_stops_and_names_municipality_and_counts(path):
    keep(path, reading(papendrecht=10, hendrik_ido_ambacht=5, sliedrecht=7))
    assert refusal(path, reading(papendrecht=7, hendrik_ido_ambacht=0, sliedrecht=70)) == [
        f"municipality hendrik-ido-ambacht: found 0 hosts, after 5 in {path}; expected at least 4 hosts. "
        "If this is meant, set WERKPLEK_ALLOW_SHRINK=hendrik-ido-ambacht for one run.",
        f"municipality papendrecht: found 7 hosts, after 10 in {path}; expected at least 8 hosts. "
        "If this is meant, set WERKPLEK_ALLOW_SHRINK=papendrecht for one run.",
    ]
    assert json.loads(path.read_bytes())["papendrecht"] == 10


def test_a_municipality_that_left_the_registry_has_shrunk(path):
    keep(path, reading(papendrecht=10, hendrik_ido_ambacht=1))
    (problem,) = refusal(path, reading(papendrecht=10))
    assert problem.startswith("municipality hendrik-ido-ambacht: found 0 hosts, after 1 in ")


def test_a_new_municipality_has_not(path):
    keep(path, reading(papendrecht=10))
    check(path, reading(papendrecht=10, sliedrecht=0), 0, {})


def test_hosts_that_fall_into_quarantine_count_as_lost(path, config):
    def inventory(**columns):
        devices = [device(number, f"PAP-{number}", **columns) for number in range(1, 11)]
        return compile_inventory(snapshot(with_devices(*devices)), config)

    keep(path, inventory())
    check(path, inventory(status="offline"), 0, {})
    (problem,) = refusal(path, inventory(platform=None))
    assert problem.startswith(f"municipality papendrecht: found 0 hosts, after 10 in {path}; ")


def test_the_override_is_for_the_municipalities_it_names(path):
    keep(path, reading(papendrecht=10, hendrik_ido_ambacht=5))
    nothing = reading(papendrecht=0, hendrik_ido_ambacht=0)
    for names in ("papendrecht", " papendrecht ,x", "Hendrik-Ido-Ambacht,papendrecht"):
        (problem,) = refusal(path, nothing, **{OVERRIDE: names})
        assert problem.startswith("municipality hendrik-ido-ambacht: found 0 hosts")
    for names in ("", "all", "*", "papendrecht hendrik-ido-ambacht"):
        assert len(refusal(path, nothing, **{OVERRIDE: names})) == 2
    check(path, nothing, 20, {OVERRIDE: "hendrik-ido-ambacht, papendrecht"})


def test_another_question_is_another_history(path):
    keep(path, reading(papendrecht=10))
    elsewhere = baseline_path(QUESTION | {"filters": {"dcim.device": {"role": ["kiosk"]}}})
    check(elsewhere, reading(papendrecht=1), 20, {})
    assert len(refusal(path, reading(papendrecht=1))) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'{"papendrecht": "10"}', b'{"papendrecht": -1}', b'{"papendrecht": true}',
        b'{"papendrecht": 1.5}', b'{"papendrecht": null}', b"\xff\xfe", b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_baseline_stops_and_stays(path, content):
    path.write_bytes(content)
    assert refusal_of(check, path, reading(papendrecht=10), 100, {OVERRIDE: "papendrecht"}) == (
        f"The registry's last good reading cannot be used; remove {path} to begin anew",
        [f"{path}: found a damaged file; expected hosts per municipality, as JSON"],
    )
    assert path.read_bytes() == content


UNWRITABLE = "expected a state folder that can be written. Set WERKPLEK_STATE to a folder of your own."


def test_a_state_folder_that_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "file"))
    assert refusal_of(baseline_path, QUESTION) == (
        "The registry's last good reading cannot be kept",
        [f"{tmp_path}/file: found File exists; {UNWRITABLE}"],
    )


def test_a_baseline_that_is_a_folder(path):
    path.mkdir()
    expected = ("The registry's last good reading cannot be kept", [f"{path}: found Is a directory; {UNWRITABLE}"])
    assert refusal_of(check, path, reading(papendrecht=1), 20, {}) == expected
    assert refusal_of(keep, path, reading(papendrecht=1)) == expected


def test_a_folder_that_went_away(path):
    path.parent.rmdir()
    summary, (problem,) = refusal_of(keep, path, reading(papendrecht=1))
    assert summary == "The registry's last good reading cannot be kept"
    assert problem.startswith(f"{path.parent}/.{path.name}.")
    assert problem.endswith(f": found No such file or directory; {UNWRITABLE}")
