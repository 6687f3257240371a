# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Door to werkplek.registry: the inventory of a live NetBox."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

try:
    from werkplek.registry import door
except ImportError:
    door = None

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
  - Each complete reading is kept as the last good snapshot in the state folder, and the next one is compared with it
    (O(shrink_limit)).
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
      - API token that may view the objects; both kinds work, those that begin with C(nbt_) and the older ones.
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
  shrink_limit:
    description:
      - The share of its usable hosts, in percent, that a municipality may lose between two readings. Losing more stops
        the inventory.
      - E(WERKPLEK_ALLOW_SHRINK) names the municipalities, separated by commas, that shrink on purpose.
    type: int
    default: 20
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
# registry.yml, with NETBOX_API and NETBOX_TOKEN in the environment
plugin: netbox_registry
tenant_group: drechtsteden

# production.registry.yml, with an issuer of one's own and roles by other names
---
plugin: netbox_registry
api_url: https://netbox.example/
token_file: ../secrets/netbox-token
ca_file: ../secrets/issuer.pem
tenant_group: municipalities
classes:
  workstation: [laptop, desktop]
  network: [switch]
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
                "Werkplek's package is not importable: run ./werkplek once and activate .venv, "
                "or set PYTHONPATH to the repository's src folder."
            )
        door.parse(self, inventory, path, door.read_netbox)
