"""What is delivered against what was decided, and against itself (R-JUR-7)."""

from collections.abc import Iterator

from core import files
from core.enums import JobState
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry, StoredFile
from core.reconcile import reconciles
from core.signatures import check_signatures
from core.signing_key import SigningKeyRefused, trusted_certificates
from juries.enums import CertificateKind, Outcome
from juries.models import Candidacy, Certificate, CertificateCopy, Decision
from juries.queries.certificates import certificates_due
from juries.queries.deliveries import missing_to_deliver
from juries.tasks.certificates import CERTIFICATE, CERTIFICATE_COPY, FIELD

CHUNK = 500


@reconciles
def every_standing_decision_delivered_what_it_gives_a_right_to() -> Iterator[str]:
    """Or its mentions are not written, which the session's page says."""
    deciding = Decision.objects.standing_in_public().filter(outcome__in=[Outcome.CERTIFIED, Outcome.PARTIAL])
    sessions = {decision.session for decision in deciding.select_related("session__referentiel__certification")}
    for session in sessions:
        assert session is not None  # taken
        if (
            missing_to_deliver(session.referentiel)
            or not Certificate.objects.filter(decision__session=session).exists()
        ):
            continue
        for due in certificates_due(session):
            yield f"La décision {due.decision.pk} donne droit à un certificat ({due.kind.label}) qui n’existe pas."


@reconciles
def certificates_are_numbered_without_holes() -> Iterator[str]:
    """From 1, for each certification and each year."""
    last: dict[tuple[int, int], int] = {}
    numbered = Certificate.objects.order_by("certification", "year", "sequence")
    for certification, year, sequence, number in numbered.values_list(
        "certification", "year", "sequence", "number"
    ).iterator(chunk_size=CHUNK):
        expected = last.get((certification, year), 0) + 1
        if sequence != expected:
            yield f"Le numéro {number} vient après un trou : le rang {expected} de {year} manque."
        last[certification, year] = sequence


@reconciles
def every_certificate_is_what_its_fingerprint_says() -> Iterator[str]:
    """A content erased with its holder's data answers nothing any more."""
    rows = Certificate.objects.exclude(content_json="").values_list("number", "content_json", "fingerprint")
    for number, content, fingerprint in rows.iterator(chunk_size=CHUNK):
        if sha256_hex(content) != fingerprint:
            yield f"Le contenu du certificat {number} ne répond plus à son empreinte."


@reconciles
def certificates_are_those_of_the_journal() -> Iterator[str]:
    """Each one told there exists as it was told, and is revoked if and only if that was told too (R-ALL-1)."""
    told = JournalEntry.objects.filter(subject_type=Certificate._meta.label_lower)
    revoked = set(told.filter(verb="certificate.revoked").values_list("subject_id", flat=True))
    rows = {
        str(pk): row
        for pk, *row in Certificate.objects.values_list("pk", "number", "fingerprint", "revoked_at").iterator()
    }
    for pk, data in told.filter(verb="certificate.issued").values_list("subject_id", "data").iterator(CHUNK):
        number, fingerprint, revoked_at = rows.pop(pk, (None, None, None))
        if (number, fingerprint) != (data["number"], data["fingerprint"]):
            yield f"Le certificat {data['number']} n’est plus celui que le journal raconte."
        elif (revoked_at is not None) != (pk in revoked):
            yield f"Le certificat {number} : sa révocation n’est pas celle que le journal raconte."
    for number, *_ in rows.values():
        yield f"Le certificat {number} : le journal n’en dit rien."


@reconciles
def what_was_erased_is_told_and_gone() -> Iterator[str]:
    """Erased if and only if the journal says so, and nothing of what was printed is left (RGPD art. 17)."""
    told = JournalEntry.objects.filter(subject_type=Certificate._meta.label_lower)
    erased = set(told.filter(verb="certificate.erased").values_list("subject_id", flat=True))
    rows = Certificate.objects.filter(erased_at__isnull=False)
    numbers = {str(pk): number for pk, number in rows.values_list("pk", "number")}
    for pk in erased ^ set(numbers):
        yield f"Le certificat {numbers.get(pk, pk)} : son effacement n’est pas celui que le journal raconte."
    printed = JournalEntry.objects.filter(verb__in=["certificate.signed", "certificate.copy_signed"])
    for number, sha256 in printed.filter(data__number__in=list(numbers.values())).values_list(
        "data__number", "data__pdf"
    ):
        if StoredFile.objects.filter(pk=sha256).exists():
            yield f"Le certificat {number} est effacé, mais le fichier {sha256} est encore là."


