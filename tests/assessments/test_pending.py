"""Waiting changes: keys for their author alone, and a file refused whole when it is not theirs (R-SCO-3)."""

import json
from base64 import b64decode, b64encode
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from django.urls import reverse

from assessments.models import Grille, Mark
from assessments.queries.review import criteres_of
from assessments.services.pending import FORMAT, HEADER, SIZE_LIMIT, keys_of
from tests import scenes
from tests.assessments.http import client_of, put_mark

pytestmark = pytest.mark.django_db


def entries_of(grille: Grille) -> list[dict[str, Any]]:
    change = {"operation": str(uuid4()), "version": 0, "value": {"verdict": "acquis"}}
    critere = criteres_of(grille)[0].pk
    return [{"critere": critere, "snapshot": {"inflight": change, "next": None, "held": {}}}]


def exported(grille: Grille, entries: Any = None, /, **header: Any) -> dict[str, Any]:
    """A file as the browser writes it."""
    key_id, key = next(iter(keys_of(grille).items()))
    file = {
        "format": FORMAT,
        "version": 1,
        "soutenance": str(grille.soutenance_id),
        "grille": str(grille.pk),
        "person": str(grille.evaluateur_id),
        "created_at": "2026-11-22T10:00:00.000Z",
        "key": key_id,
        **header,
    }
    about = "\n".join(str(file[name]) for name in HEADER).encode()
    content = json.dumps(entries_of(grille) if entries is None else entries).encode()
    sealed = AESGCM(key).encrypt(b"twelve bytes", content, about)
    return {**file, "iv": b64encode(b"twelve bytes").decode(), "data": b64encode(sealed).decode()}


def send(client: Client, grille: Grille, file: Any) -> Any:
    content = file if isinstance(file, str | bytes) else json.dumps(file)
    address = reverse("api:pending_file", args=[grille.soutenance_id])
    return client.post(address, content, content_type="application/json")


def refusal_of(client: Client, grille: Grille, file: Any) -> str:
    answer = send(client, grille, file)
    assert answer.status_code in (400, 413)
    assert not Mark.objects.exists()
    return str(answer.json()["detail"])


# --- Keys


def keys(client: Client, grille: Grille) -> Any:
    return client.get(reverse("api:pending_keys", args=[grille.soutenance_id]))


def test_the_keys_are_given_to_the_author_of_the_grille_and_kept_nowhere(client, grille):
    answer = keys(client, grille)
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["person"] == str(grille.evaluateur_id)
    assert len(b64decode(answer.json()["keys"][0]["key"])) == 32


def test_nobody_else_gets_a_key_of_this_grille(grille):
    for stranger in (scenes.an_evaluateur(), scenes.a_manager()):
        assert keys(client_of(stranger), grille).status_code == 404
    assert keys(Client(), grille).status_code in (401, 403)


def test_each_grille_has_keys_of_its_own(client, grille):
    other = scenes.grille_of(scenes.a_soutenance(evaluateur=grille.evaluateur))
    assert not {item["id"] for item in keys(client, grille).json()["keys"]} & {
        item["id"] for item in keys(client, other).json()["keys"]
    }


def test_after_a_rotation_what_the_former_key_sealed_still_opens(client, grille, settings):
    file = exported(grille)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert len(keys(client, grille).json()["keys"]) == 2
    assert send(client, grille, file).status_code == 200
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert "plus en service" in refusal_of(client, grille, file)


# --- The file


def test_a_file_of_this_grille_is_given_back_as_it_was(client, grille):
    entries = entries_of(grille)
    answer = send(client, grille, exported(grille, entries))
    assert (answer.status_code, answer.json()) == (200, {"entries": entries})
    assert not Mark.objects.exists()


def test_a_file_of_another_soutenance_is_refused(client, grille):
    other = scenes.grille_of(scenes.a_soutenance(evaluateur=grille.evaluateur))
    assert "autre soutenance" in refusal_of(client, grille, exported(other))


def test_a_file_of_another_person_is_refused(client, grille):
    assert "autre personne" in refusal_of(client, grille, exported(grille, person=str(uuid4())))
    assert "autre personne" in refusal_of(client, grille, exported(grille, grille=str(uuid4())))


def test_a_header_changed_to_pass_for_this_grille_does_not_open(client, grille):
    other = scenes.grille_of(scenes.a_soutenance(evaluateur=grille.evaluateur))
    forged = {**exported(other), "soutenance": str(grille.soutenance_id), "grille": str(grille.pk)}
    assert "plus en service" in refusal_of(client, grille, forged)
    forged["key"] = next(iter(keys_of(grille)))
    assert "modifié ou abîmé" in refusal_of(client, grille, forged)


