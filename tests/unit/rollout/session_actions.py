"""Action plugins of the repository without Ansible around them: what they call, what they say, how they end."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from werkplek.files import ROOT


def plugin(name: str) -> ModuleType:
    """A file of action_plugins/."""
    spec = importlib.util.spec_from_file_location(f"action_{name}", ROOT / "action_plugins" / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def action(loaded: ModuleType, arguments: Mapping[str, object]) -> Any:
    """The plugin as a task with these arguments has it."""
    task = SimpleNamespace(args=dict(arguments), async_val=0, check_mode=False, action="action")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="/nowhere"))
    made = loaded.ActionModule(task, connection, None, None, None)
    made._load_name = loaded.__name__.removeprefix("action_")
    return made
