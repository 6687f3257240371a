"""What a README tells of the policy that its role enforces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from werkplek.documentation.markdown import code, prose, table
from werkplek.documentation.role_policies import Choice, ClassPolicy
from werkplek.policy.controls import BIO2_FILE, Source

FAMILY_NAMES: Mapping[str, str] = {"windows": "Windows", "linux": "Linux", "network_os": "network equipment"}


def policy_chapter(policy: ClassPolicy, root: str) -> Iterator[str]:
    """The chapter, as blocks of Markdown. `root` is the repository, from where the page stands."""
    yield "## What it enforces"
    if not policy.subjects:
        yield f"No policy file holds a setting for the class {code(policy.workplace_class)} yet."
        return
    yield (
        f"{_counts(policy)}, as data in [policies/]({root}/policies/). Settings for every answer to a choice are "
        "counted; one for each of a list, such as a municipality's printers, is counted once. What a host gets: "
        "`werkplek policy show HOST`."
    )
    yield (
        f"What the policies hold, and why: [docs/content.md]({root}/docs/content.md). How they are written: "
        f"[docs/policy-format.md]({root}/docs/policy-format.md)."
    )
    yield from ("### Subjects", _subjects(policy, root))
    yield from ("### Kinds of settings", _kinds(policy))
    if policy.choices:
        yield from _choices(policy, root)
    if policy.evidence:
        yield from _evidence(policy, root)
    if policy.sources:
        yield from ("### Sources", "\n".join(map(_source, policy.sources)))


def _counts(policy: ClassPolicy) -> str:
    total = sum(policy.settings.values())
    number = f"{total} setting{'s' * (total != 1)}"
    if len(policy.settings) == 1:
        return f"{number} for {FAMILY_NAMES[next(iter(policy.settings))]}"
    return f"{number}: {', '.join(f'{each} for {FAMILY_NAMES[family]}' for family, each in policy.settings.items())}"


def _subjects(policy: ClassPolicy, root: str) -> str:
    families = list(policy.settings)
    rows = [
        (
            prose(one.about),
            f"[{one.file.removeprefix('policies/')}]({root}/{one.file})",
            *(str(one.settings.get(family, "")) for family in families),
            ", ".join(one.sources),
            ", ".join(map(code, one.choices)),
        )
        for one in policy.subjects
    ]
    return table(
        ("subject", "file", *(FAMILY_NAMES[family] for family in families), "sources of controls", "choices"), rows
    )


def _kinds(policy: ClassPolicy) -> str:
    rows = [(code(kind), FAMILY_NAMES[family], str(number)) for (kind, family), number in policy.kinds.items()]
    return table(("kind", "for", "settings"), rows)


def _choices(policy: ClassPolicy, root: str) -> Iterator[str]:
    yield "### What a municipality chooses"
    yield (
        f"In [municipalities/]({root}/municipalities/), under `choices:`; a municipality that is not named here has "
        "the default."
    )
    rows = [
        (code(one.name), code(_word(one.default)), _answers(one), prose(one.about), _otherwise(one))
        for one in policy.choices
    ]
    yield table(("choice", "default", "answers", "about", "otherwise"), rows)


def _answers(choice: Choice) -> str:
    return ", ".join(map(_word, choice.answers)) or f"{choice.least} to {choice.most}"


def _otherwise(choice: Choice) -> str:
    return ", ".join(f"{who}: {code(_word(answer))}" for who, answer in choice.otherwise)


def _word(answer: object) -> str:
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _evidence(policy: ClassPolicy, root: str) -> Iterator[str]:
    yield "### BIO2"
    yield (
        f"{len(policy.evidence)} of {policy.listed}: the numbers of [{BIO2_FILE}]({root}/{BIO2_FILE}) that settings "
        "evidence which are enforced in some municipality, waivers aside. "
        "Which settings: `werkplek policy controls BIO2`, of all classes together."
    )
    rows = [
        (one.number, prose(one.label), "yes" if one.government else "no", str(one.settings)) for one in policy.evidence
    ]
    yield table(("number", "about", "government measure", "settings"), rows)


def _source(source: Source) -> str:
    if not source.title:
        return f"- {source.prefix}"
    title = prose(f"{source.title} {source.version}".strip())
    return f"- {source.prefix}: [{title}]({source.url})" if source.url else f"- {source.prefix}: {title}"
