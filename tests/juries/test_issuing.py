"""R-JUR-7: what a published decision gives a right to is issued once, numbered without holes, frozen and signed."""

from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction

from candidates.civil_status import CivilStatus
from candidates.services.filing import correct_civil_status
from core import files, jobs
from core.enums import JobState
from core.exceptions import Refusal
from core.failures import explanation
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry
from core.signatures import check_signatures
from core.signing_key import trusted_certificates
from juries.codes import code_typed, is_token
from juries.enums import CertificateKind, Outcome
from juries.models import Certificate
from juries.services.issuing import issue_certificates
from juries.services.sessions import close_session
from juries.tasks.certificates import CERTIFICATE, FIELD
from tests import scenes
from tests.core.signing import PASSPHRASE, holder
from tests.juries.deliveries import DECIDED_ON, MENTIONS, a_parchemin, published, ready_to_deliver, several
from tests.juries.sittings import decide
from tests.racing import at_once, refusals_in, simultaneous

pytestmark = pytest.mark.django_db


def sequences() -> list[int]:
    return list(Certificate.objects.order_by("sequence").values_list("sequence", flat=True))


def test_publishing_issues_a_parchemin_per_certification_and_an_attestation_per_acknowledged_bloc():
    certified, partial_, refused = several(3, blocs=2)
    published(certified, partial_, refused, outcomes=[Outcome.CERTIFIED, Outcome.PARTIAL, Outcome.ADJOURNED])
    issued = [(one.decision.enrolment, one.kind, one.bloc_number) for one in Certificate.objects.order_by("sequence")]
    assert issued == [
        (certified, CertificateKind.PARCHEMIN, None),
        (partial_, CertificateKind.ATTESTATION, 1),
        (partial_, CertificateKind.ATTESTATION, 2),
    ]
    assert sequences() == [1, 2, 3]


def test_nothing_is_issued_before_the_results_are_published():
    """R-JUR-6."""
    enrolment = scenes.a_certifiable_enrolment()
    ready_to_deliver(enrolment.referentiel)
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment)
    close_session(session, by=scenes.president_of(session))
    with pytest.raises(Refusal, match="plus possible"):
        issue_certificates(session, by=scenes.a_manager())
    assert not Certificate.objects.exists()


def test_without_the_mentions_publishing_delivers_nothing_and_says_what_is_missing():
    session = published(scenes.a_certifiable_enrolment(), ready=False)
    with pytest.raises(Refusal, match=r"« Délivrance ».*enregistrement au RNCP.*codes NSF"):
        issue_certificates(session, by=scenes.a_manager())
    assert not Certificate.objects.exists()

    ready_to_deliver(session.referentiel)
    (issued,) = issue_certificates(session, by=scenes.a_manager())
    assert issued.number == f"{session.referentiel.certification.rncp_code}-{issued.year}-000001"


def test_asking_again_issues_nothing_more():
    session = published(scenes.a_certifiable_enrolment())
    assert issue_certificates(session, by=scenes.a_manager()) == []
    assert JournalEntry.objects.filter(verb="certificate.issued").count() == 1
    assert Job.objects.filter(kind=CERTIFICATE).count() == 1


def test_an_attestation_already_held_for_a_bloc_is_not_issued_again_by_a_later_jury():
    (enrolment,) = several(1, blocs=2)
    first = published(enrolment, outcomes=[Outcome.PARTIAL])
    published(enrolment, outcomes=[Outcome.PARTIAL])
    assert [one.decision.session for one in Certificate.objects.all()] == [first, first]


def test_numbers_go_on_in_the_year_and_start_again_the_next_one():
    first, second, third = several(3)
    with time_machine.travel("2026-12-31T20:00:00Z", tick=True):
        published(first)
        published(second)
    with time_machine.travel("2026-12-31T23:30:00Z", tick=True):  # in Paris, 2027
        published(third)
    numbers = Certificate.objects.order_by("issued_at").values_list("year", "sequence")
    assert list(numbers) == [(2026, 1), (2026, 2), (2027, 1)]


def test_another_certification_has_numbers_of_its_own():
    a_parchemin()
    a_parchemin()
    assert sequences() == [1, 1]


