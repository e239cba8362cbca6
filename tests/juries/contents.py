"""Contents of dossiers to render: the whole référentiel with plausible French comments, and its extremes."""

import json
from copy import deepcopy
from itertools import count, cycle
from pathlib import Path
from typing import Any

from juries.content import (
    SCHEMA,
    ActiviteContent,
    BlocContent,
    CompetenceContent,
    CritereContent,
    DossierContent,
    VerdictValue,
)

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "expert_en_data_science.json"
REFUSED = {("C3.1.2", 2), ("C3.1.2", 5), ("C3.2.1", 1), ("C3.2.3", 4), ("C3.2.3", 5)}
PRAISE = (
    "Démarche claire et bien argumentée ; les choix sont reliés au besoin métier.",
    (
        "Livrable complet. La méthode est appliquée avec rigueur et documentée dans le notebook : les cellules se "
        "relisent dans l'ordre et chaque étape est commentée."
    ),
    (
        "Critère atteint. On pourrait aller plus loin sur l'interprétation métier des résultats (effet de seuil, coût "
        "des faux négatifs), déjà esquissée à l'oral."
    ),
    "Très bonne maîtrise des outils, réponses précises aux questions.",
    "Le choix de la métrique est justifié et discuté ; l'intervalle de confiance est donné.",
)
BLAME = (
    (
        "Absence de justification du choix de la métrique : l'accuracy est donnée seule alors que les classes sont "
        "très déséquilibrées (3 % de positifs). À reprendre avec une matrice de confusion et une métrique adaptée au "
        "coût des erreurs."
    ),
    (
        "Le « data leakage » entre les jeux d'entraînement et de test n'a pas été identifié, ce qui fausse les scores "
        "présentés (R² = 0,98). À reprendre avant une nouvelle soutenance."
    ),
    (
        "La démonstration n'a pas pu être faite : l'image du conteneur n'était pas construite. Le dépôt ne contient "
        "pas de pipeline d'intégration continue."
    ),
)
NOTE = "Candidat très à l'aise à l'oral malgré une panne de micro ; temps compensé, aucune incidence sur le jugement."
PEOPLE = ("Chloé Œuvrard", "Mehdi Benhaddou", "Inès Larrañaga", "Jean-Baptiste Le Goff")


def _rows(model: str) -> list[dict[str, Any]]:
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return [row["fields"] for row in rows if row["model"] == f"referentiel.{model}"]


def _criteres(code: str, sub_items: dict[tuple[str, int], list[str]]) -> list[CritereContent]:
    return [
        {
            "number": row["number"],
            "rubrique": row["rubrique"],
            "text": row["text"],
            "sub_items": sub_items.get((code, row["number"]), []),
            "verdict": "acquis",
            "comment": "",
            "private_note": "",
            "version": 1,
        }
        for row in _rows("critere")
        if row["competence"][-1] == code
    ]


