"""Enrolling a candidate on a version of a référentiel (R-CAN-1)."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import User
from candidates.enums import VoieAcces
from candidates.models import Candidate, Enrolment
from candidates.services.filing import open_file
from candidates.services.linking import declare_link
from candidates.signals import enrolled
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.operations import already_made
from referentiel.models import Bloc, Referentiel

__all__ = ["declare_link", "enrol", "open_file"]

EARLIEST = date(2000, 1, 1)
LATEST = timedelta(days=366)  # from today
_RACES = 5


def enrol(
    candidate: Candidate,
    *,
    referentiel: Referentiel,
    voie_acces: VoieAcces,
    enrolled_on: date,
    by: User,
    blocs: Iterable[Bloc] | None = None,
    operation: UUID | None = None,
) -> Enrolment:
    """Enrol on a published version, for the named blocs or, without ``blocs``, for all of them.

    The same ``operation`` sent twice enrols once.
    """
    if not EARLIEST <= enrolled_on <= timezone.localdate() + LATEST:
        raise InvalidInput("La date d’inscription est trop ancienne ou trop lointaine : vérifiez l’année.")
    with transaction.atomic():
        list(candidate.enrolments.select_for_update().order_by("pk"))  # what they acquired elsewhere stays as it is
        Candidate.objects.select_for_update().get(pk=candidate.pk)
        known = already_made(Enrolment, operation=operation, by=by)
        if known:
            return known
        published = _published(referentiel)
        aimed = _aimed(published, blocs)
        enrolment = _create(candidate, published, voie_acces, enrolled_on)
        enrolment.blocs.set(aimed)
        journal.record(
            "enrolment.opened",
            enrolment,
            by=by,
            operation=operation,
            data={"referentiel": published.pk, "voie_acces": voie_acces, "blocs": [bloc.number for bloc in aimed]},
        )
        enrolled.send(Enrolment, enrolment=enrolment, by=by)
    return enrolment


def _published(referentiel: Referentiel) -> Referentiel:
    published = Referentiel.objects.published().select_related("certification").filter(pk=referentiel.pk).first()
    if published is None:
        raise Refusal("On ne s’inscrit que sur un référentiel publié et en vigueur.")
    return published


def _aimed(referentiel: Referentiel, blocs: Iterable[Bloc] | None) -> list[Bloc]:
    aimed = list(referentiel.blocs.all() if blocs is None else blocs)
    if not aimed or any(bloc.referentiel_id != referentiel.pk for bloc in aimed):
        raise Refusal("Choisissez des blocs de ce référentiel.")
    return sorted(aimed, key=lambda bloc: bloc.number)


def _create(candidate: Candidate, referentiel: Referentiel, voie_acces: VoieAcces, enrolled_on: date) -> Enrolment:
    """The caller holds the candidate's row; enrolments of other candidates may take the same number first."""
    if candidate.enrolments.filter(referentiel=referentiel).exists():
        raise Refusal(f"Ce candidat est déjà inscrit sur {referentiel}.")
    for _ in range(_RACES):
        try:
            with transaction.atomic():
                return Enrolment.objects.create(
                    number=_next_number(enrolled_on),
                    candidate=candidate,
                    referentiel=referentiel,
                    voie_acces=voie_acces,
                    enrolled_on=enrolled_on,
                )
        except IntegrityError:
            continue
    raise Refusal("Trop d’inscriptions se font en ce moment : recommencez dans un instant.")


def _next_number(enrolled_on: date) -> str:
    """The next file number of the year: "2026-00042"; the unique constraint settles a race."""
    prefix = f"{enrolled_on.year}-"
    taken = Enrolment.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    last = taken.values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"
