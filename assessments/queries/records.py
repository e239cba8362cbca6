"""From the database to the pure records of ``verdicts.py``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import F
from django.utils import timezone

from assessments.enums import SoutenanceState, Verdict
from assessments.models import BlocAcquisition, Grille, Mark, Settlement
from assessments.queries.evidence import JudgedSoutenance
from assessments.verdicts import (
    Attempt,
    BlocRecord,
    CertificationConclusion,
    CompetenceRecord,
    CritereResult,
    Recognition,
    Rule,
)
from assessments.verdicts import conclude as conclude_records
from candidates.models import Enrolment
from referentiel.models import Competence, Critere, Referentiel, Reglement


def rule_of(referentiel: Referentiel) -> Rule:
    """The thresholds of the version's règlement, or the defaults when it has none."""
    reglement = Reglement.objects.filter(referentiel=referentiel).first() or Reglement()
    return Rule(reglement.criteres_percent, reglement.competences_percent)


def judged_soutenances(enrolment: Enrolment) -> list[JudgedSoutenance]:
    """The enrolment's submitted soutenances, oldest first; two queries, two more where there were two évaluateurs."""
    grilles = list(
        Grille.objects.filter(
            soutenance__enrolment=enrolment,
            soutenance__state=SoutenanceState.SUBMITTED,
            soutenance__evaluateur=F("evaluateur"),
        )
        .select_related("soutenance__second_evaluateur", "evaluateur")
        .prefetch_related("soutenance__competences")
    )
    seconds, settlements = _of_two([grille for grille in grilles if grille.soutenance.second_evaluateur_id])
    judged = [
        JudgedSoutenance(grille, seconds.get(grille.soutenance_id), settlements[grille.soutenance_id])
        for grille in grilles
    ]
    return sorted(judged, key=lambda one: (one.submitted_at, one.reference))


def bloc_records(enrolment: Enrolment) -> tuple[BlocRecord, ...]:
    """Every bloc of the référentiel with its compétences and the submitted attempts at them; six to eight queries."""
    judged = judged_soutenances(enrolment)
    verdicts = _verdicts(judged)
    criteres = defaultdict(list)
    for critere in Critere.objects.filter(referentiel_id=enrolment.referentiel_id).order_by("position"):
        criteres[critere.competence_id].append(critere)
    blocs: dict[int, list[CompetenceRecord]] = {
        number: [] for number in enrolment.referentiel.blocs.values_list("number", flat=True)
    }
    competences = Competence.objects.filter(referentiel_id=enrolment.referentiel_id).select_related("activite__bloc")
    for competence in competences:
        attempts = tuple(
            attempt_of(one, criteres[competence.pk], verdicts[one.reference])
            for one in judged
            if competence in one.soutenance.competences.all()
        )
        blocs[competence.activite.bloc.number].append(CompetenceRecord(competence.code, attempts))
    recognised = recognitions_of(enrolment)
    return tuple(BlocRecord(number, tuple(records), recognised.get(number)) for number, records in blocs.items())


def recognitions_of(enrolment: Enrolment) -> dict[int, Recognition]:
    """What was recognised at the enrolment, by number of bloc (R-CAN-1); one query."""
    rows = enrolment.bloc_acquisitions.standing().recognised()
    rows = rows.select_related(
        "bloc", "recognised_from__enrolment", "recognised_from__bloc__referentiel__certification"
    )
    own = enrolment.referentiel.certification_id
    return {row.bloc.number: _recognition(row, own) for row in rows}


def _recognition(row: BlocAcquisition, certification: int) -> Recognition:
    """Its origin, told with its RNCP code where it is not of the same ``certification``."""
    source = row.recognised_from
    assert source is not None
    assert row.recognised_at is not None
    version = source.bloc.referentiel
    elsewhere = "" if version.certification_id == certification else f" ({version.certification.rncp_code})"
    return Recognition(
        timezone.localtime(row.acquired_at),
        timezone.localtime(row.recognised_at),
        f"bloc {source.bloc.number} de la version {version.version}{elsewhere}, dossier {source.enrolment.number}",
    )


def conclude(enrolment: Enrolment) -> CertificationConclusion:
    """What the submitted verdicts let this enrolment acquire."""
    return conclude_records(bloc_records(enrolment), rule=rule_of(enrolment.referentiel))


def attempt_of(judged: JudgedSoutenance, criteres: Iterable[Critere], verdicts: Mapping[int, str]) -> Attempt:
    """One submitted soutenance seen as an attempt at one compétence, given its CE and their effective verdicts."""
    return Attempt(
        reference=judged.reference,
        held_on=judged.soutenance.starts_on,
        evaluateur=judged.evaluateurs,
        submitted_at=judged.submitted_at,
        criteres=tuple(
            CritereResult(critere.label, _verdict(verdicts.get(critere.pk)), critere.mandatory) for critere in criteres
        ),
    )


def _of_two(grilles: list[Grille]) -> tuple[dict[object, Grille], defaultdict[object, dict[int, Settlement]]]:
    """The second évaluateur's grille of each soutenance, and what both settled (R-SCO-9)."""
    settlements: defaultdict[object, dict[int, Settlement]] = defaultdict(dict)
    if not grilles:
        return {}, settlements
    soutenances = [grille.soutenance_id for grille in grilles]
    seconds = Grille.objects.filter(
        soutenance__in=soutenances, soutenance__second_evaluateur=F("evaluateur")
    ).select_related("evaluateur")
    for settlement in Settlement.objects.filter(soutenance__in=soutenances).select_related("settled_by"):
        settlements[settlement.soutenance_id][settlement.critere_id] = settlement
    return {grille.soutenance_id: grille for grille in seconds}, settlements


def _verdicts(judged: Iterable[JudgedSoutenance]) -> dict[str, dict[int, str]]:
    """The effective verdict of each CE: the one settled, else the first évaluateur's (R-SCO-9)."""
    verdicts: dict[str, dict[int, str]] = {one.reference: {} for one in judged}
    marks = Mark.objects.filter(grille__in=list(verdicts)).values_list("grille_id", "critere_id", "verdict")
    for grille, critere, verdict in marks:
        verdicts[str(grille)][critere] = verdict
    for one in judged:
        verdicts[one.reference].update({pk: settled.verdict for pk, settled in one.settlements.items()})
    return verdicts


def _verdict(value: str | None) -> Verdict | None:
    return Verdict(value) if value else None