def _competences(
    activite: str, day: "count[int]", sub_items: dict[tuple[str, int], list[str]]
) -> list[CompetenceContent]:
    found: list[CompetenceContent] = []
    for row in _rows("competence"):
        if row["activite"][-1] != activite:
            continue
        number = next(day)
        held_on = f"2026-{3 + number // 27:02d}-{1 + number % 27:02d}"
        offset = "+01:00" if held_on < "2026-03-29" else "+02:00"
        found.append(
            {
                "code": row["code"],
                "statement": row["statement"],
                "acquired": True,
                "acquired_on": held_on,
                "evidence": {
                    "soutenance": f"Projet {1 + number // 3}",
                    "held_on": f"{held_on}T14:30:00{offset}",
                    "evaluateur": PEOPLE[number // 3 % len(PEOPLE)],
                    "submitted_at": f"{held_on}T16:05:00{offset}",
                },
                "criteres": _criteres(row["code"], sub_items),
                "earlier_attempts": [],
            }
        )
    return found


def _blocs() -> list[BlocContent]:
    day = count()
    sub_items: dict[tuple[str, int], list[str]] = {}
    for row in _rows("souselement"):
        sub_items.setdefault((row["critere"][-2], row["critere"][-1]), []).append(row["text"])
    blocs: list[BlocContent] = []
    for row in _rows("bloc"):
        activites: list[ActiviteContent] = [
            {
                "code": activite["code"],
                "title": activite["title"],
                "competences": _competences(activite["code"], day, sub_items),
            }
            for activite in _rows("activite")
            if activite["bloc"][-1] == row["number"]
        ]
        last = activites[-1]["competences"][-1]["acquired_on"]
        blocs.append(
            {
                "number": row["number"],
                "title": row["title"],
                "acquired": True,
                "acquired_on": last,
                "reasons": [f"Les {sum(len(a['competences']) for a in activites)} compétences du bloc sont acquises."],
                "activites": activites,
            }
        )
    return blocs


def without_comments() -> DossierContent:
    """Return the dossier of a candidate who acquired all 177 CE, without a word from anyone."""
    return {
        "schema": SCHEMA,
        "revision": 2,
        "generated_at": "2026-11-22T14:05:00+01:00",
        "certification": {
            "title": "Expert en data science",
            "rncp_code": "RNCP37431",
            "level": 7,
            "certifier": "OpenClassrooms",
        },
        "referentiel": {"version": 1, "fingerprint": "b7c1" * 16},
        "candidate": {
            "full_name": "Camille Martin-Delacroix",
            "birth_date": "1994-06-27",
            "birth_place": "Saint-Étienne (42)",
        },
        "enrolment": {"number": "EDS-2026-00002", "voie_acces": "Formation continue", "enrolled_on": "2025-03-01"},
        "accommodations": [{"label": "Tiers-temps (un tiers) pour chaque phase des soutenances"}],
        "reglement": {
            "settings": [
                "Une compétence est acquise quand 100 % de ses critères d'évaluation le sont.",
                "Un bloc est acquis quand 100 % de ses compétences le sont ; il l'est à vie.",
                "La certification demande l'acquisition de tous les blocs.",
                "Un motif est exigé pour tout critère non acquis.",
                "Une soutenance comprend une présentation de 20 minutes et des questions de 10 minutes.",
                "Le nombre de tentatives n'est pas limité ; le délai de recours est de deux mois.",
            ]
        },
        "proposal": {"outcome": "certified", "reasons": ["Les quatre blocs de compétences sont acquis."]},
        "blocs": _blocs(),
    }


def certified() -> DossierContent:
    """Return the dossier of all 177 CE acquired, one in three commented, with notes and an earlier attempt."""
    content = without_comments()
    praise = cycle(PRAISE)
    for index, critere in enumerate(criteres(content)):
        if index % 3 == 0:
            critere["comment"] = next(praise)
        if index % 29 == 4:
            critere["private_note"] = NOTE
    competence(content, "C2.1.2")["earlier_attempts"] = [
        {
            "held_on": "2026-02-03",
            "evaluateur": PEOPLE[1],
            "reasons": ["CE3 non acquis : les hyperparamètres n'ont pas été optimisés."],
        }
    ]
    return content


def partial() -> DossierContent:
    """Return the same with bloc 3 not acquired: five CE refused, one compétence never presented."""
    content = certified()
    content["revision"] = 3
    blame = cycle(BLAME)
    for code, number in sorted(REFUSED):
        critere = next(c for c in competence(content, code)["criteres"] if c["number"] == number)
        critere["verdict"], critere["comment"] = "non_acquis", next(blame)
    for code in {code for code, _ in REFUSED}:
        competence(content, code).update({"acquired": False, "acquired_on": None})
    absent = competence(content, "C3.2.2")
    absent.update({"acquired": False, "acquired_on": None, "evidence": None})
    for critere in absent["criteres"]:
        critere.update({"verdict": None, "comment": "", "private_note": ""})
    reasons = [
        "C3.1.2 : CE2 et CE5 non acquis (soutenance du 14 mars 2026).",
        "C3.2.1 : CE1 non acquis (soutenance du 18 mars 2026).",
        "C3.2.2 : compétence jamais présentée.",
        "C3.2.3 : CE4 et CE5 non acquis (soutenance du 20 mars 2026).",
    ]
    content["blocs"][2].update({"acquired": False, "acquired_on": None, "reasons": reasons})
    content["proposal"] = {
        "outcome": "partial",
        "reasons": [
            "Les blocs 1, 2 et 4 sont acquis.",
            "Le bloc 3 n'est pas acquis : quatre de ses compétences ne le sont pas.",
        ],
    }
    return content


def small(
    *, name: str = "Camille Martin", comment: str = "", verdict: VerdictValue | None = "acquis"
) -> DossierContent:
    """Return a dossier of one bloc and one compétence, quick to render."""
    content = without_comments()
    content["candidate"]["full_name"] = name
    bloc = content["blocs"][0]
    bloc["activites"] = bloc["activites"][:1]
    content["blocs"] = [bloc]
    first = bloc["activites"][0]["competences"][0]["criteres"][0]
    first["comment"], first["verdict"] = comment, verdict
    return content


def competence(content: DossierContent, code: str) -> CompetenceContent:
    """Return the compétence of that code."""
    return next(
        competence
        for bloc in content["blocs"]
        for activite in bloc["activites"]
        for competence in activite["competences"]
        if competence["code"] == code
    )


def criteres(content: DossierContent) -> list[CritereContent]:
    """Return every CE, in the order of the référentiel."""
    return [
        critere
        for bloc in content["blocs"]
        for activite in bloc["activites"]
        for competence in activite["competences"]
        for critere in competence["criteres"]
    ]


def copied(content: DossierContent) -> DossierContent:
    """Return a deep copy, for a test that changes one thing."""
    return deepcopy(content)
