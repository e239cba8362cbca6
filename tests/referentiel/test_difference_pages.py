"""The difference between two versions, as a page and as a PDF (R-REF-2)."""

from typing import Any

import page
import pytest
from django.test import Client

from accounts.enums import Role
from referentiel.comparison import FOLDED, compared
from referentiel.models import Critere, Referentiel
from referentiel.nodes import values_of
from referentiel.queries.tree import content_of
from referentiel.services.editing import change_node, move_node
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.printed import words_of
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address, read

pytestmark = pytest.mark.django_db


def clone_of(source: Referentiel, *, reworded: int = 1) -> Referentiel:
    by = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = clone_to_draft(source, by=by)
    for critere in draft.criteres.order_by("pk")[:reworded]:
        change_node(critere, values={**values_of(critere), "text": f"{critere.text} Et daté."}, by=by)
    return draft


def test_words_added_are_marked_by_more_than_colour(admin_client: Client) -> None:
    draft = clone_of(source := build_referentiel())

    shown = read(admin_client.get(address("differences", draft.pk, source.pk)))

    assert '<ins><span class="visually-hidden">[ajouté' in shown
    assert "Et daté." in shown
    assert "Reformulé" in shown
    assert "C1.1.1 CE1" in shown


def test_the_other_way_round_the_words_are_removed(admin_client: Client) -> None:
    draft = clone_of(source := build_referentiel())

    shown = read(admin_client.get(address("differences", source.pk, draft.pk)))

    assert '<del><span class="visually-hidden">[supprimé' in shown


def test_a_move_says_from_where_to_where(admin_client: Client) -> None:
    source = build_referentiel(criteres=3)
    draft = clone_of(source, reworded=0)
    move_node(draft.criteres.order_by("position")[2], direction="up", by=UserFactory(roles=[Role.ADMINISTRATEUR]))

    shown = read(admin_client.get(address("differences", draft.pk, source.pk)))

    assert "Déplacé" in shown
    assert "<strong>rang " in shown


def test_two_versions_of_two_certifications_are_not_compared(admin_client: Client) -> None:
    one, other = build_referentiel(), build_referentiel()

    assert admin_client.get(address("differences", one.pk, other.pk)).status_code == 404
    assert admin_client.get(address("differences", one.pk, one.pk)).status_code == 404


def test_a_draft_is_compared_only_by_those_who_may_see_it() -> None:
    draft = clone_of(source := build_referentiel())
    client = Client()
    client.force_login(UserFactory(roles=[Role.EVALUATEUR]))

    for name in ("differences", "differences-pdf"):
        assert client.get(address(name, draft.pk, source.pk)).status_code == 404
        assert client.get(address(name, source.pk, draft.pk)).status_code == 404


def test_what_was_written_since_is_in_the_next_page(admin_client: Client) -> None:
    draft = clone_of(source := build_referentiel())
    admin_client.get(address("differences", draft.pk, source.pk))
    bloc = draft.blocs.get()

    change_node(bloc, values={**values_of(bloc), "title": "Un intitulé neuf"}, by=UserFactory())

    assert "neuf" in read(admin_client.get(address("differences", draft.pk, source.pk)))


def test_with_many_changes_each_bloc_is_read_when_it_is_opened(admin_client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("referentiel.views.comparing.MOST_SHOWN", 1)
    draft = clone_of(source := build_referentiel(blocs=2), reworded=4)
    whole = address("differences", draft.pk, source.pk)
    bloc = f"{whole}?bloc={draft.blocs.get(number=2).lineage}"

    shown = read(admin_client.get(whole))
    part = read(admin_client.get(bloc, headers={"hx-request": "true"}))
    alone = read(admin_client.get(bloc))

    assert f'hx-get="{bloc}"' in shown
    assert "Et daté." not in shown
    assert "C2.1.1 CE1" in part
    assert "C1.1.1 CE1" not in part
    assert "<html" in alone
    assert "<html" not in part
    assert admin_client.get(f"{whole}?bloc=nothing").status_code == 404


@pytest.mark.parametrize("blocs", [1, 3])
def test_the_page_asks_as_many_queries_whatever_the_size(
    admin_client: Client, blocs: int, django_assert_num_queries: Any
) -> None:
    draft = clone_of(source := build_referentiel(blocs=blocs))
    admin_client.get(address("list"))

    with django_assert_num_queries(FIRST):
        admin_client.get(address("differences", draft.pk, source.pk))
    with django_assert_num_queries(AGAIN):
        admin_client.get(address("differences", draft.pk, source.pk))


FIRST, AGAIN = 25, 6


def test_long_passages_that_did_not_change_are_folded() -> None:
    old = content_of(build_referentiel())
    words = " ".join(f"mot{at}" for at in range(200))
    new: Any = content_of(Referentiel.objects.get())
    for content, last in ((old, "fin."), (new, "chute.")):
        content["blocs"][0]["activites"][0]["competences"][0]["statement"] = f"{words} {last}"

    (group,) = compared(old, new).groups
    text = "".join(piece.text for piece in group.lines[0].fields[0].pieces)

    assert FOLDED in text
    assert len(text) < len(words) / 3
    assert "fin" in text
    assert "chute" in text


def test_the_pdf_tells_the_same_changes(admin_client: Client) -> None:
    draft = clone_of(source := build_referentiel())
    critere = Critere.objects.filter(referentiel=draft).first()
    assert critere is not None

    answer = admin_client.get(address("differences-pdf", draft.pk, source.pk))

    assert not page.validate_pdf_bytes(answer.content, profile="ua1").failures
    text = words_of(answer.content)
    assert "Et daté." in text
    assert "C1.1.1 CE1" in text
    assert "filename" in answer["Content-Disposition"]
