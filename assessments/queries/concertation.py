"""What two évaluateurs judged differently, and what they settled (R-SCO-9)."""

from dataclasses import dataclass
from uuid import UUID

from assessments.models import Grille, Mark, Settlement, Soutenance
from assessments.queries.review import criteres_of, foresee, motive_required
from referentiel.models import Critere


@dataclass(frozen=True)
class Difference:
    """A CE judged acquis by one and non acquis by the other, in the order of the two évaluateurs."""

    critere: Critere
    first: Mark
    second: Mark
    settlement: Settlement | None

    @property
    def version(self) -> int:
        """Which version a change of the settlement starts from; 0 while nothing is settled (R-SCO-4)."""
        return self.settlement.version if self.settlement else 0


@dataclass(frozen=True)
class Concertation:
    """The page on which both settle their differences."""

    soutenance: Soutenance
    first: Grille
    second: Grille
    differences: list[Difference]
    agreed: int
    motive_required: bool

    @property
    def settled(self) -> int:
        return sum(difference.settlement is not None for difference in self.differences)

    @property
    def is_settled(self) -> bool:
        return self.settled == len(self.differences)


def is_concerting(soutenance: Soutenance) -> bool:
    """Both évaluateurs have submitted: from then on, and only then, each sees the other's marks."""
    if soutenance.second_evaluateur_id is None:
        return False
    submitted = soutenance.grilles.filter(submitted_at__isnull=False)
    return submitted.filter(evaluateur__in=[soutenance.evaluateur_id, soutenance.second_evaluateur_id]).count() == 2


def differences_of(soutenance: Soutenance) -> list[Difference]:
    """The CE judged differently, in the référentiel's order; three queries."""
    first, second = (_marks(soutenance, who) for who in (soutenance.evaluateur_id, soutenance.second_evaluateur_id))
    settlements = {one.critere_id: one for one in soutenance.settlements.select_related("settled_by")}
    return [
        Difference(mark.critere, mark, second[pk], settlements.get(pk))
        for pk, mark in first.items()
        if pk in second and mark.verdict != second[pk].verdict
    ]


def unsettled(soutenance: Soutenance) -> list[Difference]:
    return [difference for difference in differences_of(soutenance) if difference.settlement is None]


def concertation(soutenance: Soutenance) -> Concertation:
    """Everything the page shows, in six queries whatever the number of differences."""
    grilles = {grille.evaluateur_id: grille for grille in soutenance.grilles.select_related("evaluateur")}
    assert soutenance.second_evaluateur_id is not None
    differences = differences_of(soutenance)
    first = grilles[soutenance.evaluateur_id]
    return Concertation(
        soutenance=soutenance,
        first=first,
        second=grilles[soutenance.second_evaluateur_id],
        differences=differences,
        agreed=Mark.objects.filter(grille=first).exclude(verdict="").count() - len(differences),
        motive_required=motive_required(soutenance.enrolment_id),
    )


def foreseen_blocs(page: Concertation) -> list[int]:
    """The numbers of the blocs that confirming now would let the candidate acquire; writes nothing."""
    verdicts = dict(Mark.objects.filter(grille=page.first).values_list("critere_id", "verdict"))
    settled = {one.critere.pk: one.settlement.verdict for one in page.differences if one.settlement}
    enrolment = page.soutenance.enrolment
    known = set(enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
    foreseen = foresee(page.first, enrolment, criteres_of(page.first), {**verdicts, **settled})
    return [bloc.number for bloc in foreseen.blocs if bloc.acquired and bloc.number not in known]


def _marks(soutenance: Soutenance, evaluateur: UUID | None) -> dict[int, Mark]:
    marks = (
        Mark.objects.filter(grille__soutenance=soutenance, grille__evaluateur=evaluateur)
        .select_related("critere__competence")
        .order_by(
            "critere__competence__activite__bloc__number",
            "critere__competence__activite__position",
            "critere__competence__position",
            "critere__position",
        )
    )
    return {mark.critere_id: mark for mark in marks}
