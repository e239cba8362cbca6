"""A candidate's own data, without the mention (R-CAN-2, R-CAN-4)."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from candidates.consent import CURRENT_TEXT_VERSION
from candidates.models import Candidate
from candidates.services.accommodating import grant_tiers_temps
from tests import scenes
from tests.candidates.disclosing import CANARY, agreed
from tests.candidates.visits import logged_in_candidate, read

pytestmark = pytest.mark.django_db

PAGE, EXPORT = "/ma-situation/", "/mes-donnees.json"


def test_a_candidate_takes_their_data_away_without_the_mention(client: Client) -> None:
    """R-CAN-2: the mention is never in an export, even one's own; the file says where it is read."""
    enrolment = scenes.an_enrolment(candidate=logged_in_candidate(client, family_name="Lefèvre", given_names="Inès"))
    grant_tiers_temps(enrolment, granted_on=date(2026, 1, 12), by=scenes.a_manager())
    agreed(enrolment.candidate)

    answer = client.get(EXPORT)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert CANARY not in text
    assert "gAAAAA" not in text
    held = json.loads(text)
    assert held["etat_civil"]["nom_de_naissance"] == "Lefèvre"
    assert held["inscriptions"][0]["numero"] == enrolment.number
    assert "1/3" in held["inscriptions"][0]["amenagements"][0]["mesure"]
    assert held["consentements"][0]["version_du_texte"] == CURRENT_TEXT_VERSION
    assert held["consentements"][0]["retire_le"] is None
    assert "« Ma situation »" in held["note"].replace("\u202f", " ")


def test_the_export_holds_nothing_of_others(client: Client) -> None:
    other = scenes.an_enrolment(candidate=scenes.a_candidate("Autre", "Personne"))
    candidate: Candidate = logged_in_candidate(client)

    held = json.loads(client.get(EXPORT).content)

    assert held["inscriptions"] == []
    assert other.number not in str(held)
    assert held["compte"]["adresse_electronique"] == candidate.user.email


def test_the_page_links_to_the_export(client: Client) -> None:
    logged_in_candidate(client)

    assert f'href="{reverse("candidates:export")}"' in read(client.get(PAGE))
