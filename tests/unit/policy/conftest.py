"""A small repository as contents by file name, and ways to change one thing in it."""

from collections.abc import Callable, Mapping
from textwrap import dedent

import pytest
from policy_samples import BIO2, SCREEN_LOCK, a_municipality

from werkplek.errors import Problem, WerkplekError
from werkplek.policy.loader import build_repository

type Sources = dict[str, bytes]


@pytest.fixture
def sources() -> Callable[..., Sources]:
    """Contents of a sound repository; keyword-like pairs (name, text) add or replace files."""

    def build(files: Mapping[str, str] | None = None) -> Sources:
        texts = {
            "municipalities/papendrecht.yml": a_municipality("papendrecht"),
            "municipalities/zwijndrecht.yml": a_municipality("zwijndrecht"),
            "policies/baseline/screen.yml": SCREEN_LOCK,
            "policies/controls/bio2.csv": BIO2,
            **(files or {}),
        }
        return {name: dedent(texts[name]).encode() for name in sorted(texts)}

    return build


@pytest.fixture
def problems_of(sources: Callable[..., Sources]) -> Callable[[Mapping[str, str]], list[str]]:
    """Texts of all problems that a repository with these files has."""

    def problems(files: Mapping[str, str]) -> list[str]:
        with pytest.raises(WerkplekError) as caught:
            build_repository(sources(files))
        assert all(isinstance(problem, Problem) for problem in caught.value.problems)
        return [str(problem) for problem in caught.value.problems]

    return problems
