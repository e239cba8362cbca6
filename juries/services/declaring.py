"""What members say of themselves: conflicts of interest (R-JUR-2), presence (R-JUR-1)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from juries.enums import Presence, SessionState
from juries.models import Candidacy, JuryMember, JurySession, Recusal
from juries.services.locking import locked_in


def declare_conflicts(member: JuryMember, *, conflicts: Mapping[int, str], by: User) -> None:
    """Say, candidate by candidate (candidacy's primary key → nature of the link), whom one stands back for; or nobody.

    Until the session opens, a new declaration replaces the last. Once it is open, one may only stand back for more,
    who presides included: somebody else presides for that candidate. A voice already cast, or a decision already
    recorded, no longer counts: the jury votes, and decides, again (``queries.chairing``).
    """
    if any(not reason.strip() for reason in conflicts.values()):
        raise Refusal("Indiquez la nature du lien pour chaque candidat que vous déclarez.")
    with transaction.atomic():
        session = locked_in(member.session, SessionState.PREPARING, SessionState.OPEN)
        if session.state == SessionState.PREPARING:
            Recusal.objects.filter(member=member).delete()
        candidacies = list(session.candidacies.filter(pk__in=conflicts))
        if len(candidacies) != len(conflicts):
            raise Refusal("Ce candidat n’est plus inscrit à cette session : rechargez la page.")
        for candidacy in candidacies:
            _recuse(member, candidacy, conflicts[candidacy.pk].strip())
        JuryMember.objects.filter(pk=member.pk).update(declared_at=timezone.now())
        told = {"member": str(member.user_id), "recused_for": sorted(str(one.enrolment_id) for one in candidacies)}
        journal.record("session.conflicts_declared", session, by=by, data=told)


def ask_to_declare_again(locked: JurySession) -> int:
    """Somebody was added: who had declared says again whom they stand back for; what they had said is kept.

    How many members that makes. The caller has locked the session, in preparation.
    """
    return locked.members.exclude(declared_at=None).update(declared_at=None)


def change_presence(member: JuryMember, *, presence: Presence, by: User) -> None:
    """Somebody arrives or leaves while the session is open; the journal keeps the hour, which the PV prints.

    Not the president: no jury deliberates or decides without them (R-JUR-1).
    """
    with transaction.atomic():
        session = locked_in(member.session, SessionState.OPEN)
        found = session.members.get(pk=member.pk)
        if found.presence == presence:
            return
        if found.is_president and presence == Presence.ABSENT:
            raise Refusal(
                f"{found.user} préside : sans président, le jury ne délibère pas. Il n’est remplacé que pour un "
                "candidat sur lequel il se récuse. S’il doit partir, ajournez d’abord les candidats qui restent, puis "
                "closez la session."
            )
        if presence == Presence.PRESENT and found.declared_at is None:
            raise Refusal(f"{found.user} doit d’abord déclarer ses conflits d’intérêts.")
        JuryMember.objects.filter(pk=found.pk).update(presence=presence)
        told = {"member": str(found.user_id), "presence": presence}
        journal.record("session.presence_changed", session, by=by, data=told)


def _recuse(member: JuryMember, candidacy: Candidacy, reason: str) -> None:
    Recusal.objects.get_or_create(
        member=member, candidacy=candidacy, defaults={"reason": reason, "declared_at": timezone.now()}
    )
