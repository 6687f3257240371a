from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkplek.errors import WerkplekError
from werkplek.lab.windows_faults import KINDS, Fault, FaultBoard


def test_a_fault_that_makes_no_sense_names_everything_wrong() -> None:
    with pytest.raises(WerkplekError) as caught:
        Fault("broken", times=0, seconds=1.0, nth=2)
    assert str(caught.value).splitlines() == [
        "This fault cannot be set:",
        f"  fault.kind: found broken; expected one of {', '.join(KINDS)}",
        "  fault.times: found 0; expected 1 or more",
        "  fault.seconds: found 1.0; expected nothing: only slow takes seconds",
        "  fault.nth: found 2; expected 1 or more, and only for cut",
    ]


def test_slow_needs_seconds() -> None:
    with pytest.raises(WerkplekError, match=r"fault\.seconds: found None; expected more than 0 seconds for slow"):
        Fault("slow")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b'{"kind": "down", "x": 1}', "fault.x: found 1; expected Unexpected keyword argument"),
        (b'{"kind": "down", "times": "2"}', "fault.times: found '2'; expected Input should be a valid integer"),
        (b'{"times": 2}', "fault.kind: found {'times': 2}; expected Field required"),
    ],
)
def test_json_with_other_fields_is_refused(text: bytes, problem: str) -> None:
    with pytest.raises(WerkplekError) as caught:
        Fault.from_json(text)
    assert str(caught.value).splitlines() == ["This fault cannot be set:", f"  {problem}"]


def test_reads_and_writes_json() -> None:
    fault = Fault.from_json(b'{"kind": "slow", "seconds": 2, "times": 3}')
    assert fault == Fault("slow", times=3, seconds=2)
    assert fault.to_mapping() == {"kind": "slow", "times": 3, "seconds": 2}


@given(st.sampled_from(["down", "unauthorized", "disk_full"]), st.integers(1, 9), st.integers(0, 20))
def test_fires_as_often_as_asked(kind: str, times: int, tries: int) -> None:
    board = FaultBoard()
    board.set(Fault(kind, times=times))
    assert sum(board.fire(kind) is not None for _ in range(tries)) == min(times, tries)
    assert board.to_list() == [{"kind": kind, "times": times, "fired": min(times, tries)}]


@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 30))
def test_cut_counts_requests(nth: int, times: int, requests: int) -> None:
    board = FaultBoard()
    board.set(Fault("cut", times=times, nth=nth))
    cut = [number for number in range(1, requests + 1) if board.cut_request()]
    assert cut == [nth * count for count in range(1, times + 1) if nth * count <= requests]
    assert not board.cut_answer()


def test_cut_without_a_request_number_loses_an_answer() -> None:
    board = FaultBoard()
    board.set(Fault("cut", times=1))
    assert [board.cut_request(), board.cut_answer(), board.cut_answer()] == [False, True, False]


def test_clear_heals() -> None:
    board = FaultBoard()
    board.set(Fault("down"))
    board.clear()
    assert board.fire("down") is None
    assert board.to_list() == []
