"""What the jury's side does when the assessments say something happened, in the same transaction."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from assessments.signals import all_blocs_acquired, evidence_changed, reopening_asked
from candidates.models import Candidate, Enrolment
from candidates.signals import accommodations_changed, civil_status_changed
from juries.services.deciding import refuse_touching_what_is_decided
from juries.services.dossiers import mark_stale, order_dossier


@receiver(all_blocs_acquired)
def order_the_dossier(sender: Any, *, enrolment: Enrolment, by: User, **_: Any) -> None:
    """The last bloc orders one dossier and one proposal (R-VAL-4)."""
    order_dossier(enrolment, by=by)


@receiver([evidence_changed, accommodations_changed])
def flag_stale_dossiers(sender: Any, *, enrolment: Enrolment, **_: Any) -> None:
    mark_stale(enrolment)


@receiver(civil_status_changed)
def flag_dossiers_of_another_name(sender: Any, *, candidate: Candidate, **_: Any) -> None:
    """A dossier printed with the former civil status is stale (R-JUR-3)."""
    for enrolment in candidate.enrolments.select_related("candidate"):
        mark_stale(enrolment)


@receiver(reopening_asked)
def keep_what_a_decision_rests_on(sender: Any, *, enrolment: Enrolment, **_: Any) -> None:
    """Raises Refusal when a jury has decided on this candidate (R-SCO-8)."""
    refuse_touching_what_is_decided(enrolment)
