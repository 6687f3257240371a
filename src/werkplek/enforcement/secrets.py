"""Secrets at run time: from the environment (an AWX credential) or from a file that Ansible Vault encrypted.

A policy names a secret (`{secret: wifi_key}`); its value is looked up for the host's own municipality, just before it
is sent, and kept nowhere. For the secret `wifi_key` of `dordrecht` that is the variable
`WERKPLEK_SECRET_DORDRECHT_WIFI_KEY`, or the key `wifi_key` in `municipalities/secrets/dordrecht.yml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from werkplek.errors import Problem, WerkplekError

type Vault = Callable[[str], Mapping[str, object]]
"""Gives the content of a municipality's encrypted file by the file's name; an empty mapping where there is none."""


def secret_values(
    names: Sequence[str], municipality: str, environment: Mapping[str, str], vault: Vault
) -> dict[str, str]:
    """The secrets of one municipality by name; the vault is only opened when one is needed.

    Raises WerkplekError where a secret is nowhere, in both places, or is no text. Errors never show a value.
    """
    if not names:
        return {}
    file = vault_file(municipality)
    kept = vault(file)
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name in names:
        variable = variable_name(municipality, name)
        given = [source[key] for source, key in ((environment, variable), (kept, name)) if key in source]
        value = given[0] if len(given) == 1 else None
        if isinstance(value, str) and _sendable(value):
            values[name] = str(value)
        else:
            problems.append(
                _problem(name, municipality, given, f"the variable {variable}, or the key {name} in {file}")
            )
    if problems:
        raise WerkplekError("Secrets that the policy needs cannot be read.", problems)
    return values


def variable_name(municipality: str, name: str) -> str:
    """The environment variable of a municipality's secret."""
    return f"WERKPLEK_SECRET_{municipality.replace('-', '_')}_{name}".upper()


def vault_file(municipality: str) -> str:
    """The encrypted file of a municipality, relative to the repository."""
    return f"municipalities/secrets/{municipality}.yml"


def _sendable(value: str) -> bool:
    """Whether JSON in UTF-8 can carry it to a host: Python reads bytes that are no UTF-8 as lone surrogates."""
    return value != "" and "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _problem(name: str, municipality: str, given: Sequence[object], places: str) -> Problem:
    where = f"secret {name} of {municipality}"
    if len(given) > 1:
        return Problem(where, "a value in two places", f"one of them: {places}")
    return Problem(where, "a value that is empty or no UTF-8 text" if given else "no value", f"a text in {places}")
