"""How a switch of IOS is read, changed, saved and taken back: what it is sent, and what it may say to that."""

import pytest

from werkplek.network.compare import Command
from werkplek.network.ios import IosSession
from werkplek.network.platform import Links, Neighbour, TerminalError

VERSION = """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)
cisco C9300-48P (X86) processor with 1338934K/6147K bytes of memory.
Switch Ports Model              SW Version        SW Image              Mode
------ ----- -----              ----------        ----------            ----
*    1 65    C9300-48P          17.09.04a         CAT9K_IOSXE           INSTALL
     2 65    C9300-48P          17.09.04a         CAT9K_IOSXE           INSTALL

Configuration register is 0x102
"""
USERS = """\
User name: pap-monitor
Engine ID: 800000090300AABBCCDDEEFF
storage-type: nonvolatile        active
Authentication Protocol: SHA
Privacy Protocol: AES128
Group-name: WPL

User name: oud
Engine ID: 800000090300AABBCCDDEEFF
storage-type: nonvolatile        active
Authentication Protocol: MD5
Privacy Protocol: 3DES
Group-name: OUD
"""
RUNNING = (
    "hostname P1\ninterface GigabitEthernet1/0/1\n shutdown\ninterface Vlan490\n ip address 10.4.90.11 255.255.255.0\n"
)
ARCHIVE = "archive\n log config\n  logging enable\n path flash:archive\n"
STATUS = """\
Port         Name               Status       Vlan       Duplex  Speed Type
Gi1/0/1      balie connected x  connected    410        a-full a-1000 10/100/1000BaseTX
Gi1/0/2      was connected a    notconnect   499          auto   auto 10/100/1000BaseTX
Gi1/0/3                         disabled     499          auto   auto 10/100/1000BaseTX
Te1/1/1      D1 to-P1           connected    trunk        full    10G SFP-10GBase-SR
Po1                             connected    routed       full    10G
"""
LLDP = """\
------------------------------------------------
Local Intf: Te1/1/1
Chassis id: 0011.2233.4455
Port id: Te1/0/3
Port Description: P1
System Name: DRS-DIST-01.drechtsteden.nl

------------------------------------------------
Local Intf: Gi1/0/1
Chassis id: 0011.2233.9999
Port id: port 1
System Name - not advertised

Total entries displayed: 2
"""
CONFIGURING = "Enter configuration commands, one per line.  End with CNTL/Z."
REPLACE = "configure replace flash:werkplek-before.cfg force"


class Scripted:
    """See `Terminal`: says what it is told to say to a command, nothing to any other; `sent` is what it was sent."""

    def __init__(self, **more):
        self.says = {
            "show version": VERSION,
            "show running-config": RUNNING,
            "show startup-config": "hostname P1\n",
            "show snmp user": USERS,
            "configure terminal": CONFIGURING,
            "configure terminal revert timer 5": CONFIGURING,
            "reload in 5": "Reload scheduled in 5 minutes by beheer on vty0\nProceed with reload? [confirm]",
            "write memory": "Building configuration...\n[OK]",
        } | more
        self.sent = []
        self.asked = {}

    def send(self, command, questions=()):
        self.sent.append(command)
        if questions:
            self.asked[command] = list(questions)
        said = self.says.get(command, "")
        if isinstance(said, TerminalError):
            raise said
        return said

    def reconnect(self):
        self.sent.append("<reconnect>")

    def sign_in_again(self):
        self.sent.append("<sign in again>")


def refusal(text="% Invalid input detected at '^' marker.", **more):
    return TerminalError(text, **more)


def started(archive=True, **more):
    """A session that has looked, with a terminal that forgot it."""
    terminal = Scripted(**({"show running-config": RUNNING + (ARCHIVE if archive else "")} | more))
    session = IosSession(terminal)
    session.look()
    terminal.sent.clear()
    return session, terminal


COMMANDS = (
    Command(("interface GigabitEthernet1/0/1",), "description Hal", "s"),
    Command((), "banner login\nVan P.\nmail@p.nl", "s"),
    Command((), "no username oud", "s"),
)
TYPED = [
    "interface GigabitEthernet1/0/1",
    "description Hal",
    "exit",
    "banner login ~\nVan P.\nmail@p.nl\n~",
    "no username oud",
    "end",
]


def test_a_look_reads_the_switch_in_four_commands():
    terminal = Scripted()
    look = IosSession(terminal).look()
    assert terminal.sent == ["show version", "show snmp user", "show running-config", "show startup-config"]
    assert (look.system, look.version, look.model, look.members) == ("ios", "17.09.04a", "C9300-48P", (1, 2))
    assert look.ports == {"GigabitEthernet1/0/1", "Vlan490"}
    users = (
        "\nsnmp-server user pap-monitor WPL v3 auth sha priv aes 128\nsnmp-server user oud OUD v3 auth md5 priv 3des"
    )
    assert look.running == RUNNING + users
    assert look.saved == "hostname P1\n" + users


