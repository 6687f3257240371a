"""The Linux lab: real Debian systems with systemd, over SSH, on this machine."""
