"""Waiting for a session host: one look at least, never beyond the limit, and the operator hears what is missing."""

from werkplek.rollout.waiting import Patience, people, wait


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def waited(answers, seconds, interval=10):
    clock, told, seen = Clock(), [], iter(answers)
    patience = Patience(seconds, interval, clock, clock.sleep)
    answer, missing = wait(lambda: {"there": next(seen)}, lambda found: found["there"], patience, told.append)
    return answer["there"], missing, told, clock.now - 100


def test_nothing_is_missing():
    assert waited([""], 60) == ("", "", [], 0)


def test_until_they_have_left():
    assert waited(["two", "two", "one", ""], 60) == ("", "", ["two", "one"], 30)


def test_until_patience_ends():
    assert waited(["two", "two", "two", "two"], 25) == ("two", "two", ["two"], 25)


def test_no_patience_is_one_look():
    assert waited(["two"], 0) == ("two", "two", [], 0)


def test_people_in_words():
    assert people([]) == ""
    found = people([{"user": "jdevries", "state": "active"}, {"user": "apietersen", "state": "disconnected"}])
    assert found == "jdevries (active), apietersen (disconnected)"
