"""What tests expect of errors: the whole text, without the part that each line begins with."""

import pytest

from werkplek.errors import WerkplekError


def refusal_of(call, *arguments, **keywords):
    """The summary of the WerkplekError that a call raises, and its problems as text."""
    with pytest.raises(WerkplekError) as caught:
        call(*arguments, **keywords)
    return caught.value.summary, [str(problem) for problem in caught.value.problems]


def option_refusal(make, options, source):
    """The problems of a source's options, each without the source's name before it."""
    summary, problems = refusal_of(make, options, source)
    assert summary == f"The registry's options in {source} cannot be used"
    return [problem.removeprefix(f"{source}: ") for problem in problems]
