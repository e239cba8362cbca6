"""A référentiel many times larger than the real one, made of its own words: ``enlarged(source, by=20)``."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any, Literal
from uuid import uuid4

from referentiel.models import Activite, Competence, Referentiel, Reglement, Section, SousElement
from tests.referentiel.factories import build_certification

Spread = Literal["blocs", "activites"]
_NUMBERS = re.compile(r"\d+")


def enlarged(source: Referentiel, *, by: int = 20, spread: Spread = "blocs") -> Referentiel:
    """A draft of another certification: ``by`` times the blocs of the source, or ``by`` times the activités of each."""
    draft = Referentiel.objects.create(certification=build_certification(), version=1)
    Reglement.objects.create(referentiel=draft)
    Section.objects.bulk_create(
        Section(referentiel=draft, position=section.position, title=section.title, text=section.text)
        for section in source.sections.all()
    )
    blocs: dict[Any, Any] = {}
    for turn in range(by):
        if not turn or spread == "blocs":
            blocs = _copied(source.blocs.all(), draft, number=lambda row, turn=turn: row.number + 4 * turn)
        _copy_below(source, draft, blocs, turn, spread)
    return draft


def _copy_below(source: Referentiel, draft: Referentiel, blocs: dict[Any, Any], turn: int, spread: Spread) -> None:
    code = _recoded(turn, spread)
    ranks = count(100 * turn)
    activites = _copied(
        source.activites.all(),
        draft,
        code=code,
        position=lambda _: next(ranks),
        bloc=lambda row: blocs[row.bloc_id],
    )
    competences = _copied(source.competences.all(), draft, code=code, activite=lambda row: activites[row.activite_id])
    criteres = _copied(source.criteres.all(), draft, competence=lambda row: competences[row.competence_id])
    SousElement.objects.bulk_create(
        SousElement(critere=criteres[item.critere_id], position=item.position, text=item.text)
        for item in SousElement.objects.filter(critere__referentiel=source)
    )


def _recoded(turn: int, spread: Spread) -> Callable[[Any], str]:
    """C1.2.1 becomes C5.2.1 in the second turn when blocs are many, C1.12.1 when activités are."""
    place, step = (0, 4 * turn) if spread == "blocs" else (1, 10 * turn)

    def recode(row: Activite | Competence) -> str:
        found = list(_NUMBERS.finditer(row.code))[place]
        return f"{row.code[: found.start()]}{int(found[0]) + step}{row.code[found.end() :]}"

    return recode


def _copied(rows: Any, draft: Referentiel, **changed: Callable[[Any], Any]) -> dict[Any, Any]:
    """Copies by the key of their original, with a lineage of their own."""
    originals = list(rows)
    copies = []
    for row in originals:
        values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        values.update(id=None, referentiel_id=draft.pk, lineage=uuid4())
        copy = type(row)(**{name: value for name, value in values.items() if name.removesuffix("_id") not in changed})
        for name, change in changed.items():
            setattr(copy, name, change(row))
        copies.append(copy)
    created = type(originals[0])._default_manager.bulk_create(copies)
    return {row.pk: copy for row, copy in zip(originals, created, strict=True)}
