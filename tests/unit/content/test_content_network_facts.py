"""What the policies of switches claim to take from a source equals what that source says."""

import re

import pytest
from content_facts import Written
from content_network import PORTS, facts_of_switches, filled, lines_of, stands_in

# id of a fact -> why it is no setting
LEFT_OUT = {
    "config_backup": "each run keeps the running configuration before it changes anything",
    "control_plane_policing": "the source names no lines, and what may pass depends on the platform",
    "domain_lookup_off": "switches have resolvers; mistyped_commands keeps mistyped commands from being looked up",
    "root_guard": "it is for ports to access switches only, and a profile does not tell up from down",
}
# id of a fact -> the kind that says so in each platform's words, and its setting
BY_KIND = {
    "access_mode": ("switch_ports", "switch_ports"),
    "access_not_vlan1": ("switch_ports", "switch_ports"),
    "banner_login": ("switch_banner", "switch_banner"),
    "dot1x_radius_group": ("switch_radius", "radius_servers"),
    "logging_host": ("switch_syslog", "log_servers"),
    "logging_trap": ("switch_syslog", "log_servers"),
    "ntp_authenticate": ("switch_ntp", "switch_time_servers"),
    "ntp_servers": ("switch_ntp", "switch_time_servers"),
    "snmp_communities_absent": ("switch_snmp", "switch_snmp"),
    "snmp_v3_group": ("switch_snmp", "switch_snmp"),
    "snmp_v3_host": ("switch_snmp", "switch_snmp"),
    "snmp_v3_user": ("switch_snmp", "switch_snmp"),
    "trunk_native_vlan": ("switch_ports", "switch_ports"),
    "trunk_no_vlan1": ("switch_ports", "switch_ports"),
    "unused_ports": ("switch_ports", "switch_ports"),
}
# id of a fact -> the settings that together hold its lines, where they have other ids
HELD_BY = {
    "aaa_new_model": ("aaa",),
    "access_portfast": ("port_edge",),
    "archive_log_config": ("log_changes",),
    "aux_off": ("auxiliary_port_no_transport", "auxiliary_port_no_shell"),
    "bpduguard_default": ("spanning_tree_bpdu_guard",),
    "config_autoload_off": ("configuration_from_network_off",),
    "console_exec_timeout": ("console_timeout",),
    "console_login_authentication": ("console_sign_in",),
    "dhcp_snooping": ("dhcp_snooping", "dhcp_snooping_vlans"),
    "dot1x_mab": ("dot1x_by_address",),
    "dot1x_reauthentication": ("dot1x_again",),
    "eos_root_login_off": ("root_account_closed",),
    "errdisable_recovery": ("guarded_ports_back", "guarded_ports_back_after"),
    "file_privilege": ("files_for_administrators",),
    "logging_buffered": ("log_buffer",),
    "logging_on": ("log_on",),
    "logging_source": ("log_source",),
    "logging_userinfo": ("log_privileged_mode",),
    "login_block": ("sign_in_block",),
    "login_failure_log": ("sign_in_failures",),
    "login_success_log": ("sign_in_successes",),
    "loopguard_default": ("spanning_tree_loop_guard",),
    "management_vlan": ("management_out_of_vlan_1",),
    "password_encryption": ("keys_hidden",),
    "password_policy": ("local_password_policy",),
    "storm_control": ("port_storm_control",),
    "timestamps_debug": ("debug_timestamps",),
    "timestamps_log": ("log_timestamps",),
    "trunk_static": ("trunks_by_hand",),
    "udld": ("one_way_links",),
    "unknown_unicast_block": ("port_unknown_unicast",),
    "vtp_off": ("vlans_kept_out_of_vtp",),
    "vty_access_class": ("terminals_from_management_only",),
    "vty_exec_timeout": ("terminals_timeout",),
    "vty_login_authentication": ("terminals_sign_in",),
    "vty_ssh_only": ("terminals_ssh_only",),
}
# (dialect, id of a fact) -> why the lines are others
OTHER_LINES = {
    ("ios", "archive_log_config"): "log config is a section in the section archive",
    ("ios", "logging_on"): "IOS calls it logging on; logging enable belongs to the archive",
    ("ios", "trunk_static"): "switch_ports sets the mode",
    ("eos", "https_server_off"): "the whole API is off: runs use SSH",
    ("eos", "logging_source"): "switches are managed in a VLAN, not in a VRF",
    ("eos", "password_encryption"): "keys would show in a form that cannot be compared; EOS hides them by itself",
    ("eos", "vty_access_class"): "switch_management does so on EOS",
    ("eos", "vty_ssh_only"): "SSH is on by itself, and not in a VRF; that telnet is off is what counts",
}
# id of a fact -> why it is for other ports
OTHER_PORTS = {
    "arp_inspection_trust": "printers have addresses of their own",
    "dhcp_snooping_trust": "DHCP servers are behind uplinks, not behind access points",
    "ip_source_guard": "printers have addresses of their own",
    "unknown_unicast_block": "printers are silent for so long that they become unknown",
}
SOURCED = re.compile(r"STIG-|SEC-IOS|CISCO\.IOS|AVD|PUBLIC")
# Settings that are not from the list.
OWN = {
    "configuration_archive",
    "dot1x_global_lifted",
    "dot1x_port_lifted",
    "dot1x_port_monitor",
    "mistyped_commands",
    "port_security_lifted",
    "sign_in_quiet_mode",
    "switch_management",
    "switch_resolvers",
    "switch_vlans",
    "tacacs_servers",
}
FACTS = facts_of_switches()


