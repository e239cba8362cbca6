"""R-REF-1: a publication is asked for by one administrateur and confirmed by another, on exactly what was asked."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import RoleGrant, User
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from referentiel.enums import AskState
from referentiel.models import PublicationRequest, Referentiel
from referentiel.queries.tree import fingerprint_for
from referentiel.services.asking import ask_publication, confirm_publication, decline_publication, withdraw_request
from referentiel.services.drafts import Frozen
from referentiel.services.editing import change_node
from referentiel.services.publishing import Incomplete, publish
from referentiel.services.versions import drop_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(db: None) -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Aline", last_name="Asker")


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Omar", last_name="Other")


@pytest.fixture
def client_of() -> Any:
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


def reword(draft: Referentiel, title: str, by: User) -> None:
    bloc = draft.blocs.first()
    change_node(bloc, values={"number": bloc.number, "title": title}, by=by)


def test_one_person_alone_does_not_publish(draft: Referentiel, asker: User) -> None:
    with pytest.raises(Refusal, match="se décide à deux"):
        publish(draft, by=asker)

    assert Referentiel.objects.get().is_draft


def test_another_administrateur_publishes_what_was_asked(draft: Referentiel, asker: User, other: User) -> None:
    asked = ask_publication(draft, by=asker)

    publication = confirm_publication(asked, by=other)

    asked.refresh_from_db()
    assert publication.fingerprint == asked.fingerprint == fingerprint_for(draft)
    assert (publication.published_by, asked.state, asked.settled_by) == (other, AskState.CONFIRMED, other)
    entry = JournalEntry.objects.get(verb="referentiel.published")
    assert (entry.actor, entry.data["asked_by"]) == (other, str(asker.pk))


def test_nobody_confirms_their_own_request(draft: Referentiel, asker: User) -> None:
    asked = ask_publication(draft, by=asker)

    with pytest.raises(Refusal, match="un autre administrateur"):
        confirm_publication(asked, by=asker)
    with pytest.raises(IntegrityError, match="publication_confirmed_by_another"), transaction.atomic():
        PublicationRequest.objects.update(state=AskState.CONFIRMED, settled_by=asker, settled_at=asked.asked_at)

    assert Referentiel.objects.get().is_draft


def test_a_change_of_the_draft_voids_the_request(draft: Referentiel, asker: User, other: User) -> None:
    asked = ask_publication(draft, by=asker)
    reword(draft, "Un autre intitulé", asker)

    with pytest.raises(Refusal, match="a changé depuis cette demande"):
        confirm_publication(asked, by=other)

    assert Referentiel.objects.get().is_draft


def test_asking_again_replaces_a_request_on_another_text(draft: Referentiel, asker: User, other: User) -> None:
    before = ask_publication(draft, by=asker)
    reword(draft, "Un autre intitulé", asker)

    after = ask_publication(draft, by=other)

    before.refresh_from_db()
    assert (before.state, after.state) == (AskState.LAPSED, AskState.ASKED)
    confirm_publication(after, by=asker)
    assert not Referentiel.objects.get().is_draft


def test_the_same_request_twice_is_one(draft: Referentiel, asker: User, other: User) -> None:
    assert ask_publication(draft, by=asker) == ask_publication(draft, by=asker)

    with pytest.raises(Refusal, match="à vous de confirmer"):
        ask_publication(draft, by=other)
    assert JournalEntry.objects.filter(verb="referentiel.publication_asked").count() == 1


def test_an_incomplete_draft_is_not_asked_for(draft: Referentiel, asker: User) -> None:
    draft.criteres.all().delete()

    with pytest.raises(Incomplete):
        ask_publication(draft, by=asker)


def test_a_refusal_has_a_reason_and_leaves_the_draft_open(draft: Referentiel, asker: User, other: User) -> None:
    asked = ask_publication(draft, by=asker)

    with pytest.raises(InvalidInput, match="Dites pourquoi"):
        decline_publication(asked, reason="  ", by=other)
    with pytest.raises(Refusal, match="retirez votre demande"):
        decline_publication(asked, reason="Je me suis trompée", by=asker)
    decline_publication(asked, reason="Le bloc 2 attend encore sa relecture.", by=other)

    assert JournalEntry.objects.latest("sequence").reason == "Le bloc 2 attend encore sa relecture."
    with pytest.raises(Refusal, match="refusée"):
        confirm_publication(asked, by=other)
    assert Referentiel.objects.get().is_draft


def test_only_its_author_withdraws_a_request(draft: Referentiel, asker: User, other: User) -> None:
    asked = ask_publication(draft, by=asker)

    with pytest.raises(Refusal, match="Aline Asker"):
        withdraw_request(asked, by=other)
    withdraw_request(asked, by=asker)

    with pytest.raises(Refusal, match="retirée"):
        confirm_publication(asked, by=other)


def test_a_request_of_somebody_no_longer_administrateur_is_not_confirmed(
    draft: Referentiel, asker: User, other: User
) -> None:
    asked = ask_publication(draft, by=asker)
    RoleGrant.objects.filter(user=asker).delete()

    with pytest.raises(Refusal, match="n’est plus administrateur"):
        confirm_publication(asked, by=other)


def test_a_confirmation_received_twice_publishes_once(draft: Referentiel, asker: User, other: User) -> None:
    asked = ask_publication(draft, by=asker)
    confirm_publication(asked, by=other)

    with pytest.raises(Frozen):
        confirm_publication(asked, by=other)
    assert JournalEntry.objects.filter(verb="referentiel.published").count() == 1


def test_a_dropped_draft_takes_its_request_along(draft: Referentiel, asker: User) -> None:
    ask_publication(draft, by=asker)

    drop_draft(draft, by=asker)

    assert not PublicationRequest.objects.exists()


def test_no_request_is_left_without_an_answer_when_one_is_enough(
    draft: Referentiel, asker: User, settings: Any
) -> None:
    asked = ask_publication(draft, by=asker)
    settings.PUBLICATION_NEEDS_TWO = False

    publish(draft, by=asker)

    asked.refresh_from_db()
    assert asked.state == AskState.LAPSED


def test_two_people_publish_from_the_page(draft: Referentiel, asker: User, other: User, client_of: Any) -> None:
    page = address("publish", draft.pk)
    first, second = client_of(asker), client_of(other)

    assert "Demander la publication" in read(first.get(page))
    assert "Omar Other" in read(first.post(page, follow=True))
    asked = PublicationRequest.objects.get()
    assert "Aline Asker vous demande" in read(second.get(address("list")))
    assert asked.fingerprint in read(second.get(page))
    done = second.post(address("publication-confirm", draft.pk, asked.pk), follow=True)

    assert "Plus rien ne peut la changer" in read(done)
    again = second.post(address("publication-confirm", draft.pk, asked.pk), follow=True)
    assert "il ne change plus" in read(again)


def test_the_page_tells_a_void_request(draft: Referentiel, asker: User, other: User, client_of: Any) -> None:
    asked = ask_publication(draft, by=asker)
    reword(draft, "Un autre intitulé", other)
    client = client_of(other)

    page = read(client.get(address("publish", draft.pk)))
    refused = client.post(address("publication-confirm", draft.pk, asked.pk), follow=True)

    assert "Le brouillon a changé depuis la demande" in page
    assert "Confirmer et publier" not in page
    assert "a changé depuis cette demande" in read(refused)


def test_a_refusal_is_read_by_who_asked(draft: Referentiel, asker: User, other: User, client_of: Any) -> None:
    asked = ask_publication(draft, by=asker)
    decline = address("publication-decline", draft.pk, asked.pk)

    assert client_of(other).post(decline, {"reason": ""}).status_code == 422
    client_of(other).post(decline, {"reason": "Relire C1.1.1"})

    page = read(client_of(asker).get(address("publish", draft.pk)))
    assert "Publication refusée par Omar Other" in page
    assert "Relire C1.1.1" in page
    assert "Demander la publication" in page


def test_a_request_is_withdrawn_from_the_page(draft: Referentiel, asker: User, client_of: Any) -> None:
    asked = ask_publication(draft, by=asker)

    page = client_of(asker).post(address("publication-withdraw", draft.pk, asked.pk), follow=True)

    assert "a retiré sa demande" in read(page)


def test_a_request_belongs_to_its_version(draft: Referentiel, asker: User, other: User, client_of: Any) -> None:
    elsewhere = ask_publication(build_referentiel(published=False), by=asker)

    assert client_of(other).post(address("publication-confirm", draft.pk, elsewhere.pk)).status_code == 404


def test_the_page_says_when_one_is_enough(draft: Referentiel, asker: User, client_of: Any, settings: Any) -> None:
    assert "se décide à deux" in read(client_of(asker).get(address("publish", draft.pk)))

    settings.PUBLICATION_NEEDS_TWO = False

    assert "un seul administrateur suffit" in read(client_of(asker).get(address("publish", draft.pk)))


def test_the_page_tells_who_is_alone(draft: Referentiel, asker: User, client_of: Any) -> None:
    ask_publication(draft, by=asker)

    assert "Aucun autre administrateur" in read(client_of(asker).get(address("publish", draft.pk)))


@pytest.mark.parametrize("blocs", [1, 3])
def test_the_page_costs_the_same_whatever_the_size(
    blocs: int, asker: User, other: User, client_of: Any, django_assert_num_queries: Any
) -> None:
    draft = build_referentiel(blocs=blocs, published=False)
    ask_publication(draft, by=asker)
    client = client_of(other)

    with django_assert_num_queries(31):
        client.get(address("publish", draft.pk))
