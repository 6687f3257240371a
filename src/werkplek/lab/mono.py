"""Runs C# of a module for real: Mono compiles what Ansible sent together with the lab's own C#, once per content.

The contract with lab/windows/*.cs: `lab.exe run CLASS` reads the module's arguments from the file WERKPLEK_LAB_ARGS,
keeps the host in the folder WERKPLEK_LAB_STATE and prints the module's JSON; `lab.exe edit FILE` changes the host
behind Ansible's back; `lab.exe dump` prints its whole state. A host begins as the file WERKPLEK_LAB_SEED says.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import AsyncFileLock

from werkplek.errors import WerkplekError
from werkplek.files import ROOT, write_atomic
from werkplek.lab.windows import Outcome

LAB_SOURCES = ROOT / "lab" / "windows"
# Windows PowerShell 5.1 compiles C# 5 and defines WINDOWS; warnings are the C# owner's tests' business.
FLAGS = (
    "-langversion:5",
    "-define:WINDOWS",
    "-nowarn:0219,0414",
    "-r:System.Web.Extensions",
    "-r:System.Core",
    "-r:System",
)
DEFAULT_PLATFORM = "windows-11"
ENGINE = "Ansible.WorkplacePolicy.cs"
SESSIONS = "Ansible.WorkplaceSessions.cs"
# As ansible-core finds the utils that a util needs.
_USING = re.compile(rb"^using\s(Ansible\.[\w.]+);\s*$", re.IGNORECASE | re.MULTILINE)


class Mono:
    """Compiles and runs.

    `cache` holds the compiled programs, `limit` bounds the Mono processes at one time. `platforms` tells the platform
    of the host in a folder, which begins as lab/windows/<platform>.json, or as Windows 11 where there is no such file.
    """

    def __init__(
        self, cache: Path, limit: int, lab_sources: Path = LAB_SOURCES, platforms: Mapping[Path, str] | None = None
    ) -> None:
        self._cache = cache
        self._lab_sources = lab_sources
        self._platforms = platforms or {}
        self._slots = asyncio.Semaphore(limit)
        self.compilations = 0

    async def build(self, csharp: Mapping[str, bytes]) -> Path:
        """The program made of `csharp` (file name -> content) and the lab's C#, compiled if it is not there yet.

        Raises:
            WerkplekError: the C# does not compile, or Mono is not installed.
        """
        sources = {**csharp, **{f"lab.{path.name}": path.read_bytes() for path in self._own(csharp)}}
        folder = self._cache / _digest(sources)
        program = folder / "lab.exe"
        if not program.exists():
            self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            async with AsyncFileLock(f"{folder}.lock", thread_local=False):
                if not program.exists():
                    await self._compile(sources, folder)
        return program

    def _own(self, csharp: Mapping[str, bytes]) -> Iterator[Path]:
        """The lab's C#; its half of windows_session_host only where that module is."""
        yield from self._lab_sources.glob("*.cs")
        if SESSIONS in csharp:
            yield from (self._lab_sources / "sessions").glob("*.cs")

    async def _compile(self, sources: Mapping[str, bytes], folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self._cache, prefix=".build-") as name:
            build = Path(name) / "build"
            build.mkdir()
            for source, content in sources.items():
                (build / source).write_bytes(content)
            flags = (*FLAGS, "-define:SESSIONS") if SESSIONS in sources else FLAGS
            command = ["mcs", *flags, "-out:lab.exe", *sorted(sources)]
            result = await self._process(command, build, {})
            if result.code:
                text = (result.stdout + result.stderr).decode(errors="replace").strip()
                raise WerkplekError(f"the module's C# does not compile with the lab's:\n{text}")
            build.rename(folder)
        self.compilations += 1

    async def run(self, csharp: Mapping[str, bytes], entry: str, state: Path, arguments: Mapping[str, Any]) -> Outcome:
        """Run the class `entry` of a module with its arguments on the host whose state is in `state`."""
        program = await self.build(csharp)
        with _json_file(state, arguments) as file:
            return await self._lab(program, ["run", entry], state, {"WERKPLEK_LAB_ARGS": str(file)})

    async def edit(self, csharp: Mapping[str, bytes], state: Path, edits: list[dict[str, Any]]) -> None:
        """Change a host behind Ansible's back.

        Raises:
            WerkplekError: the program refuses an edit.
        """
        program = await self.build(csharp)
        with _json_file(state, edits) as file:
            _checked("edit", await self._lab(program, ["edit", str(file)], state, {}))

    async def dump(self, csharp: Mapping[str, bytes], state: Path) -> dict[str, Any]:
        """The whole state of a host."""
        program = await self.build(csharp)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        document = json.loads(_checked("dump", await self._lab(program, ["dump"], state, {})))
        if not isinstance(document, dict):
            raise WerkplekError("the lab's C# printed no JSON object for dump")
        return document

    def _seed(self, state: Path) -> Path:
        own = self._lab_sources / f"{self._platforms.get(state, DEFAULT_PLATFORM)}.json"
        return own if own.is_file() else self._lab_sources / f"{DEFAULT_PLATFORM}.json"

    async def _lab(self, program: Path, words: list[str], state: Path, extra: Mapping[str, str]) -> Outcome:
        environment = {
            "HOME": str(state),
            "WERKPLEK_LAB_STATE": str(state),
            "MONO_REGISTRY_PATH": str(state / "registry"),
            "WERKPLEK_LAB_SEED": str(self._seed(state)),
            **extra,
        }
        async with self._slots:
            return await self._process(["mono", str(program), *words], state, environment)

    async def _process(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> Outcome:
        """Run a program in a process group of its own, which ends with this call whatever happens."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=folder,
                env={**_inherited(), **environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise WerkplekError(f"{command[0]} is not installed: run `werkplek lab up`, which says how") from error
        try:
            stdout, stderr = await process.communicate()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return Outcome(stdout, stderr, process.returncode or 0)


def repository_csharp() -> dict[str, bytes]:
    """The C# that Ansible sends for windows_policy: the repository's, and what it uses of ansible-core's own.

    The lab's C# is written against it, so that it can be compiled with nothing else.
    """
    spec = importlib.util.find_spec("ansible")
    if spec is None or spec.origin is None:
        raise WerkplekError("ansible-core is not installed beside Werkplek: run ./werkplek once")
    folders = (ROOT / "module_utils", Path(spec.origin).parent / "module_utils" / "csharp")
    sources: dict[str, bytes] = {}
    pending = [ENGINE]
    while pending:
        name = pending.pop()
        if name not in sources:
            sources[name] = next(folder / name for folder in folders if (folder / name).is_file()).read_bytes()
            pending += (f"{match.group(1).decode()}.cs" for match in _USING.finditer(sources[name]))
    return sources


def _digest(sources: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256("\0".join(FLAGS).encode())
    for name, content in sorted(sources.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _inherited() -> dict[str, str]:
    # No secret of the caller's environment reaches C# that came over the wire. WERKPLEK_LAB marks the lab's processes.
    return {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "WERKPLEK_LAB") if name in os.environ}


@contextlib.contextmanager
def _json_file(state: Path, value: object) -> Iterator[Path]:
    """A private file with `value` as JSON in the host's folder, gone afterwards: arguments may hold secrets."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=state, prefix=".arguments-", suffix=".json")
    os.close(handle)
    try:
        write_atomic(Path(name), json.dumps(value))
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _checked(what: str, outcome: Outcome) -> bytes:
    if outcome.code:
        text = (outcome.stderr or outcome.stdout).decode(errors="replace").strip()
        raise WerkplekError(f"the lab's C# refused {what}: {text}")
    return outcome.stdout
