"""One effect per form, however many times it is sent.

``operation`` is a client-made identifier, journaled with what it made, which a unique constraint lets in once.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from core.exceptions import Refusal
from core.models import JournalEntry

Made = TypeVar("Made", bound=Model)


def already_told(about: type[Model], *, operation: UUID | None, by: Model) -> JournalEntry | None:
    """The entry this operation left the first time it was received; None when it is new.

    Raises Refusal when it was somebody else's, or concerned something else than ``about``.
    """
    entry = JournalEntry.objects.filter(operation=operation).first() if operation else None
    if entry and (entry.actor_id != by.pk or entry.subject_type != about._meta.label_lower):
        raise already_used()
    return entry


def already_made(model: type[Made], *, operation: UUID | None, by: Model) -> Made | None:
    """What this operation made the first time it was received; None when it is new."""
    entry = already_told(model, operation=operation, by=by)
    return model._default_manager.get(pk=entry.subject_id) if entry else None


def made_once(model: type[Made], make: Callable[[], Made], *, operation: UUID | None, by: Model) -> Made:
    """What this operation made the first time it was received, or what ``make`` makes now, in one transaction.

    A refusal is not the last word: the same form, received a second time, may have found what the first had just made.
    """
    try:
        with transaction.atomic():
            return already_made(model, operation=operation, by=by) or make()
    except (IntegrityError, Refusal):
        known = already_made(model, operation=operation, by=by)
        if known is None:
            raise
        return known


def already_used() -> Refusal:
    return Refusal("Ce formulaire a déjà servi à autre chose : rouvrez la page et recommencez.")
