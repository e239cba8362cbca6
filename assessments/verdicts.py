"""From the CE to the certification: the calculation a diploma rests on, and the reasons it gives (R-VAL-1 … R-VAL-5).

Pure: frozen values in, frozen values out; no database, no clock. Dates are those of the submissions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assessments.enums import Verdict


@dataclass(frozen=True)
class Rule:
    """The règlement's thresholds, in percent of the CE of a compétence and of the compétences of a bloc."""

    criteres_percent: int = 100
    competences_percent: int = 100


@dataclass(frozen=True)
class CritereResult:
    """One CE as judged; ``verdict`` is None when nobody judged it."""

    label: str
    verdict: Verdict | None
    mandatory: bool = False

    @property
    def is_acquired(self) -> bool:
        return self.verdict == Verdict.ACQUIS


@dataclass(frozen=True)
class Attempt:
    """One submitted soutenance of one compétence; ``reference`` identifies the grille."""

    reference: str
    held_on: date
    evaluateur: str
    submitted_at: datetime
    criteres: tuple[CritereResult, ...]

    @property
    def circumstance(self) -> str:
        return f"soutenance du {self.held_on:%d/%m/%Y}, {self.evaluateur}"


@dataclass(frozen=True)
class CompetenceRecord:
    """A compétence and every submitted attempt at it, in any order."""

    code: str
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """A bloc acquired on another version and recognised at the enrolment, by an equivalence it declares (R-CAN-1)."""

    acquired_at: datetime
    recognised_at: datetime
    origin: str

    @property
    def circumstance(self) -> str:
        return f"{self.origin}, acquis le {self.acquired_at:%d/%m/%Y}"


@dataclass(frozen=True)
class BlocRecord:
    number: int
    competences: tuple[CompetenceRecord, ...]
    recognised: Recognition | None = None


@dataclass(frozen=True)
class CompetenceConclusion:
    """``acquired_by`` is the first attempt that met the règlement; later ones never remove it (R-VAL-1)."""

    code: str
    acquired_by: Attempt | None
    reasons: tuple[str, ...]
    presented: bool

    @property
    def acquired(self) -> bool:
        return self.acquired_by is not None

    @property
    def acquired_at(self) -> datetime | None:
        return self.acquired_by.submitted_at if self.acquired_by else None


@dataclass(frozen=True)
class BlocConclusion:
    """``completed_by`` is the attempt whose submission completed the bloc, and gives its date (R-VAL-2).

    A bloc that was ``recognised`` is acquired since it was on its own version, whatever is presented here (R-CAN-1).
    """

    number: int
    completed_by: Attempt | None
    competences: tuple[CompetenceConclusion, ...]
    reasons: tuple[str, ...]
    recognised: Recognition | None = None

    @property
    def acquired(self) -> bool:
        return self.recognised is not None or self.completed_by is not None

    @property
    def acquired_at(self) -> datetime | None:
        if self.recognised:
            return self.recognised.acquired_at
        return self.completed_by.submitted_at if self.completed_by else None


@dataclass(frozen=True)
class CertificationConclusion:
    """Every bloc is needed: the source's own rule, not a setting (R-REF-6)."""

    acquired: bool
    blocs: tuple[BlocConclusion, ...]
    reasons: tuple[str, ...]


def conclude(blocs: Sequence[BlocRecord], *, rule: Rule) -> CertificationConclusion:
    """What the verdicts let the candidate acquire, with a reason for each bloc (R-VAL-5)."""
    conclusions = tuple(conclude_bloc(bloc, rule=rule) for bloc in blocs)
    return CertificationConclusion(
        acquired=bool(conclusions) and all(bloc.acquired for bloc in conclusions),
        blocs=conclusions,
        reasons=tuple(reason for bloc in conclusions for reason in bloc.reasons),
    )


