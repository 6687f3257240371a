"""The client of OVSDB against Open vSwitch's own server: over a unix socket, TCP and TLS, and its refusals."""

from __future__ import annotations

import datetime
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from werkplek.errors import WerkplekError
from werkplek.lab.switches.fabric_ovs import SCHEMA
from werkplek.network.openvswitch_session import session_of
from werkplek.network.ovsdb import Ovsdb, Refused
from werkplek.network.ovsdb_stream import Certificates, Remote, connect, remote

SYSTEM = {"op": "insert", "table": "Open_vSwitch", "row": {"ovs_version": "test"}}
type Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Path]:
    """A server of a new database, as nobody in particular."""
    if shutil.which("ovsdb-server") is None:
        pytest.skip("ovsdb-server is not installed: apt-get install openvswitch-switch")
    subprocess.run(["ovsdb-tool", "create", folder / "conf.db", SCHEMA], check=True)
    path = folder / "db.sock"
    words = [str(folder / "conf.db"), f"--remote=punix:{path}", f"--unixctl={folder}/ctl", *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(["ovsdb-server", *words], stdout=log, stderr=log)
    try:
        await_listening(Remote("unix", str(path)))
        with Ovsdb(Remote("unix", str(path))) as database:
            database.transact([SYSTEM])
        yield path
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def await_listening(where: Remote) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return connect(where, None, 10.0).close()
        except (ConnectionRefusedError, FileNotFoundError):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def version(database: Ovsdb) -> str:
    return str(database.select("Open_vSwitch", ["ovs_version"])[0]["ovs_version"])


def test_a_real_server_commits_all_or_nothing(tmp_path: Path) -> None:
    rename = {"op": "update", "table": "Open_vSwitch", "where": [], "row": {"ovs_version": "other"}}
    wait = {"op": "wait", "timeout": 0, "table": "Open_vSwitch", "where": [], "columns": ["ovs_version"], "until": "=="}
    with serving(tmp_path) as path, Ovsdb(Remote("unix", str(path))) as database:
        with pytest.raises(Refused) as error:
            database.transact([rename, {**wait, "rows": [{"ovs_version": "test"}]}])
        assert error.value.error == "timed out"
        assert version(database) == "test"
        with pytest.raises(Refused, match="No table named Nonsense"):
            database.transact([rename, {"op": "insert", "table": "Nonsense", "row": {}}])
        assert version(database) == "test"
        database.transact([{**wait, "rows": [{"ovs_version": "test"}]}, rename])
        assert version(database) == "other"


def test_a_real_server_is_reached_over_tcp_on_this_machine(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, f"--remote=ptcp:{port}:127.0.0.1"), Ovsdb(Remote("tcp", "127.0.0.1", port)) as database:
        assert version(database) == "test"


def test_a_real_servers_probes_are_survived(tmp_path: Path) -> None:
    target = f"tcp:127.0.0.1:{(port := free_port())}"
    manager = {"target": f"ptcp:{port}:127.0.0.1", "inactivity_probe": 1000}
    managed = "--remote=db:Open_vSwitch,Open_vSwitch,manager_options"
    with serving(tmp_path, managed) as path, Ovsdb(remote(target, "a test")) as database:
        with Ovsdb(Remote("unix", str(path))) as operator:
            set_manager = {"op": "update", "table": "Open_vSwitch", "where": []}
            made = {"op": "insert", "table": "Manager", "row": manager, "uuid-name": "m"}
            operator.transact([made, {**set_manager, "row": {"manager_options": ["named-uuid", "m"]}}])
        await_listening(remote(target, "a test"))
        assert version(database) == "test"
        stream = database._stream
        assert stream is not None
        stream.settimeout(30)
        assert b'"echo"' in stream.recv(4096, socket.MSG_PEEK), "it probes after a second of silence"
        assert version(database) == "test"


def signed(name: str, issuer: Signed | None, *addresses: str) -> Signed:
    """A certificate of `name` for these addresses; without an issuer, an authority's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage(issuer is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer[1] if issuer else key).public_key()),
            critical=False,
        )
    )
    if addresses:
        names = [x509.IPAddress(ipaddress.ip_address(one)) for one in addresses]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def usage(authority: bool) -> x509.KeyUsage:
    """What a key is for: to sign certificates, or to sign in by."""
    never = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **never)


def files(folder: Path, name: str, one: Signed) -> tuple[Path, Path]:
    """Its certificate and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(one[0].public_bytes(serialization.Encoding.PEM))
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.write_bytes(one[1].private_bytes(pem, pkcs8, plain))
    return certificate, key


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[tuple[Signed, Certificates]]:
    """An authority, and certificates of ours that it signed."""
    authority = signed("lab authority", None)
    certificate, key = files(tmp_path, "ours", signed("controller", authority))
    yield authority, Certificates(certificate, key, files(tmp_path, "authority", authority)[0])


@contextmanager
def over_tls(folder: Path, authority: Path, switch: Signed) -> Iterator[int]:
    certificate, key = files(folder, "switch", switch)
    port = free_port()
    options = [f"--certificate={certificate}", f"--private-key={key}", f"--ca-cert={authority}"]
    with serving(folder, *options, f"--remote=pssl:{port}:127.0.0.1"):
        yield port


def test_both_sides_of_a_tls_connection_are_verified(tmp_path: Path, ours: tuple[Signed, Certificates]) -> None:
    authority, certificates = ours
    with over_tls(tmp_path, certificates.authority, signed("sw1", authority, "127.0.0.1")) as port:
        with Ovsdb(Remote("ssl", "127.0.0.1", port), certificates) as database:
            assert version(database) == "test"
        variables = {
            "ansible_host": "127.0.0.1",
            "openvswitch_remote": f"ssl:127.0.0.1:{port}",
            "openvswitch_certificate": str(certificates.certificate),
            "openvswitch_private_key": str(certificates.private_key),
            "openvswitch_ca_certificate": str(certificates.authority),
        }
        session_of("sw1", variables).sign_in_again()
        stranger = files(tmp_path, "stranger", signed("stranger", signed("somebody", None)))
        refused = Ovsdb(Remote("ssl", "127.0.0.1", port), Certificates(*stranger, certificates.authority))
        with refused as database, pytest.raises(WerkplekError, match="cannot be talked to"):
            version(database)


def test_a_switch_with_another_ones_certificate_is_refused(tmp_path: Path, ours: tuple[Signed, Certificates]) -> None:
    authority, certificates = ours
    with over_tls(tmp_path, certificates.authority, signed("sw2", authority, "10.9.9.9")) as port:
        told = "certificate is not valid for '127.0.0.1'"
        switch = Ovsdb(Remote("ssl", "127.0.0.1", port), certificates)
        with switch as database, pytest.raises(WerkplekError, match=told):
            version(database)


def test_a_switch_of_another_authority_is_refused(tmp_path: Path, ours: tuple[Signed, Certificates]) -> None:
    _authority, certificates = ours
    other = signed("somebody", None)
    with over_tls(tmp_path, certificates.authority, signed("sw1", other, "127.0.0.1")) as port:
        switch = Ovsdb(Remote("ssl", "127.0.0.1", port), certificates)
        with switch as database, pytest.raises(WerkplekError, match="certificate verify failed"):
            version(database)
