"""Reads Ansible's own files as Ansible does: YAML 1.1 with anchors and `<<`. Policy files have a stricter reader."""

from __future__ import annotations

import yaml

from werkplek.errors import Problem
from werkplek.policy.yaml_source import Document, KeyPath, Mark, YamlValue


def parse_ansible(content: bytes, name: str) -> tuple[Document | None, list[Problem]]:
    """One file. An empty one has the data None. The document is None where the YAML is broken; the problem says where.

    What an alias repeats has the places of its anchor.
    """
    loader = yaml.CSafeLoader(content)
    try:
        builder = _Builder(loader)
        node = loader.get_single_node()
        data = builder.value(node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        return None, [Problem(place, f"broken YAML ({error.problem or error.context})", "valid YAML")]
    except (yaml.reader.ReaderError, UnicodeDecodeError):
        return None, [Problem(name, "bytes that are no text", "UTF-8 text")]
    finally:
        loader.dispose()
    return Document(name, data, builder.marks, builder.key_marks), []


class _Builder:
    """Turns nodes into data. Keys are texts, as they are written; so are values with a tag of Ansible's."""

    def __init__(self, loader: yaml.CSafeLoader) -> None:
        self.loader = loader
        self.marks: dict[KeyPath, Mark] = {}
        self.key_marks: dict[KeyPath, Mark] = {}

    def value(self, node: yaml.Node, path: KeyPath) -> YamlValue:
        self.marks[path] = _mark(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if node.tag.startswith("!"):
            return str(node.value)
        value: YamlValue = self.loader.construct_object(node)
        return value

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, YamlValue]:
        self.loader.flatten_mapping(node)
        found: dict[str, YamlValue] = {}
        for key, value in node.value:
            name = str(key.value)
            found[name] = self.value(value, (*path, name))
            self.key_marks[*path, name] = _mark(key)
        return found


def _mark(node: yaml.Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1
