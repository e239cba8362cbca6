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

    A member who stands back for this candidate does not judge them, nor one who has not declared their conflicts of
    interest yet (R-JUR-2).
    """
    if recusal_reasons(user, dossier.enrolment):
        return None
    return _sitting_for(user, dossier, declared=True).first()


def awaiting_declaration(user: User, dossier: Dossier) -> JurySession | None:
    """The session that waits for the declaration of ``user`` before they judge the dossier's candidate (R-JUR-2)."""
    return _sitting_for(user, dossier, declared=False).first()


def _sitting_for(user: User, dossier: Dossier, *, declared: bool) -> QuerySet[JurySession]:
    seated = JurySession.objects.filter(members__user=user, members__declared_at__isnull=not declared, closed_at=None)
    return seated.filter(candidacies__enrolment=dossier.enrolment_id).order_by("held_at")


def readings_of(dossier: Dossier, session: JurySession) -> QuerySet[Reading]:
    """Who of the session told that they have read this revision, in the order they did."""
    found = Reading.objects.filter(dossier=dossier, member__session=session)
    return found.select_related("member__user").order_by("read_at")
