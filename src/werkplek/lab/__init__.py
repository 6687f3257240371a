"""The lab: an embedded estate of doubles on loopback; each refuses what it does not know."""
