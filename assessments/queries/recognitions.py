"""What a candidate's enrolments recognise, and what a new one would (R-CAN-1)."""

from dataclasses import dataclass

from assessments.models import BlocAcquisition
from candidates.models import Candidate
from referentiel.models import Equivalence


@dataclass(frozen=True)
class RecognitionsPage:
    """``held`` by enrolment; ``foreseen`` by version in force the candidate is not enrolled on."""

    held: list[BlocAcquisition]
    foreseen: list[Equivalence]


def recognitions_page(candidate: Candidate) -> RecognitionsPage:
    """Two queries; in the order they are read."""
    held = BlocAcquisition.objects.standing().recognised().filter(enrolment__candidate=candidate)
    origin = "recognised_from__bloc__referentiel__certification"
    held = held.select_related("enrolment", "bloc", "recognised_from__enrolment", origin)
    acquired = BlocAcquisition.objects.standing().filter(enrolment__candidate=candidate)
    version = "bloc__referentiel"
    foreseen = (
        Equivalence.objects.filter(
            earlier__in=acquired.values("bloc"),
            bloc__referentiel__publication__isnull=False,
            bloc__referentiel__publication__retired_at=None,
        )
        .exclude(bloc__referentiel__enrolments__candidate=candidate)
        .select_related(f"{version}__certification", "earlier__referentiel__certification")
    )
    return RecognitionsPage(
        list(held.order_by("-enrolment__enrolled_on", "enrolment__number", "bloc__number")),
        list(foreseen.order_by(f"{version}__certification__title", f"-{version}__version", "bloc__number", "pk")),
    )
