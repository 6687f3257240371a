#!powershell

# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -CSharpUtil Ansible.WorkplaceSessions

[Ansible.WorkplaceSessions.SessionHost]::Run($args)
