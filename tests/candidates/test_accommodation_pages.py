"""The référent handicap's pages (R-CAN-2, R-CAN-3)."""

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from candidates.enums import ConsentScope
from candidates.models import Accommodation, Enrolment
from candidates.services.accommodating import grant_measure, grant_tiers_temps
from candidates.services.disclosure import withdraw_consent
from core.models import JournalEntry
from tests import scenes
from tests.candidates.disclosing import CANARY, agreed
from tests.candidates.visits import logged_in, operation_in, read

pytestmark = pytest.mark.django_db

LIST = "/amenagements/"
LIST_QUERIES = 6  # session, person, roles, length, page, measures
DETAIL_QUERIES = 6  # session, person, roles, enrolment, measures with who granted them, consent
DAY = date(2026, 1, 12)


def page_of(enrolment: Enrolment, name: str = "accommodate") -> str:
    return reverse(f"candidates:{name}", args=[enrolment.pk])


def once(**fields: object) -> dict[str, object]:
    return {"operation": str(uuid4()), **fields}


# --- Who comes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [Role.CANDIDATE, Role.EVALUATEUR, Role.JURY, Role.GESTIONNAIRE, Role.ADMINISTRATEUR, Role.AUDITEUR]
)
def test_the_pages_do_not_exist_for_the_others(client: Client, role: Role) -> None:
    """An auditeur reads everything but mentions; a manager grants no measure."""
    enrolment = scenes.an_enrolment()
    agreed(enrolment.candidate)
    logged_in(client, role)

    for address in (LIST, page_of(enrolment)):
        assert client.get(address).status_code == 404
    for name in ("mention", "grant_tiers_temps", "grant_measure"):
        assert client.post(page_of(enrolment, name), once(extra_time="1/3", measure="x")).status_code == 404
    assert not Accommodation.objects.exists()
    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()


def test_an_anonymous_visitor_is_sent_to_the_login_page(client: Client) -> None:
    enrolment = scenes.an_enrolment()

    for address in (LIST, page_of(enrolment)):
        assert client.get(address).headers["Location"] == f"/compte/login/?next={address}"
    assert client.post(page_of(enrolment, "mention")).status_code == 302


def test_an_unknown_enrolment_is_not_found(client: Client) -> None:
    logged_in(client, Role.REFERENT_HANDICAP)

    assert client.get(reverse("candidates:accommodate", args=[uuid4()])).status_code == 404


# --- The list -------------------------------------------------------------------------------------------------------


def test_a_candidate_is_looked_for_by_name_or_number(client: Client) -> None:
    enrolment = scenes.an_enrolment(candidate=scenes.a_candidate("Lefèvre", "Inès"))
    scenes.an_enrolment()
    logged_in(client, Role.REFERENT_HANDICAP)

    for words in ("ines lefevre", enrolment.number):
        page = read(client.get(LIST, {"q": words}))
        assert "Inès LEFÈVRE" in page
        assert "GARNIER" not in page
    assert "Aucun candidat de ce nom" in read(client.get(LIST, {"q": enrolment.candidate.user.email}))


def test_the_list_is_of_measures_and_never_tells_who_agreed_or_wrote_a_mention(client: Client) -> None:
    """R-CAN-2: searched or not, two candidates are told apart by their measures only."""
    with_mention, without = scenes.an_enrolment(), scenes.an_enrolment()
    agreed(with_mention.candidate)
    logged_in(client, Role.REFERENT_HANDICAP)
    assert "Aucune mesure en vigueur" in read(client.get(LIST))

    page = read(client.get(LIST, {"q": "garnier"}))

    rows = [row for row in page.split("<tr>") if "GARNIER" in row]
    keys = ((with_mention, "A"), (without, "B"))
    for enrolment, _ in keys:
        rows = [row.replace(str(enrolment.pk), "").replace(enrolment.number, "") for row in rows]
    titles = [enrolment.referentiel.certification.title for enrolment, _ in keys]
    assert titles[0] == titles[1]
    assert len(rows) == 2
    assert rows[0].split("</tr>")[0] == rows[1].split("</tr>")[0]


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize("words", ["", "garnier"])
def test_the_list_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int, words: str
) -> None:
    for _ in range(how_many):
        grant_tiers_temps(scenes.an_enrolment(), granted_on=DAY, by=scenes.a_manager())
    logged_in(client, Role.REFERENT_HANDICAP)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST, {"q": words})


# --- Measures -------------------------------------------------------------------------------------------------------


def test_a_third_more_is_granted_by_default(client: Client) -> None:
    enrolment, referent = scenes.an_enrolment(), logged_in(client, Role.REFERENT_HANDICAP)
    page = read(client.get(page_of(enrolment)))
    assert 'value="1/3"' in page
    assert "arrondi à la minute supérieure" in page

    form = {"extra_time": "1/3", "operation": operation_in(page)}
    page = read(client.post(page_of(enrolment, "grant_tiers_temps"), form, follow=True))

    assert "Mesure accordée" in page
    assert "Accorder le tiers-temps" not in page
    measure = Accommodation.objects.get()
    assert (measure.extra_time, measure.granted_by) == (Fraction(1, 3), referent)


