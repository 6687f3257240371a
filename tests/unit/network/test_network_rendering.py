"""A setting of a kind that a platform does not know is never taken for met."""

from __future__ import annotations

from werkplek.network.document import Setting, SwitchDocument
from werkplek.network.eos import Eos
from werkplek.network.ios import Ios
from werkplek.network.platform import Platform

UNKNOWN = Setting("of_tomorrow", "switch_of_tomorrow", {}, waived=False, secret=False)


def test_an_unknown_kind_is_unsupported():
    document = SwitchDocument("SW-1", "https://netbox/1/", "some-system", "papendrecht", 1, (), (), None, (UNKNOWN,))
    platforms: tuple[Platform, ...] = (Ios(), Eos())
    for platform in platforms:
        made = platform.render(document)
        assert (made.lines, made.claims) == ((), ())
        assert made.unsupported == {"of_tomorrow": "the platform does not know kind switch_of_tomorrow"}
