"""R-REF-1: nodes put elsewhere in a draft and copied, nothing lost on the way."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.enums import Role
from accounts.models import User
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from referentiel.models import Activite, Bloc, Competence, Critere, Referentiel
from referentiel.nodes import KINDS, name_of
from referentiel.recoding import next_code, under
from referentiel.services.copying import copy_node
from referentiel.services.drafts import Frozen
from referentiel.services.placing import place_node
from referentiel.services.subtrees import subtree_of
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import a_draft_to_arrange, build_referentiel, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


@pytest.fixture
def draft() -> Referentiel:
    return a_draft_to_arrange()


def competence(draft: Referentiel, code: str) -> Competence:
    return Competence.objects.get(referentiel=draft, code=code)


def texts(rows: Any) -> list[str]:
    return [item.text for item in rows.order_by("position")]


@pytest.mark.parametrize(("rank", "expected"), [(1, "312"), (2, "132"), (3, "123"), (9, "123")])
def test_a_node_goes_to_the_rank_asked_for(draft: Referentiel, admin: User, rank: int, expected: str) -> None:
    items = draft.criteres.first().sous_elements

    place_node(items.get(position=3), rank=rank, by=admin)

    assert [text[-1] for text in texts(items)] == list(expected)


def test_a_bloc_put_first_shares_out_the_numbers(draft: Referentiel, admin: User) -> None:
    Bloc.objects.filter(referentiel=draft, number=3).update(number=7)

    place_node(draft.blocs.get(number=7), rank=1, by=admin)

    assert [(bloc.number, bloc.title[-1]) for bloc in draft.blocs.order_by("number")] == [(1, "3"), (2, "1"), (7, "2")]


def test_a_ce_under_another_competence_takes_a_free_number_and_its_sub_items(draft: Referentiel, admin: User) -> None:
    critere = Critere.objects.get(pk=draft.criteres.first().pk)
    arrival = competence(draft, "C3.2.2")

    place_node(critere, parent=arrival, by=admin)

    critere.refresh_from_db()
    assert name_of(critere) == "C3.2.2 CE4"
    assert [row.number for row in KINDS["critere"].siblings(arrival)] == [1, 2, 3, 4]
    assert critere.sous_elements.count() == 3
    entry = JournalEntry.objects.get(verb="referentiel.critere_moved")
    assert (entry.data["was"], entry.data["node"]) == ("C1.1.1 CE1", "C3.2.2 CE4")


def test_a_competence_under_another_activite_keeps_its_code(draft: Referentiel, admin: User) -> None:
    arrival = Activite.objects.get(referentiel=draft, code="A3.1")

    place_node(competence(draft, "C1.1.2"), parent=arrival, rank=1, by=admin)

    assert [row.code for row in KINDS["competence"].siblings(arrival)] == ["C1.1.2", "C3.1.1", "C3.1.2"]


def test_a_place_it_has_already_writes_nothing(draft: Referentiel, admin: User) -> None:
    node = competence(draft, "C1.1.2")

    assert not place_node(node, rank=2, by=admin)
    assert not place_node(node, parent=node.activite, rank=2, by=admin)
    assert not JournalEntry.objects.exists()


def test_a_node_goes_neither_under_another_level_nor_into_another_version(draft: Referentiel, admin: User) -> None:
    node, other = competence(draft, "C1.1.2"), build_referentiel(published=False)

    for parent in (draft.blocs.first(), node, draft, other.activites.get()):
        with pytest.raises(InvalidInput, match="à cet endroit"):
            place_node(node, parent=parent, by=admin)
    assert not JournalEntry.objects.exists()


def test_a_copy_has_its_own_codes_and_all_the_words(draft: Referentiel, admin: User) -> None:
    original = draft.blocs.get(number=1)

    copy = copy_node(original, by=admin)

    assert isinstance(copy, Bloc)
    assert copy.number == 4
    assert [row.code for row in copy.activites.order_by("position")] == ["A4.1", "A4.2"]
    codes = Competence.objects.filter(activite__bloc=copy).order_by("activite__position", "position")
    assert [row.code for row in codes] == ["C4.1.1", "C4.1.2", "C4.2.1", "C4.2.2"]
    one, other = subtree_of(original), subtree_of(copy)
    assert _words(one) == _words(other)
    assert not _lineages(one) & _lineages(other)


def test_a_copied_ce_takes_the_next_number_and_its_sub_items(draft: Referentiel, admin: User) -> None:
    critere = draft.criteres.first()

    copy = copy_node(critere, by=admin)

    assert name_of(copy) == "C1.1.1 CE4"
    assert texts(copy.sous_elements) == ["Item 1", "Item 2", "Item 3"]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
def test_every_level_is_copied_once_per_form(draft: Referentiel, admin: User, kind: str) -> None:
    rows = KINDS[kind].model._default_manager
    node, before, operation = rows.first(), rows.count(), uuid4()

    made = {copy_node(node, by=admin, operation=operation).pk for _ in range(5)}

    assert (len(made), rows.count()) == (1, before + 1)


def test_nothing_is_arranged_in_a_published_version(draft: Referentiel, admin: User) -> None:
    publish(draft)

    for attempt in (
        lambda: place_node(draft.criteres.first(), rank=3, by=admin),
        lambda: copy_node(draft.blocs.first(), by=admin),
    ):
        with pytest.raises(Frozen):
            attempt()


def test_an_operation_that_served_for_another_place_is_refused(draft: Referentiel, admin: User) -> None:
    node, operation = competence(draft, "C1.1.2"), uuid4()
    place_node(node, rank=1, by=admin, operation=operation)

    assert place_node(node, rank=1, by=admin, operation=operation)
    with pytest.raises(Refusal, match="déjà servi"):
        place_node(node, rank=2, by=admin, operation=operation)
    with pytest.raises(Refusal, match="déjà servi"):
        copy_node(node, by=admin, operation=operation)


@pytest.mark.parametrize(
    ("code", "old", "new", "expected"),
    [
        ("C1.2.3", "A1.2", "A1.5", "C1.5.3"),
        ("A1.2", "1", "4", "A4.2"),
        ("C12.1", "1", "4", "C12.2"),
        ("Z9", "A1.2", "A1.5", "Z9"),
    ],
)
def test_a_code_follows_its_parent_s(code: str, old: str, new: str, expected: str) -> None:
    assert under(code, old, new, {"C12.1"}) == expected


def test_a_code_without_number_gets_one() -> None:
    assert next_code("Annexe", {"Annexe", "Annexe-1"}) == "Annexe-2"


def _words(tree: dict[str, Any]) -> list[Any]:
    values = {name: value for name, value in tree["values"].items() if name not in ("code", "number")}
    return [tree["kind"], values, [_words(child) for child in tree["children"]]]


def _lineages(tree: dict[str, Any]) -> set[str]:
    return {tree["lineage"]}.union(*map(_lineages, tree["children"])) - {""}
