"""R-JUR-7: who delivers a certification, and where, is written once by an administrateur."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from core.exceptions import InvalidInput, Stale
from core.models import JournalEntry
from juries.models import Delivery
from juries.services.delivering import delivery_values, set_delivery
from referentiel.nodes import seen_as
from tests.accounts.factories import UserFactory
from tests.candidates.visits import logged_in, read
from tests.juries.deliveries import MENTIONS
from tests.referentiel.factories import build_certification

pytestmark = pytest.mark.django_db


@pytest.fixture
def certification():
    return build_certification(title="Expert en essais")


@pytest.fixture
def administrateur(client):
    return logged_in(client, Role.ADMINISTRATEUR)


def address(certification) -> str:
    return reverse("juries:delivery", args=[certification.pk])


def test_the_list_says_which_certifications_lack_it(client, administrateur, certification):
    other = build_certification(title="Autre titre")
    set_delivery(other, values=MENTIONS, by=administrateur, seen=seen_as(delivery_values(other)))
    page = read(client.get(reverse("juries:deliveries")))
    assert page.count("À remplir") == 1
    assert MENTIONS["signatory"] in page
    assert "Rien ne peut encore être délivré" in read(client.get(address(certification)))


def test_it_is_written_from_its_page_and_journaled(client, administrateur, certification):
    page = client.get(address(certification))
    seen = page.context["seen"]
    answer = client.post(address(certification), {**MENTIONS, "seen": seen}, follow=True)
    assert "Mentions enregistrées." in read(answer)
    assert Delivery.objects.get().legal_name == MENTIONS["legal_name"]
    entry = JournalEntry.objects.get(verb="delivery.changed")
    assert entry.actor == administrateur
    assert entry.data["after"] == MENTIONS


def test_the_same_form_sent_twice_writes_once(client, administrateur, certification):
    seen = client.get(address(certification)).context["seen"]
    for _ in range(2):
        client.post(address(certification), {**MENTIONS, "seen": seen})
    assert JournalEntry.objects.filter(verb="delivery.changed").count() == 1


def test_what_somebody_wrote_meanwhile_is_not_overwritten(client, administrateur, certification):
    seen = client.get(address(certification)).context["seen"]
    set_delivery(certification, values=MENTIONS, by=UserFactory(roles=[Role.ADMINISTRATEUR]), seen=seen)
    answer = client.post(address(certification), {**MENTIONS, "place": "Lyon", "seen": seen})
    assert "Quelqu’un a modifié ces mentions" in read(answer)
    assert 'value="Lyon"' in answer.content.decode()  # what was typed is still there
    assert Delivery.objects.get().place == MENTIONS["place"]
    with pytest.raises(Stale):
        set_delivery(certification, values={**MENTIONS, "place": "Lyon"}, by=administrateur, seen=seen)


def test_a_mention_left_empty_is_asked_for(client, administrateur, certification):
    answer = client.post(address(certification), {**MENTIONS, "signatory": "   "})
    assert answer.status_code == 200
    assert "Ce champ est obligatoire" in read(answer)
    with pytest.raises(InvalidInput, match="quatre mentions"):
        set_delivery(certification, values={**MENTIONS, "signatory": " "}, by=administrateur, seen="")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_costs_the_same_for_three(client, administrateur, items, django_assert_num_queries):
    for _ in range(items):
        one = build_certification()
        set_delivery(one, values=MENTIONS, by=administrateur, seen=seen_as(delivery_values(one)))
    with django_assert_num_queries(4):
        client.get(reverse("juries:deliveries"))
