import pytest
from registry_estate import OPTIONS, SLUGS
from registry_refusals import option_refusal

from werkplek.registry.config import registry_config
from werkplek.registry.options import unclear_booleans, unknown_options

SLUGS_ONLY = "expected slugs: letters, digits, hyphens and underscores"
NO_NAME = "expected a name that is not the registry's"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "municipalities").mkdir()
    for slug in SLUGS:
        (tmp_path / "municipalities" / f"{slug}.yml").touch()
    return tmp_path / "registry.yml"


def refusal(options, source):
    return option_refusal(registry_config, OPTIONS | options, source)


def test_registry_options(source):
    config = registry_config(OPTIONS, source)
    assert config.file == str(source)
    assert dict(config.class_of_role) == {
        "workplace": "workstation",
        "vdi-host": "vdi_host",
        "access-switch": "network",
        "distribution-switch": "network",
    }
    assert dict(config.family_of_platform) == {"windows": "windows", "linux": "linux", "network-os": "network_os"}
    assert (config.tenant_group, config.ring_field) == ("drechtsteden", "update_ring")
    assert (config.lifecycle, config.connect_by) == (("active",), ("primary_ip4", "primary_ip6"))
    assert config.municipalities == set(SLUGS)
    assert config.municipalities_dir == source.parent / "municipalities"
    assert (config.constructed.compose, config.constructed.groups) == ({}, {})
    assert (config.constructed.keyed_groups, config.constructed.strict) == ((), False)


def test_only_documents_make_municipalities(source):
    (source.parent / "municipalities" / "README.md").touch()
    assert registry_config(OPTIONS, source).municipalities == set(SLUGS)


def test_the_municipalities_may_be_elsewhere(source, monkeypatch):
    elsewhere = source.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "papendrecht.yml").touch()
    monkeypatch.setenv("HOME", str(source.parent))
    for name in ("elsewhere", str(elsewhere), "~/elsewhere", "municipalities/../elsewhere"):
        assert registry_config(OPTIONS | {"municipalities_dir": name}, source).municipalities == {"papendrecht"}


@pytest.mark.parametrize(
    "ways", [["dns_name", "name"], ["name"], ("primary_ip6",), ["name", "dns_name", "primary_ip4"]]
)
def test_ways_to_connect_keep_their_order(source, ways):
    assert registry_config(OPTIONS | {"connect_by": ways}, source).connect_by == tuple(ways)


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("classes", {}, "classes: found {}; expected role slugs under workstation, vdi_host, network"),
        ("classes", ["a"], "classes: found ['a']; expected role slugs under workstation, vdi_host, network"),
        (
            "classes",
            {"laptop": ["x"]},
            "classes: found unknown class 'laptop'; expected one of workstation, vdi_host, network",
        ),
        ("classes", {1: ["x"]}, "classes: found unknown class '1'; expected one of workstation, vdi_host, network"),
        ("classes", {"network": "switch"}, f"classes.network: found 'switch'; {SLUGS_ONLY}"),
        ("classes", {"network": ["a b"]}, f"classes.network: found ['a b']; {SLUGS_ONLY}"),
        ("classes", {"network": ["a\n"]}, f"classes.network: found ['a\\n']; {SLUGS_ONLY}"),
        ("classes", {"network": [1]}, f"classes.network: found [1]; {SLUGS_ONLY}"),
        ("classes", {"network": None}, f"classes.network: found None; {SLUGS_ONLY}"),
        (
            "classes",
            {"workstation": ["x"], "network": ["x"]},
            "classes: found role 'x' in class workstation and in class network; expected each role in one class",
        ),
        ("families", [], "families: found []; expected an OS family for each root platform's slug"),
        ("families", {}, "families: found {}; expected an OS family for each root platform's slug"),
        (
            "families",
            {"windows": "win"},
            "families.windows: found unknown OS family 'win'; expected one of windows, linux, network_os",
        ),
        (
            "families",
            {"windows": ["windows"]},
            "families.windows: found unknown OS family \"['windows']\"; expected one of windows, linux, network_os",
        ),
        ("lifecycle", [], f"lifecycle: found []; {SLUGS_ONLY}"),
        ("lifecycle", "active", f"lifecycle: found 'active'; {SLUGS_ONLY}"),
        ("connect_by", [], f"connect_by: found []; {SLUGS_ONLY}"),
        ("connect_by", "name", f"connect_by: found 'name'; {SLUGS_ONLY}"),
        ("connect_by", ["ip"], "connect_by: found 'ip'; expected one of primary_ip4, primary_ip6, dns_name, name"),
        ("tenant_group", "a b", f"tenant_group: found ['a b']; {SLUGS_ONLY}"),
        ("ring_field", None, f"ring_field: found [None]; {SLUGS_ONLY}"),
        ("compose", None, "compose: found None; expected expressions by name: letters, digits and underscores"),
        (
            "compose",
            {"a-b": "x"},
            "compose: found {'a-b': 'x'}; expected expressions by name: letters, digits and underscores",
        ),
        ("groups", {"a": 1}, "groups: found {'a': 1}; expected expressions by name: letters, digits and underscores"),
        (
            "compose",
            {"registry": "1"},
            f"compose.registry: found the registry's own variable 'registry'; {NO_NAME}",
        ),
        (
            "compose",
            {"x": "a b"},
            "compose.x: found 'a b' (expected token 'end of print statement', got 'b'); "
            "expected a Jinja expression without braces",
        ),
        (
            "groups",
            {"x": "{{ a }}"},
            "groups.x: found '{{ a }}' (expected token ':', got '}'); expected a Jinja expression without braces",
        ),
        (
            "keyed_groups",
            [{"key": "a }}{{ b"}],
            "keyed_groups[0].key: found 'a }}{{ b' (more than one expression); "
            "expected a Jinja expression without braces",
        ),
        (
            "keyed_groups",
            {"key": "x"},
            "keyed_groups: found {'key': 'x'}; expected a list of mappings with key, prefix, separator, parent_group, "
            "default_value, trailing_separator",
        ),
        (
            "keyed_groups",
            "x",
            "keyed_groups: found 'x'; expected a list of mappings with key, prefix, separator, parent_group, "
            "default_value, trailing_separator",
        ),
        (
            "keyed_groups",
            [{"key": "x"}, {"prefix": "x"}],
            "keyed_groups[1]: found {'prefix': 'x'}; expected `key`, and of prefix, separator, parent_group, "
            "default_value, trailing_separator what is needed",
        ),
        (
            "keyed_groups",
            [{"key": "x", "prefx": "y"}],
            "keyed_groups[0]: found {'key': 'x', 'prefx': 'y'}; expected `key`, and of prefix, separator, "
            "parent_group, default_value, trailing_separator what is needed",
        ),
    ],
)
def test_registry_options_that_cannot_be(source, option, value, problem):
    assert refusal({option: value}, source) == [problem]


