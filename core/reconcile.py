"""Does everything stored agree with everything else? Each application declares its checks in its ``reconcile.py``.

Run by `manage.py reconcile` after every fault test, restore and migration, and nightly.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

Check = Callable[[], Iterable[str]]
"""Returns what is wrong, one French sentence each, naming rows by their identifier and nobody by name."""

_checks: list[Check] = []


def reconciles(check: Check) -> Check:
    """Declare a check."""
    _checks.append(check)
    return check


def problems() -> list[str]:
    """Everything the declared checks find, on one snapshot where the database has them; empty when all agrees."""
    with _snapshot():
        return [sentence for check in _checks for sentence in _found_by(check)]


def _found_by(check: Check) -> Iterator[str]:
    """What ``check`` finds; what stops it halfway is itself a finding, and the other checks go on."""
    try:
        yield from check()
    except Exception as error:  # whatever was tampered with, the rest must still be read
        yield f"Le contrôle {check.__name__} s’est arrêté sur une donnée illisible ({type(error).__name__})."


@contextmanager
def _snapshot() -> Iterator[None]:
    """On PostgreSQL, one state of the database for all the checks: work going on meanwhile is no discrepancy."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
