"""What letters are drafted from, and the letters of a session (R-JUR-6)."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from juries.appeal_delay import last_day
from juries.enums import AppealState, Outcome
from juries.letter_document import LetterPage
from juries.letters import Reexamined, Ruling
from juries.models import Decision, JurySession, Letter
from juries.wordings import wording_of


def unwritten(session: JurySession) -> QuerySet[Decision]:
    """The decisions of ``session`` that have no letter yet, with what one is drafted from."""
    return (
        session.decisions.taken()
        .filter(letter=None)
        .select_related("dossier", "enrolment", "decided_by")
        .prefetch_related("enrolment__blocs")
    )


def ruling_of(decision: Decision, *, session: JurySession, signatory: str) -> Ruling:
    return Ruling(
        outcome=Outcome(decision.outcome),
        blocs=tuple(decision.blocs),
        motive=decision.motive,
        held_on=timezone.localdate(session.held_at),
        signatory=signatory,
        appeal_months=session.referentiel.reglement.appeal_months,
        aimed=frozenset(bloc.number for bloc in decision.enrolment.blocs.all()),
        reexamined=_reexamined_by(decision, session),
    )


def _reexamined_by(decision: Decision, session: JurySession) -> Reexamined | None:
    """What ``decision`` re-examined, if the candidate was told of it (R-JUR-6); at most two queries."""
    candidacy = session.candidacies.filter(enrolment=decision.enrolment_id).select_related("reexamines__session")
    found = candidacy.first()
    former = found.reexamines if found else None
    if found is None or former is None or former.session is None or not former.session.published_at:
        return None
    return Reexamined(
        held_on=timezone.localdate(former.session.held_at),
        upheld=former.appeals.filter(state=AppealState.UPHELD).exists(),
        reason=found.reexamination_reason,
        stands=decision.postpones_id is not None,
    )


def letters_for(user: User, session: JurySession) -> QuerySet[Letter]:
    """The letters of ``session`` about the candidates this person may know of (R-JUR-2)."""
    return (
        Letter.objects.filter(decision__in=Decision.objects.visible_to(user).filter(session=session))
        .select_related("decision__enrolment__candidate", "edited_by")
        .order_by("decision__enrolment__candidate__family_name", "decision__enrolment__candidate__given_names")
    )


def letter_for(user: User) -> QuerySet[Letter]:
    """The letters about decisions this person may know of; a candidate's own once published (R-CAN-4)."""
    return Letter.objects.filter(decision__in=Decision.objects.visible_to(user)).select_related(
        "decision__enrolment__candidate",
        "decision__session__referentiel__certification",
        "decision__session__referentiel__reglement",
        "edited_by",
    )


def page_of(letter: Letter) -> LetterPage:
    decision = letter.decision
    session = decision.session
    assert session is not None
    referentiel = session.referentiel
    published_on = timezone.localdate(session.published_at) if session.published_at else None
    contestable_from = None if decision.postpones_id else published_on
    return LetterPage(
        certifier=referentiel.certification.certifier,
        certification=referentiel.certification.title,
        rncp_code=referentiel.certification.rncp_code,
        candidate=decision.enrolment.candidate.full_name,
        number=decision.enrolment.number,
        session=session.name,
        held_on=timezone.localdate(session.held_at),
        title=wording_of(decision.outcome, postponing=decision.postpones_id is not None).title,
        body=letter.body,
        published_on=published_on,
        appeal_until=last_day(contestable_from, referentiel.reglement.appeal_months) if contestable_from else None,
    )
