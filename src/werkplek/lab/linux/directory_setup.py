#!/usr/bin/python3
"""Makes the lab's domain. Runs on the domain controller, as root, with Samba's own Python modules.

Reads on its input what is wanted, as JSON: `{"domain", "netbios", "address", "accounts": {name: password}, "joiner",
"workplaces": DN of an organizational unit, "groups": {name: [members]}, "addresses": {host: IPv4 address}}`.
No password is ever an argument of a process. Says on its error output what failed.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from samba import param  # type: ignore[import-not-found]
from samba.auth import system_session  # type: ignore[import-not-found]
from samba.ndr import ndr_pack  # type: ignore[import-not-found]
from samba.netcmd.main import samba_tool  # type: ignore[import-not-found]
from samba.provision.sambadns import ARecord  # type: ignore[import-not-found]
from samba.samdb import SamDB  # type: ignore[import-not-found]
from samba.sd_utils import SDUtils  # type: ignore[import-not-found]

SMB_CONF, KRB5_CONF = Path("/etc/samba/smb.conf"), Path("/etc/krb5.conf")
READY_SECONDS = 60.0
# What joining takes, and nothing else: [MS-ADTS] 5.1.3.2 for the rights, the schema's GUIDs for what they are to.
COMPUTER = "bf967a86-0de6-11d0-a285-00aa003049e2"
JOINER_RIGHTS = (
    f"(OA;CI;CC;{COMPUTER};;{{sid}})",  # create computer objects
    f"(OA;CIIO;CR;00299570-246d-11d0-a768-00aa006e0529;{COMPUTER};{{sid}})",  # reset their passwords
    f"(OA;CIIO;WP;4c164200-20c0-11d0-a768-00aa006e0529;{COMPUTER};{{sid}})",  # account restrictions
    f"(OA;CIIO;WP;72e39547-7b18-11d1-adef-00c04fd8d5cd;{COMPUTER};{{sid}})",  # DNS host name
    f"(OA;CIIO;WP;f3a64788-5306-11d1-a9c5-0000f80367c1;{COMPUTER};{{sid}})",  # service principal names
    f"(OA;CIIO;WP;20119867-1d04-4ab7-9371-cfc3d5df0afd;{COMPUTER};{{sid}})",  # encryption types
    f"(OA;CIIO;WP;3e978925-8c01-11d0-afda-00c04fd930c9;{COMPUTER};{{sid}})",  # name of the operating system
)


def main() -> None:
    """Make the domain, start its service, and wait until it gives tickets."""
    wanted = json.load(sys.stdin)
    run("systemctl", "stop", "samba-ad-dc.service")  # the machine may still be on its way up, and about to start it
    provision(wanted)
    fill(wanted)
    run("systemctl", "start", "samba-ad-dc.service")
    await_tickets(wanted)


def provision(wanted: dict[str, Any]) -> None:
    """An empty domain. In this process: as a command, the password would be in the list of processes."""
    SMB_CONF.unlink(missing_ok=True)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        failed = samba_tool(
            "domain",
            "provision",
            f"--realm={wanted['domain']}",
            f"--domain={wanted['netbios']}",
            f"--host-ip={wanted['address']}",
            f"--adminpass={wanted['accounts']['Administrator']}",
            "--quiet",
            "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL",
            "--option=dns forwarder=",
        )
    if failed:
        sys.exit(f"samba-tool domain provision failed:\n{said.getvalue()}")
    shutil.copy("/var/lib/samba/private/krb5.conf", KRB5_CONF)


def fill(wanted: dict[str, Any]) -> None:
    """Accounts, groups, the unit for computers and who may make them there, and the hosts' names in DNS."""
    loaded = param.LoadParm()
    loaded.load(str(SMB_CONF))
    database = SamDB(session_info=system_session(), lp=loaded)
    for name, password in wanted["accounts"].items():
        if name != "Administrator":
            database.newuser(name, password)
    for group, members in wanted["groups"].items():
        database.newgroup(group)
        database.add_remove_group_members(group, members, add_members_operation=True)
    database.create_ou(wanted["workplaces"])
    permit(database, wanted["workplaces"], wanted["joiner"])
    zone = f"DC={wanted['domain']},CN=MicrosoftDNS,DC=DomainDnsZones,{database.domain_dn()}"
    for host, address in wanted["addresses"].items():
        record = ndr_pack(ARecord(address))
        database.add({"dn": f"DC={host},{zone}", "objectClass": ["top", "dnsNode"], "dnsRecord": [record]})


def permit(database: SamDB, workplaces: str, joiner: str) -> None:
    """The joiner may join computers into that unit; nobody else joins any by merely having an account."""
    utils = SDUtils(database)
    [row] = database.search(expression=f"(sAMAccountName={joiner})", attrs=[])
    sid = utils.get_object_sid(row.dn)
    for right in JOINER_RIGHTS:
        utils.dacl_add_ace(workplaces, right.format(sid=sid))
    database.modify_ldif(
        f"dn: {database.domain_dn()}\nchangetype: modify\nreplace: ms-DS-MachineAccountQuota\n"
        "ms-DS-MachineAccountQuota: 0\n"
    )


def await_tickets(wanted: dict[str, Any]) -> None:
    """Wait until the administrator gets a ticket, by the domain's own DNS."""
    deadline = time.monotonic() + READY_SECONDS
    command = ["kinit", "-c", "MEMORY:", f"Administrator@{wanted['domain'].upper()}"]
    while True:
        result = subprocess.run(
            command, input=wanted["accounts"]["Administrator"] + "\n", capture_output=True, text=True, check=False
        )
        if result.returncode == 0:
            return
        if time.monotonic() > deadline:
            sys.exit(f"no ticket within {READY_SECONDS:.0f} seconds: {result.stderr.strip()}")
        time.sleep(0.1)


def run(*command: str) -> None:
    """A command that must work."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"`{' '.join(command)}` failed: {result.stderr.strip()}")


if __name__ == "__main__":
    main()
