# ruff: noqa: E501 - problems are quoted whole
"""Section `switching` of a municipality's document, and what two municipalities' plans may not share."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from policy_samples import a_municipality, switching

from werkplek.policy.compiled import open_store
from werkplek.policy.loader import build_repository
from werkplek.policy.plans import Plan, PlannedVlan, packed, unpacked

PAP, ZWI = "municipalities/papendrecht.yml", "municipalities/zwijndrecht.yml"
FIRST = len(a_municipality("papendrecht").splitlines()) + 1  # the line of `switching:`
type Sources = Callable[..., dict[str, bytes]]
type ProblemsOf = Callable[[Mapping[str, str]], list[str]]


def document(old: str = "", new: str = "") -> str:
    """Papendrecht's document with one thing in its section `switching` changed."""
    text = switching(4, "pap")
    assert old in text
    return a_municipality("papendrecht") + text.replace(old, new, 1)


PRINTABLE = "expected lines of printable ASCII without spaces at the end"
# what is written instead of what, and what is said of it after the file's name: lines count from `switching:`
MISTAKES: dict[str, tuple[str, str, int, str]] = {
    "VLAN 1": (
        "vid: 410",
        "vid: 1",
        2,
        "13: found 1; expected a number from 2 to 4094, without 1002 to 1005",
    ),
    "reserved": ("vid: 410", "vid: 1003", 2, "13: found 1003; expected a number from 2 to 4094, without 1002 to 1005"),
    "too high": ("vid: 410", "vid: 4095", 2, "13: found 4095; expected a number from 2 to 4094, without 1002 to 1005"),
    "text": ("vid: 410", "vid: '410'", 2, "13: found '410'; expected a whole number"),
    "name": ("pap-balie", "Pap_Balie", 3, "24: found 'Pap_Balie'; expected 1 to 32 small letters, digits and '-'"),
    "long name": (
        "pap-balie",
        "b" * 33,
        3,
        f"24: found '{'b' * 33}'; expected 1 to 32 small letters, digits and '-'",
    ),
    "use": (
        "use: native",
        "use: nativ",
        5,
        "39: found 'nativ'; expected one of: workplace, voice, printer, guest, vdi, access_point, management, native, parking. Did you mean 'native'?",
    ),
    "number twice": ("vid: 411", "vid: 410", 3, "13: found 410 again; expected each number once"),
    "name twice": ("pap-balie", "pap-werkplek", 3, "24: found 'pap-werkplek' again; expected each name once"),
    "management twice": ("use: native", "use: management", 5, "39: found 'management' again; expected one VLAN for management"),
    "no native": ("use: native", "use: guest", 2, "5: found a plan without one; expected a VLAN with use: native"),
    "no parking": ("use: parking", "use: voice", 2, "5: found a plan without one; expected a VLAN with use: parking"),
    "host bits": (
        "10.4.249.0/24",
        "10.4.249.7/24",
        7,
        "27: found '10.4.249.7/24'; expected '10.4.249.0/24'. Its host bits are zero, and its length is a number after '/'.",
    ),
    "mask": (
        "10.4.249.0/24",
        "10.4.249.0/255.255.255.0",
        7,
        "27: found '10.4.249.0/255.255.255.0'; expected '10.4.249.0/24'. Its host bits are zero, and its length is a number after '/'.",
    ),
    "no networks": ("[10.4.249.0/24, 10.7.249.0/24]", "[]", 7, "26: found an empty list; expected at least one network"),
    "gateway": (
        "gateway: 10.4.249.1",
        "gateway: router",
        7,
        "67: found 'router'; expected an IPv4 address like 10.4.1.20",
    ),
    "name of a resolver": (
        "dns: [10.4.1.10",
        "dns: [dns.papendrecht.nl",
        8,
        "9: found 'dns.papendrecht.nl'; expected an IPv4 address like 10.4.1.20",
    ),
    "server twice": ("10.4.1.21", "10.4.1.20", 9, "20: found '10.4.1.20' again; expected each address once"),
    "user": (
        "pap-monitor",
        "pap monitor",
        14,
        "14: found 'pap monitor'; expected letters, digits, '_' and '-', a letter first, at most 32",
    ),
    "location": ("Markt 22", "Markt | 22", 15, "18: found 'Markt | 22'; expected one line of printable ASCII without '|'"),
    "delimiter of IOS": (
        "Van pap.",
        "Van ^Cpap.",
        16,
        "11: found 'Van ^Cpap.'; expected a text without '^', which ends a banner of IOS",
    ),
    "end of EOS": (
        "Alleen beheerders.",
        "EOF",
        16,
        "11: found 'EOF'; expected no line 'EOF', which ends a banner of EOS",
    ),
    "accents": ("Van pap.", "Van één.", 16, f"11: found 'Van één.'; {PRINTABLE}"),
    "unknown": (
        "radius:",
        "radius_servers:",
        13,
        "3: found the unknown key 'radius_servers'; expected one of: banner, dns, management, ntp, radius, snmp_hosts, snmp_location, snmp_user, syslog, tacacs, vlans. Did you mean 'radius'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_in_the_section(name: str, problems_of: ProblemsOf):
    old, new, line, problem = MISTAKES[name]
    assert f"{PAP}:{FIRST + line}:{problem}" in problems_of({PAP: document(old, new)})


def test_a_municipality_needs_no_switches(sources: Sources):
    assert build_repository(sources()).plans == {}


def test_a_number_stands_in_one_plan_only(problems_of: ProblemsOf):
    other = a_municipality("zwijndrecht") + switching(6, "zwi").replace("vid: 611", "vid: 411")
    assert problems_of({PAP: document(), ZWI: other}) == [
        f"{ZWI}:{FIRST + 3}:13: found VLAN 411, which {PAP}:{FIRST + 3}:13 has; expected a number of its own. "
        "Both plans meet on shared switches: give one of the two VLANs another number."
    ]


def test_a_name_stands_in_one_plan_only(problems_of: ProblemsOf):
    other = a_municipality("zwijndrecht") + switching(6, "zwi").replace("zwi-leeg", "pap-leeg")
    assert problems_of({PAP: document(), ZWI: other}) == [
        f"{ZWI}:{FIRST + 5}:24: found VLAN pap-leeg, which {PAP}:{FIRST + 5}:24 has; expected a name of its own. "
        "Both plans meet on shared switches: give one of the two VLANs another name."
    ]


@pytest.fixture
def root(tmp_path: Path, sources: Sources) -> Path:
    towns = {PAP: document(), ZWI: a_municipality("zwijndrecht") + switching(6, "zwi")}
    for name, content in sources(towns).items():
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "checkout" / name).write_bytes(content)
    return tmp_path / "checkout"


def planned(letters: str, hundred: int, file: str) -> tuple[PlannedVlan, ...]:
    names = {10: ("werkplek", "workplace"), 11: ("balie", "workplace"), 90: ("beheer", "management")}
    names |= {98: ("leeg", "native"), 99: ("parkeer", "parking")}
    return tuple(
        PlannedVlan(hundred * 100 + digits, f"{letters}-{word}", use, f"{file}:{FIRST + line}")
        for line, (digits, (word, use)) in enumerate(names.items(), 2)
    )


def test_a_worker_reads_all_plans_from_the_compiled_file(root: Path, tmp_path: Path):
    open_store(root, tmp_path / "cache")
    assert open_store(root, tmp_path / "cache").plans() == {
        "papendrecht": Plan(
            "papendrecht", planned("pap", 4, PAP), ("10.4.249.0/24", "10.7.249.0/24"), "10.4.249.1"
        ),
        "zwijndrecht": Plan(
            "zwijndrecht", planned("zwi", 6, ZWI), ("10.6.249.0/24", "10.7.249.0/24"), "10.6.249.1"
        ),
    }  # fmt: skip


def test_a_damaged_plan_is_compiled_anew(root: Path, tmp_path: Path):
    store = open_store(root, tmp_path / "cache")
    entry = store.entries["plan/zwijndrecht"]
    content = store.path.read_bytes()
    store.path.write_bytes(content[: entry.offset] + b"x" + content[entry.offset + 1 :])
    assert store.plans()["zwijndrecht"].gateway == "10.6.249.1"
    assert store.path.read_bytes() == content


def test_a_plan_is_packed_without_loss():
    plan = Plan("papendrecht", planned("pap", 4, PAP), ("10.4.249.0/24",), "10.4.249.1")
    assert unpacked(packed(plan)) == plan
