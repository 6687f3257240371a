"""The hosts' way to Debian's packages: Debian's mirrors only, and a package is fetched once."""

from __future__ import annotations

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from werkplek.lab.linux import mirror

DEB = "http://deb.debian.org/debian/pool/main/h/hello/hello_2.10-5_amd64.deb"
RELEASE = "http://deb.debian.org/debian/dists/trixie/InRelease"
NOT_HERE = (403, b"not a Debian mirror\n")


@pytest.fixture
def server(tmp_path, programs, monkeypatch):
    """The proxy over an apt-helper that fetches the address itself; nothing ends in `gone`."""
    programs.make("apt-helper", 'case "$2" in *gone) exit 100;; esac; printf "body of %s" "$2" > "$3"')
    monkeypatch.setattr(mirror, "HELPER", str(programs.folder / "apt-helper"))
    (tmp_path / "packages").mkdir()
    with mirror.Mirror(("127.0.0.1", 0), tmp_path / "packages") as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def got(server, address, method="GET"):
    """As apt asks its proxy."""
    connection = http.client.HTTPConnection(*server.server_address)
    try:
        connection.request(method, address)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def fetched(programs):
    """The addresses that were asked of the mirrors."""
    return [line.split()[2] for line in programs.calls]


def test_a_package_is_fetched_once(server, programs):
    for _ in range(3):
        assert got(server, DEB) == (200, f"body of {DEB}".encode())
    assert fetched(programs) == [DEB]
    assert [line.split()[1] for line in programs.calls] == ["download-file"]


def test_a_package_is_there_still_after_a_restart(server, programs, tmp_path):
    got(server, DEB)
    with mirror.Mirror(("127.0.0.1", 0), tmp_path / "packages") as other:
        assert other.fetch(DEB) == f"body of {DEB}".encode()
    assert len(list((tmp_path / "packages").iterdir())) == 1
    assert fetched(programs) == [DEB]


def test_hosts_that_ask_at_once_wait_for_one_fetch(server, programs):
    programs.make("apt-helper", 'sleep 0.2; printf "body" > "$3"')
    with ThreadPoolExecutor(8) as hosts:
        assert set(hosts.map(lambda _: got(server, DEB), range(8))) == {(200, b"body")}
    assert fetched(programs) == [DEB]


@pytest.mark.parametrize("name", ["InRelease", "Release.gpg", "main/binary-amd64/Packages.xz", "x.deb.asc"])
def test_what_changes_under_its_name_is_fetched_each_time(server, programs, tmp_path, name):
    address = RELEASE.replace("InRelease", name)
    for _ in range(2):
        assert got(server, address) == (200, f"body of {address}".encode())
    assert fetched(programs) == [address] * 2
    assert list((tmp_path / "packages").iterdir()) == []


def test_the_installers_packages_are_kept_too(server, programs):
    address = DEB.removesuffix(".deb") + ".udeb"
    got(server, address)
    got(server, address)
    assert fetched(programs) == [address]


def test_security_has_a_mirror_of_its_own(server):
    address = "http://security.debian.org/debian-security/dists/trixie-security/InRelease"
    assert got(server, address) == (200, f"body of {address}".encode())


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/debian/x.deb",
        "http://deb.debian.org.example.org/x.deb",
        "http://deb.debian.org@example.org/x.deb",
        "http://127.0.0.1/x.deb",
        "https://deb.debian.org/x.deb",
        "file://deb.debian.org/etc/shadow",
        "copy://deb.debian.org/etc/shadow",
        "file:///etc/shadow",
        "/debian/x.deb",
        "x.deb",
    ],
)
def test_nothing_else_is_reached_through_it(server, programs, address):
    assert got(server, address) == NOT_HERE
    assert fetched(programs) == []


def test_what_the_mirror_does_not_have(server, programs, tmp_path):
    address = "http://deb.debian.org/debian/gone"
    assert got(server, address) == (404, b"")
    assert got(server, address.replace("gone", "x.deb?gone")) == (404, b"")
    assert list((tmp_path / "packages").iterdir()) == []
    assert len(programs.calls) == 2


def test_a_package_that_was_missing_is_asked_for_again(server, programs):
    programs.make("apt-helper", "exit 100")
    assert got(server, DEB) == (404, b"")
    programs.make("apt-helper", 'printf "body" > "$3"')
    assert got(server, DEB) == (200, b"body")


def test_one_connection_carries_many_answers(server):
    connection = http.client.HTTPConnection(*server.server_address)
    statuses = []
    for address in (DEB, "http://deb.debian.org/debian/gone", "http://example.org/", RELEASE):
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert statuses == [200, 404, 403, 200]


def test_it_only_answers_get(server, programs):
    assert got(server, DEB, "POST")[0] == 501
    assert programs.calls == []


def test_it_starts_with_an_address_and_a_cache_of_its_own(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(mirror.Mirror, "__init__", lambda self, address, cache: seen.append((address, cache)))
    monkeypatch.setattr(mirror.Mirror, "serve_forever", lambda self: seen.append("serves"))
    cache = tmp_path / "new" / "packages"
    monkeypatch.setattr("sys.argv", ["mirror", "--address=198.18.9.1", f"--cache={cache}"])
    mirror.main()
    assert seen == [(("198.18.9.1", 3142), cache), "serves"]
    assert cache.stat().st_mode & 0o777 == 0o700
