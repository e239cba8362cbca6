"""The page the évaluateur works on for hours."""

from dataclasses import dataclass
from datetime import datetime

from assessments.enums import Verdict
from assessments.marks import MarkValue
from assessments.models import Deliverable, Grille, Mark, Snippet, Soutenance
from assessments.queries.clock import ClockReading, reading_of
from assessments.queries.deliverables import standing_of
from assessments.queries.marks import value_of
from assessments.queries.review import criteres_of
from candidates.models import Accommodation
from referentiel.models import Competence, Critere


@dataclass(frozen=True)
class MarkedCritere:
    """A CE and what the évaluateur has said of it so far."""

    critere: Critere
    value: MarkValue
    version: int
    opens_rubrique: bool

    @property
    def is_judged(self) -> bool:
        return bool(self.value.verdict)

    @property
    def is_failed(self) -> bool:
        return self.value.verdict == Verdict.NON_ACQUIS


@dataclass(frozen=True)
class CompetencePanel:
    """A compétence of the soutenance with its CE."""

    competence: Competence
    criteres: list[MarkedCritere]

    @property
    def judged(self) -> int:
        return sum(critere.is_judged for critere in self.criteres)

    @property
    def failed(self) -> int:
        return sum(critere.is_failed for critere in self.criteres)


@dataclass(frozen=True)
class GrillePage:
    soutenance: Soutenance
    grille: Grille
    panels: list[CompetencePanel]
    accommodations: list[Accommodation]
    snippets: list[Snippet]
    time: ClockReading
    deliverables: list[Deliverable]
    is_open: bool

    @property
    def oral(self) -> list[MarkedCritere]:
        """The occurrences of the oral criterion, one per compétence (R-SCO-6)."""
        return [row for panel in self.panels for row in panel.criteres if row.critere.is_oral]

    @property
    def judged(self) -> int:
        return sum(panel.judged for panel in self.panels)

    @property
    def total(self) -> int:
        return sum(len(panel.criteres) for panel in self.panels)


def grille_page(soutenance: Soutenance, grille: Grille, *, at: datetime) -> GrillePage:
    """Everything the grille shows at the instant ``at``; writes nothing (R-SCO-5).

    Eight queries whatever the number of compétences.
    """
    marks = {mark.critere_id: mark for mark in grille.marks.all()}
    return GrillePage(
        soutenance=soutenance,
        grille=grille,
        panels=panels_of(grille, marks),
        accommodations=list(soutenance.enrolment.accommodations.standing()),
        snippets=list(Snippet.objects.usable_by(grille.evaluateur)),
        time=reading_of(soutenance, at=at),
        deliverables=list(standing_of(soutenance)),
        is_open=soutenance.is_markable and not grille.is_submitted and not soutenance.is_of_a_later_day(at),
    )


def panels_of(grille: Grille, marks: dict[int, Mark]) -> list[CompetencePanel]:
    """The CE grouped by compétence, in the référentiel's order, each with its mark."""
    panels: list[CompetencePanel] = []
    for critere in criteres_of(grille):
        if not panels or panels[-1].competence.pk != critere.competence_id:
            panels.append(CompetencePanel(critere.competence, []))
        siblings = panels[-1].criteres
        previous = siblings[-1].critere.rubrique if siblings else ""
        siblings.append(_marked(critere, marks.get(critere.pk), opens=critere.rubrique not in ("", previous)))
    return panels


def _marked(critere: Critere, mark: Mark | None, *, opens: bool) -> MarkedCritere:
    if mark is None:
        return MarkedCritere(critere, MarkValue(), 0, opens)
    return MarkedCritere(critere, value_of(mark), mark.version, opens)
