"""A candidate whom no member present may judge goes to another session (R-JUR-2)."""

from django.db import transaction

from accounts.models import User
from core.exceptions import Refusal
from juries.chairing import REFERRED
from juries.enums import Outcome, SessionState
from juries.models import Candidacy, Decision
from juries.queries.chairing import chair_of
from juries.queries.elsewhere import certified_elsewhere
from juries.services.deciding import write_decision
from juries.services.deliberating import conclude_ballot
from juries.services.locking import locked_in


def refer_to_another_session(candidacy: Candidacy, *, by: User) -> Decision:
    """Adjourn, as a finding of fact and not a judgement: what a president may do about them though recused.

    Raises Refusal as long as somebody present may judge the candidate.
    """
    with transaction.atomic():
        session = locked_in(candidacy.session, SessionState.OPEN)
        enrolment = candidacy.enrolment
        if chair := chair_of(session, enrolment):
            raise Refusal(f"{chair.user} peut se prononcer sur ce candidat et préside sa délibération.")
        if certified_elsewhere(session).filter(enrolment=enrolment).exists():
            # An adjournment would take the place of their certification.
            raise Refusal("Ce candidat est déjà certifié par un autre jury : la session se clôt sans le juger.")
        for ballot in candidacy.ballots.select_for_update().filter(closed_at=None):
            conclude_ballot(ballot, result="", by=by)
        dossier = enrolment.dossiers.as_evidence_stands().first()
        if dossier is None:
            raise Refusal("Le dossier du candidat est en préparation : renvoyez-le dès qu’il est établi.")
        return write_decision(
            Decision.objects.taken().filter(session=session, enrolment=enrolment).first(),
            session=session,
            enrolment=enrolment,
            said={"dossier": dossier, "outcome": Outcome.ADJOURNED, "blocs": [], "motive": REFERRED},
            proposal=dossier.decisions.proposed().get(),
            by=by,
        )
