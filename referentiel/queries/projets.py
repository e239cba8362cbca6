"""The projets of a version, and what they leave out."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from referentiel.coverage import BlocCoverage, coverage
from referentiel.models import Competence, Projet, Referentiel
from referentiel.nodes import Node, kind_of

DOCUMENT_ORDER = ("activite__bloc__number", "activite__position", "position")


@dataclass(frozen=True)
class ProjetsPage:
    """``projets`` carry their compétences in the order of the document."""

    projets: list[Projet]
    blocs: tuple[BlocCoverage, ...]

    @property
    def missing(self) -> list[str]:
        return [code for bloc in self.blocs for code in bloc.missing]

    @property
    def total(self) -> int:
        return sum(bloc.total for bloc in self.blocs)


def in_document_order(referentiel: Referentiel) -> list[Competence]:
    """Every compétence of the version, with its bloc."""
    found = Competence.objects.filter(referentiel=referentiel).select_related("activite__bloc")
    return list(found.order_by(*DOCUMENT_ORDER))


def projets_of(referentiel: Referentiel) -> list[Projet]:
    """The projets in their order, each with its compétences in the order of the document."""
    competences = Prefetch("competences", Competence.objects.order_by(*DOCUMENT_ORDER))
    return list(Projet.objects.filter(referentiel=referentiel).prefetch_related(competences))


def projets_page(referentiel: Referentiel) -> ProjetsPage:
    projets = projets_of(referentiel)
    blocs = {
        f"Bloc {bloc.number} – {bloc.title}": [one.code for one in competences]
        for bloc, competences in groupby(in_document_order(referentiel), key=lambda one: one.activite.bloc)
    }
    presented = {projet.name: {one.code for one in projet.competences.all()} for projet in projets}
    return ProjetsPage(projets, coverage(blocs, projets=presented))


_PRESENTED = {"bloc": "competences__activite__bloc", "activite": "competences__activite", "competence": "competences"}


def projets_presenting(node: Node) -> list[Projet]:
    """The projets that would present less without a node, and what is under it."""
    path = _PRESENTED.get(kind_of(node).name)
    return list(Projet.objects.filter(**{path: node}).distinct()) if path else []
