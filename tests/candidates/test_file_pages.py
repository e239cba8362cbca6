"""The file of a candidate: who reads it, opens it, corrects it."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from candidates.models import Candidate
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.filing import correct_civil_status
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.candidates.disclosing import CANARY, agreed
from tests.candidates.visits import logged_in, logged_in_candidate, operation_in, read
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

LIST = "/candidats/"
OPEN = "/candidats/nouveau/"
DETAIL_QUERIES = 9  # session, person, roles, candidate, enrolments, blocs, measures, links, people who judge
FORM = {
    "family_name": "Lefèvre",
    "usage_name": "",
    "given_names": "Inès Marie",
    "birth_date": "1996-02-09",
    "birth_place": "Rennes",
    "email": "ines@exemple.fr",
}


def page_of(candidate: Candidate) -> str:
    return reverse("candidates:detail", args=[candidate.pk])


def filled(**fields: object) -> dict[str, object]:
    return {**FORM, "operation": str(uuid4()), **fields}


# --- Who comes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.AUDITEUR])
def test_managers_and_auditeurs_read_the_list_and_the_files(client: Client, role: Role) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, role)

    assert str(enrolment.candidate) in read(client.get(LIST))
    page = read(client.get(page_of(enrolment.candidate)))

    assert enrolment.number in page
    assert reverse("assessments:enrolment_progress", args=[enrolment.pk]) in page


def test_an_auditeur_changes_nothing(client: Client) -> None:
    candidate = scenes.a_candidate()
    logged_in(client, Role.AUDITEUR)

    page = read(client.get(LIST)) + read(client.get(page_of(candidate)))

    assert "Nouveau candidat" not in page
    assert "Corriger" not in page
    assert "Déclarer ce lien" not in page
    for name in ("correct", "enrol", "declare_link"):
        assert client.post(reverse(f"candidates:{name}", args=[candidate.pk])).status_code == 404
    assert client.post(OPEN, filled()).status_code == 404


@pytest.mark.parametrize(
    "role", [Role.CANDIDATE, Role.EVALUATEUR, Role.JURY, Role.ADMINISTRATEUR, Role.REFERENT_HANDICAP]
)
def test_the_pages_do_not_exist_for_the_others(client: Client, role: Role) -> None:
    """The référent handicap grants measures; the rest of the file is not theirs."""
    candidate = scenes.a_candidate()
    logged_in(client, role)

    for address in (
        LIST,
        OPEN,
        page_of(candidate),
        f"{page_of(candidate)}etat-civil/",
        f"{page_of(candidate)}inscrire/",
    ):
        assert client.get(address).status_code == 404


def test_a_candidate_does_not_see_even_their_own_file_here(client: Client) -> None:
    """R-CAN-4: their own pages are « Mon parcours » and « Ma situation »."""
    candidate = logged_in_candidate(client)

    assert client.get(page_of(candidate)).status_code == 404


def test_an_anonymous_visitor_is_sent_to_the_login_page(client: Client) -> None:
    candidate = scenes.a_candidate()

    for address in (LIST, OPEN, page_of(candidate)):
        assert client.get(address).headers["Location"] == f"/compte/login/?next={address}"


def test_an_unknown_candidate_is_not_found(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)

    for name in ("detail", "correct", "enrol"):
        assert client.get(reverse(f"candidates:{name}", args=[uuid4()])).status_code == 404


# --- One file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_file_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    candidate = scenes.a_candidate()
    for _ in range(how_many):
        enrolment = scenes.an_enrolment(build_referentiel(blocs=how_many), candidate)
        grant_tiers_temps(enrolment, granted_on=date(2026, 1, 12), by=scenes.a_manager())
        candidate.declared_links.create(user=scenes.an_evaluateur(), kind="trained")
    logged_in(client, Role.GESTIONNAIRE)

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(page_of(candidate))


def test_a_file_shows_measures_but_neither_a_consent_nor_a_mention(client: Client) -> None:
    """R-CAN-2, R-CAN-3."""
    enrolment = scenes.an_enrolment()
    grant_tiers_temps(enrolment, granted_on=date(2026, 1, 12), by=scenes.a_manager())
    agreed(enrolment.candidate)
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.get(page_of(enrolment.candidate))) + read(client.get(LIST))

    assert "1/3 de temps en plus" in page
    for word in (CANARY, "mention", "Mention", "consent", "handicap", "accord"):
        assert word not in page


def test_what_people_typed_is_shown_as_text(client: Client) -> None:
    candidate = scenes.a_candidate("<script>alert(1)</script>", "<b>Léa</b>")
    logged_in(client, Role.GESTIONNAIRE)

    for address in (LIST, page_of(candidate), f"{page_of(candidate)}etat-civil/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>Léa" not in page


# --- Opening and correcting -----------------------------------------------------------------------------------------


def test_a_manager_opens_a_file_and_is_led_to_it(client: Client) -> None:
    manager = logged_in(client, Role.GESTIONNAIRE)
    operation = operation_in(client.get(OPEN).content.decode())

    page = client.post(OPEN, {**FORM, "operation": operation}, follow=True)

    candidate = Candidate.objects.get()
    assert page.redirect_chain == [(page_of(candidate), 302)]
    assert "Dossier de Inès Marie LEFÈVRE ouvert" in read(page)
    assert JournalEntry.objects.get(verb="candidate.opened").actor == manager


def test_a_form_sent_twice_opens_one_file_and_leads_to_it_twice(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    form = filled()

    answers = [client.post(OPEN, form) for _ in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {page_of(Candidate.objects.get())}


def test_an_address_already_used_leads_to_its_file_and_loses_nothing(client: Client) -> None:
    known = scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.post(OPEN, filled(email=known.user.email)))

    assert f"Un compte existe déjà pour {known.user.email}" in page
    assert f'href="{page_of(known)}"' in page
    for typed in ("Lefèvre", "Inès Marie", "1996-02-09", "Rennes", known.user.email):
        assert f'value="{typed}"' in page
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"family_name": "a" * 10_000}, "au plus 150 caractères"),
        ({"given_names": "Lé\u202ea"}, "caractères invisibles"),
        ({"given_names": "Lé\x00a"}, "nul"),
        ({"birth_date": "2090-01-01"}, "à venir"),
        ({"birth_date": "2024-01-01"}, "aurait"),
        ({"birth_date": "31/02/1990"}, "date valide"),
        ({"family_name": " "}, "obligatoire"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"email": f"{'a' * 300}@exemple.fr"}, "254"),
        ({"operation": "pas un identifiant"}, "UUID"),
    ],
)
def test_a_wrong_form_says_why_and_loses_nothing(client: Client, fields: dict[str, str], told: str) -> None:
    logged_in(client, Role.GESTIONNAIRE)

    answer = client.post(OPEN, filled(**fields))

    assert answer.status_code == 200
    page = read(answer)
    assert told in page
    assert "À corriger avant de continuer" in page
    for name in ("birth_place", "usage_name"):
        assert f'value="{FORM[name]}"' in page or not FORM[name]
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("name", ["Nguyễn Thị", "Владимиров", "الخوري", "李", "O’Brien-Łukasz"])
def test_a_name_in_any_script_opens_a_file(client: Client, name: str) -> None:
    logged_in(client, Role.GESTIONNAIRE)

    client.post(OPEN, filled(family_name=name))

    assert name.upper() in read(client.get(LIST, {"q": name}))


def test_a_manager_corrects_the_civil_status(client: Client) -> None:
    candidate = scenes.a_candidate("Garnier", "Léa")
    logged_in(client, Role.GESTIONNAIRE)
    address = reverse("candidates:correct", args=[candidate.pk])
    assert 'value="Garnier"' in read(client.get(address))
    form = {"family_name": "Garnié", "given_names": "Léa", "birth_date": "1990-05-17", "birth_place": "Nantes"}

    assert "État civil corrigé" in read(client.post(address, form, follow=True))
    assert "Rien n’a changé" in read(client.post(address, form, follow=True))

    candidate.refresh_from_db()
    assert candidate.family_name == "Garnié"
    assert JournalEntry.objects.filter(verb="candidate.civil_status_corrected").count() == 1


def test_a_wrong_correction_changes_nothing(client: Client) -> None:
    candidate = scenes.a_candidate("Garnier", "Léa")
    logged_in(client, Role.GESTIONNAIRE)
    form = {"family_name": "123", "given_names": "Léa", "birth_date": "1990-05-17", "birth_place": "Nantes"}

    page = read(client.post(reverse("candidates:correct", args=[candidate.pk]), form))

    assert "en lettres" in page
    assert 'value="123"' in page
    candidate.refresh_from_db()
    assert candidate.family_name == "Garnier"


def test_the_list_follows_a_correction(client: Client) -> None:
    candidate = scenes.a_candidate("Garnier", "Léa")
    status = replace(candidate.civil_status, usage_name="Delmas")
    correct_civil_status(candidate, status=status, by=UserFactory(roles=[Role.GESTIONNAIRE]))
    logged_in(client, Role.GESTIONNAIRE)

    assert "(usage : DELMAS)" in read(client.get(LIST, {"q": "delmas"}))


# --- Somebody with the same civil status ----------------------------------------------------------------------------


def test_the_same_civil_status_under_another_address_asks_to_confirm(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    client.post(OPEN, filled())
    first = Candidate.objects.get()
    again = filled(email="autre@exemple.fr", family_name="LEFEVRE", given_names="ines  marie")

    page = read(client.post(OPEN, again))

    assert "a déjà un dossier, avec ces noms et cette date de naissance" in page
    assert page_of(first) in page
    assert 'type="checkbox" name="another_person"' in page
    assert Candidate.objects.count() == 1

    client.post(OPEN, {**again, "another_person": "on"})
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize("changes", [{"birth_date": "1996-02-10"}, {"given_names": "Inès"}, {"family_name": "Lefort"}])
def test_another_civil_status_asks_nothing(client: Client, changes: dict[str, str]) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    client.post(OPEN, filled())

    client.post(OPEN, filled(email="autre@exemple.fr", **changes))

    assert Candidate.objects.count() == 2
