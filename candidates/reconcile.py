"""Consents, measures, civil status and enrolments against what the journal tells of them (R-CAN-1, 2, 3, R-ALL-1)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from candidates.enums import ConsentScope
from candidates.models import Accommodation, Candidate, Enrolment, HandicapDisclosure
from core.journal import CONFIDENTIAL
from core.models import JournalEntry
from core.reconcile import reconciles


@reconciles
def every_reading_had_a_consent() -> Iterator[str]:
    """Told by the journal, which outlives the consent's row: given, not yet withdrawn, and to the jury."""
    live: set[str] = set()
    entries = JournalEntry.objects.filter(
        verb__startswith=CONFIDENTIAL, subject_type=HandicapDisclosure._meta.label_lower
    ).order_by("sequence")
    for entry in entries.iterator(chunk_size=1000):
        if entry.verb == "confidential.consent_given" and entry.data["scope"] == ConsentScope.JURY:
            live.add(entry.subject_id)
        elif entry.verb == "confidential.consent_withdrawn":
            live.discard(entry.subject_id)
        elif entry.verb == "confidential.mention_read" and entry.subject_id not in live:
            yield f"L’entrée {entry.sequence} du journal lit une mention sans consentement valable à cet instant."


@reconciles
def every_consent_is_what_the_journal_tells() -> Iterator[str]:
    """A consent that stands was never withdrawn; one that ended has its entry."""
    told = set(JournalEntry.objects.filter(verb="confidential.consent_withdrawn").values_list("subject_id", flat=True))
    for pk, withdrawn_at in HandicapDisclosure.objects.values_list("pk", "withdrawn_at"):
        if (withdrawn_at is not None) != (str(pk) in told):
            yield f"Le consentement {pk} et le journal ne disent pas la même chose de son retrait."


@reconciles
def every_consent_says_what_was_agreed_to() -> Iterator[str]:
    """Its scope and the text it was given on (R-CAN-2)."""
    told = _last_told(HandicapDisclosure, "confidential.consent_given")
    for pk, scope, text in HandicapDisclosure.objects.values_list("pk", "scope", "text_version"):
        if told.get(str(pk)) != {"scope": scope, "text_version": text}:
            yield f"Le consentement {pk} n’est pas celui que le journal raconte."


@reconciles
def every_measure_is_what_the_journal_tells() -> Iterator[str]:
    """Granted in these words, and ended only if it was (R-CAN-3)."""
    granted = _last_told(Accommodation, "accommodation.granted")
    ended = _last_told(Accommodation, "accommodation.ended")
    for measure in Accommodation.objects.iterator(chunk_size=1000):
        pk = str(measure.pk)
        if granted.get(pk, {}).get("measure") != measure.label or (pk in ended) != (measure.ended_on is not None):
            yield f"L’aménagement {pk} n’est pas celui que le journal raconte."
    for pk in granted.keys() - {str(pk) for pk in Accommodation.objects.values_list("pk", flat=True)}:
        yield f"L’aménagement {pk}, accordé d’après le journal, n’est plus là."


@reconciles
def every_civil_status_is_what_the_journal_tells() -> Iterator[str]:
    """By its fingerprint; entries of before fingerprints were kept say nothing of it."""
    told = _last_told(Candidate, "candidate.opened", "candidate.civil_status_corrected")
    for candidate in Candidate.objects.iterator(chunk_size=1000):
        fingerprint = told.get(str(candidate.pk), {}).get("fingerprint")
        if fingerprint and fingerprint != candidate.civil_status.fingerprint:
            yield f"L’état civil du candidat {candidate.pk} n’est pas celui que le journal raconte."


@reconciles
def every_enrolment_is_what_the_journal_tells() -> Iterator[str]:
    """Its version, its voie d’accès and the blocs it aims at (R-CAN-1)."""
    told = _last_told(Enrolment, "enrolment.opened")
    for enrolment in Enrolment.objects.prefetch_related("blocs").iterator(chunk_size=1000):
        stored = {
            "referentiel": enrolment.referentiel_id,
            "voie_acces": enrolment.voie_acces,
            "blocs": sorted(bloc.number for bloc in enrolment.blocs.all()),
        }
        if told.get(str(enrolment.pk)) != stored:
            yield f"L’inscription {enrolment.number} n’est pas celle que le journal raconte."


def _last_told(model: type[Model], *verbs: str) -> dict[str, dict[str, Any]]:
    """By identifier, the data of the last of these entries about each row."""
    entries = JournalEntry.objects.filter(subject_type=model._meta.label_lower, verb__in=verbs).order_by("sequence")
    return dict(entries.values_list("subject_id", "data"))
