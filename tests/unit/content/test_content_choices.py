"""Every choice means something, and every answer leads to a policy that is whole."""

import re

import pytest
import yaml
from content_facts import ROOT, Written, of_class

from werkplek.policy.choices import Choices, answers
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import build_repository
from werkplek.policy.sources import read_sources

CLOSED = [(name, answer) for name in Choices.model_fields for answer in answers(name)]
NUMBERS = [name for name in Choices.model_fields if not answers(name)]
ENDS = [
    (name, end)
    for name in NUMBERS
    for item in Choices.model_fields[name].metadata
    for end in (getattr(item, "ge", None), getattr(item, "le", None))
    if end is not None
]
# A user right cannot be absent: "anyone" leaves who has it to Windows and to others.
LEFT_ALONE = {("batch_jobs", "anyone")}


def with_answer(name: str, answer: object) -> dict[str, bytes]:
    """The repository in which every municipality gives this answer."""
    sources = read_sources(ROOT)
    for file in [file for file in sources if re.fullmatch(r"municipalities/[^/]+\.yml", file)]:
        document = yaml.safe_load(sources[file])
        document["choices"] = {**document.get("choices", {}), name: answer}
        sources[file] = yaml.safe_dump(document).encode()
    return sources


@pytest.mark.parametrize(("name", "answer"), [*CLOSED, *ENDS])
def test_every_answer_makes_a_sound_policy(name: str, answer: object):
    repository = build_repository(with_answer(name, answer))
    assert all(municipality.choices[name] == answer for municipality in repository.municipalities.values())


@pytest.mark.parametrize("workplace_class", ["workstation", "vdi_host"])
@pytest.mark.parametrize(("name", "answer"), [each for each in CLOSED if each not in LEFT_ALONE])
def test_every_answer_decides_about_all_that_the_choice_is_about(
    written: list[Written], name: str, answer: object, workplace_class: str
):
    """In each class, so that a new answer changes what an earlier one left on a host.

    For the other answers, what a class overrides for one is the setting of all hosts.
    """
    settings = [
        setting
        for family in ("windows", "linux")
        for setting in of_class(written, workplace_class, family)
        if name in setting.choice and "overrides" not in setting.head
    ]
    about = {thing(setting) for setting in settings}
    assert {thing(setting) for setting in settings if answer in setting.choice[name]} == about


@pytest.mark.parametrize("name", [name for name in Choices.model_fields if answers(name)])
def test_every_choice_is_about_something(written: list[Written], name: str):
    assert [setting.id for setting in written if name in setting.choice] != []


def thing(setting: Written) -> tuple[str, ...]:
    """What a setting is about, whatever it wants of it."""
    names = ("path", "name") if setting.kind == "registry" else ("right",)
    if KINDS[setting.kind].family == "linux":
        names = ("path", "section", "key", "name")
    return (setting.kind, *(str(setting.body.get(name, "")).casefold() for name in names))


def test_what_takes_away_is_named_so_and_claims_no_control(written: list[Written]):
    lifted = [setting for setting in written if setting.choice and setting.body.get("state") == "absent"]
    assert len(lifted) > 50
    assert [setting.id for setting in lifted if setting.controls or not setting.id.endswith("_lifted")] == []


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
