"""Organising a session and taking it through its states (R-JUR-1, R-JUR-5, R-JUR-6)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleGrant, User
from candidates.models import Enrolment
from core import jobs, journal
from core.exceptions import Refusal
from core.models import Job
from core.operations import made_once
from juries.chairing import REFERRED
from juries.enums import SESSION_TRANSITIONS, Capacity, Outcome, Presence, SessionState
from juries.models import Ballot, Candidacy, JuryMember, JurySession
from juries.queries.chairing import chair_of, tainted_decisions
from juries.queries.composition import composition_failings, sitting_failings
from juries.queries.elsewhere import certified_elsewhere
from juries.queries.hearings import unnoted_hearings
from juries.queries.recusals import barred_candidates
from juries.services.announcing import announce_results
from juries.services.declaring import ask_to_declare_again
from juries.services.dossiers import order_dossier
from juries.services.elsewhere import (
    refuse_awaited_elsewhere,
    refuse_certified_elsewhere,
    set_aside_certified_elsewhere,
)
from juries.services.issuing import delivering
from juries.services.letters import draft_letters
from juries.services.locking import locked_in
from juries.tasks.convocations import CANDIDATE, CANDIDATE_RELEASED, MEMBER, MEMBER_RELEASED, release_evidence
from juries.tasks.minutes import MINUTES
from referentiel.models import Referentiel


class UnlawfulJury(Refusal):
    """The composition fails rules of the règlement; the sentence lists them (R-JUR-1)."""


def prepare_session(
    *, referentiel: Referentiel, name: str, held_at: datetime, place: str, by: User, operation: UUID | None = None
) -> JurySession:
    """A session in preparation, without members or candidates yet; the same ``operation`` sent twice prepares one."""
    data = {"name": name, "held_at": held_at.isoformat()}

    def prepare() -> JurySession:
        session = JurySession.objects.create(referentiel=referentiel, name=name, held_at=held_at, place=place)
        journal.record("session.prepared", session, by=by, data=data, operation=operation)
        return session

    return made_once(JurySession, prepare, operation=operation, by=by)


def seat_member(
    session: JurySession,
    *,
    user: User,
    capacity: Capacity,
    by: User,
    is_president: bool = False,
    is_substitute: bool = False,
    civility: str = "",
) -> JuryMember:
    """Give ``user`` a seat, or a substitute's, and the role that goes with it."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING)
        if locked.candidacies.filter(enrolment__candidate__user=user).exists():
            raise Refusal(f"{user} est candidat dans cette session et ne peut pas y siéger.")
        if is_president and is_substitute:
            raise Refusal("Un suppléant ne préside pas : donnez-lui un siège de titulaire.")
        try:
            with transaction.atomic():
                member = JuryMember.objects.create(
                    session=locked,
                    user=user,
                    capacity=capacity,
                    is_president=is_president,
                    is_substitute=is_substitute,
                    civility=civility,
                )
        except IntegrityError as error:
            raise Refusal("Cette personne siège déjà, ou la session a déjà un président.") from error
        RoleGrant.objects.get_or_create(user=user, role=Role.JURY)
        data = {"user": str(user.pk), "capacity": capacity, "president": is_president, "substitute": is_substitute}
        journal.record("session.member_seated", session, by=by, data=data)
    return member


def unseat_member(member: JuryMember, *, by: User) -> None:
    """Take a seat back, while the session is being prepared; who was convoked to it is told."""
    with transaction.atomic():
        session = locked_in(member.session, SessionState.PREPARING)
        called = Job.objects.filter(kind=MEMBER, subject=str(member.pk)).exists()
        removed, _ = JuryMember.objects.filter(pk=member.pk).delete()
        if removed:
            if called:
                label = f"Annulation de la convocation de {member.user} – {session.name}"[:200]
                evidence = release_evidence(session, timezone.now())
                jobs.order(MEMBER_RELEASED, subject=str(member.user_id), evidence=evidence, label=label)
            journal.record("session.member_unseated", session, by=by, data={"user": str(member.user_id)})


