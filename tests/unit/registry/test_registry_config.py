import pytest
from registry_estate import OPTIONS, SLUGS

from werkplek.errors import WerkplekError
from werkplek.registry.config import api_config, registry_config, unknown_options

API = {
    "api_url": "https://netbox.example/api/",
    "token": "abc",
    "token_file": None,
    "validate_certs": True,
    "ca_file": None,
    "timeout": 60,
    "page_size": 1000,
    "shrink_limit": 20,
}


@pytest.fixture
def source(tmp_path):
    (tmp_path / "municipalities").mkdir()
    for slug in SLUGS:
        (tmp_path / "municipalities" / f"{slug}.yml").touch()
    return tmp_path / "registry.yml"


def refusal(make, options, source):
    with pytest.raises(WerkplekError) as caught:
        make(options, source)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"The registry's options in {source} cannot be used"
    return [line.strip().removeprefix(f"{source}: ") for line in lines[1:]]


def test_registry_options(source):
    config = registry_config(OPTIONS, source)
    assert config.class_of_role["access-switch"] == "network"
    assert config.municipalities == set(SLUGS)
    assert config.municipalities_dir == source.parent / "municipalities"


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("classes", {}, "classes: found {}; expected role slugs under workstation, vdi_host, network"),
        ("classes", {"laptop": ["x"]}, "classes: found unknown class 'laptop'; expected one of workstation, vdi_host"),
        ("classes", {"network": "switch"}, "classes.network: found 'switch'; expected slugs: letters, digits,"),
        (
            "classes",
            {"workstation": ["x"], "network": ["x"]},
            "classes: found role 'x' in class workstation and in class network; expected each role in one class",
        ),
        ("families", [], "families: found []; expected an OS family for each root platform's slug"),
        (
            "families",
            {"windows": "win"},
            "families.windows: found unknown OS family 'win'; expected one of windows, linux, network_os",
        ),
        ("lifecycle", [], "lifecycle: found []; expected slugs: letters, digits, hyphens and underscores"),
        ("tenant_group", "a b", "tenant_group: found ['a b']; expected slugs"),
        ("municipalities_dir", "nowhere", "municipalities_dir: found no folder "),
    ],
)
def test_registry_options_that_cannot_be(source, option, value, problem):
    (line,) = refusal(registry_config, OPTIONS | {option: value}, source)
    assert line.startswith(problem)


@pytest.mark.parametrize("url", ["https://netbox.example", "https://netbox.example/", "https://netbox.example/api"])
def test_the_address_has_one_spelling(source, url):
    assert api_config(API | {"api_url": url}, source).url == "https://netbox.example/"


def test_plain_http_is_for_this_machine(source):
    assert api_config(API | {"api_url": "http://127.0.0.1:8000"}, source).url == "http://127.0.0.1:8000/"
    assert api_config(API | {"api_url": "http://netbox.example", "validate_certs": False}, source).verify is False
    assert refusal(api_config, API | {"api_url": "http://netbox.example"}, source) == [
        "api_url: found 'http://netbox.example'; expected https://, so that the token is not sent in clear text. "
        "Or set validate_certs: false."
    ]


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("api_url", None, "api_url: found nothing; expected NetBox's address, such as https://netbox.example/. Set"),
        ("api_url", "netbox.example", "api_url: found 'netbox.example'; expected NetBox's address"),
        ("api_url", "https://[::1", "api_url: found 'https://[::1'; expected NetBox's address"),
        ("api_url", "https://netbox:70000", "api_url: found 'https://netbox:70000'; expected NetBox's address"),
        ("token", None, "token: found no token; expected NetBox's API token. Set NETBOX_TOKEN in the environment"),
        ("ca_file", "no.pem", "ca_file: found no file "),
        ("timeout", 0, "timeout: found 0; expected a whole number from 1 to 600"),
        ("page_size", 1001, "page_size: found 1001; expected a whole number from 1 to 1000"),
        ("shrink_limit", 101, "shrink_limit: found 101; expected a whole number from 0 to 100"),
    ],
)
def test_api_options_that_cannot_be(source, option, value, problem):
    (line,) = refusal(api_config, API | {option: value}, source)
    assert line.startswith(problem)


def test_secrets_are_not_shown(source):
    lines = refusal(api_config, API | {"api_url": "https://jan:geheim@netbox.example/", "token": "se cret"}, source)
    assert lines == [
        "api_url: found a user name, password, query or fragment in the address; expected an address alone. "
        "Set `api_url`, or NETBOX_API in the environment.",
        "token: found a token with blanks or characters outside ASCII; expected NetBox's API token. "
        "Set NETBOX_TOKEN in the environment, or `token_file`.",
    ]
    assert "abc" not in repr(api_config(API, source))


def test_a_token_file_goes_before_the_token(source):
    (source.parent / "token").write_text("from-file\n")
    assert api_config(API | {"token_file": "token"}, source).token == "from-file"


def test_a_token_file_that_is_not_there(source):
    with pytest.raises(WerkplekError) as caught:
        api_config(API | {"token_file": "token"}, source)
    assert str(caught.value).splitlines()[1] == (
        f"  {source.parent}/token: found No such file or directory; expected a file that holds NetBox's API token"
    )


def test_unknown_options_are_named_with_the_known_ones(source):
    (problem,) = unknown_options(["plugin", "tokn"], ["token", "plugin"], source)
    assert str(problem) == f"{source}: found unknown option 'tokn'; expected one of plugin, token"
