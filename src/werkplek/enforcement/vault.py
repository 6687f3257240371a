"""A municipality's encrypted file, opened with the run's vault passwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError

from werkplek.enforcement.secrets import Vault
from werkplek.errors import Problem, WerkplekError
from werkplek.files import ROOT


def opened_vault(loader: Any) -> Vault:
    """What gives the content of an encrypted file of this repository; empty without it. `loader` is Ansible's."""

    def opened(name: str) -> Mapping[str, object]:
        file = ROOT / name
        if not file.exists():
            return {}
        try:
            content = loader.load_from_file(str(file), unsafe=True, cache="none")
        except AnsibleError:  # its text can quote a line of the decrypted file
            expected = "YAML that the run's vault password opens (--vault-password-file, or an AWX vault credential)"
            raise WerkplekError("A vault cannot be opened.", [Problem(name, "no such YAML", expected)]) from None
        if not isinstance(content, dict):
            raise WerkplekError("A vault cannot be used.", [Problem(name, "no mapping", "secrets by name")])
        return content

    return opened
