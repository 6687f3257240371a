import re

import pytest
from inventory_samples import DEVICES, SOURCE_FILE, snapshot
from typer.testing import CliRunner

from werkplek.cli.inventory import app
from werkplek.registry.snapshot import dump

RULE = re.compile("─+")  # how long Rich draws its rules is not our matter


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder of one's own, with an offline source, its registry, and no NetBox in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WERKPLEK_STATE", str(tmp_path / "state"))
    for name in ("API", "TOKEN", "TOKEN_FILE", "VALIDATE_CERTS", "CA_FILE"):
        monkeypatch.delenv(f"NETBOX_{name}", raising=False)
    (tmp_path / "municipalities").mkdir()
    for slug in ("papendrecht", "zwijndrecht"):
        (tmp_path / "municipalities" / f"{slug}.yml").touch()
    (tmp_path / "registry.yml").write_text(SOURCE_FILE)
    dump(snapshot(*DEVICES), tmp_path / "registry.json")
    return tmp_path


@pytest.fixture
def run():
    """Runs `werkplek inventory WORDS --source registry.yml`: exit code and output. A WerkplekError is raised."""

    def inventory(*words, columns=100, source="registry.yml"):
        command = [*map(str, words), "--source", str(source)]
        result = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"}).invoke(app, command)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 2 or result.stderr == ""
        output = result.stderr if result.exit_code == 2 else result.stdout
        return result.exit_code, "\n".join(RULE.sub("───", line).rstrip() for line in output.splitlines())

    return inventory
