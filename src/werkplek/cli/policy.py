"""`werkplek policy`: the desired state: check it, look at it, ask where a value comes from."""

from __future__ import annotations

import typer

from werkplek.cli import (
    policy_controls,
    policy_diff,
    policy_explain,
    policy_golden,
    policy_lint,
    policy_show,
    policy_waivers,
)

app = typer.Typer(
    help="The desired state: check it, see what a host should be, and where each value comes from.",
    no_args_is_help=True,
    epilog="Exit codes: 0 done, 1 failed (the policy has problems, or the registry cannot be read), 2 wrong usage,"
    " 3 done, and something was found: diff a difference, explain a setting that is not for this host,"
    " waivers --expiring some, golden --check files that are not as they should be.",
)
app.command("lint")(policy_lint.lint)
app.command("show")(policy_show.show_policy)
app.command("explain")(policy_explain.explain_setting)
app.command("diff")(policy_diff.diff)
app.command("controls")(policy_controls.controls)
app.command("waivers")(policy_waivers.waivers)
app.command("golden")(policy_golden.golden)
