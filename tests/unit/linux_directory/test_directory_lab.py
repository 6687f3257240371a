"""The lab's domain controller: beside the hosts, and none of those that are managed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from werkplek.cli.lab_linux import app
from werkplek.lab.linux import directory, estate, seed
from werkplek.lab.linux.model import LinuxFiles, LinuxLab


@pytest.fixture
def lab(tmp_path: Path) -> LinuxLab:
    """A lab with one kiosk and a directory, as it is just before it starts."""
    for key in (LinuxFiles(tmp_path).key, LinuxFiles(tmp_path).host_key):
        key.write_text("private")
        key.with_suffix(".pub").write_text("public")
    hosts = (*estate.hosts(1, 0), directory.HOST)
    addressed = tuple(replace(host, address=f"198.18.9.{10 + number}") for number, host in enumerate(hosts))
    return LinuxLab(tmp_path, "wp", "nspawn", "198.18.9.0/24", addressed)


def files(lab: LinuxLab, number: int) -> dict[str, str]:
    return {file.path: file.content.decode() for file in seed.files_of(lab, lab.hosts[number])}


def test_every_host_asks_the_controller_for_names_and_has_its_full_one(lab):
    for number in (0, 1):
        found = files(lab, number)
        assert found["etc/resolv.conf"] == "search ad.drechtsteden.nl\nnameserver 198.18.9.11\n"
        assert "198.18.9.10 drd-ks-0001.ad.drechtsteden.nl drd-ks-0001\n" in found["etc/hosts"]


def test_only_the_controller_has_the_program_that_makes_the_domain(lab):
    assert directory.PROGRAM not in files(lab, 0)
    assert files(lab, 1)[directory.PROGRAM].startswith("#!/usr/bin/python3\n")


def test_a_lab_without_directory_has_nothing_of_it(lab):
    alone = replace(lab, hosts=lab.hosts[:1])
    assert "etc/resolv.conf" not in files(alone, 0)
    assert files(alone, 0)["etc/hosts"] == "127.0.0.1 localhost\n198.18.9.10 drd-ks-0001\n"
    directory.set_up(alone)
    assert not directory.accounts_file(alone.state).exists()


def test_the_registry_does_not_know_the_controller(lab):
    objects = estate.snapshot(lab.hosts).objects
    assert [device.name for device in objects.devices] == ["DRD-KS-0001"]
    assert [address.address for address in objects.ip_addresses] == ["198.18.9.10/24"]


def test_passwords_are_new_and_have_what_the_domain_asks_of_them():
    one, other = directory.new_password(), directory.new_password()
    assert one != other
    assert one.startswith("Aa1-")
    assert len(one) == 36


def test_a_directory_with_another_backend_is_refused(tmp_path):
    done = CliRunner().invoke(app, ["up", "--state", str(tmp_path), "--directory", "--backend", "podman"])
    assert done.exit_code == 2
    assert "a directory needs --backend nspawn" in " ".join(done.output.replace("│", " ").split())
