"""Random small policy repositories, as contents by file name. Files are JSON, which is YAML too."""

import json
from itertools import product

from hypothesis import strategies as st
from policy_walk import RINGS, Host, in_scope, walk

from werkplek.policy.choices import Choices, answers
from werkplek.policy.model import Combination

SLUGS = ("papendrecht", "sliedrecht", "zwijndrecht")
CLASSES = ("workstation", "vdi_host")
IDS = ("a", "b", "c", "d")
BIO2 = b"number,label_nl,label_en,government_measure\n8.01.02,Hardenen,Harden,no\n"

type Sources = dict[str, bytes]


def municipality(slug: str, word: str) -> bytes:
    return json.dumps(
        {
            "schema": 1,
            "slug": slug,
            "name": word,
            "desktop": {
                "wallpaper": f"C:\\{word}.jpg",
                "lock_screen": f"C:\\{word}-lock.jpg",
                "homepage": f"https://{word}.nl/",
                "start_pages": [f"https://{word}.nl/"],
            },
            "support": {"organisation": word, "phone": "1", "hours": "9-5", "url": f"https://{word}.nl/"},
            "locale": {
                "language": "nl-NL",
                "time_zone": "W. Europe Standard Time",
                "tz": "Europe/Amsterdam",
                "country": "176",
            },
            "network": {"dns_suffix": f"{word}.nl", "dns_search": [f"{word}.nl"], "wifi_profile": word},
        }
    ).encode()


def setting(name: str, data: object, on: dict[str, list[str]], overrides: bool) -> dict[str, object]:
    kind = "dword" if isinstance(data, int) else "string"
    value = {"path": "HKLM:\\SOFTWARE\\Test", "name": name, "type": kind, "data": data}
    extra = {"overrides": "a reason"} if overrides else {}
    return {"id": name, "title": f"Setting {name}", "on": on, "registry": value, **extra}


words = st.text("abcdefghij", min_size=1, max_size=6)
rings = st.lists(st.sampled_from(("canary", "pilot", "broad")), min_size=1, max_size=2, unique=True)
scopes = st.one_of(st.just({}), rings.map(lambda values: {"ring": values}))
values = st.one_of(st.integers(0, 2**32 - 1), st.just({"from": "municipality.desktop.homepage"}))
layers = st.dictionaries(st.sampled_from(IDS), st.tuples(values, scopes), max_size=len(IDS))


@st.composite
def estates(draw: st.DrawFn) -> Sources:
    """A sound repository: later layers override exactly where an earlier one sets the id."""
    sources = {"policies/controls/bio2.csv": BIO2}
    sources |= {f"municipalities/{slug}.yml": municipality(slug, draw(words)) for slug in SLUGS}
    names = ("baseline/x", *(f"{name}/x" for name in CLASSES), *(f"municipality/{slug}" for slug in SLUGS))
    baseline: set[str] = set()
    seen: set[str] = set()
    for name in names:
        drawn = draw(layers)
        later = set() if name == "baseline/x" else baseline if name.split("/")[0] in CLASSES else seen
        items = [setting(key, data, on, key in later) for key, (data, on) in drawn.items()]
        sources[f"policies/{name}.yml"] = json.dumps(items).encode()
        if name == "baseline/x":
            baseline = set(drawn)
        if not name.startswith("municipality"):
            seen |= set(drawn)
    return dict(sorted(sources.items()))


combinations = st.builds(
    Combination,
    st.sampled_from(CLASSES),
    st.just(("windows-11", "windows")),
    st.sampled_from(SLUGS),
    st.sampled_from(("canary", "pilot", "broad")),
    st.just("stadhuis"),
)


# Estates in which later layers do all that they may. Of an id the lists and values are known beforehand, so that every
# repository is sound: `_Drawn` keeps, per class and municipality, what a later entry would refer to.

