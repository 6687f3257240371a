"""What git says of lines and of earlier commits, in real repositories."""

import os
import subprocess

import pytest
from policy_command_samples import DESK, FILES, SCREEN, swapped, write_files

from werkplek.errors import WerkplekError
from werkplek.policy.history import OLDER, UNCOMMITTED, Change, commit_of, last_change, sources_at, trouble
from werkplek.policy.sources import FOLDERS, read_sources

FILE = "policies/municipality/papendrecht.yml"
SCREENS = "policies/baseline/screen.yml"


@pytest.fixture
def history(commit, root):
    """Three commits: all files; one line of an entry of eight; the title of another entry. Their names."""
    first = commit("Begin", name="Anna Smit", at="2026-01-10T09:00:00+01:00")
    write_files(root, swapped(FILE, ("data: 300", "data: 299")))
    second = commit("Lock sooner\n\nAs people asked.", name="Søren Ångström", at="2026-02-20T23:30:00-02:00")
    write_files(root, swapped(FILE, ("data: 300", "data: 299"), ("The image holds it no more", "Gone")))
    third = commit("Say it shorter", name="Cees Bos", at="2026-03-30T12:00:00+02:00")
    return first, second, third


def test_the_newest_line_of_an_entry_tells(history, root):
    first, second, third = history
    assert last_change(root, FILE, 1, 8) == Change(
        "committed", second, "Søren Ångström", "2026-02-21", "Lock sooner"
    )  # the day is that of its author, in UTC
    assert last_change(root, FILE, 15, 16) == Change("committed", third, "Cees Bos", "2026-03-30", "Say it shorter")
    assert last_change(root, FILE, 9, 14) == Change("committed", first, "Anna Smit", "2026-01-10", "Begin")


def test_the_newest_is_what_came_last_not_what_was_written_last(commit, git, root):
    commit("Begin")
    write_files(root, swapped(SCREENS, ("data: 600", "data: 601"), ("Lock the screen", "Lock screens")))
    first = commit("Written late, and in early", at="2026-03-05T12:00:00+00:00")
    text = (root / SCREENS).read_text().replace("data: 601", "data: 602")
    (root / SCREENS).write_text(text)
    last = commit("Written early, and in late", at="2026-03-06T12:00:00+00:00")
    git("commit", "-q", "--amend", "--no-edit", "--date=2026-02-01T12:00:00+00:00", at="2026-03-07T12:00:00+00:00")
    last = git("rev-parse", "HEAD")
    assert last_change(root, SCREENS, 1, 5) == Change(
        "committed", last, "Jan de Vries", "2026-02-01", "Written early, and in late"
    )
    assert last_change(root, SCREENS, 2, 2).commit == first


@pytest.mark.usefixtures("history")
def test_one_line_that_is_not_committed_is_the_newest(root):
    text = (root / FILE).read_text()
    (root / FILE).write_text(text.replace("Lock the screen sooner", "Lock the screen soon"))
    assert last_change(root, FILE, 1, 8) == Change(UNCOMMITTED)
    assert last_change(root, FILE, 9, 14).author == "Anna Smit"


@pytest.mark.usefixtures("history")
def test_lines_above_may_move_an_entry(root):
    (root / FILE).write_text("# new\n\n" + (root / FILE).read_text())
    assert last_change(root, FILE, 17, 18).author == "Cees Bos"


@pytest.mark.usefixtures("history")
def test_a_file_that_git_does_not_know(root):
    (root / "policies/baseline/new.yml").write_text(SCREEN)
    assert last_change(root, "policies/baseline/new.yml", 1, 1) is None


def test_a_folder_without_git(root):
    assert last_change(root, SCREENS, 1, 5) is None
    assert commit_of(root, "HEAD") == ""
    assert trouble(root) == "not a git repository (or any of the parent directories): .git"


def test_a_machine_without_git(history, root, monkeypatch):
    monkeypatch.setenv("PATH", str(root))
    assert last_change(root, SCREENS, 1, 5) is None
    assert commit_of(root, "HEAD") == ""
    assert trouble(root) == "no git on this machine"


def test_a_repository_that_has_no_commit_yet(git, root):
    assert last_change(root, SCREENS, 1, 5) is None
    assert (commit_of(root, "HEAD"), trouble(root)) == ("", "")


ODD = "policies/baseline/naïef én 'los'.yml"


def test_names_with_blanks_and_letters_beyond_ascii(commit, root):
    (root / ODD).write_text(DESK)
    name = commit("Begin", name="Zoë \u2028 O'Neil")
    assert last_change(root, ODD, 1, 4) == Change("committed", name, "Zoë \u2028 O'Neil", "2026-03-01", "Begin")
    assert sources_at(root, name, FOLDERS)[ODD] == DESK.encode()


def test_a_name_that_is_not_utf8(commit, root):
    name = os.fsdecode(b"policies/baseline/\xff.yml")
    (root / name).write_text(SCREEN)
    assert sources_at(root, commit("Begin"), FOLDERS)[name] == SCREEN.encode()
    assert last_change(root, name, 1, 1).summary == "Begin"


