"""The kinds user and group."""

from collections.abc import Callable

import pytest
from linux_sandbox import GROUP, PASSWD, Done, Sandbox, after, said


def user(name: str, **fields: object) -> dict[str, object]:
    return {"id": name, "kind": "user", "name": name, **fields}


def group(name: str, **fields: object) -> dict[str, object]:
    return {"id": f"group {name}", "kind": "group", "name": name, **fields}


@pytest.fixture
def host(host: Sandbox) -> Sandbox:
    """With the commands for accounts, which do what they say to the files."""

    def change(path: str, edit: Callable[[dict[str, list[str]]], None]) -> Done:
        records = {line.partition(":")[0]: line.split(":") for line in host.text(path).splitlines()}
        edit(records)
        host.file(path, "".join(":".join(record) + "\n" for record in records.values()))
        return said()

    def options(command: tuple[str, ...]) -> dict[str, str]:
        flags = ("--system", "--create-home", "--no-create-home", "--lock", "--unlock")
        given, rest = {}, list(command[1:-1])
        while rest:
            name = rest.pop(0)
            given[name] = "" if name in flags else rest.pop(0)
        return given

    def account(*command: str, text: str) -> Done:
        given, name = options(command), command[-1]

        def edit(records: dict[str, list[str]]) -> None:
            record = records.setdefault(name, [name, "x", "1500", "1500", "", f"/home/{name}", "/bin/sh"])
            record[4:7] = [
                given.get("--comment", record[4]),
                given.get("--home", given.get("--home-dir", record[5])),
                given.get("--shell", record[6]),
            ]

        def members(records: dict[str, list[str]]) -> None:
            if "--groups" in given:
                for record in records.values():
                    rest = [one for one in record[3].split(",") if one not in ("", name)]
                    record[3] = ",".join(rest + ([name] if record[0] in given["--groups"].split(",") else []))

        def shadow(records: dict[str, list[str]]) -> None:
            record = records.setdefault(name, [name, "!", ""])
            if "--lock" in given:
                record[1] = f"!{record[1]}"
            if "--unlock" in given:
                record[1] = record[1].lstrip("!")

        change("/etc/group", members)
        change("/etc/shadow", shadow)
        return change("/etc/passwd", edit)

    host.file("/etc/shadow", "root:*:1\nbeheer:$y$x:1\n", 0o640)
    host.file("/bin/bash", "")
    host.answers |= {
        "useradd": account,
        "usermod": account,
        "userdel": lambda *command, text: change("/etc/passwd", lambda records: records.pop(command[-1]) and None),
        "groupadd": lambda *command, text: change(
            "/etc/group", lambda r: r.update({command[-1]: [command[-1], "x", "990", ""]})
        ),
        "groupdel": lambda *command, text: change("/etc/group", lambda records: records.pop(command[-1]) and None),
        "gpasswd": lambda *command, text: change("/etc/group", lambda r: r[command[-1]].__setitem__(3, command[2])),
        "getent": said(code=2),
    }
    return host


def acts(host: Sandbox) -> list[str]:
    return [command for command in host.commands if not command.startswith("getent")]


def test_groups_come_first_then_users_then_members(host: Sandbox) -> None:
    settings = (
        group("lezers", members=["kiosk", "beheer"]),
        user("kiosk", comment="Kiosk", groups=["spelers", "lezers"]),
        group("spelers", system=True),
    )
    rows = host.rows(*settings)
    assert {name: after(row) for name, row in rows.items()} == {
        "group lezers": ("changed", "<absent>", "members beheer kiosk"),
        "kiosk": ("changed", "<absent>", "present, comment Kiosk, groups lezers spelers"),
        "group spelers": ("changed", "<absent>", "present"),
    }
    assert acts(host) == [
        "groupadd lezers",
        "groupadd --system spelers",
        "useradd --create-home --comment Kiosk --groups spelers,lezers kiosk",
        "gpasswd --members beheer,kiosk lezers",
    ]
    assert {row["status"] for row in host.rows(*settings).values()} == {"compliant"}


def test_an_account_is_made_with_all_that_is_asked(host: Sandbox) -> None:
    setting = user(
        "kiosk", shell="/bin/bash", home="/srv/k", comment="Kiosk", groups=["sudo"], system=True, locked=True
    )
    wanted = "present, shell /bin/bash, home /srv/k, comment Kiosk, groups sudo, locked"
    assert after(host.row(setting)) == ("changed", "<absent>", wanted)
    assert acts(host) == [
        "useradd --system --no-create-home --shell /bin/bash --home-dir /srv/k --comment Kiosk --groups sudo kiosk"
    ]
    assert after(host.row(setting)) == ("compliant", wanted, wanted)


def test_only_what_differs_of_an_account_is_changed(host: Sandbox) -> None:
    row = host.row(user("beheer", shell="/bin/bash", comment="Beheer", groups=["sudo", "beheer"], locked=True))
    assert after(row) == (
        "changed",
        "present, shell /bin/bash, comment none, groups sudo, not locked",
        "present, shell /bin/bash, comment Beheer, groups sudo, locked",
    )
    assert acts(host) == ["usermod --comment Beheer --lock beheer"]


