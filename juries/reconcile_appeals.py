"""Letters, notices and appeals against what the journal tells of them (R-JUR-5, R-JUR-6, R-JUR-8)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry
from core.reconcile import reconciles
from juries.enums import APPEAL_ENDS, AppealState
from juries.models import Appeal, Decision, JurySession, Letter
from juries.tasks.notices import RESULT

CHUNK = 500


@reconciles
def nobody_has_two_live_decisions() -> Iterator[str]:
    """A correction supersedes, it never stands beside (R-JUR-5)."""
    live = Decision.objects.live().order_by().values("enrolment__number").annotate(count=Count("pk"))
    for number in live.filter(count__gt=1).values_list("enrolment__number", flat=True):
        yield f"Inscription {number} : plusieurs décisions valent en même temps."


@reconciles
def every_result_announced_has_its_notice() -> Iterator[str]:
    """A job, done, on its way or failed for people to see; of sessions published since there are notices."""
    ordered = set(Job.objects.filter(kind=RESULT).values_list("subject", flat=True))
    announced = JournalEntry.objects.filter(verb="session.results_announced")
    for session, data in announced.values_list("subject_id", "data"):
        for decision in set(data["decisions"]) - ordered:
            yield f"La session {session} est publiée, mais la décision {decision} n’a commandé aucun avis."
    secret = {str(pk) for pk in JurySession.objects.filter(published_at=None).values_list("pk", flat=True)}
    for early in sorted(secret & set(announced.values_list("subject_id", flat=True))):
        yield f"La session {early} a annoncé ses résultats sans être publiée."


@reconciles
def letters_are_those_of_the_journal() -> Iterator[str]:
    told = _last_told(Letter, "letter.")
    for pk, version, body in Letter.objects.values_list("pk", "version", "body").iterator(CHUNK):
        data = told.pop(str(pk), {})
        if (data.get("version"), data.get("sha256")) != (version, sha256_hex(body)):
            yield f"Lettre {pk} : elle n’est plus celle que le journal raconte."
    for gone in told:
        yield f"Lettre {gone} : le journal la raconte, mais elle n’existe plus."


@reconciles
def appeals_are_those_of_the_journal() -> Iterator[str]:
    """What was filed, with its files; the state it was taken to, by whom it is instructed, what was answered."""
    filed = _last_told(Appeal, "appeal.filed")
    moved = _told_together(Appeal)
    for appeal in Appeal.objects.prefetch_related("files").iterator(CHUNK):
        first, since = filed.pop(str(appeal.pk), {}), moved.get(str(appeal.pk), {})
        if not _is_as_filed(appeal, first):
            yield f"Recours {appeal.pk} : il n’est plus celui qui a été déposé."
        if not _is_where_it_was_taken(appeal, since):
            yield f"Recours {appeal.pk} : son instruction n’est pas celle que le journal raconte."
    for pk in filed:
        yield f"Recours {pk} : le journal le raconte, mais il n’existe plus."


@reconciles
def appeals_were_filed_in_time_and_instructed_by_others() -> Iterator[str]:
    """Within the delay of that day; never by a member of the jury that decided, nor by the candidate (R-JUR-8)."""
    for pk, filed_at, due_on in Appeal.objects.values_list("pk", "filed_at", "due_on").iterator(CHUNK):
        if timezone.localdate(filed_at) > due_on:
            yield f"Recours {pk} : il a été déposé après le délai."
    judged = Q(owner=F("decision__session__members__user")) | Q(owner=F("decision__enrolment__candidate__user"))
    for pk in Appeal.objects.filter(judged).distinct().values_list("pk", flat=True):
        yield f"Recours {pk} : il est instruit par quelqu’un qui a jugé ce dossier, ou par le candidat."


def _is_as_filed(appeal: Appeal, told: dict[str, Any]) -> bool:
    return told == {
        "decision": str(appeal.decision_id),
        "kind": appeal.kind,
        "due_on": appeal.due_on.isoformat(),
        "length": len(appeal.statement),
        "sha256": sha256_hex(appeal.statement),
        "files": told.get("files"),
    } and sorted(told["files"]) == sorted(file.file_id for file in appeal.files.all())


def _is_where_it_was_taken(appeal: Appeal, told: dict[str, Any]) -> bool:
    answered = appeal.state in APPEAL_ENDS and appeal.state != AppealState.WITHDRAWN
    return (
        told.get("after", AppealState.FILED) == appeal.state
        and told.get("owner") == (str(appeal.owner_id) if appeal.owner_id else None)
        and (told.get("sha256") == sha256_hex(appeal.answer) if answered else not appeal.answer)
    )


def _entries(model: type[Any], verb: str) -> Any:
    found = JournalEntry.objects.filter(subject_type=model._meta.label_lower, verb__startswith=verb)
    return found.order_by("sequence")


def _last_told(model: type[Any], verb: str) -> dict[str, dict[str, Any]]:
    return dict(_entries(model, verb).values_list("subject_id", "data"))


def _told_together(model: type[Any]) -> dict[str, dict[str, Any]]:
    """What the entries after the first say of each, the latest word on each thing."""
    together: dict[str, dict[str, Any]] = {}
    for subject, data in _entries(model, "appeal.").exclude(verb="appeal.filed").values_list("subject_id", "data"):
        together.setdefault(subject, {}).update(data)
    return together
