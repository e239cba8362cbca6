"""R-JUR-7: a certificate is revoked with a reason, or falls with the decision it rests on; duplicata are marked."""

from functools import partial
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import Job, JournalEntry
from core.signatures import check_signatures
from core.signing_key import trusted_certificates
from juries.enums import CertificateKind, Outcome
from juries.models import Certificate, CertificateCopy
from juries.reconcile_certificates import nothing_valid_rests_on_a_decision_that_no_longer_stands
from juries.services.copying import issue_copy
from juries.services.revoking import revoke_certificate
from tests import printed, scenes
from tests.assessments.http import client_of
from tests.candidates.visits import operation_in, read
from tests.juries.deliveries import a_parchemin, published, re_examined, several
from tests.racing import at_once, refusals_in, simultaneous

pytestmark = pytest.mark.django_db
REASON = "Délivré sur un état civil usurpé."


def state_of(certificate: Certificate) -> tuple[bool, str]:
    found = Certificate.objects.get(pk=certificate.pk)
    return found.revoked_at is None, found.revocation_reason


class TestByAPerson:
    def test_it_says_who_when_and_why(self):
        certificate, manager = a_parchemin(), scenes.a_manager()
        revoke_certificate(certificate, reason=f" {REASON} ", by=manager)
        certificate.refresh_from_db()
        entry = JournalEntry.objects.get(verb="certificate.revoked")
        assert (certificate.revoked_by, certificate.revocation_reason) == (manager, REASON)
        assert (entry.actor, entry.reason, entry.data) == (manager, REASON, {"number": certificate.number})

    def test_a_reason_is_needed_and_nothing_is_revoked_twice(self):
        certificate = a_parchemin()
        with pytest.raises(InvalidInput, match="pourquoi"):
            revoke_certificate(certificate, reason="  ", by=scenes.a_manager())
        revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
        with pytest.raises(Refusal, match="déjà révoqué"):
            revoke_certificate(certificate, reason="Encore.", by=scenes.a_manager())
        assert JournalEntry.objects.filter(verb="certificate.revoked").count() == 1

    def test_its_holder_is_told_that_there_is_something_to_read_and_nothing_of_it(self):
        """As of a result (R-JUR-6)."""
        certificate = a_parchemin()
        jobs.run_due()
        mail.outbox.clear()
        revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
        jobs.run_due()
        enrolment = certificate.decision.enrolment
        (message,) = mail.outbox
        own = reverse("juries:enrolment_certificates", args=[enrolment.pk])
        assert message.to == [enrolment.candidate.user.email]
        assert own in message.body
        for word in (REASON, certificate.number, "révo"):
            assert word not in f"{message.subject} {message.body}"

        page = read(client_of(enrolment.candidate.user).get(own))
        assert "PDF révoqué" in page
        assert "PDF signé" not in page
        assert f"rapprochez-vous de {certificate.certification.certifier}" in page
        assert REASON not in page

    def test_it_is_never_taken_back(self):
        """In the database too."""
        certificate = a_parchemin()
        revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
        with pytest.raises(IntegrityError, match="certificat délivré"), transaction.atomic():
            Certificate.objects.update(revoked_at=None, revoked_by=None, revocation_reason="")

    def test_it_is_confirmed_on_a_page_of_its_own_which_changes_nothing_by_itself(self):
        certificate = a_parchemin()
        client = client_of(scenes.a_manager())
        address = reverse("juries:revoke", args=[certificate.pk])
        page = read(client.get(address))
        assert "Révoquer ce certificat ?" in page
        assert "ne se reprend pas" in page
        assert state_of(certificate) == (True, "")
        assert "Ce champ est obligatoire" in read(client.post(address, {"reason": ""}))
        shown = read(client.post(address, {"reason": REASON}, follow=True))
        assert "est révoqué : la page de vérification le dit dès maintenant" in shown
        assert REASON in shown
        assert "déjà révoqué" in read(client.post(address, {"reason": "Deux fois."}))
        assert state_of(certificate) == (False, REASON)


