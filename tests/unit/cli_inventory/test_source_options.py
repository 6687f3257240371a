"""A source's options: the same as the plugin itself sees them, and refused with the place of each mistake."""

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from inventory_samples import SOURCE_FILE

from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.registry.sources import CONVERSIONS, FOLDER, LIVE, OFFLINE, PLUGINS, definitions, read_source

SHORT = {"plugin": LIVE, "tenant_group": "drechtsteden"}


def seen_by_the_plugin(file, plugin):
    """The options as Ansible gives them to the real plugin."""
    inventory_loader.add_directory(str(FOLDER))
    real = inventory_loader.get(plugin)
    real.loader, real._vars = DataLoader(), {}
    real._read_config_data(str(file))
    return {name: real.get_option(name) for name in real.option_definitions}


def written(folder, options):
    file = folder / "some.registry.yml"
    file.write_text(options if isinstance(options, str) else yaml.safe_dump(options))
    return file


ENVIRONMENTS = [
    {},
    {"NETBOX_API": "https://from.env.example/", "NETBOX_TOKEN": "abc", "NETBOX_TOKEN_FILE": "", "NETBOX_CA_FILE": "x"},
    {"NETBOX_VALIDATE_CERTS": "no", "WERKPLEK_USE_LAST_GOOD": " YES "},
    {"NETBOX_VALIDATE_CERTS": "", "WERKPLEK_USE_LAST_GOOD": "0"},
]
FILES = [
    SHORT,
    SHORT | {"api_url": "https://in.file.example/", "token": "def", "validate_certs": True, "use_last_good": False},
    SHORT | {"api_url": None, "validate_certs": None, "timeout": None, "lifecycle": None},
    SHORT | {"timeout": "30", "page_size": 200.0, "reconcile": "1e1", "shrink_limit": True, "validate_certs": "off"},
    SHORT | {"lifecycle": "active, 'staged' ,\"x", "connect_by": "name", "include": ["ports"], "tenant_group": 7},
    SHORT | {"validate_certs": 0, "use_last_good": 1, "strict": "on", "ring_field": True, "api_url": 1.5},
    SHORT | {"compose": {"a": "b"}, "keyed_groups": [{"key": "x"}], "filters": {"devices": {"role": ["a"]}}},
    "plugin: netbox_registry\ntenant_group: a\nvalidate_certs: no\nlifecycle: &x [on, active]\ninclude: []\n",
    SOURCE_FILE,
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("options", FILES)
def test_options_are_what_the_plugin_sees(tmp_path, monkeypatch, options, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    file = written(tmp_path, options)
    source = read_source(file, environment)
    assert source.file == file
    assert dict(source.options) == seen_by_the_plugin(file, source.plugin)


@pytest.mark.parametrize("file", [ROOT / "registry.yml", ROOT / "lab" / "estate.registry.yml"])
def test_the_checkouts_own_sources(file):
    source = read_source(file, {})
    assert dict(source.options) == seen_by_the_plugin(file, source.plugin)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugins_documentation_uses_only_what_is_understood_here(plugin):
    text = (FOLDER / f"{plugin}.py").read_text().split('DOCUMENTATION = r"""')[1].split('"""')[0]
    documentation = yaml.safe_load(text)
    known = {"description", "type", "elements", "default", "required", "choices", "env", "suboptions"}
    assert {key for option in documentation["options"].values() for key in option} <= known
    assert {option.type for option in definitions(plugin).values()} <= CONVERSIONS.keys()
    assert "extends_documentation_fragment" not in documentation


def refusal(folder, options, environment=None):
    """The lines of a refusal, without the name of the file."""
    file = written(folder, options)
    with pytest.raises(WerkplekError) as caught:
        read_source(file, environment or {})
    summary, *lines = str(caught.value).splitlines()
    assert summary == f"The registry's options in {file} cannot be used"
    return [line.removeprefix("  ").replace(str(file), "FILE") for line in lines]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "FILE: found an empty file; expected options by name"),
        ("- a\n", "FILE: found list; expected options by name"),
        ("a: 1\n", "FILE: plugin: found nothing; expected one of netbox_registry, registry_snapshot"),
        ("plugin: [a]\n", "FILE: plugin: found ['a']; expected one of netbox_registry, registry_snapshot"),
        (
            "plugin: netbox_registry\nplugin: a\n",
            "FILE:2:1: found broken YAML (the key 'plugin' again); expected valid YAML",
        ),
        (
            "plugin: registry_snapshot\nclasses: {a: [b],\n a: [c]}\n",
            "FILE:3:2: found broken YAML (the key 'a' again); expected valid YAML",
        ),
        ("a: {", "FILE:1:5: found broken YAML (expected the node content, but found '<stream end>'); expected valid"),
        ("a: 1\n---\nb: 2\n", "FILE:2:1: found broken YAML (but found another document); expected valid YAML"),
        ("a: \x07\n", "FILE: found broken YAML (unprintable characters); expected valid YAML"),
        ("a: 2026-99-99\n", "FILE: found broken YAML (month must be in 1..12); expected valid YAML"),
        (
            "token: !vault |\n  $ANSIBLE_VAULT;1.1\n",
            "FILE:1:8: found broken YAML (could not determine a constructor for the tag '!vault'); expected valid YAML."
            " Tags need Ansible: name the token by `token_file`, or in the environment.",
        ),
    ],
)
def test_what_is_no_source(tmp_path, content, line):
    (found,) = refusal(tmp_path, content)
    assert found.startswith(line)


def test_bytes_that_are_no_text(tmp_path):
    file = tmp_path / "registry.yml"
    file.write_bytes(b"a: \xff\n")
    with pytest.raises(WerkplekError, match="found bytes that are not UTF-8; expected UTF-8 text"):
        read_source(file, {})


def test_no_file(tmp_path):
    with pytest.raises(WerkplekError, match=r"absent\.yml: found No such file or directory; expected an inventory"):
        read_source(tmp_path / "absent.yml", {})


def test_every_wrong_option_is_told_and_no_token(tmp_path):
    wrong = {
        "plugin": LIVE,
        "timeout": "soon",
        "page_size": 1.5,
        "token": ["secret"],
        "lifecycle": {"a": 1},
        "classes": "x",
        "connect_by": ["name", "mac"],
    }
    assert refusal(tmp_path, wrong) == [
        "FILE: token: found list; expected a value of type str",
        "FILE: timeout: found 'soon'; expected a value of type int",
        "FILE: page_size: found 1.5; expected a value of type int",
        "FILE: tenant_group: found nothing; expected a value of type str",
        "FILE: classes: found str; expected a value of type dict",
        "FILE: lifecycle: found dict; expected a value of type list",
        "FILE: connect_by: found 'mac'; expected one of primary_ip4, primary_ip6, dns_name, name",
    ]


def test_numbers_without_end_are_refused(tmp_path):
    lines = refusal(tmp_path, SHORT | {"timeout": "inf", "reconcile": "nan"})
    assert [line.split(": ")[1] for line in lines] == ["timeout", "reconcile"]


def test_an_unknown_option(tmp_path):
    (line,) = refusal(tmp_path, {"plugin": OFFLINE, "tenant_group": "a", "snapshot": "b", "tokn": 1})
    assert line == f"FILE: found unknown option 'tokn'; expected one of {', '.join(sorted(definitions(OFFLINE)))}"


def test_a_source_shows_no_token(tmp_path):
    source = read_source(written(tmp_path, SHORT | {"token": "secret"}), {})
    assert source.options["token"] == "secret"
    assert "secret" not in repr(source)
