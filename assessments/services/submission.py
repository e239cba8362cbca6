"""Submitting a grille: locked, and what it lets the candidate acquire, in one transaction (R-SCO-8, R-VAL-3).

With two évaluateurs the soutenance ends when both have submitted and agree on every CE (R-SCO-9).
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.enums import MARKABLE, SOUTENANCE_TRANSITIONS, SoutenanceState
from assessments.models import Grille, Reopening, Soutenance
from assessments.queries.concertation import differences_of, is_concerting, unsettled
from assessments.queries.records import conclude
from assessments.queries.review import missing_in
from assessments.services.acquiring import Acquired, record_acquired
from assessments.services.locking import lock_enrolment, lock_grille, refuse_barred
from assessments.services.recognising import recognise_again
from assessments.services.settling import drop_pointless
from assessments.signals import all_blocs_acquired, evidence_changed
from assessments.verdicts import CertificationConclusion
from candidates.models import Enrolment
from core import journal
from core.exceptions import Refusal


class IncompleteGrille(Refusal):
    """CE are not judged, or required comments are missing; ``missing`` lists them for the page to link to."""

    def __init__(self, missing: int) -> None:
        noun = "point reste" if missing == 1 else "points restent"
        super().__init__(f"{missing} {noun} à compléter avant de soumettre.")


class AlreadySubmitted(Refusal):
    """Somebody, or an earlier click, submitted it already."""


def submit(grille: Grille, *, by: User) -> CertificationConclusion:
    """Lock the grille; end the soutenance unless the other évaluateur is awaited or disagrees (R-SCO-9).

    Ending it records what is now acquired, and orders dossier and proposal with the last bloc (R-VAL-4).
    Raises AlreadySubmitted or IncompleteGrille; nothing is changed then.
    """
    with transaction.atomic():
        enrolment = lock_enrolment(grille.soutenance.enrolment_id)  # so that two last blocs are counted in turn
        grille = lock_grille(grille)
        _refuse_unless_submittable(grille)
        Grille.objects.filter(pk=grille.pk).update(submitted_at=timezone.now())
        ended = _both_agree(grille.soutenance, by)
        acquired, conclusion = _end(grille.soutenance, enrolment) if ended else (Acquired([], []), conclude(enrolment))
        journal.record("grille.submitted", grille, by=by, data=_told(acquired))
        if ended:
            _announce(grille.soutenance, enrolment, conclusion, acquired, by)
    return conclusion


def confirm_agreement(soutenance: Soutenance, *, by: User) -> CertificationConclusion:
    """End a soutenance whose two évaluateurs have settled every difference (R-SCO-9); either of them may.

    Raises AlreadySubmitted, or Refusal while something differs.
    """
    with transaction.atomic():
        enrolment = lock_enrolment(soutenance.enrolment_id)
        locked = Soutenance.objects.select_for_update().get(pk=soutenance.pk)
        if locked.state == SoutenanceState.SUBMITTED:
            raise AlreadySubmitted("Cette soutenance est déjà évaluée.")
        if not is_concerting(locked):
            raise Refusal("La concertation s’ouvre quand les deux évaluateurs ont soumis leur grille.")
        if left := len(unsettled(locked)):
            noun = "désaccord reste" if left == 1 else "désaccords restent"
            raise Refusal(f"{left} {noun} à concilier avant de confirmer.")
        acquired, conclusion = _end(locked, enrolment)
        journal.record("soutenance.agreed", locked, by=by, data=_told(acquired))
        _announce(locked, enrolment, conclusion, acquired, by)
    return conclusion


def _both_agree(soutenance: Soutenance, by: User) -> bool:
    """Whether nothing more is awaited; what had been settled and no longer differs is dropped."""
    if not soutenance.second_evaluateur_id:
        return True
    if not is_concerting(soutenance):
        return False
    drop_pointless(soutenance, by=by)
    return not differences_of(soutenance)


def _end(soutenance: Soutenance, enrolment: Enrolment) -> tuple[Acquired, CertificationConclusion]:
    Soutenance.objects.filter(pk=soutenance.pk).update(state=SoutenanceState.SUBMITTED)
    conclusion = conclude(enrolment)
    return record_acquired(enrolment, conclusion), conclusion


def _announce(
    soutenance: Soutenance, enrolment: Enrolment, conclusion: CertificationConclusion, acquired: Acquired, by: User
) -> None:
    """Dossiers are stale; all blocs acquired order another, also when a reopened grille comes back (R-VAL-4)."""
    evidence_changed.send(Enrolment, enrolment=enrolment)
    if acquired.blocs:
        recognise_again(enrolment, by=by)
    if conclusion.acquired and (acquired.blocs or Reopening.objects.filter(grille__soutenance=soutenance).exists()):
        all_blocs_acquired.send(Enrolment, enrolment=enrolment, by=by)


def _told(acquired: Acquired) -> dict[str, object]:
    return {"acquired_competences": acquired.competences, "acquired_blocs": acquired.blocs}


def _refuse_unless_submittable(grille: Grille) -> None:
    if grille.is_submitted:
        raise AlreadySubmitted("Cette grille est déjà soumise.")
    state = SoutenanceState(grille.soutenance.state)
    if state in MARKABLE:
        refuse_barred(grille)
    if state in MARKABLE and (missing := missing_in(grille)):
        raise IncompleteGrille(len(missing))
    if SoutenanceState.SUBMITTED not in SOUTENANCE_TRANSITIONS[state]:
        raise Refusal(f"Cette soutenance est {state.label.lower()} : sa grille ne peut pas être soumise.")
