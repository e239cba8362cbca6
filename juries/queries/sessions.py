"""A session at a glance: candidates, dossiers, proposals, decisions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from candidates.models import Enrolment
from core.enums import JobState
from core.models import Job
from juries.models import Candidacy, Decision, Dossier, JurySession


@dataclass(frozen=True)
class SessionRow:
    """One candidate of a session; ``dossier`` is the revision to decide on, None while it is being produced.

    Once the session is closed, it is the revision decided on, with its proposal, whatever was established since.
    """

    enrolment: Enrolment
    heard_at: datetime | None
    dossier: Dossier | None
    proposal: Decision | None
    decision: Decision | None
    failed_job: Job | None


def session_for(user: User) -> QuerySet[JurySession]:
    """Sessions this person may see, with what the permission predicates and the page read."""
    return (
        JurySession.objects.visible_to(user)
        .select_related("referentiel__certification", "referentiel__reglement")
        .prefetch_related("members__user")
        .distinct()
    )


def session_rows(session: JurySession, *, only: UUID | None = None) -> list[SessionRow]:
    """The candidates of a session, or the ``only`` enrolment, in five queries whatever their number."""
    latest = Dossier.objects.filter(enrolment=OuterRef("enrolment")).as_evidence_stands().values("pk")[:1]
    candidacies = (
        Candidacy.objects.filter(session=session, **({"enrolment": only} if only else {}))
        .select_related("enrolment__candidate")
        .annotate(latest_dossier=Subquery(latest))
    )
    rows = list(candidacies)
    decisions = {decision.enrolment_id: decision for decision in session.decisions.taken()}
    shown = {row.pk: _dossier_shown(session, row.latest_dossier, decisions.get(row.enrolment_id)) for row in rows}
    dossiers: dict[UUID | None, Dossier] = {
        dossier.pk: dossier
        for dossier in Dossier.objects.filter(pk__in=[pk for pk in shown.values() if pk]).defer(
            *(() if only else ("content_json",))
        )
    }
    proposals: dict[UUID | None, Decision] = {
        proposal.dossier_id: proposal for proposal in Decision.objects.proposed().filter(dossier__in=dossiers)
    }
    failed = {
        job.subject: job
        for job in Job.objects.filter(
            kind="dossier", state=JobState.FAILED, subject__in=[str(row.enrolment_id) for row in rows]
        )
    }
    return [
        SessionRow(
            enrolment=row.enrolment,
            heard_at=row.heard_at,
            dossier=dossiers.get(shown[row.pk]),
            proposal=proposals.get(shown[row.pk]),
            decision=decisions.get(row.enrolment_id),
            failed_job=failed.get(str(row.enrolment_id)),
        )
        for row in rows
    ]


def _dossier_shown(session: JurySession, latest: UUID | None, decision: Decision | None) -> UUID | None:
    """The revision to decide on; of a closed session, the one its decision rests on (R-JUR-3)."""
    return decision.dossier_id if session.is_closed and decision else latest
