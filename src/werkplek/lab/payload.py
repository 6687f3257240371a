"""What ansible-core sends to a Windows host on stdin, read back into a module, its arguments and its C#.

The shape is ansible-core's own (executor/powershell/module_manifest.py, 2.20 and 2.21): the JSON of `exec_wrapper`, a
line of four NUL bytes, and the JSON of a manifest with scripts (base64) and actions. The last action runs the module;
those before it wrap it (become, async, coverage).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEPARATOR = b"\n\0\0\0\0\n"
MODULE_WRAPPER = "module_wrapper.ps1"
_COLLECTION = re.compile(r"^ansible_collections\.(\w+)\.(\w+)\.plugins\.modules\.")
_ENTRY = re.compile(r"\[([A-Za-z_][\w.]*)\]::Run\(\$args\)")
_CSHARP_NAME = re.compile(r"\w[\w.]*\.cs")
_BLOCK_COMMENT = re.compile(r"<#.*?#>", re.DOTALL)


class UnknownPayloadError(Exception):
    """The host was asked for something other than one plain module; the text says what."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One module call. `module` is the full name (`ansible.windows.win_ping`, `ansible.legacy.windows_policy`)."""

    module: str
    script: str
    arguments: Mapping[str, Any]
    csharp: Mapping[str, bytes]

    @property
    def check_mode(self) -> bool:
        """Whether the call may not change anything."""
        return bool(self.arguments.get("_ansible_check_mode", False))

    @property
    def options(self) -> dict[str, Any]:
        """The module's own arguments, without Ansible's."""
        return {name: value for name, value in self.arguments.items() if not name.startswith("_ansible")}

    @property
    def entry(self) -> str | None:
        """The C# class whose `Run` is the script's only executable line; None for a module with its own PowerShell."""
        lines = [line.strip() for line in _BLOCK_COMMENT.sub("", self.script).splitlines()]
        code = [line for line in lines if line and not line.startswith("#")]
        match = _ENTRY.fullmatch(code[0]) if len(code) == 1 else None
        return match.group(1) if match and self.csharp else None


def decode(stdin: bytes) -> Payload:
    """Read the whole stdin of one command.

    Raises:
        UnknownPayloadError: not Ansible's wrapper, or not a plain module.
    """
    boot, _, rest = stdin.partition(SEPARATOR)
    if _object(boot).get("name") != "exec_wrapper":
        raise UnknownPayloadError("the lab does not know this command: it is not Ansible's exec_wrapper")
    manifest = _object(rest.split(SEPARATOR, 1)[0])
    try:
        return _module(manifest)
    except (AttributeError, IndexError, KeyError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise UnknownPayloadError(f"the lab cannot read this exec manifest: {error!r}") from error


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UnknownPayloadError("the lab does not know this command: its input is not Ansible's manifest")
    return value


def _module(manifest: dict[str, Any]) -> Payload:
    *wrappers, last = manifest["actions"]
    if last["name"] != MODULE_WRAPPER:
        raise UnknownPayloadError(f"the lab does not run {last['name']}, only modules")
    name = module_name(last["params"]["Script"])
    if wrappers:
        raise UnknownPayloadError(f"the lab does not run {wrappers[0]['name']} (around module {name})")
    if not last["params"].get("ForModule"):
        raise UnknownPayloadError(f"the lab does not run scripts ({last['params']['Script']}), only modules")
    scripts = manifest["scripts"]

    def source(script: str) -> bytes:
        return base64.b64decode(scripts[script]["script"], validate=True)

    csharp = sorted(last["params"].get("CSharpModules", []))
    for item in csharp:
        if not _CSHARP_NAME.fullmatch(item):  # the name becomes a file's name where it is compiled
            raise UnknownPayloadError(f"the lab does not compile a C# util named {item!r}")
    return Payload(
        module=name,
        script=source(last["params"]["Script"]).decode("utf-8-sig"),
        arguments=_arguments(last["params"]["Variables"]),
        csharp={item: source(item) for item in csharp},
    )


def _arguments(variables: list[dict[str, Any]]) -> dict[str, Any]:
    value = next(item["Value"] for item in variables if item["Name"] == "complex_args")
    return dict(value)


def module_name(script: str) -> str:
    """`ansible_collections.a.b.plugins.modules.c.ps1` is module `a.b.c`; others keep their name without `.ps1`."""
    return _COLLECTION.sub(r"\1.\2.", script.removesuffix(".ps1"))
