"""Who starts a run, and from which commit."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Revision:
    """The checkout's commit, and whether it has uncommitted changes; `dirty` is None where git cannot say."""

    commit: str
    dirty: bool | None


def person(extra_vars: Mapping[str, object]) -> str:
    """Who asked for the run.

    AWX gives its jobs the extra variables `awx_user_name` and `awx_job_id`. By hand it is the login name, with the
    person behind sudo. BIO2 8.15.01 asks for a natural person.
    """
    login = login_name()
    if extra_vars.get("awx_user_name"):
        return f"{extra_vars['awx_user_name']} (AWX job {extra_vars.get('awx_job_id', 'unknown')}, as {login})"
    behind = os.environ.get("SUDO_USER")
    return f"{behind} (as {login})" if behind and behind != login else login


def login_name() -> str:
    """The login name; the number where a container knows no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def revision(folder: Path, extra_vars: Mapping[str, object]) -> Revision:
    """The commit of the checkout in `folder`; without git, the one that AWX says it has fetched."""
    commit = git(folder, "rev-parse", "HEAD")
    if commit is None:
        return Revision(str(extra_vars.get("awx_project_revision") or ""), None)
    changes = git(folder, "status", "--porcelain")
    return Revision(commit, None if changes is None else bool(changes))


def git(folder: Path, *words: str) -> str | None:
    """Git's answer, None where it gives none."""
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
