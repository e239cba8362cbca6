"""The checks are checked: marking without one of its protections is seen by the scenario below (R-SCO-3, R-SCO-4).

Each mutant is the real source with one line changed; the scenario passes on the real one and fails on each of them.
"""

import inspect
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from assessments.marks import MarkValue
from assessments.models import Grille, Mark
from assessments.queries.review import criteres_of
from assessments.services import marking
from core.models import JournalEntry
from tests import scenes

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE_COMMIT = (
    "return _change(grille, critere, value, from_version, operation, trace, by)",
    "acknowledgement = _change(grille, critere, value, from_version, operation, trace, by)\n"
    "            transaction.set_rollback(True)  # the worker dies between its answer and its commit\n"
    "            return acknowledgement",
)
NO_VERSION_TEST = ("if (mark.version if mark else 0) != from_version:", "if False:")
NO_UNIQUE_OPERATION = ("        operation=operation,\n", "")


def mutant(original: str, replacement: str) -> ModuleType:
    source = inspect.getsource(marking)
    assert source.count(original) == 1, "the mutant no longer applies: the source has changed"
    module = ModuleType("mutant")
    module.__dict__["__name__"] = "assessments.services.mutant"
    exec(compile(source.replace(original, replacement), "mutant", "exec"), module.__dict__)  # noqa: S102  # our own source
    return module


def changer(module: ModuleType, grille: Grille) -> Callable[..., Any]:
    critere = criteres_of(grille)[0]

    def change(verdict: str, version: int, operation: Any = None) -> Any:
        operation = operation or uuid4()
        value = MarkValue(verdict)
        try:
            return module.change_mark(
                grille, critere=critere, value=value, from_version=version, operation=operation, by=grille.evaluateur
            )
        except module.StaleMark as stale:
            return stale

    return change


def acknowledged_means_stored_once_and_nothing_is_overwritten(module: ModuleType) -> None:
    """The scenario: a change, its replay, a stale change; what each is told is what the database holds."""
    change = changer(module, scenes.grille_of(scenes.a_soutenance()))
    operation = uuid4()

    first = change("acquis", 0, operation)
    assert stored_as_another_connection_sees_it() == [("acquis", first.version)]
    assert change("acquis", 0, operation) == first  # the answer was lost: asked again, answered the same
    assert JournalEntry.objects.filter(verb="mark.changed", operation=operation).count() == 1

    stale = change("non_acquis", 0)
    assert isinstance(stale, module.StaleMark)
    assert stored_as_another_connection_sees_it() == [("acquis", 1)]


def stored_as_another_connection_sees_it() -> list[tuple[str, int]]:
    seen: list[tuple[str, int]] = []

    def look() -> None:
        seen.extend(Mark.objects.values_list("verdict", "version"))
        connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    looking.join()
    return seen


def test_the_real_service_passes() -> None:
    acknowledged_means_stored_once_and_nothing_is_overwritten(marking)


@pytest.mark.parametrize(
    "change",
    [BEFORE_COMMIT, NO_VERSION_TEST, NO_UNIQUE_OPERATION],
    ids=["acknowledged before commit", "no version test", "no unique operation"],
)
def test_a_service_without_one_of_its_protections_is_seen(change: tuple[str, str]) -> None:
    with pytest.raises(AssertionError):
        acknowledged_means_stored_once_and_nothing_is_overwritten(mutant(*change))
