"""What a member reads, writes for themselves, and shares with the jury."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import Refusal, Stale
from juries.enums import SessionState
from juries.models import Candidacy, Dossier, JuryMember, Reading, Remark
from juries.queries.recusals import recusal_reasons
from juries.services.locking import locked_in


def tell_read(member: JuryMember, *, dossier: Dossier) -> None:
    """Let the others know that this revision was read; told twice, it is told once."""
    with transaction.atomic():
        locked_in(member.session, SessionState.PREPARING, SessionState.OPEN)
        Reading.objects.get_or_create(member=member, dossier=dossier, defaults={"read_at": timezone.now()})


def write_remark(member: JuryMember, *, candidacy: Candidacy, text: str, from_version: int) -> Remark:
    """Keep what the member wrote; raises Stale with what is stored when it was written elsewhere in between (R-SCO-4).

    ``from_version`` is the version the text started from, 0 for none. What is shared stays shared, in its new words.
    """
    with transaction.atomic():
        _refuse_unless_judging(member, candidacy)
        stored = Remark.objects.select_for_update().filter(member=member, candidacy=candidacy).first()
        if stored and stored.text == text:
            return stored
        if (stored.version if stored else 0) != from_version:
            raise Stale("Ces remarques ont été modifiées ailleurs : relisez-les avant d’écrire.")
        remark = stored or Remark(member=member, candidacy=candidacy, version=0)
        remark.text, remark.version, remark.written_at = text, remark.version + 1, timezone.now()
        remark.save()
    return remark


def share_remark(remark: Remark, *, by: User) -> None:
    """Show one's remarks to the whole jury, for good; the journal keeps that they were, not what they say (R-ALL-4)."""
    with transaction.atomic():
        _refuse_unless_judging(remark.member, remark.candidacy)
        locked = Remark.objects.select_for_update().get(pk=remark.pk)
        if not locked.text.strip():
            raise Refusal("Ces remarques sont vides : écrivez-les avant de les partager.")
        if locked.shared_at is None:
            locked.shared_at = timezone.now()
            locked.save(update_fields=["shared_at"])
            told = {"enrolment": str(locked.candidacy.enrolment_id)}
            journal.record("session.remark_shared", locked.candidacy.session, by=by, data=told)


def _refuse_unless_judging(member: JuryMember, candidacy: Candidacy) -> None:
    locked_in(member.session, SessionState.PREPARING, SessionState.OPEN)
    if reasons := recusal_reasons(member.user, candidacy.enrolment):
        raise Refusal(f"Vous êtes récusé pour ce candidat : {reasons[0]}.")
