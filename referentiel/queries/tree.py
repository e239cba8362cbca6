"""The whole tree of a version, in a number of queries that does not depend on its size."""

from collections.abc import Collection, Mapping

from django.db.models import Count, Prefetch, TextField, prefetch_related_objects
from django.db.models.functions import Cast

from referentiel.content import (
    ActiviteContent,
    BlocContent,
    CertificationContent,
    CompetenceContent,
    Content,
    CritereContent,
    EquivalenceContent,
    equivalence_order,
    fingerprint_of,
)
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Equivalence,
    Referentiel,
    Reglement,
    Section,
    SousElement,
)
from referentiel.models.version import ReferentielQuerySet

_HEAD = ("certification", "predecessor", "reglement", "registration", "publication__published_by")
_NOT_SETTINGS = {"id", "referentiel"}
_SAID_ONLY_WHEN_SET = {"retention_years", "jury_vae_minimum", "jury_vae_external_percent", "vote_secret"}
"""A setting younger than published versions: unset, it must not change what they were frozen as (R-REF-1)."""
_COMPETENCE = ("statement", "mise_en_situation", "travail_demande", "soutenance")
_CRITERE = ("number", "rubrique", "text", "is_oral", "mandatory", "threshold")
_LINEAGE = Cast("lineage", TextField())
"""As text: thousands of UUID objects would take longer to make than the rest of a tree to read."""


def with_head(referentiels: ReferentielQuerySet) -> ReferentielQuerySet:
    """Each référentiel with what is said of it as a whole: one row, whatever the size of its tree."""
    return referentiels.select_related(*_HEAD)


def with_tree(referentiels: ReferentielQuerySet) -> ReferentielQuerySet:
    """Each référentiel with its head and every row of its tree, in the order of the document."""
    return with_head(referentiels).prefetch_related("sections", _tree())


def read_tree(referentiel: Referentiel) -> None:
    """The same for a version whose head is already read."""
    prefetch_related_objects([referentiel], _tree())


def blocs_to_open(referentiel: Referentiel) -> list[Bloc]:
    """The blocs of a version with their activités, each knowing its ``competence_count`` and no more; three queries."""
    activites = Activite.objects.order_by("position", "pk").annotate(competence_count=Count("competences"))
    blocs = referentiel.blocs.order_by("number")
    return list(blocs.prefetch_related(Prefetch("activites", activites), _declared()))


def activite_with_tree(referentiel: Referentiel, code: str) -> Activite | None:
    """One activité of a version, down to its sub-items."""
    found = Activite.objects.filter(referentiel=referentiel, code=code).select_related("bloc")
    return found.prefetch_related(_below_activite()).first()


def _tree() -> Prefetch:  # type: ignore[type-arg]  # its parameters are known to the stubs alone
    activites = Activite.objects.order_by("position", "pk").prefetch_related(_below_activite())
    blocs = Bloc.objects.order_by("number").prefetch_related(Prefetch("activites", activites), _declared())
    return Prefetch("blocs", blocs)


def _declared() -> Prefetch:  # type: ignore[type-arg]
    return Prefetch("equivalences", Equivalence.objects.select_related("earlier__referentiel__certification"))


def _below_activite() -> Prefetch:  # type: ignore[type-arg]
    items = Prefetch("sous_elements", SousElement.objects.order_by("position"))
    criteres = Critere.objects.order_by("position", "pk").prefetch_related(items)
    competences = Competence.objects.order_by("position", "pk").prefetch_related(Prefetch("criteres", criteres))
    return Prefetch("competences", competences)


def content_of(referentiel: Referentiel, *, criteres_of: Collection[int] | None = None) -> Content:
    """The canonical content of a version, read afresh from the database as bare values: no row becomes an object.

    ``criteres_of``, when given, is the keys of the only compétences whose CE are wanted.
    """
    head = Referentiel.objects.select_related("certification", "predecessor", "reglement").get(pk=referentiel.pk)
    sections = Section.objects.filter(referentiel=head).order_by("position").values_list("title", "text")
    return {
        "certification": certification_content(head.certification),
        "version": head.version,
        "predecessor": head.predecessor.version if head.predecessor else None,
        "sections": [{"title": title, "text": text} for title, text in sections],
        "reglement": settings_said(head.reglement) if hasattr(head, "reglement") else None,
        "blocs": _blocs(head, _criteres(head, criteres_of)),
    }


def fingerprint_for(referentiel: Referentiel) -> str:
    return fingerprint_of(content_of(referentiel))


def certification_content(certification: Certification) -> CertificationContent:
    return {
        "rncp_code": certification.rncp_code,
        "title": certification.title,
        "level": certification.level,
        "certifier": certification.certifier,
    }


