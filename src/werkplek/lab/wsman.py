"""The words of WS-Management as WinRM speaks it: requests read, responses and faults written. No state.

Sources: [MS-WSMV] 3.1.4 (shell operations Create, Command, Send, Receive, Signal, Delete), DMTF DSP0226 (faults), and
wsmerror.h of the Windows SDK for the fault codes.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
COMMAND_SHELL = f"{SHELL}/cmd"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
CONTENT_TYPE = "application/soap+xml;charset=UTF-8"
NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": ADDRESSING,
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": SHELL,
    "x": TRANSFER,
}
ACTIONS = {
    f"{TRANSFER}/Create": "Create",
    f"{TRANSFER}/Delete": "Delete",
    f"{SHELL}/Command": "Command",
    f"{SHELL}/Send": "Send",
    f"{SHELL}/Receive": "Receive",
    f"{SHELL}/Signal": "Signal",
}
# [MS-WSMV] 2.2.4.24: what a service waits when the client names no OperationTimeout.
DEFAULT_TIMEOUT = 60.0
_OPEN = "<s:Envelope " + " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items()) + ">"
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


class WsmanFault(Exception):
    """A SOAP fault for the client: Windows's numeric `code`, the DMTF `subcode` and one sentence."""

    def __init__(self, code: int, subcode: str, text: str, relates_to: str = "uuid:0") -> None:
        self.code, self.subcode, self.text, self.relates_to = code, subcode, text, relates_to
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `operation` is a value of ACTIONS, `timeout` is in seconds, `body` the one element it carries."""

    operation: str
    message_id: str
    shell_id: str
    timeout: float
    options: dict[str, str]
    body: ET.Element | None

    def fault(self, code: int, subcode: str, text: str) -> WsmanFault:
        """A fault that answers this request."""
        return WsmanFault(code, subcode, text, self.message_id)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one Send carries for a command."""

    command_id: str
    data: bytes
    end: bool


def parse(body: bytes) -> Request:
    """Read one envelope.

    Raises:
        WsmanFault: not XML, an action or a resource other than the command shell's.
    """
    root = _xml(body)
    header = root.find("s:Header", NAMESPACES)
    if header is None:
        raise WsmanFault(2150858870, "w:SchemaValidationError", "The SOAP envelope has no header.")
    message_id = header.findtext("a:MessageID", "uuid:0", NAMESPACES)
    action = header.findtext("a:Action", "", NAMESPACES).strip()
    resource = header.findtext("w:ResourceURI", "", NAMESPACES).strip()
    if action not in ACTIONS:
        text = f"The action URI {action or '(none)'} is not one of the command shell's."
        raise WsmanFault(2150858753, "a:ActionNotSupported", text, message_id)
    if resource != COMMAND_SHELL:
        text = f"The resource URI {resource or '(none)'} is not known here; this lab has only {COMMAND_SHELL}."
        raise WsmanFault(2150858752, "a:DestinationUnreachable", text, message_id)
    selectors = {
        item.get("Name", ""): (item.text or "").strip()
        for item in header.iterfind("w:SelectorSet/w:Selector", NAMESPACES)
    }
    options = {
        item.get("Name", ""): (item.text or "").strip() for item in header.iterfind("w:OptionSet/w:Option", NAMESPACES)
    }
    return Request(
        operation=ACTIONS[action],
        message_id=message_id,
        shell_id=selectors.get("ShellId", ""),
        timeout=duration(header.findtext("w:OperationTimeout", "", NAMESPACES)),
        options=options,
        body=root.find("s:Body/*", NAMESPACES),
    )


def _xml(body: bytes) -> ET.Element:
    # No document type, so no entities: nothing in the envelope can grow or reach out.
    if b"<!DOCTYPE" in body:
        raise WsmanFault(2150858870, "w:SchemaValidationError", "A document type is not allowed in a SOAP envelope.")
    try:
        return ET.fromstring(body)  # noqa: S314 (see above)
    except ET.ParseError as error:
        raise WsmanFault(2150858870, "w:SchemaValidationError", f"The request is not XML: {error}.") from error


