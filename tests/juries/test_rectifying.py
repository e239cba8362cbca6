"""R-JUR-7: a document that misnames its holder is replaced by one that cites it, under the next number."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from candidates.models import Enrolment
from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from core.reconcile import problems
from core.signatures import check_signatures
from core.signing_key import trusted_certificates
from juries.enums import CertificateKind, Outcome
from juries.models import Certificate
from juries.services.copying import issue_copy
from juries.services.dossiers import order_dossier
from juries.services.rectifying import rectify_certificate
from juries.services.revoking import revoke_certificate
from tests import printed, scenes
from tests.assessments.http import client_of
from tests.candidates.visits import operation_in, read
from tests.juries.deliveries import a_parchemin, published, re_examined, renamed, several
from tests.racing import at_once, refusals_in, simultaneous

pytestmark = pytest.mark.django_db
REASON = "Prénom mal orthographié."


@pytest.fixture
def certificate() -> Certificate:
    return a_parchemin()


def rectify(certificate: Certificate, **options) -> Certificate:
    return rectify_certificate(certificate, reason=REASON, by=scenes.a_manager(), **options)


def test_it_bears_the_corrected_civil_status_and_cites_what_it_replaces(certificate) -> None:
    renamed(certificate, "Zélie")
    new = rectify(certificate)
    jobs.run_due()
    new.refresh_from_db()
    pdf = files.read(new.pdf)
    text = printed.words_of(pdf)
    assert f"Rectificatif : annule et remplace le n° {certificate.number}, délivré le" in text
    assert "Zélie GARNIER" in text
    assert new.number in text
    assert [one.is_intact for one in check_signatures(pdf, trusted=trusted_certificates())] == [True]
    assert problems() == []


def test_only_what_names_the_holder_changes(certificate) -> None:
    renamed(certificate)
    new = rectify(certificate)
    same = ("kind", "certification", "referentiel", "blocs", "jury")
    assert [new.content[name] for name in same] == [certificate.content[name] for name in same]
    assert (new.decision, new.kind, new.bloc_number) == (certificate.decision, certificate.kind, None)
    assert {new.code, new.token}.isdisjoint({certificate.code, certificate.token})


def test_numbers_follow_without_a_hole_and_the_journal_says_who_and_why(certificate) -> None:
    renamed(certificate)
    manager = scenes.a_manager()
    new = rectify_certificate(certificate, reason=f" {REASON} ", by=manager)
    assert (new.year, new.sequence) == (certificate.year, certificate.sequence + 1)
    issued = JournalEntry.objects.filter(verb="certificate.issued").latest("sequence")
    revoked = JournalEntry.objects.get(verb="certificate.revoked")
    assert (issued.actor, issued.reason, issued.data["replaces"]) == (manager, REASON, certificate.number)
    assert revoked.data["number"] == certificate.number


def test_the_former_is_worth_nothing_and_says_which_took_its_place(client, certificate) -> None:
    renamed(certificate)
    new = rectify(certificate)
    former = read(client.get(reverse("juries:verify_token", args=[certificate.token])))
    assert "Document remplacé" in former
    assert new.number in former
    for absent in ("Document valable", "Document révoqué", REASON, "GARNIER"):
        assert absent not in former
    assert "Document valable" in read(client.get(reverse("juries:verify_token", args=[new.token])))
    with pytest.raises(Refusal, match="révoqué"):
        issue_copy(certificate, reason="Perdu.", by=scenes.a_manager())


def test_refused_without_a_reason_or_a_difference_or_on_what_is_no_longer_valid(certificate) -> None:
    with pytest.raises(InvalidInput, match="inexact"):
        rectify_certificate(certificate, reason=" ", by=scenes.a_manager())
    with pytest.raises(Refusal, match="déjà l’état civil"):
        rectify(certificate)
    renamed(certificate)
    new = rectify(certificate)
    with pytest.raises(Refusal, match=f"déjà remplacé par le rectificatif {new.number}"):
        rectify(certificate)
    revoke_certificate(new, reason="Fraude.", by=scenes.a_manager())
    with pytest.raises(Refusal, match="révoqué"):
        rectify(new)
    assert Certificate.objects.count() == 2


def test_a_rectificatif_can_be_rectified_in_its_turn(certificate) -> None:
    renamed(certificate)
    second = rectify(certificate)
    renamed(certificate, "Zoé")
    third = rectify(Certificate.objects.get(pk=second.pk))
    assert third.replaces == second
    assert Certificate.objects.valid().get() == third


def test_an_attestation_too_and_its_bloc_is_not_due_again() -> None:
    (enrolment,) = several(1, blocs=2)
    session = published(enrolment, outcomes=[Outcome.PARTIAL])
    jobs.run_due()
    first = Certificate.objects.get(bloc_number=1)
    renamed(first)
    new = rectify(first)
    jobs.run_due()
    assert (new.kind, new.bloc_number) == (CertificateKind.ATTESTATION, 1)
    assert problems() == []
    order_dossier(Enrolment.objects.get(), by=scenes.a_manager())
    jobs.run_due()
    re_examined(session.decisions.get(), Outcome.PARTIAL, blocs=[2])
    new.refresh_from_db()
    assert new.revoked_at is not None


def test_the_database_keeps_one_original_per_decision_and_one_rectificatif_per_document(certificate) -> None:
    renamed(certificate)
    rectify(certificate)
    row = Certificate.objects.filter(replaces=certificate).values().get()
    row |= {"id": None, "sequence": 9, "number": "X", "code": "X", "token": "X"}
    for changes in ({}, {"replaces_id": None, "correction_reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.create(**{**row, **changes, "id": "00000000-0000-0000-0000-000000000009"})


def test_the_page_shows_both_civil_statuses_and_the_form_sent_twice_delivers_one(certificate) -> None:
    renamed(certificate, "Zélie")
    client = client_of(scenes.a_manager())
    address = reverse("juries:rectify", args=[certificate.pk])
    page = read(client.get(address))
    assert "Léa GARNIER" in page
    assert "Zélie GARNIER" in page
    sent = {"reason": REASON, "operation": operation_in(page)}
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.url == second.url
    assert Certificate.objects.count() == 2
    assert "Remplacé le" in read(client.get(reverse("juries:certificate", args=[certificate.pk])))
    refused = read(client.post(address, {"reason": "Encore.", "operation": operation_in(read(client.get(address)))}))
    assert "déjà remplacé" in refused
    assert "Encore." in refused


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_rectificatifs_are_one(self) -> None:
        certificate = a_parchemin()
        renamed(certificate)
        outcomes = at_once(*[partial(rectify, certificate)] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert Certificate.objects.count() == 2