def settings_said(reglement: Reglement) -> dict[str, object]:
    """The settings of a règlement as the canonical content says them."""
    fields = (field for field in reglement._meta.concrete_fields if field.name not in _NOT_SETTINGS)
    settings = {field.name: getattr(reglement, field.name) for field in fields}
    return {name: value for name, value in settings.items() if value is not None or name not in _SAID_ONLY_WHEN_SET}


def _blocs(referentiel: Referentiel, criteres: Mapping[int, list[CritereContent]]) -> list[BlocContent]:
    rows = Bloc.objects.filter(referentiel=referentiel).order_by("number")
    activites, declared = _activites(referentiel, criteres), _equivalences(referentiel)
    found: list[BlocContent] = []
    for pk, number, title, lineage in rows.values_list("pk", "number", "title", _LINEAGE):
        below = activites.get(pk, [])
        bloc: BlocContent = {"number": number, "title": title, "activites": below, "lineage": _dashed(lineage)}
        if pk in declared:
            bloc["equivalences"] = sorted(declared[pk], key=equivalence_order)
        found.append(bloc)
    return found


def _equivalences(referentiel: Referentiel) -> dict[int, list[EquivalenceContent]]:
    rows = Equivalence.objects.filter(bloc__referentiel=referentiel)
    version = "earlier__referentiel"
    found: dict[int, list[EquivalenceContent]] = {}
    for pk, code, number, bloc in rows.values_list(
        "bloc_id", f"{version}__certification__rncp_code", f"{version}__version", "earlier__number"
    ):
        found.setdefault(pk, []).append({"rncp_code": code, "version": number, "bloc": bloc})
    return found


def _activites(
    referentiel: Referentiel, criteres: Mapping[int, list[CritereContent]]
) -> dict[int, list[ActiviteContent]]:
    """By the key of their bloc; the three levels below are read the same way."""
    rows = Activite.objects.filter(referentiel=referentiel).order_by("position", "pk")
    competences = _competences(referentiel, criteres)
    found: dict[int, list[ActiviteContent]] = {}
    for pk, above, code, title, lineage in rows.values_list("pk", "bloc_id", "code", "title", _LINEAGE):
        below = competences.get(pk, [])
        found.setdefault(above, []).append(
            {"code": code, "title": title, "competences": below, "lineage": _dashed(lineage)}
        )
    return found


def _competences(
    referentiel: Referentiel, criteres: Mapping[int, list[CritereContent]]
) -> dict[int, list[CompetenceContent]]:
    """Read in no order, then put in order by their first two values: sorting long rows is not for the database."""
    rows = Competence.objects.filter(referentiel=referentiel).order_by()
    found: dict[int, list[CompetenceContent]] = {}
    for _, pk, above, code, statement, situation, travail, soutenance, lineage in sorted(
        rows.values_list("position", "pk", "activite_id", "code", *_COMPETENCE, _LINEAGE)
    ):
        found.setdefault(above, []).append(
            {
                "code": code,
                "statement": statement,
                "mise_en_situation": situation,
                "travail_demande": travail,
                "soutenance": soutenance,
                "criteres": criteres.get(pk, []),
                "lineage": _dashed(lineage),
            }
        )
    return found


def _criteres(referentiel: Referentiel, competences: Collection[int] | None) -> dict[int, list[CritereContent]]:
    rows = Critere.objects.filter(referentiel=referentiel).order_by()
    if competences is not None:
        rows = rows.filter(competence__in=competences)
    items: dict[int, list[str]] = {}
    texts = SousElement.objects.filter(critere__referentiel=referentiel).order_by("position")
    for above, text in texts.values_list("critere_id", "text"):
        items.setdefault(above, []).append(text)
    found: dict[int, list[CritereContent]] = {}
    for _, pk, above, number, rubrique, text, is_oral, mandatory, threshold, lineage in sorted(
        rows.values_list("position", "pk", "competence_id", *_CRITERE, _LINEAGE)
    ):
        found.setdefault(above, []).append(
            {
                "number": number,
                "rubrique": rubrique,
                "text": text,
                "is_oral": is_oral,
                "mandatory": mandatory,
                "threshold": threshold,
                "sous_elements": items.get(pk, []),
                "lineage": _dashed(lineage),
            }
        )
    return found


def _dashed(lineage: str) -> str:
    """A UUID as it is always written; SQLite keeps it without its dashes."""
    if "-" not in lineage:
        return f"{lineage[:8]}-{lineage[8:12]}-{lineage[12:16]}-{lineage[16:20]}-{lineage[20:]}"
    return lineage
