"""Who was to be heard, whether they came, and whom the session waits for to close (R-JUR-5)."""

from core.templatetags.fr import time_fr
from juries.chairing import REFERRED
from juries.enums import Hearing, Outcome
from juries.models import Candidacy, JurySession
from juries.queries.chairing import chair_of
from juries.queries.recusals import barred_candidates


def unnoted_hearings(session: JurySession) -> list[Candidacy]:
    """The candidates decided on of whom nobody noted that they were heard, or absent; what keeps it from closing.

    Neither who was referred to another session, since nobody could hear them, nor whom nobody present may judge any
    more, since nobody could note it. One query when there are none; a few more for each the president may not judge.
    """
    judged = session.decisions.taken().exclude(outcome=Outcome.ADJOURNED, motive=REFERRED)
    waiting = list(
        session.candidacies.filter(
            heard_at__isnull=False, hearing="", enrolment__in=judged.order_by().values("enrolment")
        ).select_related("enrolment__candidate")
    )
    if not waiting:
        return []
    president = session.members.select_related("user").get(is_president=True).user
    barred = {enrolment.pk for enrolment in barred_candidates(president, session)}
    return [one for one in waiting if one.enrolment_id not in barred or chair_of(session, one.enrolment)]


def hearing_in_words(candidacy: Candidacy, *, judged: bool = True) -> str:
    """At what hour a candidate was to be heard and whether they were; "" when the jury deliberated on the dossier.

    ``judged`` is False of whom this session decided nothing about: nothing noted, no hearing was held.
    """
    if candidacy.heard_at is None:
        return ""
    hour = time_fr(candidacy.heard_at)
    called = f"convoqué(e) à {hour}" if candidacy.convoked_at else f"audition prévue à {hour}, sans convocation"
    if candidacy.hearing == Hearing.HEARD:
        assert candidacy.hearing_held_at is not None  # a constraint says so
        return f"entendu(e) à {time_fr(candidacy.hearing_held_at)} ({called})"
    if candidacy.hearing == Hearing.ABSENT:
        return f"{called}, absent(e)"
    return f"{called} ; {'sa venue n’a pas été notée' if judged else 'audition non tenue'}"
