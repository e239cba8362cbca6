"""What the page before an import shows."""

from datetime import date
from typing import Any, cast

from referentiel.comparison import compared
from referentiel.completeness import problems_of
from referentiel.content import Content
from referentiel.models import PendingImport, Referentiel
from referentiel.oddities import oddities_of
from referentiel.services.importing import foreseen, latest_of, why_not

_DATES = (
    ("decided_on", "Décision d’enregistrement"),
    ("ends_on", "Fin d’enregistrement"),
    ("delivery_limit_on", "Limite de délivrance"),
)


def foreseen_page(held: PendingImport) -> dict[str, Any]:
    """Where it goes, what changes or is created, what to look at, what forbids it."""
    predecessor, content = foreseen(held)
    code = content["certification"]["rncp_code"]
    return {
        "held": held,
        "content": content,
        "latest": latest_of(code),
        "comparison": compared(predecessor, content) if predecessor else None,
        "size": _size(content),
        "problems": problems_of(content),
        "oddities": oddities_of(content),
        "identity": _identity(held, content),
        "dates": [(label, _day(held, name)) for name, label in _DATES],
        "reasons": why_not(held),
        "draft": Referentiel.objects.drafts().filter(certification__rncp_code=code).first(),
    }


def _size(content: Content) -> dict[str, int]:
    activites = [activite for bloc in content["blocs"] for activite in bloc["activites"]]
    competences = [competence for activite in activites for competence in activite["competences"]]
    return {
        "blocs": len(content["blocs"]),
        "activites": len(activites),
        "competences": len(competences),
        "criteres": sum(len(competence["criteres"]) for competence in competences),
    }


def _identity(held: PendingImport, content: Content) -> list[str]:
    """What the file says of the certification and will not be taken, since it exists already."""
    told: dict[str, Any] = dict(cast("Content", held.content)["certification"])
    kept: dict[str, Any] = dict(content["certification"])
    words = {"title": "Intitulé", "level": "Niveau", "certifier": "Certificateur"}
    return [
        f"{word} : « {told[name]} » dans le fichier, « {kept[name]} » ici."
        for name, word in words.items()
        if told[name] != kept[name]
    ]


def _day(held: PendingImport, name: str) -> date | None:
    day = held.registration.get(name)
    return date.fromisoformat(day) if day else None
