"""Who may read which dossier, and in which session they would judge it."""

from django.db.models import QuerySet

from accounts.models import User
from assessments.models import Deliverable
from juries.models import Dossier, JurySession, Reading
from juries.queries.recusals import recusal_reasons


def dossiers_for(user: User) -> QuerySet[Dossier]:
    """Organisers and auditeurs read all dossiers; a member those of the candidates of their sessions."""
    return Dossier.objects.visible_to(user).select_related(
        "enrolment__candidate", "enrolment__referentiel__certification", "pdf"
    )


def deliverables_of(dossier: Dossier) -> QuerySet[Deliverable]:
    """What the candidate handed in for the soutenances of this enrolment, in their order."""
    return (
        Deliverable.objects.standing()
        .filter(soutenance__enrolment=dossier.enrolment_id)
        .select_related("file", "soutenance")
        .order_by("soutenance__starts_at", "added_at", "pk")
    )


def judging_session(user: User, dossier: Dossier) -> JurySession | None:
    """The session, not yet closed, in which ``user`` judges the dossier's candidate (R-CAN-2); None for others.

    A member who stands back for this candidate does not judge them (R-JUR-2).
    """
    if recusal_reasons(user, dossier.enrolment):
        return None
    return (
        JurySession.objects.filter(members__user=user, candidacies__enrolment=dossier.enrolment_id, closed_at=None)
        .order_by("held_at")
        .first()
    )


def readings_of(dossier: Dossier, session: JurySession) -> QuerySet[Reading]:
    """Who of the session told that they have read this revision, in the order they did."""
    found = Reading.objects.filter(dossier=dossier, member__session=session)
    return found.select_related("member__user").order_by("read_at")
