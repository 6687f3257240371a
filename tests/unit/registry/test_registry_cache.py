"""A cache is used whole or not at all, and by nobody but the one who made it with the same question and token."""

import os
import socket
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from registry_estate import config
from registry_refusals import refusal_of

from werkplek.registry import cache
from werkplek.registry.api_config import ApiConfig
from werkplek.registry.cache import Entry, cache_dir, load, save, stem, touch
from werkplek.registry.changes import Change, Log, Mark
from werkplek.registry.live import Live
from werkplek.registry.source import SourceConfig

KEY = {"url": "https://netbox.example/", "include": ["ports"], "filters": {"dcim.device": {"role": ("a", "b")}}}
TOKEN = "0123456789abcdef0123456789abcdef01234567"
CHANGE = Change(9, "2026-11-23T12:00:00.000000Z", "dcim.device", 4)
ENTRY = Entry(
    key=KEY,
    netbox_version="4.4.10",
    full_read_at="2026-11-23T12:00:00Z",
    looked_at="2026-11-23T12:00:01Z",
    checked_at="2026-11-23T12:00:02Z",
    marks={"dcim.device": Mark(3, "2026-11-23T12:00:00.000000Z"), "dcim.site": Mark(0, None)},
    log=Log(CHANGE, frozenset({7, 8, 9})),
    port_roles=(5, 6),
    inventory_key="abc",
)
PARTS = {"rows": b'{"rows":\n"\xc3\xa9"}' * 8, "inventory": b'{"hosts":[]}\n' * 8}
FOREIGN = "it is not a private file of this user"
OTHER = "it is of another source, token or version"
DAMAGED = "it is damaged"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.cache"


@pytest.fixture
def kept(path):
    save(path, ENTRY, PARTS)
    return path


def test_what_was_kept_comes_back(kept):
    cached, reason = load(kept, KEY)
    assert reason == ""
    assert cached.entry == replace(ENTRY, key=KEY | {"filters": {"dcim.device": {"role": ["a", "b"]}}})
    assert {"rows": bytes(cached.rows), "inventory": bytes(cached.inventory)} == PARTS
    assert cached.path == kept


@pytest.mark.parametrize("parts", [{"rows": b"", "inventory": b""}, {"rows": b"\n", "inventory": b"\n\n"}])
def test_parts_may_be_empty_or_all_line_ends(path, parts):
    save(path, ENTRY, parts)
    cached, _reason = load(path, KEY)
    assert {"rows": bytes(cached.rows), "inventory": bytes(cached.inventory)} == parts


def test_an_empty_change_log_comes_back_as_one(path):
    log = Log(None, frozenset())
    save(path, replace(ENTRY, log=log), PARTS)
    assert load(path, KEY)[0].entry.log == log


def test_it_is_private_and_replaces_the_one_before(path):
    path.write_text("old")
    path.chmod(0o666)
    save(path, ENTRY, PARTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["a.cache"]
    assert load(path, KEY)[1] == ""


def test_there_is_none(path):
    assert load(path, KEY) == (None, "")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o660, 0o666, 0o777])
def test_a_file_that_others_may_touch(kept, mode):
    kept.chmod(mode)
    assert load(kept, KEY) == (None, FOREIGN)


@as_root
def test_a_file_of_someone_else(kept):
    os.chown(kept, 12345, -1)
    assert load(kept, KEY) == (None, FOREIGN)


def test_a_link_is_not_followed(kept):
    link = kept.with_name("link")
    link.symlink_to(kept)
    assert load(link, KEY) == (None, "Too many levels of symbolic links")


def test_what_is_no_file(tmp_path):
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", mode=0o600)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert load(tmp_path / "folder", KEY) == (None, FOREIGN)
        assert load(tmp_path / "pipe", KEY) == (None, FOREIGN)
        assert load(tmp_path / "socket", KEY) == (None, "No such device or address")
    assert load(tmp_path / "folder" / "a.cache" / "b", KEY) == (None, "")
    (tmp_path / "plain").touch()
    assert load(tmp_path / "plain" / "b", KEY) == (None, "Not a directory")


