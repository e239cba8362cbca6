"""Rows of every model that publication freezes, and the ways to try and change them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from referentiel.enums import AskState
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Equivalence,
    Publication,
    PublicationRequest,
    Referentiel,
    Reglement,
    Section,
    SousElement,
)
from referentiel.protections import PROTECTIONS
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

CHANGES: dict[type[models.Model], dict[str, Any]] = {
    Bloc: {"title": "Autre"},
    Activite: {"title": "Autre"},
    Competence: {"statement": "Autre"},
    Critere: {"text": "Autre"},
    Section: {"text": "Autre"},
    Reglement: {"appeal_months": 9},
    SousElement: {"text": "Autre"},
    Referentiel: {"version": 9},
    Certification: {"title": "Autre"},
    Publication: {"fingerprint": "b" * 64},
    PublicationRequest: {"fingerprint": "b" * 64},
    Equivalence: {"earlier_id": None},
}
NEW_KEYS: dict[type[models.Model], dict[str, Any]] = {
    Bloc: {"number": 99},
    Activite: {"code": "A9.9"},
    Competence: {"code": "C9.9"},
    Critere: {"number": 99},
    Section: {"position": 99},
    SousElement: {"position": 99},
    PublicationRequest: {"fingerprint": "c" * 64},
}
FROZEN = [protection.model for protection in PROTECTIONS]
FREE = {protection.model: protection.free for protection in PROTECTIONS}
IN_THE_TREE = list(NEW_KEYS)
BY_HAND = [model for model in IN_THE_TREE if model is not PublicationRequest]
"""What the technical administration repairs in a draft; the rest has its own page."""


def draft(**options: Any) -> Referentiel:
    referentiel = build_referentiel(blocs=2, published=False, **options)
    SousElement.objects.create(critere=referentiel.criteres.first(), position=1, text="Sous-élément")
    asked_and_withdrawn(referentiel)
    Equivalence.objects.create(bloc=referentiel.blocs.get(number=1), earlier=build_referentiel().blocs.get())
    return referentiel


def asked_and_withdrawn(referentiel: Referentiel) -> PublicationRequest:
    """A request of before, that its own author took back."""
    user, now = UserFactory(), timezone.now()
    return PublicationRequest.objects.create(
        referentiel=referentiel,
        fingerprint="a" * 64,
        asked_at=now,
        asked_by=user,
        state=AskState.WITHDRAWN,
        settled_at=now,
        settled_by=user,
    )


def row_of(model: type[models.Model], referentiel: Referentiel) -> Any:
    path = {
        Certification: "referentiels",
        Referentiel: "pk",
        SousElement: "critere__referentiel",
        Equivalence: "bloc__referentiel",
    }.get(model, "referentiel")
    return model._default_manager.filter(**{path: referentiel.pk}).order_by("pk").first()


def refused(action: Callable[[], Any], row: Any) -> None:
    """The action is refused in our words, and the row is as it was."""
    before = type(row)._default_manager.filter(pk=row.pk).values().get()
    with pytest.raises((IntegrityError, ProtectedError), match=r"publié|protected"), transaction.atomic():
        action()
    assert type(row)._default_manager.filter(pk=row.pk).values().get() == before


def another_value(field: Any, value: Any) -> Any:
    """What the column does not hold: a new key, nothing instead of something, something instead of nothing."""
    if field.primary_key:
        return value + 1000
    if value is not None:
        return None
    target = field.related_model._meta.pk if field.related_model else field
    return str(uuid.uuid4()) if isinstance(target, models.UUIDField) else "1"


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def copy_of(row: Any, **changes: Any) -> Any:
    return type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"id": None} | changes)


def frozen() -> Referentiel:
    """The same tree, published."""
    referentiel = draft()
    publish(referentiel)
    return referentiel
