"""Image version, restart due, and when the host started."""

import os

import pytest
from linux_session_host.facts import boot_time, image_version, reboot_because
from linux_session_host.host import HostError


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("IMAGE_VERSION=2026.11.1", "2026.11.1"),
        ('IMAGE_VERSION="2026.11.1"', "2026.11.1"),
        ("IMAGE_VERSION='2026.11.1' ", "2026.11.1"),
        ("IMAGE_VERSION=2026=11", "2026=11"),
        ("IMAGE_VERSION=", None),
        ('IMAGE_VERSION=""', None),
        ("#IMAGE_VERSION=2026.11.1", None),
        ("MY_IMAGE_VERSION=2026.11.1", None),
        ("VERSION=2026.11.1", None),
    ],
)
def test_the_image_of_os_release(host, line, version):
    host.put("/etc/os-release", f"ID=debian\n{line}\nVERSION_ID=13\n")
    assert image_version(host) == version


def test_a_host_without_os_release_tells_no_image(host):
    host.path("/etc/os-release").unlink()
    assert image_version(host) is None


def test_no_restart_is_due(host):
    host.put("/run/reboot-required.pkgs", "linux-image-amd64\n")
    assert reboot_because(host) == []


def test_packages_that_wait_for_a_restart_each_once(host):
    host.put("/run/reboot-required", "*** System restart required ***\n")
    host.put("/run/reboot-required.pkgs", "linux-image-amd64\ndbus\nlinux-image-amd64\n")
    assert reboot_because(host) == ["package dbus", "package linux-image-amd64"]


@pytest.mark.parametrize("packages", [None, "", "\n"])
def test_a_restart_for_an_unnamed_reason(host, packages):
    host.put("/run/reboot-required", "")
    if packages is not None:
        host.put("/run/reboot-required.pkgs", packages)
    assert reboot_because(host) == ["/run/reboot-required is there"]


def test_a_host_started_when_its_first_process_did(host, monkeypatch):
    monkeypatch.setattr(os, "sysconf", {"SC_CLK_TCK": 100}.__getitem__)
    assert boot_time(host) == "2026-11-02T05:30:02Z"  # 1793597400 s, and 250 ticks
    host.put("/proc/1/stat", host.text("/proc/1/stat").replace(" 250 ", " 360000 "))
    assert boot_time(host) == "2026-11-02T06:30:00Z"


@pytest.mark.parametrize(
    ("name", "text"),
    [("/proc/stat", "cpu 1\n"), ("/proc/stat", "btime x\n"), ("/proc/1/stat", ""), ("/proc/1/stat", "1 (init) S 0\n")],
)
def test_a_start_that_is_not_known_is_an_error(host, name, text):
    host.put(name, text)
    with pytest.raises(HostError) as caught:
        boot_time(host)
    assert str(caught.value) == "/proc/stat and /proc/1/stat do not tell when this host started"
