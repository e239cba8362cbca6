"""Dossiers against what orders them, decisions against the law of the jury (R-VAL-4, R-JUR-1, R-JUR-3, R-JUR-4)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Max, Q

from candidates.models import Enrolment
from core.enums import JobState
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry
from core.reconcile import reconciles
from juries.enums import Outcome, SessionState, Stage
from juries.models import Candidacy, Decision, Dossier, Incident, JurySession
from juries.queries.composition import composition_failings
from juries.services.hearings import HEARING_NOTED
from juries.tasks.dossiers import DOSSIER

CHUNK = 500


@reconciles
def every_last_bloc_ordered_a_dossier() -> Iterator[str]:
    """All blocs acquired: a job ordered with the last of them is done, on its way, or failed for people to see."""
    standing = Q(bloc_acquisitions__withdrawn_at=None)
    complete = Enrolment.objects.annotate(
        acquired=Count("bloc_acquisitions__bloc", filter=standing, distinct=True),
        needed=Count("referentiel__blocs", distinct=True),
        completed_at=Max("bloc_acquisitions__acquired_at", filter=standing),
    ).filter(acquired__gt=0, acquired=F("needed"))
    for pk, number, completed_at in complete.values_list("pk", "number", "completed_at").iterator(chunk_size=CHUNK):
        if not Job.objects.filter(kind=DOSSIER, subject=str(pk), ordered_at__gte=completed_at).exists():
            yield f"Inscription {number} : tous les blocs sont acquis, mais aucun dossier n’a été commandé."


@reconciles
def every_job_done_has_its_dossier() -> Iterator[str]:
    """And its proposal."""
    proposed = {str(pk) for pk in Decision.objects.proposed().values_list("dossier_id", flat=True)}
    stored = {str(pk) for pk in Dossier.objects.values_list("pk", flat=True)}
    done = Job.objects.filter(kind=DOSSIER, state=JobState.DONE)
    for pk, result in done.values_list("pk", "result").iterator(chunk_size=CHUNK):
        if result.get("dossier") not in stored:
            yield f"Le travail {pk} est fait, mais son dossier n’existe pas."
        elif result["dossier"] not in proposed:
            yield f"Le dossier {result['dossier']} n’a pas de décision proposée."


@reconciles
def every_dossier_is_what_its_fingerprint_says() -> Iterator[str]:
    for pk, content, fingerprint in Dossier.objects.values_list("pk", "content_json", "fingerprint").iterator(CHUNK):
        if sha256_hex(content) != fingerprint:
            yield f"Le contenu du dossier {pk} ne répond plus à son empreinte."


@reconciles
def every_decision_rests_on_a_lawful_jury() -> Iterator[str]:
    deciding = JurySession.objects.filter(pk__in=Decision.objects.taken().values("session"))
    for session in deciding.select_related("referentiel__reglement").prefetch_related("members"):
        for failing in composition_failings(session):
            yield f"La session {session.pk} a pris des décisions sans être régulière. {failing}"


@reconciles
def nobody_is_certified_without_every_bloc() -> Iterator[str]:
    certified = Decision.objects.taken().filter(outcome=Outcome.CERTIFIED).select_related("enrolment__referentiel")
    for decision in certified.iterator(chunk_size=CHUNK):
        needed = set(decision.enrolment.referentiel.blocs.values_list("number", flat=True))
        acquired = decision.enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True)
        if not needed or needed - set(decision.blocs) or needed - set(acquired):
            yield f"La décision {decision.pk} certifie sans que tous les blocs soient acquis."


@reconciles
def every_decision_is_about_its_own_dossier() -> Iterator[str]:
    for pk in Decision.objects.exclude(dossier__enrolment=F("enrolment")).values_list("pk", flat=True):
        yield f"La décision {pk} s’appuie sur le dossier de quelqu’un d’autre."


@reconciles
def decisions_are_those_of_the_journal() -> Iterator[str]:
    """Outcome, blocs, motive and dossier of each decision are those its last entry tells (R-ALL-1, R-JUR-5)."""
    told = {
        entry.subject_id: entry
        for entry in JournalEntry.objects.filter(
            subject_type=Decision._meta.label_lower, verb__startswith="decision."
        ).order_by("sequence")
    }
    for decision in Decision.objects.iterator(chunk_size=CHUNK):
        entry = told.get(str(decision.pk))
        if entry is None or not _tells(entry, decision):
            yield f"Décision {decision.pk} : elle ne correspond plus à ce que le journal en dit."


def _tells(entry: JournalEntry, decision: Decision) -> bool:
    if entry.data.get("outcome") != decision.outcome:
        return False
    if decision.stage == Stage.PROPOSED:
        return True
    same_blocs = entry.data.get("blocs") == decision.blocs and entry.data.get("dossier") == str(decision.dossier_id)
    return same_blocs and entry.reason == decision.motive


@reconciles
def every_session_is_where_the_journal_leaves_it() -> Iterator[str]:
    """Its day, and the last state it was taken to (R-JUR-5, R-JUR-6)."""
    days: dict[str, str] = {}
    states: dict[str, str] = {}
    entries = JournalEntry.objects.filter(subject_type=JurySession._meta.label_lower).order_by("sequence")
    for subject, verb, data in entries.values_list("subject_id", "verb", "data"):
        if verb == "session.prepared":
            days[subject], states[subject] = data["held_at"], SessionState.PREPARING
        elif verb == "session.changed":
            days[subject] = data["held_at"]
        elif "after" in data:
            states[subject] = data["after"]
    for pk, held_at, state in JurySession.objects.values_list("pk", "held_at", "state"):
        told = days.get(str(pk))
        if told is None or datetime.fromisoformat(told) != held_at or states[str(pk)] != state:
            yield f"La session {pk} n’est pas celle que le journal raconte."


@reconciles
def incidents_are_those_of_the_journal() -> Iterator[str]:
    """Each says what was noted, of the session it was noted in, and none is gone (R-JUR-5, R-ALL-1)."""
    noted = dict(JournalEntry.objects.filter(verb="incident.noted").values_list("subject_id", "data"))
    for pk, session, text in Incident.objects.values_list("pk", "session_id", "text").iterator(chunk_size=CHUNK):
        data = noted.pop(str(pk), {})
        if (data.get("session"), data.get("sha256")) != (str(session), sha256_hex(text)):
            yield f"Incident {pk} : il n’est plus celui que le journal raconte."
    for gone in noted:
        yield f"Incident {gone} : le journal le raconte, mais il n’existe plus."


@reconciles
def hearings_are_those_of_the_journal() -> Iterator[str]:
    """What is noted of each is what the last entry about it tells (R-JUR-5, R-ALL-1)."""
    entries = JournalEntry.objects.filter(verb=HEARING_NOTED).order_by("sequence")
    told = {subject: data["after"] for subject, data in entries.values_list("subject_id", "data")}
    noted = Candidacy.objects.exclude(hearing="").values_list("pk", "hearing", "hearing_held_at")
    for pk, hearing, held_at in noted.iterator(chunk_size=CHUNK):
        data = told.pop(str(pk), {})
        at = data.get("held_at")
        if data.get("hearing") != hearing or (datetime.fromisoformat(at) if at else None) != held_at:
            yield f"Candidature {pk} : son audition n’est pas celle que le journal raconte."
    for gone in told:
        yield f"Candidature {gone} : le journal raconte une audition qui n’est plus notée."
