# Copyright: Werkplek contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine of the module linux_directory. It runs on the managed host: standard library of Python 3.11 only."""
