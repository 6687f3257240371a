"""Markdown as GitHub and GitLab read it (GFM 0.29), and Ansible's markup in it.

Ansible's markup: docs.ansible.com, "Ansible markup"; the forms are those of ansible-doc.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(
    r"\b(?:(?P<semantic>O|V|E|RV)\((?P<value>(?:[^\\)]|\\.)+)\)"
    r"|P\((?P<plugin>[^#)]+)#(?P<type>[a-z]+)\)"
    r"|(?P<style>[IBCMU])\((?P<text>[^)]+)\)"
    r"|(?P<link>[LR])\((?P<words>[^)]+?), *(?P<target>[^),]+)\))"
)
# What O() and RV() may name before the option: the plugin it is of, or that it is of none.
_OWNER = re.compile(r"ignore:|[\w.]+#role:\w+:|[\w.]+#[a-z]+:")
_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)")


def prose(text: str) -> str:
    """Text with Ansible's markup, as a paragraph: what is no markup of Ansible's is none of Markdown's either."""
    pieces: list[str] = []
    end = 0
    for match in _MARKUP.finditer(text):
        pieces += [_literal(text[end : match.start()]), _marked(match)]
        end = match.end()
    pieces.append(_literal(text[end:]))
    paragraph = " ".join("".join(pieces).split())
    return re.sub(r"^(\d*)([#>+.)-])", r"\1\\\2", paragraph)  # no heading, quote or list


def _literal(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def _marked(match: re.Match[str]) -> str:
    if semantic := match["semantic"]:
        value = re.sub(r"\\(.)", r"\1", match["value"])
        return code(_OWNER.sub("", value, count=1) if semantic in {"O", "RV"} else value)
    if match["plugin"]:
        return f"{code(match['plugin'])} ({match['type']})"
    if match["link"]:
        words = _literal(match["words"])
        return f"[{words}]({match['target']})" if match["link"] == "L" else words
    text = match["text"]
    styles = {"I": f"*{_literal(text)}*", "B": f"**{_literal(text)}**", "U": f"<{text}>"}
    return styles.get(match["style"], code(text))


def code(text: str) -> str:
    """Text as it is typed; the fence is longer than any row of backticks in it."""
    longest = max((len(row) for row in re.findall("`+", text)), default=0)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{'`' * (longest + 1)}{space}{text}{space}{'`' * (longest + 1)}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '\\|') for cell in line)} |" for line in lines)
