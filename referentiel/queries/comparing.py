"""Two versions side by side, compared once: the result is kept as long as neither has changed."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import F, Max, Min

from referentiel.comparison import Comparison, compared
from referentiel.content import Content
from referentiel.models import Competence, Critere, Referentiel, SousElement
from referentiel.queries.marks import marks_of
from referentiel.queries.tree import content_of

_SECONDS = 3600
_CRITERE = ("lineage", "position", "number", "rubrique", "text", "is_oral", "mandatory", "threshold")


def contents_of(*referentiels: Referentiel) -> list[Content]:
    return [content_of(referentiel) for referentiel in referentiels]


def _contents_to_compare(old: Referentiel, new: Referentiel) -> list[Content]:
    """The two contents, less the CE of the compétences where all of them are the same: most, between two versions."""
    touched = _touched(old, new)
    return [content_of(referentiel, criteres_of=touched) for referentiel in (old, new)]


def _touched(old: Referentiel, new: Referentiel) -> list[int]:
    """The compétences of both where a CE or a sub-item is in one version and not, to the letter, in the other."""
    pair = [old.pk, new.pk]
    criteres = Critere.objects.filter(referentiel__in=pair).values_list("competence__lineage", *_CRITERE)
    items = SousElement.objects.filter(critere__referentiel__in=pair).values_list(
        "critere__competence__lineage", "critere__lineage", "position", "text"
    )
    alone = [
        rows.order_by().annotate(low=Min(version), high=Max(version)).filter(low=F("high"))
        for rows, version in ((criteres, "referentiel"), (items, "critere__referentiel"))
    ]
    lineages = {lineage for rows in alone for lineage, *_ in rows}
    touched = Competence.objects.filter(referentiel__in=pair, lineage__in=lineages).order_by()
    return list(touched.values_list("pk", flat=True))


def comparison_between(old: Referentiel, new: Referentiel) -> Comparison:
    """From ``old`` to ``new``; two queries when it was asked before and nothing was written since."""
    key = "-".join(["referentiel-comparison", *marks_of(old, new)])
    found: Comparison | None = cache.get(key)
    if found is None:
        found = compared(*_contents_to_compare(old, new))
        cache.set(key, found, _SECONDS)
    return found


def others_to_compare(referentiel: Referentiel, visible: Iterable[Referentiel]) -> list[Referentiel]:
    """The other versions of the certification, the one it follows first."""
    others = [other for other in visible if other.pk != referentiel.pk]
    return sorted(others, key=lambda other: (other.pk != referentiel.predecessor_id, -other.version))
