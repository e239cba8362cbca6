"""The pages that plan a soutenance and say it does not take place (R-SCO-1, R-SCO-10)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.forms import PlanForm
from assessments.models import Soutenance
from candidates.enums import LinkKind
from candidates.services.enrolling import declare_link
from core.models import JournalEntry
from tests import scenes
from tests.assessments.deeds import leave, nothing_planned, plan, soutenance_in
from tests.assessments.http import client_of


@pytest.mark.django_db
class TestThePages:
    """What a manager types is kept when it is refused, and told in words."""

    @pytest.fixture
    def manager(self):
        return client_of(scenes.a_manager())

    @pytest.fixture
    def enrolment(self):
        return scenes.an_enrolment()

    def typed(self, enrolment, **changes):
        return {
            "title": "Projet « Été »",
            "place": "Salle 3",
            "evaluateur": scenes.an_evaluateur().pk,
            "starts_at": (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
            "competences": [one.pk for one in enrolment.referentiel.competences.all()],
            **changes,
        }

    def test_a_soutenance_is_planned_from_the_page(self, manager, enrolment):
        answer = manager.post(reverse("assessments:plan", args=[enrolment.pk]), self.typed(enrolment), follow=True)
        assert "planifiée" in answer.content.decode()
        assert Soutenance.objects.get().title == "Projet « Été »"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"starts_at": "2020-01-01T10:00"}, "Cette date est passée"),
            ({"starts_at": "9999-12-31T23:59"}, "trop lointaine"),
            ({"starts_at": "0001-01-01T00:00"}, "Cette date est passée"),
            ({"starts_at": "demain"}, "valide"),
            ({"competences": []}, "obligatoire"),
            ({"evaluateur": ""}, "obligatoire"),
            ({"evaluateur": "pas-un-uuid"}, "valide"),
            ({"competences": ["999999"]}, "choix"),
        ],
    )
    def test_what_is_refused_is_said_and_what_was_typed_is_kept(self, manager, enrolment, changes, said):
        answer = manager.post(reverse("assessments:plan", args=[enrolment.pk]), self.typed(enrolment, **changes))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert said in page
        assert "Projet « Été »" in page
        assert "Salle 3" in page
        assert nothing_planned()

    def test_an_unlawful_assignment_is_said_and_what_was_typed_is_kept(self, manager, enrolment):
        """R-SCO-10."""
        evaluateur = scenes.an_evaluateur()
        declare_link(enrolment.candidate, user=evaluateur, kind=LinkKind.TRAINED, by=scenes.a_manager())
        typed = self.typed(enrolment, evaluateur=evaluateur.pk)
        page = manager.post(reverse("assessments:plan", args=[enrolment.pk]), typed).content.decode()
        assert "lien déclaré" in page
        assert "Projet « Été »" in page
        assert nothing_planned()

    def test_the_page_offers_what_was_missed_for_replacement(self, manager, enrolment):
        assert "replaces" not in PlanForm(enrolment=enrolment).fields
        missed = plan(enrolment)
        leave(missed, SoutenanceState.EXCUSED)
        address = reverse("assessments:plan", args=[enrolment.pk])
        assert "absence excusée" in manager.get(address).content.decode()

        manager.post(address, self.typed(enrolment, replaces=missed.pk))

        missed.refresh_from_db()
        assert missed.replaced_by.state == SoutenanceState.PLANNED

    def test_leaving_asks_what_happened_and_why(self, manager):
        soutenance = scenes.a_soutenance()
        address = reverse("assessments:leave", args=[soutenance.pk])
        page = manager.post(address, {"to": "absent", "reason": ""}).content.decode()
        assert "obligatoire" in page
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.PLANNED

        manager.post(address, {"to": "absent", "reason": "Ne s’est pas présenté."})
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.ABSENT

    def test_a_tab_left_open_is_told_what_has_become_of_the_soutenance(self, manager):
        soutenance = soutenance_in(SoutenanceState.EXCUSED)
        address = reverse("assessments:leave", args=[soutenance.pk])
        answer = manager.post(address, {"to": "absent", "reason": "Ne s’est pas présenté."}, follow=True)
        assert answer.status_code == 200
        assert "est déjà absence excusée" in answer.content.decode()
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.EXCUSED

    def test_a_tab_opened_before_the_first_mark_does_not_cancel_what_began(self, manager):
        soutenance = soutenance_in(SoutenanceState.RUNNING)
        address = reverse("assessments:leave", args=[soutenance.pk])
        page = manager.post(address, {"to": "cancelled", "reason": "Grève"}).content.decode()
        assert "choix" in page
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.RUNNING

    def test_opening_pages_writes_nothing(self, manager):
        """R-SCO-5."""
        soutenance = scenes.a_soutenance()
        before = (JournalEntry.objects.count(), Soutenance.objects.values().get())
        evaluateur = client_of(soutenance.evaluateur)
        for client, name, argument in (
            (manager, "plan", soutenance.enrolment_id),
            (manager, "leave", soutenance.pk),
            (evaluateur, "grille", soutenance.pk),
            (evaluateur, "review", soutenance.pk),
        ):
            assert client.get(reverse(f"assessments:{name}", args=[argument])).status_code == 200
        assert (JournalEntry.objects.count(), Soutenance.objects.values().get()) == before


@pytest.mark.django_db
def test_an_identifier_no_database_can_hold_is_a_wrong_choice() -> None:
    form = PlanForm({"competences": ["9" * 40]}, enrolment=scenes.an_enrolment())
    assert "competences" in form.errors
