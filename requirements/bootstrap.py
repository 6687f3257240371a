"""Keep `.venv` equal to the pinned requirements; standard library only, run by ./werkplek before anything else.

Usage: bootstrap.py [COMMAND]. COMMAND `test` adds the development tools. A part is installed when its
stamp in `.venv` differs from the hash of the files that describe it, under a lock, so two first runs do not meet.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def stale(part: str, wanted: str) -> bool:
    stamp = VENV / f".werkplek-{part}"
    return not stamp.exists() or stamp.read_text() != wanted


def mark(part: str, done: str) -> None:
    (VENV / f".werkplek-{part}").write_text(done)


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"werkplek: {' '.join(command)} failed with code {result.returncode}:\n{result.stdout}{result.stderr}")


def say(text: str) -> None:
    print(f"werkplek: {text}", file=sys.stderr, flush=True)


def pinned_collections() -> list[str]:
    """`namespace/name` of each collection that requirements.yml pins (its two-line entries, read without YAML)."""
    text = (ROOT / "requirements.yml").read_text()
    return [name.replace(".", "/") for name in re.findall(r"^\s*- name: (\S+)$", text, re.MULTILINE)]


def install_collections() -> None:
    """Take only the pinned collections out of the bundle: 550 MB of others stay in the wheel."""
    site = next((VENV / "lib").glob("python3*/site-packages"))
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        pip("download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", folder,
            "-r", str(HERE / "collections.txt"))  # fmt: skip
        wheel = zipfile.ZipFile(next(Path(folder).glob("ansible-*.whl")))
        wanted = tuple(f"ansible_collections/{name}/" for name in pinned_collections())
        wheel.extractall(site, [name for name in wheel.namelist() if name.startswith(wanted)])


def bring_up(development: bool) -> None:
    if stale("made", "whole") or not PYTHON.exists():
        say("making .venv")
        venv.create(VENV, with_pip=True, clear=True)
        mark("made", "whole")
    name = "dev" if development else "run"
    wanted = digest(HERE / f"{name}.txt")
    # the development set holds the running set, so either stamp serves a run
    if stale(name, wanted) and (development or stale("dev", digest(HERE / "dev.txt"))):
        say(f"installing requirements/{name}.txt (pinned, hashed)")
        pip("install", "--require-hashes", "-r", str(HERE / f"{name}.txt"))
        mark(name, wanted)
    wanted = digest(HERE / "collections.txt", ROOT / "requirements.yml")
    if stale("collections", wanted):
        say("installing the pinned Ansible collections")
        install_collections()
        mark("collections", wanted)
    wanted = digest(ROOT / "pyproject.toml")
    if stale("package", wanted):
        pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        mark("package", wanted)


def main() -> None:
    development = sys.argv[1:2] == ["test"]
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bring_up(development)


if __name__ == "__main__":
    os.umask(0o022)
    main()
