"""A secret of one municipality: it reaches that municipality's hosts, and nothing that anybody reads.

Dordrecht's comes from a file of Ansible Vault, Papendrecht's from the environment, as from an AWX credential.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from process_lists import command_lines

SITE, DRIFT = "playbooks/site.yml", "playbooks/drift.yml"
DORDRECHT, PAPENDRECHT, SLIEDRECHT = "DRD-CP-0001", "PAP-LT-0001", "SLD-LT-0001"
LIMIT = ",".join((DORDRECHT, PAPENDRECHT, SLIEDRECHT))
# no letter of JSON's, XML's or a shell's escapes, so that it looks the same wherever it leaks
SECRETS = {DORDRECHT: "Canary0DordrechtQ7x", PAPENDRECHT: "Canary0PapendrechtZ3k"}
PASSWORD = "OpenSesame0Vault"
KEY = {"kind": "registry", "path": r"HKLM:\SOFTWARE\Canary", "name": "Key", "type": "string"}
SETTING = r"""
- id: canary_key
  title: Keep a key that nobody may read
  docs: https://example.org/
  registry: {path: 'HKLM:\SOFTWARE\Canary', name: Key, type: string, data: {secret: canary_key}}
"""

type Play = Callable[..., object]


@pytest.fixture
def secret_checkout(checkout: Path) -> Path:
    """A checkout in which two municipalities have a secret."""
    for slug in ("dordrecht", "papendrecht"):
        with (checkout / f"policies/municipality/{slug}.yml").open("a") as layer:
            layer.write(SETTING)
        with (checkout / f"municipalities/{slug}.yml").open("a") as document:
            text = (checkout / f"municipalities/{slug}.yml").read_text()
            day = "canary_key: 2026-11-01"
            document.write(f"  {day}\n" if "\nsecrets:\n" in text else f"\nsecrets: {{{day}}}\n")
    vault = checkout / "municipalities/secrets/dordrecht.yml"
    vault.parent.mkdir(exist_ok=True)
    text = f"canary_key: {SECRETS[DORDRECHT]}\n"
    vault.write_bytes(VaultLib([("default", VaultSecret(PASSWORD.encode()))]).encrypt(text))
    password = checkout / "vault-password"
    password.write_text(PASSWORD)
    return checkout


def leaks(text: str, folder: Path) -> list[str]:
    """Where a secret stands, in what was printed and in every file that a run left behind."""
    places = {"what was printed": text.encode()}
    places |= {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "checkout" not in str(path)
    }
    forms = [form for secret in (*SECRETS.values(), PASSWORD) for form in _forms(secret)]
    return [place for place, content in places.items() if any(form in content for form in forms)]


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield secret.encode("utf-16-le")
    yield secret.encode().hex().encode()
    for shift in range(3):  # base64 looks different at each of three offsets
        encoded = base64.b64encode(b"x" * shift + secret.encode())
        yield encoded[4 if shift else 0 : -4]


def held(workplaces, host: str) -> list[str]:
    """The hosts' secrets that a host holds."""
    state = str(workplaces.dump(host))
    return [owner for owner, secret in SECRETS.items() if secret in state]


def test_a_secret_reaches_its_own_hosts_and_nothing_else(play: Play, secret_checkout: Path, workplaces, tmp_path: Path):
    def run(playbook: str, *more: str):
        return play(
            playbook,
            *("--limit", LIMIT, "-vvv", "--diff", "--vault-password-file", str(secret_checkout / "vault-password")),
            *more,
            root=secret_checkout,
            WERKPLEK_SECRET_PAPENDRECHT_CANARY_KEY=SECRETS[PAPENDRECHT],
        )

    with command_lines(every=0.02) as seen:
        checked = run(SITE, "--check")
        assert checked.rc == 0, checked.text
        applied = run(SITE)
        assert applied.rc == 0, applied.text
        assert {host: held(workplaces, host) for host in (DORDRECHT, PAPENDRECHT, SLIEDRECHT)} == {
            DORDRECHT: [DORDRECHT],
            PAPENDRECHT: [PAPENDRECHT],
            SLIEDRECHT: [],
        }
        again = run(SITE)
        assert again.rc == 0, again.text
        assert again.summary.total.counts.changed == 0
        workplaces.edit(DORDRECHT, [{**KEY, "data": "SomethingElse"}])
        drifted = run(DRIFT)
        assert drifted.rc == 2, drifted.text
        assert "canary_key (policies/municipality/dordrecht.yml:" in drifted.text
        assert "found <another value>, wanted <secret>" in drifted.text
        place = KEY["path"] + "\\" + KEY["name"]
        workplaces.edit(DORDRECHT, [{"kind": "faults", "write_denied": [place]}])
        failed = run(SITE)
        assert failed.rc == 2, failed.text
        workplaces.edit(DORDRECHT, [{"kind": "faults"}])
        mended = run(SITE)
        assert mended.rc == 0, mended.text
        assert held(workplaces, DORDRECHT) == [DORDRECHT]
    for played in (checked, applied, again, drifted, failed, mended):
        assert leaks(played.text, tmp_path) == []
    assert [line for line in seen if any(secret.encode() in line for secret in (*SECRETS.values(), PASSWORD))] == []
    assert "SomethingElse" not in drifted.text, "what was found in a secret's place may be an older secret"


def test_a_secret_that_is_nowhere_stops_the_host_before_it_is_touched(play: Play, secret_checkout: Path, workplaces):
    workplaces.reset(PAPENDRECHT)
    before = workplaces.dump(PAPENDRECHT)
    played = play(SITE, "--limit", PAPENDRECHT, root=secret_checkout)
    assert played.rc == 2
    assert (
        "secret canary_key of papendrecht: found no value; expected a text in the variable "
        "WERKPLEK_SECRET_PAPENDRECHT_CANARY_KEY, or the key canary_key in municipalities/secrets/papendrecht.yml"
    ) in " ".join(played.text.split())
    assert workplaces.dump(PAPENDRECHT) == before


def test_a_vault_without_its_password_stops_the_host_before_it_is_touched(
    play: Play, secret_checkout: Path, workplaces
):
    workplaces.reset(DORDRECHT)
    before = workplaces.dump(DORDRECHT)
    played = play(SITE, "--limit", DORDRECHT, root=secret_checkout)
    assert played.rc == 2
    assert "municipalities/secrets/dordrecht.yml: found no such YAML" in " ".join(played.text.split())
    assert workplaces.dump(DORDRECHT) == before
