"""`werkplek policy diff`: folders and commits, hosts, JSON, exit codes."""

import json
import subprocess

import pytest
from policy_command_samples import SCREEN, a_setting, swapped, write_files

from werkplek.errors import WerkplekError

CHANGED = {
    **swapped("policies/municipality/papendrecht.yml", ("data: 300", "data: 240"), ("own_three", "own_four")),
    "policies/baseline/screen.yml": SCREEN.replace("data: 5}", "data: 6}"),
    **swapped("policies/waivers.yml", ("2026-08-31", "2026-09-30")),
}


@pytest.fixture
def other(root, tmp_path):
    """The sample with another value for all, two for Papendrecht, and a waiver that ends later."""
    return write_files(tmp_path / "other", CHANGED)


def test_no_difference(run, root, tmp_path):
    same = write_files(
        tmp_path / "same", {"policies/baseline/screen.yml": SCREEN.replace("title: Give", "title: Show")}
    )
    assert run("diff", same) == (0, "No difference.")
    assert run("diff", same, root, "--no-hosts") == (0, "No difference.")
    code, output = run("diff", same, root, "--json")
    found = {"schema": 1, "old": str(same), "new": str(root), "waivers": [], "groups": []}
    assert (code, json.loads(output)) == (0, found)


def test_tables(run, root, other):
    code, output = run("diff", root, other, columns=80)
    assert code == 3
    lines = output.splitlines()
    assert lines[0] == "Settings that are different"
    assert [line.split() for line in lines[2:8] if "─" not in line] == [
        ["municipality", "class", "added", "removed", "changed", "hosts"],
        ["papendrecht", "vdi_host", "0", "0", "2", "0"],
        ["papendrecht", "workstation", "0", "0", "3", "3"],
        ["zwijndrecht", "vdi_host", "0", "0", "1", "1"],
        ["zwijndrecht", "workstation", "0", "0", "1", "1"],
    ]
    assert lines[9:] == [
        "Changes",
        "  changed  extensions  policies/municipality/papendrecht.yml:9",
        r"    HKLM:\SOFTWARE\Edge\Allow",
        "    list: base_one, own_three -> list: base_one, own_four",
        "    workstation: papendrecht (3)",
        "  changed  lockout  policies/baseline/screen.yml:6",
        "    LockoutBadCount",
        "    5 -> 6",
        "    workstation: papendrecht (2), zwijndrecht (1); vdi_host: papendrecht (0),",
        "      zwijndrecht (1)",
        "  changed  lockout  policies/baseline/screen.yml:6",
        "    LockoutBadCount",
        "    5 (waived) -> 6 (waived)",
        "    workstation: papendrecht (1); vdi_host: papendrecht (0)",
        "  changed  screen_lock  policies/municipality/papendrecht.yml:1",
        r"    HKLM:\SOFTWARE\Screen\Timeout",
        "    dword: 300 -> dword: 240",
        "    workstation: papendrecht (2); vdi_host: papendrecht (0)",
        "  changed  screen_lock  policies/municipality/papendrecht.yml:1",
        r"    HKLM:\SOFTWARE\Screen\Timeout",
        "    dword: 300 (waived) -> dword: 240 (waived)",
        "    workstation: papendrecht (1)",
        "Waivers that are different",
        "  changed  summer  policies/waivers.yml:26",
        "    advice for municipality zwijndrecht; from 2026-07-01 until 2026-08-31 ->",
        "      advice for municipality zwijndrecht; from 2026-07-01 until 2026-09-30",
    ]


def test_without_hosts_no_registry_is_read_and_nothing_counted(run, root, other):
    (root / "registry.json").unlink()
    code, output = run("diff", root, other, "--no-hosts")
    assert code == 3
    assert output.splitlines()[2].split() == ["municipality", "class", "added", "removed", "changed"]
    assert "    workstation: papendrecht, zwijndrecht; vdi_host: papendrecht, zwijndrecht" in output.splitlines()
    with pytest.raises(WerkplekError):
        run("diff", root, other)


ADDED = {
    "setting": "extra",
    "kind": "added",
    "what": "HKLM:\\SOFTWARE\\A\\extra",
    "before": "",
    "after": "dword: 1",
    "source": "policies/workstation/extra.yml:1",
}
WAIVED = {
    "waiver": "summer",
    "kind": "removed",
    "before": "advice for municipality zwijndrecht; from 2026-07-01 until 2026-08-31",
    "after": "",
    "source": "policies/waivers.yml:26",
}


def test_json(run, root, tmp_path):
    extra = {
        "policies/workstation/extra.yml": a_setting("extra", 1, "  on: {ring: canary}\n"),
        "policies/waivers.yml": (root / "policies/waivers.yml").read_text().partition("- id: summer")[0],
    }
    new = write_files(tmp_path / "new", extra)
    code, output = run("diff", root, new, "--json")
    assert code == 3
    assert output.isascii()
    names = {"schema": 1, "old": str(root), "new": str(new), "waivers": [WAIVED]}
    papendrecht = {"municipality": "papendrecht", "workplace_class": "workstation"}
    zwijndrecht = {"municipality": "zwijndrecht", "workplace_class": "workstation"}
    assert json.loads(output) == {
        **names,
        "groups": [
            {**papendrecht, "hosts": 1, "changes": [{**ADDED, "hosts": 1}]},
            {**zwijndrecht, "hosts": 0, "changes": [{**ADDED, "hosts": 0}]},
        ],
    }
    assert json.loads(run("diff", root, new, "--json", "--no-hosts")[1]) == {
        **names,
        "groups": [
            {**papendrecht, "hosts": None, "changes": [{**ADDED, "hosts": None}]},
            {**zwijndrecht, "hosts": None, "changes": [{**ADDED, "hosts": None}]},
        ],
    }


