"""What a candidate is shown of their progress: pure, kind, and with the next step (experience: Mon parcours)."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.verdicts import Attempt, BlocConclusion, CompetenceConclusion


@dataclass(frozen=True)
class CompetenceProgress:
    """One compétence: acquired, of a bloc recognised whole (R-CAN-1), presented without success, or not yet."""

    code: str
    statement: str
    conclusion: CompetenceConclusion
    last_attempt: Attempt | None
    is_recognised: bool = False

    @property
    def state(self) -> str:
        if self.conclusion.acquired:
            return "acquired"
        if self.is_recognised:
            return "recognised"
        return "to_retake" if self.last_attempt else "to_present"


@dataclass(frozen=True)
class BlocProgress:
    number: int
    title: str
    conclusion: BlocConclusion
    competences: tuple[CompetenceProgress, ...]
    is_aimed_at: bool

    @property
    def acquired_count(self) -> int:
        return sum(competence.conclusion.acquired for competence in self.competences)

    @property
    def remaining(self) -> tuple[CompetenceProgress, ...]:
        return tuple(one for one in self.competences if one.state not in ("acquired", "recognised"))


def bloc_progress(
    conclusion: BlocConclusion,
    *,
    title: str,
    statements: Mapping[str, str],
    attempts: Mapping[str, tuple[Attempt, ...]],
    is_aimed_at: bool,
) -> BlocProgress:
    """Join a bloc's conclusion with the words the candidate knows it by."""
    return BlocProgress(
        number=conclusion.number,
        title=title,
        conclusion=conclusion,
        competences=tuple(
            CompetenceProgress(
                competence.code,
                statements[competence.code],
                competence,
                max(attempts[competence.code], key=lambda attempt: attempt.submitted_at, default=None),
                is_recognised=conclusion.recognised is not None,
            )
            for competence in conclusion.competences
        ),
        is_aimed_at=is_aimed_at,
    )
