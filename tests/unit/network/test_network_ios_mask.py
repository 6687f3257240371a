"""No secret survives in a configuration of IOS, in whatever line it stands; and what is none stays readable."""

import pytest

from werkplek.network.ios_mask import mask

SECRET = "Gehe1m-7x"
LINES = """\
enable secret 9 $9$SECRET
enable secret level 5 9 SECRET
enable password 7 SECRET
enable password SECRET with SECRET
username beheer privilege 15 secret 9 $9$SECRET
username beheer privilege 15 password 0 SECRET
username beheer common-criteria-policy WPL password 0 SECRET
username beheer one-time secret 0 SECRET
 password 7 SECRET
 password SECRET and SECRET
 key 7 SECRET
 key 6 SECRET
 key SECRET with SECRET
 pac key 7 SECRET
 server-private 10.0.0.1 auth-port 1812 acct-port 1813 key 7 SECRET
 client 10.0.0.1 server-key 7 SECRET
 server-key SECRET
tacacs-server key 7 SECRET
tacacs-server host 10.0.0.1 key SECRET
radius-server key SECRET
radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key 7 SECRET
ntp authentication-key 1 md5 SECRET 7
ntp authentication-key 1 md5 SECRET
ntp authentication-key 1 hmac-sha2-256 SECRET 7
snmp-server community SECRET RO 10
snmp-server community SECRET view everything RW
snmp-server host 10.0.0.1 SECRET
snmp-server host 10.0.0.1 version 2c SECRET
snmp-server host 10.0.0.1 informs version 2c SECRET udp-port 162
snmp-server host 10.0.0.1 vrf Mgmt version 1 SECRET
snmp-server user u g v3 auth sha SECRET priv aes 128 SECRET
snmp-server user u g v3 auth sha-2 256 SECRET priv aes 256 SECRET access 10
snmp-server user u g v3 encrypted auth md5 SECRET priv des SECRET
snmp-server user u g v3 auth md5 SECRET
snmp mib community-map SECRET engineid 80
crypto isakmp key SECRET address 10.0.0.1
 pre-shared-key address 0.0.0.0 0.0.0.0 key SECRET
 pre-shared-key local 6 SECRET
 pre-shared-key SECRET
  key-string 7 SECRET
 ip ospf message-digest-key 1 md5 7 SECRET
 ip ospf authentication-key 7 SECRET
 standby 1 authentication SECRET
 standby 1 authentication text SECRET
 standby 1 authentication md5 key-string 7 SECRET
 vrrp 1 authentication text SECRET
 ip nhrp authentication SECRET
 area-password SECRET
 isis password SECRET
 neighbor 10.0.0.1 password 7 SECRET
 ppp chap password 0 SECRET
 ppp pap sent-username u password 7 SECRET
ip ftp password 7 SECRET
vtp password SECRET
 path ftp://u:SECRET@10.0.0.1/c
wpa-psk ascii 0 SECRET
key config-key password-encrypt SECRET
no snmp-server community SECRET
no username beheer password SECRET
no tacacs-server key SECRET
""".replace("SECRET", SECRET).splitlines()


@pytest.mark.parametrize("line", LINES)
def test_no_secret_survives(line):
    masked = mask(line)
    assert SECRET not in masked
    assert "<secret>" in masked
    assert mask(masked) == masked


def test_no_secret_survives_in_a_whole_configuration_and_every_line_stays_one():
    text = "\n".join(LINES)
    masked = mask(text)
    assert SECRET not in masked
    assert masked.split("\n") == [mask(line) for line in LINES]


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("enable secret 9 $9$abc", "enable secret 9 <secret>"),
        ("username beheer privilege 15 secret 9 $9$abc", "username beheer privilege 15 secret 9 <secret>"),
        (" key 7 0822455D", " key 7 <secret>"),
        ("ntp authentication-key 1 md5 0822455D 7", "ntp authentication-key 1 md5 <secret>"),
        ("snmp-server community public RO 10", "snmp-server community <secret> RO 10"),
        ("snmp-server host 10.0.0.1 version 2c public", "snmp-server host 10.0.0.1 version 2c <secret>"),
        (
            "snmp-server user u g v3 auth sha abc priv aes 128 def",
            "snmp-server user u g v3 auth sha <secret> priv aes 128 <secret>",
        ),
    ],
)
def test_what_stands_around_a_secret_stays(line, masked):
    assert mask(line) == masked


@pytest.mark.parametrize(
    "line",
    [
        "password encryption aes",
        "service password-encryption",
        "no service password-recovery",
        "security passwords min-length 12",
        "ntp server 10.0.0.1 key 1",
        "ntp trusted-key 1",
        "ntp authenticate",
        "key chain OSPF",
        "aaa authentication login default group tacacs+ local",
        "snmp-server host 10.0.0.1 version 3 priv pap-monitor",
        "snmp-server host 10.0.0.1 informs version 3 auth pap-monitor",
        "snmp-server group WPL v3 priv read WPL",
        "snmp-server user u g v3 auth sha priv aes 128",
        "snmp-server user u g v3 auth sha-2 256 priv aes 256",
        "snmp-server enable traps snmp authentication linkdown",
        " authentication port-control auto",
        " authentication order dot1x mab",
        "ip ssh server algorithm mac hmac-sha2-512",
        " rsakeypair TP-self-signed-1",
        " login authentication default",
        " standby 1 authentication md5 key-chain OSPF",
        " ip ospf authentication message-digest",
        " path flash:archive",
        "hostname PAP-SW-0001",
    ],
)
def test_what_is_no_secret_stays_readable(line):
    assert mask(line) == line
