"""The compiled file: found again, never trusted when it is not ours or not whole, and light for a worker."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from werkplek.errors import WerkplekError
from werkplek.policy import compiled
from werkplek.policy.compiled import compile_repository, open_store
from werkplek.policy.model import HostFacts

FACTS = HostFacts("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis", {"id": 1})


@pytest.fixture
def root(tmp_path: Path, sources: Callable[..., dict[str, bytes]]) -> Path:
    folder = tmp_path / "checkout"
    for name, content in sources().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that were compiled, in order."""
    done: list[Path] = []
    real = compiled._compile

    def counted(sources: dict[str, bytes], path: Path, digest: str, today: str) -> object:
        done.append(path)
        return real(sources, path, digest, today)

    monkeypatch.setattr(compiled, "_compile", counted)
    return done


def test_it_compiles_once_per_state_of_the_sources(root: Path, cache: Path, compilations: list[Path]):
    first = open_store(root, cache).resolve(FACTS)
    assert open_store(root, cache).resolve(FACTS) == first
    assert gc.isenabled(), "it was only off meanwhile"
    assert len(compilations) == 1
    screen = root / "policies/baseline/screen.yml"
    stamp = screen.stat().st_mtime_ns
    screen.write_text(screen.read_text().replace("600", "601"))  # same length
    os.utime(screen, ns=(stamp, stamp))
    changed = open_store(root, cache).resolve(FACTS)
    assert changed.digest != first.digest
    assert len(compilations) == 2
    screen.write_text(screen.read_text().replace("601", "600"))
    assert open_store(root, cache).resolve(FACTS) == first
    assert len(compilations) == 2


def test_the_file_is_private_and_old_ones_go(root: Path, cache: Path):
    for seconds in range(600, 607):
        screen = root / "policies/baseline/screen.yml"
        screen.write_text(screen.read_text().replace(str(seconds), str(seconds + 1)))
        path = compile_repository(root, cache)
        assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(cache.glob("policy-*"))) == compiled.KEPT_FILES
    assert cache.stat().st_mode & 0o777 == 0o700


def damage_header(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"digest"', b'"Digest"', 1))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def open_to_the_group(path: Path) -> None:
    path.chmod(0o640)


def link_elsewhere(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def other_sources(path: Path) -> None:
    """A whole file that was compiled from other sources, under this name."""
    lines = path.read_bytes().split(b"\n", 2)
    header = lines[1].replace(path.name.removeprefix("policy-").encode(), b"0" * 64)
    path.write_bytes(b"\n".join([compiled.hashlib.sha256(header).hexdigest().encode(), header, lines[2]]))


@pytest.mark.parametrize("harm", [damage_header, truncate, empty, open_to_the_group, link_elsewhere, other_sources])
def test_a_file_that_cannot_be_trusted_is_written_anew(
    harm: Callable[[Path], None], root: Path, cache: Path, compilations: list[Path]
):
    store = open_store(root, cache)
    expected = store.resolve(FACTS)
    harm(store.path)
    assert open_store(root, cache).resolve(FACTS) == expected
    assert len(compilations) == 2
    assert not store.path.is_symlink()
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_another_users_file_is_not_used(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch):
    open_store(root, cache)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(WerkplekError, match="cannot be kept privately: it is not a private file of this user"):
        open_store(root, cache)


def test_damage_found_while_the_store_is_open(root: Path, cache: Path, compilations: list[Path]):
    expected = open_store(root, cache).resolve(FACTS)
    store = open_store(root, cache)
    content = store.path.read_bytes()
    store.path.write_bytes(content.replace(b'"data":600', b'"data":999'))
    assert store.resolve(FACTS) == expected
    assert len(compilations) == 2
    assert b'"data":999' not in store.path.read_bytes()


def test_sources_that_change_below_an_open_store_stop_it(root: Path, cache: Path):
    store = open_store(root, cache)
    store.path.unlink()
    (root / "policies/baseline/screen.yml").write_text("[]")
    with pytest.raises(WerkplekError, match="The policy files changed during the run"):
        store.resolve(FACTS)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        (
            ("laptop", "papendrecht"),
            "host: found workplace class 'laptop'; expected one of: workstation, vdi_host, network",
        ),
        (
            ("workstation", "rotterdam"),
            "host: found municipality 'rotterdam'; expected one of: papendrecht, zwijndrecht. "
            "Write municipalities/rotterdam.yml.",
        ),
    ],
)
def test_a_host_without_a_policy_is_refused(facts: tuple[str, str], problem: str, root: Path, cache: Path):
    with pytest.raises(WerkplekError) as caught:
        open_store(root, cache).resolve(HostFacts(facts[0], ("windows",), facts[1], "broad", "x", {}))
    assert [str(found) for found in caught.value.problems] == [problem]


def test_problems_in_the_repository_reach_the_caller_and_leave_no_file(root: Path, cache: Path):
    (root / "policies/baseline/screen.yml").write_text("- id: x\n")
    with pytest.raises(WerkplekError, match="The policy repository has 2 problems"):
        open_store(root, cache)
    assert list(cache.glob("policy-*")) == []


def test_hidden_files_do_not_count_and_links_to_folders_are_refused(root: Path, cache: Path):
    path = open_store(root, cache).path
    (root / "policies/baseline/.screen.yml.swp").write_text("half a file")
    assert open_store(root, cache).path == path
    (root / "policies/workstation").symlink_to(root / "policies/baseline")
    with pytest.raises(WerkplekError, match="policies/workstation: found a link to a folder"):
        open_store(root, cache)


def test_a_worker_with_a_warm_cache_imports_no_heavy_package(root: Path, cache: Path):
    expected = open_store(root, cache).resolve(FACTS).digest
    script = """
import sys
from pathlib import Path
from werkplek.policy.compiled import open_store
from werkplek.policy.model import HostFacts
facts = HostFacts("workstation", ("windows-11", "windows"), "papendrecht", "broad", "stadhuis", {"id": 1})
print(open_store(Path(sys.argv[1]), Path(sys.argv[2])).resolve(facts).digest)
print(sorted({"pydantic", "yaml", "filelock", "typer", "rich"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", script, str(root), str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [expected, "[]"]
