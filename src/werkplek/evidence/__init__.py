"""The ledger: who enforced or checked what, when, from where, on which host, and what came of it."""
