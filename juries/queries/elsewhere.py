"""What other sessions have done, or are to do, with the candidates of a session (R-JUR-4, R-JUR-5)."""

from django.db.models import QuerySet

from candidates.models import Enrolment
from juries.models import Candidacy, Decision, JurySession


def certified_elsewhere(session: JurySession) -> QuerySet[Decision]:
    """The certifications that stand, of another session, about candidates ``session`` does not re-examine for them."""
    reexamined = session.candidacies.exclude(reexamines=None).values("reexamines")
    return (
        Decision.objects.certifying()
        .live()
        .filter(enrolment__candidacies__session=session)
        .exclude(session=session)
        .exclude(pk__in=reexamined)
        .select_related("enrolment__candidate", "session")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "pk")
    )


def awaited_elsewhere(enrolment: Enrolment, session: JurySession) -> Candidacy | None:
    """Where the candidate sits already, in a session other than ``session`` that is not closed; None when nowhere."""
    waiting = Candidacy.objects.filter(enrolment=enrolment, session__closed_at=None).exclude(session=session)
    return waiting.select_related("session", "enrolment__candidate").order_by("session__held_at").first()
