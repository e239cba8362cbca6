"""What became of a bloc from one version to another, as far as recognising it goes. Pure (R-CAN-1, R-REF-2).

A bloc asks the same when it has the same compétences, judged on the same words: codes, numbers and ranks may change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CritereAsked:
    """``judged`` is all that a verdict depends on."""

    number: int
    judged: tuple[object, ...]


@dataclass(frozen=True)
class CompetenceAsked:
    """Its CE by lineage."""

    code: str
    statement: str
    modalites: tuple[str, ...]
    criteres: Mapping[str, CritereAsked]


@dataclass(frozen=True)
class BlocAsked:
    """Its compétences by lineage."""

    number: int
    lineage: str
    competences: Mapping[str, CompetenceAsked]


def what_differs(old: Sequence[BlocAsked], new: Sequence[BlocAsked], lineage: str) -> tuple[str, ...]:
    """One sentence per compétence of the bloc that is not in both, or not in the same words; empty when it asks the
    same. The bloc must be in both versions."""
    before, after = _competences(old, lineage), _competences(new, lineage)
    return (
        *_arrived(before, after, _places(old)),
        *_gone(before, after, _places(new)),
        *_reworded(before, after),
    )


_Competences = Mapping[str, CompetenceAsked]


def _arrived(before: _Competences, after: _Competences, places: Mapping[str, int]) -> Iterator[str]:
    for lineage, competence in after.items():
        if lineage not in before:
            came = f"vient du bloc {places[lineage]}" if lineage in places else "est ajoutée"
            yield f"{competence.code} {came}"


def _gone(before: _Competences, after: _Competences, places: Mapping[str, int]) -> Iterator[str]:
    for lineage, competence in before.items():
        if lineage not in after:
            went = f"passe au bloc {places[lineage]}" if lineage in places else "est supprimée"
            yield f"{competence.code} {went}"


def _reworded(before: _Competences, after: _Competences) -> Iterator[str]:
    for lineage, competence in after.items():
        parts = list(_parts(before[lineage], competence)) if lineage in before else []
        if parts:
            yield f"{competence.code} est reformulée ({', '.join(parts)})"


def _parts(old: CompetenceAsked, new: CompetenceAsked) -> Iterator[str]:
    if old.statement != new.statement:
        yield "énoncé"
    if old.modalites != new.modalites:
        yield "modalité d’évaluation"
    for lineage, critere in new.criteres.items():
        if lineage not in old.criteres:
            yield f"CE{critere.number} ajouté"
        elif critere.judged != old.criteres[lineage].judged:
            yield f"CE{critere.number}"
    for lineage, critere in old.criteres.items():
        if lineage not in new.criteres:
            yield f"CE{critere.number} supprimé"


def _competences(blocs: Sequence[BlocAsked], lineage: str) -> _Competences:
    return next(bloc.competences for bloc in blocs if bloc.lineage == lineage)


def _places(blocs: Sequence[BlocAsked]) -> dict[str, int]:
    """The number of the bloc each compétence is in."""
    return {lineage: bloc.number for bloc in blocs for lineage in bloc.competences}
