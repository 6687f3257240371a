"""Images: what they are made of names them, they are built once, and a failed build leaves nothing."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from werkplek.errors import Exit, WerkplekError
from werkplek.lab.linux import images
from werkplek.lab.linux.images import RECIPES, Recipe

RECIPE = Recipe("trixie", "trixie", (), "2026.11.1")
# mmdebstrap's last words are its target; its customize hook is one of those before.
BUILD = 'for last in "$@"; do :; done; mkdir -p "$last/etc"; echo Debian > "$last/etc/issue"'


def folder(cache: Path, name: str = "trixie") -> Path:
    return cache / f"{name}-{RECIPES[name].digest}"


def contents(cache: Path) -> list[str]:
    """What is in the cache but the locks."""
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


def test_a_digest_stays_while_nothing_moves():
    assert RECIPES["trixie"] == RECIPE
    assert RECIPE.digest == replace(RECIPE).digest
    assert len({recipe.digest for recipe in RECIPES.values()}) == len(RECIPES) == 4
    assert len(RECIPE.digest) == 12


@pytest.mark.parametrize(
    "part", [{"name": "other"}, {"suite": "bookworm"}, {"packages": ("xrdp",)}, {"version": "2026.11.2"}]
)
def test_a_digest_moves_with_each_part_of_its_recipe(part):
    assert replace(RECIPE, **part).digest != RECIPE.digest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE", (*images.BASE, "vim")),
        ("MASKED", images.MASKED[1:]),
        ("DPKG", "no-debsig\n"),
        ("LEAVE_OUT", images.LEAVE_OUT[1:]),
        ("ACCOUNT", "operator"),
        ("setup_script", lambda recipe: "exit 0\n"),
    ],
)
def test_a_digest_moves_with_what_all_images_share(name, value, monkeypatch):
    before = RECIPE.digest
    monkeypatch.setattr(images, name, value)
    assert RECIPE.digest != before


def test_what_is_done_to_a_new_root():
    assert (
        images.setup_script(RECIPES["session-host"])
        == """set -eu