def test_a_switch_alone_has_one_member():
    assert IosSession(Scripted(**{"show version": "Cisco IOS Software, Version 15.2(7)E\n"})).look().members == (1,)


def test_another_system_is_not_read_further():
    terminal = Scripted(**{"show version": "\nArista DCS-7050\nSoftware image version: 4.35\n"})
    look = IosSession(terminal).look()
    assert (look.system, look.running, terminal.sent) == ("Arista DCS-7050", "", ["show version"])


def test_a_switch_without_snmp_has_no_users():
    assert IosSession(Scripted(**{"show snmp user": refusal("%SNMP agent not enabled")})).look().running == RUNNING


def test_a_session_that_is_lost_while_looking_is_told():
    with pytest.raises(TerminalError, match="timed out"):
        IosSession(Scripted(**{"show snmp user": refusal("timed out", gone=True)})).look()


def test_links_and_neighbours():
    session, terminal = started(**{"show interfaces status": STATUS, "show lldp neighbors detail": LLDP})
    assert session.links() == Links(
        frozenset({"GigabitEthernet1/0/1", "TenGigabitEthernet1/1/1", "Port-channel1"}),
        frozenset({Neighbour("TenGigabitEthernet1/1/1", "DRS-DIST-01", "TenGigabitEthernet1/0/3")}),
    )
    assert terminal.sent == ["show interfaces status", "show lldp neighbors detail"]


def test_without_lldp_there_are_no_neighbours():
    session, _ = started(**{"show lldp neighbors detail": refusal("% LLDP is not enabled")})
    assert session.links() == Links(frozenset(), frozenset())


def test_a_switch_with_an_archive_goes_back_by_its_revert_timer():
    session, terminal = started()
    session.apply(COMMANDS, 5)
    assert terminal.sent == ["configure terminal revert timer 5", *TYPED]
    assert terminal.asked == {"no username oud": [(r"\[confirm\]$", "")]}
    terminal.sent.clear()
    session.confirm()
    assert terminal.sent == ["write memory", "configure confirm"]


def test_a_switch_without_one_goes_back_by_a_restart():
    session, terminal = started(archive=False)
    session.apply(COMMANDS, 5)
    assert terminal.sent == [
        "delete /force flash:werkplek-before.cfg",
        "copy running-config flash:werkplek-before.cfg",
        "reload in 5",
        "configure terminal",
        *TYPED,
    ]
    assert terminal.asked["reload in 5"] == [(r"Save\? \[yes/no\]: ?$", "no\n"), (r"\[confirm\]$", "")]
    terminal.sent.clear()
    session.confirm()
    assert terminal.sent == ["write memory", "reload cancel"]


def test_a_file_that_is_not_there_need_not_be_deleted():
    session, terminal = started(
        archive=False, **{"delete /force flash:werkplek-before.cfg": refusal("%Error deleting")}
    )
    session.apply(COMMANDS[:1], 5)
    assert "reload in 5" in terminal.sent


def test_a_restart_that_is_not_planned_stops_the_change():
    session, terminal = started(archive=False, **{"reload in 5": "% Please answer 'yes' or 'no'."})
    with pytest.raises(TerminalError) as stopped:
        session.apply(COMMANDS, 5)
    assert str(stopped.value) == "reload in 5 was not taken: % Please answer 'yes' or 'no'."
    assert "configure terminal" not in terminal.sent


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "%Turn config archive on before using Rollback Confirmed Change",
            "configure terminal revert timer 5: %Turn config archive on before using Rollback Confirmed Change",
        ),
        (
            "Configuration mode locked exclusively by user 'jan' process '5' from terminal '2'.",
            "configure terminal revert timer 5: Configuration mode locked exclusively by user 'jan' process '5' from"
            " terminal '2'.",
        ),
        ("Something\nelse", "configure terminal revert timer 5 was not taken: Something else"),
    ],
)
def test_a_way_back_that_is_not_armed_stops_the_change_and_nothing_is_taken_back(said, told):
    session, terminal = started(**{"configure terminal revert timer 5": said})
    with pytest.raises(TerminalError) as stopped:
        session.apply(COMMANDS, 5)
    assert str(stopped.value) == told
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent == ["end"]


@pytest.mark.parametrize(
    "said",
    [
        "% Failed to create VLANs 410\nVLAN(s) not available in Port Manager.",
        "%VLAN #410 and #20 have an identical name: x",
        "Command rejected: Gi1/0/1 is a dynamic port.",
        "% Hostname contains one or more illegal characters.",
    ],
)
def test_a_refusal_that_ansible_s_plugin_does_not_know_is_one_all_the_same(said):
    session, terminal = started(**{"description Hal": f"\n{said}\n"})
    with pytest.raises(TerminalError) as stopped:
        session.apply(COMMANDS, 5)
    assert (str(stopped.value), stopped.value.gone) == (f"description Hal: {said.splitlines()[0]}", False)
    assert terminal.sent[-1] == "description Hal"