def present_candidate(
    session: JurySession, *, enrolment: Enrolment, heard_at: datetime | None = None, by: User
) -> Candidacy:
    """Put a candidate before the session, on their dossier or to be heard at ``heard_at``; order that dossier.

    Members who have declared their conflicts of interest must again: they had not seen this name (R-JUR-2).
    """
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING)
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        if enrolment.referentiel_id != locked.referentiel_id:
            raise Refusal("Ce candidat est inscrit sur une autre version du référentiel que celle de la session.")
        if locked.members.filter(user__candidate=enrolment.candidate_id).exists():
            raise Refusal("Ce candidat siège dans cette session.")
        if enrolment.decisions.certifying().exists():
            raise Refusal("Ce candidat est déjà certifié par un jury : une correction passe par un recours.")
        refuse_awaited_elsewhere(locked, enrolment)
        candidacy, created = Candidacy.objects.get_or_create(
            session=locked, enrolment=enrolment, defaults={"heard_at": heard_at}
        )
        if created:
            data = {"enrolment": str(enrolment.pk), "to_declare_again": ask_to_declare_again(locked)}
            journal.record("session.candidate_presented", session, by=by, data=data)
            order_dossier(enrolment, by=by)
    return candidacy


def withdraw_candidate(candidacy: Candidacy, *, by: User) -> None:
    """Take a candidate off the session, while it is being prepared; who was convoked to it is told."""
    with transaction.atomic():
        session = locked_in(candidacy.session, SessionState.PREPARING)
        called = Job.objects.filter(kind=CANDIDATE, subject=str(candidacy.pk)).exists()
        removed, _ = Candidacy.objects.filter(pk=candidacy.pk).delete()
        if removed:
            if called:
                label = f"Annulation de la convocation du candidat {candidacy.enrolment.number} – {session.name}"[:200]
                evidence = release_evidence(session, timezone.now())
                jobs.order(CANDIDATE_RELEASED, subject=str(candidacy.enrolment_id), evidence=evidence, label=label)
            data = {"enrolment": str(candidacy.enrolment_id)}
            journal.record("session.candidate_withdrawn", session, by=by, data=data)


def has_come(session: JurySession) -> bool:
    """Whether the day of the session is today or past, in Paris."""
    return timezone.localdate() >= timezone.localdate(session.held_at)


def is_past(session: JurySession) -> bool:
    """Whether the day of the session is over, in Paris."""
    return timezone.localdate() > timezone.localdate(session.held_at)


def open_session(session: JurySession, *, present: Collection[int] | None = None, by: User) -> None:
    """Open the deliberation with the members who are there, on its day.

    ``present`` holds the primary keys of the members present, None for every member of full right. Raises UnlawfulJury
    with what is wrong in the composition, the presence or the declarations.
    """
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING)
        _refuse_before_its_day(locked)
        _refuse_after_its_day(locked)
        if not locked.candidacies.exists():
            raise Refusal("Cette session n’a pas de candidat.")
        _call_the_roll(locked, present, by)
        if problems := composition_failings(locked) or sitting_failings(locked):
            raise UnlawfulJury(" ".join(problems))
        _refuse_undeclared(locked)
        _refuse_barred_president(locked)
        refuse_certified_elsewhere(locked)
        _move(locked, to=SessionState.OPEN, by=by, opened_at=timezone.now())


def close_session(session: JurySession, *, by: User) -> None:
    """Freeze the decisions and order the procès-verbal (R-JUR-5); refused while a candidate is undecided.

    Refused too while nobody noted whether a candidate to be heard was.

    Of a candidate whom another session has certified since this one opened, nothing is decided: the PV says so.
    """
    with transaction.atomic():
        locked = locked_in(session, SessionState.OPEN)
        _refuse_before_its_day(locked)
        if Ballot.objects.filter(candidacy__session=locked, closed_at=None).exists():
            raise Refusal("Un scrutin est ouvert : closez-le avant de clore la session.")
        undecided = (
            locked.candidacies.exclude(enrolment__in=locked.decisions.taken().values("enrolment"))
            .exclude(enrolment__in=certified_elsewhere(locked).order_by().values("enrolment"))
            .select_related("enrolment__candidate")
        )
        if names := ", ".join(str(candidacy.enrolment.candidate) for candidacy in undecided):
            raise Refusal(f"Il manque une décision pour : {names}.")
        _refuse_unnoted(locked)
        _refuse_tainted(locked)
        _refuse_stale(locked)
        set_aside_certified_elsewhere(locked, by=by)
        _move(locked, to=SessionState.CLOSED, by=by, closed_at=timezone.now())
        draft_letters(locked, by=by)
        jobs.order(MINUTES, subject=str(locked.pk), evidence=str(locked.pk), label=f"Procès-verbal {locked.name}"[:200])


def publish_session(session: JurySession, *, by: User) -> None:
    """Let the candidates know; only a person does it, never a date (R-JUR-6)."""
    with delivering(session, by=by):
        announce_results(session, by=by)
        _move(session, to=SessionState.PUBLISHED, by=by, published_at=timezone.now())


