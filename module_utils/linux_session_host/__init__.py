"""Sessions, drain and health of a Linux session host (xrdp). Travels to the host: standard library, Python 3.11."""
