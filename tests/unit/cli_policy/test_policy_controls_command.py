"""`werkplek policy controls`: counts, one source or control, what is missing, JSON."""

import json

import pytest
from policy_command_samples import a_setting, write_files

from werkplek.errors import WerkplekError


def rows(output):
    return [line.split() for line in output.splitlines() if line.startswith(" ") and "─" not in line]


def test_a_line_for_each_source(run):
    code, output = run("controls", columns=80)
    assert code == 0
    assert rows(output) == [
        ["source", "controls", "evidenced", "not", "evidenced", "document"],
        ["BIO2", "3", "2", "1", "Baseline", "Overheid", "1.3"],
        ["CIS-W11", "4", "3", "1", "CIS", "Windows", "11", "4.0.0"],
    ]
    assert output.splitlines()[-1] == "`werkplek policy controls SOURCE` shows each control with its settings."
    assert max(map(len, output.splitlines())) <= 80


@pytest.fixture
def unlisted(root):
    """A source of which the numbers are not listed, and no titles of sources."""
    write_files(root, {"policies/baseline/more.yml": a_setting("more", 1, "  controls: [NIST:AC-2]\n")})
    (root / "policies/controls/sources.csv").unlink()


@pytest.mark.usefixtures("unlisted")
def test_a_source_that_is_not_listed_has_no_number_of_what_is_missing(run):
    assert rows(run("controls", columns=80)[1])[-1] == ["NIST", "1", "1", "not", "listed"]
    assert "NIST" not in run("controls", "--missing")[1]
    assert run("controls", "NIST", "--missing") == (
        0,
        "The numbers of that source are not listed: what is missing is not known.",
    )


def test_sources_and_controls_by_name(run):
    code, output = run("controls", "CIS-W11:2.3.10.2", "BIO2", "CIS-W11:2.3.7.3", "CIS-W11:2.3.7.3")
    assert code == 0
    assert output.splitlines() == [
        "BIO2  Baseline Overheid 1.3",
        "  BIO2:5.17.03  Wachtwoorden: 1 setting",
        "      lockout",
        "  BIO2:8.01.02  Hardenen (government measure): 1 setting",
        "      screen_lock",
        "  BIO2:8.15.01  Loggen: no setting",
        "CIS-W11  CIS Windows 11 4.0.0",
        "  CIS-W11:2.3.7.3: 1 setting",
        "      screen_lock",
        "  CIS-W11:2.3.10.2: no setting",
    ]


def test_what_no_setting_evidences(run):
    assert run("controls", "--missing") == (
        0,
        "BIO2  Baseline Overheid 1.3\n  BIO2:8.15.01  Loggen: no setting\n"
        "CIS-W11  CIS Windows 11 4.0.0\n  CIS-W11:2.3.10.2: no setting",
    )
    assert run("controls", "BIO2:5.17.03", "--missing")[1].splitlines() == [
        "BIO2  Baseline Overheid 1.3",
        "  Every listed control is evidenced by a setting.",
    ]


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_many_settings_are_wrapped_between_their_names(run, root, columns):
    names = [f"setting_number_{number:02}" for number in range(30)]
    claim = "  controls: [CIS-W11:2.3.10.2]\n"
    write_files(root, {"policies/baseline/more.yml": "".join(a_setting(name, 1, claim) for name in names)})
    _, output = run("controls", "CIS-W11:2.3.10.2", columns=columns)
    head, count, *lines = output.splitlines()
    assert (head, count) == ("CIS-W11  CIS Windows 11 4.0.0", "  CIS-W11:2.3.10.2: 30 settings")
    assert " ".join(map(str.strip, lines)) == ", ".join(names)
    assert max(map(len, lines)) <= columns


def test_a_name_that_nothing_has(run):
    with pytest.raises(WerkplekError) as caught:
        run("controls", "BIO2:8.01.03", "CIS", "BIO2")
    assert str(caught.value).splitlines() == [
        "No such control.",
        "  'BIO2:8.01.03': found nothing of that name; expected a source or a control that is known or used."
        " Did you mean 'BIO2:8.01.02'?",
        "  'CIS': found nothing of that name; expected a source or a control that is known or used."
        " Did you mean 'CIS-W11'?",
    ]


def test_json(run):
    code, output = run("controls", "--json")
    assert code == 0
    assert output.isascii()
    none = {"label": "", "government": False}
    assert json.loads(output) == {
        "schema": 1,
        "sources": [
            {
                "prefix": "BIO2",
                "title": "Baseline Overheid 1.3",
                "listed": True,
                "controls": [
                    {"control": "BIO2:5.17.03", "label": "Wachtwoorden", "government": False, "settings": ["lockout"]},
                    {"control": "BIO2:8.01.02", "label": "Hardenen", "government": True, "settings": ["screen_lock"]},
                    {"control": "BIO2:8.15.01", "label": "Loggen", "government": False, "settings": []},
                ],
                "evidenced": 2,
            },
            {
                "prefix": "CIS-W11",
                "title": "CIS Windows 11 4.0.0",
                "listed": True,
                "controls": [
                    {**none, "control": "CIS-W11:2.3.7.3", "settings": ["screen_lock"]},
                    {**none, "control": "CIS-W11:2.3.7.4", "settings": ["old_value"]},
                    {**none, "control": "CIS-W11:2.3.10.1", "settings": ["advice"]},
                    {**none, "control": "CIS-W11:2.3.10.2", "settings": []},
                ],
                "evidenced": 3,
            },
        ],
    }


def test_labels_are_no_orders_to_a_terminal(run, root):
    text = (root / "policies/controls/bio2.csv").read_text()
    (root / "policies/controls/bio2.csv").write_text(text.replace("Loggen", "\x1b[2J[red]Loggen"))
    output = run("controls", "BIO2:8.15.01")[1]
    assert output.splitlines()[1] == r"  BIO2:8.15.01  \x1b[2J[red]Loggen: no setting"
