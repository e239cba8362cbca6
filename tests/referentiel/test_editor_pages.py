"""The editor: a person who is no developer builds a draft, and nothing typed is lost."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from referentiel.models import Bloc, Critere, Referentiel
from referentiel.nodes import KINDS, seen_as, values_of
from tests.referentiel.factories import a_projet, build_referentiel
from tests.referentiel.pages import TYPED, address, read, seen_in

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def parent_in(referentiel: Referentiel, kind: Any) -> Any:
    rows = {"bloc": "blocs", "activite": "activites", "competence": "competences", "critere": "criteres"}
    return referentiel if kind.parent == "referentiel" else getattr(referentiel, rows[kind.parent]).first()


def first(referentiel: Referentiel, kind: Any) -> Any:
    return kind.siblings(parent_in(referentiel, kind)).first()


@every_kind
def test_a_node_is_added_from_its_form(admin_client: Client, draft: Referentiel, kind: Any) -> None:
    url = address("node-add", draft.pk, kind.name, parent_in(draft, kind).pk)

    assert admin_client.get(url).status_code == 200
    response = admin_client.post(url, {**TYPED[kind.name], "operation": uuid4()})

    added = list(kind.siblings(parent_in(draft, kind)))[-1]
    assert response.url == address("node", draft.pk, kind.name, added.pk)
    assert "ajouté à la fin" in read(admin_client.get(response.url))


@every_kind
def test_a_node_is_changed_from_its_form(admin_client: Client, draft: Referentiel, kind: Any) -> None:
    node = first(draft, kind)
    url = address("node", draft.pk, kind.name, node.pk)
    typed = {**TYPED[kind.name], "seen": seen_as(values_of(node))}

    response = admin_client.post(url, typed)

    assert response.url == url
    assert "Enregistré." in read(admin_client.get(url))


@every_kind
def test_a_removal_says_what_leaves_then_removes(admin_client: Client, draft: Referentiel, kind: Any) -> None:
    node = first(draft, kind)
    url = address("node-remove", draft.pk, kind.name, node.pk)

    asked = read(admin_client.get(url))
    assert f"Supprimer {kind.this}" in asked
    assert kind.model.objects.filter(pk=node.pk).exists()
    response = admin_client.post(url)

    assert response.status_code == 302
    assert not kind.model.objects.filter(pk=node.pk).exists()


def test_a_removal_counts_what_it_takes_along(admin_client: Client, draft: Referentiel) -> None:
    bloc = draft.blocs.first()

    asked = read(admin_client.get(address("node-remove", draft.pk, "bloc", bloc.pk)))

    for expected in ("1 activité<", "1 compétence<", "2 CE<", "1 sous-élément<"):
        assert expected in asked


@pytest.mark.parametrize("kind", ["bloc", "activite", "competence"])
def test_a_removal_names_the_projets_that_lose_something(admin_client: Client, draft: Referentiel, kind: str) -> None:
    for code, name in (("C1.1.1", "Vision"), ("C2.1.1", "Parole")):
        a_projet(draft, code, name=name)
    node = first(draft, KINDS[kind])

    asked = read(admin_client.get(address("node-remove", draft.pk, kind, node.pk)))

    assert "Vision" in asked
    assert "Parole" not in asked


def test_a_move_comes_back_to_its_button(admin_client: Client, draft: Referentiel) -> None:
    bloc = draft.blocs.get(number=2)

    response = admin_client.post(
        address("node-move", draft.pk, "bloc", bloc.pk), {"direction": "up", "operation": uuid4()}
    )

    assert response.url == f"{address('edit', draft.pk)}#up-bloc-{bloc.pk}"
    assert Bloc.objects.get(pk=bloc.pk).number == 1
    assert f'id="up-bloc-{bloc.pk}"' in read(admin_client.get(address("edit", draft.pk)))


def test_a_form_suggests_what_comes_next(admin_client: Client, draft: Referentiel) -> None:
    activite, competence = draft.activites.first(), draft.competences.first()
    suggested = {
        ("bloc", draft.pk): 'value="3"',
        ("activite", draft.blocs.first().pk): 'value="A1.2"',
        ("competence", activite.pk): 'value="C1.1.2"',
        ("critere", competence.pk): 'value="3"',
    }

    for (kind, parent), expected in suggested.items():
        assert expected in read(admin_client.get(address("node-add", draft.pk, kind, parent)))


def test_a_code_already_taken_is_told_and_nothing_typed_is_lost(admin_client: Client, draft: Referentiel) -> None:
    url = address("node-add", draft.pk, "activite", draft.blocs.last().pk)

    response = admin_client.post(url, {"code": "A1.1", "title": "Un intitulé tapé longuement", "operation": uuid4()})

    assert response.status_code == 422
    assert "Ce code d’activité est déjà pris" in read(response)
    assert "Un intitulé tapé longuement" in read(response)


def test_a_text_too_long_is_told_and_nothing_typed_is_lost(admin_client: Client, draft: Referentiel) -> None:
    critere = draft.criteres.first()
    url = address("node", draft.pk, "critere", critere.pk)

    response = admin_client.post(url, {"number": 1, "text": "x" * 100_000})

    assert response.status_code == 422
    assert "20000 caractères" in read(response)
    assert "x" * 100_000 in read(response)
    assert Critere.objects.get(pk=critere.pk).text == critere.text


def test_what_is_pasted_is_kept_but_for_the_ends_of_lines(admin_client: Client, draft: Referentiel) -> None:
    pasted = " « L’élève »\ta réussi…\r\n\r\n● Deuxième  paragraphe\rfin "
    critere = draft.criteres.first()

    admin_client.post(address("node", draft.pk, "critere", critere.pk), {"number": 1, "text": pasted})

    kept = " « L’élève »\ta réussi…\n\n● Deuxième  paragraphe\nfin "
    assert Critere.objects.get(pk=critere.pk).text == kept


def test_a_form_saved_twice_keeps_the_text_as_it_is(admin_client: Client, draft: Referentiel) -> None:
    """A textarea drops the first line end it is given."""
    critere = draft.criteres.first()
    url = address("node", draft.pk, "critere", critere.pk)
    admin_client.post(url, {"number": 1, "text": "\nUne ligne vide d’abord"})

    text = read(admin_client.get(url))

    assert ">\n\nUne ligne vide d’abord</textarea>" in text


@pytest.mark.parametrize("character", ["\x0b", "\x02", "\ufffe"], ids=repr)
def test_an_invisible_character_is_told_where_it_is(admin_client: Client, draft: Referentiel, character: str) -> None:
    """What a PDF brings along with its words; no workbook could hold it, no export come back."""
    critere = draft.criteres.first()
    pasted = f"Le candidat{character} réussit."

    response = admin_client.post(address("node", draft.pk, "critere", critere.pk), {"number": 1, "text": pasted})

    assert response.status_code == 422
    assert "Un caractère invisible suit «\u00a0Le candidat\u00a0»" in read(response)
    assert Critere.objects.get(pk=critere.pk).text == critere.text


def test_a_node_corrected_after_a_refusal_does_not_write_over_somebody_else(
    admin_client: Client, draft: Referentiel
) -> None:
    """R-SCO-4: the page refused still starts from what was shown first."""
    bloc = draft.blocs.first()
    typed = {"number": 1, "title": "", "seen": seen_as(values_of(bloc))}
    Bloc.objects.filter(pk=bloc.pk).update(title="Écrit par une collègue")
    url = address("node", draft.pk, "bloc", bloc.pk)

    refused = admin_client.post(url, typed)
    corrected = admin_client.post(url, {**typed, "title": "Le mien", "seen": seen_in(read(refused))})

    assert (refused.status_code, corrected.status_code) == (422, 412)
    assert Bloc.objects.get(pk=bloc.pk).title == "Écrit par une collègue"


def test_a_stale_form_shows_both_values(admin_client: Client, draft: Referentiel) -> None:
    bloc = draft.blocs.first()
    seen = seen_as(values_of(bloc))
    Bloc.objects.filter(pk=bloc.pk).update(title="Écrit par une collègue")
    url = address("node", draft.pk, "bloc", bloc.pk)

    response = admin_client.post(url, {"number": 1, "title": "Écrit par moi", "seen": seen})

    shown = read(response)
    assert "depuis que vous l’avez ouvert" in shown
    assert "Écrit par une collègue" in shown
    assert "Écrit par moi" in shown
    again = admin_client.post(
        url, {"number": 1, "title": "Écrit par moi", "seen": seen_as(values_of(Bloc.objects.get(pk=bloc.pk)))}
    )
    assert again.status_code == 302


def test_the_overview_leads_to_what_lacks(admin_client: Client, draft: Referentiel) -> None:
    competence = draft.competences.first()
    competence.criteres.all().delete()

    shown = read(admin_client.get(address("edit", draft.pk)))

    assert "1 point à compléter" in shown
    assert address("node", draft.pk, "competence", competence.pk) in shown


AFTER_A_CHANGE = {"edit": 21, "reglement": 20, "publish": 31, "competence": 24}
CHECKS = 12  # what the checks read; kept until the next change


@pytest.mark.parametrize("blocs", [1, 3])
@pytest.mark.parametrize("name", AFTER_A_CHANGE)
def test_an_editor_page_costs_the_same_whatever_the_size(
    admin_client: Client, blocs: int, name: str, django_assert_num_queries: Any
) -> None:
    draft = build_referentiel(blocs=blocs, activites=2, competences=2, criteres=3, published=False)
    url = (
        address(name, draft.pk)
        if name != "competence"
        else address("node", draft.pk, name, draft.competences.first().pk)
    )

    with django_assert_num_queries(AFTER_A_CHANGE[name]):
        admin_client.get(url)
    with django_assert_num_queries(AFTER_A_CHANGE[name] - CHECKS):
        admin_client.get(url)


def test_the_tree_opens_where_one_works(admin_client: Client, draft: Referentiel) -> None:
    first, second = draft.competences.order_by("code")

    shown = read(admin_client.get(address("node", draft.pk, "activite", second.activite_id)))

    assert address("node", draft.pk, "competence", second.pk) in shown
    assert address("node", draft.pk, "competence", first.pk) not in shown
    assert address("node", draft.pk, "bloc", first.activite.bloc_id) in shown


def test_a_bloc_too_large_for_the_tree_opens_one_activite(
    admin_client: Client, draft: Referentiel, monkeypatch: Any
) -> None:
    monkeypatch.setattr("referentiel.queries.editor.MOST_SHOWN", 1)
    bloc = draft.blocs.first()
    other = bloc.activites.create(referentiel=draft, position=2, code="A1.2", title="Une autre")
    hidden = other.competences.create(referentiel=draft, position=1, code="C1.2.7", statement="Énoncé")
    here = bloc.activites.get(position=1).competences.get()

    shown = read(admin_client.get(address("node", draft.pk, "competence", here.pk)))

    assert f'href="{address("node", draft.pk, "competence", here.pk)}" data-accepts' in shown
    assert f'data-accepts="critere" data-parent="{hidden.pk}"' not in shown
    assert "A1.2" in shown


def test_a_code_with_a_small_figure_is_found(admin_client: Client, draft: Referentiel) -> None:
    """« ² » is a digit that makes no number: it is read as a letter when what was found is put in order."""
    draft.competences.filter(pk=draft.competences.first().pk).update(code="C1²")

    answer = admin_client.get(address("edit", draft.pk), {"q": "C1"})

    assert (answer.status_code, "C1²" in read(answer)) == (200, True)
