"""Calling people to a session: each is written to once, and again when its day or its place changes (R-ALL-3)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import Refusal
from core.fingerprints import canonical_json, sha256_hex
from juries.enums import SessionState
from juries.models import JurySession
from juries.services.locking import locked_in
from juries.tasks.convocations import CANDIDATE, MEMBER


def convoke(session: JurySession, *, by: User) -> int:
    """Write to the members, and to the candidates to be heard, who were not yet; how many are written to."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING)
        members = list(locked.members.filter(convoked_at=None))
        heard = list(locked.candidacies.filter(convoked_at=None, heard_at__isnull=False).select_related("enrolment"))
        now = timezone.now()
        for member in members:
            label = f"Convocation de {member.user} – {locked.name}"[:200]
            jobs.order(MEMBER, subject=str(member.pk), evidence=_terms(locked, at=now), label=label)
        for candidacy in heard:
            label = f"Convocation du candidat {candidacy.enrolment.number} – {locked.name}"[:200]
            jobs.order(
                CANDIDATE, subject=str(candidacy.pk), evidence=_terms(locked, candidacy.heard_at, at=now), label=label
            )
        locked.members.filter(pk__in=[member.pk for member in members]).update(convoked_at=now)
        locked.candidacies.filter(pk__in=[candidacy.pk for candidacy in heard]).update(convoked_at=now)
        if not members and not heard:
            raise Refusal("Tout le monde est déjà convoqué.")
        told = {"members": [str(member.user_id) for member in members], "candidates": len(heard)}
        journal.record("session.convoked", locked, by=by, data=told)
    return len(members) + len(heard)


def change_session(session: JurySession, *, name: str, held_at: datetime, place: str, by: User) -> None:
    """Another name, day or place, while it is being prepared; who was convoked is to be again when they change.

    Candidates to be heard are, on the new day, at the hour they were given.
    """
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING)
        before = {"name": locked.name, "held_at": locked.held_at.isoformat(), "place": locked.place}
        terms = _terms(locked)
        locked.name, locked.held_at, locked.place = name, held_at, place
        told = {"name": name, "held_at": held_at.isoformat(), "place": place}
        if told == before:
            return
        locked.save(update_fields=["name", "held_at", "place"])
        if _terms(locked) != terms:
            locked.members.update(convoked_at=None)
            locked.candidacies.update(convoked_at=None)
        data = {**told, "before": before, "hearings": _move_hearings(locked)}
        journal.record("session.changed", locked, by=by, data=data)


def _move_hearings(session: JurySession) -> dict[str, str]:
    """Bring every hearing to the day of the session, at its hour in Paris; those that moved, by enrolment."""
    day, moved = timezone.localdate(session.held_at), {}
    for candidacy in session.candidacies.filter(heard_at__isnull=False):
        at = timezone.localtime(candidacy.heard_at)
        if at.date() == day:
            continue
        # Made aware anew: an hour of winter keeps its figure in summer.
        candidacy.heard_at = timezone.make_aware(datetime.combine(day, at.time()))
        candidacy.save(update_fields=["heard_at"])
        moved[str(candidacy.enrolment_id)] = candidacy.heard_at.isoformat()
    return moved


def _terms(session: JurySession, heard_at: datetime | None = None, *, at: datetime | None = None) -> str:
    """What a convocation says, and when it is ordered: a day given up and come back to is told again.

    That the same is never ordered twice is told by ``convoked_at``, read and written with the session locked.
    """
    said = [session.held_at.isoformat(), session.place, *(one.isoformat() if one else "" for one in (heard_at, at))]
    return sha256_hex(canonical_json(said))
