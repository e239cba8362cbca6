"""Calling people to a soutenance: each is written to once it is planned, and again when it changes (R-ALL-3)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from assessments.calls import CONVOKED, RELEASED, call_evidence
from assessments.models import Soutenance
from core import jobs
from core.templatetags.fr import date_fr


def convoke(soutenance: Soutenance, people: Iterable[User] | None = None) -> None:
    """Order a message to all who take part, or to ``people`` alone; to nobody once the slot has begun."""
    _order(CONVOKED, soutenance, people_of(soutenance) if people is None else people, "Convocation")


def release(soutenance: Soutenance, people: Iterable[User], *, starts_at: datetime) -> None:
    """Tell ``people``, called for ``starts_at``, that they are not expected any more; to nobody once it has passed."""
    _order(RELEASED, soutenance, people, "Annulation de convocation", starts_at=starts_at)


def people_of(soutenance: Soutenance) -> list[User]:
    """The candidate, if they have an account, and the évaluateurs."""
    people = (soutenance.enrolment.candidate.user, soutenance.evaluateur, soutenance.second_evaluateur)
    return [one for one in people if one]


def _order(
    kind: str, soutenance: Soutenance, people: Iterable[User], what: str, *, starts_at: datetime | None = None
) -> None:
    now, starts_at = timezone.now(), starts_at or soutenance.starts_at
    if starts_at <= now:
        return
    candidate = soutenance.enrolment.candidate.user
    for person in people:
        who = f"candidat {soutenance.enrolment.number}" if person == candidate else str(person)
        label = f"{what} – {who}, soutenance du {date_fr(starts_at)}"[:200]
        jobs.order(
            kind,
            subject=str(soutenance.pk),
            evidence=call_evidence(person.pk, at=now, starts_at=starts_at),
            label=label,
        )
