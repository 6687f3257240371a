"""Settings of Linux: every mistake with its exact text."""

from collections.abc import Callable, Mapping

import pytest
from linux_mistakes import CLASHES, MISTAKES

FILE = "policies/workstation/a.yml"


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_in_a_setting_of_linux(name: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    kind, problem = MISTAKES[name]
    assert problems_of({FILE: f"- id: one\n  title: One\n  {kind}\n"}) == [f"{FILE}:3:{problem}"]


@pytest.mark.parametrize(("one", "other"), CLASHES)
def test_two_settings_of_linux_may_not_decide_the_same(
    one: str, other: str, problems_of: Callable[[Mapping[str, str]], list[str]]
):
    text = f"- id: one\n  title: One\n  {one}\n- id: two\n  title: Two\n  {other}\n"
    found = f"'two', which is about the same object as 'one' ({FILE}:1)"
    expected = "one setting for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."
    assert problems_of({FILE: text}) == [f"{FILE}:4:3: found {found}; expected {expected}"]
