"""Everything an enrolment was judged on, in memory, and what was said of each CE (R-JUR-3, R-SCO-9)."""

from collections import defaultdict
from typing import cast

from assessments.enums import Verdict
from assessments.models import Grille, Mark, Settlement
from assessments.queries.evidence import JudgedSoutenance
from assessments.queries.records import attempt_of, judged_soutenances
from assessments.verdicts import Attempt
from candidates.models import Enrolment
from juries.content import CritereContent, SettlementContent, VerdictValue
from referentiel.models import Competence, Critere


class Evidence:
    """The submitted soutenances by reference, every mark of every évaluateur, and the CE; its queries are constant."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.judged = {one.reference: one for one in judged_soutenances(enrolment)}
        grilles = [grille for one in self.judged.values() for grille in _both(one)]
        self._marks: defaultdict[str, dict[int, Mark]] = defaultdict(dict)
        for mark in Mark.objects.filter(grille__in=grilles):
            self._marks[str(mark.grille_id)][mark.critere_id] = mark
        self.criteres: defaultdict[int, list[Critere]] = defaultdict(list)
        tree = Critere.objects.filter(referentiel_id=enrolment.referentiel_id).order_by("position")
        for critere in tree.prefetch_related("sous_elements"):
            self.criteres[critere.competence_id].append(critere)

    def attempts(self, competence: Competence) -> tuple[Attempt, ...]:
        return tuple(
            attempt_of(one, self.criteres[competence.pk], self._verdicts(one))
            for one in self.judged.values()
            if competence in one.soutenance.competences.all()
        )

    def said_of(self, critere: Critere, reference: str | None) -> CritereContent:
        """One CE and what the soutenance of ``reference`` said of it; both évaluateurs' notes where there were two."""
        judged = self.judged.get(reference or "")
        if judged is None:
            return _content(critere, None, None)
        marks = [(str(grille.evaluateur), self._mark(grille, critere)) for grille in _both(judged)]
        settlement = judged.settlements.get(critere.pk)
        content = _content(critere, marks[0][1], settlement)
        if len(marks) > 1:
            content["private_note"] = _each_said(marks, "private_note")
            content["questions"] = _each_said(marks, "questions")
        if settlement:
            content["settlement"] = _settlement(settlement, marks)
        return content

    def _mark(self, grille: Grille, critere: Critere) -> Mark | None:
        return self._marks[str(grille.pk)].get(critere.pk)

    def _verdicts(self, judged: JudgedSoutenance) -> dict[int, str]:
        verdicts = {pk: mark.verdict for pk, mark in self._marks[judged.reference].items()}
        return {**verdicts, **{pk: settled.verdict for pk, settled in judged.settlements.items()}}


def _both(judged: JudgedSoutenance) -> list[Grille]:
    return [judged.grille, judged.second] if judged.second else [judged.grille]


def _content(critere: Critere, mark: Mark | None, settlement: Settlement | None) -> CritereContent:
    said = settlement or mark
    return {
        "number": critere.number,
        "rubrique": critere.rubrique,
        "text": critere.text,
        "sub_items": [item.text for item in critere.sous_elements.all()],
        "verdict": _value(said.verdict) if said else None,
        "comment": said.comment if said else "",
        "private_note": mark.private_note if mark else "",
        "questions": mark.questions if mark else "",
        "version": mark.version if mark else 0,
    }


def _settlement(settlement: Settlement, marks: list[tuple[str, Mark | None]]) -> SettlementContent:
    return {
        "verdicts": [
            {
                "evaluateur": name,
                "verdict": _value(mark.verdict) if mark else None,
                "comment": mark.comment if mark else "",
            }
            for name, mark in marks
        ],
        "reason": settlement.reason,
        "settled_by": str(settlement.settled_by),
    }


def _each_said(marks: list[tuple[str, Mark | None]], field: str) -> str:
    """What each wrote, under their name."""
    return "\n\n".join(f"{name} : {getattr(mark, field)}" for name, mark in marks if mark and getattr(mark, field))


def _value(verdict: str) -> VerdictValue | None:
    return cast("VerdictValue", Verdict(verdict).value) if verdict else None
