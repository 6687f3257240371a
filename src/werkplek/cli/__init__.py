"""The command line: each module is one command or group of commands."""
