"""Modules that the lab only SIMULATES, in Python: win_ping, setup and win_regedit. More: windows_software_modules.py.

Their PowerShell does not run here. win_ping and setup answer as a Windows 11 workplace would; win_regedit keeps values
in memory, apart from the registry that the real C# sees, and exists for the benchmark that compares one task per
setting with one call per host. Every other module is refused, or is C# and runs for real (`mono.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkplek.lab.windows import Host

Result = dict[str, Any]
_HIVE = re.compile(r"HK(?:CC|CR|CU|LM|U):\\.+", re.IGNORECASE)
_TYPES = ("none", "binary", "dword", "expandstring", "multistring", "string", "qword")


class ModuleFailure(Exception):
    """The simulated module fails with this message, and with `more` in its result."""

    def __init__(self, message: str, **more: object) -> None:
        super().__init__(message)
        self.more = more


def win_ping(_host: Host, options: Mapping[str, Any], _check: bool) -> Result:
    """ansible.windows.win_ping: `data: crash` fails, as it is documented to."""
    data = options.get("data", "pong")
    if data == "crash":
        raise ModuleFailure("Unhandled exception while executing module: boom")
    return {"changed": False, "ping": data}


def setup(host: Host, _options: Mapping[str, Any], _check: bool) -> Result:
    """ansible.windows.setup: the facts that tell what kind of host this is; fault reboot_pending shows in them."""
    return {
        "changed": False,
        "ansible_facts": {
            "ansible_os_family": "Windows",
            "ansible_system": "Win32NT",
            "ansible_distribution": "Microsoft Windows 11 Enterprise",
            "ansible_distribution_version": "10.0.26100.0",
            "ansible_distribution_major_version": "10",
            "ansible_os_name": "Microsoft Windows 11 Enterprise",
            "ansible_os_product_type": "workstation",
            "ansible_hostname": host.name,
            "ansible_nodename": host.name,
            "ansible_ip_addresses": [host.address],
            "ansible_powershell_version": 5,
            "ansible_reboot_pending": host.faults.fire("reboot_pending") is not None,
        },
    }


def win_regedit(host: Host, options: Mapping[str, Any], check: bool) -> Result:
    """ansible.windows.win_regedit, for values only: a state without a name (whole keys) is refused."""
    path, name, kind = str(options.get("path", "")), options.get("name"), options.get("type") or "string"
    if not _HIVE.fullmatch(path):
        raise ModuleFailure(f"path: {path} is not a valid powershell path, see module documentation for examples.")
    if not name or kind not in _TYPES:
        raise ModuleFailure("the lab simulates win_regedit only for named values of a known type")
    place = f"{path}\\{name}".lower()
    absent = options.get("state") == "absent"
    wanted = None if absent else (kind, _data(options.get("data"), kind))
    before = host.registry.get(place)
    if before != wanted and not check:
        host.registry[place] = wanted
    result: Result = {"changed": before != wanted, "data_changed": False, "data_type_changed": False}
    if isinstance(before, tuple) and wanted is not None:
        result |= {"data_type_changed": before[0] != wanted[0], "data_changed": before[1] != wanted[1]}
    return result


def _data(data: object, kind: str) -> object:
    """Data as the module compares it: numbers as unsigned integers (dword 32 bits, qword 64), the rest as text."""
    if kind not in ("dword", "qword"):
        return [str(item) for item in data] if isinstance(data, list) else str(data or "")
    try:
        number = int(str(data or 0), 0)
    except ValueError as error:
        raise ModuleFailure(f"data '{data}' is not a number, which type {kind} needs") from error
    bits = 32 if kind == "dword" else 64
    if number >= 1 << bits:
        raise ModuleFailure(f"data cannot be larger than 0x{'f' * (bits // 4)} when type is {kind}")
    return number & ((1 << bits) - 1)


_SIMULATED: dict[str, Callable[[Host, Mapping[str, Any], bool], Result]] = {
    "win_ping": win_ping,
    "setup": setup,
    "win_regedit": win_regedit,
}
SIMULATED = {
    f"{namespace}.{name}": function
    for name, function in _SIMULATED.items()
    for namespace in ("ansible.windows", "ansible.legacy", "ansible.builtin")
}