@pytest.mark.parametrize("typed", ["", "0", "0/3", "4/3", "1/0", "0,33", "1e9", "-1/3", "1/3/2", "un tiers"])
def test_a_fraction_that_cannot_be_is_refused_and_kept_in_view(client: Client, typed: str) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, Role.REFERENT_HANDICAP)

    page = read(client.post(page_of(enrolment, "grant_tiers_temps"), once(extra_time=typed)))

    assert "À corriger avant de continuer" in page
    assert not typed or f'value="{typed}"' in page
    assert not Accommodation.objects.exists()


def test_a_second_tiers_temps_is_refused_in_words(client: Client) -> None:
    enrolment, referent = scenes.an_enrolment(), logged_in(client, Role.REFERENT_HANDICAP)
    grant_tiers_temps(enrolment, granted_on=DAY, by=referent)

    page = read(client.post(page_of(enrolment, "grant_tiers_temps"), once(extra_time="1/2")))

    assert "mettez-y fin d’abord" in page


def test_another_measure_is_granted_as_it_is_worded_and_shown_as_text(client: Client) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, Role.REFERENT_HANDICAP)
    form = once(measure="Salle <b>isolée</b>")
    assert "n’écrivez jamais sa raison" in read(client.get(page_of(enrolment)))

    for _ in range(2):
        answer = client.post(page_of(enrolment, "grant_measure"), form, follow=True)

    assert "Salle <b>" not in answer.content.decode()
    assert "Salle <b>isolée</b>" in read(answer)
    assert Accommodation.objects.count() == 1


def test_a_measure_of_ten_thousand_characters_is_refused(client: Client) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, Role.REFERENT_HANDICAP)

    page = read(client.post(page_of(enrolment, "grant_measure"), once(measure="a" * 10_000)))

    assert "au plus 300 caractères" in page
    assert not Accommodation.objects.exists()


def test_a_measure_is_ended_and_stays_in_the_history(client: Client) -> None:
    enrolment, referent = scenes.an_enrolment(), logged_in(client, Role.REFERENT_HANDICAP)
    measure = grant_measure(enrolment, measure="Salle isolée", granted_on=DAY, by=referent)
    address = reverse("candidates:end_accommodation", args=[enrolment.pk, measure.pk])
    assert client.get(address).status_code == 405

    for _ in range(2):
        page = read(client.post(address, follow=True))

    assert "La mesure a pris fin" in page
    assert "Mesures terminées (1)" in page
    assert JournalEntry.objects.filter(verb="accommodation.ended").count() == 1
    elsewhere = reverse("candidates:end_accommodation", args=[scenes.an_enrolment().pk, measure.pk])
    assert client.post(elsewhere).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    enrolment, referent = scenes.an_enrolment(), logged_in(client, Role.REFERENT_HANDICAP)
    for number in range(how_many):
        grant_measure(enrolment, measure=f"Mesure {number}", granted_on=DAY, by=referent)
    agreed(enrolment.candidate)

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(page_of(enrolment))


# --- The mention ----------------------------------------------------------------------------------------------------


def test_the_mention_is_read_on_purpose_and_journaled_each_time(client: Client) -> None:
    enrolment, referent = scenes.an_enrolment(), logged_in(client, Role.REFERENT_HANDICAP)
    agreed(enrolment.candidate)
    page = read(client.get(page_of(enrolment)))
    assert "Lire la mention" in page
    assert CANARY not in page
    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()

    answer = client.post(page_of(enrolment, "mention"))

    assert CANARY in read(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    entry = JournalEntry.objects.get(verb="confidential.mention_read")
    assert (entry.actor, entry.data) == (referent, {"purpose": "referent"})


def test_reading_needs_a_post(client: Client) -> None:
    enrolment = scenes.an_enrolment()
    agreed(enrolment.candidate)
    logged_in(client, Role.REFERENT_HANDICAP)

    assert client.get(page_of(enrolment, "mention")).status_code == 405


@pytest.mark.parametrize("situation", ["never", "accommodations", "withdrawn"])
def test_there_is_nothing_to_read_without_a_standing_consent(client: Client, situation: str) -> None:
    enrolment = scenes.an_enrolment()
    if situation != "never":
        agreed(enrolment.candidate, ConsentScope.ACCOMMODATIONS if situation == "accommodations" else ConsentScope.JURY)
    if situation == "withdrawn":
        withdraw_consent(enrolment.candidate, by=enrolment.candidate.user)
    logged_in(client, Role.REFERENT_HANDICAP)

    assert "Lire la mention" not in read(client.get(page_of(enrolment)))
    assert "Aucune mention à lire" in read(client.post(page_of(enrolment, "mention"), follow=True))
    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()


def test_the_referent_does_not_get_the_rest_of_the_file(client: Client) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, Role.REFERENT_HANDICAP)

    page = read(client.get(page_of(enrolment)))

    for detail in ("17 mai 1990", "Nantes", enrolment.candidate.user.email):
        assert detail not in page
    assert client.get(f"/api/v1/enrolments/{enrolment.pk}/").status_code == 404
