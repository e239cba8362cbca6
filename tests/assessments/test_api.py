"""The contract of marks over HTTP, the same for the grille in the browser and for other clients (R-SCO-2 … R-SCO-4)."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enums import Role
from assessments.enums import SoutenanceState
from assessments.models import Mark
from assessments.queries.review import criteres_of
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.deeds import nothing_changed
from tests.assessments.http import ACQUIS, client_of, put_mark

pytestmark = pytest.mark.django_db


def sentence_of(answer) -> str:
    """The one sentence a refusal says, and at most the field it is about."""
    body = answer.json()
    assert list(body) in (["detail"], ["detail", "field"])
    return body["detail"]


# --- What is acknowledged


def test_a_mark_is_acknowledged_with_its_version_its_author_and_its_etag(client, grille, critere):
    answer = put_mark(client, grille, critere, {"verdict": "acquis", "comment": "Clair."})

    assert answer.status_code == 200
    assert answer["ETag"] == '"1"'
    assert answer["Cache-Control"] == "no-store"
    said = answer.json()
    assert (said["critere"], said["version"], said["saved_by"]) == (critere, 1, str(grille.evaluateur))
    assert Mark.objects.get().comment == "Clair."


def test_the_etag_of_an_answer_is_the_if_match_of_the_next_change(client, grille, critere):
    first = put_mark(client, grille, critere)

    second = put_mark(client, grille, critere, {"verdict": "non_acquis", "comment": "Non."}, version=first["ETag"])

    assert (second.status_code, second["ETag"]) == (200, '"2"')


def test_a_weak_etag_is_understood(client, grille, critere):
    """A proxy that compresses weakens them."""
    put_mark(client, grille, critere)
    assert put_mark(client, grille, critere, {"verdict": "non_acquis"}, version='W/"1"').status_code == 200


def test_a_replay_is_answered_byte_for_byte_the_same(client, grille, critere):
    """R-SCO-3: the answer was lost on the way, the client asks again."""
    operation = uuid4()
    first = put_mark(client, grille, critere, operation=operation)
    put_mark(client, grille, critere, {"verdict": "non_acquis", "comment": "Autre."}, version=1)

    again = put_mark(client, grille, critere, operation=operation)

    assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
    assert Mark.objects.get().version == 2


def test_a_replay_after_the_submission_is_still_acknowledged(client, grille):
    """What was stored before the lock is not told to have been refused."""
    critere, operation = criteres_of(grille)[0].pk, uuid4()
    first = put_mark(client, grille, critere, operation=operation)
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)

    again = put_mark(client, grille, critere, operation=operation)

    assert (again.status_code, again.content) == (200, first.content)


def test_an_operation_used_for_another_ce_is_refused_in_words(client, grille, critere):
    operation, other = uuid4(), criteres_of(grille)[1].pk
    put_mark(client, grille, critere, operation=operation)

    answer = put_mark(client, grille, other, operation=operation)

    assert answer.status_code == 409
    assert "a déjà servi" in sentence_of(answer)
    assert Mark.objects.get().critere_id == critere


# --- Which version it started from


def test_without_if_match_a_change_is_asked_for_its_version(client, grille, critere):
    answer = put_mark(client, grille, critere, version=None)
    assert answer.status_code == 428
    assert "If-Match" in sentence_of(answer)
    assert nothing_changed()


@pytest.mark.parametrize("header", ["", "3", "*", '"trois"', '"-1"', '"1", "2"', '"9999999999"', '"1.0"'])
def test_an_if_match_that_is_not_a_version_is_refused(client, grille, critere, header):
    answer = put_mark(client, grille, critere, version=header)
    assert answer.status_code == 400
    assert "entre guillemets" in sentence_of(answer)
    assert nothing_changed()


@pytest.mark.parametrize("operation", [None, "bonjour", "1234", "' OR 1=1 --"])
def test_an_operation_without_a_uuid_is_refused(client, grille, critere, operation):
    answer = put_mark(client, grille, critere, operation=operation)
    assert answer.status_code == 400
    assert "Idempotency-Key" in sentence_of(answer)
    assert nothing_changed()


@pytest.mark.parametrize("version", [0, 2, 999_999_999])
def test_a_change_from_another_version_is_shown_what_is_stored(client, grille, critere, version):
    """R-SCO-4."""
    put_mark(client, grille, critere, {"verdict": "acquis", "comment": "Stockée.", "private_note": "À part."})

    answer = put_mark(client, grille, critere, {"verdict": "non_acquis", "comment": "Périmée."}, version=version)

    assert answer.status_code == 412
    body = answer.json()
    assert "a changé entre-temps" in body["detail"]
    current = body["current"]
    assert (current["verdict"], current["comment"], current["private_note"]) == ("acquis", "Stockée.", "À part.")
    assert (current["version"], current["saved_by"]) == (1, str(grille.evaluateur))
    assert Mark.objects.get().version == 1


def test_a_change_that_believes_in_a_mark_never_made_is_shown_nothing(client, grille, critere):
    answer = put_mark(client, grille, critere, version=4)
    assert answer.status_code == 412
    assert answer.json()["current"]["version"] == 0
    assert nothing_changed()


# --- What cannot be a mark

UNREADABLE = {
    "verdict inconnu": {"verdict": "peut-être"},
    "verdict en majuscules": {"verdict": "ACQUIS"},
    "commentaire d’un mégaoctet": {"comment": "e" * 1_000_000},
    "note d’un mégaoctet": {"private_note": "x" * 1_000_000},
    "HTML": {"comment": "<b>bien</b>"},
    "script": {"private_note": "<script>alert(1)</script>"},
    "caractère nul": {"comment": "avant\x00après"},
    "caractère de contrôle": {"comment": "avant\x1baprès"},
    "moitié d’un caractère": {"comment": "\ud83d"},
    "nombre": {"comment": 12},
    "booléen": {"verdict": True},
    "liste": {"comment": ["a"]},
    "objet": {"private_note": {"a": 1}},
    "rien": {"verdict": None},
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_a_mark_is_refused_in_words_and_changes_nothing(client, grille, critere, body):
    answer = put_mark(client, grille, critere, json.dumps({**ACQUIS, **body}))
    assert answer.status_code == 400
    assert sentence_of(answer).endswith((".", ")."))
    assert nothing_changed()


@pytest.mark.parametrize(
    "body",
    ["[]", '"acquis"', "12", "null", "{", "NaN", '{"verdict": Infinity}', "acquis", "\xff", "[" * 200_000],
    ids=["liste", "texte", "nombre", "null", "tronqué", "NaN", "infini", "mot nu", "pas de l’UTF-8", "imbriqué"],
)
def test_a_body_that_is_not_an_object_is_refused_in_french(client, grille, critere, body):
    answer = put_mark(client, grille, critere, body.encode("latin-1"))
    assert answer.status_code == 400
    assert sentence_of(answer).startswith("Le corps attendu est un objet JSON")
    assert nothing_changed()


def test_an_object_nested_beyond_reason_is_refused_in_french(client, grille, critere):
    body = '{"comment":' * 100_000 + '""' + "}" * 100_000
    answer = put_mark(client, grille, critere, body)
    assert answer.status_code == 400
    assert "objet JSON" in sentence_of(answer)


def test_three_megabytes_are_refused_without_being_read(client, grille, critere):
    answer = put_mark(client, grille, critere, json.dumps({"verdict": "acquis", "comment": "x" * 3_000_000}))
    assert answer.status_code == 413
    assert "trop longue" in sentence_of(answer)
    assert nothing_changed()


def test_a_form_is_not_json(client, grille, critere):
    answer = put_mark(client, grille, critere, "verdict=acquis", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert nothing_changed()


def test_unicode_is_stored_as_it_was_typed(client, grille, critere):
    comment = "R² = 0,9 ; « ça marche » — ½, 日本, e\u0301, 🎓👩🏽‍🔬"
    put_mark(client, grille, critere, {"verdict": "acquis", "comment": comment})
    assert Mark.objects.get().comment == comment
    (stored,) = client.get(reverse("api:marks", args=[grille.soutenance_id])).json()
    assert stored["comment"] == comment


# --- Whose mark it is


# --- Who is calling


# --- When it is over


def test_after_submission_a_change_is_refused_in_words(client, grille, critere):
    """R-SCO-8."""
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)

    answer = put_mark(client, grille, critere, {"verdict": "non_acquis", "comment": "Trop tard."}, version=1)

    assert answer.status_code == 409
    assert "soumise" in sentence_of(answer)
    assert Mark.objects.get(critere=critere).verdict == "acquis"


@pytest.mark.parametrize("left", [SoutenanceState.CANCELLED, SoutenanceState.ABSENT, SoutenanceState.EXCUSED])
def test_a_soutenance_that_does_not_take_place_refuses_marks(client, grille, critere, left):
    leave_soutenance(grille.soutenance, to=left, reason="Fièvre", by=scenes.a_manager())

    answer = put_mark(client, grille, critere)

    assert answer.status_code == 409
    assert left.label.lower() in sentence_of(answer)
    assert nothing_changed()


def test_an_interrupted_soutenance_keeps_its_marks_and_takes_no_more(client, grille, critere):
    put_mark(client, grille, critere)
    leave_soutenance(grille.soutenance, to=SoutenanceState.INTERRUPTED, reason="Panne", by=scenes.a_manager())

    assert put_mark(client, grille, critere, {"verdict": "non_acquis"}, version=1).status_code == 409
    assert client.post(reverse("api:submission", args=[grille.soutenance_id])).status_code == 409
    assert Mark.objects.get().verdict == "acquis"


# --- Submission, lists, progress


def test_submitting_answers_nothing_to_add_then_says_it_was_done(client, grille):
    scenes.mark_all(grille)
    address = reverse("api:submission", args=[grille.soutenance_id])

    assert client.post(address).status_code == 204
    again = client.post(address)

    assert again.status_code == 409
    assert "déjà soumise" in sentence_of(again)


def test_submitting_too_early_says_how_much_is_missing(client, grille):
    answer = client.post(reverse("api:submission", args=[grille.soutenance_id]))
    assert answer.status_code == 409
    assert sentence_of(answer) == "2 points restent à compléter avant de soumettre."


def listed(user) -> set[str]:
    return {row["id"] for row in client_of(user).get(reverse("api:soutenance-list")).json()["results"]}


def test_lists_show_each_person_the_soutenances_that_are_theirs(grille):
    """R-CAN-4."""
    other = scenes.a_soutenance()
    mine, theirs = str(grille.soutenance_id), str(other.pk)

    assert listed(grille.evaluateur) == {mine}
    assert listed(grille.soutenance.enrolment.candidate.user) == {mine}
    assert listed(other.evaluateur) == {theirs}
    assert listed(scenes.a_manager()) == {mine, theirs}
    assert listed(UserFactory(roles=[Role.JURY])) == set()
    stranger = client_of(other.evaluateur)
    assert stranger.get(reverse("api:soutenance-detail", args=[mine])).status_code == 404


def test_progress_shows_submitted_grilles_only_and_never_a_private_note(client, grille, critere):
    """R-CAN-4, R-VAL-5."""
    enrolment = grille.soutenance.enrolment
    put_mark(
        client, grille, critere, {"verdict": "non_acquis", "comment": "À revoir.", "private_note": "Entre nous, non."}
    )
    address = reverse("api:progress", args=[enrolment.pk])
    candidate = client_of(enrolment.candidate.user)

    before = candidate.get(address).json()["blocs"][0]
    put_mark(client, grille, criteres_of(grille)[1].pk)
    submit(grille, by=grille.evaluateur)
    after = candidate.get(address)

    assert before["reasons"] == ["Bloc 1 non acquis : C1.1.1 non présentée"]
    assert "C1.1.1 CE1 non acquis" in after.json()["blocs"][0]["reasons"][0]
    assert "Entre nous" not in after.content.decode()


@pytest.mark.parametrize("who", ["évaluateur", "other candidate", "jury"])
def test_progress_is_not_shown_to_others(grille, who):
    people = {
        "évaluateur": lambda: grille.evaluateur,
        "other candidate": lambda: scenes.a_candidate().user,
        "jury": lambda: UserFactory(roles=[Role.JURY]),
    }
    answer = client_of(people[who]()).get(reverse("api:progress", args=[grille.soutenance.enrolment_id]))
    assert answer.status_code == 404