def duration(text: str) -> float:
    """Seconds of an xs:duration without days (`PT20S`); DEFAULT_TIMEOUT for an empty or other text."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return DEFAULT_TIMEOUT
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def command_line(request: Request) -> str:
    """The command and its arguments in one line: 2.19 sends them apart, later versions in one element."""
    parts = [] if request.body is None else [item.text or "" for item in request.body]
    return " ".join(part for part in parts if part)


def command_id(request: Request) -> str:
    """The command that a Send, Receive or Signal is about; empty when it names none."""
    if request.body is None:
        return ""
    inner = request.body.find("*")
    return request.body.get("CommandId", "") or ("" if inner is None else inner.get("CommandId", ""))


def chunk(request: Request) -> Chunk:
    """The stdin that a Send carries.

    Raises:
        WsmanFault: no stream, or one that is not base64.
    """
    stream = None if request.body is None else request.body.find("rsp:Stream", NAMESPACES)
    if stream is None:
        raise request.fault(2150858870, "w:SchemaValidationError", "Send carries no stream.")
    try:
        data = base64.b64decode(stream.text or "", validate=True)
    except binascii.Error as error:
        raise request.fault(2150858870, "w:SchemaValidationError", "The stream is not base64.") from error
    return Chunk(stream.get("CommandId", ""), data, stream.get("End", "").lower() == "true")


def envelope(action: str, relates_to: str, body: str) -> bytes:
    """A response around `body`, which is XML already."""
    return (
        f"{_OPEN}<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>"
        f"<a:To>{ADDRESSING}/role/anonymous</a:To><a:RelatesTo>{escape(relates_to)}</a:RelatesTo></s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def created(request: Request, address: str, shell_id: str) -> bytes:
    """Answer to Create."""
    return envelope(
        f"{TRANSFER}/CreateResponse",
        request.message_id,
        f"<x:ResourceCreated><a:Address>http://{address}/wsman</a:Address><a:ReferenceParameters>"
        f'<w:ResourceURI>{COMMAND_SHELL}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell_id}'
        f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
        f"<rsp:Shell><rsp:ShellId>{shell_id}</rsp:ShellId></rsp:Shell>",
    )


def deleted(request: Request) -> bytes:
    """Answer to Delete."""
    return envelope(f"{TRANSFER}/DeleteResponse", request.message_id, "")


def started(request: Request, command: str) -> bytes:
    """Answer to Command: the new command's id."""
    body = f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"
    return envelope(f"{SHELL}/CommandResponse", request.message_id, body)


def accepted(request: Request) -> bytes:
    """Answer to Send and Signal."""
    return envelope(f"{SHELL}/{request.operation}Response", request.message_id, f"<rsp:{request.operation}Response/>")


def output(request: Request, command: str, streams: Iterable[tuple[str, bytes]], exit_code: int) -> bytes:
    """Answer to Receive for a command that has ended: each stream whole, closed, then the state Done."""
    parts = []
    for name, data in streams:
        if data:
            text = base64.b64encode(data).decode()
            parts.append(f'<rsp:Stream Name="{name}" CommandId="{command}">{text}</rsp:Stream>')
        parts.append(f'<rsp:Stream Name="{name}" CommandId="{command}" End="true"/>')
    state = (
        f'<rsp:CommandState CommandId="{command}" State="{SHELL}/CommandState/Done">'
        f"<rsp:ExitCode>{exit_code}</rsp:ExitCode></rsp:CommandState>"
    )
    body = f"<rsp:ReceiveResponse>{''.join(parts)}{state}</rsp:ReceiveResponse>"
    return envelope(f"{SHELL}/ReceiveResponse", request.message_id, body)


def fault(error: WsmanFault, machine: str) -> bytes:
    """A fault's envelope; it goes out with HTTP status 500 (DSP0226 16)."""
    text = escape(error.text)
    return envelope(
        FAULT_ACTION,
        error.relates_to,
        f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{error.subcode}</s:Value></s:Subcode>"
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail><f:WSManFault '
        f'xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{error.code}" Machine="{machine}">'
        f"<f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>",
    )
