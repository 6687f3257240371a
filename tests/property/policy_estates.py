"""Random small policy repositories, as contents by file name. Files are JSON, which is YAML too."""

import json

from hypothesis import strategies as st

from werkplek.policy.model import Combination

SLUGS = ("papendrecht", "sliedrecht", "zwijndrecht")
CLASSES = ("workstation", "vdi_host")
IDS = ("a", "b", "c", "d")

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
            "locale": {"language": "nl-NL", "time_zone": "W. Europe Standard Time", "country": "176"},
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
    sources = {
        "policies/controls/bio2.csv": b"number,label_nl,label_en,government_measure\n8.01.02,Hardenen,Harden,no\n"
    }
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
