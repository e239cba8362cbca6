"""Who marks by the API, on what: somebody else’s is as if it did not exist (R-SCO-2)."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from accounts.enums import Role
from assessments.models import Grille
from assessments.queries.review import criteres_of
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.deeds import nothing_changed
from tests.assessments.http import ACQUIS, client_of, put_mark
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("critere", [0, 999_999, 2**63, 10**30])
def test_a_ce_that_does_not_exist_is_not_found(client, grille, critere):
    assert put_mark(client, grille, critere).status_code == 404


def test_a_soutenance_that_does_not_exist_is_not_found(client, critere):
    grille = Grille(soutenance_id=uuid4())
    assert put_mark(client, grille, critere).status_code == 404


def test_a_ce_of_another_soutenance_is_not_found(client, grille):
    """R-SCO-2: the CE is one of those judged here; the same évaluateur's other soutenance does not count."""
    elsewhere = scenes.grille_of(scenes.a_soutenance(evaluateur=grille.evaluateur))

    answer = put_mark(client, grille, criteres_of(elsewhere)[0].pk)

    assert answer.status_code == 404
    assert nothing_changed()


def test_a_ce_of_the_same_referentiel_that_is_not_presented_is_not_found():
    referentiel = build_referentiel(competences=2)
    first, second = referentiel.competences.all()
    grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(referentiel), competences=[first]))
    assert put_mark(client_of(grille.evaluateur), grille, second.criteres.first().pk).status_code == 404


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_else_marks_reads_or_submits_a_grille(grille, critere, role):
    stranger = client_of(UserFactory(roles=[role] if role else []))
    assert put_mark(stranger, grille, critere).status_code == 404
    assert stranger.get(reverse("api:marks", args=[grille.soutenance_id])).status_code == 404
    assert stranger.post(reverse("api:submission", args=[grille.soutenance_id])).status_code == 404
    assert nothing_changed()


def test_the_candidate_does_not_mark_their_own_soutenance(grille, critere):
    candidate = client_of(grille.soutenance.enrolment.candidate.user)
    assert put_mark(candidate, grille, critere).status_code == 404
    assert candidate.get(reverse("api:marks", args=[grille.soutenance_id])).status_code == 404


def test_an_evaluateur_who_lost_the_role_no_longer_marks(client, grille, critere):
    grille.evaluateur.role_grants.all().delete()
    assert put_mark(client, grille, critere).status_code == 404


def test_an_account_that_was_closed_no_longer_marks(client, grille, critere):
    type(grille.evaluateur).objects.update(is_active=False)
    assert put_mark(client, grille, critere).status_code in (401, 403)
    assert nothing_changed()


def test_two_evaluateurs_grilles_do_not_mix(client, grille, critere):
    """R-SCO-9: a second évaluateur's marks are neither shown to the first nor counted as theirs."""
    other = scenes.an_evaluateur()
    theirs = Grille.objects.create(soutenance=grille.soutenance, evaluateur=other)
    theirs.marks.create(
        critere_id=critere, verdict="non_acquis", version=1, changed_by=other, changed_at=grille.soutenance.starts_at
    )

    assert client.get(reverse("api:marks", args=[grille.soutenance_id])).json() == []
    assert put_mark(client, grille, critere).status_code == 200
    assert theirs.marks.get().verdict == "non_acquis"
    assert grille.marks.get().verdict == "acquis"


def test_before_login_nothing_answers(grille, critere):
    assert put_mark(Client(), grille, critere).status_code in (401, 403)
    assert nothing_changed()


def test_a_session_without_its_csrf_token_changes_nothing(grille, critere):
    client = client_of(grille.evaluateur, enforce_csrf_checks=True)
    assert put_mark(client, grille, critere).status_code == 403
    assert client.post(reverse("api:submission", args=[grille.soutenance_id])).status_code == 403
    assert nothing_changed()


def test_a_session_with_its_csrf_token_marks(grille, critere):
    client = client_of(grille.evaluateur, enforce_csrf_checks=True)
    page = client.get(reverse("assessments:review", args=[grille.soutenance_id]))
    token = page.context["csrf_token"]

    answer = client.put(
        reverse("api:mark", args=[grille.soutenance_id, critere]),
        ACQUIS,
        content_type="application/json",
        headers={"If-Match": '"0"', "Idempotency-Key": str(uuid4()), "X-CSRFToken": str(token)},
    )

    assert answer.status_code == 200


def test_a_token_marks_without_session_nor_csrf(grille, critere):
    token = Token.objects.create(user=grille.evaluateur)
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Token {token.key}"})
    assert put_mark(client, grille, critere).status_code == 200


def test_a_token_that_is_not_one_marks_nothing(grille, critere):
    client = Client(headers={"Authorization": "Token 0123456789"})
    assert put_mark(client, grille, critere).status_code in (401, 403)
    assert nothing_changed()
