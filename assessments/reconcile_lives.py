"""States of soutenances, submissions, reopenings and settlements against the journal and each other (R-SCO-8, R-SCO-9).

When a page was last seen (`Presence`) is no fact of the assessment, and is left out.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from assessments.enums import SoutenanceState
from assessments.models import (
    BlocAcquisition,
    CompetenceAcquisition,
    Grille,
    Mark,
    Reopening,
    Settlement,
    Soutenance,
)
from assessments.queries.concertation import differences_of
from assessments.services.settling import told
from core.fingerprints import canonical_json, sha256_hex
from core.models import JournalEntry
from core.reconcile import reconciles

CHUNK = 500
LEFT = (
    SoutenanceState.CANCELLED,
    SoutenanceState.ABSENT,
    SoutenanceState.EXCUSED,
    SoutenanceState.INTERRUPTED,
)


@reconciles
def every_grille_is_that_of_an_evaluateur() -> Iterator[str]:
    """Each évaluateur of a soutenance has a grille, and nobody else."""
    judged_by = Q(evaluateur=F("soutenance__evaluateur")) | Q(evaluateur=F("soutenance__second_evaluateur"))
    strangers = Grille.objects.exclude(pk__in=Grille.objects.filter(judged_by).values("pk"))
    for pk in strangers.values_list("pk", flat=True):
        yield f"La grille {pk} n’est celle d’aucun évaluateur de sa soutenance."
    held = set(Grille.objects.values_list("soutenance_id", "evaluateur_id"))
    for pk, *both in Soutenance.objects.values_list("pk", "evaluateur", "second_evaluateur"):
        if any(who and (pk, who) not in held for who in both):
            yield f"Soutenance {pk} : la grille d’un de ses évaluateurs manque."


@reconciles
def every_submission_is_told() -> Iterator[str]:
    """A grille is submitted when the journal submitted it once more than it reopened it."""
    submitted, reopened = _told_of("grille.submitted"), _told_of("grille.reopened")
    for pk, submitted_at in Grille.objects.values_list("pk", "submitted_at").iterator(chunk_size=CHUNK):
        standing = submitted.pop(str(pk), 0) - reopened[str(pk)]
        if standing != int(submitted_at is not None):
            state = "soumise" if submitted_at else "ouverte"
            yield f"La grille {pk} est {state}, contre ce que dit le journal."
    for subject in submitted:
        yield f"Le journal raconte la soumission de la grille {subject}, qui n’existe pas."


@reconciles
def every_reopening_is_told() -> Iterator[str]:
    """The same submission undone, for the same reason, by the same person."""
    entries = JournalEntry.objects.filter(verb="grille.reopened")
    journaled: Counter[tuple[Any, ...]] = Counter(
        (entry.subject_id, entry.data["submitted_at"], entry.reason, entry.actor_id) for entry in entries
    )
    stored: Counter[tuple[Any, ...]] = Counter(
        (str(one.grille_id), one.submitted_at.isoformat(), one.reason, one.reopened_by_id)
        for one in Reopening.objects.all()
    )
    for grille, *_ in (journaled - stored) | (stored - journaled):
        yield f"Les réouvertures de la grille {grille} ne sont pas celles que dit le journal."


@reconciles
def every_soutenance_is_in_a_state_its_grilles_allow() -> Iterator[str]:
    """Submitted: all its grilles are, and nothing differs unsettled. Planned or not held: none is, and no mark."""
    rows = Soutenance.objects.prefetch_related("grilles")
    for soutenance in rows.iterator(chunk_size=CHUNK):
        submitted = [grille.is_submitted for grille in soutenance.grilles.all()]
        if soutenance.state == SoutenanceState.SUBMITTED:
            if not all(submitted):
                yield f"Soutenance {soutenance.pk} : évaluée, avec une grille qui n’est pas soumise."
            elif _differs(soutenance):
                yield f"Soutenance {soutenance.pk} : évaluée, avec un désaccord qui n’est pas concilié."
        elif soutenance.state == SoutenanceState.RUNNING:
            if all(submitted) and soutenance.second_evaluateur_id is None:
                yield f"Soutenance {soutenance.pk} : en cours, bien que sa grille soit soumise."
        elif soutenance.state != SoutenanceState.INTERRUPTED and any(submitted):
            yield f"Soutenance {soutenance.pk} : {soutenance.get_state_display().lower()}, avec une grille soumise."
    unmarked = [SoutenanceState.PLANNED, *(state for state in LEFT if state != SoutenanceState.INTERRUPTED)]
    marked = Mark.objects.filter(grille__soutenance__state__in=unmarked)
    for pk in marked.values_list("grille__soutenance", flat=True).distinct():
        yield f"Soutenance {pk} : des appréciations, alors qu’elle n’a pas commencé."


@reconciles
def what_was_left_is_told() -> Iterator[str]:
    """Absent, excused, interrupted, cancelled: the journal says so, and of no other soutenance."""
    entries = JournalEntry.objects.filter(verb="soutenance.left")
    journaled = {entry.subject_id: entry.data["after"] for entry in entries}
    stored = {str(pk): state for pk, state in Soutenance.objects.filter(state__in=LEFT).values_list("pk", "state")}
    for subject in sorted(journaled.keys() | stored.keys()):
        if journaled.get(subject) != stored.get(subject):
            yield f"Soutenance {subject} : son issue n’est pas celle que dit le journal."


@reconciles
def every_settlement_is_what_the_journal_tells() -> Iterator[str]:
    """Versions from 1 on, the content of the last; what the journal dropped is gone, and nothing else is."""
    versions: dict[str, list[int]] = {}
    last: dict[str, dict[str, str] | None] = {}
    entries = JournalEntry.objects.filter(verb__in=["settlement.changed", "settlement.dropped"]).order_by("sequence")
    for entry in entries.iterator(chunk_size=CHUNK):
        last[entry.subject_id] = entry.data["after"]
        if entry.verb == "settlement.changed":
            versions.setdefault(entry.subject_id, []).append(entry.data["version"])
    stored = {str(one.pk): one for one in Settlement.objects.iterator(chunk_size=CHUNK)}
    for pk in sorted(stored.keys() | {pk for pk, after in last.items() if after}):
        settlement = stored.get(pk)
        if settlement is None or last.get(pk) != told(settlement):
            yield f"La conciliation {pk} n’est pas celle que dit le journal."
        elif versions[pk] != list(range(1, settlement.version + 1)):
            yield f"La conciliation {pk} en est à la version {settlement.version}, le journal raconte {versions[pk]}."


@reconciles
def what_is_acquired_names_its_evidence() -> Iterator[str]:
    """A bloc's fingerprint is that of its evidence; grilles are the candidate's; what is withdrawn says why."""
    for bloc in BlocAcquisition.objects.iterator(chunk_size=CHUNK):
        if sha256_hex(canonical_json(bloc.evidence)) != bloc.evidence_fingerprint:
            yield f"L’acquisition de bloc {bloc.pk} : ses preuves ne répondent plus à leur empreinte."
    for model, rows in (
        (CompetenceAcquisition, CompetenceAcquisition.objects.all()),
        (BlocAcquisition, BlocAcquisition.objects.filter(recognised_from=None)),
    ):
        name = model._meta.verbose_name
        for pk in rows.exclude(grille__soutenance__enrolment=F("enrolment")).values_list("pk", flat=True):
            yield f"L’acquisition {pk} ({name}) repose sur la grille de quelqu’un d’autre."
        for pk in model.objects.filter(withdrawn_at__isnull=False, withdrawal_reason="").values_list("pk", flat=True):
            yield f"L’acquisition {pk} ({name}) est retirée sans motif."


def _told_of(verb: str) -> Counter[str]:
    return Counter(JournalEntry.objects.filter(verb=verb).values_list("subject_id", flat=True))


def _differs(soutenance: Soutenance) -> bool:
    if soutenance.second_evaluateur_id is None:
        return False
    return any(difference.settlement is None for difference in differences_of(soutenance))
