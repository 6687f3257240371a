"""`werkplek test`: every linter and every test, with a table at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from werkplek.errors import Exit
from werkplek.files import ROOT
from werkplek.lab import packages

ESTATE = {"ANSIBLE_INVENTORY": str(ROOT / "lab" / "estate.registry.yml")}  # a syntax check must not ask for a NetBox
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One command of the suite, run from the repository's root."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended: its exit code and its wall time in seconds."""

    name: str
    code: int
    seconds: float


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    """A command of the virtual environment that runs this."""
    return (str(BIN / name), *arguments)


def checks(pytest_arguments: list[str]) -> list[Check]:
    """The whole suite. pytest runs last: its closing line is what people and pipelines look for.

    Files go to the workers in their order, tests/ansible first: those few long ones must not be what all wait for.
    """
    workers = str(os.cpu_count() or 1)
    return [
        Check("ruff check", tool("ruff", "check")),
        Check("ruff format", tool("ruff", "format", "--check")),
        Check("mypy --strict", tool("mypy")),
        Check("yamllint", tool("yamllint", "--strict", ".")),
        Check("policy lint", tool("werkplek", "policy", "lint")),
        Check("policy golden", tool("werkplek", "policy", "golden", "--check")),
        Check("roles docs", tool("werkplek", "roles", "docs", "--check")),
        Check("ansible-lint production", tool("ansible-lint", "--offline"), ESTATE),
        Check(
            "pytest",
            tool("pytest", "-q", "-n", workers, "--dist", "loadfile", "--no-loadscope-reorder", *pytest_arguments),
        ),
    ]


def run(check: Check, console: Console) -> Result:
    """Run one check; its output goes straight to the terminal."""
    console.rule(f"[bold]{check.name}", align="left")
    started = time.monotonic()
    environment = {**os.environ, **check.environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    code = subprocess.run(check.command, cwd=ROOT, env=environment, check=False).returncode
    return Result(check.name, code, time.monotonic() - started)


def table(results: list[Result]) -> Table:
    """What ran, how it ended and how long it took."""
    shown = Table("check", "result", "seconds")
    for result in results:
        verdict = "[green]passed" if result.code == 0 else f"[red]failed ({result.code})"
        shown.add_row(result.name, verdict, f"{result.seconds:.1f}")
    return shown


def test(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Run only the checks whose name begins so; may be repeated.")
    ] = None,
    pytest_arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to pytest, after --.")] = None,
) -> None:
    """Run every linter and every test. All checks run, also after a failure; the exit code is 1 if one failed.

    Examples:

      ./werkplek test

      ./werkplek test --only pytest -- tests/unit/policy -k duplicate
    """
    packages.ensure(packages.WINDOWS)
    if packages.can_install():  # without root, tests of Debian hosts say why they are skipped
        packages.ensure(packages.LINUX, packages.PODMAN)
    console = Console(stderr=True)
    selected = [check for check in checks(pytest_arguments or []) if not only or check.name.startswith(tuple(only))]
    if not selected:
        raise typer.BadParameter(f"no check begins with {', '.join(only or [])}", param_hint="--only")
    results = [run(check, console) for check in selected]
    console.print(table(results))
    if any(result.code for result in results):
        raise typer.Exit(Exit.FAILED)