def holders(fact: str) -> tuple[str, ...]:
    """The ids of the settings that hold a fact."""
    return (BY_KIND[fact][1],) if fact in BY_KIND else HELD_BY.get(fact, (fact,))


@pytest.fixture(scope="module")
def known(written: list[Written]) -> dict[str, Written]:
    return {setting.id: setting for setting in written if setting.file.startswith("network/")}


def test_every_fact_of_switches_is_a_setting_or_left_out_for_a_reason(known: dict[str, Written]):
    missing = {fact for fact in FACTS if not {*holders(fact)} <= known.keys()}
    assert missing == LEFT_OUT.keys()
    assert len(FACTS) - len(missing) == 82
    assert known.keys() - {name for fact in FACTS for name in holders(fact)} == OWN


@pytest.mark.parametrize("fact", BY_KIND)
def test_what_every_switch_has_once_is_of_a_kind_of_its_own(fact: str, known: dict[str, Written]):
    assert known[BY_KIND[fact][1]].kind == BY_KIND[fact][0]


@pytest.mark.parametrize("dialect", ["ios", "eos"])
def test_lines_of_switches_are_those_of_the_facts(dialect: str, known: dict[str, Written]):
    column = "lines" if dialect == "ios" else "eos_lines"
    different = {}
    for fact, row in FACTS.items():
        if fact in LEFT_OUT or fact in BY_KIND or not (asked := filled(row[column])):
            continue
        found = tuple(line for name in holders(fact) for line in lines_of(known[name], dialect))
        if sorted(found) != sorted(asked):
            different[dialect, fact] = (found, asked)
    assert different.keys() == {key for key in OTHER_LINES if key[0] == dialect}, different


def test_lines_stand_where_the_facts_have_them(known: dict[str, Written]):
    for fact, row in FACTS.items():
        if fact in LEFT_OUT or fact in BY_KIND or "ios" not in known[holders(fact)[0]].body:
            continue
        if not lines_of(known[holders(fact)[0]], "ios"):
            continue
        asked = PORTS.get(row["section"], row["section"].replace("<policy>", "WERKPLEK"))
        places = [stands_in(known[name], "ios") for name in holders(fact)]
        if fact == "archive_log_config":
            assert places == ["archive > log config"]
        else:
            assert (places != [asked] * len(places)) == (fact in OTHER_PORTS), (fact, places)


def test_what_is_hidden_where_it_is_the_default_is_looked_for_so(known: dict[str, Written]):
    """But for one service that IOS has on by default: what it shows is that it is off."""
    hidden = {fact for fact, row in FACTS.items() if row["note"].startswith("hidden from the running configuration")}
    shown = {fact for fact in hidden if not known[holders(fact)[0]].body["ios"].get("by_default")}
    assert len(hidden) == 11
    assert shown == {"bootp_server_off"}


def test_controls_are_those_of_the_facts_of_switches(known: dict[str, Written]):
    for name, setting in known.items():
        controls = [{*row["controls"].split(";")} for fact, row in FACTS.items() if name in holders(fact)]
        claimed = {control for control in setting.controls if SOURCED.match(control)}
        assert name in OWN or claimed <= set().union(*controls), name
        for numbers in controls:
            assert {control for control in numbers if control.startswith("BIO2")} <= {*setting.controls}, name


def test_every_control_of_the_facts_is_claimed(known: dict[str, Written]):
    claimed = {control for setting in known.values() for control in setting.controls}
    facts = {control for fact, row in FACTS.items() if fact not in LEFT_OUT for control in row["controls"].split(";")}
    assert facts - claimed == set()
