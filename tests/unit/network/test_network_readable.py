"""Lines as people read them: ports that have the same line stand together."""

from werkplek.network.lines import readable


def test_ports_with_the_same_line_stand_together_in_the_order_of_the_first():
    ports = [((f"interface Gi1/0/{number}",), "switchport mode access") for number in (1, 2, 3, 7)]
    assert readable([*ports, ((), "ip ssh version 2"), (("interface Te1/1/1",), "shutdown")]) == [
        "interface Gi1/0/1-3,7: switchport mode access",
        "ip ssh version 2",
        "interface Te1/1/1: shutdown",
    ]


def test_members_of_a_stack_and_deeper_sections_stay_apart():
    assert readable(
        [
            (("interface Gi1/0/1",), "shutdown"),
            (("interface Gi2/0/1",), "shutdown"),
            (("archive", "log config"), "hidekeys"),
            ((), "banner login\nTwee\nregels"),
        ]
    ) == [
        "interface Gi1/0/1: shutdown",
        "interface Gi2/0/1: shutdown",
        "archive: log config: hidekeys",
        "banner login / Twee / regels",
    ]
