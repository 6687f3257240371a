"""READMEs of all roles of a repository, by file name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from werkplek.documentation.role_files import read_role_files, read_roles
from werkplek.documentation.role_policies import ClassPolicy, summarise
from werkplek.documentation.role_readme import readme
from werkplek.policy.loader import Repository
from werkplek.policy.sources import read_sources


def role_readmes(root: Path, read_policy: Callable[[Path], Repository]) -> dict[str, str]:
    """Texts by file name relative to the repository. The policy is read only where a role enforces it.

    Raises WerkplekError with every problem of the roles, or of the policy.
    """
    roles = read_roles(read_role_files(root))
    policies: dict[str, ClassPolicy] = {}
    if classes := {role.workplace_class for role in roles} - {""}:
        repository, contents = read_policy(root), read_sources(root)
        policies = {name: summarise(repository, contents, name) for name in classes}
    return {f"roles/{role.name}/README.md": readme(role, policies.get(role.workplace_class)) for role in roles}
