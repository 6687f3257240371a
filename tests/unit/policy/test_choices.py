# ruff: noqa: E501 - settings and problems are quoted whole
"""Choices of municipalities: `on: {choice: ...}` decides, while the policy is compiled, what a municipality has at all."""

from collections.abc import Callable, Mapping

import pytest
from policy_asking import BASELINE, PAPENDRECHT, WORKSTATION, a_list, got, pages, resolved, value, wire
from policy_samples import a_municipality

from werkplek.policy.choices import Choices, answers
from werkplek.policy.loader import build_repository

type SourcesOf = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]

DOCUMENT = "municipalities/papendrecht.yml"


def choosing(**choices: str) -> dict[str, str]:
    """Papendrecht's document with these answers."""
    given = ", ".join(f"{name}: {answer}" for name, answer in choices.items())
    return {DOCUMENT: a_municipality("papendrecht") + f"choices: {{{given}}}\n"}


def on(choice: str) -> str:
    return f"  on: {{choice: {{{choice}}}}}\n"


@pytest.mark.parametrize("name", Choices.model_fields)
def test_every_choice_has_a_closed_set_of_answers_or_a_range_a_default_and_an_explanation(name: str):
    field = Choices.model_fields[name]
    assert (
        field.default in answers(name)
        if answers(name)
        else {type(item).__name__ for item in field.metadata} == {"Ge", "Le"}
    )
    assert field.description


@pytest.mark.parametrize(
    ("choice", "answer", "there"),
    [
        ("laps: entra_id", "entra_id", True),
        ("laps: entra_id", "off", False),
        ("laps: entra_id", "", False),
        ("laps: active_directory", "", True),
        ("laps: [off, entra_id]", "off", True),
        ("laps: [off, entra_id]", "active_directory", False),
    ],
)
def test_a_setting_is_for_the_municipalities_that_chose_its_answer(
    choice: str, answer: str, there: bool, sources: SourcesOf
):
    given = choosing(laps=answer) if answer else {}
    files = sources({**given, WORKSTATION: value("x", 1, on(choice))})
    assert (got(files, "x") is not None) is there
    taking = build_repository(files).taking["workstation", "papendrecht"]
    assert ("x" in [setting.id for setting in taking]) is there, "what is not chosen is not even compiled"


def test_all_choices_that_are_given_must_hold(sources: SourcesOf):
    files = {WORKSTATION: value("x", 1, on("laps: off, onedrive: false"))}
    assert got(sources({**files, **choosing(laps="off", onedrive="false")}), "x")
    assert got(sources({**files, **choosing(laps="off")}), "x") is None
    assert got(sources({**files, **choosing(onedrive="false")}), "x") is None


def test_a_choice_stands_beside_the_rest_of_a_scope(sources: SourcesOf):
    files = sources({**choosing(laps="off"), WORKSTATION: value("x", 1, "  on: {ring: canary, choice: {laps: off}}\n")})
    assert got(files, "x", ring="canary")
    assert got(files, "x") is None
    assert got(files, "x", "zwijndrecht", ring="canary") is None


def test_an_override_holds_for_its_answer(sources: SourcesOf):
    files = {BASELINE: value("x", 1), WORKSTATION: value("x", 2, "  overrides: as chosen\n" + on("onedrive: false"))}
    assert got(sources(files), "x")["data"] == 1
    chosen = sources({**files, **choosing(onedrive="false")})
    assert (got(chosen, "x")["data"], got(chosen, "x", "zwijndrecht")["data"]) == (2, 1)


def test_a_merge_holds_for_its_answer(sources: SourcesOf):
    files = {BASELINE: a_list("[a]"), WORKSTATION: a_list("[b]", "  merges: as chosen\n" + on("onedrive: false"))}
    assert pages(sources(files)) == ["a"]
    assert pages(sources({**files, **choosing(onedrive="false")})) == ["a", "b"]
    files[PAPENDRECHT] = a_list("[c]", "  merges: this town's\n")
    assert pages(sources(files)) == ["a", "c"]
    assert pages(sources({**files, **choosing(onedrive="false")})) == ["a", "b", "c"]


@pytest.mark.parametrize(("said", "state"), [("absent", "absent"), ("ignore", None)])
def test_absent_and_ignore_hold_for_their_answer(said: str, state: str | None, sources: SourcesOf):
    files = {BASELINE: value("x", 1), WORKSTATION: f"- id: x\n  {said}: as chosen\n" + on("onedrive: false")}
    assert got(sources(files), "x")["data"] == 1
    found = got(sources({**files, **choosing(onedrive="false")}), "x")
    assert (found and found["state"]) == state


