"""The kind config_line: exactly one active line, every other byte as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linux_policy.lines import Line, changed, found, is_met
from linux_policy.model import HostError
from linux_sandbox import Sandbox, after, said

LOGIN_DEFS = "# days\n#PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\nUMASK\t\t022\n"
JOURNALD = "[Journal]\n#Storage=auto\nCompress=yes\n\n[Other]\nStorage=volatile\n"

CASES: dict[str, tuple[Line, str, str]] = {
    "a value is replaced where its line stands": (
        Line("PASS_MAX_DAYS", "365", separator=" "),
        LOGIN_DEFS,
        "# days\n#PASS_MAX_DAYS 1\nPASS_MAX_DAYS 365\nUMASK\t\t022\n",
    ),
    "how much space there is makes no difference": (
        Line("UMASK", "022", separator=" "),
        LOGIN_DEFS,
        LOGIN_DEFS,
    ),
    "whether there is space does": (
        Line("TMOUT", "900"),
        "TMOUT = 900\n",
        "TMOUT=900\n",
    ),
    "a new line is put at the end": (
        Line("TMOUT", "900"),
        "export TMOUT\n",
        "export TMOUT\nTMOUT=900\n",
    ),
    "a text without a last newline gets one": (
        Line("b", "2"),
        "a=1",
        "a=1\nb=2\n",
    ),
    "an empty text gets the line": (Line("b", "2"), "", "b=2\n"),
    "of duplicates the first that is right is kept": (
        Line("deny", "3", separator=" = "),
        "deny = 5\nx\ndeny = 3\n  deny = 3\n",
        "x\ndeny = 3\n",
    ),
    "of duplicates of which none is right the first becomes so": (
        Line("deny", "3", separator=" = "),
        "  deny = 5\nx\ndeny=7\n",
        "  deny = 3\nx\n",
    ),
    "a new line in a section is put at the section's end": (
        Line("Storage", "persistent", section="Journal"),
        JOURNALD,
        "[Journal]\n#Storage=auto\nCompress=yes\nStorage=persistent\n\n[Other]\nStorage=volatile\n",
    ),
    "a section that is not there is added": (
        Line("ProcessSizeMax", "0", section="Coredump"),
        "[Journal]\nx=1\n",
        "[Journal]\nx=1\n\n[Coredump]\nProcessSizeMax=0\n",
    ),
    "a key in another section is another key": (
        Line("Storage", absent=True, section="Journal"),
        JOURNALD,
        JOURNALD,
    ),
    "a section that comes twice is one": (
        Line("a", "1", section="S"),
        "[S]\na=2\n[T]\n[S]\na=3\n",
        "[S]\na=1\n[T]\n[S]\n",
    ),
    "an absent line goes with all its duplicates": (
        Line("GRUB_TIMEOUT", absent=True),
        "GRUB_TIMEOUT=5\nx\nGRUB_TIMEOUT = 1\n#GRUB_TIMEOUT=0\n",
        "x\n#GRUB_TIMEOUT=0\n",
    ),
    "an absent word goes": (
        Line("even_deny_root", absent=True),
        "even_deny_root\nroot_unlock_time = 60\n",
        "root_unlock_time = 60\n",
    ),
    "a word alone is a line": (
        Line("even_deny_root"),
        "# even_deny_root\n",
        "# even_deny_root\neven_deny_root\n",
    ),
    "a word alone is not the word with more behind it": (
        Line("Defaults use_pty"),
        "Defaults use_pty_not\nDefaults   use_pty\n",
        "Defaults use_pty_not\nDefaults   use_pty\n",
    ),
    "a key of more words": (
        Line("* hard core", "0", separator=" "),
        "*\thard\tcore\tunlimited\n* hard nofile 10\n",
        "* hard core 0\n* hard nofile 10\n",
    ),
    "a key that begins another": (
        Line("max_log_file", "10", separator=" = "),
        "max_log_file_action = ROTATE\n",
        "max_log_file_action = ROTATE\nmax_log_file = 10\n",
    ),
    "a value with signs of patterns": (Line("a.b", r"x\1|(y)"), "aXb=1\na.b=2\n", "aXb=1\na.b=x\\1|(y)\n"),
    "carriage returns stay": (Line("a", "2"), "a=1\r\nb=1\r\n", "a=2\r\nb=1\r\n"),
    "a new line ends as the first does": (Line("c", "2"), "a=1\r\n", "a=1\r\nc=2\r\n"),
    "a line that the one before it goes on in is none of its own": (
        Line("a", "1"),
        "x = y \\\na=2\n",
        "x = y \\\na=2\na=1\n",
    ),
    "an empty value": (Line("MOTD", ""), "MOTD=x\n", "MOTD=\n"),
    "bytes that are no UTF-8 stay": (Line("a", "1"), "\udcff\na=2\n", "\udcff\na=1\n"),
    "a vertical tab ends no line": (Line("a", "1"), "b=\x0ba=2\n", "b=\x0ba=2\na=1\n"),
    "a test of a shell is no section": (Line("A", "1"), "[ -f x ] && y\nA=2\n", "[ -f x ] && y\nA=1\n"),
}


@pytest.mark.parametrize("line, text, expected", CASES.values(), ids=CASES)
def test_exactly_the_line_changes(line: Line, text: str, expected: str) -> None:
    assert changed(text, line) == expected
    assert is_met(expected, line)


def test_a_key_in_more_than_one_section_needs_the_section() -> None:
    with pytest.raises(HostError) as refused:
        changed("port=1\n[Globals]\nport=2\n[Xorg]\nport=3\n", Line("port", "4"))
    assert str(refused.value) == (
        "'port' is set in more than one section: [Globals], before any section, [Xorg]; the setting must say which one"
    )


def test_a_line_that_goes_on_in_the_next_is_mended_by_hand() -> None:
    with pytest.raises(HostError) as refused:
        changed("a=1 \\\n  2\n", Line("a", "3"))
    assert str(refused.value) == r"the line 'a=1 \' goes on in the next; mend it by hand"


def test_no_line_is_put_after_one_that_goes_on() -> None:
    with pytest.raises(HostError) as refused:
        changed("b=1\\", Line("a", "3"))
    assert str(refused.value) == "the line before the place for 'a=3' goes on in the next; mend it by hand"


def test_what_is_shown_are_the_active_lines() -> None:
    assert found("#a=0\n a=1\na = 2\n", Line("a", "3")) == ["a=1", "a = 2"]


keys = st.text("abc.-", min_size=1, max_size=3).filter(lambda key: not key.startswith("-"))
values = st.text("abc012 ", max_size=4).map(str.strip)
sections = st.none() | st.sampled_from(["S", "T u"])
wanted = st.builds(Line, keys, st.none() | values, st.booleans(), sections, st.sampled_from(["=", " = "])).map(
    lambda line: Line(line.key, None if line.absent else line.value, line.absent, line.section, line.separator)
)
texts = st.lists(
    st.sampled_from(
        ["[S]", "[T u]", "", "# a=1", "; b", "x", "a", "b = 1", " a=1", "c=2", "a.b = 0", "a=1\\", "\udcfe=1"]
    ),
    max_size=12,
).flatmap(lambda lines: st.sampled_from(["\n".join(lines), "".join(f"{line}\n" for line in lines)]))


def outcome(text: str, line: Line) -> str | None:
    try:
        return changed(text, line)
    except HostError:
        return None


@given(texts, wanted)
def test_once_is_as_good_as_twice(text: str, line: Line) -> None:
    once = outcome(text, line)
    assert once is None or (is_met(once, line) and changed(once, line) == once)


@given(texts, wanted)
def test_every_other_line_keeps_its_bytes_and_place(text: str, line: Line) -> None:
    once = outcome(text, line)
    added = {line.rendered, f"[{line.section}]", ""}

    def others(lines: list[str]) -> list[str]:
        return [one for one in lines if one and not line.matches(one) and one.strip() not in added]

    assert once is None or others(once.split("\n")) == others(text.split("\n"))


def setting(name: str, path: str, key: str, **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "config_line", "path": path, "key": key, **fields}


def test_lines_of_one_file_are_written_together_and_each_has_its_row(host: Sandbox) -> None:
    host.file("/etc/login.defs", LOGIN_DEFS, 0o640)
    settings = (
        setting("days", "/etc/login.defs", "PASS_MAX_DAYS", value="365", separator=" "),
        setting("umask", "/etc/login.defs", "UMASK", value="027", separator=" "),
        setting("method", "/etc/login.defs", "ENCRYPT_METHOD", value="YESCRYPT", separator=" "),
    )
    rows = host.rows(*settings)
    assert {name: after(row) for name, row in rows.items()} == {
        "days": ("changed", "PASS_MAX_DAYS\t99999", "PASS_MAX_DAYS 365"),
        "umask": ("changed", "UMASK\t\t022", "UMASK 027"),
        "method": ("changed", "<absent>", "ENCRYPT_METHOD YESCRYPT"),
    }
    assert host.text("/etc/login.defs") == (
        "# days\n#PASS_MAX_DAYS 1\nPASS_MAX_DAYS 365\nUMASK 027\nENCRYPT_METHOD YESCRYPT\n"
    )
    assert host.path("/etc/login.defs").stat().st_mode & 0o7777 == 0o640
    assert {row["status"] for row in host.rows(*settings).values()} == {"compliant"}


def test_a_file_that_is_not_there_is_made_with_its_folders(host: Sandbox) -> None:
    path = "/etc/systemd/journald.conf.d/60-werkplek.conf"
    row = host.row(setting("storage", path, "Storage", value="persistent", section="Journal"))
    assert after(row) == ("changed", "<absent>", "Storage=persistent")
    assert host.text(path) == "[Journal]\nStorage=persistent\n"
    assert [oct(host.path(place).stat().st_mode & 0o7777) for place in (path, path.rpartition("/")[0])] == [
        "0o644",
        "0o755",
    ]


def test_an_absent_line_of_a_file_that_is_not_there_is_compliant(host: Sandbox) -> None:
    assert host.row(setting("a", "/etc/x", "a", state="absent"))["status"] == "compliant"
    assert not host.path("/etc/x").exists()


def test_if_present_is_compliant_where_there_is_no_file(host: Sandbox) -> None:
    grub = setting("audit", "/etc/default/grub", "GRUB_CMDLINE_LINUX", value='"audit=1"', if_present=True)
    assert host.row(grub) == {
        "status": "compliant",
        "before": "<absent>",
        "after": "<absent>",
        "message": "there is no such file to set this in",
    }
    host.file("/etc/default/grub", "GRUB_TIMEOUT=5\n")
    assert after(host.row(grub)) == ("changed", "<absent>", 'GRUB_CMDLINE_LINUX="audit=1"')


def test_lines_that_the_checker_refuses_are_told_apart_from_those_it_takes(host: Sandbox) -> None:
    def visudo(*command: str, text: str) -> object:
        bad = "nonsense" in Path(command[2]).read_text()
        return said(code=1, error=f"{command[2]}:1:9: syntax error") if bad else said()

    host.answers["visudo -cf"] = visudo  # type: ignore[assignment]
    rows = host.rows(
        setting("pty", "/etc/sudoers.d/werkplek", "Defaults use_pty"),
        setting("bad", "/etc/sudoers.d/werkplek", "Defaults nonsense"),
    )
    assert after(rows["pty"]) == ("changed", "<absent>", "Defaults use_pty")
    assert rows["bad"] == {
        "status": "failed",
        "before": "<absent>",
        "after": "<absent>",
        "message": "visudo refuses it: sudoers:1:9: syntax error",
    }
    assert host.text("/etc/sudoers.d/werkplek") == "Defaults use_pty\n"
    assert host.path("/etc/sudoers.d/werkplek").stat().st_mode & 0o7777 == 0o440


def test_a_link_is_not_followed(host: Sandbox) -> None:
    host.file("/etc/target", "a=1\n")
    host.path("/etc/link").symlink_to("target")
    row = host.row(setting("a", "/etc/link", "a", value="2"))
    assert row == {
        "status": "failed",
        "before": "<unknown>",
        "after": "<unknown>",
        "message": "/etc/link is a symbolic link (to target); it is not followed",
    }
    assert host.text("/etc/target") == "a=1\n"