def test_a_folder_of_municipalities_that_is_not_there(source):
    for name in ("nowhere", "registry.yml"):
        (source.parent / "registry.yml").touch()
        assert refusal({"municipalities_dir": name}, source) == [
            f"municipalities_dir: found no folder {source.parent / name}; expected a folder with one document per "
            "municipality"
        ]


def test_every_reserved_variable_is_named_in_the_order_of_the_source(source):
    names = [
        "switch_ports",
        "registry",
        "municipality",
        "workplace_class",
        "platform_lineage",
        "quarantine_reasons",
    ]
    assert refusal({"compose": dict.fromkeys(names, "1")}, source) == [
        f"compose.{name}: found the registry's own variable {name!r}; {NO_NAME}" for name in names
    ]


def test_every_problem_is_told_at_once(source):
    options = {"lifecycle": [], "connect_by": ["ip"], "tenant_group": "", "municipalities_dir": "nowhere"}
    assert [line.partition(":")[0] for line in refusal(options, source)] == [
        "lifecycle",
        "connect_by",
        "tenant_group",
        "municipalities_dir",
    ]


def test_unknown_options_are_named_with_the_known_ones(source):
    problems = unknown_options(["plugin", "tokn", 7], ["token", "plugin"], source)
    assert [str(problem) for problem in problems] == [
        f"{source}: found unknown option 'tokn'; expected one of plugin, token",
        f"{source}: found unknown option '7'; expected one of plugin, token",
    ]
    assert unknown_options(["token"], ["token", "plugin"], source) == []


@pytest.mark.parametrize("value", [True, False, 1, 0, "yes", "No", " on\n", "OFF", "t", "F", "y", "n", "1", "0", None])
def test_yes_and_no_in_all_spellings_of_ansible(source, value):
    assert unclear_booleans({"strict": value, "validate_certs": value}, {}, source) == []


@pytest.mark.parametrize(
    ("value", "found"), [("flase", "'flase'"), ("", "''"), (2, "'2'"), ([], "'[]'"), ("ja", "'ja'")]
)
def test_a_misspelt_yes_or_no_is_an_error(source, value, found):
    problems = unclear_booleans({"validate_certs": value, "use_last_good": "no", "timeout": "x"}, {}, source)
    assert [str(problem) for problem in problems] == [
        f"{source}: validate_certs: found {found}; expected true or false. A misspelt word must not turn a check off."
    ]


def test_a_misspelt_yes_or_no_in_the_environment_is_an_error(source):
    environment = {"NETBOX_VALIDATE_CERTS": "flase", "WERKPLEK_USE_LAST_GOOD": "maybe"}
    assert [str(problem) for problem in unclear_booleans({}, environment, source)] == [
        "environment: NETBOX_VALIDATE_CERTS: found 'flase'; expected true or false. "
        "A misspelt word must not turn a check off.",
        "environment: WERKPLEK_USE_LAST_GOOD: found 'maybe'; expected true or false. "
        "A misspelt word must not turn a check off.",
    ]
    assert unclear_booleans({}, {"NETBOX_VALIDATE_CERTS": "", "WERKPLEK_USE_LAST_GOOD": "0"}, source) == []
