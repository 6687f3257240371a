"""What is compiled gives what Jinja gives, and where it would not, it is left to Jinja."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from registry_jinja import by_ansible, by_jinja, by_us

from werkplek.registry.expressions import Undefined, compiled

VARIABLES = {
    "inventory_hostname": "PAP-LT-001",
    "municipality": "papendrecht",
    "number": 3,
    "zero": 0,
    "nothing": None,
    "empty": "",
    "flag": True,
    "words": ["a", "b"],
    "registry": {
        "id": 3,
        "tags": ["balie", "kiosk"],
        "ring": "broad",
        "site": None,
        "custom_fields": {"floor": 2, "items": "x", "real": "y", "a-b": "z"},
        "contacts": [{"name": "Balie"}],
    },
}


COMPILED = {
    "1": 1,
    "'a'": "a",
    "true": True,
    "none": None,
    "1.5": 1.5,
    "municipality": "papendrecht",
    "registry.id": 3,
    "registry.tags": ["balie", "kiosk"],
    "registry.tags[1]": "kiosk",
    "registry.tags.0": "balie",
    "registry['ring']": "broad",
    "registry.custom_fields['a-b']": "z",
    "registry.contacts[0].name": "Balie",
    "municipality[0]": "p",
    "municipality == 'papendrecht'": True,
    "registry.ring != 'broad'": False,
    "'balie' in registry.tags": True,
    "registry.ring in ['broad', 'late']": True,
    "registry.ring not in ('broad', 'late')": False,
    "number == 3 and registry.ring == 'broad'": True,
    "number and registry.tags": ["balie", "kiosk"],
    "empty or nothing or 'x'": "x",
    "zero and missing": 0,
    "number or missing": 3,
    "not registry.site": True,
    "not empty == ''": False,
    "[1, 'a', none]": [1, "a", None],
    "[]": [],
    "missing | default('x')": "x",
    "registry.missing.further | default([])": [],
    "nothing | default('x')": None,
    "missing | d(registry.missing | d(number))": 3,
    "number | default(missing)": 3,
    "missing is defined": False,
    "missing.further is not defined": True,
    "registry.site is defined": True,
    "registry.custom_fields.floor == 2": True,
    "(registry.missing | default(registry)).ring": "broad",
    "  number\n": 3,
}


@pytest.mark.parametrize("text", COMPILED)
def test_each_form_is_compiled_and_gives_what_jinja_and_ansible_give(text):
    function = compiled(text)
    expected = ("value", type(COMPILED[text]), COMPILED[text])
    assert by_us(function, VARIABLES) == expected
    assert by_jinja(text.strip(), VARIABLES) == expected
    value = by_ansible(text.strip(), VARIABLES)
    assert (value[0], value[2]) == ("value", COMPILED[text])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("missing", "missing"),
        ("registry.missing", "missing"),
        ("registry.missing.further", "missing"),
        ("registry['missing']", "missing"),
        ("registry.tags[9]", "9"),
        ("registry.tags.name", "name"),
        ("municipality.name", "name"),
        ("number.name", "name"),
        ("nothing.name", "name"),
        ("missing == 1", "missing"),
        ("1 == missing", "missing"),
        ("missing in words", "missing"),
        ("'a' in missing", "missing"),
        ("missing and true", "missing"),
        ("true and missing", "missing"),
        ("false or missing", "missing"),
        ("not missing", "missing"),
        ("missing | default(missing.further)", "missing"),
    ],
)
def test_a_missing_name_is_told(text, name):
    with pytest.raises(Undefined) as caught:
        compiled(text)(VARIABLES)
    assert str(caught.value) == name
    assert by_jinja(text, VARIABLES) == by_ansible(text, VARIABLES) == ("undefined",)


@pytest.mark.parametrize(
    "text", ["'x' in nothing", "'x' not in number", "1 in municipality", "nothing in municipality"]
)
def test_what_cannot_be_compared_is_an_error(text):
    assert by_us(compiled(text), VARIABLES) == by_jinja(text, VARIABLES) == by_ansible(text, VARIABLES) == ("error",)


@pytest.mark.parametrize(
    "text",
    [
        "registry.name | lower", "number | default(1, true)", "number | default", "number | default(value=1)",
        "number | default(*words)", "number | default(1, *words)", "number | default(1, **registry)",
        "number is none", "number is undefined", "number is divisibleby(3)", "number is defined(1)",
        "number + 1", "-number", "municipality ~ 'x'", "number < 3", "1 < number < 5", "number == 3 == 3",
        "words[0:1]", "words[-1]", "words[zero]", "lookup('env', 'HOME')", "municipality.upper()",
        "1 if flag else 2", "1 if flag", "{'a': 1}", "{}", "(1, 2)", "()", "1, 2", "1,",
        "[number]", "[missing]", "[[1]]", "number in (1, zero)", "'x' in ['x', missing]", "{'a': 1}.a",
        "[1, 2] == (1, 2)", "(words | first).name", "not number + 1", "number and number + 1",
        "number | default(1 + 1)",
    ],
)  # fmt: skip
def test_what_is_left_to_jinja(text):
    assert compiled(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "(missing == 1) is defined", "(missing or 'a') | default('b')", "(missing == 1) | default('b')",
        "(not missing) | default('b')", "number | default(missing == 1)", "(missing and 1).name | default('b')",
        "(1 in missing)['a'] is defined", "number | default(missing or 1)",
        "(number | default(missing == 1)) is defined",
    ],
)  # fmt: skip
def test_what_fails_at_once_has_no_default(text):
    """Jinja takes a default for what is undefined, not for what fails over it."""
    assert by_jinja(text, VARIABLES) == by_ansible(text, VARIABLES) == ("undefined",)
    assert compiled(text) is None


@pytest.mark.parametrize(
    "name",
    ["items", "keys", "values", "get", "pop", "update", "copy", "index", "count", "sort", "title", "lower", "format",
     "split", "real", "imag", "numerator", "is_integer", "hex", "__class__", "__len__"],
)  # fmt: skip
def test_names_of_methods_are_left_to_jinja(name):
    for form in (f"registry.custom_fields.{name}", f"registry['{name}']", f"number.{name} | default(1)"):
        assert compiled(form) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expected an expression, got 'end of print statement'"),
        ("a b", "expected token 'end of print statement', got 'b'"),
        ("a ==", "unexpected 'end of print statement'"),
        ("(a", "unexpected '}', expected ')'"),
        ("a)", "unexpected ')'"),
        ("'a", 'unexpected char "\'" at 3'),
        ("a ! b", "unexpected char '!' at 5"),
        ("{{ a }}", "expected token ':', got '}'"),
        ("a }}", "more than one expression"),
        ("a }} b {{ c", "more than one expression"),
        ("a }}{% set b = 1 %}{{ b", "more than one expression"),
        ("a }}{# b", "Missing end of comment tag"),
        ("a }}{% raw %}{{ b", "Missing end of raw directive"),
        ("a %}", "unexpected '}'"),
        ("a | ", "expected token 'name', got 'end of print statement'"),
        ("a.", "expected name or number"),
    ],
)
def test_what_is_no_expression(text, message):
    with pytest.raises(ValueError) as caught:
        compiled(text)
    assert str(caught.value) == message


def test_a_missing_name_is_missing_also_where_it_is_looked_for_in_nothing():
    """Jinja has it that such a name is not in an empty list; a host without it gets no variable and no group here."""
    assert by_jinja("missing in []", VARIABLES) == ("value", bool, False)
    assert by_us(compiled("missing in []"), VARIABLES) == ("undefined",)


def test_a_list_is_a_new_one_each_time():
    function = compiled("[1, 2]")
    function(VARIABLES).append(3)
    assert function(VARIABLES) == [1, 2]


NAMES = ["registry", "words", "number", "missing", "nothing"]
KEYS = ["name", "tags", "ring", "a"]
CONSTANTS = ["1", "0", "'a'", "''", "true", "false", "none", "2.5", "'name'"]
constants = st.sampled_from(CONSTANTS)
lists = st.lists(constants, max_size=3).map(lambda items: f"[{', '.join(items)}]")
full_lists = lists.filter(lambda text: text != "[]")
tuples = st.lists(constants, min_size=2, max_size=3).map(lambda items: f"({', '.join(items)})")


def lookups(inner):
    keys = st.sampled_from(
        [*(f".{key}" for key in KEYS), *(f"['{key}']" for key in KEYS), "[0]", "[1]", "[7]", "[none]"]
    )
    return st.tuples(inner, keys).map(lambda pair: f"({pair[0]}){pair[1]}")


def joined(one, words, two):
    return st.tuples(one, st.sampled_from(words), two).map(lambda parts: f"(({parts[0]}) {parts[1]} ({parts[2]}))")


lenient = st.recursive(
    st.sampled_from(NAMES) | constants | lists,
    lambda inner: lookups(inner) | st.tuples(inner, inner).map(lambda pair: f"(({pair[0]}) | default({pair[1]}))"),
    max_leaves=4,
)
defined = st.tuples(lenient, st.sampled_from(["is defined", "is not defined"])).map(lambda p: f"(({p[0]}) {p[1]})")
expressions = st.recursive(
    lenient | defined,
    lambda inner: st.one_of(
        lookups(inner),
        joined(inner, ["==", "!=", "and", "or"], inner),
        joined(constants, ["in", "not in"], inner),
        joined(inner, ["in", "not in"], full_lists | tuples),
        inner.map(lambda text: f"(not ({text}))"),
    ),
    max_leaves=6,
)
values = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2.5, "", "a", "name", "\u00e9 {{ x }}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "items", "real"]), inner),
    max_leaves=8,
)
variables = st.dictionaries(st.sampled_from([name for name in NAMES if name != "missing"]), values)


def assert_alike(function, text, known):
    """Equal; of an expression that fails in two ways, Jinja may tell the one, and we the other."""
    ours, theirs = by_us(function, known), by_jinja(text, known)
    assert ours == theirs or {ours[0], theirs[0]} == {"undefined", "error"}


@settings(deadline=None)
@given(text=expressions, known=variables)
@example(text="(registry).a", known={"registry": {"a": {}}})
def test_whatever_is_compiled_gives_what_jinja_gives(text, known):
    function = compiled(text)
    assert function is not None
    assert_alike(function, text, known)


further = st.recursive(
    expressions,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"(({pair[0]}) | default({pair[1]}))"),
        inner.map(lambda text: f"(({text}) is defined)"),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, min_size=2, max_size=2).map(lambda items: f"({', '.join(items)})"),
        st.tuples(inner, st.sampled_from(["items", "real", "count"])).map(lambda pair: f"({pair[0]}).{pair[1]}"),
        st.tuples(inner, st.sampled_from(["items", "real", "count"])).map(lambda pair: f"({pair[0]})['{pair[1]}']"),
        joined(inner, ["==", "and", "or"], inner),
        joined(constants, ["in", "not in"], inner),
    ),
    max_leaves=4,
)


@settings(deadline=None)
@given(text=further, known=variables)
@example(text="(1, 2) == [1, 2]", known={})
@example(text="('a' in ['a', missing])", known={})
@example(text="((missing == 1) | default('b'))", known={})
def test_what_would_give_something_else_is_not_compiled(text, known):
    function = compiled(text)
    if function is not None:
        assert_alike(function, text, known)
