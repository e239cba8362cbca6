"""R-JUR-6: each decision has its motivated letter, drafted at the closing, edited by people, then frozen."""

import io
from datetime import timedelta

import page
import pypdf
import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from candidates.services.linking import declare_link
from core.exceptions import InvalidInput, Refusal, Stale
from core.fingerprints import sha256_hex
from core.models import JournalEntry
from juries.enums import Outcome
from juries.models import Letter
from juries.services.letters import edit_letter
from juries.services.sessions import close_session, publish_session
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.sittings import decide
from tests.printed import words_of
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    """One bloc acquired, another presented without success."""
    referentiel = build_referentiel(blocs=2)
    enrolment = scenes.an_enrolment(referentiel)
    first, second = referentiel.competences.order_by("code")
    scenes.pass_soutenance(enrolment, [first])
    scenes.fail_soutenance(enrolment, [second])
    return enrolment


@pytest.fixture
def session(enrolment):
    """Closed on a partial validation, not published."""
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment, Outcome.PARTIAL)
    close_session(session, by=scenes.president_of(session))
    session.refresh_from_db()
    return session


@pytest.fixture
def letter(session) -> Letter:
    return Letter.objects.get(decision__session=session)


def address(letter: Letter, name: str = "letter") -> str:
    return reverse(f"juries:{name}", args=[letter.decision_id])


def post(letter: Letter, user, body: str, version: int = 1):
    return client_of(user).post(address(letter), {"body": body, "version": version})


class TestDrafted:
    def test_at_the_closing_with_the_words_judged_and_the_next_step(self, letter, enrolment):
        failed = enrolment.referentiel.criteres.filter(competence__code="C2.1.1").order_by("position").first()
        assert "Bloc 1 – Intitulé du bloc 1" in letter.body
        assert f"CE{failed.number}\u00a0: {failed.text}" in letter.body
        assert "> À reprendre : la démarche manque." in letter.body
        assert "Le jury l’a voulu ainsi." in letter.body
        assert "dans les 2 mois qui suivent la publication" in letter.body
        assert letter.edited_by is None

    def test_without_the_private_notes_of_the_jury(self, enrolment):
        grille = scenes.grille_of(scenes.a_soutenance(enrolment))
        scenes.mark_all(grille, failing=[grille.soutenance.competences.last().criteres.first().pk])
        grille.marks.update(private_note="NOTE-CANARI")
        scenes.submit(grille, by=grille.evaluateur)
        session = scenes.a_session(enrolment, opened=True)
        assert "NOTE-CANARI" in session.candidacies.get().enrolment.dossiers.latest("revision").content_json
        decide(session, enrolment, Outcome.ADJOURNED)
        close_session(session, by=scenes.president_of(session))

        assert "NOTE-CANARI" not in Letter.objects.get().body

    def test_not_before_the_closing_nor_when_it_is_refused(self, enrolment):
        session = scenes.a_session(enrolment, scenes.an_enrolment(enrolment.referentiel), opened=True)
        decide(session, enrolment, Outcome.PARTIAL)
        with pytest.raises(Refusal):
            close_session(session, by=scenes.president_of(session))

        assert not Letter.objects.exists()

    def test_at_the_publication_when_the_session_was_closed_before_letters_existed(self, session, letter):
        letter.delete()
        publish_session(session, by=scenes.president_of(session))

        assert Letter.objects.get().body == letter.body


class TestEdited:
    def test_by_the_president_or_a_manager(self, session, letter):
        for version, user in enumerate((scenes.president_of(session), scenes.a_manager()), start=1):
            assert post(letter, user, f"Texte {version}", version).status_code == 302
            letter.refresh_from_db()
            assert (letter.body, letter.version, letter.edited_by) == (f"Texte {version}", version + 1, user)

    def test_by_nobody_else(self, session, letter, enrolment):
        member = session.members.get(is_president=False).user
        for user in (member, enrolment.candidate.user, UserFactory(roles=[Role.JURY])):
            assert client_of(user).get(address(letter)).status_code == 404
            assert post(letter, user, "Autre").status_code == 404
        auditeur = UserFactory(roles=[Role.AUDITEUR])
        assert client_of(auditeur).get(address(letter)).status_code == 200
        assert post(letter, auditeur, "Autre").status_code == 404

    def test_not_by_a_president_who_is_linked_to_the_candidate_since(self, session, letter, enrolment):
        """R-JUR-2."""
        president = scenes.president_of(session)
        declare_link(enrolment.candidate, user=president, kind="trained", by=scenes.a_manager())

        assert client_of(president).get(address(letter)).status_code == 404
        assert post(letter, president, "Autre").status_code == 404

    def test_a_stale_edit_shows_both_texts_and_loses_neither(self, letter):
        """R-SCO-4."""
        first, second = scenes.a_manager(), scenes.a_manager()
        post(letter, first, "Le texte du premier.")

        answer = post(letter, second, "Le texte du second.")

        assert answer.status_code == 412
        page_ = answer.content.decode()
        assert "Le texte du premier." in page_
        assert "Le texte du second." in page_
        assert str(first) in page_
        letter.refresh_from_db()
        assert letter.body == "Le texte du premier."
        assert 'name="version" value="2"' in page_
        assert post(letter, second, "Les deux.", 2).status_code == 302

    @pytest.mark.parametrize("version", ["", "x", "0", "99999999999999999999"])
    def test_a_version_that_is_none_is_refused_with_the_text_kept(self, letter, version):
        answer = post(letter, scenes.a_manager(), "Un texte que je garde.", version)

        assert answer.status_code == 422
        assert "Un texte que je garde." in answer.content.decode()

    @pytest.mark.parametrize("body", ["", "  \n ", "x" * 20_001])
    def test_neither_empty_nor_endless(self, letter, body):
        assert post(letter, scenes.a_manager(), body).status_code == 422
        with pytest.raises(InvalidInput):
            edit_letter(letter, body=body, from_version=1, by=scenes.a_manager())

    def test_the_same_text_changes_nothing(self, letter):
        edit_letter(letter, body=letter.body, from_version=1, by=scenes.a_manager())

        letter.refresh_from_db()
        assert (letter.version, letter.edited_by) == (1, None)

    def test_the_journal_knows_who_and_keeps_no_word(self, letter):
        """R-ALL-4."""
        by = scenes.a_manager()
        edit_letter(letter, body="Un texte confidentiel.", from_version=1, by=by)

        entry = JournalEntry.objects.get(verb="letter.edited")
        assert (entry.actor, entry.data["sha256"]) == (by, sha256_hex("Un texte confidentiel."))
        assert not JournalEntry.objects.filter(data__icontains="confidentiel").exists()

    def test_two_edits_of_one_version_are_one(self, letter):
        edit_letter(letter, body="Un", from_version=1, by=scenes.a_manager())
        with pytest.raises(Stale):
            edit_letter(letter, body="Deux", from_version=1, by=scenes.a_manager())


