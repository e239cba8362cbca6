"""What a version still lacks before it can be published: pure, from its content to the list of problems (R-REF-1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from referentiel.content import (
    ActiviteContent,
    BlocContent,
    CompetenceContent,
    Content,
    CritereContent,
    anchor,
)

_MODALITES = ("mise_en_situation", "travail_demande", "soutenance")


@dataclass(frozen=True)
class Problem:
    """``place`` is the anchor of the node, ``where`` its name, ``message`` what is wrong and expected."""

    place: str
    where: str
    message: str


def problems_of(content: Content) -> list[Problem]:
    """Everything that forbids publication, in the order of the document."""
    return list(_problems(content))


def _problems(content: Content) -> Iterator[Problem]:
    if content["reglement"] is None:
        yield Problem("reglement", "Règlement", "il manque ; ouvrez-le et enregistrez-le.")
    for rank, section in enumerate(content["sections"], start=1):
        if not section["title"].strip() or not section["text"].strip():
            yield Problem(anchor("section", rank), f"Préambule {rank}", "le titre et le texte sont attendus.")
    if not content["blocs"]:
        yield Problem("blocs", "Blocs", "il faut au moins un bloc.")
    for bloc in content["blocs"]:
        yield from _bloc(bloc)


def _bloc(bloc: BlocContent) -> Iterator[Problem]:
    place, where = anchor("bloc", bloc["number"]), f"Bloc {bloc['number']}"
    if not bloc["title"].strip():
        yield Problem(place, where, "l’intitulé est vide.")
    if not bloc["activites"]:
        yield Problem(place, where, "il faut au moins une activité.")
    for activite in bloc["activites"]:
        yield from _activite(activite)


def _activite(activite: ActiviteContent) -> Iterator[Problem]:
    place, where = anchor("activite", activite["code"]), activite["code"]
    if not activite["title"].strip():
        yield Problem(place, where, "l’intitulé est vide.")
    if not activite["competences"]:
        yield Problem(place, where, "il faut au moins une compétence.")
    for competence in activite["competences"]:
        yield from _competence(competence)


def _competence(competence: CompetenceContent) -> Iterator[Problem]:
    place, where = anchor("competence", competence["code"]), competence["code"]
    if not competence["statement"].strip():
        yield Problem(place, where, "l’énoncé est vide.")
    if not any(competence[name].strip() for name in _MODALITES):  # type: ignore[literal-required]
        yield Problem(place, where, "la modalité d’évaluation est vide.")
    if not competence["criteres"]:
        yield Problem(place, where, "il faut au moins un critère d’évaluation.")
    if sum(critere["is_oral"] for critere in competence["criteres"]) > 1:
        yield Problem(place, where, "un seul critère peut être celui de la présentation orale.")
    for critere in competence["criteres"]:
        yield from _critere(competence["code"], critere)


def _critere(competence: str, critere: CritereContent) -> Iterator[Problem]:
    """Names are made for a problem alone: a large référentiel has thousands of CE without any."""
    messages = []
    if not critere["text"].strip():
        messages.append("le texte est vide.")
    if not all(text.strip() for text in critere["sous_elements"]):
        messages.append("un sous-élément est vide.")
    for message in messages:
        number = critere["number"]
        yield Problem(anchor("critere", competence, number), f"{competence} CE{number}", message)
