"""Every choice means something, and every answer leads to a policy that is whole."""

import re

import pytest
import yaml
from content_facts import ROOT, Written

from werkplek.policy.choices import Choices, answers
from werkplek.policy.loader import build_repository
from werkplek.policy.sources import read_sources

CLOSED = [(name, answer) for name in Choices.model_fields for answer in answers(name)]
NUMBERS = [name for name in Choices.model_fields if not answers(name)]


def with_answer(name: str, answer: object) -> dict[str, bytes]:
    """The repository in which every municipality gives this answer."""
    sources = read_sources(ROOT)
    for file in [file for file in sources if re.fullmatch(r"municipalities/[^/]+\.yml", file)]:
        document = yaml.safe_load(sources[file])
        document["choices"] = {**document.get("choices", {}), name: answer}
        sources[file] = yaml.safe_dump(document).encode()
    return sources


@pytest.mark.parametrize(("name", "answer"), CLOSED)
def test_every_answer_makes_a_sound_policy(name: str, answer: object):
    repository = build_repository(with_answer(name, answer))
    assert all(municipality.choices[name] == answer for municipality in repository.municipalities.values())


@pytest.mark.parametrize("name", [name for name in Choices.model_fields if answers(name)])
def test_every_choice_decides_about_a_setting(written: list[Written], name: str):
    asked = [setting.head["on"]["choice"][name] for setting in written if name in _choices(setting)]
    given = {answer for value in asked for answer in (value if isinstance(value, list) else [value])}
    assert given
    assert given <= set(answers(name))


def _choices(setting: Written) -> dict:
    return setting.head.get("on", {}).get("choice", {})


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_referred_to(written: list[Written], name: str):
    assert any(f"municipality.choices.{name}" in str(setting.body) for setting in written)


def test_every_choice_says_what_it_is_about():
    descriptions = {name: field.description for name, field in Choices.model_fields.items()}
    assert [name for name, text in descriptions.items() if not text or not text[0].isupper()] == []


def test_the_page_lists_every_choice_with_its_default():
    page = (ROOT / "docs/content.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^|]*)` \|", page, re.MULTILINE))
    assert rows == {name: str(field.default).lower() for name, field in Choices.model_fields.items()}
