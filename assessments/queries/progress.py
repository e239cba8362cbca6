"""Mon parcours: blocs, what remains and why, next soutenance."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from assessments.enums import Verdict
from assessments.models import Mark, Settlement, Soutenance
from assessments.outcomes import Wording, wording_of
from assessments.progress import BlocProgress, bloc_progress
from assessments.queries.records import bloc_records, rule_of
from assessments.queries.soutenances import ListedSoutenance, with_progress
from assessments.verdicts import CertificationConclusion, conclude
from candidates.models import Enrolment
from referentiel.models import Competence


@dataclass(frozen=True)
class FailedCritere:
    """A CE that was not acquired, with the évaluateur's words for the candidate."""

    label: str
    text: str
    comment: str


@dataclass(frozen=True)
class Missed:
    """A soutenance that did not take place, with the words its candidate reads (R-SCO-1)."""

    soutenance: Soutenance
    wording: Wording


@dataclass(frozen=True)
class ProgressPage:
    enrolment: Enrolment
    conclusion: CertificationConclusion
    blocs: list[BlocProgress]
    failed: dict[str, list[FailedCritere]]
    upcoming: list[ListedSoutenance]
    awaited: list[ListedSoutenance]  # their slot is over and their grille is not in, or was given back
    missed: list[Missed]

    @property
    def acquired_blocs(self) -> int:
        return sum(bloc.conclusion.acquired for bloc in self.blocs)

    @property
    def next_soutenance(self) -> ListedSoutenance | None:
        return self.upcoming[0] if self.upcoming else None


def progress_page(enrolment: Enrolment, *, at: datetime) -> ProgressPage:
    """Everything the candidate may know before a jury has spoken: submitted grilles only (R-CAN-4)."""
    records = bloc_records(enrolment)
    conclusion = conclude(records, rule=rule_of(enrolment.referentiel))
    attempts = {record.code: record.attempts for bloc in records for record in bloc.competences}
    statements = dict(
        Competence.objects.filter(referentiel_id=enrolment.referentiel_id).values_list("code", "statement")
    )
    titles = dict(enrolment.referentiel.blocs.values_list("number", "title"))
    aimed = set(enrolment.blocs.values_list("number", flat=True))
    blocs = [
        bloc_progress(
            bloc,
            title=titles[bloc.number],
            statements=statements,
            attempts=attempts,
            is_aimed_at=bloc.number in aimed,
        )
        for bloc in conclusion.blocs
    ]
    waiting = with_progress(Soutenance.objects.filter(enrolment=enrolment).awaiting_marks().order_by("starts_at"))
    upcoming = [row for row in waiting if row.ends_at > at]
    awaited = [row for row in waiting if row.ends_at <= at]
    missed = [
        Missed(soutenance, wording)
        for soutenance in Soutenance.objects.replaceable(enrolment).order_by("starts_at")
        if (wording := wording_of(soutenance.state))
    ]
    return ProgressPage(enrolment, conclusion, blocs, _failed(blocs), upcoming, awaited, missed)


def _failed(blocs: list[BlocProgress]) -> dict[str, list[FailedCritere]]:
    """The CE to take up again, by compétence, from the last attempt at each."""
    last = {
        (competence.last_attempt.reference, competence.code)
        for bloc in blocs
        for competence in bloc.competences
        if competence.last_attempt and competence.state == "to_retake"
    }
    settled = Settlement.objects.filter(soutenance=OuterRef("grille__soutenance"), critere=OuterRef("critere"))
    marks = (
        Mark.objects.filter(grille__in={reference for reference, _ in last})
        .annotate(
            said=Coalesce(Subquery(settled.values("verdict")), F("verdict")),  # R-SCO-9
            said_why=Coalesce(Subquery(settled.values("comment")), F("comment")),
        )
        .filter(said=Verdict.NON_ACQUIS)
        .select_related("critere__competence")
        .order_by("critere__competence__code", "critere__position")
    )
    failed = defaultdict(list)
    for mark in marks:
        code = mark.critere.competence.code
        if (str(mark.grille_id), code) in last:
            failed[code].append(FailedCritere(mark.critere.label, mark.critere.text, mark.said_why))
    return dict(failed)
