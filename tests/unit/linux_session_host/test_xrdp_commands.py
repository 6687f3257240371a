"""Files and commands of the machine itself."""

from pathlib import Path

from linux_session_host.host import Answer, Host


def test_a_command_gets_its_input_and_answers_with_both_streams():
    done = Host().run("sh", "-c", 'read -r line; echo "out $line"; echo err >&2; exit 3', stdin="secret\n")
    assert done == Answer(3, "out secret\n", "err\n")


def test_a_command_without_input_reads_nothing():
    assert Host().run("cat") == Answer(0, "", "")


def test_bytes_that_are_no_text_do_not_stop_it():
    assert Host().run("printf", r"\377x") == Answer(0, "\ufffdx", "")


def test_a_command_that_is_not_there_has_the_code_of_a_shell():
    assert Host().run("no-such-command", "-x") == Answer(127, "", "no-such-command is not installed")


def test_a_command_that_does_not_end_is_ended():
    assert Host().run("sleep", "60", seconds=0.1) == Answer(124, "", "sleep did not end in 0 seconds")


def test_files_are_below_the_root(tmp_path: Path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/issue").write_bytes(b"Gr\xfc\xdfe\n")
    host = Host(tmp_path)
    assert host.path("/etc/issue") == tmp_path / "etc/issue"
    assert host.text("/etc/issue") == "Gr\ufffd\ufffde\n"
    assert host.text("/etc/motd") is None