def test_its_content_says_every_mandatory_mention_and_answers_its_fingerprint():
    certificate = a_parchemin()
    content, decision = certificate.content, certificate.decision
    certification, candidate = certificate.certification, decision.enrolment.candidate
    closing = JournalEntry.objects.get(verb="session.closed")
    assert sha256_hex(certificate.content_json) == certificate.fingerprint
    assert content["certification"] == {
        "title": certification.title,
        "rncp_code": certification.rncp_code,
        "registered_on": DECIDED_ON.isoformat(),
        "level": certification.level,
        "nsf": certification.nsf,
    }
    assert content["holder"]["birth_date"] == candidate.birth_date.isoformat()
    assert content["holder"]["birth_place"] == candidate.birth_place
    assert content["jury"]["name"] == decision.session.name
    assert (content["jury"]["journal_sequence"], content["jury"]["journal_hash"]) == (closing.sequence, closing.hash)
    assert content["referentiel"]["fingerprint"] == decision.enrolment.referentiel.publication.fingerprint
    assert {name: content["delivery"][name] for name in MENTIONS} == MENTIONS
    assert content["number"] == certificate.number
    assert code_typed(content["verification"]["code"]) == certificate.code
    assert content["verification"]["url"].endswith(f"/verifier/{certificate.token}/")
    assert is_token(certificate.token)


def test_neither_the_code_nor_the_token_is_journaled():
    """R-ALL-4."""
    certificate = a_parchemin()
    told = str(list(JournalEntry.objects.values_list("data", "reason")))
    assert certificate.number in told
    assert certificate.code not in told
    assert certificate.token not in told


def test_the_pdf_is_signed_with_the_certificateur_s_key_and_stored_once():
    certificate = a_parchemin()
    pdf = files.read(certificate.pdf)
    (signature,) = check_signatures(pdf, trusted=trusted_certificates())
    assert signature.is_intact
    assert (signature.field, signature.signer) == (FIELD, MENTIONS["legal_name"])

    for _ in range(3):  # R-ALL-2
        Job.objects.filter(kind=CERTIFICATE).update(state=JobState.DUE, finished_at=None, attempts=0)
        jobs.run_due()
    certificate.refresh_from_db()
    assert files.read(certificate.pdf) == pdf
    assert JournalEntry.objects.filter(verb="certificate.signed").count() == 1


def test_a_civil_status_corrected_later_leaves_what_was_delivered():
    certificate = a_parchemin()
    candidate = certificate.decision.enrolment.candidate
    status = CivilStatus("Autre", candidate.given_names, candidate.birth_date, candidate.birth_place)
    correct_civil_status(candidate, status=status, by=scenes.a_manager())
    certificate.refresh_from_db()
    assert certificate.content["holder"]["family_name"] == "Garnier"


def test_an_expired_key_is_said_in_words_and_the_job_can_be_run_again(settings, tmp_path):
    expired = holder(ends=scenes.timezone.now() - scenes.timezone.timedelta(days=1))
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSPHRASE = str(expired.written(tmp_path / "k.p12")), PASSPHRASE
    published(scenes.a_certifiable_enrolment())
    job = Job.objects.get(kind=CERTIFICATE)
    for _ in range(settings.JOB_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(due_at=scenes.timezone.now())
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert explanation(job.last_error).startswith("Le certificat de signature a expiré le")
    assert Certificate.objects.get().pdf is None

    settings.SIGNING_KEY_FILE = settings.SIGNING_KEY_PASSPHRASE = ""
    assert jobs.order_again(job, by=scenes.a_manager())
    jobs.run_due()
    assert Certificate.objects.get().pdf is not None


def test_what_is_delivered_never_changes_nor_goes():
    """In the database too."""
    certificate = a_parchemin()
    for act in (
        lambda: Certificate.objects.update(number="RNCP1-2026-000001"),
        lambda: Certificate.objects.update(pdf=None),
        lambda: Certificate.objects.filter(pk=certificate.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="certificat délivré"), transaction.atomic():
            act()


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_issuings_issue_each_certificate_once_with_contiguous_numbers(self):
        session = published(*several(4), ready=False)
        ready_to_deliver(session.referentiel)
        outcomes = at_once(*[partial(issue_certificates, session, by=scenes.a_manager())] * 20)
        assert not refusals_in(outcomes)
        assert sorted(len(issued) for issued in outcomes) == [0] * 19 + [4]
        assert sequences() == [1, 2, 3, 4]

    def test_sessions_of_one_certification_issued_together_share_one_line_of_numbers(self):
        sessions = [published(enrolment, ready=False) for enrolment in several(6)]
        ready_to_deliver(sessions[0].referentiel)
        at_once(*[partial(issue_certificates, session, by=scenes.a_manager()) for session in sessions * 3])
        assert sequences() == [1, 2, 3, 4, 5, 6]
        assert Certificate.objects.values("decision").distinct().count() == 6
