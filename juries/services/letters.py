"""The letters to the candidates: drafted when a session closes, edited by people until its publication (R-JUR-6)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Refusal, Stale
from core.fingerprints import sha256_hex
from juries.enums import SessionState
from juries.letters import LIMIT, draft
from juries.models import JurySession, Letter
from juries.queries.letters import ruling_of, unwritten


def draft_letters(session: JurySession, *, by: User) -> int:
    """Draft the letters that ``session`` lacks, in the caller's transaction; how many were.

    Its president signs, or who recorded the decision in the place of one recused (R-JUR-2). Called again, it drafts
    nothing that exists already.
    """
    decisions = list(unwritten(session))
    for decision in decisions:
        ruling = ruling_of(decision, session=session, signatory=str(decision.decided_by or "Le jury"))
        body = draft(decision.dossier.content, ruling)
        letter = Letter.objects.create(decision=decision, body=body, edited_at=timezone.now())
        journal.record("letter.drafted", letter, by=by, data={"decision": str(decision.pk), **_told(letter)})
    return len(decisions)


def edit_letter(letter: Letter, *, body: str, from_version: int, by: User) -> Letter:
    """Replace the text of a letter that nobody has received yet.

    Raises Stale when somebody wrote since ``from_version``; nothing is changed then (R-SCO-4).
    """
    body = body.replace("\r\n", "\n").strip()
    if not body:
        raise InvalidInput("La lettre est vide : écrivez ce que le candidat doit lire.")
    if len(body) > LIMIT:
        raise InvalidInput(f"La lettre compte {len(body)} caractères : raccourcissez-la à {LIMIT}.")
    with transaction.atomic():
        session = JurySession.objects.select_for_update().get(decisions=letter.decision_id)
        if session.state != SessionState.CLOSED:
            raise Refusal("Les résultats sont publiés : cette lettre est celle que le candidat a reçue.")
        locked = Letter.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=letter.pk)
        if locked.version != from_version:
            raise Stale(f"{locked.edited_by or 'Quelqu’un'} a modifié cette lettre pendant que vous l’écriviez.")
        if locked.body == body:
            return locked
        locked.body, locked.version, locked.edited_by, locked.edited_at = body, from_version + 1, by, timezone.now()
        locked.save(update_fields=["body", "version", "edited_by", "edited_at"])
        journal.record("letter.edited", locked, by=by, data=_told(locked))
    return locked


def _told(letter: Letter) -> dict[str, object]:
    """What the journal keeps of a letter: never its words (R-ALL-4)."""
    return {"version": letter.version, "sha256": sha256_hex(letter.body)}
