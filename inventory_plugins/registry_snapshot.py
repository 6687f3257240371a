# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Door to werkplek.registry: the inventory of a snapshot file."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

try:
    from werkplek.registry import door
except ImportError:
    door = None

DOCUMENTATION = r"""
name: registry_snapshot
short_description: Workplaces of several municipalities out of a registry snapshot
author: Werkplek
version_added: "0.1.0"
requirements:
  - werkplek (this repository's package)
description:
  - Makes the inventory that P(netbox_registry#inventory) makes, out of a snapshot file (JSON, format 1) in place of a
    live NetBox. A file that was changed by hand, or whose rows refer to rows it lacks, is refused.
  - Groups are the classes C(workstation), C(vdi_host) and C(network); C(municipality_<slug>), C(ring_<ring>),
    C(site_<slug>), C(status_<status>), C(cluster_<name>) and C(platform_<slug>), the last below C(windows), C(linux)
    or C(network_os). Other characters than letters and digits become underscores; two objects that would share a
    group are an error.
  - Objects that break the data contract (a name Ansible can carry, a tenant of the tenant group, an update ring, a
    platform of a known OS family that fits the class, an address, a status) are in group C(quarantine) only, with
    their C(quarantine_reasons) and without C(ansible_host). Without a usable name they are called
    C(unnamed-device-<id>) or C(unnamed-vm-<id>).
  - All or nothing. Whatever is wrong with the source as a whole is one error and gives no host.
  - Text of the registry is never a template. C(ansible-inventory --list) says so by writing it as
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
  municipalities_dir:
    description:
      - Folder with one document C(<tenant slug>.yml) per municipality, relative to the source file. A tenant in the
        tenant group without its document stops the inventory.
    type: str
    default: municipalities
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
                "Werkplek's package is not importable: run ./werkplek once and activate .venv, "
                "or set PYTHONPATH to the repository's src folder."
            )
        door.parse(self, inventory, path, door.read_snapshot)
