"""The answer to an appeal while it is being written: kept for its author, seen by nobody else (R-JUR-8, R-SCO-3)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.exceptions import InvalidInput, Refusal, Stale
from juries.models import AnswerDraft, Appeal
from juries.services.appeal_states import locked_appeal
from juries.services.instructing import ANSWER_LIMIT, CONCLUSIONS, refuse_ended


def write_answer(appeal: Appeal, *, text: str, conclusion: str, from_version: int, by: User) -> AnswerDraft:
    """Keep what the owner wrote of their answer, finished or not; it concludes nothing.

    ``from_version`` is the version it started from, 0 for none; raises Stale when it was written elsewhere in between.
    """
    if conclusion and conclusion not in CONCLUSIONS:
        raise InvalidInput("Choisissez la conclusion : accueilli, rejeté ou irrecevable.")
    if len(text) > ANSWER_LIMIT:
        raise InvalidInput(f"La réponse compte {len(text)} caractères : ramenez-la à {ANSWER_LIMIT}.")
    with transaction.atomic():
        locked = locked_appeal(appeal)
        refuse_ended(locked)
        if locked.owner_id != by.pk:
            raise Refusal("Ce recours est confié à quelqu’un d’autre : sa réponse ne vous revient plus.")
        stored = AnswerDraft.objects.select_for_update().filter(appeal=locked, author=by).first()
        if stored and (stored.text, stored.conclusion) == (text, conclusion):
            return stored
        if (stored.version if stored else 0) != from_version:
            raise Stale("Cette réponse a été modifiée ailleurs : relisez-la avant d’écrire.")
        draft = stored or AnswerDraft(appeal=locked, author=by, version=0)
        draft.text, draft.conclusion = text, conclusion
        draft.version, draft.written_at = draft.version + 1, timezone.now()
        draft.save()
    return draft
