"""Kinds of the engine linux_policy about files: whole files, lines of configuration, options of the SSH server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator, model_validator

from werkplek.policy.fields import Ref, SecretRef, matching, wrong
from werkplek.policy.kind import Kind, LinuxKind, Target, Wire
from werkplek.policy.linux_fields import (
    AccountName,
    After,
    FilePath,
    Mode,
    State,
    check_content,
    check_hidden_text,
    check_some_text,
    check_writable,
)


class File(LinuxKind):
    """A file or folder: its content, owner, group and mode, as far as they are given; or that it is not there.

    With `if_present` all of that holds only where it exists. `after` is what a change sets off.
    """

    references = ("content",)

    path: FilePath
    state: Literal["file", "directory", "absent"] = "file"
    content: Annotated[str | Ref | SecretRef | None, PlainValidator(check_content)] = None
    owner: AccountName | None = None
    group: AccountName | None = None
    mode: Mode | None = None
    if_present: bool | None = None
    after: After | None = None

    @model_validator(mode="after")
    def _shape(self) -> File:
        given = [
            name for name in ("content", "owner", "group", "mode", "if_present") if getattr(self, name) is not None
        ]
        if self.state == "absent" and given:
            wrong("only path and after where state is absent", found=f"'{given[0]}' for what should be absent")
        if self.state == "directory" and self.content is not None:
            wrong("no content where state is directory", found="'content' for a folder")
        if self.state == "file" and not {*given} - {"if_present"}:
            wrong("content, owner, group or mode", found="a file of which nothing is decided")
        if self.state == "absent" or self.content is not None:
            check_writable(self.path)
        if isinstance(self.content, SecretRef) and (self.mode is None or self.mode[-1] != "0"):
            wrong("a mode that ends in 0, such as '0600'", found="a secret that every user may read")
        return self

    def target(self) -> Target:
        """The file."""
        return ("file", self.path)

    def clashes(self, other: Kind) -> bool:
        """The same file twice; or lines of a file that is decided whole, is a folder, or must go."""
        if isinstance(other, ConfigLine):
            return self.content is not None or self.state != "file"
        return True

    def absence(self) -> Wire | None:
        """The file is not there; a folder may hold what is not ours."""
        return None if self.state == "directory" else {"path": self.path, "state": "absent"}


_SEPARATOR = r"[ \t]*[=:][ \t]*|[ \t]+"


class ConfigLine(LinuxKind):
    """One line of a configuration file: `key`, `separator`, `value`; or the key alone as a line.

    `section` is the INI section that it stands in. Exactly one active line for the key is there, or none.
    """

    references = ("value",)

    path: FilePath
    key: Annotated[str, matching(r"(?![#;\[\s])[^\r\n]*\S", "the first words of a line, no comment or section")]
    value: Annotated[str | Ref | SecretRef | None, PlainValidator(check_hidden_text)] = None
    section: (
        Annotated[str, matching(r"[^\[\]\s](?:[^\[\]\r\n]*[^\[\]\s])?", "a section's name without brackets")] | None
    ) = None
    separator: Annotated[str, matching(_SEPARATOR, "'=', ':' or spaces, as they stand in the file")] | None = None
    state: State = "present"
    if_present: bool | None = None
    after: After | None = None

    @model_validator(mode="after")
    def _shape(self) -> ConfigLine:
        if self.state == "absent" and self.value is not None:
            wrong("no value where state is absent", found="'value' for what should be absent")
        if self.separator is not None and self.value is None and self.state == "present":
            wrong("a value beside it", found="'separator' where the key is the whole line")
        if self.value == "" and not (self.separator or "=").strip():
            wrong("a value that is not empty after a space", found="an empty value")
        check_writable(self.path)
        return self

    def target(self) -> Target:
        """The file: other settings about it may decide the same line."""
        return ("file", self.path)

    def clashes(self, other: Kind) -> bool:
        """The same key in the same section, or a file that is decided otherwise."""
        if not isinstance(other, ConfigLine):
            return other.clashes(self)
        return (self.section, self.key) == (other.section, other.key)

    def absence(self) -> Wire | None:
        """No active line has the key."""
        place = {name: getattr(self, name) for name in ("path", "key", "section", "separator", "if_present", "after")}
        return {"state": "absent", **{name: value for name, value in place.items() if value is not None}}


def _sshd_keyword(value: str) -> str:
    # sshd_config(5): they change what the lines after them mean, in a file where every option has its own setting
    if value.casefold() in {"match", "include"}:
        wrong("an option: a block of conditions or another file is no setting")
    return value


class SshdOption(LinuxKind):
    """An option of the SSH server for everybody, by its keyword in sshd_config(5)."""

    references = ("value",)

    name: Annotated[
        str,
        matching("[A-Za-z][A-Za-z0-9]+", "a keyword of sshd_config, such as MaxAuthTries"),
        AfterValidator(_sshd_keyword),
    ]
    value: Annotated[str | Ref, PlainValidator(check_some_text)]

    def target(self) -> Target:
        """The option; sshd does not see capitals."""
        return ("sshd_option", self.name.casefold())


FILE_KINDS: Mapping[str, type[LinuxKind]] = {"file": File, "config_line": ConfigLine, "sshd_option": SshdOption}
