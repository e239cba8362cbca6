"""What happened during the session, for its procès-verbal (R-JUR-5)."""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.fingerprints import sha256_hex
from core.operations import made_once
from juries.enums import SessionState
from juries.models import Candidacy, Incident, JurySession
from juries.queries.chairing import chair_of
from juries.services.locking import locked_in

LIMIT = 2_000  # characters


def note_incident(session: JurySession, *, text: str, by: User, operation: UUID | None = None) -> Incident:
    """Keep an incident for good, dated now and tied to the candidate before the jury; the procès-verbal prints it.

    The president notes it, or who presides for that candidate. The same ``operation`` sent twice notes one. The journal
    keeps that it was noted, not its words (R-ALL-4).
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput("Dites ce qui s’est passé : le procès-verbal le reprendra tel quel.")
    if len(text) > LIMIT:
        raise InvalidInput(f"Ce texte compte {len(text)} caractères : ramenez-le à {LIMIT}.")

    def note() -> Incident:
        locked = locked_in(session, SessionState.OPEN)
        current = locked.candidacies.select_related("enrolment__candidate").filter(pk=locked.current_id or 0).first()
        _refuse_unless_presiding(locked, current, by)
        return keep_incident(locked, current, text=text, by=by, operation=operation)

    return made_once(Incident, note, operation=operation, by=by)


def keep_incident(
    locked: JurySession, candidacy: Candidacy | None, *, text: str, by: User, operation: UUID | None = None
) -> Incident:
    """Write what the procès-verbal will print, and tell the journal; the caller has locked the session, open."""
    incident = Incident.objects.create(
        session=locked, candidacy=candidacy, text=text, noted_at=timezone.now(), noted_by=by
    )
    told = {
        "session": str(locked.pk),
        "enrolment": str(candidacy.enrolment_id) if candidacy else None,
        "length": len(text),
        "sha256": sha256_hex(text),
    }
    journal.record("incident.noted", incident, by=by, data=told, operation=operation)
    return incident


def _refuse_unless_presiding(session: JurySession, current: Candidacy | None, by: User) -> None:
    if session.members.filter(user=by, is_president=True).exists():
        return
    chair = chair_of(session, current.enrolment) if current else None
    if chair is None or chair.user_id != by.pk:
        raise Refusal("Seul qui préside porte un incident au procès-verbal : dites-lui ce qui s’est passé.")
