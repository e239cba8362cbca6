"""Storing what is acquired, and withdrawing what a reopened grille no longer supports (R-VAL-1, R-VAL-2, R-VAL-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.models import BlocAcquisition, CompetenceAcquisition, Soutenance
from assessments.verdicts import BlocConclusion, CertificationConclusion
from candidates.models import Enrolment
from core.fingerprints import canonical_json, sha256_hex
from referentiel.models import Bloc, Competence


@dataclass(frozen=True)
class Acquired:
    """Compétences by code and blocs by number, as the journal tells them."""

    competences: list[str]
    blocs: list[int]


def record_acquired(enrolment: Enrolment, conclusion: CertificationConclusion) -> Acquired:
    """Store what ``conclusion`` says is acquired and is not stored yet; inside the caller's transaction."""
    return Acquired(_record_competences(enrolment, conclusion), _record_blocs(enrolment, conclusion))


def withdraw_resting_on(soutenance: Soutenance, *, reason: str, at: datetime) -> Acquired:
    """Withdraw the acquisitions whose evidence names a grille of ``soutenance``, with the reason (R-VAL-3)."""
    grilles = {str(grille.pk) for grille in soutenance.grilles.all()}
    withdrawn = {"withdrawn_at": at, "withdrawal_reason": reason}
    competences = CompetenceAcquisition.objects.standing().filter(grille__soutenance=soutenance)
    codes = sorted(competences.values_list("competence__code", flat=True))
    competences.update(**withdrawn)
    blocs = [
        bloc
        for bloc in BlocAcquisition.objects.standing()
        .filter(enrolment=soutenance.enrolment_id)
        .select_related("bloc")
        .order_by("bloc__number")
        if str(bloc.grille_id) in grilles or any(entry["grille"] in grilles for entry in bloc.evidence)
    ]
    BlocAcquisition.objects.filter(pk__in=[bloc.pk for bloc in blocs]).update(**withdrawn)
    return Acquired(codes, [bloc.bloc.number for bloc in blocs])


def _record_competences(enrolment: Enrolment, conclusion: CertificationConclusion) -> list[str]:
    """Store the compétences acquired and not yet stored; their codes (R-VAL-1)."""
    known = set(enrolment.competence_acquisitions.standing().values_list("competence__code", flat=True))
    new = [
        competence
        for bloc in conclusion.blocs
        for competence in bloc.competences
        if competence.acquired_by and competence.code not in known
    ]
    rows = Competence.objects.filter(
        referentiel_id=enrolment.referentiel_id, code__in=[competence.code for competence in new]
    ).in_bulk(field_name="pk")
    by_code = {row.code: row for row in rows.values()}
    CompetenceAcquisition.objects.bulk_create(
        CompetenceAcquisition(
            enrolment=enrolment,
            competence=by_code[competence.code],
            grille_id=competence.acquired_by.reference,
            acquired_at=competence.acquired_at,
        )
        for competence in new
        if competence.acquired_by and competence.acquired_at
    )
    return [competence.code for competence in new]


def _record_blocs(enrolment: Enrolment, conclusion: CertificationConclusion) -> list[int]:
    """Store the blocs acquired and not yet stored, with their evidence; their numbers (R-VAL-2)."""
    known = set(enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
    new = [bloc for bloc in conclusion.blocs if bloc.completed_by and bloc.number not in known]
    rows = {bloc.number: bloc for bloc in Bloc.objects.filter(referentiel_id=enrolment.referentiel_id)}
    BlocAcquisition.objects.bulk_create(_bloc_acquisitions(enrolment, new, rows))
    return [bloc.number for bloc in new]


def _bloc_acquisitions(
    enrolment: Enrolment, blocs: Iterable[BlocConclusion], rows: dict[int, Bloc]
) -> Iterable[BlocAcquisition]:
    for bloc in blocs:
        assert bloc.completed_by is not None
        evidence = [
            {"competence": competence.code, "grille": competence.acquired_by.reference}
            for competence in bloc.competences
            if competence.acquired_by
        ]
        yield BlocAcquisition(
            enrolment=enrolment,
            bloc=rows[bloc.number],
            grille_id=bloc.completed_by.reference,
            acquired_at=bloc.completed_by.submitted_at,
            evidence=evidence,
            evidence_fingerprint=sha256_hex(canonical_json(evidence)),
        )