@pytest.mark.parametrize("name", ["created_at", "data", "iv"])
def test_a_file_tampered_with_is_refused_whole(client, grille, name):
    file = exported(grille)
    first = "A" if file[name][0] != "A" else "B"
    assert "modifié ou abîmé" in refusal_of(client, grille, {**file, name: first + file[name][1:]})


def test_a_truncated_file_is_refused_whole(client, grille):
    whole = json.dumps(exported(grille))
    assert "incomplet" in refusal_of(client, grille, whole[: len(whole) // 2])
    file = exported(grille)
    assert "modifié ou abîmé" in refusal_of(client, grille, {**file, "data": file["data"][:40]})


@pytest.mark.parametrize(
    "content",
    ["", "null", "[]", "{}", "12", "%PDF-1.7", "[" * 100_000, b"\xff\xfe\x00", '{"format": 1}'],
    ids=["empty", "null", "list", "object", "number", "pdf", "deep", "binary", "format"],
)
def test_what_is_not_such_a_file_is_refused(client, grille, content):
    assert "n’est pas un fichier de saisies" in refusal_of(client, grille, content)


@pytest.mark.parametrize("name", HEADER)
@pytest.mark.parametrize("value", [None, 3, [], {"a": 1}], ids=["null", "number", "list", "object"])
def test_a_header_of_another_shape_is_refused(client, grille, name, value):
    refusal_of(client, grille, {**exported(grille), name: value})


def test_a_file_too_large_is_not_read(client, grille):
    assert "trop volumineux" in refusal_of(client, grille, "x" * (SIZE_LIMIT + 1))


def test_a_file_of_another_version_is_refused(client, grille):
    assert "autre version" in refusal_of(client, grille, exported(grille, version=2))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: entry.update(critere="1"),
        lambda entry: entry.update(critere=True),
        lambda entry: entry.update(snapshot=None),
        lambda entry: entry["snapshot"].update(held=None),
        lambda entry: entry["snapshot"].update(held={"comment": "x"}),
        lambda entry: entry["snapshot"]["inflight"].update(operation="x"),
        lambda entry: entry["snapshot"]["inflight"].update(version="1"),
        lambda entry: entry["snapshot"]["inflight"].update(value=[]),
        lambda entry: entry["snapshot"]["inflight"].update(resolves={"choice": "x"}),
        lambda entry: entry["snapshot"].update(next=3),
    ],
)
def test_entries_of_another_shape_are_refused_whole(client, grille, spoil):
    good, bad = entries_of(grille)[0], entries_of(grille)[0]
    spoil(bad)
    assert "ne contient pas des saisies" in refusal_of(client, grille, exported(grille, [good, bad]))


def test_a_critere_that_is_not_judged_here_is_refused(client, grille):
    entry = {**entries_of(grille)[0], "critere": 999_999}
    assert "n’évalue plus" in refusal_of(client, grille, exported(grille, [entry]))


# --- Every request is tied to its grille


def test_what_was_typed_on_one_grille_never_lands_on_another(client, grille):
    critere = criteres_of(grille)[0].pk
    address = reverse("api:mark", args=[grille.soutenance_id, critere])
    headers = {"If-Match": '"0"', "Idempotency-Key": str(uuid4())}
    body = json.dumps({"verdict": "acquis"})
    for foreign in (str(uuid4()), "not an identifier"):
        answer = client.put(address, body, content_type="application/json", headers={**headers, "Grille-Id": foreign})
        assert answer.status_code == 404
    assert not Mark.objects.exists()
    own = {**headers, "Grille-Id": str(grille.pk)}
    assert client.put(address, body, content_type="application/json", headers=own).status_code == 200


# --- The session of a page that stays open


def test_the_session_says_who_speaks_and_brings_a_token(client, grille):
    answer = client.get(reverse("api:session"))
    assert answer.json() == {"person": str(grille.evaluateur_id), "name": str(grille.evaluateur)}
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies["csrftoken"].value
    assert Client().get(reverse("api:session")).status_code in (401, 403)


def test_a_refused_text_is_named_so_that_the_rest_can_be_stored(client, grille):
    critere = criteres_of(grille)[0].pk
    for field in ("comment", "private_note", "questions"):
        answer = put_mark(client, grille, critere, {"verdict": "acquis", field: "<b>x</b>"})
        assert (answer.status_code, answer.json()["field"]) == (400, field)
