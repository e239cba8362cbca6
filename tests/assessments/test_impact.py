"""R-REF-2, R-CAN-1: before publication, what a version means for those who are on the earlier ones."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from assessments.queries.impact import impact_of
from assessments.queries.recognitions import recognitions_page
from referentiel.models import Critere, Referentiel
from referentiel.queries.tree import with_tree
from referentiel.services.equivalences import declare_equivalences
from referentiel.services.versions import clone_to_draft
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[role]), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def first(db: None) -> Referentiel:
    return build_referentiel(blocs=3)


@pytest.fixture
def draft(first: Referentiel) -> Referentiel:
    """Bloc 1 as it was and declared, bloc 2 reworded, bloc 3 gone."""
    by = UserFactory(roles=[Role.ADMINISTRATEUR])
    clone = clone_to_draft(Referentiel.objects.get(pk=first.pk), by=by)
    Critere.objects.filter(referentiel=clone, competence__code="C2.1.1", number=1).update(text="Autre")
    clone.blocs.get(number=3).delete()
    wanted = [(clone.blocs.get(number=1).pk, first.blocs.get(number=1).pk)]
    declare_equivalences(clone, wanted=wanted, by=by)
    return clone


def of(referentiel: Referentiel) -> Any:
    return impact_of(with_tree(Referentiel.objects.all()).get(pk=referentiel.pk))


def bloc(referentiel: Referentiel, number: int) -> Any:
    return referentiel.competences.filter(activite__bloc__number=number)


def test_those_in_flight_and_those_who_are_done_are_counted_apart(first: Referentiel, draft: Referentiel) -> None:
    begun = scenes.an_enrolment(first)
    scenes.pass_soutenance(begun, bloc(first, 1))
    scenes.a_soutenance(begun, competences=bloc(first, 2))
    scenes.pass_soutenance(scenes.an_enrolment(first))
    one_bloc = scenes.an_enrolment(first)
    one_bloc.blocs.set([first.blocs.get(number=2)])
    scenes.pass_soutenance(one_bloc, bloc(first, 2))

    (impact,) = of(draft)

    assert (impact.version, impact.in_flight, impact.complete, impact.soutenances) == (first, 1, 2, 1)
    assert [row.holders for row in impact.blocs] == [2, 2, 1]


def test_each_bloc_is_recognised_or_says_why_not(first: Referentiel, draft: Referentiel) -> None:
    (impact,) = of(draft)

    told = [(row.bloc.number, row.recognised_as, row.differs) for row in impact.blocs]
    assert told == [(1, (1,), ()), (2, (), ("C2.1.1 est reformulée (CE1)",)), (3, (), None)]


def test_a_version_without_predecessor_concerns_nobody() -> None:
    assert of(build_referentiel(published=False)) == []


def test_the_page_tells_it_and_the_page_of_publication_asks_for_it(first: Referentiel, draft: Referentiel) -> None:
    scenes.an_enrolment(first)
    url, client = reverse("assessments:impact", args=[draft.pk]), client_of(Role.ADMINISTRATEUR)

    page = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "<strong>1</strong> candidat en cours" in page
    assert "C2.1.1 est reformulée (CE1)" in part
    assert "<html" not in part
    assert url in client.get(reverse("referentiel:publish", args=[draft.pk])).content.decode()


def test_the_impact_is_one_link_away_from_where_a_version_is_prepared(first: Referentiel, draft: Referentiel) -> None:
    link = f'href="{reverse("assessments:impact", args=[draft.pk])}"'
    pages = [
        reverse("referentiel:edit", args=[draft.pk]),
        reverse("referentiel:detail", args=[draft.pk]),
        reverse("referentiel:differences", args=[draft.pk, first.pk]),
        reverse("referentiel:differences", args=[first.pk, draft.pk]),
    ]
    client = client_of(Role.ADMINISTRATEUR)
    assert [link in client.get(page).content.decode() for page in pages] == [True] * 4


def test_who_may_not_read_the_impact_is_not_led_to_it(first: Referentiel, draft: Referentiel) -> None:
    publish(draft)
    client = client_of(Role.EVALUATEUR)
    for page in ("detail", "differences"):
        ids = [draft.pk] if page == "detail" else [draft.pk, first.pk]
        answer = client.get(reverse(f"referentiel:{page}", args=ids))
        assert answer.status_code == 200
        assert reverse("assessments:impact", args=[draft.pk]) not in answer.content.decode()


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_costs_the_same_whatever_the_versions_and_the_candidates(
    items: int, django_assert_num_queries: Any
) -> None:
    by, last = UserFactory(roles=[Role.ADMINISTRATEUR]), build_referentiel()
    for _ in range(items):
        scenes.pass_soutenance(scenes.an_enrolment(last))
        publish(last := clone_to_draft(Referentiel.objects.get(pk=last.pk), by=by))
    draft = clone_to_draft(Referentiel.objects.get(pk=last.pk), by=by)
    client = client_of(Role.ADMINISTRATEUR)

    with django_assert_num_queries(22):
        client.get(reverse("assessments:impact", args=[draft.pk]))


def test_the_file_of_a_candidate_shows_what_is_recognised_and_would_be(first: Referentiel, draft: Referentiel) -> None:
    before = scenes.an_enrolment(first)
    scenes.pass_soutenance(before, bloc(first, 1))
    publish(draft)
    url, client = reverse("assessments:recognitions", args=[before.candidate_id]), client_of(Role.GESTIONNAIRE)

    foreseen = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert url in client.get(reverse("candidates:enrol", args=[before.candidate_id])).content.decode()
    scenes.an_enrolment(draft, before.candidate)
    held = client.get(url).content.decode()

    assert "Une inscription reconnaîtrait" in foreseen
    assert f"dossier {before.number}" in held
    assert "reconnaîtrait" not in held
    assert url in client.get(reverse("candidates:detail", args=[before.candidate_id])).content.decode()


def test_the_recognitions_of_a_candidate_cost_two_queries(
    first: Referentiel, draft: Referentiel, django_assert_num_queries: Any
) -> None:
    before = scenes.an_enrolment(first)
    scenes.pass_soutenance(before, bloc(first, 1))
    publish(draft)

    with django_assert_num_queries(2):
        assert recognitions_page(before.candidate).foreseen
    scenes.an_enrolment(draft, before.candidate)
    with django_assert_num_queries(2):
        assert recognitions_page(before.candidate).held
