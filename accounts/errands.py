"""What was given to one person beside their roles: told by the applications above, read with the roles, in one query.

An errand opens a place of the navigation, never a right: rights are the predicates'.
"""

from collections.abc import Callable

from django.db.models import Exists

Errand = Callable[[], Exists]
"""Whether the grant of a role at hand is of somebody who was given it: ``OuterRef("user")`` is that person."""

_known: dict[str, Errand] = {}


def register(name: str, given: Errand) -> None:
    """Declare an errand, once, when the application that gives it starts."""
    _known[name] = given


def known() -> dict[str, Exists]:
    return {name: given() for name, given in _known.items()}
