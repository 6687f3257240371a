from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkplek.lab import wsman

HEADER = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
)


def request(action: str, body: str = "", *, resource: str = wsman.COMMAND_SHELL, timeout: str = "PT20S") -> bytes:
    return (
        f"{HEADER}<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID>"
        f"<w:ResourceURI>{resource}</w:ResourceURI><w:OperationTimeout>{timeout}</w:OperationTimeout>"
        '<w:SelectorSet><w:Selector Name="ShellId">AB</w:Selector></w:SelectorSet>'
        '<w:OptionSet><w:Option Name="WINRS_CODEPAGE">65001</w:Option></w:OptionSet>'
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def refused(body: bytes) -> wsman.WsmanFault:
    with pytest.raises(wsman.WsmanFault) as caught:
        wsman.parse(body)
    return caught.value


def test_reads_a_request() -> None:
    read = wsman.parse(request(f"{wsman.SHELL}/Signal", '<rsp:Signal CommandId="7"/>'))
    assert (read.operation, read.message_id, read.shell_id, read.timeout) == ("Signal", "uuid:1", "AB", 20.0)
    assert read.options == {"WINRS_CODEPAGE": "65001"}
    assert wsman.command_id(read) == "7"


def test_an_action_it_does_not_know_is_a_fault() -> None:
    fault = refused(request("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"))
    assert (fault.code, fault.subcode, fault.relates_to) == (2150858753, "a:ActionNotSupported", "uuid:1")
    assert fault.text == (
        "The action URI http://schemas.xmlsoap.org/ws/2004/09/transfer/Get is not one of the command shell's."
    )


def test_powershell_remoting_is_a_fault() -> None:
    uri = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
    fault = refused(request(f"{wsman.TRANSFER}/Create", resource=uri))
    assert (fault.code, fault.subcode) == (2150858752, "a:DestinationUnreachable")
    assert fault.text == f"The resource URI {uri} is not known here; this lab has only {wsman.COMMAND_SHELL}."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"not xml", "The request is not XML: syntax error: line 1, column 0."),
        (b"<a/>", "The SOAP envelope has no header."),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "A document type is not allowed in a SOAP envelope."),
    ],
)
def test_what_is_no_envelope_is_a_fault(body: bytes, text: str) -> None:
    assert refused(body).text == text


def test_a_stream_that_is_not_base64_is_a_fault() -> None:
    body = '<rsp:Send><rsp:Stream Name="stdin" CommandId="7">!</rsp:Stream></rsp:Send>'
    with pytest.raises(wsman.WsmanFault, match=r"^The stream is not base64\.$"):
        wsman.chunk(wsman.parse(request(f"{wsman.SHELL}/Send", body)))
    with pytest.raises(wsman.WsmanFault, match=r"^Send carries no stream\.$"):
        wsman.chunk(wsman.parse(request(f"{wsman.SHELL}/Send")))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<rsp:Command>powershell</rsp:Command><rsp:Arguments>-a b</rsp:Arguments>", "powershell -a b"),
        ("<rsp:Command>powershell -a b</rsp:Command>", "powershell -a b"),
    ],
)
def test_reads_a_command_line_in_one_or_two_parts(body: str, line: str) -> None:
    read = wsman.parse(request(f"{wsman.SHELL}/Command", f"<rsp:CommandLine>{body}</rsp:CommandLine>"))
    assert wsman.command_line(read) == line


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT20S", 20), ("PT1M0.5S", 60.5), ("PT1H", 3600), ("", 60), ("PT", 60), ("P1D", 60)]
)
def test_durations(text: str, seconds: float) -> None:
    assert wsman.duration(text) == seconds


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_no_text_breaks_a_fault(text: str) -> None:
    body = wsman.fault(wsman.WsmanFault(1, "w:InternalError", text, text), "127.0.0.1")
    root = wsman._xml(body)
    assert root.findtext(".//s:Text", "", wsman.NAMESPACES) == text
    assert root.findtext(".//a:RelatesTo", "", wsman.NAMESPACES) == text
