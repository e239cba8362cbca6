"""Of two évaluateurs, each is blind to the other until both have submitted, whatever page they read (R-SCO-9)."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleGrant
from assessments.marks import MarkValue
from assessments.models import Mark, Soutenance
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from assessments.services.reopening import reopen
from tests import scenes
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db
SAID = "la démarche manque"  # in the comment of every CE that scenes judge non acquis


def read(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"assessments:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


class TestBlindness:
    """R-SCO-9: before both have submitted, nothing shows one what the other judged."""

    @pytest.fixture
    def half(self) -> Soutenance:
        """The first has judged and submitted; the second has not begun."""
        soutenance = scenes.a_soutenance(second_evaluateur=scenes.an_evaluateur())
        critere = scenes.criteres_of(scenes.grille_of(soutenance))[0]
        scenes.hand_in(soutenance, soutenance.evaluateur, failing=[critere.pk])
        soutenance.refresh_from_db()
        return soutenance

    def test_the_second_sees_an_empty_grille_and_their_own_counts(self, half: Soutenance) -> None:
        client = client_of(half.second_evaluateur)
        assert "la démarche manque" not in read(client, "grille", half.pk)
        assert client.get(reverse("api:marks", args=[half.pk])).json() == []
        (row,) = client.get(reverse("assessments:soutenances")).context["day"].today
        assert row.judged == 0
        assert "la démarche manque" not in read(client, "review", half.pk)
        assert client.get(reverse("api:soutenance-detail", args=[half.pk])).json()["state"] == "running"

    def test_there_is_no_concertation_yet(self, half: Soutenance) -> None:
        critere = scenes.criteres_of(scenes.grille_of(half))[0]
        for person in (half.evaluateur, half.second_evaluateur):
            client = client_of(person)
            for name, args in (("concertation", [half.pk]), ("difference", [half.pk, critere.pk])):
                assert client.get(reverse(f"assessments:{name}", args=args)).status_code == 404
            assert client.post(reverse("assessments:confirm_agreement", args=[half.pk])).status_code == 404

    def test_even_a_second_who_also_plans_does_not_see_how_far_the_first_is(self, half: Soutenance) -> None:
        RoleGrant.objects.create(user=half.second_evaluateur, role=Role.GESTIONNAIRE)
        client = client_of(half.second_evaluateur)
        (row,) = client.get(reverse("assessments:planning")).context["rows"]
        assert (row.judged, row.second_judged) == (None, 0)
        page = client.get(reverse("assessments:soutenance", args=[half.pk])).context["page"]
        assert [one.judged for one in page.grilles] == [None, 0]
        day = client.get(reverse("assessments:supervision")).context["day"]
        assert [one.judged for one in day.rows[0].grilles] == [None, 0]

    def test_the_candidate_sees_nothing_before_they_agree(self, half: Soutenance) -> None:
        page = read(client_of(half.enrolment.candidate.user), "enrolment_progress", half.enrolment_id)
        assert "la démarche manque" not in page

    def test_once_both_have_each_sees_both(self) -> None:
        soutenance = scenes.in_disagreement()
        for person in (soutenance.evaluateur, soutenance.second_evaluateur):
            page = read(client_of(person), "concertation", soutenance.pk)
            assert "la démarche manque" in page
            assert "À concilier" in read(client_of(person), "soutenances")


class TestBlindnessInTheJournal:
    """R-SCO-9: who also reads the journal reads there what the other said, but not before both have submitted."""

    @pytest.fixture(params=[Role.AUDITEUR, Role.ADMINISTRATEUR])
    def role(self, request: pytest.FixtureRequest) -> Role:
        return request.param

    @pytest.fixture
    def half(self) -> Soutenance:
        soutenance = scenes.a_soutenance(second_evaluateur=scenes.an_evaluateur())
        first = scenes.grille_of(soutenance)
        scenes.hand_in(soutenance, soutenance.evaluateur, failing=[criteres_of(first)[0].pk])
        soutenance.refresh_from_db()
        return soutenance

    def journal_of(self, person: object, role: Role, **filters: str) -> str:
        RoleGrant.objects.get_or_create(user=person, role=role)
        return client_of(person).get(reverse("core:journal"), filters).content.decode()

    def test_not_before_both_have_submitted(self, half: Soutenance, role: Role) -> None:
        mark = Mark.objects.filter(grille__soutenance=half).first()
        for filters in ({}, {"action": "mark.changed"}, {"objet": f"assessments.mark:{mark.pk}"}):
            journal = self.journal_of(half.second_evaluateur, role, **filters)
            assert SAID not in journal
            assert "mark.changed</a>" not in journal

    def test_nor_that_a_mark_was_said_again(self, half: Soutenance) -> None:
        first = scenes.grille_of(half)
        reopen(first, submission=first.submitted_at, reason="Erreur.", by=scenes.a_manager())
        mark = first.marks.select_related("critere").first()
        value = MarkValue(mark.verdict, mark.comment)
        change_mark(
            scenes.grille_of(half),
            critere=mark.critere,
            value=value,
            from_version=mark.version,
            operation=uuid4(),
            by=half.evaluateur,
        )
        assert "mark.repeated" in self.journal_of(scenes.an_evaluateur(), Role.AUDITEUR)
        assert "mark.repeated" not in self.journal_of(half.second_evaluateur, Role.AUDITEUR)

    def test_their_own_marks_and_those_of_other_soutenances_stay_readable(self, half: Soutenance, role: Role) -> None:
        assert SAID in self.journal_of(half.evaluateur, role)
        assert SAID in self.journal_of(scenes.an_evaluateur(), role)

    def test_once_both_have_it_is_read_like_the_rest(self, half: Soutenance, role: Role) -> None:
        scenes.hand_in(half, half.second_evaluateur)
        assert SAID in self.journal_of(half.second_evaluateur, role)

    def test_a_grille_given_back_is_hidden_again(self) -> None:
        soutenance = scenes.in_disagreement()
        second = scenes.grille_of(soutenance, soutenance.second_evaluateur)
        assert SAID in self.journal_of(soutenance.evaluateur, Role.AUDITEUR)
        reopen(second, submission=second.submitted_at, reason="Erreur.", by=scenes.a_manager())
        assert SAID not in self.journal_of(soutenance.evaluateur, Role.AUDITEUR)
