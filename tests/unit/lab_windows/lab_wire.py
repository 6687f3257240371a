"""What the tests send: exec manifests as ansible-core makes them, over pywinrm."""

from __future__ import annotations

import base64
import json
from typing import Any

from winrm.protocol import Protocol

from werkplek.lab.payload import SEPARATOR
from werkplek.lab.status import LabFiles, LabStatus

SCRIPT = """#!powershell
<# a comment
   over lines #>
#AnsibleRequires -CSharpUtil Ansible.Basic

[Ansible.Tiny.Tiny]::Run($args)
"""


def stdin(
    script: str = SCRIPT,
    *,
    name: str = "tiny.ps1",
    args: dict[str, Any] | None = None,
    csharp: dict[str, str] | None = None,
    wrappers: tuple[str, ...] = (),
    last: str = "module_wrapper.ps1",
    for_module: bool = True,
) -> bytes:
    sources = {"Ansible.Tiny.cs": "// tiny"} if csharp is None else csharp
    params = {
        "Script": name,
        "Variables": [{"Name": "complex_args", "Value": args or {}, "Scope": "Global"}],
        "CSharpModules": list(sources),
        "ForModule": for_module,
    }
    manifest = {
        "scripts": {
            key: {"path": key, "script": base64.b64encode(text.encode()).decode()}
            for key, text in {**sources, name: script}.items()
        },
        "actions": [*({"name": item, "params": {}} for item in wrappers), {"name": last, "params": params}],
    }
    return json.dumps({"name": "exec_wrapper"}).encode() + SEPARATOR + json.dumps(manifest).encode()


POWERSHELL = "powershell -EncodedCommand " + base64.b64encode("bootstrap".encode("utf-16-le")).decode()
PING = stdin("# powershell\n$x = 1\n", name="ansible_collections.ansible.windows.plugins.modules.win_ping.ps1")


def connect(lab: LabStatus, host: str = "PAP-WS-001", password: str | None = None) -> Protocol:
    return Protocol(
        f"http://{lab.hosts[host]}:{lab.winrm_port}/wsman",
        transport="basic",
        username="werkplek",
        password=password or LabFiles(lab.state).password.read_text().strip(),
        operation_timeout_sec=1,
        read_timeout_sec=20,
        proxy=None,
    )


def run(protocol: Protocol, data: bytes, line: str = POWERSHELL) -> tuple[bytes, bytes, int]:
    shell = protocol.open_shell()
    command = protocol.run_command(shell, line, console_mode_stdin=False)
    half = len(data) // 2
    protocol.send_command_input(shell, command, data[:half])
    protocol.send_command_input(shell, command, data[half:], end=True)
    result: tuple[bytes, bytes, int] = protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)
    return result
