from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from werkplek.errors import WerkplekError
from werkplek.lab import mono
from werkplek.lab.mono import Mono, repository_csharp

# A stand-in for lab/windows/*.cs that keeps the same contract, in a few lines.
MAIN = b"""
using System; using System.IO;
public static class Lab {
  static string Env(string name) { return Environment.GetEnvironmentVariable(name); }
  public static int Main(string[] a) {
    string log = Path.Combine(Env("WERKPLEK_LAB_STATE"), "log");
    if (a[0] == "dump") {
      Console.Write("{\\"log\\": \\"" + (File.Exists(log) ? File.ReadAllText(log) : "") + "\\"}"); return 0;
    }
    if (a[0] == "run" && a[1] == "Seed") {
      Console.Write("\\"" + Path.GetFileName(Env("WERKPLEK_LAB_SEED")) + "\\""); return 0;
    }
    if (a[0] == "edit") {
      string text = File.ReadAllText(a[1]);
      if (text.Contains("bad")) { Console.Error.Write("no such edit"); return 1; }
      File.AppendAllText(log, "edited;"); return 0;
    }
    File.AppendAllText(log, "ran " + a[1] + ";");
    string args = File.ReadAllText(Env("WERKPLEK_LAB_ARGS"));
    if (args.Contains("sleep")) { File.WriteAllText(Path.Combine(Env("WERKPLEK_LAB_STATE"), "pid"),
      System.Diagnostics.Process.GetCurrentProcess().Id.ToString()); System.Threading.Thread.Sleep(600000); }
    Console.Write("{\\"args\\": " + args + ", \\"secret\\": \\"" + Env("WERKPLEK_SECRET") + "\\", \\"tiny\\": "
      + Tiny.Number + "}");
    return 0;
  }
}
"""
TINY = {"Ansible.Tiny.cs": b"public static class Tiny { public static int Number = 7; }"}


def synchronous(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


@pytest.fixture
def machine(tmp_path: Path) -> Mono:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "Main.cs").write_bytes(MAIN)
    return Mono(tmp_path / "cache", limit=2, lab_sources=sources)


@synchronous
async def test_runs_the_csharp_of_the_payload(machine: Mono, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKPLEK_SECRET", "from the caller")
    state = tmp_path / "host"
    outcome = await machine.run(TINY, "Tiny", state, {"a": "é"})
    assert (outcome.code, outcome.stderr) == (0, b"")
    assert json.loads(outcome.stdout) == {"args": {"a": "é"}, "secret": "", "tiny": 7}
    assert [path.name for path in state.iterdir()] == ["log"]
    assert await machine.dump(TINY, state) == {"log": "ran Tiny;"}


@synchronous
async def test_a_host_begins_as_its_platform(machine: Mono, tmp_path: Path) -> None:
    """As Windows 11 where the lab knows nothing of its platform."""
    (tmp_path / "sources" / "windows-server-2022.json").touch()
    platforms = {tmp_path / "a": "windows-server-2022", tmp_path / "b": "windows-server-2025"}
    lab = Mono(tmp_path / "cache", limit=1, lab_sources=tmp_path / "sources", platforms=platforms)
    seeds = {name: (await lab.run(TINY, "Seed", tmp_path / name, {})).stdout for name in "abc"}
    assert seeds == {"a": b'"windows-server-2022.json"', "b": b'"windows-11.json"', "c": b'"windows-11.json"'}


@synchronous
async def test_compiles_once_for_many_at_a_time(machine: Mono, tmp_path: Path) -> None:
    runs = [machine.run(TINY, "Tiny", tmp_path / f"host{number}", {}) for number in range(5)]
    assert [outcome.code for outcome in await asyncio.gather(*runs)] == [0] * 5
    assert machine.compilations == 1
    again = Mono(tmp_path / "cache", limit=1, lab_sources=tmp_path / "sources")
    await again.run(TINY, "Tiny", tmp_path / "host1", {})
    assert again.compilations == 0


@synchronous
async def test_other_csharp_is_another_program(machine: Mono, tmp_path: Path) -> None:
    await machine.run(TINY, "Tiny", tmp_path / "host", {})
    changed = {"Ansible.Tiny.cs": TINY["Ansible.Tiny.cs"].replace(b"7", b"8")}
    outcome = await machine.run(changed, "Tiny", tmp_path / "host", {})
    assert json.loads(outcome.stdout)["tiny"] == 8
    assert machine.compilations == 2


@synchronous
async def test_the_labs_half_of_a_module_is_compiled_where_that_module_is(machine: Mono, tmp_path: Path) -> None:
    half = tmp_path / "sources" / "sessions"
    half.mkdir()
    (half / "Half.cs").write_text(
        "#if SESSIONS\npublic static class Half { public const int Number = Whole.Number; }\n#endif"
    )
    # without the module it would not compile: there is no Whole
    await machine.run(TINY, "Tiny", tmp_path / "host", {})
    module = b"public static class Whole { public const int Number = 7; }"
    tiny = b"public static class Tiny { public static int Number = Half.Number + 1; }"
    sources = {"Ansible.WorkplaceSessions.cs": module, "Ansible.Tiny.cs": tiny}
    outcome = await machine.run(sources, "Tiny", tmp_path / "host", {})
    assert json.loads(outcome.stdout)["tiny"] == 8


@synchronous
async def test_csharp_that_does_not_compile_says_where(machine: Mono, tmp_path: Path) -> None:
    with pytest.raises(WerkplekError) as caught:
        await machine.run({"Ansible.Tiny.cs": b'class Tiny { int x = "a"; }'}, "Tiny", tmp_path / "host", {})
    summary, *rest = str(caught.value).splitlines()
    assert summary == "the module's C# does not compile with the lab's:"
    wanted = "Ansible.Tiny.cs(1,22): error CS0029: Cannot implicitly convert type `string' to `int'"
    assert wanted in rest
    assert sorted(path.suffix for path in (tmp_path / "cache").iterdir()) == [".lock"]


@synchronous
async def test_an_edit_that_is_refused_says_why(machine: Mono, tmp_path: Path) -> None:
    state = tmp_path / "host"
    await machine.edit(TINY, state, [{"kind": "registry"}])
    assert await machine.dump(TINY, state) == {"log": "edited;"}
    with pytest.raises(WerkplekError, match=r"^the lab's C# refused edit: no such edit$"):
        await machine.edit(TINY, state, [{"kind": "bad"}])


@synchronous
async def test_a_cancelled_run_leaves_no_process(machine: Mono, tmp_path: Path) -> None:
    state = tmp_path / "host"
    run = asyncio.create_task(machine.run(TINY, "Tiny", state, {"do": "sleep"}))
    while not (state / "pid").exists() or not (state / "pid").read_text():
        await asyncio.sleep(0.01)
    process = Path("/proc") / (state / "pid").read_text()
    assert process.exists()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert not process.exists()
    assert sorted(path.name for path in state.iterdir()) == ["log", "pid"]


@synchronous
async def test_without_mono_says_what_is_missing(
    machine: Mono, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WerkplekError, match=r"^mcs is not installed: run `werkplek lab up`, which says how$"):
        await machine.run(TINY, "Tiny", tmp_path / "host", {})


def test_the_repositorys_csharp_is_what_ansible_would_send() -> None:
    sources = repository_csharp()
    assert {"Ansible.Basic.cs", "Ansible.WorkplacePolicy.cs"} <= sources.keys()
    missing = {
        f"{match.group(1).decode()}.cs" for text in sources.values() for match in mono._USING.finditer(text)
    } - sources.keys()
    assert missing == set()
