from __future__ import annotations

import pytest
from lab_wire import SCRIPT, stdin

from werkplek.lab.payload import SEPARATOR, Payload, UnknownPayloadError, decode, module_name


def test_reads_a_module_with_csharp_alone() -> None:
    payload = decode(stdin(args={"a": 1, "_ansible_check_mode": True}, name="ansible.legacy.tiny.ps1"))
    assert payload == Payload(
        "ansible.legacy.tiny", SCRIPT, {"a": 1, "_ansible_check_mode": True}, {"Ansible.Tiny.cs": b"// tiny"}
    )
    assert (payload.entry, payload.check_mode, payload.options) == ("Ansible.Tiny.Tiny", True, {"a": 1})


@pytest.mark.parametrize(
    "script",
    [
        "[Ansible.Tiny.Tiny]::Run($args)\n$more = 1\n",
        "$spec = @{}\n[Ansible.Tiny.Tiny]::Run($args)\n",
        "[Ansible.Tiny.Tiny]::Run($args); Get-Item x",
        "#AnsibleRequires -CSharpUtil Ansible.Tiny\n",
    ],
)
def test_a_module_with_powershell_of_its_own_has_no_entry(script: str) -> None:
    assert decode(stdin(script)).entry is None


def test_an_entry_without_csharp_is_none() -> None:
    assert decode(stdin(csharp={})).entry is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"whoami", "the lab does not know this command: its input is not Ansible's manifest"),
        (b'{"name": "other"}', "the lab does not know this command: it is not Ansible's exec_wrapper"),
        (b'{"name": "exec_wrapper"}', "the lab does not know this command: its input is not Ansible's manifest"),
        (
            b'{"name": "exec_wrapper"}' + SEPARATOR + b"{}",
            "the lab cannot read this exec manifest: KeyError('actions')",
        ),
        (stdin(wrappers=("async_wrapper.ps1",)), "the lab does not run async_wrapper.ps1 (around module tiny)"),
        (stdin(last="winrm_put_file.ps1"), "the lab does not run winrm_put_file.ps1, only modules"),
        (stdin(for_module=False), "the lab does not run scripts (tiny.ps1), only modules"),
        (stdin(csharp={"../x.cs": ""}), "the lab does not compile a C# util named '../x.cs'"),
    ],
)
def test_refuses_what_is_no_plain_module(data: bytes, text: str) -> None:
    with pytest.raises(UnknownPayloadError) as caught:
        decode(data)
    assert str(caught.value) == text


def test_module_names() -> None:
    name = "ansible_collections.ansible.windows.plugins.modules.win_ping.ps1"
    assert module_name(name) == "ansible.windows.win_ping"
    assert module_name("ansible.legacy.windows_policy.ps1") == "ansible.legacy.windows_policy"
