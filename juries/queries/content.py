"""The content of a dossier, read once and frozen (R-JUR-3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.utils import timezone

from assessments.queries.records import recognitions_of, rule_of
from assessments.verdicts import (
    Attempt,
    BlocConclusion,
    BlocRecord,
    CompetenceConclusion,
    CompetenceRecord,
    conclude,
    missing_reasons,
)
from candidates.models import Enrolment
from juries.content import (
    SCHEMA,
    ActiviteContent,
    AttemptContent,
    BlocContent,
    CompetenceContent,
    DossierContent,
    EvidenceContent,
    OutcomeValue,
    RecognitionContent,
)
from juries.proposals import Proposal, propose
from juries.queries.judged import Evidence
from juries.queries.recognitions import recognition_contents
from juries.queries.times import times_of
from referentiel.models import Bloc, Competence, Reglement


@dataclass(frozen=True)
class BuiltDossier:
    content: DossierContent
    proposal: Proposal


def build_dossier(enrolment: Enrolment, *, revision: int, generated_at: datetime) -> BuiltDossier:
    """The dossier of ``enrolment`` as its evidence stands, and what it leads the software to propose."""
    evidence = Evidence(enrolment)
    blocs = list(enrolment.referentiel.blocs.prefetch_related("activites__competences"))
    attempts = {
        competence.code: evidence.attempts(competence)
        for bloc in blocs
        for activite in bloc.activites.all()
        for competence in activite.competences.all()
    }
    recognised = recognitions_of(enrolment)
    conclusion = conclude(
        [replace(_record(bloc, attempts), recognised=recognised.get(bloc.number)) for bloc in blocs],
        rule=rule_of(enrolment.referentiel),
    )
    origins = recognition_contents(enrolment, recognised)
    proposal = propose(conclusion)
    content: DossierContent = {
        "schema": SCHEMA,
        "revision": revision,
        "generated_at": _local(generated_at),
        "certification": {
            "title": enrolment.referentiel.certification.title,
            "rncp_code": enrolment.referentiel.certification.rncp_code,
            "level": enrolment.referentiel.certification.level,
            "certifier": enrolment.referentiel.certification.certifier,
        },
        "referentiel": {
            "version": enrolment.referentiel.version,
            "fingerprint": enrolment.referentiel.publication.fingerprint,
        },
        "candidate": {
            "full_name": enrolment.candidate.full_name,
            "birth_date": enrolment.candidate.birth_date.isoformat(),
            "birth_place": enrolment.candidate.birth_place,
        },
        "enrolment": {
            "number": enrolment.number,
            "voie_acces": enrolment.get_voie_acces_display(),
            "enrolled_on": enrolment.enrolled_on.isoformat(),
        },
        "accommodations": [{"label": measure.label} for measure in enrolment.accommodations.standing()],
        "reglement": {"settings": _settings(enrolment)},
        "proposal": {"outcome": cast("OutcomeValue", proposal.outcome.value), "reasons": list(proposal.reasons)},
        "blocs": [
            _recognised(bloc, concluded, origins[bloc.number])
            if bloc.number in origins
            else _bloc(bloc, concluded, evidence, attempts)
            for bloc, concluded in zip(blocs, conclusion.blocs, strict=True)
        ],
        "times": times_of(enrolment, evidence.judged.values()),
    }
    return BuiltDossier(content, proposal)


def _record(bloc: Bloc, attempts: dict[str, tuple[Attempt, ...]]) -> BlocRecord:
    return BlocRecord(
        bloc.number,
        tuple(
            CompetenceRecord(competence.code, attempts[competence.code])
            for activite in bloc.activites.all()
            for competence in activite.competences.all()
        ),
    )


def _bloc(
    bloc: Bloc, concluded: BlocConclusion, evidence: Evidence, attempts: dict[str, tuple[Attempt, ...]]
) -> BlocContent:
    by_code = {competence.code: competence for competence in concluded.competences}
    activites: list[ActiviteContent] = [
        {
            "code": activite.code,
            "title": activite.title,
            "competences": [
                _competence(competence, by_code[competence.code], evidence, attempts[competence.code])
                for competence in activite.competences.all()
            ],
        }
        for activite in bloc.activites.all()
    ]
    return {
        "number": bloc.number,
        "title": bloc.title,
        "acquired": concluded.acquired,
        "acquired_on": _day(concluded.acquired_at),
        "reasons": list(concluded.reasons),
        "activites": activites,
    }


def _recognised(bloc: Bloc, concluded: BlocConclusion, origin: RecognitionContent) -> BlocContent:
    """Its evidence is that of the version it was acquired on: nothing of it was judged here."""
    return {
        "number": bloc.number,
        "title": bloc.title,
        "acquired": True,
        "acquired_on": _day(concluded.acquired_at),
        "reasons": list(concluded.reasons),
        "activites": [],
        "recognised": origin,
    }


def _competence(
    competence: Competence, concluded: CompetenceConclusion, evidence: Evidence, attempts: tuple[Attempt, ...]
) -> CompetenceContent:
    ordered = sorted(attempts, key=lambda attempt: attempt.submitted_at)
    shown = concluded.acquired_by or (ordered[-1] if ordered else None)
    reference = shown.reference if shown else None
    return {
        "code": competence.code,
        "statement": competence.statement,
        "acquired": concluded.acquired,
        "acquired_on": _day(concluded.acquired_at),
        "evidence": _evidence(shown, evidence) if shown else None,
        "criteres": [evidence.said_of(critere, reference) for critere in evidence.criteres[competence.pk]],
        "earlier_attempts": list(_earlier(competence.code, ordered, shown)),
    }


def _evidence(attempt: Attempt, evidence: Evidence) -> EvidenceContent:
    soutenance = evidence.judged[attempt.reference].soutenance
    return {
        "grille": attempt.reference,
        "soutenance": soutenance.title or "Soutenance",
        "held_on": attempt.held_on.isoformat(),
        "evaluateur": attempt.evaluateur,
        "submitted_at": _local(attempt.submitted_at),
    }


def _earlier(code: str, ordered: list[Attempt], shown: Attempt | None) -> Iterable[AttemptContent]:
    for attempt in ordered:
        if shown and attempt.submitted_at < shown.submitted_at:
            yield {
                "held_on": attempt.held_on.isoformat(),
                "evaluateur": attempt.evaluateur,
                "reasons": list(missing_reasons(code, attempt)),
            }


def _settings(enrolment: Enrolment) -> list[str]:
    reglement: Reglement = enrolment.referentiel.reglement
    criteres = "tous les CE" if reglement.criteres_percent == 100 else f"{reglement.criteres_percent} % des CE"
    competences = (
        "toutes ses compétences"
        if reglement.competences_percent == 100
        else f"{reglement.competences_percent} % de ses compétences"
    )
    kept = reglement.retention_years
    return [
        f"Une compétence est acquise avec {criteres} acquis, dont chaque CE obligatoire.",
        f"Un bloc est acquis avec {competences}.",
        "La certification demande la validation de tous les blocs.",
        f"Le candidat dispose d’un délai de recours de {reglement.appeal_months} mois.",
        *([f"Les dossiers et les décisions sont conservés {kept} an{'s' if kept > 1 else ''}."] if kept else []),
    ]


def _day(at: datetime | None) -> str | None:
    return timezone.localdate(at).isoformat() if at else None


def _local(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
