"""What a runner does: the convocations to a session, and what takes them back, with a calendar file (R-ALL-3)."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Literal
from uuid import UUID

from django.conf import settings

from accounts.models import User
from candidates.models import Enrolment
from core.calendars import Invitation, calendar_file
from core.jobs import Effect, handles
from core.mail import Enclosure, address_of, nothing_to_send, send_once
from core.models import Job
from juries.models import Candidacy, JuryMember, JurySession

MEMBER = "member_convocation"
CANDIDATE = "candidate_convocation"
MEMBER_RELEASED = "member_released"
CANDIDATE_RELEASED = "candidate_released"
_FOR_ONE = timedelta(minutes=30)  # what a calendar sets aside for a candidate; nothing is decided by it
_CLOSED = "Le compte est fermé."


@handles(MEMBER)
def convoke_member(job: Job) -> Effect:
    """A member learns when and where the jury meets, and what is expected before: reading, declaring."""
    member = JuryMember.objects.select_related("user", "session__referentiel__certification").filter(pk=job.subject)
    found = member.first()
    if found is None or not found.user.is_active:
        return nothing_to_send("Ce membre ne siège plus.")
    link = address_of("juries:session", found.session_id)
    context = {**_told(found.session), "link": link, "member": found}
    calendar = _of_member(job, found.session, found.user, "REQUEST")
    return send_once(
        job, to=found.user.email, template="emails/member_convoked.txt", context=context, enclosures=[calendar]
    )


@handles(CANDIDATE)
def convoke_candidate(job: Job) -> Effect:
    """A candidate who is to be heard learns at what time; nothing is said of their dossier."""
    candidacies = Candidacy.objects.select_related(
        "enrolment__candidate__user", "session__referentiel__certification"
    ).filter(pk=job.subject, heard_at__isnull=False)
    found = candidacies.first()
    user = found.enrolment.candidate.user if found else None
    if found is None or user is None or not user.is_active or found.heard_at is None:
        return nothing_to_send("Ce candidat n’est plus convoqué.")
    context = {**_told(found.session), "heard_at": found.heard_at, "link": address_of("home")}
    calendar = _of_candidate(job, found.session, found.enrolment, user, "REQUEST", found.heard_at)
    return send_once(
        job, to=user.email, template="emails/candidate_convoked.txt", context=context, enclosures=[calendar]
    )


@handles(MEMBER_RELEASED)
def release_member(job: Job) -> Effect:
    """Who was convoked and sits no more learns it, unless they were given a seat again meanwhile."""
    session, user = _session(job), User.objects.get(pk=job.subject)
    if session.members.filter(user=user).exists():
        return nothing_to_send("Cette personne siège de nouveau.")
    if not user.is_active:
        return nothing_to_send(_CLOSED)
    calendar = _of_member(job, session, user, "CANCEL")
    return send_once(
        job, to=user.email, template="emails/member_released.txt", context=_told(session), enclosures=[calendar]
    )


@handles(CANDIDATE_RELEASED)
def release_candidate(job: Job) -> Effect:
    """A candidate convoked and withdrawn learns that they are not expected; nothing is said of why."""
    session = _session(job)
    enrolment = Enrolment.objects.select_related("candidate__user").get(pk=job.subject)
    user = enrolment.candidate.user
    if session.candidacies.filter(enrolment=enrolment, heard_at__isnull=False).exists():
        return nothing_to_send("Ce candidat est de nouveau attendu.")
    if user is None or not user.is_active:
        return nothing_to_send(_CLOSED)
    context = {**_told(session), "link": address_of("home")}
    calendar = _of_candidate(job, session, enrolment, user, "CANCEL", session.held_at)
    return send_once(
        job, to=user.email, template="emails/candidate_released.txt", context=context, enclosures=[calendar]
    )


def release_evidence(session: JurySession, at: datetime) -> str:
    """What a release is ordered on: the seat or the candidacy is gone, and may be given and taken back again."""
    return f"{session.pk.hex} {at:%Y%m%dT%H%M%S%f}"


def _session(job: Job) -> JurySession:
    pk = UUID(job.evidence.partition(" ")[0])
    return JurySession.objects.select_related("referentiel__certification").get(pk=pk)


def _told(session: JurySession) -> dict[str, object]:
    certification = session.referentiel.certification
    return {"session": session, "certification": certification.title, "certifier": certification.certifier}


def _of_member(job: Job, session: JurySession, user: User, method: Literal["REQUEST", "CANCEL"]) -> Enclosure:
    """One uid for a session and a person, whatever seat they are given."""
    ends_at = session.held_at + max(2, session.candidacies.count()) * _FOR_ONE
    invitation = _invitation(user, method)
    return _enclosed(job, session, f"{session.pk}-{user.pk}", "Jury", (session.held_at, ends_at), invitation)


def _of_candidate(
    job: Job,
    session: JurySession,
    enrolment: Enrolment,
    user: User,
    method: Literal["REQUEST", "CANCEL"],
    starts_at: datetime,
) -> Enclosure:
    slot, invitation = (starts_at, starts_at + _FOR_ONE), _invitation(user, method)
    return _enclosed(job, session, f"{session.pk}-{enrolment.pk}", "Entretien avec le jury", slot, invitation)


def _invitation(user: User, method: Literal["REQUEST", "CANCEL"]) -> Invitation:
    return Invitation(organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1], attendee=user.email, method=method)


def _enclosed(
    job: Job, session: JurySession, uid: str, what: str, slot: tuple[datetime, datetime], invitation: Invitation
) -> Enclosure:
    """Stamped with the moment the message was ordered, like the message itself: sent again, it is the same."""
    content = calendar_file(
        uid=uid,
        stamp=job.ordered_at,
        summary=f"{what} — {session.referentiel.certification.title}",
        starts_at=slot[0],
        ends_at=slot[1],
        place=session.place,
        invitation=invitation,
    )
    name = "annulation.ics" if invitation.method == "CANCEL" else "convocation.ics"
    return Enclosure(name, content, "text/calendar")
