"""What a runner does: the convocations to a session, with a calendar file (R-ALL-3)."""

from core.calendars import calendar_file
from core.jobs import Effect, handles
from core.mail import Enclosure, address_of, nothing_to_send, send_once
from core.models import Job
from juries.models import Candidacy, JuryMember, JurySession

MEMBER = "member_convocation"
CANDIDATE = "candidate_convocation"


@handles(MEMBER)
def convoke_member(job: Job) -> Effect:
    """A member learns when and where the jury meets, and what is expected before: reading, declaring."""
    member = JuryMember.objects.select_related("user", "session__referentiel__certification").filter(pk=job.subject)
    found = member.first()
    if found is None or not found.user.is_active:
        return nothing_to_send("Ce membre ne siège plus.")
    link = address_of("juries:session", found.session_id)
    context = {**_told(found.session), "link": link, "member": found}
    calendar = _calendar(found.session, f"member-{found.pk}", "Jury")
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
    if found is None or user is None or not user.is_active:
        return nothing_to_send("Ce candidat n’est plus convoqué.")
    context = {**_told(found.session), "heard_at": found.heard_at, "link": address_of("home")}
    calendar = _calendar(found.session, f"candidate-{found.pk}", "Entretien avec le jury", found)
    return send_once(
        job, to=user.email, template="emails/candidate_convoked.txt", context=context, enclosures=[calendar]
    )


def _told(session: JurySession) -> dict[str, object]:
    certification = session.referentiel.certification
    return {"session": session, "certification": certification.title, "certifier": certification.certifier}


def _calendar(session: JurySession, uid: str, what: str, heard: Candidacy | None = None) -> Enclosure:
    starts_at = heard.heard_at if heard and heard.heard_at else session.held_at
    content = calendar_file(
        uid=f"{session.pk}-{uid}",
        stamp=session.held_at,
        summary=f"{what} — {session.referentiel.certification.title}",
        starts_at=starts_at,
        place=session.place,
    )
    return Enclosure("convocation.ics", content, "text/calendar")
