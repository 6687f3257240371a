# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Door to werkplek.registry: the inventory of a live NetBox."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

try:
    from werkplek.registry import door
except ImportError as error:
    door, MISSING = None, str(error)

DOCUMENTATION = r"""
name: netbox_registry
short_description: Workplaces of several municipalities out of NetBox
author: Werkplek
version_added: "0.1.0"
requirements:
  - werkplek (this repository's package)
  - httpx
description:
  - Reads devices and virtual machines from NetBox 4.2 or newer and makes an inventory of the managed ones.
  - Groups are the classes C(workstation), C(vdi_host) and C(network), with C(role_<slug>) below them;
    C(municipality_<slug>) below C(tenant_group_<slug>); C(site_<slug>) below C(region_<slug>), with
    C(location_<site>_<slug>) below the site; C(platform_<slug>) below C(windows), C(linux) or C(network_os);
    C(ring_<ring>), C(status_<status>) and C(cluster_<name>). Nested tenant groups, regions, locations, roles and
    platforms give nested groups. Other characters than letters and digits become underscores; two objects that would
    share a group are an error that names both.
  - Host variables are C(registry) (what the registry says), C(municipality), C(workplace_class), C(platform_lineage),
    C(ansible_host), and C(switch_ports) for switches when O(include) has V(ports).
  - A stack of switches (virtual chassis) is one host, its master, with all members' ports.
  - Objects that break the data contract (a name Ansible can carry, a tenant of the tenant group, an update ring, a
    platform of a known OS family that fits the class, something to connect by, a status, a stack with a master) are in
    group C(quarantine) only, with their C(quarantine_reasons) and without C(ansible_host). Without a usable name they
    are called C(unnamed-device-<id>) or C(unnamed-vm-<id>). C(werkplek inventory check) lists them with what to mend.
  - All or nothing. Whatever is wrong with the source as a whole is one error and gives no host.
  - Text of the registry is never a template. C(ansible-inventory --list) writes text that could be one as
    C(__ansible_unsafe), which Ansible and AWX read back as plain text.
  - What was read is kept in a private file in the state folder (E(WERKPLEK_STATE), by default C(.werkplek) in the
    checkout), and the next run reads only what changed since. The file is used by the same user with the same token,
    address and filters only, and not at all when it is damaged.
  - Each reading is compared with the last good one (O(shrink_limit)).
options:
  plugin:
    description: Marks the file as a source for this plugin.
    type: str
    required: true
    choices: [netbox_registry]
  api_url:
    description: Address of NetBox, with or without C(/api). Plain http is for this machine alone.
    type: str
    env:
      - name: NETBOX_API
  token:
    description:
      - API token; both kinds work, those that begin with C(nbt_) and the older ones. It needs permission to view the
        objects and NetBox's change log (C(core.objectchange)).
      - Better kept out of files; see O(token_file), which goes before it.
    type: str
    env:
      - name: NETBOX_TOKEN
  token_file:
    description: File that holds the token, relative to the source file.
    type: str
    env:
      - name: NETBOX_TOKEN_FILE
  validate_certs:
    description: Whether NetBox's certificate must verify.
    type: bool
    default: true
    env:
      - name: NETBOX_VALIDATE_CERTS
  ca_file:
    description: Certificates (PEM) to verify NetBox with, relative to the source file, in place of the system's.
    type: str
    env:
      - name: NETBOX_CA_FILE
  timeout:
    description: Seconds to wait for a connection, and for each part of an answer.
    type: int
    default: 60
  page_size:
    description: Rows per request, 1 to 1000. NetBox may clamp it.
    type: int
    default: 1000
  include:
    description:
      - What is read beyond the ordinary, because it costs. V(ports) are the switches' ports with their VLANs, and
        where their cables lead. V(config_context) is rendered by NetBox for each host, and slow. V(contacts),
        V(device_type) (with manufacturer) and V(owner) (NetBox 4.5 and newer) are put into C(registry).
    type: list
    elements: str
    choices: [config_context, contacts, device_type, owner, ports]
    default: []
  filters:
    description:
      - Which devices and virtual machines are read, as values by filter under C(devices) and C(virtual_machines). Of
        several values one must fit (of C(tag), all); all filters must fit.
      - Filters are C(site), C(region), C(location), C(tenant), C(tenant_group), C(role), C(platform), C(tag) (slugs),
        C(status), C(name), C(serial), C(asset_tag), C(cf_<custom field>), and each with C(__n) for not.
      - An unknown filter or value is an error. Each row is checked again on arrival, because NetBox answers with
        everything when it does not know a filter.
      - Hosts that are filtered out are not in quarantine, they are not there. To leave hosts alone, a limit is better.
    type: dict
    default: {}
  reconcile:
    description:
      - Hours after which everything is read again, in place of only what changed. 0 always reads everything. Changes
        that bypass both NetBox's change log and its time stamps (a script that writes to the database) show no sooner.
      - C(--flush-cache) does it once.
    type: int
    default: 24
  shrink_limit:
    description:
      - The share of its usable hosts, in percent, that a municipality may lose between two readings. Losing more stops
        the inventory.
      - E(WERKPLEK_ALLOW_SHRINK) names the municipalities, separated by commas, that shrink on purpose.
    type: int
    default: 20
  use_last_good:
    description:
      - Whether the last good reading serves when the registry cannot be read. A warning tells its age, and so does
        C(registry.fetched_at). For one run, when waiting is worse than an old inventory.
    type: bool
    default: false
    env:
      - name: WERKPLEK_USE_LAST_GOOD
  tenant_group:
    description: Slug of the tenant group that holds the municipalities. Tenants of groups below it count too.
    type: str
    required: true
  classes:
    description:
      - Which device roles make up each workplace class, as lists of role slugs under C(workstation), C(vdi_host)
        and C(network). A nested role has the class of its nearest listed ancestor.
      - Objects of other roles are not managed and not in the inventory; C(-v) tells how many there are.
    type: dict
    default:
      workstation: [workplace]
      vdi_host: [vdi-host]
      network: [access-switch, distribution-switch]
  families:
    description:
      - OS family, one of C(windows), C(linux) and C(network_os), by platform slug. A nested platform has the family
        of its nearest listed ancestor. NetBox before 4.4 has no nested platforms; list each platform there.
    type: dict
    default:
      windows: windows
      linux: linux
      network-os: network_os
  ring_field:
    description: Name of the custom field that holds the update ring.
    type: str
    default: update_ring
  lifecycle:
    description:
      - Statuses in which a host may be targeted. Hosts of other statuses are in group
        C(out_of_lifecycle) as well; the playbooks leave them out, and their guard refuses a run that names one.
    type: list
    elements: str
    default: [active]
  connect_by:
    description:
      - Where C(ansible_host) comes from; the first that a host has. V(dns_name) is the DNS name of its primary address,
        V(name) its own name, for laptops that have no fixed address. Kerberos needs one of the two.
      - A host that has none of them is in quarantine.
    type: list
    elements: str
    choices: [primary_ip4, primary_ip6, dns_name, name]
    default: [primary_ip4, primary_ip6]
  municipalities_dir:
    description:
      - Folder with one document C(<tenant slug>.yml) per municipality, relative to the source file. A tenant in the
        tenant group without its document stops the inventory.
    type: str
    default: municipalities
  compose:
    description:
      - Further host variables, as Jinja expressions by name. Lookups, comparisons, C(and), C(or), C(not), C(in),
        C(default) and C(is defined) run as compiled code; other expressions run as templates, once for each host.
      - The registry's own variables cannot be replaced, except C(ansible_host).
      - As for O(groups) and O(keyed_groups), hosts in quarantine get none.
    type: dict
    default: {}
  groups:
    description: Further groups, as Jinja conditions by name; see O(compose).
    type: dict
    default: {}
  keyed_groups:
    description:
      - Further groups by the value of an expression. A list gives a group for each of its items, a mapping for each of
        its pairs. Two values that give one name, such as V(a-b) and V(a_b), are an error.
    type: list
    elements: dict
    default: []
    suboptions:
      key:
        description: The expression; see O(compose).
        type: str
        required: true
      prefix:
        description: What the names begin with.
        type: str
        default: ''
      separator:
        description: What stands between prefix and value, and between key and value of a mapping.
        type: str
        default: _
      parent_group:
        description: A group to put them in.
        type: str
      default_value:
        description: The value in place of an empty one; without it, an empty value gives no group.
        type: str
      trailing_separator:
        description: Whether the separator follows the key of a mapping when its value is empty.
        type: bool
        default: true
  strict:
    description: Whether a name that a host does not have is an error, in place of no variable and no group.
    type: bool
    default: false
"""

