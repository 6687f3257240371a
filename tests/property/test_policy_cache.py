"""Whatever happens to a compiled file, a host gets the policy of the sources or nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from policy_estates import Sources, combinations, estates

from werkplek.policy.compiled import open_store
from werkplek.policy.loader import build_repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve


@given(estates(), combinations, st.data())
@settings(max_examples=40, deadline=None)
def test_damage_is_never_used(sources: Sources, combination: Combination, data: st.DataObject):
    part = build_repository(sources).parts[combination.workplace_class, combination.municipality]
    expected = resolve(part, combination).for_host({})
    with TemporaryDirectory() as folder:
        root, cache = Path(folder) / "root", Path(folder) / "cache"
        for name, content in sources.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        store = open_store(root, cache)
        whole = store.path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        if data.draw(st.booleans()):
            store.path.write_bytes(whole[:at])
        else:
            store.path.write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
        assert store.combine(combination).for_host({}) == expected
        assert open_store(root, cache).combine(combination).for_host({}) == expected