def conclude_bloc(bloc: BlocRecord, *, rule: Rule) -> BlocConclusion:
    """A bloc is acquired when enough of its compétences are; an empty bloc never is (R-VAL-2)."""
    competences = tuple(conclude_competence(competence, rule=rule) for competence in bloc.competences)
    needed = _share(rule.competences_percent, len(competences))
    acquiring = sorted(
        (competence.acquired_by for competence in competences if competence.acquired_by),
        key=lambda attempt: (attempt.submitted_at, attempt.reference),
    )
    completed_by = acquiring[needed - 1] if 0 < needed <= len(acquiring) else None
    return BlocConclusion(
        number=bloc.number,
        completed_by=completed_by,
        competences=competences,
        reasons=_bloc_reasons(bloc, competences, completed_by),
        recognised=bloc.recognised,
    )


def conclude_competence(competence: CompetenceRecord, *, rule: Rule) -> CompetenceConclusion:
    """A compétence is acquired by the first submitted attempt that meets the règlement on its CE (R-VAL-1)."""
    attempts = sorted(competence.attempts, key=lambda attempt: (attempt.submitted_at, attempt.reference))
    acquired_by = next((attempt for attempt in attempts if meets(attempt.criteres, rule=rule)), None)
    if acquired_by:
        reasons: tuple[str, ...] = (f"{competence.code} acquise ({acquired_by.circumstance})",)
    elif attempts:
        reasons = missing_reasons(competence.code, attempts[-1])
    else:
        reasons = (f"{competence.code} non présentée",)
    return CompetenceConclusion(competence.code, acquired_by, reasons, presented=bool(attempts))


def meets(criteres: Sequence[CritereResult], *, rule: Rule) -> bool:
    """Enough CE acquired, every mandatory one among them; a compétence without CE is never acquired."""
    acquired = sum(critere.is_acquired for critere in criteres)
    mandatory_met = all(critere.is_acquired for critere in criteres if critere.mandatory)
    return enough(acquired, len(criteres), mandatory_met=mandatory_met, rule=rule)


def enough(acquired: int, total: int, *, mandatory_met: bool, rule: Rule) -> bool:
    """The same from counts: ``acquired`` of the ``total`` CE of a compétence."""
    return total > 0 and mandatory_met and acquired >= _share(rule.criteres_percent, total)


def enough_competences(acquired: int, total: int, *, rule: Rule) -> bool:
    """Whether ``acquired`` of the ``total`` compétences of a bloc make it acquired (R-VAL-2)."""
    return total > 0 and acquired >= _share(rule.competences_percent, total)


def missing_reasons(code: str, attempt: Attempt) -> tuple[str, ...]:
    """Why ``attempt`` did not acquire the compétence, one reason per CE that was not acquired."""
    if not attempt.criteres:
        return (f"{code} sans critère d’évaluation",)
    return tuple(
        f"{code} {critere.label} {'non acquis' if critere.verdict else 'non évalué'} ({attempt.circumstance})"
        for critere in attempt.criteres
        if not critere.is_acquired
    )


def _bloc_reasons(
    bloc: BlocRecord, competences: Sequence[CompetenceConclusion], completed_by: Attempt | None
) -> tuple[str, ...]:
    number = bloc.number
    if bloc.recognised:
        return (f"Bloc {number} reconnu ({bloc.recognised.circumstance})",)
    if completed_by:
        return (f"Bloc {number} acquis le {completed_by.submitted_at:%d/%m/%Y} ({completed_by.circumstance})",)
    if not competences:
        return (f"Bloc {number} non acquis : il n’a pas de compétence",)
    missing = [competence for competence in competences if not competence.acquired]
    failed = [reason for competence in missing if competence.presented for reason in competence.reasons]
    absent = [competence.code for competence in missing if not competence.presented]
    if absent:
        failed.append(f"{', '.join(absent)} non présentée{'s' if len(absent) > 1 else ''}")
    return tuple(f"Bloc {number} non acquis : {reason}" for reason in failed)


def _share(percent: int, total: int) -> int:
    """The smallest whole number of items that reaches ``percent`` of ``total``; exact, at least one."""
    return max(1, -(-percent * total // 100)) if total else 0
