"""What a municipality may choose, with the default of each choice. A setting is for one answer: `on: {choice: ...}`.

Each choice is a field with a closed set of answers (`true`/`false`, or words) or a number in a range, and a default
that suits a municipality which says nothing. The description is what `werkplek policy` shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args, get_origin

from pydantic import Field

from werkplek.policy.fields import Strict

type Answer = bool | str | int


class Choices(Strict):
    """The choices of one municipality; what its document leaves out has the default below.

    A default never cuts people off from their work or administrators from a workplace; a stricter answer is a choice.
    """

    accessibility_redirection: bool = Field(
        default=True, description="Whether accessibility tools reach into Remote Desktop sessions"
    )
    administrator_protection: bool = Field(
        default=False, description="Whether administrators work through administrator protection (Windows 11 24H2)"
    )
    app_installer: bool = Field(default=False, description="Whether people may install with App Installer (winget)")
    attack_surface_rules: Literal["block", "record"] = Field(
        default="block", description="Whether attack-surface rules block, or only record as long as they are on trial"
    )
    batch_jobs: Literal["anyone", "administrators"] = Field(
        default="anyone", description="Who may run batch jobs; service accounts may need it"
    )
    bitlocker_data_drives: Literal["free", "recovery", "smart_card"] = Field(
        default="free",
        description="Rules for data drives: none, how they are recovered, or also unlocked by smart card only",
    )
    bitlocker_pin_length: Annotated[int, Field(ge=6, le=20)] = Field(
        default=6, description="Least number of characters of the PIN at startup"
    )
    bitlocker_startup: Literal["tpm", "pin"] = Field(
        default="tpm", description="What unlocks a workplace at startup: the TPM alone, or with a PIN"
    )
    device_lockout: bool = Field(
        default=False, description="Whether ten wrong passwords ask for the BitLocker recovery key"
    )
    dot1x: Literal["off", "monitor", "enforced"] = Field(
        default="off",
        description="Whether devices on switch ports are known by 802.1X or by address: not asked, recorded and let "
        "through, or kept out",
    )
    edge_extensions: Literal["any", "listed"] = Field(
        default="any", description="Edge extensions: any, or only those in desktop.edge_extensions"
    )
    end_disconnected_sessions: bool = Field(
        default=False, description="Whether a disconnected Remote Desktop session ends after a minute"
    )
    incoming_remote_desktop: bool = Field(
        default=True, description="Whether Remote Desktop may be switched on, for administrators to come in"
    )
    ipv6_autoconfiguration: bool = Field(
        default=True, description="Whether Linux takes IPv6 addresses from routers; where not, addresses are given"
    )
    kiosk_usb: Literal["no_storage", "input_only", "free"] = Field(
        default="no_storage",
        description="USB on kiosks: all but storage, only keyboards, mice and smart card readers, or everything",
    )
    laps: Literal["active_directory", "entra_id", "off"] = Field(
        default="active_directory", description="Where passwords of local administrators are kept"
    )
    office_macros: Literal["not_from_internet", "signed"] = Field(
        default="not_from_internet",
        description="Office macros that run: all but those from the internet, or only signed ones",
    )
    onedrive: bool = Field(default=True, description="Whether OneDrive may keep files")
    powershell_transcripts: bool = Field(
        default=False, description="Whether PowerShell keeps transcripts on session hosts, in each user's documents"
    )
    private_key_prompt: bool = Field(default=False, description="Whether the first use of a private key asks its user")
    protected_print: bool = Field(
        default=False, description="Whether session hosts print without drivers of makers (Windows Server 2025)"
    )
    remote_assistance: bool = Field(
        default=False, description="Whether people may ask for help through Windows' remote assistance"
    )
    removable_drives: Literal["encrypted", "free"] = Field(
        default="encrypted", description="Whether only encrypted USB sticks can be written to"
    )
    screen_lock_seconds: Annotated[int, Field(ge=60, le=900)] = Field(
        default=900, description="Seconds without a touch after which the screen locks"
    )
    security_key_redirection: bool = Field(
        default=True, description="Whether security keys work in Remote Desktop sessions"
    )
    session_clipboard: Literal["into_session", "both", "off"] = Field(
        default="into_session",
        description="What the clipboard of a session host takes over: into the session, both ways, or nothing",
    )
    session_drives: bool = Field(
        default=False, description="Whether sessions on a session host reach the drives of the device in front of them"
    )
    session_limits: Literal["working_day", "short"] = Field(
        default="working_day",
        description="When a session on a session host is disconnected and ended: two idle hours and six more, or "
        "fifteen minutes and one",
    )
    session_printers: bool = Field(
        default=True, description="Whether sessions on a session host print on printers of the device in front of them"
    )
    smb_client_encryption: bool = Field(default=False, description="Whether file servers must encrypt (SMB 3)")
    ssh_banner: bool = Field(default=True, description="Whether Linux says before sign-in over SSH for whom it is")
    standby_sleep: bool = Field(
        default=True, description="Whether laptops may sleep in standby (S1-S3), with keys in memory"
    )
    thunderbolt: Literal["guarded", "blocked"] = Field(
        default="guarded", description="Thunderbolt: guarded by kernel DMA protection, or blocked, docks too"
    )


def answers(name: str) -> tuple[Answer, ...]:
    """All answers of a choice with a closed set; empty for a number. Raises KeyError for an unknown name."""
    annotation = Choices.model_fields[name].annotation
    if annotation is bool:
        return (True, False)
    return tuple(get_args(annotation)) if get_origin(annotation) is Literal else ()


def chosen(values: Mapping[str, object], wanted: Mapping[str, tuple[Answer, ...]]) -> bool:
    """Whether a municipality's answers (`values`, by choice) are among those that a setting is for."""
    return all(values[name] in allowed for name, allowed in wanted.items())
