"""Whether `meta/argument_specs.yml` and `defaults/main.yml` of a role say the same.

Ansible shows a default of the first and uses only the second: where they differ, the documentation is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from werkplek.documentation.argument_specs import as_yaml
from werkplek.errors import Problem
from werkplek.policy.fields import nearest, shown
from werkplek.policy.yaml_source import Document, KeyPath, YamlValue


def default_problems(specs: Document, defaults: Document | None, defaults_file: str) -> Iterator[Problem]:
    """Each difference. `specs` has passed its own checks; `defaults` is None where the role has no `defaults_file`."""
    values = defaults.data if defaults else None
    if defaults and not isinstance(values, dict) and values is not None:  # None: comments alone
        yield Problem(defaults.where(), shown(values), "a mapping of names to values")
        return
    given = values if isinstance(values, dict) else {}
    inputs = dict(_inputs(specs))
    for path, option in inputs.items():
        name = str(path[-1])
        where = defaults.where((name,)) if defaults and name in given else defaults_file
        yield from _compared(specs, path, option, given, where)
    names = sorted({str(path[-1]) for path in inputs})
    for name in given if defaults else ():
        if defaults and name not in names:
            found, expected = f"the default of '{name}'", f"an input of that name in {specs.name}"
            yield Problem(defaults.where((name,), key=True), found, expected, nearest(name, names))


def _inputs(specs: Document) -> Iterator[tuple[KeyPath, Mapping[str, YamlValue]]]:
    """Every input that a play can set by its own name, with its place."""
    assert isinstance(specs.data, dict)
    entries = specs.data["argument_specs"]
    assert isinstance(entries, dict)
    for entry, body in entries.items():
        options = body.get("options", {}) if isinstance(body, dict) else {}
        for name, option in options.items() if isinstance(options, dict) else ():
            if isinstance(option, dict):
                yield ("argument_specs", entry, "options", name), option


def _compared(
    specs: Document, path: KeyPath, option: Mapping[str, YamlValue], given: Mapping[str, YamlValue], where: str
) -> Iterator[Problem]:
    name = str(path[-1])
    said, real = (
        f"the default {as_yaml(values[key])}" if key in values else "no default"
        for values, key in ((option, "default"), (given, name))
    )
    if said != real:
        place = specs.where((*path, "default")) if "default" in option else specs.where(path, key=True)
        yield Problem(place, f"{said} of '{name}'", f"{real}, as {where} has", "Both must say the same.")