def test_lines_may_hold_what_python_takes_for_an_end_of_line(commit, root):
    (root / SCREENS).write_text(SCREEN.replace("Lock the screen", "Lock\u2028the\u0085screen\x0b."), newline="")
    assert last_change(root, SCREENS, 1, 5) is None
    name = commit("Begin")
    assert last_change(root, SCREENS, 1, 5).commit == name


def test_the_policy_of_a_commit_is_what_was_there(history, root):
    first, second, _ = history
    found = sources_at(root, first, FOLDERS)
    assert found == {name: text.encode() for name, text in FILES.items()}
    assert list(found) == sorted(found)
    assert b"data: 299" in sources_at(root, second, FOLDERS)[FILE]


def test_the_newest_commit_is_the_checkout_as_it_is_read(commit, root):
    (root / "policies/.hidden").mkdir()
    (root / "policies/.hidden/a.yml").write_text("x")
    (root / "policies/baseline/.a.yml.swp").write_text("x")
    (root / "other").write_text("x")
    (root / "policies/baseline/crlf.yml").write_bytes(b"- {}\r\n\r\n")
    (root / "policies/baseline/empty.yml").touch()
    assert sources_at(root, commit("Begin"), FOLDERS) == read_sources(root)


def test_a_root_within_a_repository(root, monkeypatch, git):
    """The sample stands in a folder of a larger repository."""
    inner = write_files(root / "deel twee" / "werkplek", swapped(SCREENS, ("data: 600", "data: 700")))
    git("add", "-A")
    git("commit", "-q", "-m", "Both")
    name = commit_of(inner, "main")
    assert b"data: 700" in sources_at(inner, name, FOLDERS)[SCREENS]
    assert set(sources_at(inner, name, FOLDERS)) == set(FILES)
    assert last_change(inner, SCREENS, 1, 5).commit == name
    (root / SCREENS).write_text(SCREEN.replace("600", "1"))
    assert last_change(inner, SCREENS, 1, 5).commit == name


@pytest.fixture
def shallow(history, root, tmp_path, git):
    """A clone that begins with the second commit."""
    git("clone", "-q", "--depth", "2", f"file://{root}", str(tmp_path / "clone"), folder=tmp_path)
    return tmp_path / "clone"


def test_lines_from_before_a_shallow_clone_have_no_author(history, shallow):
    assert last_change(shallow, FILE, 9, 14) == Change(OLDER)
    assert last_change(shallow, FILE, 15, 16).author == "Cees Bos"


def test_the_first_commit_of_a_whole_repository_is_no_such_end(history, root):
    assert last_change(root, FILE, 9, 14).commit == history[0]


def test_names_of_commits(history, root, git):
    first, second, third = history
    git("tag", "v1", first)
    git("branch", "feature/één", second)
    assert [commit_of(root, name) for name in ("v1", "feature/één", "main", third[:8], "HEAD~1", "main^{}")] == [
        first, second, third, third, second, third
    ]  # fmt: skip


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    "name", ["-x", "--all", "--output=stolen", "", " ", "no-such", "main:policies", "a\nb", ".", "../x"]
)
def test_what_names_no_commit(root, name):
    assert commit_of(root, name) == ""
    assert not list(root.rglob("stolen*"))


def test_a_tag_that_looks_like_an_option_is_a_name(history, root, git):
    git("update-ref", "refs/tags/--all", history[0])
    assert commit_of(root, "--all") == history[0]


def refusal(root, commit):
    with pytest.raises(WerkplekError) as caught:
        sources_at(root, commit, FOLDERS)
    return str(caught.value).splitlines()


def test_a_commit_without_the_folders(git, root):
    git("commit", "-q", "--allow-empty", "-m", "Empty")
    assert refusal(root, commit_of(root, "HEAD")) == [
        "The policy files cannot be read.",
        "  policies/: found no such folder; expected a folder 'policies' in the commit",
        "  municipalities/: found no such folder; expected a folder 'municipalities' in the commit",
    ]


def test_what_a_commit_has_no_contents_of(commit, root, git):
    (root / "policies/baseline/link.yml").symlink_to("screen.yml")
    (root / "policies/part").mkdir()
    git("init", "-q", folder=root / "policies/part")
    git("commit", "-q", "--allow-empty", "-m", "x", folder=root / "policies/part")
    assert refusal(root, commit("Begin")) == [
        "The policy files cannot be read.",
        "  policies/baseline/link.yml: found a link or a submodule; expected a file",
        "  policies/part: found a link or a submodule; expected a file",
    ]


def test_a_file_that_the_clone_lacks(commit, root, git):
    name = commit("Begin")
    blob = git("rev-parse", f"HEAD:{SCREENS}")
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    lines = refusal(root, name)
    assert lines[0] == "The policy files cannot be read."
    assert lines[1].startswith(f"  {SCREENS}: found a file that this clone lacks; expected a whole clone")


def test_within_a_hook_git_still_looks_where_it_is_told(history, root, tmp_path, monkeypatch):
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert commit_of(root, "HEAD") == history[2]
    assert last_change(root, FILE, 15, 16).commit == history[2]
