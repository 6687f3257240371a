import os

import pytest
from registry_refusals import option_refusal, refusal_of

from werkplek.registry.api_config import api_config, is_loopback

TOKEN = "0123456789abcdef"
API = {
    "api_url": "https://netbox.example/api/",
    "token": TOKEN,
    "token_file": None,
    "validate_certs": True,
    "ca_file": None,
    "timeout": 60,
    "page_size": 1000,
}
ADDRESS = "expected NetBox's address, such as https://netbox.example/. Set `api_url`, or NETBOX_API in the environment."
NO_TOKEN = "expected NetBox's API token. Set NETBOX_TOKEN in the environment, or `token_file`."


@pytest.fixture
def source(tmp_path):
    return tmp_path / "registry.yml"


def made(source, **options):
    return api_config(API | options, source)


def refusal(source, **options):
    return option_refusal(api_config, API | options, source)


@pytest.mark.parametrize(
    "url",
    [
        "https://netbox.example",
        "https://netbox.example/",
        "https://netbox.example//",
        "https://netbox.example/api",
        "https://netbox.example/api/",
        " https://netbox.example/\n",
    ],
)
def test_the_address_has_one_spelling(source, url):
    assert made(source, api_url=url).url == "https://netbox.example/"


def test_an_address_with_a_path_and_a_port(source):
    assert made(source, api_url="https://intern.example:8443/netbox/api").url == "https://intern.example:8443/netbox/"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "http://127.9.9.9"])
def test_plain_http_is_for_this_machine(source, url):
    assert made(source, api_url=url).url == url + "/"


def test_plain_http_elsewhere_is_refused_unless_certificates_are_not_checked_either(source):
    assert refusal(source, api_url="http://netbox.example") == [
        "api_url: found 'http://netbox.example'; expected https://, so that the token is not sent in clear text. "
        "Or set validate_certs: false."
    ]
    assert made(source, api_url="http://netbox.example", validate_certs=False).verify is False


@pytest.mark.parametrize("host", ["localhost.example", "10.0.0.1", "::2", "example", ""])
def test_other_machines_are_not_this_one(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (None, "nothing"),
        ("", "nothing"),
        (" ", "nothing"),
        ("netbox.example", "'netbox.example'"),
        ("ftp://netbox.example", "'ftp://netbox.example'"),
        ("https://", "'https://'"),
        ("https://[::1", "'https://[::1'"),
        ("https://netbox:70000", "'https://netbox:70000'"),
        ("https://netbox:0", "'https://netbox:0'"),
        ("https://netbox:http", "'https://netbox:http'"),
        ("https://netbox .example", "'https://netbox .example'"),
        ("https://net\tbox.example", "'https://net\\tbox.example'"),
        ("https://netbox.example/\x00", "'https://netbox.example/\\x00'"),
    ],
)
def test_what_is_no_address(source, url, found):
    assert refusal(source, api_url=url) == [f"api_url: found {found}; {ADDRESS}"]


@pytest.mark.parametrize(
    "url",
    [
        "https://jan:geheim@netbox.example/",
        "https://jan@netbox.example/",
        "https://netbox.example/?token=geheim",
        "https://netbox.example/#geheim",
        "https://netbox.example\\@geheim.example/",
    ],
)
def test_an_address_is_an_address_alone_and_is_not_shown(source, url):
    assert refusal(source, api_url=url) == [
        "api_url: found a user name, password, query or fragment in the address; expected an address alone. "
        "Set `api_url`, or NETBOX_API in the environment."
    ]


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("token", None, f"token: found no token; {NO_TOKEN}"),
        ("token", " \n", f"token: found no token; {NO_TOKEN}"),
        ("token", "se cret", f"token: found a token with blanks or characters outside ASCII; {NO_TOKEN}"),
        ("token", "caf\u00e9", f"token: found a token with blanks or characters outside ASCII; {NO_TOKEN}"),
        ("token", "a\nb", f"token: found a token with blanks or characters outside ASCII; {NO_TOKEN}"),
        ("timeout", 0, "timeout: found 0; expected a whole number from 1 to 600"),
        ("timeout", 601, "timeout: found 601; expected a whole number from 1 to 600"),
        ("timeout", True, "timeout: found True; expected a whole number from 1 to 600"),
        ("timeout", 1.5, "timeout: found 1.5; expected a whole number from 1 to 600"),
        ("page_size", 1001, "page_size: found 1001; expected a whole number from 1 to 1000"),
        ("page_size", "50", "page_size: found '50'; expected a whole number from 1 to 1000"),
    ],
)
def test_api_options_that_cannot_be(source, option, value, problem):
    assert refusal(source, **{option: value}) == [problem]


def test_a_file_of_certificates_that_is_not_there(source):
    assert refusal(source, ca_file="no.pem") == [
        f"ca_file: found no file {source.parent}/no.pem; expected certificates in PEM form"
    ]
    (source.parent / "issuer.pem").touch()
    assert made(source, ca_file="issuer.pem").ca_file == source.parent / "issuer.pem"


def test_secrets_are_not_shown(source):
    config = made(source)
    assert repr(config) == str(config) == "ApiConfig(url='https://netbox.example/', token=***)"
    assert TOKEN not in config.fingerprint()
    assert refusal(source, api_url="https://jan:geheim@netbox.example/", token="geheim geheim") == [
        "api_url: found a user name, password, query or fragment in the address; expected an address alone. "
        "Set `api_url`, or NETBOX_API in the environment.",
        f"token: found a token with blanks or characters outside ASCII; {NO_TOKEN}",
    ]


def test_a_fingerprint_tells_tokens_apart(source):
    assert made(source).fingerprint() == made(source, api_url="https://other.example").fingerprint()
    assert made(source).fingerprint() != made(source, token=TOKEN + "0").fingerprint()


def test_a_token_file_goes_before_the_token(source):
    (source.parent / "token").write_text(" from-file\n")
    assert made(source, token_file="token").token == "from-file"
    assert made(source, token_file="token", token=None).token == "from-file"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "No such file or directory; expected a file that holds NetBox's API token"),
        (b"caf\xc3\xa9", "text that is not ASCII; expected a file that holds NetBox's API token"),
        (b"\n", f"no token; {NO_TOKEN}"),
        (b"a b", f"a token with blanks or characters outside ASCII; {NO_TOKEN}"),
    ],
)
def test_a_token_file_that_cannot_be_used_is_named_and_the_token_is_not_used(source, content, found):
    if content is not None:
        (source.parent / "token").write_bytes(content)
    summary, problems = refusal_of(api_config, API | {"token_file": "token"}, source)
    assert summary == f"The registry's options in {source} cannot be used"
    assert problems == [f"{source.parent}/token: found {found}"]


def test_a_token_file_that_is_a_folder(source):
    _summary, problems = refusal_of(api_config, API | {"token_file": "."}, source)
    assert problems == [f"{source.parent}: found Is a directory; expected a file that holds NetBox's API token"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_token_file_of_someone_else(source):
    (source.parent / "token").touch(mode=0)
    _summary, problems = refusal_of(api_config, API | {"token_file": "token"}, source)
    assert problems == [
        f"{source.parent}/token: found Permission denied; expected a file that holds NetBox's API token"
    ]
