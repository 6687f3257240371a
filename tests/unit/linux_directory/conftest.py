"""Imports what travels to hosts by the name that it has there."""

from __future__ import annotations

import ansible.module_utils

from werkplek.files import ROOT

if str(ROOT / "module_utils") not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(str(ROOT / "module_utils"))
