"""The pages of those who plan and follow soutenances: one, the day's, and what ends one (R-SCO-1, R-SCO-8, R-SCO-9)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.enums import SoutenanceState
from assessments.models import Grille, Reopening, Settlement, Soutenance
from assessments.queries.concertation import differences_of
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from core.models import JournalEntry
from tests import scenes
from tests.assessments.http import client_of
from tests.assessments.reading import at_work, read
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
FRAME = 3  # session, person, roles


class TestReopeningOnScreen:
    def give_back(self, grille: Grille, **changes: object) -> object:
        grille = Grille.objects.get(pk=grille.pk)
        submission = grille.submitted_at.isoformat() if grille.submitted_at else self.submission
        address = reverse("assessments:give_back", args=[grille.soutenance_id, grille.pk])
        return {"path": address, "data": {"submission": submission, "reason": "Erreur de saisie.", **changes}}

    def test_twenty_identical_posts_reopen_once(self) -> None:
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        client, form = client_of(scenes.a_manager()), self.give_back(grille)

        answers = [client.post(**form, follow=True).content.decode() for _ in range(20)]

        assert Reopening.objects.count() == JournalEntry.objects.filter(verb="grille.reopened").count() == 1
        assert "Grille rouverte" in answers[0]
        assert all("rien n’a été fait une seconde fois" in answer for answer in answers[1:])

    def test_the_evaluateur_reads_why_on_the_grille_and_in_their_list(self) -> None:
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        client_of(scenes.a_manager()).post(**self.give_back(grille, reason="Le CE2 est à revoir."))
        client = client_of(grille.evaluateur)
        assert "Le CE2 est à revoir." in read(client, "grille", grille.soutenance_id)
        assert "Le CE2 est à revoir." in read(client, "soutenances")

        submit(scenes.grille_of(Soutenance.objects.get(pk=grille.soutenance_id)), by=grille.evaluateur)

        assert "Le CE2 est à revoir." not in read(client, "soutenances")

    def test_the_page_of_the_soutenance_tells_it(self) -> None:
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        client = client_of(scenes.a_manager())
        assert "Rouvrir" in read(client, "soutenance", grille.soutenance_id)
        client.post(**self.give_back(grille, reason="Le CE2 est à revoir."))
        page = read(client, "soutenance", grille.soutenance_id)
        assert "Le CE2 est à revoir." in page
        assert "Pas encore soumise" in page

    def test_without_a_reason_the_form_says_so(self) -> None:
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        answer = client_of(scenes.a_manager()).post(**self.give_back(grille, reason=" "))
        assert "error-summary" in answer.content.decode()
        assert not Reopening.objects.exists()


class TestOutcomes:
    @pytest.mark.parametrize("state", ["absent", "excused", "cancelled"])
    def test_the_candidate_reads_kind_words_and_the_next_step(self, state: str) -> None:
        """R-SCO-1: none of them is a failure."""
        soutenance = scenes.a_soutenance()
        leave_soutenance(soutenance, to=SoutenanceState(state), reason="Motif interne.", by=scenes.a_manager())
        page = read(client_of(soutenance.enrolment.candidate.user), "enrolment_progress", soutenance.enrolment_id)
        assert "nouvelle date" in page
        assert "rien n’a été jugé" in page
        assert "Motif interne." not in page
        told = client_of(soutenance.enrolment.candidate.user).get(
            reverse("api:soutenance-detail", args=[soutenance.pk])
        )
        assert "nouvelle date" in told.json()["outcome"]
        assert told.json()["second_evaluateur"] is None

    def test_an_evaluateur_tells_that_nobody_came_and_nothing_more(self) -> None:
        soutenance, grille = at_work()
        client, address = client_of(grille.evaluateur), reverse("assessments:leave", args=[soutenance.pk])
        client.post(address, {"to": "cancelled", "reason": "Je préfère."})
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.PLANNED

        client.post(address, {"to": "absent", "reason": "Attendu trente minutes."})

        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.ABSENT
        entry = JournalEntry.objects.get(verb="soutenance.left")
        assert (entry.actor, entry.reason) == (grille.evaluateur, "Attendu trente minutes.")

    def test_the_second_evaluateur_may_interrupt_it_and_its_marks_stay_readable(self) -> None:
        second = scenes.an_evaluateur()
        soutenance, grille = at_work(second_evaluateur=second)
        scenes.mark_all(grille)
        client = client_of(second)
        client.post(reverse("assessments:leave", args=[soutenance.pk]), {"to": "interrupted", "reason": "Panne."})
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.INTERRUPTED
        assert "À reprendre" not in read(client_of(grille.evaluateur), "grille", soutenance.pk)
        assert "repart d’une grille vierge" in read(client_of(grille.evaluateur), "grille", soutenance.pk)
        assert soutenance.get_state_display() == "Interrompue (incident technique)"
        assert reverse("assessments:grille", args=[soutenance.pk]) in read(client_of(second), "soutenances")

    def test_a_stranger_among_evaluateurs_may_not(self) -> None:
        soutenance = scenes.a_soutenance()
        address = reverse("assessments:leave", args=[soutenance.pk])
        assert client_of(scenes.an_evaluateur()).post(address, {"to": "absent", "reason": "x"}).status_code == 404

    def test_the_replacement_starts_from_what_was_missed_and_both_are_linked(self) -> None:
        soutenance = scenes.a_soutenance()
        leave_soutenance(soutenance, to=SoutenanceState.EXCUSED, reason="Grippe.", by=scenes.a_manager())
        client = client_of(scenes.a_manager())
        page = read(client, "soutenance", soutenance.pk)
        link = f"{reverse('assessments:plan', args=[soutenance.enrolment_id])}?remplace={soutenance.pk}"
        assert link in page
        form = client.get(link).context["form"]
        assert list(form["competences"].value()) == [one.pk for one in soutenance.competences.all()]
        assert form["evaluateur"].value() == soutenance.evaluateur_id

        planned = {
            "evaluateur": str(soutenance.evaluateur_id),
            "starts_at": (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
            "competences": [str(one.pk) for one in soutenance.competences.all()],
            "replaces": str(soutenance.pk),
        }
        client.post(link, planned)

        new = Soutenance.objects.get(replaces=soutenance)
        assert reverse("assessments:soutenance", args=[new.pk]) in read(client, "soutenance", soutenance.pk)
        assert reverse("assessments:soutenance", args=[soutenance.pk]) in read(client, "soutenance", new.pk)
        candidate = client_of(soutenance.enrolment.candidate.user)
        assert "Elle remplace celle du" in read(candidate, "enrolment_progress", soutenance.enrolment_id)


class TestConcertationOnScreen:
    def said(self, **changes: object) -> dict[str, object]:
        return {"verdict": "acquis", "comment": "", "reason": "Revu ensemble.", "version": 0, **changes}

    def test_settled_then_confirmed(self) -> None:
        soutenance = scenes.in_disagreement()
        (difference,) = differences_of(soutenance)
        client = client_of(soutenance.second_evaluateur)
        client.post(reverse("assessments:difference", args=[soutenance.pk, difference.critere.pk]), self.said())
        assert "Le bloc 1 sera acquis" in read(client, "concertation", soutenance.pk)
        for _ in range(20):
            client.post(reverse("assessments:confirm_agreement", args=[soutenance.pk]))
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.SUBMITTED
        assert JournalEntry.objects.filter(verb="soutenance.agreed").count() == 1
        assert "verrouillée" in read(client, "concertation", soutenance.pk)

    def test_a_stale_form_shows_what_was_written_and_keeps_what_was_typed(self) -> None:
        """R-SCO-4."""
        soutenance = scenes.in_disagreement()
        (difference,) = differences_of(soutenance)
        address = reverse("assessments:difference", args=[soutenance.pk, difference.critere.pk])
        client_of(soutenance.evaluateur).post(address, self.said())
        second = client_of(soutenance.second_evaluateur)

        page = second.post(address, self.said(verdict="non_acquis", comment="À refaire.", reason="Mon avis."))

        assert "Revu ensemble." in page.content.decode()
        assert "À refaire." in page.content.decode()
        assert page.context["form"]["version"].value() == 1
        second.post(address, self.said(verdict="non_acquis", comment="À refaire.", reason="Mon avis.", version=1))
        assert Settlement.objects.get().comment == "À refaire."

    @pytest.mark.parametrize("items", [1, 3])
    def test_its_cost(self, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        soutenance = scenes.a_soutenance(
            scenes.an_enrolment(build_referentiel(competences=items)), second_evaluateur=scenes.an_evaluateur()
        )
        firsts = {one.competence_id: one.pk for one in scenes.criteres_of(scenes.grille_of(soutenance))}
        scenes.hand_in(soutenance, soutenance.evaluateur)
        scenes.hand_in(soutenance, soutenance.second_evaluateur, failing=firsts.values())
        client = client_of(soutenance.evaluateur)
        with django_assert_num_queries(FRAME + 8):
            read(client, "concertation", soutenance.pk)
