"""Marks against the journal, acquisitions against the verdicts (R-SCO-3, R-VAL-1, R-VAL-2)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Q, Sum

from assessments.marks import MarkValue
from assessments.models import BlocAcquisition, CompetenceAcquisition, Mark
from assessments.queries.marks import value_of
from assessments.queries.records import conclude
from assessments.services.marking import traced
from candidates.models import Enrolment
from core.models import JournalEntry
from core.reconcile import reconciles

CHUNK = 500


@reconciles
def every_mark_is_what_the_journal_tells() -> Iterator[str]:
    """Its versions follow each other from 1 to the present one, and its content is the last entry's."""
    marks = Mark.objects.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(marks, CHUNK)):
        told = _changes_of(chunk)
        for mark in chunk:
            yield from _mark_problems(mark, told[str(mark.pk)])


@reconciles
def every_change_told_is_stored() -> Iterator[str]:
    """As many changes in the journal as the versions of the marks add up to: a mark that vanished is seen."""
    told = JournalEntry.objects.filter(verb="mark.changed").count()
    stored = Mark.objects.aggregate(total=Sum("version"))["total"] or 0
    if told != stored:
        yield f"Le journal raconte {told} changements d’appréciation, les appréciations en portent {stored}."


@reconciles
def what_is_acquired_is_what_the_verdicts_say() -> Iterator[str]:
    """The stored compétences and blocs are those the calculation finds today."""
    concerned = Enrolment.objects.filter(
        Q(soutenances__grilles__submitted_at__isnull=False)
        | Q(pk__in=CompetenceAcquisition.objects.standing().values("enrolment"))
        | Q(pk__in=BlocAcquisition.objects.standing().values("enrolment"))
    )
    for enrolment in concerned.select_related("referentiel").distinct().order_by("pk").iterator(chunk_size=CHUNK):
        yield from _acquisition_problems(enrolment)


def _changes_of(marks: Iterable[Mark]) -> defaultdict[str, list[dict[str, Any]]]:
    told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    entries = JournalEntry.objects.filter(
        verb="mark.changed", subject_type=Mark._meta.label_lower, subject_id__in=[str(mark.pk) for mark in marks]
    )
    for subject, data in entries.order_by("sequence").values_list("subject_id", "data"):
        told[subject].append(data)
    return told


def _mark_problems(mark: Mark, changes: list[dict[str, Any]]) -> Iterator[str]:
    versions = [change["version"] for change in changes]
    if versions != list(range(1, mark.version + 1)):
        yield f"L’appréciation {mark.pk} en est à la version {mark.version}, le journal raconte {versions}."
        return
    told = {**traced(MarkValue()), **changes[-1]["after"]}
    differing = [name for name, value in traced(value_of(mark)).items() if told[name] != value]
    if differing:
        yield f"L’appréciation {mark.pk} n’est pas celle que dit le journal : {', '.join(differing)}."


def _acquisition_problems(enrolment: Enrolment) -> Iterator[str]:
    conclusion = conclude(enrolment)
    competences = {item.code for bloc in conclusion.blocs for item in bloc.competences if item.acquired}
    blocs = {str(bloc.number) for bloc in conclusion.blocs if bloc.acquired}
    stored = enrolment.competence_acquisitions.standing().values_list("competence__code", flat=True)
    numbers = enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True)
    yield from _differences(enrolment, "compétence", competences, set(stored))
    yield from _differences(enrolment, "bloc", blocs, set(map(str, numbers)))


def _differences(enrolment: Enrolment, what: str, concluded: set[str], stored: set[str]) -> Iterator[str]:
    for name in sorted(concluded - stored):
        yield f"Inscription {enrolment.number} : {what} {name} acquis d’après les verdicts, mais non enregistré."
    for name in sorted(stored - concluded):
        yield f"Inscription {enrolment.number} : {what} {name} enregistré comme acquis, contre les verdicts."