class TestByALaterDecision:
    def test_a_parchemin_falls_with_the_certification_it_rests_on(self):
        certificate = a_parchemin()
        session = re_examined(certificate.decision, Outcome.REFUSED)
        (told,) = Job.objects.filter(kind="certificate_revoked_notice")
        assert (told.subject, told.evidence) == (str(certificate.decision.enrolment_id), str(session.pk))
        valid, reason = state_of(certificate)
        assert not valid
        assert session.name in reason
        assert Certificate.objects.count() == 1

    def test_certified_again_the_holder_receives_another_with_another_number(self):
        certificate = a_parchemin()
        session = re_examined(certificate.decision, Outcome.CERTIFIED)
        new = Certificate.objects.valid().get()
        assert not state_of(certificate)[0]
        assert (new.decision.session, new.kind) == (session, CertificateKind.PARCHEMIN)
        assert new.sequence == certificate.sequence + 1
        assert {new.code, new.token}.isdisjoint({certificate.code, certificate.token})

    def test_certified_then_partial_the_blocs_left_are_attested(self):
        (enrolment,) = several(1, blocs=2)
        published(enrolment)
        certificate = Certificate.objects.get()
        re_examined(certificate.decision, Outcome.PARTIAL, blocs=[2])
        assert not state_of(certificate)[0]
        assert [one.bloc_number for one in Certificate.objects.valid()] == [2]

    def test_an_attestation_stands_while_its_bloc_is_acknowledged_again(self):
        (enrolment,) = several(1, blocs=2)
        session = published(enrolment, outcomes=[Outcome.PARTIAL])
        first, second = Certificate.objects.order_by("bloc_number")
        re_examined(session.decisions.get(), Outcome.PARTIAL, blocs=[1])
        assert (state_of(first)[0], state_of(second)[0]) == (True, False)
        again = Certificate.objects.get(pk=first.pk).decision.superseded_by
        re_examined(again, Outcome.REFUSED)  # what it questions includes what it had left standing
        assert not Certificate.objects.valid().exists()

    def test_an_adjourned_re_examination_takes_nothing_back_and_the_one_that_follows_does(self):
        """R-JUR-5."""
        certificate = a_parchemin()
        re_examined(certificate.decision, Outcome.ADJOURNED)
        assert state_of(certificate)[0]
        assert not Job.objects.filter(kind="certificate_revoked_notice").exists()
        assert list(nothing_valid_rests_on_a_decision_that_no_longer_stands()) == []
        re_examined(certificate.decision, Outcome.REFUSED)
        assert not state_of(certificate)[0]
        assert list(nothing_valid_rests_on_a_decision_that_no_longer_stands()) == []

    def test_a_later_jury_leaves_what_an_earlier_one_granted(self):
        (enrolment,) = several(1, blocs=2)
        published(enrolment, outcomes=[Outcome.PARTIAL])
        published(enrolment, outcomes=[Outcome.ADJOURNED])
        assert Certificate.objects.valid().count() == 2

    def test_nothing_falls_before_the_new_decision_is_published(self):
        """R-JUR-6."""
        certificate = a_parchemin()
        enrolment = certificate.decision.enrolment
        session = scenes.a_session(referentiel=enrolment.referentiel)
        session.candidacies.create(
            enrolment=enrolment, reexamines=certificate.decision, reexamination_reason="Recours accueilli."
        )
        assert state_of(certificate)[0]


class TestDuplicata:
    def test_it_is_the_same_act_marked_numbered_and_signed(self):
        certificate, manager = a_parchemin(), scenes.a_manager()
        for rank in (1, 2):
            assert issue_copy(certificate, reason="Original perdu.", by=manager).rank == rank
        jobs.run_due()
        pdf = files.read(CertificateCopy.objects.get(rank=2).pdf)
        text = printed.words_of(pdf)
        (signature,) = check_signatures(pdf, trusted=trusted_certificates())
        assert signature.is_intact
        assert "Duplicata n°" in text
        for mention in (certificate.number, certificate.code, certificate.content["holder"]["birth_place"]):
            assert mention in text
        assert (
            JournalEntry.objects.filter(verb="certificate.copy_issued").latest("sequence").reason == "Original perdu."
        )

    def test_the_same_form_sent_twice_delivers_one(self):
        certificate = a_parchemin()
        client = client_of(scenes.a_manager())
        address = reverse("juries:copy", args=[certificate.pk])
        operation = operation_in(client.get(address).content.decode())
        for _ in range(2):
            client.post(address, {"reason": "Original perdu.", "operation": operation})
        assert CertificateCopy.objects.get().reason == "Original perdu."

    def test_a_reason_is_needed_and_a_revoked_certificate_has_none(self):
        certificate = a_parchemin()
        with pytest.raises(InvalidInput, match="pourquoi"):
            issue_copy(certificate, reason=" ", by=scenes.a_manager())
        revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
        with pytest.raises(Refusal, match="aucun duplicata"):
            issue_copy(certificate, reason="Original perdu.", by=scenes.a_manager(), operation=uuid4())
        assert not CertificateCopy.objects.exists()


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_revocations_are_one(self):
        certificate = a_parchemin()
        outcomes = at_once(*[partial(revoke_certificate, certificate, reason=REASON, by=scenes.a_manager())] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert JournalEntry.objects.filter(verb="certificate.revoked").count() == 1

    def test_duplicata_asked_together_have_each_their_rank(self):
        certificate = a_parchemin()
        at_once(*[partial(issue_copy, certificate, reason="Original perdu.", by=scenes.a_manager())] * 8)
        assert list(CertificateCopy.objects.values_list("rank", flat=True)) == list(range(1, 9))

    def test_a_revocation_and_a_publication_that_also_revokes_leave_one(self):
        for _ in range(3):
            certificate = a_parchemin()
            at_once(
                partial(revoke_certificate, certificate, reason=REASON, by=scenes.a_manager()),
                partial(re_examined, certificate.decision, Outcome.ADJOURNED),
            )
            entries = JournalEntry.objects.filter(verb="certificate.revoked", subject_id=str(certificate.pk))
            assert entries.count() == 1