@pytest.mark.parametrize(
    "said",
    [
        "%Warning: portfast should only be enabled on ports connected to a single host.",
        "% Warning: use of this is for test only",
        "%Portfast has been configured on GigabitEthernet1/0/1 but will only have effect in non-trunking mode.",
        "% Access VLAN does not exist. Creating vlan 410",
        "%SYS-5-CONFIG_I: Configured from console by beheer on vty0",
        "% Generating 2048 bit RSA keys, keys will be non-exportable...",
        "50% of it",
    ],
)
def test_a_warning_or_a_message_of_the_log_is_no_refusal(said):
    session, terminal = started(**{"description Hal": f"\n{said}\n"})
    session.apply(COMMANDS, 5)
    assert terminal.sent[-1] == "end"


def test_the_terminal_s_own_refusals_name_the_command_and_a_lost_session_stays_one():
    session, _ = started(**{"description Hal": refusal("timed out", gone=True)})
    with pytest.raises(TerminalError) as stopped:
        session.apply(COMMANDS, 5)
    assert (str(stopped.value), stopped.value.gone) == ("description Hal: timed out", True)


def test_going_back_with_an_archive():
    session, terminal = started()
    session.apply(COMMANDS, 5)
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent == ["end", "configure revert now", "show snmp user"]


def test_going_back_without_one():
    session, terminal = started(archive=False)
    session.apply(COMMANDS, 5)
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent == ["end", REPLACE, "reload cancel", "show snmp user"]


def test_going_back_is_the_way_that_was_armed_though_the_switch_has_an_archive_since():
    session, terminal = started(archive=False)
    session.apply(COMMANDS, 5)
    terminal.says["show running-config"] = RUNNING + ARCHIVE
    session.look()
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent[:3] == ["end", REPLACE, "reload cancel"]


def test_an_snmp_user_that_was_not_there_before_is_taken_away():
    session, terminal = started()
    session.apply(COMMANDS, 5)
    terminal.sent.clear()
    terminal.says["show snmp user"] = USERS + "\n" + USERS.replace("pap-monitor", "nieuw").partition("\n\n")[0] + "\n"
    session.roll_back()
    assert terminal.sent == [
        "end",
        "configure revert now",
        "show snmp user",
        "configure terminal",
        "no snmp-server user nieuw WPL v3",
        "end",
    ]


@pytest.mark.parametrize("archive", [True, False])
def test_what_was_taken_back_or_confirmed_is_not_taken_back_again(archive):
    session, terminal = started(archive=archive)
    session.apply(COMMANDS, 5)
    session.roll_back()
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent == ["end"]
    session.apply(COMMANDS, 5)
    session.confirm()
    terminal.sent.clear()
    session.roll_back()
    assert terminal.sent == ["end"]


def test_going_back_that_is_refused_may_be_tried_again():
    session, terminal = started(**{"configure revert now": "%Rollback aborted"})
    session.apply(COMMANDS, 5)
    with pytest.raises(TerminalError, match="configure revert now: %Rollback aborted"):
        session.roll_back()
    terminal.sent.clear()
    del terminal.says["configure revert now"]
    session.roll_back()
    assert terminal.sent[:2] == ["end", "configure revert now"]


def test_who_is_in_no_configuration_mode_need_not_leave_it():
    session, terminal = started(**{"end": refusal()})
    session.roll_back()
    assert terminal.sent == ["end"]


def test_a_save_must_say_that_it_went_well():
    session, terminal = started(**{"write memory": "startup-config file open failed\n(Not enough space)"})
    session.apply(COMMANDS, 5)
    with pytest.raises(TerminalError) as stopped:
        session.confirm()
    assert str(stopped.value) == (
        "write memory did not end with [OK]: startup-config file open failed (Not enough space)"
    )
    assert "configure confirm" not in terminal.sent


def test_a_confirmation_that_is_refused_is_told():
    session, _ = started(**{"configure confirm": "%No Rollback Confirmed Change pending"})
    session.apply(COMMANDS, 5)
    with pytest.raises(TerminalError, match="configure confirm: %No Rollback Confirmed Change pending"):
        session.confirm()


def test_ios_shows_no_preview():
    session, terminal = started()
    assert session.preview(COMMANDS) is None
    assert terminal.sent == []


def test_signing_in_is_the_terminal_s():
    session, terminal = started()
    session.reconnect()
    session.sign_in_again()
    assert terminal.sent == ["<reconnect>", "<sign in again>"]
