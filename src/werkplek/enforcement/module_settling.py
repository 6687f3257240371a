"""Enforces settings through a module that tells no more than whether it changed something.

Look in check mode, set what differs, look again. Nothing is believed on the module's word: what was set must not differ
any more when it is looked at again. One call takes all settings of a group as long as its answer still tells about each
of them, which is when nothing differs; else each is asked by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from werkplek.enforcement.module_answers import (
    UNKNOWN,
    ModuleCall,
    Result,
    Row,
    Setting,
    Steps,
    differs,
    read,
    row,
    told,
    unread,
    unread_after,
)

RESTART = "a restart is needed"


class Plan(NamedTuple):
    """How the settings of a group are asked for, and what is said of them.

    `arguments` gives the module's arguments for some of them. `found` and `wanted` put a setting that differs into
    words, from what looking at it gave. `lacking` tells whether a failure says that this Windows has no such object.
    """

    module: str
    arguments: Callable[[Sequence[Setting]], Mapping[str, Any]]
    found: Callable[[Setting, Result], str]
    wanted: Callable[[Setting, Result], str]
    lacking: Callable[[Setting, str], bool] = lambda _setting, _failure: False


def settle(settings: Sequence[Setting], plan: Plan, *, check: bool) -> Steps[list[Row]]:
    """Enforce a group of settings; with `check`, only compare."""
    looked = yield from _look(settings, plan)
    due = [] if check else [setting for setting in settings if looked[setting.id].changed and not setting.waived]
    done = yield from _set(due, plan)
    again = yield from _look([setting for setting in due if not done[setting.id].failure], plan)
    done |= yield from _own_results(due, again, plan)
    return [
        _conclusion(setting, plan, looked[setting.id], done[setting.id], again.get(setting.id))
        if setting.id in done
        else _comparison(setting, plan, looked[setting.id])
        for setting in settings
    ]


def _own_results(due: Sequence[Setting], again: Mapping[str, Result], plan: Plan) -> Steps[dict[str, Result]]:
    """Of settings that still differ after they were set together: what setting each alone gives.

    A group's answer does not tell which of them waits for a restart. The others then need none.
    """
    still = [setting for setting in due if setting.id in again and again[setting.id].changed]
    own: dict[str, Result] = {}
    if len(due) > 1 and still:
        own = {name: Result(changed=True) for name, result in again.items() if not result.failure}
        for setting in still:
            own |= yield from _set([setting], plan)
    return own


def _look(settings: Sequence[Setting], plan: Plan) -> Steps[dict[str, Result]]:
    if not settings:
        return {}
    result = read((yield ModuleCall(plan.module, plan.arguments(settings), check=True)))
    if len(settings) == 1 or not (result.failure or result.changed):
        return {setting.id: result for setting in settings}
    looked: dict[str, Result] = {}
    lacking = [setting for setting in settings if result.failure and plan.lacking(setting, result.failure)]
    if lacking:  # the module stops at the first of these, before it looks at the rest
        looked = {setting.id: result for setting in lacking}
        return looked | (yield from _look([setting for setting in settings if setting not in lacking], plan))
    for setting in settings:
        looked |= yield from _look([setting], plan)
    return looked


def _set(due: Sequence[Setting], plan: Plan) -> Steps[dict[str, Result]]:
    if not due:
        return {}
    result = read((yield ModuleCall(plan.module, plan.arguments(due), check=False)))
    if len(due) == 1 or not result.failure:
        return {setting.id: result for setting in due}
    done: dict[str, Result] = {}
    for setting in due:
        done |= yield from _set([setting], plan)
    return done


def _comparison(setting: Setting, plan: Plan, looked: Result) -> Row:
    wanted = plan.wanted(setting, looked)
    if looked.failure and plan.lacking(setting, looked.failure):
        return row(setting, "unsupported", UNKNOWN, wanted, told(setting, looked.failure))
    if looked.failure:
        return unread(setting, wanted, looked.failure)
    if looked.changed:
        return differs(setting, plan.found(setting, looked), wanted)
    return row(setting, "compliant", wanted, wanted)


def _conclusion(setting: Setting, plan: Plan, looked: Result, done: Result, again: Result | None) -> Row:
    found, wanted = plan.found(setting, looked), plan.wanted(setting, looked)
    if again is None or done.failure:
        return row(setting, "failed", found, wanted, told(setting, done.failure))
    if again.failure:
        return unread_after(setting, found, wanted, again.failure)
    if again.changed and not done.restart:
        return row(setting, "failed", found, wanted, "the module reports success, and still finds it as it was")
    return row(setting, "changed", found, wanted, RESTART if done.restart else "")
