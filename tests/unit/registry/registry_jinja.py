"""What an expression gives: by Jinja, by Ansible, and compiled."""

from ansible.parsing.dataloader import DataLoader
from jinja2 import ChainableUndefined, Environment, StrictUndefined, UndefinedError

from werkplek.registry.door import evaluate
from werkplek.registry.expressions import Undefined


class Missing(ChainableUndefined, StrictUndefined):
    """As in Ansible: an attribute of what is undefined is undefined, and anything else done with it fails."""


JINJA = Environment(undefined=Missing, autoescape=False)


def by_jinja(text, variables):
    """("value", type, value), ("undefined",) or ("error",), as Jinja has it."""
    try:
        value = JINJA.compile_expression(text, undefined_to_none=False)(variables)
    except UndefinedError:
        return ("undefined",)
    except TypeError:
        return ("error",)
    return ("undefined",) if isinstance(value, Missing) else ("value", type(value), value)


def by_us(function, variables):
    try:
        value = function(variables)
    except Undefined:
        return ("undefined",)
    except TypeError:
        return ("error",)
    return ("value", type(value), value)


def by_ansible(text, variables):
    try:
        value = evaluate(DataLoader(), text, variables)
    except Undefined:
        return ("undefined",)
    except ValueError:
        return ("error",)
    return ("value", type(value), value)