def test_a_home_folder_that_is_in_use_hides_no_other_change(host: Sandbox) -> None:
    usermod = host.answers["usermod"]
    used = said(code=8, error="usermod: user beheer is currently used by process 9\n")
    host.answers["usermod"] = lambda *command, text: used if "--home" in command else usermod(*command, text=text)  # type: ignore[operator]
    row = host.row(user("beheer", home="/srv/b", comment="Beheer"))
    assert row == {
        "status": "failed",
        "before": "present, home /home/beheer, comment none",
        "after": "present, home /home/beheer, comment Beheer",
        "message": "usermod: usermod: user beheer is currently used by process 9",
    }


def test_groups_are_exactly_those_asked_for(host: Sandbox) -> None:
    assert after(host.row(user("beheer", groups=[]))) == ("changed", "present, groups sudo", "present, groups none")
    assert acts(host) == ["usermod --groups  beheer"]


def test_an_account_that_should_be_gone_goes_and_its_group_after_it(host: Sandbox) -> None:
    rows = host.rows(group("beheer", state="absent"), user("beheer", state="absent"))
    assert [after(row) for row in rows.values()] == [("changed", "present", "<absent>")] * 2
    assert "beheer" not in host.text("/etc/passwd")
    assert {row["status"] for row in host.rows(user("beheer", state="absent")).values()} == {"compliant"}


@pytest.mark.parametrize(
    "setting, message",
    [
        (user("kiosk", groups=["nergens"]), "there is no group nergens"),
        (user("kiosk", shell="/bin/zsh"), "there is no shell /bin/zsh"),
        (group("sudo", members=["nobody-here"]), "there is no account nobody-here"),
    ],
)
def test_what_the_host_lacks_is_said(host: Sandbox, setting: dict[str, object], message: str) -> None:
    row = host.row(setting)
    assert (row["status"], row["message"], acts(host)) == ("failed", message, [])


@pytest.mark.parametrize(
    "mode, members, before, wanted",
    [
        ("exact", ["root"], "members beheer", "members root"),
        ("exact", [], "members beheer", "members none"),
        ("include", ["root"], "members beheer", "members beheer root"),
        ("exclude", ["beheer", "nobody-here"], "members beheer", "members none"),
    ],
)
def test_members(host: Sandbox, mode: str, members: list[str], before: str, wanted: str) -> None:
    setting = group("sudo", members=members, mode=mode)
    assert after(host.row(setting)) == ("changed", before, wanted)
    assert after(host.row(setting)) == ("compliant", wanted, wanted)
    assert len(acts(host)) == 1


def test_two_settings_can_each_see_to_members_of_a_group(host: Sandbox) -> None:
    more = {**group("sudo", members=["root"], mode="include"), "id": "in"}
    less = {**group("sudo", members=["beheer"], mode="exclude"), "id": "out"}
    rows = host.rows(more, less)
    assert {row["status"] for row in rows.values()} == {"changed"}
    assert "sudo:x:27:root\n" in host.text("/etc/group")
    assert {row["status"] for row in host.rows(more, less).values()} == {"compliant"}


def test_a_member_of_a_directory_is_a_member(host: Sandbox) -> None:
    host.answers["getent passwd DRD\\admin"] = said("DRD\\admin:*:10000:10000:::\n")
    assert host.row(group("sudo", members=["DRD\\admin"], mode="include"))["status"] == "changed"
    assert acts(host) == ["gpasswd --members DRD\\admin,beheer sudo"]


@pytest.mark.parametrize(
    "setting, reason",
    [
        (user("beheer", state="absent"), "it signed in as beheer"),
        (user("beheer", shell="/usr/sbin/nologin"), "it signed in as beheer, who would have no shell"),
        (user("beheer", groups=["beheer"]), "beheer would lose the group sudo"),
        (group("sudo", members=[]), "beheer would lose the group sudo"),
        (group("sudo", members=["beheer"], mode="exclude"), "beheer would lose the group sudo"),
    ],
)
def test_the_account_of_the_run_keeps_its_access(host: Sandbox, setting: dict[str, object], reason: str) -> None:
    host.signed_in("beheer")
    row = host.row(setting)
    assert (row["status"], row["message"]) == ("failed", f"this would end the access of this run: {reason}")
    assert (acts(host), host.text("/etc/passwd"), host.text("/etc/group")) == ([], PASSWD, GROUP)


def test_a_command_that_fails_is_told_and_hides_no_other(host: Sandbox) -> None:
    host.answers["useradd"] = said(code=9, error="useradd: user 'kiosk' already exists\n")
    rows = host.rows(user("kiosk"), group("spelers"))
    assert (rows["kiosk"]["status"], rows["kiosk"]["message"]) == (
        "failed",
        "useradd: useradd: user 'kiosk' already exists",
    )
    assert rows["group spelers"]["status"] == "changed"


def test_damaged_lines_are_passed_over(host: Sandbox) -> None:
    host.file("/etc/passwd", f"{PASSWD}+::::::\nbroken\nx:x:a:b:c:d:e\n")
    assert host.row(user("x", state="absent"))["status"] == "compliant"
