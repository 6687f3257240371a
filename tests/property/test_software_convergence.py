"""Whatever a host has and whatever is wanted of it: a check writes nothing and foretells what an apply changes, and a
second apply has nothing left to do."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from werkplek.enforcement.module_answers import ModuleCall
from werkplek.enforcement.module_calls import answered
from werkplek.lab.payload import Payload
from werkplek.lab.windows import Host
from werkplek.lab.windows_modules import ModuleFailure
from werkplek.lab.windows_software import Software
from werkplek.lab.windows_software_modules import simulate

FEED = {"chocolatey": ["2.5.1"], "a": ["1.0.0", "2.0.0"], "b": ["1.0.0"], "c": ["3.0.0"]}
CODES = ("{00000000-0000-0000-0000-000000000001}", "{00000000-0000-0000-0000-000000000002}")
RUN = {"path": "C:\\x.exe"}


@st.composite
def hosts(draw) -> dict:
    names = sorted(draw(st.sets(st.sampled_from(["a", "b", "c", "other"]))))
    chocolatey = {"chocolatey": "2.5.1"} if draw(st.booleans()) else {}
    states = st.sampled_from(["Enabled", "Disabled", "EnablePending", "DisablePending"])
    return {
        "packages": {
            **({name: draw(st.sampled_from(["1.0.0", "9.0.0"])) for name in names} if chocolatey else {}),
            **chocolatey,
        },
        "feed": FEED,
        "products": {
            code: {"name": "X", "restart": draw(st.booleans())}
            for code in sorted(draw(st.sets(st.sampled_from(CODES))))
        },
        "features": {name: {"state": draw(states), "restart": draw(st.booleans())} for name in ("F", "G", "H")},
        "tasks": {},
    }


@st.composite
def wishes(draw) -> list[dict]:
    """Settings, at most one of each object; some of them cannot be had."""
    found = []
    state = st.sampled_from(["present", "absent"])
    for name in sorted(draw(st.sets(st.sampled_from(["a", "b", "c", "nowhere"])))):
        pinned = {"version": "1.0.0"} if draw(st.booleans()) else {}
        wanted = draw(state)
        found.append({"kind": "package", "name": name, "state": wanted, **(pinned if wanted == "present" else {})})
    features = draw(st.dictionaries(st.sampled_from(["F", "G", "H", "Unknown"]), state))
    found += [{"kind": "feature", "name": name, "state": wanted} for name, wanted in sorted(features.items())]
    codes = sorted(draw(st.sets(st.sampled_from(CODES))))
    found += [{"kind": "product", "code": code, "state": "absent"} for code in codes]
    if draw(st.booleans()):
        task = {"triggers": [{"type": "boot"}], "account": "system", "enabled": draw(st.booleans()), "run": RUN}
        wanted = draw(state)
        more = task if wanted == "present" else {}
        found.append({"kind": "scheduled_task", "name": "T", "path": "\\", "state": wanted, **more})
    waived = draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found)))
    return [
        {"id": f"s{number}", **one, **({"observe": "waived"} if left else {})}
        for number, (one, left) in enumerate(zip(found, waived, strict=True))
    ]


def enforced(host: Host, asked: list[dict], *, check: bool) -> dict[str, dict]:
    def execute(call: ModuleCall) -> dict:
        assert not (check and not call.check), "a check that applies"
        arguments = {**call.arguments, "_ansible_check_mode": call.check, "_ansible_diff": True}
        try:
            return simulate(host, Payload(call.module, "", arguments, {}))
        except ModuleFailure as error:
            return {"changed": False, **error.more, "failed": True, "msg": str(error)}

    answer = answered(json.dumps({"schema": 1, "settings": asked}), execute, check=check, diff=False)
    rows = json.loads(answer["settings"])
    assert [row["id"] for row in rows] == [setting["id"] for setting in asked]
    return {row["id"]: row for row in rows}


def having(rows: dict[str, dict], *statuses: str) -> set[str]:
    return {name for name, row in rows.items() if row["status"] in statuses}


@settings(deadline=None, max_examples=150)
@given(hosts(), wishes())
def test_check_apply_apply(document: dict, asked: list[dict]):
    with TemporaryDirectory() as folder:
        host = Host("X", "127.0.0.1", Path(folder))
        Software(document).save(host.folder)
        kinds = {setting["id"]: setting for setting in asked}
        first = enforced(host, asked, check=True)
        assert Software.of(host.folder).dump() == Software(document).dump()
        applied = enforced(host, asked, check=False)
        assert having(applied, "changed", "failed") == having(first, "noncompliant")
        assert all(
            kinds[name]["name"] == "nowhere" or kinds[name]["name"] in "bc" for name in having(applied, "failed")
        )
        assert having(applied, "waived") == having(first, "waived")
        assert having(applied, "unsupported") == having(first, "unsupported")
        again = enforced(host, asked, check=False)
        assert having(again, "failed") == having(applied, "failed")
        waiting = {name for name in having(applied, "changed") if applied[name].get("message") == "a restart is needed"}
        assert having(again, "changed") <= waiting
