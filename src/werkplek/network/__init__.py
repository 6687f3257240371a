"""Switches: what each should be, what it is, and how it gets there in one session."""
