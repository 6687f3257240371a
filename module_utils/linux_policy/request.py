# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the request's text to settings. Everything that is wrong with it is found before anything is touched."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from .fields import Fields
from .handlers import parse_handlers
from .kinds import PARSERS
from .model import Setting
from .rivals import contradictions

_EXPECTED = '{"schema": 1, "settings": [...]}'
_SECRET_KINDS = ("file", "config_line")  # of the others the value is in files or commands that everyone can read
_AFTER_KINDS = ("file", "config_line", "user")


class RequestError(Exception):
    """The request is malformed. Names every problem, one a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The policy is malformed, nothing was touched:\n  " + "\n  ".join(problems))


def parse(text: str) -> tuple[Setting, ...]:
    """The settings of a request, in its order. Raises RequestError."""
    try:
        document = json.loads(text, object_pairs_hook=_object)
    except ValueError as error:
        # a JSON library's message can repeat what it choked on, which may be a secret
        found = str(error) if isinstance(error, _TwiceError) else "no JSON"
        raise RequestError([f"policy: found {found}; expected {_EXPECTED}"]) from None
    if not _is_unicode(document):
        raise RequestError(["policy: found half a surrogate pair; expected Unicode text"])
    if not isinstance(document, dict):
        raise RequestError([f"policy: found no JSON object; expected {_EXPECTED}"])
    top = Fields(document)
    top.number("schema", 1, 1)
    listed = top.raw("settings")
    if not isinstance(listed, list):
        top.wrong("settings", "a list of settings")
        listed = []
    top.no_others()
    problems = list(top.problems)
    settings = [setting for place, one in enumerate(listed) if (setting := _setting(one, place, problems))]
    problems += [] if problems else _rivals(settings)
    if problems:
        raise RequestError(problems)
    return tuple(settings)


def _is_unicode(document: object) -> bool:
    """JSON can hold half of a surrogate pair, which no file can."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _TwiceError(ValueError):
    pass


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(f"the field {next(name for name in names if names.count(name) > 1)} twice in one object")
    return document


def _setting(document: object, place: int, problems: list[str]) -> Setting | None:
    if not isinstance(document, dict):
        problems.append(f"settings[{place}]: found no object; expected a setting")
        return None
    fields = Fields(document)
    setting = _parsed(fields)
    shown = f" ({document['id']})" if isinstance(document.get("id"), str) else ""
    problems += [f"settings[{place}]{shown}: {problem}" for problem in fields.problems]
    return None if fields.problems else setting


def _parsed(fields: Fields) -> Setting | None:
    name = fields.text("id", r"[^\x00-\x1f]+", "the setting's id")
    kind = fields.choice("kind", *PARSERS)
    waived = fields.has("observe") and fields.choice("observe", "waived") == "waived"
    secret = fields.flag("secret")
    if fields.problems:
        return None
    if secret and kind not in _SECRET_KINDS:
        fields.wrong("secret", f"false: of the kind {kind} everyone on the host can read the value")
    fields.hidden = secret
    item = PARSERS[kind](fields)
    after = parse_handlers(fields) if kind in _AFTER_KINDS else ()
    fields.no_others()
    return Setting(name, kind, item, waived, secret, after)


def _rivals(settings: Sequence[Setting]) -> list[str]:
    """Ids that are used twice, and settings that decide the same thing."""
    ids: dict[str, int] = defaultdict(int)
    decided: dict[str, list[str]] = defaultdict(list)
    for setting in settings:
        ids[setting.id] += 1
        for thing in setting.item.decides:
            decided[thing].append(setting.id)
    problems = [f"id {name} is used {count} times" for name, count in ids.items() if count > 1]
    rivals = {thing: ", ".join(by) for thing, by in decided.items() if len(by) > 1}
    problems += [f"{thing} is decided more than once: by {by}" for thing, by in rivals.items()]
    return problems + contradictions(settings)
