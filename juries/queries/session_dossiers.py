"""How far the dossiers of a session are, read from the jobs that draw them up (R-JUR-3, R-ALL-2)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from candidates.models import Enrolment
from core.enums import JobState
from juries.models import Candidacy, Dossier, JurySession
from juries.queries.sessions import has_current_dossier, unfinished_jobs


@dataclass(frozen=True)
class FailedDossier:
    """A dossier that could not be drawn up, and the technical words of why."""

    enrolment: Enrolment
    error: str


@dataclass(frozen=True)
class DossierStates:
    """Of ``total`` candidates, how many have the dossier of their evidence, and what is the matter with the others.

    ``waiting`` ones are being drawn up; ``stale`` ones have a revision that the evidence has left behind and nothing
    ordered; ``missing`` ones have nothing at all.
    """

    total: int
    ready: int
    waiting: int
    stale: int
    missing: int
    failed: tuple[FailedDossier, ...]

    @property
    def to_order(self) -> int:
        return self.stale + self.missing + len(self.failed)


def dossier_states(session: JurySession) -> DossierStates:
    """In three queries whatever the number of candidates."""
    lacking = list(candidacies_lacking(session).annotate(has_revision=Exists(_any_revision())))
    jobs = unfinished_jobs([candidacy.enrolment_id for candidacy in lacking])
    failed, stale, waiting = [], 0, 0
    for candidacy in lacking:
        job = jobs.get(candidacy.enrolment_id)
        if job and job.state == JobState.FAILED:
            failed.append(FailedDossier(candidacy.enrolment, job.last_error))
        elif job:
            waiting += 1
        else:
            stale += candidacy.has_revision  # annotated
    total = session.candidacies.count()
    missing = len(lacking) - len(failed) - waiting - stale
    return DossierStates(total, total - len(lacking), waiting, stale, missing, tuple(failed))


def candidacies_lacking(session: JurySession) -> QuerySet[Candidacy]:
    """Those without a dossier of the evidence as it stands, in the order the jury sees them."""
    return session.candidacies.filter(~has_current_dossier()).select_related("enrolment__candidate")


def _any_revision() -> QuerySet[Dossier]:
    return Dossier.objects.filter(enrolment=OuterRef("enrolment"))
