# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Door to werkplek.registry: the inventory of a snapshot file."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

try:
    from werkplek.registry import door
except ImportError as error:
    door, MISSING = None, str(error)

DOCUMENTATION = r"""
name: registry_snapshot
short_description: Workplaces of several municipalities out of a registry snapshot
author: Werkplek
version_added: "0.1.0"
requirements:
  - werkplek (this repository's package)
description:
  - Makes the inventory that P(netbox_registry#inventory) makes, out of a snapshot file (JSON, format 2) in place of a
    live NetBox. C(werkplek inventory snapshot) writes one. A file that was changed by hand, or whose rows refer to rows
    it lacks, is refused.
  - Groups are the classes C(workstation), C(vdi_host) and C(network), with C(role_<slug>) below them;
    C(municipality_<slug>) below C(tenant_group_<slug>); C(site_<slug>) below C(region_<slug>), with
    C(location_<site>_<slug>) below the site; C(platform_<slug>) below C(windows), C(linux) or C(network_os);
    C(ring_<ring>), C(status_<status>) and C(cluster_<name>). Nested tenant groups, regions, locations, roles and
    platforms give nested groups. Other characters than letters and digits become underscores; two objects that would
    share a group are an error that names both.
  - Host variables are C(registry) (what the registry says), C(municipality), C(workplace_class), C(platform_lineage),
    C(ansible_host), and C(switch_ports) for switches when the snapshot holds them.
  - A stack of switches (virtual chassis) is one host, its master, with all members' ports.
  - Objects that break the data contract (a name Ansible can carry, a tenant of the tenant group, an update ring, a
    platform of a known OS family that fits the class, something to connect by, a status, a stack with a master) are in
    group C(quarantine) only, with their C(quarantine_reasons) and without C(ansible_host). Without a usable name they
    are called C(unnamed-device-<id>) or C(unnamed-vm-<id>). C(werkplek inventory check) lists them with what to mend.
  - All or nothing. Whatever is wrong with the source as a whole is one error and gives no host.
  - Text of the registry is never a template. C(ansible-inventory --list) writes text that could be one as
    C(__ansible_unsafe), which Ansible and AWX read back as plain text.
options:
  plugin:
    description: Marks the file as a source for this plugin.
    type: str
    required: true
    choices: [registry_snapshot]
  snapshot:
    description: The snapshot file, relative to the source file.
    type: str
    required: true
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
# offline.registry.yml
plugin: registry_snapshot
snapshot: estate.json
tenant_group: drechtsteden
"""


class InventoryModule(BaseInventoryPlugin):
    """Hosts out of a snapshot file."""

    NAME = "registry_snapshot"

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
        door.parse(self, inventory, path, door.read_snapshot, cache=cache)
