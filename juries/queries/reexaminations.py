"""Decisions that may be taken again, and before whom (R-JUR-5)."""

from django.db.models import QuerySet

from juries.enums import SessionState
from juries.models import Candidacy, Decision, JurySession


def reexaminable() -> QuerySet[Decision]:
    """The decisions that stand and that their session has closed."""
    return (
        Decision.objects.live()
        .filter(session__closed_at__isnull=False)
        .select_related("enrolment__candidate", "enrolment__referentiel__certification", "session")
    )


def pending_reexamination(decision: Decision) -> Candidacy | None:
    """Where ``decision`` waits to be taken again; None when nowhere."""
    waiting = decision.reexaminations.filter(session__closed_at=None)
    return waiting.select_related("session").order_by("session__held_at").first()


def sessions_to_reexamine(decision: Decision) -> QuerySet[JurySession]:
    """The sessions being prepared on the same version before which the candidate is not presented yet."""
    return (
        JurySession.objects.filter(referentiel=decision.enrolment.referentiel_id, state=SessionState.PREPARING)
        .exclude(candidacies__enrolment=decision.enrolment_id)
        .order_by("held_at")
    )