@reconciles
def what_is_replaced_is_revoked_and_about_the_same_decision() -> Iterator[str]:
    """A rectificatif takes the place of the document it cites."""
    for one in Certificate.objects.filter(replaces__isnull=False).select_related("replaces").defer("content_json"):
        former = one.replaces
        assert former is not None
        same = (one.decision_id, one.kind, one.bloc_number) == (former.decision_id, former.kind, former.bloc_number)
        if former.revoked_at is None or not same:
            yield f"Le certificat {one.number} ne tient pas lieu de {former.number}, qu’il cite."


@reconciles
def every_certificate_is_printed_or_on_its_way() -> Iterator[str]:
    """Its job, or that of a duplicata, is due, running, or failed for people to see."""
    waiting = set(
        Job.objects.filter(kind__in=[CERTIFICATE, CERTIFICATE_COPY])
        .exclude(state=JobState.DONE)
        .values_list("subject", flat=True)
    )
    for model in (Certificate, CertificateCopy):
        erased = "erased_at" if model is Certificate else "certificate__erased_at"
        for pk in model._default_manager.filter(pdf=None, **{erased: None}).values_list("pk", flat=True):
            if str(pk) not in waiting:
                yield f"{model._meta.verbose_name} {pk} : son PDF manque, et aucun travail ne le produira."


@reconciles
def every_certificate_bears_an_intact_signature() -> Iterator[str]:
    """The certificateur's, alone, on the certificate and on each duplicata."""
    try:
        trusted = trusted_certificates()
    except SigningKeyRefused as refusal:
        yield str(refusal)
        return
    printed = Certificate.objects.filter(pdf__isnull=False).select_related("pdf").defer("content_json")
    copied = CertificateCopy.objects.filter(pdf__isnull=False).select_related("pdf", "certificate")
    signed = [(one.number, one.pdf) for one in printed] + [(str(one), one.pdf) for one in copied]
    for name, pdf in signed:
        assert pdf is not None
        content = _read(pdf)
        if content is None:
            continue  # the check of files says it
        states = check_signatures(content, trusted=trusted)
        if [state.field for state in states] != [FIELD]:
            yield f"{name} : le fichier ne porte pas la seule signature du certificateur."
        for state in states:
            if not state.is_intact:
                yield f"{name} : {state.problem}"


@reconciles
def nothing_valid_rests_on_a_decision_that_no_longer_stands() -> Iterator[str]:
    """A parchemin falls with a superseded decision; an attestation, with a re-examination that leaves its bloc out."""
    superseded = (
        Certificate.objects.valid()
        .filter(decision__superseded_by__session__published_at__isnull=False)
        .select_related("decision__superseded_by")
        .defer("content_json")
    )
    for certificate in superseded.iterator(chunk_size=CHUNK):
        if certificate.kind == CertificateKind.PARCHEMIN or not _stands(certificate):
            yield f"Le certificat {certificate.number} est valable, mais sa décision a été remplacée."


def _stands(certificate: Certificate) -> bool:
    """Whether each re-examination of the decision, in turn, acknowledges the bloc again."""
    decision = certificate.decision
    while following := _re_examination_of(decision):
        if certificate.bloc_number not in following.blocs:
            return False
        decision = following
    return True


def _re_examination_of(decision: Decision) -> Decision | None:
    """What took the place of ``decision`` by re-examining it, published; None when nothing did."""
    again = Candidacy.objects.filter(reexamines=decision).values("session")
    return Decision.objects.public().filter(supersedes=decision, session__in=again).first()


def _read(pdf: StoredFile) -> bytes | None:
    try:
        return files.read(pdf)
    except files.DamagedFileError:
        return None
