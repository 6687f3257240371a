"""The kinds timezone, locale and dconf."""

import os
from pathlib import Path

import pytest
from linux_sandbox import Sandbox, after, said

HEADER = "# Kept by Werkplek: what is changed here is changed back.\n"
ZONE = {"id": "z", "kind": "timezone", "name": "Europe/Amsterdam"}
LOCALE = {"id": "l", "kind": "locale", "name": "nl_NL.UTF-8"}


@pytest.fixture
def clock(host: Sandbox) -> Sandbox:
    host.file("/usr/share/zoneinfo/Europe/Amsterdam", "TZif")
    host.path("/etc/localtime").symlink_to("/usr/share/zoneinfo/Etc/UTC")
    return host


def test_the_zone_is_a_link(clock: Sandbox) -> None:
    assert after(clock.row(ZONE)) == ("changed", "Etc/UTC", "Europe/Amsterdam")
    assert str(clock.path("/etc/localtime").readlink()) == "/usr/share/zoneinfo/Europe/Amsterdam"
    assert not clock.path("/etc/timezone").exists()
    assert after(clock.row(ZONE)) == ("compliant", "Europe/Amsterdam", "Europe/Amsterdam")


def test_a_zone_whose_name_is_kept_too_has_both(clock: Sandbox) -> None:
    clock.file("/etc/timezone", "Etc/UTC\n")
    assert clock.row(ZONE)["status"] == "changed"
    assert clock.text("/etc/timezone") == "Europe/Amsterdam\n"
    clock.file("/etc/timezone", "Etc/UTC\n")
    assert clock.row(ZONE)["before"] == "Europe/Amsterdam, named Etc/UTC"


def test_a_zone_that_is_not_there_is_told(clock: Sandbox) -> None:
    row = clock.row({**ZONE, "name": "Europe/Nergens"})
    message = "this host has no time zone Europe/Nergens, or lacks the package tzdata"
    assert (row["status"], row["message"]) == ("failed", message)


@pytest.fixture
def language(host: Sandbox) -> Sandbox:
    """locale-gen makes what the list asks for."""
    host.program("locale-gen")
    host.file("/usr/share/i18n/SUPPORTED", "nl_NL ISO-8859-1\nnl_NL.UTF-8 UTF-8\n")
    host.file("/etc/locale.gen", "# nl_NL.UTF-8 UTF-8\n")
    made = ["C", "C.utf8", "POSIX"]

    def generate(*command: str, text: str) -> object:
        lines = host.text("/etc/locale.gen").splitlines()
        made.extend(line.split()[0].replace("UTF-8", "utf8") for line in lines if not line.startswith("#"))
        return said()

    host.answers |= {"locale -a": lambda *command, text: said("\n".join(made)), "locale-gen": generate}  # type: ignore[dict-item]
    return host


def test_a_locale_is_made_and_becomes_the_language(language: Sandbox) -> None:
    language.file("/etc/default/locale", "# by hand\nLANG=C.UTF-8\nLC_TIME=C\n")
    assert after(language.row(LOCALE)) == ("changed", "C.UTF-8", "nl_NL.UTF-8")
    assert language.text("/etc/default/locale") == "# by hand\nLANG=nl_NL.UTF-8\nLC_TIME=C\n"
    assert language.text("/etc/locale.gen") == "# nl_NL.UTF-8 UTF-8\nnl_NL.UTF-8 UTF-8\n"
    assert language.row(LOCALE)["status"] == "compliant"


def test_where_debian_13_has_a_link_the_file_behind_it_is_written(language: Sandbox) -> None:
    language.file("/etc/locale.conf", "LANG=C.UTF-8\n")
    language.path("/etc/default").mkdir()
    language.path("/etc/default/locale").symlink_to("../locale.conf")
    assert language.row(LOCALE)["status"] == "changed"
    assert language.text("/etc/locale.conf") == "LANG=nl_NL.UTF-8\n"
    assert language.path("/etc/default/locale").is_symlink()


def test_quotes_around_the_language_make_no_difference(language: Sandbox) -> None:
    language.file("/etc/default/locale", 'LANG="C.UTF-8"\n')
    assert language.row({**LOCALE, "name": "C.UTF-8"})["status"] == "compliant"


def test_a_language_that_is_set_and_not_made_is_not_there(language: Sandbox) -> None:
    language.file("/etc/default/locale", "LANG=nl_NL.UTF-8\n")
    assert after(language.row(LOCALE)) == ("changed", "nl_NL.UTF-8, not generated", "nl_NL.UTF-8")


def test_a_locale_that_debian_does_not_have_changes_nothing(language: Sandbox) -> None:
    before = language.files()
    row = language.row({**LOCALE, "name": "xx_YY.UTF-8"})
    assert (row["status"], row["message"]) == ("failed", "Debian has no locale xx_YY.UTF-8")
    assert {path: text for path, text in language.files().items() if "locale" in path} == {
        path: text for path, text in before.items() if "locale" in path
    }


def test_a_locale_that_is_not_made_is_told(language: Sandbox) -> None:
    language.answers["locale-gen"] = said(code=1, error="no space left\n")
    row = language.row(LOCALE)
    assert (row["status"], row["message"]) == ("failed", "locale-gen could not make nl_NL.UTF-8: no space left")


