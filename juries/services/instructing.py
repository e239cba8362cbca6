"""What the certificateur's people do with an appeal: give it to somebody, answer it (R-JUR-8)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import InvalidInput, Refusal
from core.fingerprints import sha256_hex
from juries.enums import APPEAL_ENDS, AppealState
from juries.models import Appeal
from juries.queries.appeals import objections_to
from juries.services.appeal_states import locked_appeal, move
from juries.tasks.appeals import ANSWERED, ASSIGNED, REASSIGNED

ANSWER_LIMIT = 20_000  # characters
CONCLUSIONS = (AppealState.UPHELD, AppealState.DISMISSED, AppealState.INADMISSIBLE)


class UnlawfulInstruction(Refusal):
    """The person judged something in it, or is close to the candidate; the sentence says what."""


def assign_appeal(appeal: Appeal, *, owner: User, by: User) -> None:
    """Give an appeal to ``owner``, who judged nothing in it; given again, it changes hands.

    Its former owner is told, as the new one is. Raises UnlawfulInstruction with the reasons.
    """
    with transaction.atomic():
        locked = locked_appeal(appeal)
        refuse_ended(locked)
        _refuse_unlawful(owner, locked)
        if locked.owner_id == owner.pk:
            return
        former = locked.owner_id
        told = {"owner": str(owner.pk), "former": str(former) if former else None}
        if locked.state == AppealState.FILED:
            move(locked, to=AppealState.INSTRUCTED, by=by, told=told, owner=owner)
        else:
            locked.owner = owner
            locked.save(update_fields=["owner"])
            journal.record("appeal.reassigned", locked, by=by, data=told)
        now = f" {timezone.now():%Y%m%dT%H%M%S%f}"  # it may come back to somebody, who is told again
        if former:
            jobs.order(REASSIGNED, subject=str(locked.pk), evidence=f"{former}{now}", label="Avis de recours repris")
        jobs.order(ASSIGNED, subject=str(locked.pk), evidence=f"{owner.pk}{now}", label="Avis de recours confié")


def conclude_appeal(appeal: Appeal, *, conclusion: AppealState, answer: str, by: User) -> None:
    """Answer an appeal, once and with its reasons; only its owner does, if nothing bars them since."""
    answer = answer.replace("\r\n", "\n").strip()
    if conclusion not in CONCLUSIONS:
        raise InvalidInput("Choisissez la conclusion : accueilli, rejeté ou irrecevable.")
    if not answer:
        raise InvalidInput("Motivez la réponse : le candidat la lira.")
    if len(answer) > ANSWER_LIMIT:
        raise InvalidInput(f"La réponse compte {len(answer)} caractères : ramenez-la à {ANSWER_LIMIT}.")
    with transaction.atomic():
        locked = locked_appeal(appeal)
        refuse_ended(locked)
        if locked.owner_id != by.pk:
            raise Refusal("Ce recours est confié à quelqu’un d’autre : sa réponse ne vous revient plus.")
        _refuse_unlawful(by, locked)
        told = {"length": len(answer), "sha256": sha256_hex(answer)}
        move(locked, to=conclusion, by=by, told=told, answer=answer, concluded_at=timezone.now())
        locked.drafts.all().delete()
        jobs.order(ANSWERED, subject=str(locked.pk), evidence=str(locked.pk), label="Avis de réponse à un recours")


def refuse_ended(appeal: Appeal) -> None:
    """Raise Refusal when nothing is left to do about ``appeal``."""
    state = AppealState(appeal.state)
    if state in APPEAL_ENDS:
        raise Refusal(f"Ce recours est « {state.label.lower()} » : il est terminé.")


def _refuse_unlawful(owner: User, appeal: Appeal) -> None:
    if objections := objections_to(owner, appeal.decision):
        raise UnlawfulInstruction(
            f"{owner} ne peut pas instruire ce recours : {', '.join(objections)}. Confiez-le à une personne qui n’a "
            "rien jugé de ce dossier."
        )
