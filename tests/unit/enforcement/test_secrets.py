"""Where secrets come from at run time: one place each, and no error that repeats a value."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from werkplek.enforcement import vault as vault_module
from werkplek.enforcement.secrets import secret_values, variable_name, vault_file
from werkplek.errors import WerkplekError

VARIABLE = "WERKPLEK_SECRET_HENDRIK_IDO_AMBACHT_WIFI_KEY"
FILE = "municipalities/secrets/hendrik-ido-ambacht.yml"
CANARY = "Tr0ub4dor"


def values(
    names: list[str], environment: Mapping[str, str] | None = None, kept: Mapping[str, object] | None = None
) -> dict[str, str]:
    return secret_values(names, "hendrik-ido-ambacht", environment or {}, lambda file: {FILE: kept or {}}[file])


def refused(*arguments: Any) -> list[str]:
    with pytest.raises(WerkplekError) as caught:
        values(*arguments)
    assert caught.value.summary == "Secrets that the policy needs cannot be read."
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None
    return [str(problem) for problem in caught.value.problems]


def test_a_secret_has_a_variable_and_a_file_of_its_municipality():
    assert variable_name("hendrik-ido-ambacht", "wifi_key") == VARIABLE
    assert vault_file("hendrik-ido-ambacht") == FILE


def test_a_secret_comes_from_the_environment():
    assert values(["wifi_key"], {VARIABLE: CANARY, "WERKPLEK_SECRET_DORDRECHT_WIFI_KEY": "x"}) == {"wifi_key": CANARY}


def test_a_secret_comes_from_the_vault():
    assert values(["wifi_key"], {}, {"wifi_key": CANARY, "other": 5}) == {"wifi_key": CANARY}


def test_each_secret_has_its_own_place():
    assert values(["a", "wifi_key"], {VARIABLE: "1"}, {"a": "2"}) == {"a": "2", "wifi_key": "1"}


class Tagged(str):
    """As Ansible marks a text with its origin."""


def test_a_secret_is_a_plain_text_without_ansibles_marks():
    assert type(values(["wifi_key"], {}, {"wifi_key": Tagged(CANARY)})["wifi_key"]) is str


def test_any_other_text_is_as_good():
    texts = [" ", "two\nlines", "€", "\x7f", "\U0001f511", "{{ x }}"]
    names = [f"n{number}" for number in range(len(texts))]
    assert list(values(names, {}, dict(zip(names, texts, strict=True))).values()) == texts


def test_no_vault_is_opened_for_nothing():
    def vault(file: str) -> Mapping[str, object]:
        raise AssertionError(file)

    assert secret_values([], "dordrecht", {"WERKPLEK_SECRET_DORDRECHT_WIFI_KEY": CANARY}, vault) == {}


def test_a_vault_is_opened_once():
    opened: list[str] = []

    def vault(file: str) -> Mapping[str, object]:
        opened.append(file)
        return {"a": "1", "b": "2"}

    assert secret_values(["a", "b"], "dordrecht", {}, vault) == {"a": "1", "b": "2"}
    assert opened == ["municipalities/secrets/dordrecht.yml"]


def test_a_vault_that_cannot_be_opened_stops_even_what_the_environment_has():
    def vault(file: str) -> Mapping[str, object]:
        raise WerkplekError(f"{file} cannot be opened.")

    with pytest.raises(WerkplekError, match=r"dordrecht\.yml cannot be opened"):
        secret_values(["a"], "dordrecht", {"WERKPLEK_SECRET_DORDRECHT_A": "x"}, vault)


PLACES = f"the variable {VARIABLE}, or the key wifi_key in {FILE}"
OF = "secret wifi_key of hendrik-ido-ambacht: found"


def test_a_secret_that_is_nowhere():
    assert refused(["wifi_key"], {VARIABLE.lower(): CANARY}, {"WIFI_KEY": CANARY}) == [
        f"{OF} no value; expected a text in {PLACES}"
    ]


@pytest.mark.parametrize("same", [CANARY, "other", ""])
def test_a_secret_in_both_places(same: str):
    assert refused(["wifi_key"], {VARIABLE: same}, {"wifi_key": CANARY}) == [
        f"{OF} a value in two places; expected one of them: {PLACES}"
    ]


@pytest.mark.parametrize("value", ["", None, 5, True, [CANARY], {CANARY: CANARY}, CANARY.encode(), f"{CANARY}\0"])
def test_a_secret_that_is_no_text(value: object):
    assert refused(["wifi_key"], {}, {"wifi_key": value}) == [
        f"{OF} a value that is empty or no UTF-8 text; expected a text in {PLACES}"
    ]


@pytest.mark.parametrize("value", ["", *(f"{CANARY}{half}" for half in ("\ud800", "\udcff", "\udfff"))])
def test_a_variable_that_is_no_text(value: str):
    assert refused(["wifi_key"], {VARIABLE: value}) == [
        f"{OF} a value that is empty or no UTF-8 text; expected a text in {PLACES}"
    ]


def test_all_that_are_wrong_come_in_one_go():
    found = refused(["a", "wifi_key", "b"], {VARIABLE: CANARY}, {"b": 7})
    assert [text.partition("; ")[0] for text in found] == [
        "secret a of hendrik-ido-ambacht: found no value",
        "secret b of hendrik-ido-ambacht: found a value that is empty or no UTF-8 text",
    ]


PASSWORD = b"OpenSesame"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The actions' way into an encrypted file with this content; None: there is no file."""
    monkeypatch.setattr(vault_module, "ROOT", tmp_path)

    def opened(content: bytes | None, password: bytes = PASSWORD) -> Any:
        loader = DataLoader()
        loader.set_vault_secrets([("default", VaultSecret(password))])
        if content is not None:
            (tmp_path / "x.yml").write_bytes(VaultLib([("default", VaultSecret(PASSWORD))]).encrypt(content))
        return vault_module.opened_vault(loader)("x.yml")

    return opened


