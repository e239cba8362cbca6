"""R-ALL-2 for the editor: a form sent twenty times acts once, and only for what it was rendered for."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.models import JournalEntry
from referentiel.models import Referentiel
from referentiel.nodes import KINDS
from tests.referentiel.pages import TYPED, address, read

pytestmark = pytest.mark.django_db
TWENTY = 20
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def parent_in(referentiel: Referentiel, kind: Any) -> Any:
    rows = {"bloc": "blocs", "activite": "activites", "competence": "competences", "critere": "criteres"}
    return referentiel if kind.parent == "referentiel" else getattr(referentiel, rows[kind.parent]).first()


def operations_in(page: str) -> list[str]:
    return re.findall(r'name="operation" value="([0-9a-f-]{36})"', page)


@every_kind
def test_a_form_sent_twenty_times_adds_one_node(admin_client: Client, draft: Referentiel, kind: Any) -> None:
    parent = parent_in(draft, kind)
    url = address("node-add", draft.pk, kind.name, parent.pk)
    before = kind.siblings(parent).count()
    (operation,) = operations_in(read(admin_client.get(url)))

    answers = {
        admin_client.post(url, {**TYPED[kind.name], "operation": operation}).headers["Location"] for _ in range(TWENTY)
    }

    assert kind.siblings(parent).count() == before + 1
    assert len(answers) == 1
    assert JournalEntry.objects.filter(verb=f"referentiel.{kind.name}_added").count() == 1


def test_two_forms_with_the_same_text_add_two(admin_client: Client, draft: Referentiel) -> None:
    critere = draft.criteres.first()
    url, before = address("node-add", draft.pk, "sous-element", critere.pk), critere.sous_elements.count()

    for _ in range(2):
        (operation,) = operations_in(read(admin_client.get(url)))
        admin_client.post(url, {"text": "Même texte", "operation": operation})

    assert critere.sous_elements.count() == before + 2


def test_a_form_without_its_operation_adds_nothing_and_keeps_what_was_typed(
    admin_client: Client, draft: Referentiel
) -> None:
    critere = draft.criteres.first()
    before = critere.sous_elements.count()

    answer = admin_client.post(address("node-add", draft.pk, "sous-element", critere.pk), {"text": "Tapé"})

    assert answer.status_code == 422
    assert "Tapé" in read(answer)
    assert critere.sous_elements.count() == before


def test_an_operation_does_not_serve_for_something_else(admin_client: Client, draft: Referentiel) -> None:
    critere, operation = draft.criteres.first(), uuid4()
    typed = {"text": "Un", "operation": operation}
    admin_client.post(address("node-add", draft.pk, "sous-element", critere.pk), typed)

    answer = admin_client.post(
        address("node-add", draft.pk, "section", draft.pk), {**TYPED["section"], "operation": operation}
    )

    assert "a déjà servi à autre chose" in read(answer)
    assert not draft.sections.filter(title="Titre").exists()


def test_a_node_added_then_removed_is_not_added_again_by_the_old_form(admin_client: Client, draft: Referentiel) -> None:
    critere, typed = draft.criteres.first(), {"text": "Ajouté", "operation": uuid4()}
    url = address("node-add", draft.pk, "sous-element", critere.pk)
    admin_client.post(url, typed)
    critere.sous_elements.filter(text="Ajouté").delete()

    assert "supprimé entre-temps" in read(admin_client.post(url, typed))
    assert not critere.sous_elements.filter(text="Ajouté").exists()


def test_a_move_sent_twenty_times_moves_once(admin_client: Client, draft: Referentiel) -> None:
    competence = draft.competences.first()
    for number in (8, 9):
        competence.criteres.create(referentiel=draft, number=number, position=number, text="Texte")
    last = competence.criteres.get(number=9)
    page = read(admin_client.get(address("node", draft.pk, "competence", competence.pk)))
    assert len(set(operations_in(page))) == competence.criteres.count() + 1  # the other one copies the compétence
    typed = {"direction": "up", "operation": operations_in(page)[-1]}

    for _ in range(TWENTY):
        admin_client.post(address("node-move", draft.pk, "critere", last.pk), typed)

    assert list(KINDS["critere"].siblings(competence).values_list("number", flat=True))[-2:] == [9, 8]
    assert JournalEntry.objects.filter(verb="referentiel.critere_moved").count() == 1


def test_the_other_button_of_a_form_already_sent_is_refused_in_words(admin_client: Client, draft: Referentiel) -> None:
    bloc, operation = draft.blocs.get(number=1), uuid4()
    url = address("node-move", draft.pk, "bloc", bloc.pk)
    admin_client.post(url, {"direction": "down", "operation": operation})

    answer = admin_client.post(url, {"direction": "up", "operation": operation}, follow=True)

    assert "a déjà servi à autre chose" in read(answer)
    assert type(bloc).objects.get(pk=bloc.pk).number == 2


@pytest.mark.parametrize("typed", [{}, {"direction": ""}, {"direction": "sideways"}, {"direction": "UP"}])
def test_a_move_that_says_no_direction_is_refused_in_words(
    admin_client: Client, draft: Referentiel, typed: dict[str, str]
) -> None:
    bloc = draft.blocs.get(number=1)

    answer = admin_client.post(address("node-move", draft.pk, "bloc", bloc.pk), {**typed, "operation": uuid4()})

    assert answer.status_code == 400
    assert "ne dit pas s’il monte ou descend" in read(answer)
    assert type(bloc).objects.get(pk=bloc.pk).number == 1