ln -sf /dev/null "$1/etc/systemd/system/getty.target"
ln -sf /dev/null "$1/etc/systemd/system/console-getty.service"
ln -sf /dev/null "$1/etc/systemd/system/systemd-udevd.service"
ln -sf /dev/null "$1/etc/systemd/system/systemd-modules-load.service"
chroot "$1" systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer
chroot "$1" useradd --create-home --shell /bin/bash beheer
chroot "$1" install -d -m 0700 -o beheer -g beheer /home/beheer/.ssh
printf '%s ALL=(ALL) NOPASSWD: ALL\\n' beheer > "$1/etc/sudoers.d/beheer"
chmod 0440 "$1/etc/sudoers.d/beheer"
printf 'force-unsafe-io\\n' > "$1/etc/dpkg/dpkg.cfg.d/lab"
cp --remove-destination "$1/usr/lib/os-release" "$1/etc/os-release"
printf 'IMAGE_ID=werkplek-session-host\\nIMAGE_VERSION=2026.11.1\\n' >> "$1/etc/os-release"
rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/apt/sources.list.d/*
: > "$1/etc/machine-id"
"""
    )


def test_the_script_makes_a_root_of_nobody_in_particular(tmp_path, programs):
    programs.make("chroot")
    root = tmp_path / "a root"
    for place in ("etc/systemd/system", "etc/sudoers.d", "etc/dpkg/dpkg.cfg.d", "etc/ssh", "usr/lib"):
        (root / place).mkdir(parents=True)
    (root / "etc/apt/sources.list.d").mkdir(parents=True)
    (root / "usr/lib/os-release").write_text("ID=debian\n")
    (root / "etc/os-release").symlink_to("../usr/lib/os-release")
    for own in ("etc/ssh/ssh_host_rsa_key", "etc/apt/sources.list.d/0000.list", "etc/machine-id"):
        (root / own).write_text("its own\n")
    subprocess.run(["sh", "-c", images.setup_script(RECIPE), "sh", str(root)], check=True)
    assert (root / "etc/os-release").read_text() == "ID=debian\nIMAGE_ID=werkplek-trixie\nIMAGE_VERSION=2026.11.1\n"
    assert (root / "usr/lib/os-release").read_text() == "ID=debian\n"
    assert (root / "etc/sudoers.d/beheer").read_text() == "beheer ALL=(ALL) NOPASSWD: ALL\n"
    assert (root / "etc/sudoers.d/beheer").stat().st_mode & 0o777 == 0o440
    assert (root / "etc/systemd/system/getty.target").readlink() == Path("/dev/null")
    assert (root / "etc/machine-id").read_text() == ""
    assert sorted((root / "etc/ssh").iterdir()) == sorted((root / "etc/apt/sources.list.d").iterdir()) == []
    done = [line.removeprefix(f"chroot {root} ").split()[0] for line in programs.calls]
    assert done == ["systemctl", "useradd", "install"]


def test_how_an_image_is_built():
    command = images.command(RECIPES["session-host"], Path("/c/new"), Path("/c/new.sh"))
    assert command == [
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(images.BASE)},xrdp,xorgxrdp,openbox,xterm,dbus-x11,x11-utils",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=force-unsafe-io",
        "--customize-hook=/c/new.sh",
        "trixie",
        "/c/new",
    ]


def test_an_image_is_built_once(cache, programs, capsys):
    programs.make("mmdebstrap", BUILD)
    assert images.images(["trixie", "trixie"]) == {"trixie": folder(cache)}
    assert images.image("trixie") == folder(cache)
    assert len(programs.calls) == 1
    assert (folder(cache) / "etc/issue").read_text() == "Debian\n"
    assert contents(cache) == [folder(cache).name]
    assert cache.stat().st_mode & 0o777 == 0o700
    said = capsys.readouterr()
    assert said.err == "werkplek: building the lab image trixie (about half a minute)\n"
    assert said.out == ""


def test_mmdebstrap_is_handed_the_script_that_it_runs(cache, programs):
    hook = (
        'for word in "$@"; do case "$word" in --customize-hook=*) cat "${word#*=}"; test -x "${word#*=}";; esac; done'
    )
    programs.make("mmdebstrap", f"{hook} > {cache}/script && {BUILD}")
    images.image("trixie")
    assert (cache / "script").read_text() == f"#!/bin/sh\n{images.setup_script(RECIPE)}"


def test_a_build_that_fails_leaves_nothing_and_its_last_words(cache, programs):
    lines = "\n".join(f"E: line {number}" for number in range(1, 11))
    programs.make("mmdebstrap", f"{BUILD}\nprintf '{lines}\\n' >&2\nexit 25")
    with pytest.raises(WerkplekError) as caught:
        images.image("trixie")
    tail = "\n".join(f"E: line {number}" for number in range(3, 11))
    assert str(caught.value) == f"mmdebstrap could not build the lab image trixie:\n{tail}"
    assert caught.value.code == Exit.UNAVAILABLE
    assert contents(cache) == []
    programs.make("mmdebstrap", BUILD)
    assert images.image("trixie").is_dir()


def test_what_a_killed_build_left_is_no_image(cache, programs):
    programs.make("mmdebstrap", BUILD)
    left = cache / f"{folder(cache).name}.partial"
    (left / "etc").mkdir(parents=True)
    (left / "etc/half").touch()
    assert [path.name for path in images.image("trixie").glob("etc/*")] == ["issue"]
    assert contents(cache) == [folder(cache).name]


@pytest.fixture
def proc(tmp_path, monkeypatch):
    """A /proc; gives the function that has a process see an overlay over an image."""
    monkeypatch.setattr(images, "PROC", tmp_path / "proc")
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "41").mkdir()

    def mounts(image: Path) -> None:
        (tmp_path / "proc" / "42").mkdir()
        (tmp_path / "proc" / "42" / "mountinfo").write_text(
            "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
            f"99 22 0:50 / /s/root rw - overlay overlay rw,lowerdir={image},upperdir=/s/upper,workdir=/s/work\n"
        )

    return mounts


def test_an_image_is_in_use_while_a_host_stands_on_it(tmp_path, proc):
    image = tmp_path / "trixie-0123"
    assert not images.in_use(image)
    proc(image)
    assert images.in_use(image)
    assert not images.in_use(tmp_path / "trixie-012")
    assert not images.in_use(tmp_path / "trixie-01234")


def test_a_new_image_takes_the_place_of_those_that_no_host_stands_on(cache, programs, proc):
    programs.make("mmdebstrap", BUILD)
    for name in ("trixie-old", "trixie-busy", "bookworm-old"):
        (cache / name).mkdir(parents=True)
    proc(cache / "trixie-busy")
    images.image("trixie")
    assert contents(cache) == sorted(["bookworm-old", "trixie-busy", folder(cache).name])


def test_an_image_that_is_there_moves_no_other(cache, programs, proc):
    programs.make("mmdebstrap", BUILD)
    images.image("trixie")
    (cache / "trixie-old").mkdir()
    images.image("trixie")
    assert contents(cache) == sorted(["trixie-old", folder(cache).name])


def test_one_builds_and_the_other_waits(cache, programs):
    programs.make("mmdebstrap", f"sleep 0.2\n{BUILD}")
    with ThreadPoolExecutor() as both:
        assert list(both.map(images.image, ["trixie", "trixie"])) == [folder(cache)] * 2
    assert len(programs.calls) == 1


def test_the_cache_is_where_xdg_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert images.cache_dir() == Path("/c/werkplek/images")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert images.cache_dir() == tmp_path / ".cache/werkplek/images"
