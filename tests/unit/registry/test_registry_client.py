import ssl
from dataclasses import replace

import pytest
import trustme
from registry_server import TOKEN

from werkplek.errors import WerkplekError
from werkplek.registry.client import NetBoxClient, authorization

DEVICES = "/api/dcim/devices/"
AGAIN = "Run again; if it stays, look at NetBox's own log."


def devices(api, limit=1000, **options):
    with NetBoxClient(api, **options) as client:
        return client.page("dcim/devices", {"fields": "id", "offset": "0"}, limit)


def version(api):
    with NetBoxClient(api) as client:
        return client.version()


def refusal(api, call=devices):
    with pytest.raises(WerkplekError) as caught:
        call(api)
    lines = str(caught.value).splitlines()
    assert lines[0] == "The registry could not be read; no host was taken from it"
    assert len(lines) == 2, "one clear error"
    assert TOKEN not in lines[1]
    return lines[1]


def on_devices(answer):
    def fault(handler, path, query):
        if path != DEVICES:
            return False
        answer(handler, query)
        return True

    return fault


def test_a_page_is_what_was_announced_and_headers_say_what_is_wanted(server, api):
    page = devices(api)
    assert [row["id"] for row in page.rows] == [1, 2, 3, 4, 5, 6]
    assert (page.count, page.clamped) == (6, False)
    _path, query, headers = server.requests[0]
    assert query == {"fields": "id", "offset": "0", "limit": "1000"}
    assert "gzip" in headers["Accept-Encoding"]
    assert headers["Authorization"] == f"Token {TOKEN}"


def test_a_page_that_netbox_clamps_is_whole_and_says_so(server, api):
    server.max_page_size = 4
    page = devices(api)
    assert (page.count, len(page.rows), page.clamped) == (6, 4, True)
    assert not devices(api, limit=4).clamped


@pytest.mark.parametrize(("token", "header"), [("nbt_abc.def", "Bearer nbt_abc.def"), ("0123abcd", "Token 0123abcd")])
def test_both_kinds_of_token(token, header):
    assert authorization(token) == header


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "Check the token (NETBOX_TOKEN or `token_file`)."),
        (403, "Check the token (NETBOX_TOKEN or `token_file`) and its view permissions."),
        (404, "Check `api_url`."),
        (429, "NetBox is limiting its callers: try again later."),
        (500, AGAIN),
        (502, AGAIN),
        (503, AGAIN),
    ],
)
def test_an_error_status(server, api, status, remedy):
    server.fault = on_devices(lambda handler, _query: handler.answer({"detail": f"no {TOKEN}"}, status=status))
    line = refusal(api)
    assert line.startswith(f"  {server.url}api/dcim/devices/?fields=id")
    assert line.endswith(f": found HTTP {status} (no ***); expected HTTP 200. {remedy}")


def test_a_wrong_token(server, api):
    line = refusal(replace(api, token="wrong"), version)
    assert line.startswith(f"  {server.url}api/status/: found HTTP 403 (Invalid token); expected HTTP 200.")


def test_a_time_out(server, api):
    held = []
    server.fault = on_devices(lambda handler, _query: held.append(handler.connection.recv(1)))
    line = refusal(replace(api, timeout=0.2))
    assert line.endswith(": found no answer within 0.2 s; expected an answer. Raise `timeout`, or try later.")


def test_a_cut_connection(server, api):
    def cut(handler, _query):
        handler.wfile.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"count": 6'
        )
        handler.close_connection = True

    server.fault = on_devices(cut)
    line = refusal(api)
    assert ": found a connection that broke (peer closed connection without sending complete message body" in line
    assert line.endswith(f"; expected a whole answer. {AGAIN}")


def test_no_netbox_there(api, unused_port):
    line = refusal(replace(api, url=f"http://127.0.0.1:{unused_port}/"), version)
    assert f"127.0.0.1:{unused_port}/api/status/: found no connection (" in line
    assert line.endswith("; expected a NetBox that answers. Check `api_url`, the network and NetBox.")


def test_a_short_page_is_asked_for_once_more_and_then_refused(server, api):
    def short(handler, query):
        page = handler.page(DEVICES, query)
        handler.answer(page | {"results": page["results"][:-1]})

    server.fault = on_devices(short)
    assert refusal(api).endswith(f": found HTTP 200 with 5 rows; expected 6 rows (count 6). {AGAIN}")
    assert len(server.requests) == 2