def test_an_encrypted_file_opens_with_the_runs_password(vault: Callable[..., Any]):
    content = vault(f"wifi_key: '{{{{ {CANARY} }}}}'\nnumber: 5\n".encode())
    assert content == {"wifi_key": f"{{{{ {CANARY} }}}}", "number": 5}
    assert values(["wifi_key"], {}, content) == {"wifi_key": f"{{{{ {CANARY} }}}}"}


def test_a_municipality_without_a_file_has_nothing_in_it(vault: Callable[..., Any]):
    assert vault(None) == {}


NO_YAML = (
    "A vault cannot be opened.\n  x.yml: found no such YAML; expected YAML that the run's vault password opens "
    "(--vault-password-file, or an AWX vault credential)"
)


@pytest.mark.parametrize(
    ("content", "password", "text"),
    [
        (f"wifi_key: {CANARY}\n", b"other", NO_YAML),
        (f"wifi_key: [{CANARY}\n", PASSWORD, NO_YAML),
        (f"wifi_key: {CANARY}\n\twifi_key: {CANARY}\n", PASSWORD, NO_YAML),
        (f"- {CANARY}\n", PASSWORD, "A vault cannot be used.\n  x.yml: found no mapping; expected secrets by name"),
        (CANARY, PASSWORD, "A vault cannot be used.\n  x.yml: found no mapping; expected secrets by name"),
        ("", PASSWORD, "A vault cannot be used.\n  x.yml: found no mapping; expected secrets by name"),
    ],
)
def test_a_file_that_cannot_be_used_is_not_quoted(
    content: str, password: bytes, text: str, vault: Callable[..., Any], capfd: pytest.CaptureFixture[str]
):
    with pytest.raises(WerkplekError) as caught:
        vault(content.encode(), password)
    assert str(caught.value) == text
    assert caught.value.__cause__ is None
    assert CANARY not in "".join(capfd.readouterr())


def test_bytes_that_are_no_text(vault: Callable[..., Any]):
    with pytest.raises(WerkplekError) as caught:
        vault(b"wifi_key: \xff" + CANARY.encode())
    assert str(caught.value) == NO_YAML
