"""A SIMULATED restart of a pretend host, and the commands with which ansible.windows.win_reboot makes and watches it.

No PowerShell runs. Only the texts that win_reboot sends (plugin_utils/_reboot.py of ansible.windows 3) are known, to
the letter, and answered as Windows would: when it started, `shutdown.exe /r`, `shutdown.exe /a`, and the look for the
registry key that the sign-in screen leaves. A task with a boot_time_command or a test_command of its own is refused.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from werkplek.errors import WerkplekError
from werkplek.lab.windows import Host, Outcome, Power, close_shells, stop_restart

LOG = logging.getLogger(__name__)
LINE = "PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand "
TAIL = (
    "; If (-not $?) { If (Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue)"
    " { exit $LASTEXITCODE } Else { exit 1 } }"
)
LOGON_KEY = r"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\AutoLogonChecked"
BOOT_TIME = "(Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime).LastBootUpTime.ToFileTime()"
ABORT = r"C:\Windows\System32\shutdown.exe /a"
SHUTDOWN = r"""$ErrorActionPreference = 'Continue'

if ($%s) {
    Remove-Item -LiteralPath '%s' -Force -ErrorAction SilentlyContinue
}

$stdout = $null
$stderr = . { C:\Windows\System32\shutdown.exe /r /t %s /c %s | Set-Variable stdout } 2>&1 | ForEach-Object ToString

If (Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue) {
    $rc = $LASTEXITCODE
} Else {
    $rc=1
}

ConvertTo-Json -Compress -InputObject @{
    stdout = (@($stdout) -join "`n")
    stderr = (@($stderr) -join "`n")
    rc = $rc
}
"""
TEST = "Get-Item -LiteralPath '%s' -ErrorAction Stop; '%s'"

OFF_SECONDS = 1.0  # from the last word of the old Windows to the first of the new
LOGON_SECONDS = 0.5  # until the new one shows its sign-in screen
# What shutdown.exe says for ERROR_SHUTDOWN_IS_SCHEDULED and ERROR_NO_SHUTDOWN_IN_PROGRESS (winerror.h).
SCHEDULED = "A system shutdown has already been scheduled.(1190)"
NONE_SCHEDULED = "Unable to abort the system shutdown because no shutdown was in progress.(1116)"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def _exactly(wanted: str, **patterns: str) -> re.Pattern[str]:
    """`wanted` to the letter, but for its `<name>`s, which are `patterns`."""
    exact = re.escape(wanted)
    for name, pattern in patterns.items():
        exact = exact.replace(re.escape(f"<{name}>"), pattern)
    return re.compile(exact)


_SHUTDOWN = _exactly(SHUTDOWN % ("True", LOGON_KEY, "<delay>", "<text>"), delay=r"(\d+)", text="'(?:[^']|'')*'")
_TEST = _exactly(TEST % (LOGON_KEY, "<word>"), word="(success-[0-9a-f-]{36})")


def script_of(line: str) -> str | None:
    """The PowerShell in a command line as win_reboot makes it; None for any other line."""
    if not line.startswith(LINE):
        return None
    try:
        script = base64.b64decode(line.removeprefix(LINE), validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return script.removesuffix(TAIL) if script.endswith(TAIL) else None


@dataclass(frozen=True, slots=True)
class Restarts:
    """Answers win_reboot. `booted` tells when a host started; `finish` does on it what waits for a restart."""

    booted: Callable[[Host], Awaitable[datetime]]
    finish: Callable[[Host], Awaitable[None]]

    async def run(self, host: Host, script: str) -> Outcome | None:
        """The answer to a script; None when it is none of win_reboot's."""
        if script == BOOT_TIME:
            return _said(str((await self.booted(host) - _EPOCH) // timedelta(microseconds=1) * 10))
        if script == ABORT:
            return await _abort(host)
        if match := _SHUTDOWN.fullmatch(script):
            return self._shut_down(host, float(match[1]))
        if match := _TEST.fullmatch(script):
            return _logon_screen(host, match[1])
        return None

    def _shut_down(self, host: Host, delay: float) -> Outcome:
        if host.power.restart is not None:
            return _said(json.dumps({"stderr": SCHEDULED, "rc": 1190, "stdout": ""}))
        host.power.logon_screen = math.inf
        host.power.restart = asyncio.create_task(self._restart(host, delay))
        return _said(json.dumps({"stderr": "", "rc": 0, "stdout": ""}))

    async def _restart(self, host: Host, delay: float) -> None:
        await asyncio.sleep(delay)
        host.power.off = True
        LOG.info("%s: restarts", host.name)
        await close_shells(host)
        try:
            async with host.busy:
                await asyncio.sleep(OFF_SECONDS)
                await self.finish(host)
        except WerkplekError:
            LOG.exception("%s: does not come back", host.name)
            return
        host.power = Power(logon_screen=time.monotonic() + LOGON_SECONDS)


async def _abort(host: Host) -> Outcome:
    if host.power.restart is None:
        return Outcome(b"", f"{NONE_SCHEDULED}\r\n".encode(), 1116)
    await stop_restart(host)
    return _said("")


def _logon_screen(host: Host, word: str) -> Outcome:
    """win_reboot waits for the key that the sign-in screen leaves, in place of one that the old Windows had."""
    if time.monotonic() < host.power.logon_screen:
        missing = f"Get-Item : Cannot find path '{LOGON_KEY}' because it does not exist."
        return Outcome(b"", f"{missing}\r\n".encode(), 1)
    return _said(word)


def _said(text: str) -> Outcome:
    return Outcome(f"{text}\r\n".encode())
