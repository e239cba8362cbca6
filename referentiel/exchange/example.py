"""The worked example of the template to download: small, of every kind of cell, and importable as it is."""

from typing import Any

from referentiel.content import Content
from referentiel.exchange.checking import checked

_SITUATION = "Mise en situation professionnelle reconstituée."
_ORAL = "La présentation orale est claire et synthétique."


def example() -> Content:
    """A certification of two blocs, to replace by one’s own."""
    return checked(
        {
            "certification": {
                "rncp_code": "RNCP00000",
                "title": "Exemple à remplacer par votre certification",
                "level": 6,
                "certifier": "Votre organisme",
            },
            "version": 1,
            "sections": [{"title": "Conditions d’octroi", "text": "La certification demande tous les blocs."}],
            "reglement": None,
            "blocs": [
                _bloc(1, "Organiser une médiathèque", "Accueillir le public", "Présenter les services au public."),
                _bloc(2, "Animer une médiathèque", "Préparer une animation", "Concevoir une animation pour un public."),
            ],
        }
    )


def _bloc(number: int, title: str, activite: str, statement: str) -> dict[str, Any]:
    competence = {
        "code": f"C{number}.1.1",
        "statement": statement,
        "mise_en_situation": _SITUATION,
        "travail_demande": "Le candidat remet un document de cinq pages.",
        "soutenance": "Présentation de vingt minutes, puis questions.",
        "criteres": [
            {"number": 1, "text": "Le document cite au minimum trois sources.", "threshold": 3},
            {
                "number": 2,
                "rubrique": "Qualité du document",
                "text": "Le document est accessible :",
                "sous_elements": ["les titres sont hiérarchisés", "les images ont un texte de remplacement"],
                "mandatory": True,
            },
            {"number": 3, "text": _ORAL, "is_oral": True},
        ],
    }
    activite_content = {"code": f"A{number}.1", "title": activite, "competences": [competence]}
    return {"number": number, "title": title, "activites": [activite_content]}
