"""The registry: NetBox or a frozen snapshot of it, compiled into an inventory."""