def _refuse_before_its_day(session: JurySession) -> None:
    """A jury meets on the day it was called for, Paris time: the PV will bear that date (R-JUR-5)."""
    if not has_come(session):
        day = timezone.localdate(session.held_at)
        raise Refusal(f"Cette session a lieu le {day:%d/%m/%Y} : elle ne peut être ni ouverte ni close avant ce jour.")


def _refuse_after_its_day(session: JurySession) -> None:
    """The procès-verbal, the letters and the parchemin take the date of the jury from the session (R-JUR-5)."""
    if is_past(session):
        day = timezone.localdate(session.held_at)
        raise Refusal(
            f"Cette session était prévue le {day:%d/%m/%Y}, et ses documents porteraient cette date : "
            "déplacez la session à aujourd’hui, puis ouvrez-la."
        )


def _call_the_roll(session: JurySession, present: Collection[int] | None, by: User) -> None:
    members = session.members.all()
    there = members.filter(is_substitute=False) if present is None else members.filter(pk__in=present)
    keys = list(there.values_list("pk", flat=True))
    members.filter(pk__in=keys).update(presence=Presence.PRESENT)
    members.exclude(pk__in=keys).update(presence=Presence.ABSENT)
    told = sorted(str(user) for user in there.values_list("user", flat=True))
    journal.record("session.roll_called", session, by=by, data={"present": told})


def _refuse_undeclared(session: JurySession) -> None:
    """Each member who sits has said whether a conflict of interest keeps them from judging somebody (R-JUR-2)."""
    silent = session.members.filter(presence=Presence.PRESENT, declared_at=None).select_related("user")
    if names := ", ".join(str(member.user) for member in silent):
        raise UnlawfulJury(f"La déclaration de conflits d’intérêts manque pour : {names}.")


def _refuse_unnoted(session: JurySession) -> None:
    """The procès-verbal says of each candidate to be heard whether they were (R-JUR-5)."""
    if names := ", ".join(str(candidacy.enrolment.candidate) for candidacy in unnoted_hearings(session)):
        raise Refusal(f"Audition à noter pour : {names}. Appelez chaque candidat, et notez-le entendu ou absent.")


def _refuse_tainted(session: JurySession) -> None:
    """Nothing that somebody recused since has voted for or recorded is frozen (R-JUR-2)."""
    for tainted in tainted_decisions(session):
        raise Refusal(
            f"La décision sur {tainted.enrolment.candidate} porte la voix ou l’acte de {tainted.member.user}, récusé "
            "depuis : rappelez ce candidat, et que le jury décide de nouveau sans cette personne."
        )


def _refuse_stale(session: JurySession) -> None:
    """A jury decides on the evidence as it stands (R-JUR-3): what has changed since is read before it is frozen.

    A referral judged nothing; and of whom nobody present may judge any more, the decision cannot be taken again.
    """
    stale = (
        session.decisions.taken()
        .filter(dossier__stale_since__isnull=False)
        .exclude(outcome=Outcome.ADJOURNED, motive=REFERRED)
        .exclude(enrolment__in=certified_elsewhere(session).order_by().values("enrolment"))
        .select_related("enrolment__candidate")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "pk")
    )
    named = [str(one.enrolment.candidate) for one in stale if chair_of(session, one.enrolment)]
    if len(named) == 1:
        raise Refusal(f"Le dossier de {named[0]} a changé depuis la décision : rappelez ce candidat.")
    if named:
        raise Refusal(f"Ces dossiers ont changé depuis la décision : {', '.join(named)}. Rappelez ces candidats.")


def _refuse_barred_president(session: JurySession) -> None:
    """A president may be replaced for one candidate once the session is open; before, another one is chosen."""
    president = session.members.select_related("user").get(is_president=True).user
    barred = [str(one.candidate) for one in barred_candidates(president, session)]
    if barred:
        raise UnlawfulJury(
            f"{president}, qui préside, ne peut pas se prononcer sur {', '.join(barred)} : "
            "changez de président, ou présentez ce candidat à une autre session."
        )


def _move(session: JurySession, *, to: SessionState, by: User, **dates: Any) -> None:
    with transaction.atomic():
        locked = JurySession.objects.select_for_update().get(pk=session.pk)
        before = SessionState(locked.state)
        if to not in SESSION_TRANSITIONS[before]:
            raise Refusal(
                f"La session est déjà « {before.label.lower()} »."
                if before == to
                else f"La session est « {before.label.lower()} » : elle ne peut pas devenir « {to.label.lower()} »."
            )
        JurySession.objects.filter(pk=locked.pk).update(state=to, **dates)
        journal.record(f"session.{to}", locked, by=by, data={"before": before, "after": to})
