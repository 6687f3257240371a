# ruff: noqa: E501 - texts are written as they are told
"""Ansible's markup and plain text as Markdown, and Ansible's YAML as Ansible reads it."""

import pytest

from werkplek.documentation.ansible_yaml import parse_ansible
from werkplek.documentation.argument_specs import as_yaml
from werkplek.documentation.markdown import code, prose, table


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("C(policies/) and C(a_b)", "`policies/` and `a_b`"),
        ("V(true), V(a\\)b\\\\c)", "`true`, `a)b\\c`"),
        ("O(state), O(state=absent), O(outer.inner)", "`state`, `state=absent`, `outer.inner`"),
        ("O(ignore:state) O(a.b.role#role:main:state=x) RV(a.b.c#module:rc)", "`state` `state=x` `rc`"),
        ("E(HOME=/root)", "`HOME=/root`"),
        ("P(community.general.ini#lookup)", "`community.general.ini` (lookup)"),
        ("M(ansible.builtin.copy), I(one), B(two)", "`ansible.builtin.copy`, *one*, **two**"),
        ("U(https://a.nl/x_y_), L(words, https://a.nl/), R(title, some_ref)", "<https://a.nl/x_y_>, [words](https://a.nl/), title"),
        ("ABC(x), C() and C(", "ABC(x), C() and C("),
        ("owned_elsewhere, _x_, *y*, <host>, `z`, [w]", "owned_elsewhere, \\_x\\_, \\*y\\*, \\<host>, \\`z\\`, \\[w\\]"),
        ("# no heading", "\\# no heading"),
        ("12. no list", "12\\. no list"),
        ("- no list", "\\- no list"),
        ("two\n  lines", "two lines"),
    ],
)  # fmt: skip
def test_prose(text, markdown):
    assert prose(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"), [("x", "`x`"), ("a`b", "``a`b``"), ("``", "``` `` ```"), ("`a", "`` `a ``")]
)
def test_code_holds_any_backticks(text, markdown):
    assert code(text) == markdown


def test_no_cell_ends_a_table():
    assert table(("a", "b"), [("`x|y`", "")]) == "| a | b |\n| --- | --- |\n| `x\\|y` |  |"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"), ("true", "'true'"), ("", "''"), (None, "null"), (636, "636"), ("{{ x }}", "'{{ x }}'"),
        (["a", 1], "[a, 1]"), ({"b": 1, "a": []}, "{b: 1, a: []}"), ("é " * 99 + "é", "é " * 99 + "é"),
    ],
)  # fmt: skip
def test_a_value_on_one_line(value, text):
    assert as_yaml(value) == text


def test_anchors_merges_tags_and_words_of_yaml_1_1():
    document, problems = parse_ansible(b"a: &x {p: yes}\nb: {<<: *x, q: !unsafe '{{ z }}'}\nc: *x\n1: [2]\n", "f.yml")
    assert problems == []
    assert document.data == {"a": {"p": True}, "b": {"p": True, "q": "{{ z }}"}, "c": {"p": True}, "1": [2]}
    assert document.where(("b", "q")) == "f.yml:2:16"
    assert document.where(("b", "q"), key=True) == "f.yml:2:13"
    assert document.where(("c", "p")) == "f.yml:1:11"


def test_an_empty_file_has_no_data():
    document, problems = parse_ansible(b"# nothing yet\n", "f.yml")
    assert (document.data, problems) == (None, [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a: [b\n", "f.yml:2:1: found broken YAML (did not find expected ',' or ']'); expected valid YAML"),
        (b"a: *b\n", "f.yml:1:4: found broken YAML (found undefined alias); expected valid YAML"),
        (b"a: 1\n---\nb: 2\n", "f.yml:2:1: found broken YAML (but found another document); expected valid YAML"),
        (b"a: \xff\n", "f.yml: found bytes that are no text; expected UTF-8 text"),
    ],
)
def test_broken_yaml(content, problem):
    document, problems = parse_ansible(content, "f.yml")
    assert document is None
    assert list(map(str, problems)) == [problem]
