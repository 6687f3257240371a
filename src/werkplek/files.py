"""Where things are, and writes that are whole or absent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """Folder for what a checkout makes at run time: `$WERKPLEK_STATE`, else `.werkplek` in the checkout. Mode 0700."""
    folder = Path(os.environ.get("WERKPLEK_STATE") or ROOT / ".werkplek")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_atomic(path: Path, data: bytes | str, mode: int = 0o600) -> None:
    """Replace `path` in one step: a reader sees the old file or the new one, and a killed write leaves the old."""
    content = data.encode() if isinstance(data, str) else data
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
