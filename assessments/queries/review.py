"""What a grille still lacks, and what submitting it would cause."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from assessments.enums import Verdict
from assessments.models import Grille, Mark
from assessments.queries.evidence import JudgedSoutenance
from assessments.queries.records import attempt_of, bloc_records, rule_of
from assessments.verdicts import CertificationConclusion, conclude
from candidates.models import Enrolment
from referentiel.models import Critere, Reglement


@dataclass(frozen=True)
class Missing:
    """Something to complete before submitting, and where it is (R-SCO-8)."""

    competence: str
    critere: int
    label: str
    problem: str


def criteres_of(grille: Grille) -> list[Critere]:
    """The CE judged in the grille's soutenance, in the référentiel's order."""
    return list(
        Critere.objects.filter(competence__soutenances=grille.soutenance_id)
        .select_related("competence__activite__bloc")
        .prefetch_related("sous_elements")
        .order_by(
            "competence__activite__bloc__number", "competence__activite__position", "competence__position", "position"
        )
    )


def missing_in(
    grille: Grille, criteres: list[Critere] | None = None, marks: dict[int, Mark] | None = None
) -> list[Missing]:
    """Every CE not judged and every required comment not given, in order."""
    criteres = criteres_of(grille) if criteres is None else criteres
    marks = {mark.critere_id: mark for mark in grille.marks.all()} if marks is None else marks
    needed = motive_required(grille.soutenance.enrolment_id)
    missing = []
    for critere in criteres:
        mark = marks.get(critere.pk)
        if mark is None or not mark.verdict:
            problem = "n’est pas évalué"
        elif needed and mark.verdict == Verdict.NON_ACQUIS and not mark.comment.strip():
            problem = "est non acquis sans commentaire pour le candidat"
        else:
            continue
        missing.append(Missing(critere.competence.code, critere.pk, critere.label, problem))
    return missing


def motive_required(enrolment_id: UUID) -> bool:
    """Whether the règlement asks a comment with each « non acquis » (R-REF-6)."""
    reglement = Reglement.objects.filter(referentiel__enrolments=enrolment_id).first()
    return reglement is None or reglement.motive_required


def foresee(
    grille: Grille, enrolment: Enrolment, criteres: list[Critere], verdicts: Mapping[int, str]
) -> CertificationConclusion:
    """What ending the soutenance now, on these verdicts, would let the candidate acquire; writes nothing."""
    imagined = JudgedSoutenance(
        Grille(pk=grille.pk, soutenance=grille.soutenance, evaluateur=grille.evaluateur, submitted_at=timezone.now())
    )
    by_code: dict[str, list[Critere]] = {}
    for critere in criteres:
        by_code.setdefault(critere.competence.code, []).append(critere)
    records = [
        replace(
            bloc,
            competences=tuple(
                replace(record, attempts=(*record.attempts, attempt_of(imagined, by_code[record.code], verdicts)))
                if record.code in by_code
                else record
                for record in bloc.competences
            ),
        )
        for bloc in bloc_records(enrolment)
    ]
    return conclude(records, rule=rule_of(enrolment.referentiel))
