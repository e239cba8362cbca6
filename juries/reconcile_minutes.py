"""Procès-verbaux and their signed files, against the sessions they tell and against themselves (R-JUR-5)."""

from collections.abc import Iterator

from core import files
from core.enums import JobState
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry, StoredFile
from core.reconcile import reconciles
from core.signatures import SignatureState, check_signatures
from core.signing_key import SigningKeyRefused, trusted_certificates
from juries.models import JurySession, Minutes, MinutesSignature
from juries.services.signing import field_of
from juries.tasks.minutes import MINUTES

CHUNK = 500


@reconciles
def every_closed_session_has_its_minutes() -> Iterator[str]:
    """Or a job that draws them up, due, running, or failed for people to see."""
    waiting = set(Job.objects.filter(kind=MINUTES).exclude(state=JobState.DONE).values_list("subject", flat=True))
    for pk in JurySession.objects.filter(closed_at__isnull=False, minutes=None).values_list("pk", flat=True):
        if str(pk) not in waiting:
            yield f"La session {pk} est close : son procès-verbal manque, et aucun travail ne le dressera."


@reconciles
def every_minutes_is_what_its_fingerprint_says() -> Iterator[str]:
    for pk, content, fingerprint in Minutes.objects.values_list("pk", "content_json", "fingerprint").iterator(CHUNK):
        if sha256_hex(content) != fingerprint:
            yield f"Le contenu du procès-verbal {pk} ne répond plus à son empreinte."


@reconciles
def signatures_are_those_of_the_journal() -> Iterator[str]:
    """Each told exactly once, by who signed, with the file it left; ranks follow from 1 (R-ALL-1)."""
    entries = JournalEntry.objects.filter(verb="minutes.signed", subject_type=Minutes._meta.label_lower)
    told = {(entry.subject_id, entry.data["rank"]): (entry.actor_id, entry.data["pdf"]) for entry in entries}
    expected: dict[str, int] = {}
    rows = MinutesSignature.objects.order_by("minutes", "rank")
    for minutes, rank, user, pdf in rows.values_list("minutes", "rank", "member__user", "pdf").iterator(CHUNK):
        key = str(minutes)
        expected[key] = expected.get(key, 0) + 1
        if rank != expected[key]:
            yield f"Procès-verbal {key} : la signature de rang {expected[key]} manque."
        if told.pop((key, rank), None) != (user, pdf):
            yield f"Procès-verbal {key} : la signature de rang {rank} n’est pas celle que le journal raconte."
    for key, rank in told:
        yield f"Procès-verbal {key} : la signature de rang {rank}, que le journal raconte, n’existe plus."


@reconciles
def every_signed_file_bears_its_signatures_intact() -> Iterator[str]:
    """The file as drawn up bears none; that of rank n, those of the members 1 to n, over the file of rank n - 1."""
    try:
        trusted = trusted_certificates()
    except SigningKeyRefused as refusal:
        yield str(refusal)
        return
    for minutes in Minutes.objects.select_related("pdf").defer("content_json").iterator(chunk_size=CHUNK):
        former = _read(minutes.pdf)
        if former is not None and check_signatures(former, trusted=trusted):
            yield f"Procès-verbal {minutes.pk} : le fichier à signer porte déjà une signature."
        for signature in minutes.signatures.select_related("pdf").order_by("rank"):
            content = _read(signature.pdf)
            if content is None:
                former = None
                continue  # the check of files says it
            name = f"Procès-verbal {minutes.pk}, fichier signé de rang {signature.rank}"
            yield from _problems_of(name, check_signatures(content, trusted=trusted), signature.rank)
            if former is not None and not content.startswith(former):
                yield f"{name} : il ne prolonge pas le fichier précédent."
            former = content


def _problems_of(name: str, states: tuple[SignatureState, ...], rank: int) -> Iterator[str]:
    if [state.field for state in states] != [field_of(one) for one in range(1, rank + 1)]:
        yield f"{name} : il ne porte pas les signatures des rangs 1 à {rank}, et elles seules."
    for state in states:
        if not state.is_intact:
            yield f"{name}, champ {state.field or 'inconnu'} : {state.problem}"


def _read(pdf: StoredFile) -> bytes | None:
    try:
        return files.read(pdf)
    except files.DamagedFileError:
        return None
