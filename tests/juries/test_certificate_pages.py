"""R-JUR-7: the lists of what was delivered, and the PDF, served to whom it concerns."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from core import files, jobs
from juries.enums import Outcome
from juries.models import Certificate
from juries.services.revoking import revoke_certificate
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.candidates.visits import read
from tests.juries.deliveries import a_parchemin, published, ready_to_deliver, several
from tests.juries.sittings import decide
from tests.juries.test_page_costs import ROLES, SESSION_AND_USER

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return client_of(scenes.a_manager())


def test_the_list_is_searched_by_number_or_name_without_accents_and_filtered_by_state(manager):
    session = published(*(several(1, blocs=2)), outcomes=[Outcome.PARTIAL])
    other = a_parchemin()
    revoke_certificate(other, reason="Erreur.", by=scenes.a_manager())
    first, second = session.decisions.get().certificates.order_by("bloc_number")

    def found(**wanted: str) -> set[str]:
        page = manager.get(reverse("juries:certificates"), wanted).context["page"]
        return {one.number for one in page}

    assert found() == {first.number, second.number, other.number}
    assert found(q=first.number.lower()) == {first.number}
    assert found(q="cándidat0") == {first.number, second.number}
    assert found(etat="revoque") == {other.number}
    assert found(etat="valable") == {first.number, second.number}
    assert found(q="rien") == set()
    assert "Aucun certificat ne répond" in read(manager.get(reverse("juries:certificates"), {"q": "rien"}))


def test_the_export_is_the_list_as_narrowed_and_no_cell_is_a_formula(manager):
    certificate = a_parchemin()
    a_parchemin()
    revoke_certificate(certificate, reason="=HYPERLINK(1)", by=scenes.a_manager())
    answer = manager.get(reverse("juries:certificates_export"), {"etat": "revoque"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Numéro"] for row in rows] == [certificate.number]
    assert rows[0]["Motif de révocation"] == "'=HYPERLINK(1)"
    assert rows[0]["État"] == "Révoqué"
    assert answer.headers["Cache-Control"] == "no-store"
    assert certificate.code not in answer.content.decode()


def test_the_holder_sees_and_downloads_their_own_and_nobody_else_s():
    certificate, other = a_parchemin(), a_parchemin()
    enrolment = certificate.decision.enrolment
    holder = client_of(enrolment.candidate.user)
    page = read(holder.get(reverse("juries:enrolment_certificates", args=[enrolment.pk])))
    address = reverse("juries:certificate_pdf", args=[certificate.pk])
    answer = holder.get(address)
    assert address in page
    assert answer.content == files.read(certificate.pdf)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{certificate.number}.pdf"'
    assert holder.get(reverse("juries:certificate_pdf", args=[other.pk])).status_code == 404
    elsewhere = reverse("juries:enrolment_certificates", args=[other.decision.enrolment_id])
    assert holder.get(elsewhere).status_code == 404
    assert "juries" not in str(holder.get(reverse("juries:certificates")).status_code)


def test_before_its_pdf_is_printed_it_is_told_to_be_in_preparation(manager):
    session = published(scenes.a_certifiable_enrolment())
    certificate = Certificate.objects.get()
    enrolment = certificate.decision.enrolment
    own = client_of(enrolment.candidate.user).get(reverse("juries:enrolment_certificates", args=[enrolment.pk]))
    assert "En préparation" in read(own)
    assert "PDF en préparation" in read(manager.get(reverse("juries:session_certificates", args=[session.pk])))
    assert manager.get(reverse("juries:certificate_pdf", args=[certificate.pk])).status_code == 404


def test_a_session_published_before_the_mentions_were_written_delivers_from_its_page(manager):
    session = published(scenes.a_certifiable_enrolment(), ready=False)
    address = reverse("juries:session_certificates", args=[session.pk])
    button = reverse("juries:issue", args=[session.pk])
    assert address in manager.get(reverse("juries:session", args=[session.pk])).content.decode()
    page = read(manager.get(address))
    assert "1 certificat à délivrer" in page
    assert "La délivrance n’est pas remplie" in page
    assert button not in page
    assert "« Délivrance »" in read(manager.post(button, follow=True)).replace("«", "« ").replace("  ", " ")

    ready_to_deliver(session.referentiel)
    assert button in read(manager.get(address))
    assert button not in read(client_of(UserFactory(roles=[Role.AUDITEUR])).get(address))
    assert "1 certificat délivré." in read(manager.post(button, follow=True))
    assert "l’est déjà" in read(manager.post(button, follow=True))
    assert Certificate.objects.count() == 1


def test_nothing_is_said_of_certificates_before_the_results_are_published(manager):
    """R-JUR-6."""
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment)
    page = read(manager.get(reverse("juries:session_certificates", args=[session.pk])))
    assert "Rien n’est délivré avant la publication" in page
    assert "à délivrer" not in page


@pytest.mark.parametrize("items", [1, 3])
class TestCosts:
    def test_the_list(self, items, manager, django_assert_num_queries):
        published(*several(items))
        with django_assert_num_queries(SESSION_AND_USER + ROLES + 2):
            manager.get(reverse("juries:certificates"))

    def test_a_session(self, items, manager, django_assert_num_queries):
        session = published(*several(items))
        with django_assert_num_queries(SESSION_AND_USER + ROLES + 9):
            manager.get(reverse("juries:session_certificates", args=[session.pk]))

    def test_the_holder_s(self, items, django_assert_num_queries):
        (enrolment,) = several(1, blocs=items)
        published(enrolment, outcomes=[Outcome.PARTIAL])
        jobs.run_due()
        client = client_of(enrolment.candidate.user)
        with django_assert_num_queries(SESSION_AND_USER + ROLES + 5):
            client.get(reverse("juries:enrolment_certificates", args=[enrolment.pk]))
