"""What the software proposes: pure, with its reasons; people decide (R-JUR-4, RGPD art. 22)."""

from dataclasses import dataclass

from assessments.verdicts import CertificationConclusion
from juries.enums import Outcome


@dataclass(frozen=True)
class Proposal:
    """An outcome, the numbers of the blocs it acknowledges, and why."""

    outcome: Outcome
    blocs: tuple[int, ...]
    reasons: tuple[str, ...]


def propose(conclusion: CertificationConclusion) -> Proposal:
    """Certified when every bloc is acquired, partial when some are, refused when none is."""
    blocs = tuple(bloc.number for bloc in conclusion.blocs if bloc.acquired)
    if conclusion.acquired:
        return Proposal(Outcome.CERTIFIED, blocs, conclusion.reasons)
    return Proposal(Outcome.PARTIAL if blocs else Outcome.REFUSED, blocs, conclusion.reasons)
