"""From a host's facts and its policy to one call per engine, and from the answers to per-setting results."""
