"""The list of certifications, each with the versions a person may read."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from referentiel.models import Activite, Bloc, Certification, Competence, Critere, Referentiel
from referentiel.models.version import ReferentielQuerySet


@dataclass(frozen=True)
class Size:
    """How many nodes a version has, of the kinds people speak of."""

    blocs: int
    activites: int
    competences: int
    criteres: int


def counted(referentiels: ReferentielQuerySet) -> ReferentielQuerySet:
    """Each version with ``bloc_count``, ``competence_count`` and ``critere_count``."""
    return referentiels.annotate(
        bloc_count=_count(Bloc), competence_count=_count(Competence), critere_count=_count(Critere)
    )


def certifications_for(user: User) -> QuerySet[Certification]:
    """Every certification with the versions this person may read, the latest first."""
    versions = counted(Referentiel.objects.visible_to(user)).select_related("publication", "registration")
    return Certification.objects.prefetch_related(Prefetch("referentiels", versions.order_by("-version")))


def size_of(referentiel: Referentiel) -> Size:
    """The size of a version, counted by the database in one query."""
    counts = (
        Referentiel.objects.filter(pk=referentiel.pk)
        .annotate(blocs_=_count(Bloc), activites_=_count(Activite))
        .annotate(competences_=_count(Competence), criteres_=_count(Critere))
        .values_list("blocs_", "activites_", "competences_", "criteres_")
    )
    return Size(*counts.get())


def _count(model: type[Bloc] | type[Activite] | type[Competence] | type[Critere]) -> Coalesce:
    rows = model._default_manager.filter(referentiel=OuterRef("pk")).order_by().values("referentiel")
    return Coalesce(Subquery(rows.annotate(found=Count("pk")).values("found")), 0)
