"""Filters that NetBox 4.4 has and the double does not: to ignore one would be to answer for more than was asked.

The names are those of NetBox's OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from werkplek.lab.netbox_types import (
    ASSIGNMENT,
    CABLE,
    CHANGES,
    CHASSIS,
    CHOICE_SETS,
    CLUSTER,
    CLUSTER_TYPE,
    CUSTOM_FIELDS,
    MANUFACTURER,
    OWNER,
    SITE,
    TAG,
    TENANT,
    TERMINATION,
    VLAN,
    VM_INTERFACE,
)
from werkplek.registry.tables import ADDRESS, DEVICE, INTERFACE, MACHINE

EVERYWHERE = frozenset(
    {"created_by_request", "modified_by_request", "updated_by_request", "q", "filter", "filter_id", "format", "export"}
)
_NAMES: Mapping[str, str] = {
    "tenancy.tenantgroup": """
        tag tag_id
    """,
    TENANT: """
        contact contact_group contact_role tag tag_id
    """,
    "dcim.region": """
        contact contact_group contact_role tag tag_id
    """,
    SITE: """
        asn asn_id contact contact_group contact_role facility group group_id latitude longitude
        status tag tag_id time_zone
    """,
    "dcim.location": """
        contact contact_group contact_role facility site_group site_group_id status tag tag_id
        tenant tenant_group tenant_group_id tenant_id
    """,
    "dcim.devicerole": """
        color config_template_id tag tag_id vm_role
    """,
    "dcim.platform": """
        available_for_device_type config_template_id manufacturer manufacturer_id tag tag_id
    """,
    "dcim.devicetype": """
        airflow console_port_template_count console_ports console_server_port_template_count
        console_server_ports default_platform default_platform_id description
        device_bay_template_count device_bays exclude_from_utilization front_port_template_count
        has_front_image has_rear_image interface_template_count interfaces
        inventory_item_template_count inventory_items is_full_depth manufacturer manufacturer_id
        module_bay_template_count module_bays part_number pass_through_ports
        power_outlet_template_count power_outlets power_port_template_count power_ports
        rear_port_template_count subdevice_role tag tag_id u_height weight weight_unit
    """,
    TAG: """
        content_type content_type_id for_object_type_id object_types weight
    """,
    CUSTOM_FIELDS: """
        choice_set filter_logic group_name is_cloneable label object_type object_type_id
        related_object_type related_object_type_id required search_weight type ui_editable
        ui_visible unique validation_maximum validation_minimum validation_regex weight
    """,
    CHOICE_SETS: """
        base_choices choice order_alphabetically
    """,
    "extras.configcontext": """
        auto_sync_enabled cluster_group cluster_group_id cluster_id cluster_type cluster_type_id
        data_file_id data_source_id data_synced device_role device_role_id device_type_id
        is_active location location_id platform platform_id profile profile_id region region_id
        site site_group site_group_id site_id tag tag_id tenant tenant_group tenant_group_id
        tenant_id weight
    """,
    OWNER: """
        group group_id user user_group user_group_id user_id
    """,
    "tenancy.contact": """
        address group group_id link tag tag_id title
    """,
    "tenancy.contactrole": """
        tag tag_id
    """,
    VLAN: """
        available_at_site available_on_device available_on_virtualmachine group group_id
        interface_id l2vpn l2vpn_id qinq_role qinq_svlan_id qinq_svlan_vid role role_id
        site_group site_group_id status tag tag_id vminterface_id
    """,
    CLUSTER: """
        contact contact_group contact_role group group_id location location_id scope_id
        scope_type site_group site_group_id status tag tag_id type type_id
    """,
    ADDRESS: """
        assigned contact contact_group contact_role device family fhrpgroup_id interface
        interface_id mask_length nat_inside_id parent present_in_vrf present_in_vrf_id role
        service_id status tag tag_id tenant tenant_group tenant_group_id tenant_id
        virtual_machine vminterface vminterface_id vrf vrf_id
    """,
    DEVICE: """
        airflow cluster_group cluster_group_id config_template_id console_port_count
        console_ports console_server_port_count console_server_ports contact contact_group
        contact_role device_bay_count device_bays face front_port_count
        has_virtual_device_context interface_count interfaces inventory_item_count is_full_depth
        latitude local_context_data longitude mac_address manufacturer manufacturer_id
        module_bay_count module_bays oob_ip_id parent_bay_id parent_device_id pass_through_ports
        position power_outlet_count power_outlets power_port_count power_ports primary_ip4
        primary_ip4_id primary_ip6 primary_ip6_id rack_id rear_port_count site_group
        site_group_id vc_priority
    """,
    MACHINE: """
        cluster_group cluster_group_id cluster_type cluster_type_id config_template_id contact
        contact_group contact_role device device_id disk interface_count local_context_data
        mac_address memory primary_ip4 primary_ip4_id primary_ip6 primary_ip6_id site_group
        site_group_id vcpus virtual_disk_count
    """,
    CHASSIS: """
        domain master member_count region region_id site site_group site_group_id site_id tag
        tag_id tenant tenant_id
    """,
    INTERFACE: """
        bridge_id cable_end cable_id cabled connected device_status device_type device_type_id
        duplex kind l2vpn l2vpn_id label lag_id location location_id mac_address mark_connected
        mgmt_only module_id mtu occupied parent_id poe_mode poe_type primary_mac_address
        primary_mac_address_id rack rack_id rf_channel rf_channel_frequency rf_channel_width
        rf_role site_group site_group_id speed tag tag_id tenant tenant_id tx_power type vdc
        vdc_id vdc_identifier virtual_chassis virtual_chassis_member virtual_chassis_member_id
        virtual_chassis_member_or_master virtual_chassis_member_or_master_id virtual_circuit_id
        virtual_circuit_termination_id vlan vlan_id vlan_translation_policy
        vlan_translation_policy_id vrf vrf_id wireless_lan_id wireless_link_id wwn
    """,
    CABLE: """
        circuittermination_id color consoleport_id consoleserverport_id device device_id
        frontport_id interface_id length length_unit location location_id powerfeed_id
        poweroutlet_id powerport_id rack rack_id rearport_id site site_id tag tag_id tenant
        tenant_group tenant_group_id tenant_id termination_a_id termination_a_type
        termination_b_id termination_b_type type unterminated
    """,
    TERMINATION: """
        cable termination_type
    """,
    ASSIGNMENT: """
        group group_id object_type_id tag tag_id
    """,
    CHANGES: """
        changed_object_type_id object_repr related_object_id related_object_type user user_id
    """,
    VM_INTERFACE: """
        bridge_id l2vpn l2vpn_id mac_address mtu parent_id primary_mac_address
        primary_mac_address_id tag tag_id vlan vlan_id vlan_translation_policy
        vlan_translation_policy_id vrf vrf_id
    """,
    MANUFACTURER: """
        contact contact_group contact_role tag tag_id
    """,
    CLUSTER_TYPE: """
        tag tag_id
    """,
}
ELSEWHERE: Mapping[str, frozenset[str]] = MappingProxyType(
    {object_type: EVERYWHERE.union(names.split()) for object_type, names in _NAMES.items()}
)
