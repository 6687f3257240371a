"""Where an OVSDB server is, as it is written, and what is refused."""

from __future__ import annotations

import pytest

from werkplek.errors import WerkplekError
from werkplek.network.ovsdb_stream import Remote, remote


@pytest.mark.parametrize(
    ("text", "wanted", "shown"),
    [
        ("ssl:10.1.2.3:6641", Remote("ssl", "10.1.2.3", 6641), "ssl:10.1.2.3:6641"),
        ("ssl:switch.example.nl", Remote("ssl", "switch.example.nl", 6640), "ssl:switch.example.nl:6640"),
        ("ssl:[2001:db8::1]:6640", Remote("ssl", "2001:db8::1", 6640), "ssl:[2001:db8::1]:6640"),
        ("tcp:127.0.0.1", Remote("tcp", "127.0.0.1", 6640), "tcp:127.0.0.1:6640"),
        ("tcp:[::1]:99", Remote("tcp", "::1", 99), "tcp:[::1]:99"),
        ("unix:/run/openvswitch/db.sock", Remote("unix", "/run/openvswitch/db.sock"), "unix:/run/openvswitch/db.sock"),
    ],
)
def test_a_remote_is_read_and_shown(text: str, wanted: Remote, shown: str) -> None:
    assert remote(text, "sw1: openvswitch_remote") == wanted
    assert str(wanted) == shown


@pytest.mark.parametrize(
    "text", ["", "10.1.2.3", "ptcp:6640", "ssl:", "ssl:a b", "tcp:127.0.0.1:0", "ssl:h:99999", "unix:db.sock"]
)
def test_what_is_no_remote_is_refused(text: str) -> None:
    with pytest.raises(WerkplekError) as error:
        remote(text, "sw1: openvswitch_remote")
    assert str(error.value) == (
        "an OVSDB remote cannot be read\n"
        f"  sw1: openvswitch_remote: found {text!r}; expected ssl:HOST[:PORT], tcp:HOST[:PORT] or unix:/PATH"
    )


@pytest.mark.parametrize("host", ["10.1.2.3", "localhost", "switch.example.nl"])
def test_a_configuration_never_crosses_a_network_in_the_clear(host: str) -> None:
    with pytest.raises(WerkplekError) as error:
        remote(f"tcp:{host}", "sw1: openvswitch_remote")
    assert str(error.value) == (
        "an OVSDB remote is not safe\n"
        f"  sw1: openvswitch_remote: found tcp:{host}; expected ssl:, or tcp: to this machine's loopback."
        " OVSDB over tcp: is neither encrypted nor signed in to; give the switch an ssl: remote"
    )
