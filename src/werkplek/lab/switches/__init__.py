"""The lab's switches: doubles of network operating systems that keep a configuration and are reached over SSH."""
