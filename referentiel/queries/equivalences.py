"""The equivalences of a draft: what is declared, what lineage proposes, what differs (R-CAN-1, R-REF-2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from referentiel.equivalences import BlocAsked, CompetenceAsked, CritereAsked, what_differs
from referentiel.models import Bloc, Competence, Critere, Referentiel
from referentiel.queries.tree import with_tree


@dataclass(frozen=True)
class Option:
    """An earlier bloc that could be declared; ``differs`` is empty when it asks the same, None when it is of another
    lineage and nothing can be said."""

    bloc: Bloc
    earlier: Bloc
    differs: tuple[str, ...] | None
    is_declared: bool

    @property
    def is_proposed(self) -> bool:
        """Lineage proposes what asks the same; a person decides."""
        return self.differs == ()

    @property
    def key(self) -> str:
        return f"{self.bloc.pk}-{self.earlier.pk}"


@dataclass(frozen=True)
class BlocOptions:
    bloc: Bloc
    options: tuple[Option, ...]


@dataclass(frozen=True)
class EquivalencesPage:
    """``published`` gives every bloc that could be declared besides, by version."""

    blocs: tuple[BlocOptions, ...]
    published: Sequence[Referentiel]

    @property
    def declared(self) -> set[tuple[int, int]]:
        return {
            (option.bloc.pk, option.earlier.pk) for bloc in self.blocs for option in bloc.options if option.is_declared
        }


def earlier_versions(referentiel: Referentiel) -> list[Referentiel]:
    """The published versions of the same certification, each with its tree, the latest first."""
    versions = Referentiel.objects.filter(certification=referentiel.certification_id, publication__isnull=False)
    return list(with_tree(versions.exclude(pk=referentiel.pk)).order_by("-version"))


def asked_by(version: Referentiel) -> list[BlocAsked]:
    """What each bloc asks, from a version read with its tree: nothing here asks the database."""
    return [
        BlocAsked(
            bloc.number,
            str(bloc.lineage),
            {
                str(competence.lineage): _competence(competence)
                for activite in bloc.activites.all()
                for competence in activite.competences.all()
            },
        )
        for bloc in version.blocs.all()
    ]


def _competence(competence: Competence) -> CompetenceAsked:
    criteres = {str(critere.lineage): _critere(critere) for critere in competence.criteres.all()}
    modalites = (competence.mise_en_situation, competence.travail_demande, competence.soutenance)
    return CompetenceAsked(competence.code, competence.statement, modalites, criteres)


def _critere(critere: Critere) -> CritereAsked:
    items = tuple(item.text for item in critere.sous_elements.all())
    judged = (critere.rubrique, critere.text, critere.is_oral, critere.mandatory, critere.threshold, items)
    return CritereAsked(critere.number, judged)


def equivalences_page(draft: Referentiel) -> EquivalencesPage:
    """``draft`` was read with its tree; its queries do not depend on how many versions there are."""
    earlier = earlier_versions(draft)
    contents = {version.pk: asked_by(version) for version in earlier}
    content = asked_by(draft)
    blocs = tuple(BlocOptions(bloc, tuple(_options(bloc, content, earlier, contents))) for bloc in draft.blocs.all())
    published = Referentiel.objects.filter(publication__isnull=False).select_related("certification")
    ordered = published.prefetch_related("blocs").order_by("certification__title", "-version")
    return EquivalencesPage(blocs, list(ordered))


def _options(
    bloc: Bloc, content: list[BlocAsked], versions: Iterable[Referentiel], contents: dict[int, list[BlocAsked]]
) -> Iterable[Option]:
    """Those of the same lineage, the latest version first, then whatever else was declared."""
    declared = {one.earlier_id: one.earlier for one in bloc.equivalences.all()}
    for version in versions:
        for earlier in version.blocs.all():
            if earlier.lineage == bloc.lineage:
                differs = what_differs(contents[version.pk], content, str(bloc.lineage))
                yield Option(bloc, earlier, differs, declared.pop(earlier.pk, None) is not None)
    for earlier in declared.values():
        yield Option(bloc, earlier, None, is_declared=True)
