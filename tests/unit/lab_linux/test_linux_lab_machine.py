"""A chroot is told apart from a machine by its mounts."""

from werkplek.lab.linux.machine import chroot_reason

ROOT = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
PROC = "23 22 0:21 / /proc rw shared:2 - proc proc rw\n"


def test_a_root_that_is_mounted(tmp_path):
    (tmp_path / "mountinfo").write_text(PROC + ROOT)
    assert chroot_reason(tmp_path / "mountinfo") == ()


def test_a_chroot_into_a_folder(tmp_path):
    (tmp_path / "mountinfo").write_text(PROC)
    assert chroot_reason(tmp_path / "mountinfo") == (
        "this is a chroot into an ordinary folder, from which no host can start: bind-mount the folder onto itself",
    )
