"""Who may open the editor, on what, and until when: what is not theirs is not found."""

import pytest
from django.test import Client

from accounts.enums import Role
from core.models import JournalEntry
from referentiel.models import Referentiel
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish
from tests.referentiel.pages import TYPED, address, read

pytestmark = pytest.mark.django_db


def editing_addresses(referentiel: Referentiel) -> dict[str, str]:
    bloc = referentiel.blocs.first()
    return {
        "edit": address("edit", referentiel.pk),
        "reglement": address("reglement", referentiel.pk),
        "node": address("node", referentiel.pk, "bloc", bloc.pk),
        "node-add": address("node-add", referentiel.pk, "bloc", referentiel.pk),
        "node-remove": address("node-remove", referentiel.pk, "bloc", bloc.pk),
        "node-move": address("node-move", referentiel.pk, "bloc", bloc.pk),
        "node-place": address("node-place", referentiel.pk, "bloc", bloc.pk),
        "node-copy": address("node-copy", referentiel.pk, "bloc", bloc.pk),
        "undo": address("undo", referentiel.pk),
        "publish": address("publish", referentiel.pk),
        "drop": address("drop", referentiel.pk),
        "clone": address("clone", referentiel.pk),
        "registration": address("registration", referentiel.pk),
        "retire": address("retire", referentiel.pk),
        "certification-add": address("certification-add"),
        "draft-add": address("draft-add", referentiel.certification.pk),
    }


POST_ONLY = {"node-move", "node-copy", "undo", "clone", "draft-add"}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATEUR])
def test_nobody_else_finds_the_editor(draft: Referentiel, role: Role) -> None:
    client = Client()
    client.force_login(UserFactory(roles=[role]))

    answers = {
        name: (client.get(url).status_code, client.post(url, TYPED["bloc"]).status_code)
        for name, url in editing_addresses(draft).items()
    }

    assert set(answers.values()) == {(404, 404)}
    assert draft.blocs.count() == 2


@pytest.mark.parametrize(
    "name",
    ["edit", "reglement", "node", "node-add", "node-remove", "node-place", "node-copy", "undo", "publish", "drop"],
)
def test_a_page_left_open_until_publication_says_what_to_do(
    admin_client: Client, draft: Referentiel, name: str
) -> None:
    publish(draft)
    url = editing_addresses(draft)[name]

    response = (
        admin_client.post(url, TYPED["bloc"], follow=True) if name != "edit" else admin_client.get(url, follow=True)
    )

    assert "Clonez-le en une nouvelle version" in read(response)
    assert draft.blocs.count() == 2


def test_a_node_of_another_version_is_not_found(admin_client: Client, draft: Referentiel) -> None:
    other = build_referentiel(published=False)
    bloc = other.blocs.get()

    for name in ("node", "node-remove"):
        assert admin_client.get(address(name, draft.pk, "bloc", bloc.pk)).status_code == 404
    assert admin_client.post(address("node-move", draft.pk, "bloc", bloc.pk)).status_code == 404
    assert admin_client.get(address("node-add", draft.pk, "activite", bloc.pk)).status_code == 404
    assert admin_client.get(address("node", draft.pk, "module", bloc.pk)).status_code == 404
    assert admin_client.get(address("node", draft.pk, "bloc", 10**9)).status_code == 404


def test_reading_a_page_writes_nothing(admin_client: Client, draft: Referentiel) -> None:
    for name, url in editing_addresses(draft).items():
        assert admin_client.get(url).status_code == (405 if name in POST_ONLY else 200)
    assert Referentiel.objects.count() == 1
    assert not JournalEntry.objects.exists()