@pytest.mark.parametrize(
    ("later", "where_chosen"),
    [
        (value("x", 2, "  overrides: this town's\n"), {"data": 2, "state": "present", "type": "dword"}),
        ("- id: x\n  absent: not here\n", {"state": "absent"}),
        ("- id: x\n  ignore: people choose\n", {}),
    ],
)
def test_what_is_said_of_a_setting_that_was_not_chosen_says_nothing(
    later: str, where_chosen: dict[str, object], sources: SourcesOf
):
    files = {WORKSTATION: value("x", 1, on("onedrive: false")), PAPENDRECHT: later}
    assert [item["id"] for item in wire(resolved(sources(files)))] == ["screen_lock"]
    found = got(sources({**files, **choosing(onedrive="false")}), "x") or {}
    assert {key: found[key] for key in ("data", "state", "type") if key in found} == where_chosen


def test_settings_of_different_answers_may_be_about_one_object(sources: SourcesOf, problems_of: ProblemsOf):
    def files(second: str) -> dict[str, str]:
        return {
            WORKSTATION: value("one", 1, on("laps: off")).replace("name: one", "name: V")
            + value("two", 2, on(second)).replace("name: two", "name: V")
        }

    assert got(sources({**files("laps: entra_id"), **choosing(laps="entra_id")}), "two")["data"] == 2
    assert problems_of({**files("onedrive: true"), **choosing(laps="off")}) == [
        f"{WORKSTATION}:5:3: found 'two', which is about the same object as 'one' ({WORKSTATION}:1); expected one setting "
        "for each object on a host. Give them one id and 'overrides', or scopes that cannot meet."
    ]


def test_what_is_not_chosen_needs_no_value(sources: SourcesOf, problems_of: ProblemsOf):
    files = {
        WORKSTATION: value("x", "{secret: key}", on("onedrive: false"))
        + value("y", "{from: municipality.network.wifi_profile}", on("onedrive: false"))
    }
    assert [item["id"] for item in wire(resolved(sources(files)))] == ["screen_lock"]
    assert len(problems_of({**files, **choosing(onedrive="false")})) == 2


def test_a_number_that_is_chosen_is_referred_to(sources: SourcesOf):
    files = {WORKSTATION: value("x", 1).replace("data: 1", "data: {from: municipality.choices.bitlocker_pin_length}")}
    assert got(sources(files), "x")["data"] == 6
    assert got(sources({**files, **choosing(bitlocker_pin_length="8")}), "x")["data"] == 8


CHOICES = ", ".join(sorted(Choices.model_fields))

# name: (what stands after `on:`, problem after its line)
SCOPES = {
    "unknown choice": ("{choice: {lapse: off}}", f"24: found the unknown choice 'lapse'; expected one of: {CHOICES}. Did you mean 'laps'?"),
    "no answer of it": ("{choice: {laps: on}}", "23: found 'on'; expected one of: active_directory, entra_id, off"),
    "nearly an answer": ("{choice: {laps: entraid}}", "23: found 'entraid'; expected one of: active_directory, entra_id, off. Did you mean 'entra_id'?"),
    "one of a list": ("{choice: {laps: [off, on]}}", "29: found 'on'; expected one of: active_directory, entra_id, off"),
    "no answers": ("{choice: {laps: []}}", "23: found an empty list; expected at least one answer"),
    "no choice": ("{choice: {}}", "16: found an empty mapping; expected a mapping of choices to answers"),
    "no mapping": ("{choice: laps}", "16: found 'laps'; expected a mapping of choices to answers"),
    "no text": ("{choice: {onedrive: 'false'}}", "27: found 'false'; expected one of: true, false. Write it without quotes."),
    "no number": ("{choice: {onedrive: 1}}", "27: found 1; expected one of: true, false"),
    "a word of YAML 1.1": ("{choice: {onedrive: no}}", "27: found 'no'; expected one of: true, false"),
    "a number's choice": ("{choice: {bitlocker_pin_length: 8}}", "39: found the choice 'bitlocker_pin_length', which is a number; expected a choice with a closed set of answers"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCOPES)
def test_mistakes_in_a_scope(name: str, problems_of: ProblemsOf):
    scope, problem = SCOPES[name]
    assert problems_of({WORKSTATION: value("x", 1, f"  on: {scope}\n")}) == [f"{WORKSTATION}:3:{problem}"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("{lapse: off}", f"11: found the unknown key 'lapse'; expected one of: {CHOICES}. Did you mean 'laps'?"),
        ("{laps: none}", "17: found 'none'; expected one of: active_directory, entra_id, off"),
        ("{onedrive: no}", "21: found 'no'; expected true or false"),
        ("{bitlocker_pin_length: 'six'}", "33: found 'six'; expected a whole number"),
    ],
)
def test_mistakes_in_a_document(given: str, problem: str, problems_of: ProblemsOf):
    text = a_municipality("papendrecht") + f"choices: {given}\n"
    assert problems_of({DOCUMENT: text}) == [f"{DOCUMENT}:15:{problem}"]


def test_an_answer_is_no_text_to_refer_to_unless_it_is_one(problems_of: ProblemsOf):
    text = value("x", "{from: municipality.choices.onedrive}")
    assert problems_of({WORKSTATION: text}) == [
        f"{WORKSTATION}:3:69: found {{from: municipality.choices.onedrive}}, which gives yes or no; expected a reference that gives text"
    ]
