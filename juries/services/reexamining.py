"""A decision is never retouched: the candidate is presented again, and a new decision takes its place (R-JUR-5)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from candidates.models import Enrolment
from core import journal
from core.exceptions import InvalidInput, Refusal
from juries.enums import SessionState
from juries.models import Candidacy, Decision, JurySession
from juries.queries.reexaminations import pending_reexamination, reexaminable
from juries.services.declaring import ask_to_declare_again
from juries.services.dossiers import order_dossier
from juries.services.elsewhere import refuse_awaited_elsewhere


def present_for_reexamination(
    session: JurySession, *, decision: Decision, reason: str, by: User, heard_at: datetime | None = None
) -> Candidacy:
    """Put before ``session`` a candidate already decided on, certified or not, and order the dossier it will judge on.

    ``decision`` is the one that stands, of a closed session; ``reason`` an appeal upheld, or the error that was found.
    The candidate may be heard again, at ``heard_at``: they are then convoked with the others. Members who have
    declared their conflicts of interest must again (R-JUR-2).
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Indiquez le motif du réexamen : le recours accueilli, ou l’erreur constatée.")
    with transaction.atomic():
        locked = JurySession.objects.select_for_update().get(pk=session.pk)
        enrolment = Enrolment.objects.select_for_update().get(pk=decision.enrolment_id)
        _refuse_out_of_place(locked, enrolment)
        _refuse_unless_it_stands(decision)
        refuse_awaited_elsewhere(locked, enrolment)
        candidacy = Candidacy.objects.create(
            session=locked,
            enrolment=enrolment,
            reexamines=decision,
            reexamination_reason=reason,
            heard_at=heard_at,
        )
        data = {
            "enrolment": str(enrolment.pk),
            "reexamines": str(decision.pk),
            "heard_at": heard_at.isoformat() if heard_at else None,
            "to_declare_again": ask_to_declare_again(locked),
        }
        journal.record("session.candidate_presented_again", locked, by=by, reason=reason, data=data)
        order_dossier(enrolment, by=by)
    return candidacy


def _refuse_out_of_place(session: JurySession, enrolment: Enrolment) -> None:
    if session.state != SessionState.PREPARING:
        state = session.get_state_display().lower()
        raise Refusal(f"La session est « {state} » : choisissez-en une en préparation.")
    if session.referentiel_id != enrolment.referentiel_id:
        raise Refusal("Ce candidat est inscrit sur une autre version du référentiel que celle de la session.")
    if session.members.filter(user__candidate=enrolment.candidate_id).exists():
        raise Refusal("Ce candidat siège dans cette session.")
    if session.candidacies.filter(enrolment=enrolment).exists():
        raise Refusal(
            "Ce candidat est déjà inscrit à cette session : retirez-le d’abord, puis présentez-le pour réexamen."
        )


def _refuse_unless_it_stands(decision: Decision) -> None:
    if not reexaminable().filter(pk=decision.pk).exists():
        raise Refusal(
            "Cette décision a été remplacée, ou sa session n’est pas close : le réexamen porte sur celle qui vaut."
        )
    waiting = pending_reexamination(decision)
    if waiting:
        raise Refusal(f"Cette décision attend déjà son réexamen, par la session « {waiting.session.name} ».")
