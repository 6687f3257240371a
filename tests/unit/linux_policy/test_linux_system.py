"""The door to the host: commands with their time limits, files of every shape, and the module around it all."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from linux_policy.commands import Done, greeting_of, run_command
from linux_policy.model import HostError
from linux_policy.system import System, decode, encode
from linux_sandbox import Sandbox

ROOT = Path(__file__).parents[3]


def test_a_command_gets_its_input_a_clean_environment_and_the_c_locale() -> None:
    done = run_command(["sh", "-c", "cat; echo $LC_ALL $MORE $PYTEST_CURRENT_TEST; exit 3"], "in ", {"MORE": "x"}, 10)
    assert (done.code, done.out, done.err) == (3, "in C.UTF-8 x\n", "")


def test_a_command_that_is_not_there_and_one_that_does_not_end_are_told() -> None:
    assert run_command(["/no/such"], "", {}, 10) == Done(127, "", "/no/such is not there")
    assert run_command(["sleep", "10"], "", {}, 0.01) == Done(124, "", "sleep did not end within 0 s")


@pytest.mark.parametrize(
    "done, said",
    [
        (Done(1, "out", "a\n\n b \nc\nd\n"), "b; c; d"),
        (Done(1, "out\n", " \n"), "out"),
        (Done(4, "", ""), "exit code 4 without a word"),
    ],
)
def test_what_a_command_said_is_its_last_lines_errors_first(done: Done, said: str) -> None:
    assert done.said == said


def test_the_greeting_of_a_server_and_of_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        assert greeting_of("127.0.0.1", port) == "SSH-2.0-x\r\n"
        thread.join()
    assert greeting_of("127.0.0.1", port) == ""


def test_only_regular_files_are_read(host: Sandbox) -> None:
    os.mkfifo(host.path("/etc/pipe"))
    for path, message in (("/etc/pipe", "/etc/pipe is not a regular file"), ("/etc", "/etc is not a regular file")):
        with pytest.raises(HostError) as refused:
            host.system.read(path)
        assert str(refused.value) == message
    assert host.system.read("/etc/passwd/x") is None


def test_a_file_without_end_is_not_read(host: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    host.file("/etc/endless", "x")
    monkeypatch.setattr(os, "read", lambda _, size: b"x" * size)
    with pytest.raises(HostError) as refused:
        host.system.read("/etc/endless")
    assert str(refused.value) == "/etc/endless is larger than 64 MB"


def test_a_link_leads_to_its_end(host: Sandbox) -> None:
    host.path("/etc/a").symlink_to("b")
    host.path("/etc/b").symlink_to("/usr/lib/c")
    assert host.system.target("/etc/a") == "/usr/lib/c"
    host.path("/etc/x").symlink_to("x")
    with pytest.raises(HostError) as refused:
        host.system.target("/etc/x")
    assert str(refused.value) == "/etc/x: symbolic links without an end"


def test_the_root_folder_is_a_folder(host: Sandbox) -> None:
    entry = host.system.entry("/")
    assert entry is not None
    assert (entry.shape, host.system.names("/none"), host.system.writable("/none/x")) == ("directory", [], False)


def test_any_bytes_are_text_and_back() -> None:
    every = bytes(range(256))
    assert encode(decode(every)) == every


def test_looking_and_check_mode_leave_a_system_untouched(host: Sandbox) -> None:
    system = System(str(host.root), lambda *_: Done(0, "", ""))
    system.look("anything")
    assert not system.touched
    system.act("anything")
    assert system.touched


def module(policy: str) -> dict[str, object]:
    """The module as Ansible packs and runs it, in check mode on this machine."""
    command = [
        str(Path(sys.executable).with_name("ansible")),
        "localhost",
        "-i",
        "localhost,",
        "-c",
        "local",
        "--check",
    ]
    more = ["-m", "linux_policy", "-a", json.dumps({"policy": policy})]
    python = ["-e", f"ansible_python_interpreter={sys.executable}"]
    environment = {**os.environ, "ANSIBLE_STDOUT_CALLBACK": "minimal", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    run = subprocess.run(
        [*command, *more, *python], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    return dict(json.loads(run.stdout.partition(" => ")[2]))


def test_ansible_runs_the_module_and_gets_its_answer() -> None:
    setting = {"id": "a", "kind": "config_line", "path": "/no/such/file", "key": "geheim", "state": "absent"}
    answer = module(json.dumps({"schema": 1, "settings": [setting]}))
    if os.geteuid() != 0:
        assert answer["msg"] == "linux_policy needs root, and nothing was touched: have Ansible become root."
        return
    assert json.loads(str(answer["settings"])) == [
        {"id": "a", "status": "compliant", "before": "<absent>", "after": "<absent>"}
    ]
    assert (answer["changed"], answer["handlers"]) == (False, [])
    assert "geheim" not in json.dumps(answer)


def test_ansible_says_what_is_malformed() -> None:
    if os.geteuid() == 0:
        problem = 'policy: found no JSON object; expected {"schema": 1, "settings": [...]}'
        assert module("[]")["msg"] == f"The policy is malformed, nothing was touched:\n  {problem}"
