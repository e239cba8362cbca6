"""What a runner does: the convocations to a soutenance, and what takes them back, with a calendar file (R-ALL-3)."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from assessments.calls import CONVOKED, RELEASED, called_in, of_person
from assessments.documents import soutenance_calendar
from assessments.enums import SoutenanceState
from assessments.models import Soutenance
from assessments.queries.soutenances import phases_of
from assessments.timing import ends_at
from core.calendars import Invitation
from core.jobs import Effect, handles
from core.mail import Enclosure, address_of, nothing_to_send, send_once
from core.models import Job


@handles(CONVOKED)
def convoke(job: Job) -> Effect:
    """Somebody learns when and where they are expected; nothing is said of a tiers-temps, which the slot holds."""
    called = _called(job)
    if not called.is_expected:
        return nothing_to_send("Cette personne n’est plus attendue.")
    if _is_told_again(job):
        return nothing_to_send("Une convocation plus récente remplace celle-ci.")
    template = "emails/soutenance_convoked.txt" if called.presents else "emails/soutenance_to_evaluate.txt"
    route = "home" if called.presents else "assessments:soutenances"
    return _written(job, called, template, "REQUEST", link=address_of(route))


@handles(RELEASED)
def release(job: Job) -> Effect:
    """Who was convoked and is not expected any more learns it, unless they are again meanwhile."""
    called = _called(job)
    if called.is_expected:
        return nothing_to_send("Cette personne est de nouveau attendue.")
    return _written(job, called, "emails/soutenance_released.txt", "CANCEL", link=address_of("home"))


@dataclass(frozen=True)
class _Called:
    """Somebody called to a soutenance at ``starts_at``; ``presents`` says that they are its candidate."""

    soutenance: Soutenance
    user: User
    starts_at: datetime
    presents: bool

    @property
    def is_expected(self) -> bool:
        judging = (self.soutenance.evaluateur_id, self.soutenance.second_evaluateur_id)
        return self.soutenance.state == SoutenanceState.PLANNED and (self.presents or self.user.pk in judging)


def _called(job: Job) -> _Called:
    soutenance = Soutenance.objects.select_related(
        "enrolment__candidate", "enrolment__referentiel__certification", "enrolment__referentiel__reglement"
    ).get(pk=job.subject)
    person, starts_at = called_in(job.evidence)
    user = User.objects.get(pk=person)
    return _Called(soutenance, user, starts_at, presents=soutenance.enrolment.candidate.user_id == user.pk)


def _is_told_again(job: Job) -> bool:
    person, _ = called_in(job.evidence)
    later = Job.objects.filter(kind=job.kind, subject=job.subject, evidence__startswith=of_person(person))
    return later.filter(ordered_at__gt=job.ordered_at).exists()


def _written(job: Job, called: _Called, template: str, method: Literal["REQUEST", "CANCEL"], **told: Any) -> Effect:
    if not called.user.is_active:
        return nothing_to_send("Le compte est fermé.")
    if called.starts_at <= timezone.now():
        return nothing_to_send("L’heure de la soutenance est passée.")
    soutenance = called.soutenance
    slot = (called.starts_at, ends_at(called.starts_at, phases_of(soutenance)))
    certification = soutenance.enrolment.referentiel.certification
    organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    calendar = soutenance_calendar(
        soutenance,
        slot=slot,
        stamp=job.ordered_at,
        invitation=Invitation(organizer=organizer, attendee=called.user.email, method=method),
    )
    context = {
        "soutenance": soutenance,
        "starts_at": slot[0],
        "ends_at": slot[1],
        "competences": ", ".join(soutenance.competences.order_by("pk").values_list("code", flat=True)),
        "certification": certification.title,
        "certifier": certification.certifier,
        "presents": called.presents,
        **told,
    }
    name = "annulation.ics" if method == "CANCEL" else "convocation.ics"
    enclosure = Enclosure(name, calendar, "text/calendar")
    return send_once(job, to=called.user.email, template=template, context=context, enclosures=[enclosure])
