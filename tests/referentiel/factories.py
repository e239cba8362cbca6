"""A whole référentiel for tests, in a dozen queries: ``build_referentiel(blocs=4, criteres=3)``."""

from itertools import count
from typing import Any

from django.utils import timezone

from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Projet,
    Publication,
    Referentiel,
    Reglement,
    Section,
    SousElement,
)
from referentiel.queries.tree import fingerprint_for

ORAL = "La présentation orale est claire et synthétique."
_codes = count(90001)


def build_certification(**fields: Any) -> Certification:
    """A registered title, with an RNCP code like no other."""
    defaults = {
        "rncp_code": f"RNCP{next(_codes)}",
        "title": "Expert en données d’essai",
        "level": 7,
        "certifier": "Certificateur d’essai",
    }
    return Certification.objects.create(**{**defaults, **fields})


def build_referentiel(
    *,
    blocs: int = 1,
    activites: int = 1,
    competences: int = 1,
    criteres: int = 2,
    published: bool = True,
    certification: Certification | None = None,
    version: int = 1,
    **reglement: Any,
) -> Referentiel:
    """A version with ``activites`` per bloc, ``competences`` per activité, ``criteres`` per compétence (last one oral).

    Codes are like the real ones: A1.1, C1.1.1, CE1 …; ``reglement`` gives settings other than the defaults.
    """
    referentiel = Referentiel.objects.create(certification=certification or build_certification(), version=version)
    Reglement.objects.create(referentiel=referentiel, **reglement)
    Section.objects.create(referentiel=referentiel, position=1, title="Préambule", text="Un premier paragraphe.")
    _build_tree(referentiel, blocs, activites, competences, criteres)
    if published:
        publish(referentiel)
    return referentiel


def a_draft_to_arrange() -> Referentiel:
    """A draft with several of everything, whose first CE has three sub-items."""
    referentiel = build_referentiel(blocs=3, activites=2, competences=2, criteres=3, published=False)
    first = referentiel.criteres.first()
    SousElement.objects.bulk_create(SousElement(critere=first, position=n, text=f"Item {n}") for n in (1, 2, 3))
    return referentiel


def a_projet(referentiel: Referentiel, *codes: str, name: str = "Vision") -> Projet:
    """A projet that presents the named compétences, or without ``codes`` all of them."""
    projet: Projet = referentiel.projets.create(name=name, position=1)
    competences = referentiel.competences.all()
    projet.competences.set(competences.filter(code__in=codes) if codes else competences)
    return projet


def publish(referentiel: Referentiel) -> Publication:
    """Freeze a version as it stands, without the checks of the service."""
    return Publication.objects.create(
        referentiel=referentiel, published_at=timezone.now(), fingerprint=fingerprint_for(referentiel)
    )


def _build_tree(referentiel: Referentiel, blocs: int, activites: int, competences: int, criteres: int) -> None:
    all_blocs = Bloc.objects.bulk_create(
        Bloc(referentiel=referentiel, number=b, title=f"Intitulé du bloc {b}") for b in range(1, blocs + 1)
    )
    all_activites = Activite.objects.bulk_create(
        Activite(
            referentiel=referentiel,
            bloc=bloc,
            position=a,
            code=f"A{bloc.number}.{a}",
            title=f"Intitulé de l’activité {bloc.number}.{a}",
        )
        for bloc in all_blocs
        for a in range(1, activites + 1)
    )
    all_competences = Competence.objects.bulk_create(
        _competence(activite, c) for activite in all_activites for c in range(1, competences + 1)
    )
    Critere.objects.bulk_create(
        Critere(
            referentiel=referentiel,
            competence=competence,
            position=n,
            number=n,
            text=ORAL if n == criteres else f"Le candidat a satisfait au critère {n} de {competence.code}.",
            is_oral=n == criteres,
        )
        for competence in all_competences
        for n in range(1, criteres + 1)
    )


def _competence(activite: Activite, position: int) -> Competence:
    code = f"C{activite.code.removeprefix('A')}.{position}"
    return Competence(
        referentiel=activite.referentiel,
        activite=activite,
        position=position,
        code=code,
        statement=f"Énoncé de la compétence {code}.",
        mise_en_situation="La compétence est évaluée par une mise en situation professionnelle reconstituée.",
        travail_demande=f"Le candidat doit réaliser le travail de {code}.",
        soutenance="Le travail est présenté lors d’une soutenance à un évaluateur.",
    )
