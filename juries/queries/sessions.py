"""A session at a glance: candidates, dossiers, proposals, decisions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from candidates.lines import folded
from candidates.models import Enrolment
from core.enums import JobState
from core.models import Job
from juries.models import Candidacy, Decision, Dossier, JurySession

CANDIDATES_PER_PAGE = 20
TO_DECIDE, WITHOUT_DOSSIER = "a-decider", "dossier"
STATES = [("", "Tous"), (TO_DECIDE, "À décider"), (WITHOUT_DOSSIER, "Dossier à établir ou à refaire")]
_WORDS = 8  # a search uses no more


@dataclass(frozen=True)
class SessionRow:
    """One candidate of a session; ``dossier`` is the revision to decide on, None while the first is being drawn up.

    Once the session is closed, it is the revision decided on, with its proposal, whatever was established since.
    ``hearing`` is what was noted of a candidate to be heard at ``heard_at``, "" while nothing is. ``job`` is the one
    that draws up the next revision, or failed to.
    """

    enrolment: Enrolment
    heard_at: datetime | None
    hearing: str
    hearing_held_at: datetime | None
    dossier: Dossier | None
    proposal: Decision | None
    decision: Decision | None
    job: Job | None


def session_for(user: User) -> QuerySet[JurySession]:
    """Sessions this person may see, with what the permission predicates and the page read."""
    return (
        JurySession.objects.visible_to(user)
        .select_related("referentiel__certification", "referentiel__reglement")
        .prefetch_related("members__user")
        .distinct()
    )


def candidates_found(
    session: JurySession, *, words: str = "", state: str = "", barred: Collection[UUID] = ()
) -> QuerySet[Candidacy]:
    """The candidates of a session whose name or number holds every word, in the order the jury sees them.

    Those of ``barred`` are never told decided or not: the reader stands back for them (R-JUR-2).
    """
    found = session.candidacies.filter(reduce(and_, map(_holds, words.split()[:_WORDS]), Q()))
    if state == TO_DECIDE:
        decided = session.decisions.taken().values("enrolment")
        found = found.exclude(enrolment__in=decided).exclude(enrolment__in=barred)
    elif state == WITHOUT_DOSSIER:
        found = found.filter(~has_current_dossier())
    return found


def has_current_dossier() -> Exists:
    """Of a candidacy: a dossier of the evidence as it stands is drawn up (R-JUR-3)."""
    return Exists(Dossier.objects.filter(enrolment=OuterRef("enrolment"), stale_since=None))


def unfinished_jobs(enrolments: Collection[UUID]) -> dict[UUID, Job]:
    """For each of these enrolments, the dossier's job under way if there is one, else the last that failed."""
    jobs = Job.objects.filter(kind="dossier", subject__in=[str(key) for key in enrolments])
    unfinished = jobs.exclude(state=JobState.DONE).order_by("ordered_at")
    return {UUID(job.subject): job for job in sorted(unfinished, key=lambda job: job.state != JobState.FAILED)}


def rows_on_page(session: JurySession, page: Page[Candidacy]) -> list[SessionRow]:
    """The candidates of one page, in four queries whatever their number."""
    return _rows(session, page.object_list, without=("content_json",))


def paged(among: QuerySet[Candidacy], number: str | None) -> Page[Candidacy]:
    """One page of candidates, in two queries."""
    return Paginator(_with_dossiers(among), CANDIDATES_PER_PAGE).get_page(number)


def session_row(session: JurySession, enrolment: UUID) -> SessionRow:
    """One candidate, with the content of the dossier to decide on."""
    (row,) = _rows(session, _with_dossiers(session.candidacies.filter(enrolment=enrolment)))
    return row


def _holds(word: str) -> Q:
    found = Q(enrolment__number__icontains=word)
    if folded(word):
        found |= Q(enrolment__candidate__search_key__contains=folded(word))
    return found


def _with_dossiers(candidacies: QuerySet[Candidacy]) -> QuerySet[Candidacy]:
    latest = Dossier.objects.filter(enrolment=OuterRef("enrolment")).as_evidence_stands().values("pk")[:1]
    return candidacies.select_related("enrolment__candidate").annotate(latest_dossier=Subquery(latest))


def _rows(session: JurySession, candidacies: Iterable[Candidacy], *, without: tuple[str, ...] = ()) -> list[SessionRow]:
    """A closed session shows the revision that was decided on, whatever became of the evidence since (R-JUR-3)."""
    found = list(candidacies)
    keys = [candidacy.enrolment_id for candidacy in found]
    decisions = {decision.enrolment_id: decision for decision in session.decisions.taken().filter(enrolment__in=keys)}
    pinned = {key: decision.dossier_id for key, decision in decisions.items()} if session.is_closed else {}
    shown = [pinned.get(one.enrolment_id, one.latest_dossier) for one in found]  # type: ignore[attr-defined]  # annotated
    dossiers = Dossier.objects.defer(*without).in_bulk([pk for pk in shown if pk])
    of_enrolment = {dossier.enrolment_id: dossier for dossier in dossiers.values()}
    proposals = {
        proposal.enrolment_id: proposal for proposal in Decision.objects.proposed().filter(dossier__in=dossiers)
    }
    jobs = unfinished_jobs(keys)
    return [
        SessionRow(
            enrolment=one.enrolment,
            heard_at=one.heard_at,
            hearing=one.hearing,
            hearing_held_at=one.hearing_held_at,
            dossier=of_enrolment.get(one.enrolment_id),
            proposal=proposals.get(one.enrolment_id),
            decision=decisions.get(one.enrolment_id),
            job=jobs.get(one.enrolment_id),
        )
        for one in found
    ]