def test_a_waiver_that_has_not_begun_is_a_difference(run, root, tmp_path):
    later = write_files(tmp_path / "later", swapped("policies/waivers.yml", ("2026-08-31", "2026-09-30")))
    code, output = run("diff", root, later)
    assert (code, output.splitlines()[0]) == (3, "Waivers that are different")
    assert "No difference" not in output


@pytest.fixture
def history(commit, root, git):
    """Two commits, the first with a tag and the second with a branch, and a change that is not committed."""
    first = commit("Begin")
    git("tag", "v1.0")
    write_files(root, {"policies/workstation/extra.yml": a_setting("extra", 1)})
    second = commit("More")
    git("branch", "met/één spatie".replace(" ", "_"))
    write_files(root, {"policies/workstation/extra.yml": a_setting("extra", 2)})
    return first, second


def kinds(output):
    return [change["kind"] for group in json.loads(output)["groups"] for change in group["changes"]]


def test_commits_tags_and_branches(run, history):
    first, second = history
    for old, new, expected in (
        ("v1.0", None, ["added", "added"]),
        (first, second, ["added", "added"]),
        (second[:10], "v1.0", ["removed", "removed"]),
        ("met/één_spatie", None, ["changed", "changed"]),
        ("HEAD", "HEAD~1", ["removed", "removed"]),
        ("HEAD", "main", []),
    ):
        code, output = run("diff", old, *([new] if new else []), "--json", "--no-hosts")
        assert (code, kinds(output)) == (3 if expected else 0, expected)
        assert (json.loads(output)["old"], json.loads(output)["new"]) == (old, new)


def test_a_commit_and_a_folder(run, history, root, monkeypatch):
    monkeypatch.chdir(root)
    code, output = run("diff", "v1.0", ".", "--no-hosts", "--json")
    assert (code, kinds(output)) == (3, ["added", "added"])


def refusal(run, *words):
    with pytest.raises(WerkplekError) as caught:
        run("diff", "--no-hosts", *words)
    return str(caught.value).splitlines()


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["nothing", "", "v1.0:policies", "v1.0^{tree}"])
def test_what_names_no_policy(run, name):
    assert refusal(run, name) == [
        f"{name}: No such policy.",
        f"  '{name}': found neither; expected a folder with policies/, or a commit, tag or branch",
    ]
    assert refusal(run, "v1.0", name)[0] == f"{name}: No such policy."


@pytest.mark.usefixtures("history")
def test_a_name_that_looks_like_an_option(run, root):
    assert run("diff", "-x")[0] == 2
    assert refusal(run, "--", "--output=stolen")[0] == "--output=stolen: No such policy."
    assert not list(root.rglob("*stolen*"))


def test_a_folder_without_policies_and_no_git(run, root, tmp_path):
    (tmp_path / "empty").mkdir()
    assert refusal(run, tmp_path / "empty") == [
        f"{tmp_path}/empty: No such policy.",
        f"  '{tmp_path}/empty': found neither; expected a folder with policies/, or a commit, tag or branch."
        f" Git says of {root}: not a git repository (or any of the parent directories): .git.",
    ]


def test_a_folder_and_a_commit_of_one_name(run, history, root, monkeypatch, git):
    monkeypatch.chdir(root)
    write_files(root / "before", {"policies/workstation/extra.yml": a_setting("extra", 3)})
    git("branch", "before", "v1.0")
    assert refusal(run, "before") == [
        "before: It could be two policies.",
        "  'before': found a folder and a commit; expected one."
        f" Write ./before for the folder, {history[0][:12]} for the commit.",
    ]
    assert kinds(run("diff", "./before", "--no-hosts", "--json")[1]) == ["changed", "changed"]
    assert kinds(run("diff", history[0][:12], "--no-hosts", "--json")[1]) == ["added", "added"]


def test_problems_say_in_which_of_both(run, root, commit, other):
    (root / "policies/baseline/screen.yml").write_text("- id: x\n")
    broken = commit("Broken")
    (root / "policies/baseline/screen.yml").write_text(SCREEN)
    assert refusal(run, broken)[0].startswith(f"{broken}: The policy repository has ")
    (other / "municipalities/zwijndrecht.yml").unlink()
    assert refusal(run, root, other)[0].startswith(f"{other}: The policy repository has ")


def test_a_repository_below_the_top_of_git(run, root, commit, git, tmp_path):
    """The checkout may be a folder of a larger repository: names are looked up there, files below the root."""
    commit("Begin")
    subprocess.run(["mv", root / ".git", root.parent / ".git"], check=True)
    git_above = ["git", "-C", str(root.parent)]
    subprocess.run([*git_above, "add", "-A"], check=True)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.nl"]
    subprocess.run([*git_above, *who, "commit", "-q", "-m", "Down"], check=True)
    write_files(root, {"policies/workstation/extra.yml": a_setting("extra", 1)})
    assert kinds(run("diff", "HEAD", "--no-hosts", "--json")[1]) == ["added", "added"]
    assert refusal(run, "HEAD~1") == [
        "HEAD~1: The policy files cannot be read.",
        "  policies/: found no such folder; expected a folder 'policies' in the commit",
        "  municipalities/: found no such folder; expected a folder 'municipalities' in the commit",
    ]


def test_what_a_terminal_would_obey_is_an_escape(run, root, tmp_path):
    changed = {"policies/workstation/extra.yml": a_setting("extra", '"\\u009b2J[red]"', kind="string")}
    code, output = run("diff", root, write_files(tmp_path / "new", changed))
    assert code == 3
    assert r"    string: \x9b2J[red]" in output.splitlines()
    assert "\x9b" not in output
