#!/usr/bin/python
# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module linux_directory; the work is done in module_utils/linux_directory."""

from ansible.module_utils.linux_directory.module import main

DOCUMENTATION = r"""
module: linux_directory
short_description: Have a Debian machine be a member of an Active Directory domain
description:
  - Joins the machine with C(adcli), writes C(/etc/krb5.conf) and C(/etc/sssd/sssd.conf), has PAM and the name service
    ask SSSD, and has SSSD run with all that.
  - A machine is a member when its keytab holds its keys and a controller of the domain gives a ticket for them. A join
    that fails leaves the machine as it was.
  - Refuses a machine that is joined to another domain, and one whose account the directory has disabled.
  - The packages must be there, see the role C(directory_member).
options:
  domain:
    description: DNS name of the domain, in small letters.
    type: str
    required: true
  realm:
    description: Its Kerberos realm; by default the domain in capitals.
    type: str
  join_account:
    description: Short name of the account that joins. SSSD must know it afterwards, which proves that it works.
    type: str
    required: true
  join_password:
    description: The password of O(join_account). Only a run that joins needs it.
    type: str
  computer_ou:
    description: Distinguished name of the unit for a new computer account. An account that is there stays where it is.
    type: str
  permitted_groups:
    description: Short names of the directory's groups whose members may sign in. Nobody may where there are none.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Asks the directory about the keytab, and changes nothing.
  diff_mode:
    support: full
    description: Shows files without what may be secret in them.
  platform:
    platforms: debian
requirements: [adcli, krb5-user, sssd-ad, libnss-sss, libpam-sss]
author: Werkplek contributors
"""

EXAMPLES = r"""
- name: Be a member of the domain
  linux_directory:
    domain: ad.example.nl
    join_account: svc-join
    join_password: "{{ directory_member_join_password }}"
    computer_ou: OU=Werkplekken,DC=ad,DC=example,DC=nl
    permitted_groups: [vdi-users]
"""

RETURN = r"""
computer:
  description: The computer's account, without the dollar sign.
  returned: success
  type: str
changes:
  description: What was changed, or would be, in order; C(membership), paths of files, PAM profiles, C(sssd.service).
  returned: success
  type: list
  elements: str
"""

if __name__ == "__main__":
    main()
