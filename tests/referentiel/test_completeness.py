"""What forbids publication, from the content alone (R-REF-1)."""

from collections.abc import Callable
from typing import Any

import pytest

from referentiel.completeness import problems_of


def whole() -> Any:
    """A content with nothing to say against."""
    critere = {
        "number": 1,
        "rubrique": "",
        "text": "Le candidat a réussi.",
        "is_oral": True,
        "mandatory": False,
        "threshold": None,
        "sous_elements": [],
        "lineage": "4",
    }
    competence = {
        "code": "C1.1",
        "statement": "Énoncé",
        "mise_en_situation": "",
        "travail_demande": "Travail",
        "soutenance": "",
        "criteres": [critere],
        "lineage": "3",
    }
    activite = {"code": "A1.1", "title": "Activité", "competences": [competence], "lineage": "2"}
    return {
        "certification": {"rncp_code": "RNCP1", "title": "Titre", "level": 7, "certifier": "Nous"},
        "version": 1,
        "predecessor": None,
        "sections": [{"title": "Titre", "text": "Texte"}],
        "reglement": {"appeal_months": 2},
        "blocs": [{"number": 1, "title": "Bloc", "activites": [activite], "lineage": "1"}],
    }


def test_a_whole_tree_has_no_problem() -> None:
    assert problems_of(whole()) == []


def bloc(content: Any) -> Any:
    return content["blocs"][0]


def activite(content: Any) -> Any:
    return bloc(content)["activites"][0]


def competence(content: Any) -> Any:
    return activite(content)["competences"][0]


def critere(content: Any) -> Any:
    return competence(content)["criteres"][0]


CASES: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "no règlement": (lambda c: c.update(reglement=None), "reglement", "il manque"),
    "empty section": (lambda c: c["sections"][0].update(text=" \n"), "section-1", "titre et le texte"),
    "no bloc": (lambda c: c.update(blocs=[]), "blocs", "au moins un bloc"),
    "bloc without title": (lambda c: bloc(c).update(title=" "), "bloc-1", "intitulé"),
    "bloc without activité": (lambda c: bloc(c).update(activites=[]), "bloc-1", "au moins une activité"),
    "activité without title": (lambda c: activite(c).update(title=""), "activite-A1.1", "intitulé"),
    "activité without compétence": (
        lambda c: activite(c).update(competences=[]),
        "activite-A1.1",
        "au moins une compétence",
    ),
    "compétence without statement": (lambda c: competence(c).update(statement=""), "C1.1", "énoncé"),
    "compétence without modalité": (lambda c: competence(c).update(travail_demande=""), "C1.1", "modalité"),
    "compétence without CE": (lambda c: competence(c).update(criteres=[]), "C1.1", "au moins un critère"),
    "two oral criteria": (lambda c: competence(c)["criteres"].append({**critere(c), "number": 2}), "C1.1", "oral"),
    "empty CE": (lambda c: critere(c).update(text="\t"), "C1.1-CE1", "vide"),
    "empty sub-item": (lambda c: critere(c).update(sous_elements=["a", ""]), "C1.1-CE1", "sous-élément"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_lack_is_told_with_its_place(case: str) -> None:
    change, place, words = CASES[case]
    content = whole()
    change(content)

    (problem,) = problems_of(content)

    assert problem.place == place
    assert words in problem.message


def test_problems_come_in_the_order_of_the_document() -> None:
    content = whole()
    content["reglement"] = None
    critere(content)["text"] = ""
    bloc(content)["title"] = ""

    assert [problem.place for problem in problems_of(content)] == ["reglement", "bloc-1", "C1.1-CE1"]