EXAMPLES = r"""
# registry.yml, with NETBOX_API and NETBOX_TOKEN in the environment
plugin: netbox_registry
tenant_group: drechtsteden

# production.registry.yml, with an issuer of one's own, roles by other names, and switch ports
---
plugin: netbox_registry
api_url: https://netbox.example/
token_file: ../secrets/netbox-token
ca_file: ../secrets/issuer.pem
tenant_group: municipalities
classes:
  workstation: [laptop, desktop]
  network: [switch]
include: [ports, device_type]

# kiosks.registry.yml: only kiosks, by name over Kerberos, with groups by tag and by department
---
plugin: netbox_registry
tenant_group: drechtsteden
filters:
  devices: {role: kiosk, status: [active, staged]}
  virtual_machines: {role: kiosk}
connect_by: [dns_name, name]
keyed_groups:
  - {key: registry.tags, prefix: tag}
  - {key: registry.custom_fields.owner_department, prefix: department}
groups:
  public_kiosks: "'public' in registry.tags and registry.site is defined"
compose:
  ansible_user: "'kiosk-' ~ municipality"
"""


class InventoryModule(BaseInventoryPlugin):
    """Hosts out of NetBox."""

    NAME = "netbox_registry"

    def verify_file(self, path: str) -> bool:
        """Accept registry.yml and *.registry.yml that name this plugin."""
        return super().verify_file(path) and (door.accepts(path, self.NAME) if door else path.endswith("registry.yml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add every host, or raise AnsibleParserError and add none."""
        super().parse(inventory, loader, path, cache)
        if door is None:
            raise AnsibleParserError(
                f"Werkplek's package is not importable ({MISSING}): run ./werkplek once and activate .venv, "
                "or set PYTHONPATH to the repository's src folder."
            )
        door.parse(self, inventory, path, door.read_netbox, cache=cache)
