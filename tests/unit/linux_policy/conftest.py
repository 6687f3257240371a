from __future__ import annotations

from pathlib import Path

import pytest
from linux_sandbox import Sandbox


@pytest.fixture
def host(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)
