"""YAML with places: what is read, and what is refused."""

import pytest

from werkplek.policy.yaml_source import DEEPEST, parse_yaml


def test_places_are_counted_from_one_for_values_and_keys():
    document, problems = parse_yaml(b"- id: one\n  on: {ring: [canary]}\n", "a.yml")
    assert document is not None
    assert problems == []
    assert document.data == [{"id": "one", "on": {"ring": ["canary"]}}]
    assert document.where((0, "on", "ring", 0)) == "a.yml:2:15"
    assert document.where((0, "id"), key=True) == "a.yml:1:3"
    assert document.where((0, "nothing", "here")) == "a.yml:1:3"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("2026-11-23", "2026-11-23"),
        ("14:30", "14:30"),
        ("'600'", "600"),
        ("600", 600),
        ("-1", -1),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("0", 0),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object):
    document, problems = parse_yaml(f"value: {text}\n".encode(), "a.yml")
    assert document is not None
    assert problems == []
    assert document.data == {"value": value}
    assert type(document.data["value"]) is type(value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a: 1\nb: 2\na: 3\n", "a.yml:3:1: found the key 'a' again; expected each key once (first on line 1)"),
        (b"a: &x 1\n", "a.yml:1:4: found the anchor '&x'; expected a plain value. Write it out where it is used."),
        (b"a: !secret 1\n", "a.yml:1:4: found the tag '!secret'; expected a value without a tag"),
        (
            b"a: 017\n",
            "a.yml:1:4: found the number 017 with a leading zero; expected a number without one. "
            "Put it in quotes when it is text.",
        ),
        (b'a: "\\0"\n', "a.yml:1:4: found character U+0000 in a text; expected printable text"),
        (b'a: "\\x7f"\n', "a.yml:1:4: found character U+007F in a text; expected printable text"),
        (b"a: 1\n---\nb: 2\n", "a.yml:2:1: found a second document; expected one document in each file"),
        (b"? [1]\n: 2\n", "a.yml:1:3: found a key that is not text; expected a plain word as key"),
        (b"# nothing\n", "a.yml:1:1: found an empty file; expected one YAML document"),
        (b"a: 1\nb: \xff\n", "a.yml:2:1: found bytes that are not UTF-8; expected UTF-8 text"),
        (b"a:\n\t- 1\n", "a.yml:2:1: found a tab; expected valid YAML. Indent with spaces."),
        (b"a: [1\nb: 2\n", "a.yml:2:2: found broken YAML (did not find expected ',' or ']'); expected valid YAML"),
        (b"a: \x01\n", "a.yml: found character U+0001; expected printable text"),
    ],
)
def test_what_is_refused(content: bytes, problem: str):
    assert [str(found) for found in parse_yaml(content, "a.yml")[1]] == [problem]


def test_an_alias_is_refused_beside_its_anchor():
    _, problems = parse_yaml(b"a: &x 1\nb: *x\n", "a.yml")
    assert [problem.found for problem in problems] == ["the anchor '&x'", "the alias '*x'"]


def test_depth_is_bounded():
    fits, problems = parse_yaml(b"[" * DEEPEST + b"]" * DEEPEST, "a.yml")
    assert fits is not None
    assert problems == []
    refused, problems = parse_yaml(b"[" * 100_000, "a.yml")
    assert refused is None
    assert [problem.found for problem in problems] == [f"more than {DEEPEST} levels"]