def test_cut_anywhere_it_is_not_used(kept):
    whole = kept.read_bytes()
    cuts = {len(whole) * part // 50 for part in range(50)} | {1, 63, 64, 65, 66, len(whole) - 1}
    for at in sorted(cuts):
        kept.write_bytes(whole[:at])
        assert load(kept, KEY) == (None, DAMAGED), at


def test_with_any_bit_of_any_byte_turned_it_is_not_used(kept):
    whole = kept.read_bytes()
    for at in range(len(whole)):
        for bit in (0, 7) if at % 5 else range(8):
            kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            assert load(kept, KEY) == (None, DAMAGED), (at, bit)


@pytest.mark.parametrize("more", [b"\n", b"x", b"x" * 1000])
def test_with_more_at_its_end_it_is_not_used(kept, more):
    kept.write_bytes(kept.read_bytes() + more)
    assert load(kept, KEY) == (None, DAMAGED)


@pytest.mark.parametrize("content", [b"", b"\n", b"\n" * 100, b"{}", b"\x00" * 65, b"0" * 64 + b"\n{}\n"])
def test_what_is_no_cache(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    assert load(path, KEY) == (None, DAMAGED)


def test_parts_of_another_file_are_not_taken(kept, tmp_path):
    other = tmp_path / "other"
    save(other, ENTRY, {name: part[::-1] for name, part in PARTS.items()})
    ours, theirs = kept.read_bytes(), other.read_bytes()
    size = sum(map(len, PARTS.values()))
    kept.write_bytes(ours[:-size] + theirs[-size:])
    assert load(kept, KEY) == (None, DAMAGED)


@pytest.mark.parametrize(
    "key",
    [
        {},
        KEY | {"url": "https://netbox.example/b/"},
        KEY | {"include": []},
        KEY | {"filters": {}},
        KEY | {"filters": {"dcim.device": {"role": ("b", "a")}}},
        KEY | {"token": "x"},
    ],
)
def test_another_question_gets_no_answer(kept, key):
    assert load(kept, key) == (None, OTHER)


def test_a_file_of_another_format(kept, monkeypatch):
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    assert load(kept, KEY) == (None, OTHER)


def live(folder, token=TOKEN, **more):
    api = ApiConfig("https://netbox.example/", token, verify=True, ca_file=None, timeout=5, page_size=1000)
    return Live(api, SourceConfig(frozenset(), {}, 24, 20, False), config(folder, **more), {})


def test_another_token_finds_the_file_and_does_not_use_it(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    mine, theirs = live(tmp_path), live(tmp_path, token=TOKEN[::-1])
    assert mine.cache_path() == theirs.cache_path()
    save(mine.cache_path(), replace(ENTRY, key=mine.key()), PARTS)
    assert load(mine.cache_path(), mine.key())[1] == ""
    assert load(theirs.cache_path(), theirs.key()) == (None, OTHER)
    content = mine.cache_path().read_bytes()
    for secret in (TOKEN, TOKEN[:20], TOKEN[20:]):
        assert secret.encode() not in content


def test_what_is_asked_names_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    names = {live(tmp_path).cache_path(), live(tmp_path, tenant_group="others").cache_path()}
    names.add(live(tmp_path, classes={"workstation": ["laptop"]}).cache_path())
    assert len(names) == 3
    assert {path.parent for path in names} == {tmp_path / "state" / "registry"}
    assert live(tmp_path, lifecycle=["planned"]).cache_path() in names
    assert stem({"a": 1, "b": 2}) == stem({"b": 2, "a": 1}) != stem({"a": 1, "b": 3})


def test_its_age_is_that_of_the_last_look(kept):
    os.utime(kept, (0, 0))
    cached, _reason = load(kept, KEY)
    assert cached.checked == datetime(2026, 11, 23, 12, 0, 2, tzinfo=UTC)
    later = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    touch(cached, later)
    assert load(kept, KEY)[0].checked == later
    kept.unlink()
    touch(cached, later)
    assert not kept.exists()


def test_the_folder_is_private(tmp_path, monkeypatch):
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "a" / "b"))
    folder = cache_dir()
    assert folder == tmp_path / "a" / "b" / "registry"
    assert {stat.S_IMODE(made.stat().st_mode) for made in (folder, folder.parent)} == {0o700}


def test_a_folder_that_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "file"))
    expected = (
        "The registry's last good reading cannot be kept",
        [
            f"{tmp_path}/file: found File exists; expected a state folder that can be written. "
            "Set WERKPLEK_STATE to a folder of your own."
        ],
    )
    assert refusal_of(cache_dir) == expected


def test_a_file_that_cannot_be_written(tmp_path):
    path = tmp_path / "nowhere" / "a.cache"
    summary, (problem,) = refusal_of(save, path, ENTRY, PARTS)
    assert summary == "The registry's last good reading cannot be kept"
    assert problem.startswith(f"{tmp_path}/nowhere/.a.cache.")
    assert problem.endswith(
        ": found No such file or directory; expected a state folder that can be written. "
        "Set WERKPLEK_STATE to a folder of your own."
    )


def test_many_at_once_leave_one_whole_file(path):
    """Readers meanwhile see a whole file, one of those that were written."""
    written = [{"rows": b"%d" % number * 50_000, "inventory": b"%d" % number * 30_000} for number in range(4)]
    barrier, seen, failures = threading.Barrier(5), [], []
    save(path, ENTRY, written[0])

    def attempt(work):
        try:
            barrier.wait()
            for _turn in range(25):
                work()
        except BaseException as error:
            failures.append(error)

    def look():
        cached, reason = load(path, KEY)
        seen.append((reason, cached and {"rows": bytes(cached.rows), "inventory": bytes(cached.inventory)}))

    writers = [
        threading.Thread(target=attempt, args=[lambda parts=parts: save(path, ENTRY, parts)]) for parts in written
    ]
    threads = [*writers, threading.Thread(target=attempt, args=[look])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    look()
    assert failures == []
    assert all(reason == "" and parts in written for reason, parts in seen)
    assert [file.name for file in path.parent.iterdir()] == ["a.cache"]


def test_a_write_that_fails_leaves_the_old_file(kept, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device", str(kept))

    monkeypatch.setattr(os, "fsync", full)
    summary, _problems = refusal_of(save, kept, ENTRY, {"rows": b"new", "inventory": b"new"})
    assert summary == "The registry's last good reading cannot be kept"
    assert bytes(load(kept, KEY)[0].rows) == PARTS["rows"]
    assert [file.name for file in kept.parent.iterdir()] == ["a.cache"]
