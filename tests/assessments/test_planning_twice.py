"""Planning looks twice: what is unusual is told, then confirmed (R-SCO-1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Soutenance
from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core.models import JournalEntry
from tests import scenes
from tests.assessments.http import client_of
from tests.assessments.reading import at_work, read

pytestmark = pytest.mark.django_db


class TestPlanningLooksTwice:
    def form(self, soutenance: Soutenance, **changes: object) -> dict[str, object]:
        return {
            "evaluateur": str(soutenance.evaluateur_id),
            "starts_at": timezone.localtime(soutenance.starts_at).strftime("%Y-%m-%dT%H:%M"),
            "competences": [str(one.pk) for one in soutenance.competences.all()],
            "title": "Projet",
            "place": "Salle 2",
            **changes,
        }

    @pytest.fixture
    def planned(self) -> Soutenance:
        tomorrow = (timezone.localtime() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        return scenes.a_soutenance(starts_at=tomorrow)

    def test_an_overlap_is_told_and_planned_all_the_same_once_confirmed(self, planned: Soutenance) -> None:
        other = scenes.an_enrolment(planned.enrolment.referentiel)
        client, address = client_of(scenes.a_manager()), reverse("assessments:plan", args=[other.pk])
        start = (timezone.localtime(planned.starts_at) + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M")
        data = self.form(planned, starts_at=start)

        page = client.post(address, data)

        doubt = page.context["doubt"]
        (concern,) = doubt.concerns
        assert concern.startswith(f"{planned.evaluateur} évalue déjà {planned.enrolment.candidate} le ")
        assert "Planifier malgré tout" in page.content.decode()
        assert Soutenance.objects.count() == 1
        client.post(address, {**data, "despite": "une autre clé"})
        assert Soutenance.objects.count() == 1
        client.post(address, {**data, "despite": doubt.key})
        assert Soutenance.objects.count() == 2
        assert JournalEntry.objects.filter(verb="soutenance.planned").latest("sequence").data["despite"] == [concern]

    def test_slots_that_follow_each_other_do_not_overlap(self, planned: Soutenance) -> None:
        other = scenes.an_enrolment(planned.enrolment.referentiel)
        start = (timezone.localtime(planned.starts_at) + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
        address = reverse("assessments:plan", args=[other.pk])
        client_of(scenes.a_manager()).post(address, self.form(planned, starts_at=start))
        assert Soutenance.objects.count() == 2

    def test_what_is_already_acquired_is_marked_and_asked_about(self) -> None:
        enrolment = scenes.an_enrolment()
        done = scenes.pass_soutenance(enrolment).soutenance
        client, address = client_of(scenes.a_manager()), reverse("assessments:plan", args=[enrolment.pk])
        assert "Déjà acquise" in client.get(address).content.decode()
        start = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        page = client.post(address, self.form(done, starts_at=start))
        assert "C1.1.1 est déjà acquise" in page.context["doubt"].concerns[0]

    def test_a_planned_soutenance_is_changed_and_told(self, planned: Soutenance) -> None:
        client, address = client_of(scenes.a_manager()), reverse("assessments:change", args=[planned.pk])
        second = scenes.an_evaluateur()
        client.post(address, self.form(planned, second_evaluateur=str(second.pk)))
        planned.refresh_from_db()
        assert (planned.place, planned.second_evaluateur) == ("Salle 2", second)
        assert planned.grilles.count() == 2
        entry = JournalEntry.objects.get(verb="soutenance.changed")
        assert (entry.data["before"]["second_evaluateur"], entry.data["after"]["place"]) == (None, "Salle 2")

        client.post(address, self.form(planned, evaluateur=str(second.pk)))
        assert [one.evaluateur for one in planned.grilles.all()] == [second]
        for _ in range(20):
            client.post(address, self.form(planned, evaluateur=str(second.pk)))
        assert JournalEntry.objects.filter(verb="soutenance.changed").count() == 2

    def test_a_running_one_is_not(self) -> None:
        soutenance, grille = at_work()
        scenes.mark_all(grille)
        client = client_of(scenes.a_manager())
        answer = client.post(reverse("assessments:change", args=[soutenance.pk]), self.form(soutenance), follow=True)
        assert "elle ne change plus" in answer.content.decode()
        assert not JournalEntry.objects.filter(verb="soutenance.changed").exists()

    def test_a_link_declared_afterwards_flags_the_evaluateur_to_replace(self, planned: Soutenance) -> None:
        """R-SCO-10."""
        client = client_of(scenes.a_manager())
        assert "Évaluateur à remplacer" not in read(client, "planning")
        declare_link(planned.enrolment.candidate, user=planned.evaluateur, kind=LinkKind.TRAINED, by=scenes.a_manager())
        assert "Évaluateur à remplacer" in read(client, "planning")
        assert "Évaluateur à remplacer" in read(client, "soutenance", planned.pk)