def test_without_its_package_no_locale_is_made(host: Sandbox) -> None:
    host.answers["locale -a"] = said("C\n")
    row = host.row(LOCALE)
    assert (row["status"], row["message"]) == ("failed", "it is not there, and the package locales is not installed")


KEYS = "/etc/dconf/db/local.d/60-werkplek"
LOCKS = "/etc/dconf/db/local.d/locks/60-werkplek"


def key(path: str, value: str, *, locked: bool = False) -> dict[str, object]:
    return {"id": path, "kind": "dconf", "key": path, "value": value, "locked": locked}


@pytest.fixture
def desktop(host: Sandbox) -> Sandbox:
    """dconf makes its database unless a value is `bad`."""
    host.program("dconf")

    def dconf(*command: str, text: str) -> object:
        folder = Path(command[3]) if command[1] == "compile" else host.path("/etc/dconf/db/local.d")
        if any("=bad" in path.read_text() for path in folder.iterdir() if path.is_file()):
            return said(code=1, error=f"error: {folder}/60-werkplek: invalid value: bad\n")
        if command[1] == "update":
            host.file("/etc/dconf/db/local", "GVariant")
        return said()

    host.answers["dconf"] = dconf  # type: ignore[assignment]
    return host


def test_keys_locks_profile_and_database_are_made_together(desktop: Sandbox) -> None:
    settings = (
        key("/org/gnome/desktop/session/idle-delay", "uint32 900", locked=True),
        key("/org/gnome/desktop/screensaver/lock-delay", "uint32 5"),
        key("/org/gnome/desktop/session/x", "'y=z'", locked=True),
    )
    rows = desktop.rows(*settings)
    assert [after(row) for row in rows.values()] == [
        ("changed", "<absent>", "uint32 900, locked"),
        ("changed", "<absent>", "uint32 5"),
        ("changed", "<absent>", "'y=z', locked"),
    ]
    assert desktop.text(KEYS) == (
        f"{HEADER}[org/gnome/desktop/session]\nidle-delay=uint32 900\nx='y=z'\n\n"
        "[org/gnome/desktop/screensaver]\nlock-delay=uint32 5\n"
    )
    assert desktop.text(LOCKS) == f"{HEADER}/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/session/x\n"
    assert desktop.text("/etc/dconf/profile/user") == "user-db:user\nsystem-db:local\n"
    assert [command for command in desktop.commands if command == "dconf update"] == ["dconf update"]
    desktop.commands.clear()
    assert {row["status"] for row in desktop.rows(*settings).values()} == {"compliant"}
    assert desktop.commands == []


def test_a_key_at_the_root_is_a_key(desktop: Sandbox) -> None:
    assert after(desktop.row(key("/b", "1", locked=True))) == ("changed", "<absent>", "1, locked")
    assert desktop.text(KEYS) == f"{HEADER}[/]\nb=1\n"


def test_a_database_that_is_not_made_is_told(desktop: Sandbox) -> None:
    desktop.answers["dconf update"] = said(code=1, error="error: failed to update at least one of the databases\n")
    row = desktop.row(key("/a/b", "1"))
    assert (row["status"], row["after"]) == ("failed", "1, not in effect")
    assert row["message"] == "dconf update: error: failed to update at least one of the databases"


def test_a_bad_value_keeps_no_other_from_taking_effect(desktop: Sandbox) -> None:
    rows = desktop.rows(key("/a/b", "bad"), key("/a/c", "1"))
    assert rows["/a/b"]["status"] == "failed"
    assert rows["/a/b"]["message"] == "dconf refuses it: error: keys/60-werkplek: invalid value: bad"
    assert after(rows["/a/c"]) == ("changed", "<absent>", "1")
    assert desktop.text(KEYS) == f"{HEADER}[a]\nc=1\n"


def test_files_that_no_database_was_made_of_are_not_in_effect(desktop: Sandbox) -> None:
    desktop.row(key("/a/b", "1"))
    os.utime(desktop.path("/etc/dconf/db/local"), (1, 1))
    assert after(desktop.row(key("/a/b", "1"))) == ("changed", "1, not in effect", "1")


def test_a_profile_of_others_keeps_its_lines(desktop: Sandbox) -> None:
    desktop.file("/etc/dconf/profile/user", "user-db:user\nsystem-db:site\n")
    desktop.row(key("/a/b", "1"))
    assert desktop.text("/etc/dconf/profile/user") == "user-db:user\nsystem-db:site\nsystem-db:local\n"


def test_a_later_file_that_sets_another_value_is_named(desktop: Sandbox) -> None:
    desktop.file("/etc/dconf/db/local.d/90-own", "[a]\nb=2\n")
    row = desktop.row(key("/a/b", "1"))
    assert (row["status"], row["message"]) == ("failed", "/etc/dconf/db/local.d/90-own is read later and sets 2")


def test_keys_and_locks_of_an_earlier_policy_go(desktop: Sandbox) -> None:
    desktop.rows(key("/a/b", "1"), key("/old/c", "2", locked=True))
    row = desktop.row(key("/a/b", "1"))
    assert row["message"] == "takes away what no setting asks for any more: /old/c=2 | lock of /old/c"
    assert (desktop.text(KEYS), desktop.text(LOCKS)) == (f"{HEADER}[a]\nb=1\n", HEADER)


def test_without_dconf_there_is_nothing_to_set(host: Sandbox) -> None:
    row = host.row(key("/a/b", "1"))
    assert (row["status"], row["message"]) == ("unsupported", "this host has no dconf")