VALUES, LISTS = ("a", "b"), ("l", "m")
CHOICES = tuple(name for name in sorted(Choices.model_fields) if answers(name))[:2]
HOSTS = ("WS-1", "WS-2")
DAYS = ("2026-03-31", "2026-04-01", "2026-06-15", "2026-09-30", "2026-10-01")

type Pair = tuple[str, str]  # class, municipality


class _Drawn:
    """What has been drawn so far: the documents, and per class and municipality the last list of each id."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.chosen = {
            slug: {name: draw(st.sampled_from(answers(name))) for name in CHOICES if draw(st.booleans())}
            for slug in SLUGS
        }
        self.pages = {slug: [f"https://{slug}.nl/{n}" for n in range(draw(st.integers(1, 3)))] for slug in SLUGS}
        self.known: dict[str, set[str]] = {}
        self.last: dict[tuple[Pair, str], dict[str, object]] = {}

    def documents(self) -> Sources:
        found: Sources = {}
        for slug in SLUGS:
            document = json.loads(municipality(slug, slug))
            document["desktop"]["start_pages"] = self.pages[slug]
            found[f"municipalities/{slug}.yml"] = json.dumps({**document, "choices": self.chosen[slug]}).encode()
        return found

    def layer(self, layer: str) -> list[dict[str, object]]:
        """The entries of a layer; in the order in which ids were drawn."""
        group, _, slug = layer.partition("/")
        earlier = set() if group == "baseline" else self.known["baseline"]
        if group == "municipality":
            earlier = earlier.union(*(self.known[name] for name in CLASSES))
        pairs = [
            pair
            for pair in product(CLASSES, SLUGS)
            if group in ("baseline", pair[0]) or (group == "municipality" and slug == pair[1])
        ]
        ids = self.draw(st.lists(st.sampled_from(VALUES + LISTS), min_size=2, unique=True))
        self.known[layer] = set(ids)
        return [self.entry(layer, name, pairs, later=name in earlier) for name in ids]

    def entry(self, layer: str, name: str, pairs: list[Pair], *, later: bool) -> dict[str, object]:
        choice = {key: self.draw(_some(answers(key))) for key in CHOICES if self.draw(st.integers(0, 3)) == 0}
        taking = [
            pair
            for pair in pairs
            if (not later or (pair, name) in self.last)
            and all(self.answer(pair[1], key) in wanted for key, wanted in choice.items())
        ]
        merges = ["merges"] * 6 if later and self.mergeable(name, taking) else []
        says = self.draw(st.sampled_from(["overrides", "absent", "ignore", *merges])) if later else ""
        rings = self.rings(name, taking, within=says == "merges")
        on = {**({"ring": rings} if rings else {}), **({"choice": choice} if choice else {})}
        entry: dict[str, object] = {"id": name, "on": on, **({says: "a reason"} if says else {})}
        if says in ("absent", "ignore"):
            self.keep(name, taking, {"rings": rings or RINGS, "items": None})
            return entry
        path = f"HKLM:\\SOFTWARE\\Werkplek\\Test\\{name}"
        if name in VALUES:
            data = self.draw(st.one_of(values, st.just({"from": "registry.serial"})))
            kind = "dword" if isinstance(data, int) else "string"
            self.keep(name, taking, {"rings": rings or RINGS, "items": None})
            return {**entry, "title": name, "registry": {"path": path, "name": name, "type": kind, "data": data}}
        items = self.items(entry, layer, name, taking, rings)
        return {**entry, "title": name, "registry": {"path": path, "list": items}}

    def items(self, entry: dict[str, object], layer: str, name: str, taking: list[Pair], rings: list[str]) -> object:
        """A list of items that are this layer's own; with `merges` also what it takes away, put into `entry`."""
        own: list[str] = [f"{layer} {n}" for n in range(self.draw(st.integers(0, 3)))]
        refers = layer == "baseline" and self.draw(st.booleans())
        gone: list[str] = []
        if "merges" in entry and taking:
            common = set.intersection(*({item.lower() for item in self.last[pair, name]["items"]} for pair in taking))
            gone = self.draw(st.lists(st.sampled_from(sorted(common)), unique=True)) if common else []
            if gone:
                entry["without"] = [item.upper() if self.draw(st.booleans()) else item for item in gone]
        for pair in taking:
            items = self.pages[pair[1]] if refers else own
            if "merges" in entry:
                items = [item for item in self.last[pair, name]["items"] if item.lower() not in gone] + items
            self.keep(name, [pair], {"rings": rings or RINGS, "items": items})
        return {"from": "municipality.desktop.start_pages"} if refers else own

    def answer(self, slug: str, choice: str) -> object:
        return self.chosen[slug].get(choice, Choices.model_fields[choice].default)

    def keep(self, name: str, pairs: list[Pair], what: dict[str, object]) -> None:
        self.last |= {(pair, name): what for pair in pairs}

    def mergeable(self, name: str, taking: list[Pair]) -> bool:
        lists = all(self.last[pair, name]["items"] is not None for pair in taking)
        return bool(name in LISTS and taking and lists and self.common_rings(name, taking))

    def common_rings(self, name: str, taking: list[Pair]) -> set[str]:
        return set(RINGS).intersection(*(self.last[pair, name]["rings"] for pair in taking))

    def rings(self, name: str, taking: list[Pair], *, within: bool) -> list[str]:
        """Rings for an entry, none for any; `within` those of what it merges with."""
        allowed = self.common_rings(name, taking) if within else set(RINGS)
        if allowed == set(RINGS) and self.draw(st.booleans()):
            return []
        return self.draw(_some(sorted(allowed)))

    def waivers(self, sources: Sources) -> list[dict[str, object]]:
        """Waivers of what some host in their scope has."""
        hosts = [Host(*pair, ring, "") for pair in product(CLASSES, SLUGS) for ring in RINGS]
        has = {host: walk({**sources, "policies/waivers.yml": b"[]"}, host, "").keys() for host in hosts}
        found = []
        for number in range(self.draw(st.integers(0, 4))):
            scope = {"municipality": self.draw(_some(SLUGS))}
            scope |= {"class": self.draw(_some(CLASSES))} if self.draw(st.booleans()) else {}
            scope |= {"ring": self.draw(_some(RINGS))} if self.draw(st.booleans()) else {}
            there = [
                set().union(*(has[host] for host in hosts if host.municipality == slug and in_scope(scope, host)))
                for slug in scope["municipality"]
            ]
            if not (names := sorted(set.intersection(*there))):
                continue
            scope |= {"host": self.draw(_some(HOSTS))} if self.draw(st.booleans()) else {}
            first, last = sorted(self.draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2)))
            people = {"reason": f"reason {number}", "author": "A. Author", "approver": f"B. Approver {number}"}
            days = {"approved": first, "until": last}
            found.append({"id": f"w{number}", "settings": self.draw(_some(names)), "scope": scope, **people, **days})
        return found


def _some(items):
    """One or two of them: never all rings, which is another way to say any."""
    return st.lists(st.sampled_from(items), min_size=1, max_size=2, unique=True)


@st.composite
def layered_estates(draw: st.DrawFn) -> Sources:
    """A sound repository that merges, removes, ignores, chooses and waives."""
    drawn = _Drawn(draw)
    sources = {**drawn.documents(), "policies/controls/bio2.csv": BIO2}
    for layer in ("baseline", *CLASSES, *(f"municipality/{slug}" for slug in SLUGS)):
        name = f"policies/{layer}.yml" if "/" in layer else f"policies/{layer}/x.yml"
        sources[name] = json.dumps(drawn.layer(layer)).encode()
    sources["policies/waivers.yml"] = json.dumps(drawn.waivers(sources)).encode()
    return dict(sorted(sources.items()))


hosts = st.builds(
    Host, st.sampled_from(CLASSES), st.sampled_from(SLUGS), st.sampled_from(RINGS), st.sampled_from(HOSTS)
)
