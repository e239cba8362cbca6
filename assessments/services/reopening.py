"""Giving a submitted grille back to its évaluateur (R-SCO-8, R-VAL-3)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.enums import SoutenanceState
from assessments.marks import checked_text
from assessments.models import Grille, Reopening, Soutenance
from assessments.queries.records import conclude
from assessments.services.acquiring import record_acquired, withdraw_resting_on
from assessments.services.locking import lock_enrolment, lock_grille
from assessments.services.recognising import recognise_again, recognised_on, withdraw_recognised
from assessments.signals import all_blocs_acquired, evidence_changed, reopening_asked
from candidates.models import Enrolment
from core import journal
from core.exceptions import InvalidInput, Refusal


class AlreadyReopened(Refusal):
    """Somebody, or an earlier click, reopened this submission already."""


def reopen(grille: Grille, *, submission: datetime, reason: str, by: User) -> Reopening:
    """Unlock ``grille`` as it was submitted at ``submission``, and withdraw what rested on it.

    What other submitted grilles support is recorded again on their evidence (R-VAL-3).
    Raises AlreadyReopened, InvalidInput, or whatever Refusal a decision resting on it calls for (R-SCO-8).
    """
    reason = checked_text(reason.strip(), "Le motif")
    if not reason:
        raise InvalidInput("Indiquez le motif : l’évaluateur le lit, et il reste au journal.")
    with transaction.atomic():
        enrolment = lock_enrolment(grille.soutenance.enrolment_id)
        locked = lock_grille(grille)
        if locked.submitted_at is None or locked.submitted_at != submission:
            raise AlreadyReopened("Cette grille a déjà été rouverte.")
        resting = recognised_on(locked.soutenance)
        for one in (enrolment, *{row.enrolment_id: row.enrolment for row in resting}.values()):
            reopening_asked.send(Enrolment, enrolment=one)
        return _reopen(locked, enrolment, reason, by)


def _reopen(grille: Grille, enrolment: Enrolment, reason: str, by: User) -> Reopening:
    now, soutenance = timezone.now(), grille.soutenance
    assert grille.submitted_at is not None
    reopening = Reopening.objects.create(
        grille=grille, submitted_at=grille.submitted_at, reopened_at=now, reopened_by=by, reason=reason
    )
    Grille.objects.filter(pk=grille.pk).update(submitted_at=None)
    was_evidence = soutenance.state == SoutenanceState.SUBMITTED
    Soutenance.objects.filter(pk=soutenance.pk).update(state=SoutenanceState.RUNNING)
    withdrawn = withdraw_resting_on(soutenance, reason=reason, at=now)
    conclusion = conclude(enrolment)
    kept = record_acquired(enrolment, conclusion)
    journal.record(
        "grille.reopened",
        grille,
        by=by,
        reason=reason,
        data={
            "submitted_at": reopening.submitted_at.isoformat(),
            "withdrawn_competences": withdrawn.competences,
            "withdrawn_blocs": withdrawn.blocs,
            "kept_competences": kept.competences,
            "kept_blocs": kept.blocs,
        },
    )
    if was_evidence:
        evidence_changed.send(Enrolment, enrolment=enrolment)
    withdraw_recognised(recognised_on(soutenance), reason=reason, at=now, by=by)
    recognise_again(enrolment, by=by)
    if conclusion.acquired and kept.blocs:
        all_blocs_acquired.send(Enrolment, enrolment=enrolment, by=by)
    return reopening
