"""The commands on this checkout's own policy, with the lab's estate: all hosts and settings, whatever they are."""

import json

import pytest
from typer.testing import CliRunner

from werkplek.cli.policy import app
from werkplek.cli.policy_subject import read_inventory
from werkplek.files import ROOT
from werkplek.policy.golden import golden_files
from werkplek.policy.hosts import facts_by_host
from werkplek.policy.listing import listing
from werkplek.policy.loader import load_repository, today_utc
from werkplek.policy.provenance import NOTHING, Asked, explain
from werkplek.policy.resolver import resolve

ESTATE = ROOT / "lab" / "estate.registry.yml"


@pytest.fixture(scope="module")
def repository():
    return load_repository(ROOT)


@pytest.fixture(scope="module")
def hosts():
    return facts_by_host(read_inventory(ESTATE))


def asked(name, host):
    return Asked(host.combination, today_utc(), name, host.registry)


def test_the_listing_of_every_host_is_what_it_is_sent(repository, hosts):
    assert len(hosts) > 20
    for name, host in hosts.items():
        found = listing(repository, asked(name, host))
        part = repository.parts[host.workplace_class, host.municipality]
        sent = resolve(part, host.combination, today_utc(), name).for_host(host.registry)
        ids = {source.id for call in sent.engines.values() for source in call.settings}
        assert (found.digest, {row.id for row in found.rows if row.state != "ignored"}) == (sent.digest, ids)


@pytest.mark.parametrize("kind", ["workstation", "vdi_host", "network"])
def test_every_setting_is_explained(repository, hosts, kind):
    name, host = next((name, host) for name, host in hosts.items() if host.workplace_class == kind)
    shown = {row.id.partition("[")[0]: row.state for row in listing(repository, asked(name, host)).rows}
    ids = {entry.id for layer in repository.layers.values() for entry in layer}
    for one in ids:
        found = explain(repository, asked(name, host), one)
        assert found.state == shown.get(one, NOTHING)
        assert all(statement.why_not for statement in found.statements if statement.role == "not here")
        assert (found.state == NOTHING) is not any(s.role == "winner" and not s.why_not for s in found.statements)


def test_golden_files_are_lines_of_json(repository):
    for text in golden_files(repository).values():
        assert [json.loads(line)["id"] for line in text.splitlines()] == sorted(
            json.loads(line)["id"] for line in text.splitlines()
        )


@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize(
    "words",
    [
        ["show", "dordrecht/workstation"],
        ["explain", "dordrecht/workstation", "sleep_on_mains"],
        ["controls"],
        ["controls", "BIO2"],
    ],
    ids=" ".join,
)
def test_lines_fit_but_for_words_that_are_longer(words, columns):
    result = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"}).invoke(app, words)
    assert result.exit_code == 0
    too_long = [line.rstrip() for line in result.stdout.splitlines() if len(line.rstrip()) > columns]
    assert all(" " not in line.strip() for line in too_long)


def test_the_overridden_setting_of_one_municipality():
    words = ["explain", "dordrecht/workstation", "sleep_on_mains", "--json"]
    found = json.loads(CliRunner().invoke(app, words).stdout)
    assert [(one["layer"], one["role"]) for one in found["statements"]][:2] == [
        ("workstation", "loser"),
        ("municipality/dordrecht", "winner"),
    ]
