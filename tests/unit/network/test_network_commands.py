"""`werkplek network ports|render|diff` on the embedded estate and this checkout's policy, without any switch."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from network_samples import network, port, switch
from typer.testing import CliRunner

from werkplek.cli.network import app
from werkplek.cli.policy_subject import read_inventory
from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.network import backup, review
from werkplek.network.document import Setting
from werkplek.network.ios import Ios

ESTATE = str(ROOT / "lab" / "estate.registry.yml")
NAME = "PAP-SW-0001"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def run(state, monkeypatch):
    """Runs a command: exit code and output. A WerkplekError is raised."""
    monkeypatch.setenv("WERKPLEK_STATE", str(state))

    def command(*words, columns=120):
        environment = {"COLUMNS": str(columns), "NO_COLOR": "1"}
        result = CliRunner(env=environment).invoke(app, [*map(str, words), "--source", ESTATE])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.stderr == ""
        return result.exit_code, result.stdout

    return command


@pytest.fixture
def rendered(run):
    """The whole configuration, as text."""
    code, output = run("render", NAME, "--plain", columns=500)
    assert code == 0
    return output


def stopped(run, *words):
    with pytest.raises(WerkplekError) as error:
        run(*words)
    return str(error.value)


def test_ports_are_shown_with_their_profile_and_vlans(run):
    code, output = run("ports", NAME)
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert code == 0
    assert lines[0] == "Port Profile Untagged Tagged Leads to"
    assert lines[1] == "GigabitEthernet1/0/1 workplace 410 workplace 420"
    assert "GigabitEthernet1/0/16 printer 430 printer - printer" in lines
    assert "GigabitEthernet1/0/20 access_point 460 access_point 410,440 access point" in lines
    assert "GigabitEthernet1/0/23 unused 499 parking - unused" in lines
    assert any(
        line.startswith("TenGigabitEthernet1/1/1 uplink 498 native 410,420,430,440,450,460,490") for line in lines
    )
    assert f"{NAME} (cisco-ios): 26 ports; VLANs 410 pap-werkplek, 420 pap-telefonie" in output.replace("\n", " ")


def test_ports_as_data(run):
    code, output = run("ports", NAME, "--json")
    data = json.loads(output)
    assert code == 0
    assert set(data) == {"schema", "switch", "url", "vlans", "ports"}
    assert (data["schema"], data["switch"], len(data["ports"])) == (1, NAME, 26)
    uplink = next(port for port in data["ports"] if port["profile"] == "uplink")
    assert uplink["allowed"] == [410, 420, 430, 440, 450, 460, 490]
    assert uplink["untagged"] == 498
    assert uplink["peer"]["device"].startswith("DRS-DSW-")
    assert data["vlans"][0]["source"].startswith("municipalities/papendrecht.yml:")


def test_a_rendered_line_stands_beside_its_setting(run):
    code, output = run("render", NAME, "--match", "TenGigabitEthernet1/1/2", columns=120)
    assert code == 0
    assert output.splitlines()[0] == "interface TenGigabitEthernet1/1/2"
    assert [line.split() for line in output.splitlines()[1:3]] == [
        ["shutdown", "switch_ports"],
        ["description", "unused", "switch_ports"],
    ]


def test_plain_lines_are_the_configuration_alone(run):
    code, output = run("render", NAME, "--match", "TenGigabitEthernet1/1/2", "--plain")
    assert code == 0
    assert output.startswith("interface TenGigabitEthernet1/1/2\n shutdown\n description unused\n")


def test_rendered_lines_as_data_say_where_they_come_from(run):
    code, output = run("render", NAME, "--json")
    data = json.loads(output)
    assert code == 0
    assert (data["schema"], data["switch"], data["platform"]) == (1, NAME, "cisco-ios")
    assert {"section", "line", "setting", "source"} == set(data["lines"][0])
    assert all(line["source"].startswith("policies/network/") for line in data["lines"])
    assert all((ROOT / line["source"].rpartition(":")[0]).is_file() for line in data["lines"])


def test_no_secret_is_rendered(run, rendered):
    assert "ntp authentication-key 1 md5 <secret>\n" in rendered
    assert "\n key <secret>\n" in rendered
    assert "priv aes 128 <secret>\n" in rendered


def test_what_is_rendered_complies_with_itself(run, rendered, tmp_path):
    file = tmp_path / "running.cfg"
    file.write_text(rendered)
    code, output = run("diff", NAME, "--file", file, columns=500)
    assert output.startswith(f"{NAME}, {file}: ")
    assert "differs" not in output
    assert code == 0


def test_a_secret_in_a_file_is_not_compared_and_not_shown(run, rendered, tmp_path):
    file = tmp_path / "running.cfg"
    file.write_text(rendered.replace("<secret>", "Heel-geheim-1"))
    code, output = run("diff", NAME, "--file", file)
    assert code == 0
    assert "geheim" not in output


@pytest.fixture
def drifted(rendered, tmp_path):
    """A configuration with a VLAN too many, another banner and a community."""
    file = tmp_path / "running.cfg"
    text = (
        rendered.replace(" name pap-printers\n", " name oud\n")
        + "vlan 20\n name oud\nsnmp-server community Geheim-9 RO\n"
    )
    file.write_text(text)
    return file


def test_a_difference_is_shown_line_by_line(run, drifted):
    code, output = run("diff", NAME, "--file", drifted, columns=500)
    assert code == 3
    *lines, last = output.splitlines()
    assert lines == [
        "switch_snmp: differs",
        "  - snmp-server community <secret> RO",
        "switch_vlans: differs",
        "  - vlan 430: name oud",
        "  - vlan 20",
        "  + vlan 430: name pap-printers",
    ]
    assert last.startswith(f"{NAME}, {drifted}: 2 differs, ")


def test_settings_that_comply_are_shown_where_asked_for(run, drifted):
    _, output = run("diff", NAME, "--file", drifted, "--all", columns=500)
    assert "switch_ports: complies" in output.splitlines()


def test_a_difference_as_data(run, drifted):
    code, output = run("diff", NAME, "--file", drifted, "--json")
    data = json.loads(output)
    assert code == 3
    assert (data["schema"], data["switch"], data["configuration"]) == (1, NAME, str(drifted))
    states = {one["id"]: one for one in data["settings"]}
    assert states["switch_vlans"] == {
        "id": "switch_vlans",
        "state": "differs",
        "missing": [{"section": ["vlan 430"], "line": "name pap-printers"}],
        "extra": [{"section": ["vlan 430"], "line": "name oud"}, {"section": [], "line": "vlan 20"}],
    }
    assert states["switch_ports"] == {"id": "switch_ports", "state": "complies", "missing": [], "extra": []}
    assert "Geheim-9" not in output


def test_without_a_backup_there_is_nothing_to_compare(run, state):
    assert stopped(run, "diff", NAME) == (
        "There is nothing to compare.\n"
        f"  {state}/backups/network/{NAME}: found no backup of this switch; expected a configuration. Give --file, or"
        " --live to read the switch now."
    )


def test_the_newest_backup_is_compared(run, rendered, state):
    name = "SLD-SW-0001"
    backup.keep(state, name, "hostname SLD-SW-0001\n", datetime(2026, 11, 23, tzinfo=UTC))
    assert run("diff", name)[0] == 3
    newest = backup.keep(
        state, name, run("render", name, "--plain", columns=500)[1], datetime(2026, 11, 24, tzinfo=UTC)
    )
    code, output = run("diff", name, columns=500)
    assert code == 0
    assert output.startswith(f"{name}, {newest}: ")


@pytest.fixture(scope="module")
def inventory():
    return read_inventory(ROOT / "lab" / "estate.registry.yml")


@pytest.mark.parametrize("command", ["ports", "render", "diff"])
def test_a_host_that_is_no_switch_is_refused(run, inventory, command):
    desk = next(host for host in inventory.hosts if host.vars.get("workplace_class") == "workstation")
    assert stopped(run, command, desk.name) == (
        "There is nothing to look at.\n"
        f"  host {desk.name} ({desk.vars['registry']['url']}): found class workstation, for which the policy has no"
        " setting of network_policy; expected a switch. `ansible-inventory --graph network` lists them."
    )


@pytest.mark.parametrize("command", ["ports", "render", "diff"])
def test_a_name_that_nobody_has_is_refused(run, command):
    assert stopped(run, command, "PAP-SW-9999").startswith("No such host.\n")


@pytest.fixture(scope="module")
def subjects(inventory, state):
    """Every switch of the estate."""
    names = [host.name for host in inventory.hosts if host.vars.get("workplace_class") == "network"]
    return {name: review.subject(inventory, name, ROOT, state) for name in names}


def test_every_switch_s_rendering_complies_with_itself(subjects):
    assert {found.document.platform for found in subjects.values()} == {"cisco-ios", "arista-eos"}
    for found in subjects.values():
        lines = review.as_shown(found.rendering.lines, found.platform.name)
        text = "".join(f"{' ' * depth}{line}\n" for depth, line, _setting in lines)
        verdicts = review.verdicts(found, review.compared(found, text))
        assert {word for _, word, _ in verdicts} <= {"complies", "unsupported"}
        assert not any(difference for _, _, difference in verdicts)


def test_both_ends_of_every_cable_of_the_estate_carry_the_same(subjects):
    ports = {(name, port.name): port for name, found in subjects.items() for port in found.document.ports}
    ends = [(port, ports[port.peer]) for port in ports.values() if port.profile == "uplink" and port.peer in ports]
    assert len(ends) > 6
    for one, other in ends:
        assert one.allowed == other.allowed


def test_a_line_that_only_looks_like_a_secret_complies_with_itself():
    texts = ("Vraag:\npassword of key kwijt?\n", "description key 3 hangt in de hal")
    settings = (
        Setting("banner", "switch_banner", {"text": texts[0]}, False, False),
        Setting("port", "switch_lines", {"ios": {"section": "line con 0", "lines": [texts[1]]}}, False, False),
    )
    document = replace(network(switch("P1", port("Gi1", 410))).documents["P1"], settings=settings)
    found = review.Subject(document, Ios(), {})
    running = f"banner login ^C\n{texts[0]}^C\nline con 0\n {texts[1]}\n"
    assert [word for _, word, _ in review.verdicts(found, review.compared(found, running))] == ["complies", "complies"]


def test_a_waived_difference_is_no_difference(subjects):
    found = subjects[NAME]
    settings = tuple(one._replace(waived=True) for one in found.document.settings)
    waived = replace(found, document=replace(found.document, settings=settings))
    words = {word for _, word, _ in review.verdicts(waived, review.compared(waived, "hostname x\n"))}
    assert words == {"complies", "waived"}
