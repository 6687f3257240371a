"""Runs: who may be hit, in which order, and what it did."""
