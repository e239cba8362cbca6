"""What a draft still lacks and what looks odd in it, each with the node to open; kept until the next change."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from referentiel.completeness import Problem, problems_of
from referentiel.content import anchor
from referentiel.models import Activite, Bloc, Competence, Referentiel, Section
from referentiel.oddities import oddities_of
from referentiel.queries.marks import marks_of
from referentiel.queries.tree import content_of

_SECONDS = 3600


@dataclass(frozen=True)
class Lack:
    """A problem, and the node to open to solve it: its kind and key, empty for the version itself."""

    problem: Problem
    kind: str = ""
    pk: int = 0


@dataclass(frozen=True)
class Checks:
    """``lacks`` forbid publication, ``oddities`` may be the source's own (R-REF-3)."""

    lacks: tuple[Lack, ...]
    oddities: tuple[Lack, ...]

    @property
    def lacking(self) -> set[str]:
        """The anchors of the nodes to mark in the tree."""
        return {lack.problem.place for lack in self.lacks}


def checks_of(referentiel: Referentiel) -> Checks:
    """Computed once per change of the draft."""
    key = f"referentiel-checks-{marks_of(referentiel)[0]}"
    found: Checks | None = cache.get(key)
    if found is None:
        found = _computed(referentiel)
        cache.set(key, found, _SECONDS)
    return found


def _computed(referentiel: Referentiel) -> Checks:
    content = content_of(referentiel)
    lacks, oddities = problems_of(content), oddities_of(content)
    rows = _rows_by_anchor(referentiel)
    return Checks(tuple(_placed(lacks, rows)), tuple(_placed(oddities, rows)))


def _placed(problems: Iterable[Problem], rows: dict[str, tuple[str, int]]) -> Iterable[Lack]:
    """A problem of a CE leads to its compétence, whose page lists its CE."""
    for problem in problems:
        yield Lack(problem, *rows.get(problem.place, rows.get(problem.place.rpartition("-CE")[0], ("", 0))))


def _rows_by_anchor(referentiel: Referentiel) -> dict[str, tuple[str, int]]:
    sections = Section.objects.filter(referentiel=referentiel).order_by("position").values_list("pk", flat=True)
    blocs = Bloc.objects.filter(referentiel=referentiel).values_list("number", "pk")
    activites = Activite.objects.filter(referentiel=referentiel).order_by().values_list("code", "pk")
    competences = Competence.objects.filter(referentiel=referentiel).order_by().values_list("code", "pk")
    return {
        **{anchor("section", rank): ("section", pk) for rank, pk in enumerate(sections, start=1)},
        **{anchor("bloc", number): ("bloc", pk) for number, pk in blocs},
        **{anchor("activite", code): ("activite", pk) for code, pk in activites},
        **{anchor("competence", code): ("competence", pk) for code, pk in competences},
    }
