"""From a host's facts and its policy to one call per engine, and from the answers to per-setting results."""

ENFORCING = ("enforce_policy", "enforce_switch")
"""The action plugins whose result is the evidence of one host."""
