"""Random networks of switches: a tree of cables below some distribution switches, and what is plugged in."""

from hypothesis import strategies as st
from network_samples import BY_VID, HUNDREDS, cable, distribution, port, switch

MUNICIPALITIES = sorted(HUNDREDS)
EDGES = ((10, ()), (10, (20,)), (20, ()), (30, ()), (50, ()), (60, (10, 40)), (60, ()), None)


def edge(draw, municipality, number):
    """A port with something plugged in; None is nothing."""
    digits = draw(st.sampled_from(EDGES))
    enabled = draw(st.booleans()) or digits is None
    if digits is None:
        return port(f"e{number}")
    hundred = HUNDREDS[municipality]
    return port(f"e{number}", hundred + digits[0], [hundred + one for one in digits[1]], enabled=enabled)


@st.composite
def networks(draw, tops=(1, 2), access=8):
    """Switches of three municipalities in a tree, distribution switches (D) above access switches (A)."""
    above = {"D0": None}
    for number in range(1, draw(st.integers(*tops))):
        above[f"D{number}"] = draw(st.sampled_from(sorted(above)))
    for number in range(draw(st.integers(1, access))):
        above[f"A{number}"] = draw(st.sampled_from(sorted(above)))
    owner = {name: draw(st.sampled_from(MUNICIPALITIES)) for name in above}
    cables = {name: [] for name in above}
    for name, other in above.items():
        if other:
            cables[name].append(cable(f"to-{other}", other, f"to-{name}"))
            cables[other].append(cable(f"to-{name}", name, f"to-{other}"))
    made = []
    for name, uplinks in cables.items():
        edges = [edge(draw, owner[name], number) for number in range(draw(st.integers(0, 4)))]
        kind = distribution if name.startswith("D") else switch
        made.append(kind(name, *edges, *uplinks, municipality=owner[name]))
    return tuple(made)


def needed(one):
    """The VLANs that a switch needs for itself, read off its ports again."""
    hundred = HUNDREDS[one.municipality]
    vids = {hundred + 90}
    for each in one.ports:
        if each.enabled and each.peer is None:
            vids |= {ref.vid for ref in (each.untagged, *each.tagged) if ref}
    assert vids <= BY_VID.keys()
    return vids


def side(switches, cut):
    """The names on the far side of a cable, found by walking every other cable."""
    near, far = cut
    found, todo = {far}, [far]
    ports = {one.name: [each.peer.device for each in one.ports if each.peer] for one in switches}
    while todo:
        name = todo.pop()
        for other in ports[name]:
            if {name, other} != {near, far} and other not in found:
                found.add(other)
                todo.append(other)
    return found