class TestPublished:
    @pytest.fixture(autouse=True)
    def _publish(self, session, letter):
        publish_session(session, by=scenes.president_of(session))

    def test_it_is_frozen_for_people(self, letter):
        with pytest.raises(Refusal, match="celle que le candidat a reçue"):
            edit_letter(letter, body="Autre", from_version=1, by=scenes.a_manager())

    def test_what_was_being_typed_is_shown_again(self, letter):
        answer = post(letter, scenes.a_manager(), "Ce que j’écrivais.")

        assert answer.status_code == 422
        assert "Ce que j’écrivais." in answer.content.decode()

    def test_it_is_frozen_in_the_database(self, letter):
        for write in (lambda: Letter.objects.update(body="Autre"), lambda: Letter.objects.all().delete()):
            with pytest.raises(DatabaseError, match="celle que le candidat a reçue"), transaction.atomic():
                write()

    def test_the_candidate_reads_it_with_the_result(self, letter, enrolment):
        client = client_of(enrolment.candidate.user)
        result = client.get(reverse("juries:result", args=[enrolment.pk])).content.decode()
        assert "La lettre du jury" in result
        assert "À reprendre : la démarche manque." in result
        assert "Intitulé du bloc 1" in result
        assert client.get(address(letter)).status_code == 404
        assert client.get(address(letter, "letter_pdf")).status_code == 200

    def test_another_candidate_does_not(self, letter):
        stranger = client_of(scenes.a_candidate("Autre").user)
        assert stranger.get(address(letter, "letter_pdf")).status_code == 404

    def test_the_pdf_is_tagged_and_says_the_last_day_of_appeal(self, letter, enrolment):
        pdf = client_of(enrolment.candidate.user).get(address(letter, "letter_pdf")).content
        assert [failure.message for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures] == []
        words = words_of(pdf)
        assert enrolment.candidate.full_name in words
        assert "À reprendre : la démarche manque." in words.replace("\u00a0", " ")
        assert "Dernier jour pour déposer un recours" in words
        assert pypdf.PdfReader(io.BytesIO(pdf)).root_object["/Lang"] == "fr"

    def test_the_same_letter_is_the_same_bytes(self, letter):
        client = client_of(scenes.a_manager())
        first = client.get(address(letter, "letter_pdf")).content
        with time_machine.travel(timezone.now() + timedelta(days=9)):
            assert client_of(scenes.a_manager()).get(address(letter, "letter_pdf")).content == first


def test_before_publication_the_candidate_reads_nothing_of_it(letter, enrolment):
    client = client_of(enrolment.candidate.user)
    for name in ("letter", "letter_pdf"):
        assert client.get(address(letter, name)).status_code == 404
    assert "La lettre du jury" not in client.get(reverse("juries:result", args=[enrolment.pk])).content.decode()


def test_before_publication_the_pdf_says_it_is_a_draft(letter):
    pdf = client_of(scenes.a_manager()).get(address(letter, "letter_pdf")).content
    assert "Projet – les résultats ne sont pas publiés" in words_of(pdf)
    assert [failure.message for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures] == []


def test_the_list_of_letters_says_which_were_edited(session, letter):
    manager = client_of(scenes.a_manager())
    listed = reverse("juries:letters", args=[session.pk])
    assert "Telle que rédigée" in manager.get(listed).content.decode()
    post(letter, scenes.president_of(session), "Un autre texte.")
    assert f"par {scenes.president_of(session)}" in manager.get(listed).content.decode()