def test_an_empty_page_that_announces_rows(server, api):
    server.fault = on_devices(lambda handler, _query: handler.answer({"count": 6, "next": None, "results": []}))
    assert refusal(api).endswith(f": found HTTP 200 with 0 rows; expected 6 rows (count 6). {AGAIN}")


def test_a_login_page(server, api):
    server.fault = on_devices(lambda handler, _query: handler.answer(b"<html>Log in</html>", content_type="text/html"))
    assert refusal(api).endswith(
        ": found HTTP 200 with text/html; expected HTTP 200 with application/json. "
        "Check `api_url`: a login page or a proxy answered."
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"count": 6, ', "text that is not JSON"),
        (rb'{"count": 0, "next": "\ud800", "results": []}', "text that is not JSON"),
        ([], "a JSON list"),
        ({"results": []}, "an object with results"),
        ({"count": "6", "next": None, "results": []}, "an object with count, next, results"),
        ({"count": 1, "next": None, "results": ["x"]}, "an object with count, next, results"),
        ({"count": 1, "next": None, "results": [{"id": "1"}]}, "an object with count, next, results"),
    ],
)
def test_a_wrong_shape(server, api, body, found):
    server.fault = on_devices(lambda handler, _query: handler.answer(body))
    assert f": found HTTP 200 with {found}; expected " in refusal(api)


def test_a_redirect_is_not_followed(server, api):
    headers = [("Location", "http://elsewhere.example/")]
    server.fault = on_devices(lambda handler, _query: handler.answer(b"", status=302, headers=headers))
    assert refusal(api).endswith(
        ": found HTTP 302, a redirect to http://elsewhere.example/; expected HTTP 200. "
        "Set `api_url` to the address that answers by itself."
    )


def test_something_else_than_netbox(server, api):
    server.fault = lambda handler, _path, _query: handler.answer({"hello": 1}) or True
    line = refusal(api, version)
    assert line.endswith("found HTTP 200 without 'netbox-version'; expected NetBox's status. Check `api_url`.")


def busy(times, headers, status=429):
    left = [times]

    def fault(handler, path, _query):
        if path != DEVICES or left[0] == 0:
            return False
        left[0] -= 1
        handler.answer({"detail": "slow down"}, status=status, headers=headers)
        return True

    return fault


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(server, api, status):
    slept = []
    server.fault = busy(2, [("Retry-After", "7")], status)
    assert [row["id"] for row in devices(api, sleep=slept.append).rows] == [1, 2, 3, 4, 5, 6]
    assert slept == [7, 7]


def test_retry_after_may_be_a_date(server, api):
    slept = []
    server.fault = busy(1, [("Retry-After", "Thu, 01 Jan 2015 00:00:00 GMT")])
    devices(api, sleep=slept.append)
    assert slept == [0]


@pytest.mark.parametrize(("after", "waits"), [("20", [20, 20, 20]), ("61", []), ("40", [40]), ("soon", []), ("-1", [])])
def test_waiting_has_a_bound(server, api, after, waits):
    slept = []
    server.fault = busy(99, [("Retry-After", after)])
    with pytest.raises(WerkplekError, match=r"HTTP 429 \(slow down\)"):
        devices(api, sleep=slept.append)
    assert slept == waits


@pytest.fixture
def tls_server(server, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return server


def test_a_certificate_must_verify(tls_server, api, tmp_path):
    url = tls_server.url.replace("http:", "https:")
    line = refusal(replace(api, url=url), version)
    assert line.startswith(f"  {url}api/status/: found a certificate that does not verify (")
    assert line.endswith("); expected a certificate this machine trusts. Name the issuer's certificate in `ca_file`.")
    assert version(replace(api, url=url, ca_file=tmp_path / "ca.pem")) == "4.4.10"
    assert version(replace(api, url=url, verify=False)) == "4.4.10"


def test_a_certificate_file_without_certificates(api, tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")
    line = refusal(replace(api, url="https://127.0.0.1:1/", ca_file=tmp_path / "ca.pem"))
    assert line.endswith("ca.pem: found no usable certificate; expected certificates in PEM form. Check `ca_file`.")


def test_a_proxy_of_the_environment_does_not_see_this_machine(server, api, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert version(api) == "4.4.10"
