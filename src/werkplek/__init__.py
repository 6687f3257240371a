"""Werkplek: the controller-only package behind the plugins and the command line."""

__version__ = "0.1.0"
