"""R-REF-1, R-REF-2: what an administrateur does to the tree of a draft."""

from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from core.exceptions import Refusal, Stale
from core.models import JournalEntry
from referentiel.models import Activite, Bloc, Critere, Referentiel, Section, SousElement
from referentiel.nodes import KINDS, MAX_TEXT, InvalidNode, name_of, seen_as, taken_along_with, values_of
from referentiel.services.drafts import Frozen
from referentiel.services.editing import add_node, change_node, move_node, remove_node
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db
VALUES: dict[str, dict[str, Any]] = {
    "section": {"title": "Titre", "text": "Texte"},
    "bloc": {"number": 9, "title": "Neuvième bloc"},
    "activite": {"code": "A9.9", "title": "Titre"},
    "competence": {"code": "C9.9", "statement": "Énoncé"},
    "critere": {"number": 9, "text": "Le candidat a réussi."},
    "sous-element": {"text": "Texte"},
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.fixture
def admin() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


@pytest.fixture
def draft() -> Referentiel:
    referentiel = build_referentiel(blocs=3, activites=2, competences=2, published=False)
    SousElement.objects.create(critere=referentiel.criteres.first(), position=1, text="Premier")
    return referentiel


def parent_in(referentiel: Referentiel, kind: Any) -> Any:
    rows = {"bloc": "blocs", "activite": "activites", "competence": "competences", "critere": "criteres"}
    return referentiel if kind.parent == "referentiel" else getattr(referentiel, rows[kind.parent]).first()


def first(referentiel: Referentiel, kind: Any) -> Any:
    return kind.siblings(parent_in(referentiel, kind)).first()


@every_kind
def test_a_node_is_added_last_and_the_journal_says_so(draft: Referentiel, admin: User, kind: Any) -> None:
    parent = parent_in(draft, kind)

    node = add_node(kind, parent=parent, values=VALUES[kind.name], by=admin)

    assert list(kind.siblings(parent))[-1] == node
    entry = JournalEntry.objects.get(verb=f"referentiel.{kind.name}_added")
    assert (entry.actor, entry.subject_id) == (admin, str(draft.pk))
    assert entry.data["node"] == name_of(node)


@every_kind
def test_a_node_is_changed_and_the_journal_keeps_both_values(draft: Referentiel, admin: User, kind: Any) -> None:
    node = first(draft, kind)
    name = kind.fields[-1] if kind.name != "critere" else "text"

    changed = change_node(node, values={name: "Autre texte"}, by=admin)

    node.refresh_from_db()
    assert changed
    assert getattr(node, name) == "Autre texte"
    entry = JournalEntry.objects.get(verb=f"referentiel.{kind.name}_changed")
    assert entry.data["after"] == {name: "Autre texte"}
    assert entry.data["before"][name] != "Autre texte"


@every_kind
def test_saving_a_node_as_it_is_writes_nothing(draft: Referentiel, admin: User, kind: Any) -> None:
    node = first(draft, kind)

    assert not change_node(node, values=values_of(node), by=admin)

    assert not JournalEntry.objects.exists()


@every_kind
def test_a_node_is_removed_with_what_it_holds(draft: Referentiel, admin: User, kind: Any) -> None:
    node = first(draft, kind)
    along = {word: count for count, word in taken_along_with(node)}

    remove_node(node, by=admin)

    assert not kind.model.objects.filter(pk=node.pk).exists()
    assert JournalEntry.objects.get().data["with"] == along


@every_kind
def test_nothing_is_edited_in_a_published_version(draft: Referentiel, admin: User, kind: Any) -> None:
    publish(draft)
    node = first(draft, kind)

    for attempt in (
        lambda: add_node(kind, parent=parent_in(draft, kind), values=VALUES[kind.name], by=admin),
        lambda: change_node(node, values=VALUES[kind.name], by=admin),
        lambda: move_node(node, direction="down", by=admin),
        lambda: remove_node(node, by=admin),
    ):
        with pytest.raises(Frozen, match="Clonez-le"):
            attempt()
    assert not JournalEntry.objects.exists()


def test_what_leaves_with_a_bloc_is_counted_in_one_query(draft: Referentiel, django_assert_num_queries: Any) -> None:
    bloc = draft.blocs.get(number=1)

    with django_assert_num_queries(1):
        along = taken_along_with(bloc)

    assert along == [(2, "activité"), (4, "compétence"), (8, "CE"), (1, "sous-élément")]


def test_nodes_move_up_and_down(draft: Referentiel, admin: User) -> None:
    parent = draft.competences.first()
    numbers = lambda: [critere.number for critere in KINDS["critere"].siblings(parent)]  # noqa: E731
    add_node(KINDS["critere"], parent=parent, values=VALUES["critere"], by=admin)
    last = parent.criteres.get(number=9)

    assert move_node(last, direction="up", by=admin)
    assert numbers() == [1, 9, 2]
    assert move_node(last, direction="up", by=admin)
    assert not move_node(last, direction="up", by=admin)
    assert numbers() == [9, 1, 2]
    assert move_node(last, direction="down", by=admin)
    assert numbers() == [1, 9, 2]


def test_a_bloc_that_moves_takes_the_number_of_the_other(draft: Referentiel, admin: User) -> None:
    move_node(draft.blocs.get(number=2), direction="up", by=admin)

    assert [bloc.title[-1] for bloc in draft.blocs.order_by("number")] == ["2", "1", "3"]


def test_sections_and_sub_items_move_though_their_rank_is_unique(draft: Referentiel, admin: User) -> None:
    second = add_node(KINDS["section"], parent=draft, values=VALUES["section"], by=admin)
    critere = draft.criteres.first()
    other = add_node(KINDS["sous-element"], parent=critere, values={"text": "Second"}, by=admin)

    move_node(second, direction="up", by=admin)
    move_node(other, direction="up", by=admin)

    assert Section.objects.filter(referentiel=draft).first() == second
    assert [found.text for found in critere.sous_elements.all()] == ["Second", "Premier"]


def test_siblings_left_with_the_same_rank_can_be_moved(draft: Referentiel, admin: User) -> None:
    competence = draft.competences.first()
    competence.criteres.update(position=1)

    move_node(competence.criteres.get(number=1), direction="down", by=admin)

    assert [critere.number for critere in competence.criteres.order_by("position")] == [2, 1]


TAKEN = [
    ("bloc", {"number": 1, "title": "x"}, "number", "Ce numéro de bloc est déjà pris"),
    ("activite", {"code": "A1.1", "title": "x"}, "code", "Ce code d’activité est déjà pris"),
    ("competence", {"code": "C1.1.1", "statement": "x"}, "code", "Ce code de compétence est déjà pris"),
    ("critere", {"number": 1, "text": "x"}, "number", "Ce numéro de CE est déjà pris"),
]


@pytest.mark.parametrize(("name", "values", "field", "message"), TAKEN, ids=[case[0] for case in TAKEN])
def test_a_code_already_taken_is_told_on_its_field(
    draft: Referentiel, admin: User, name: str, values: dict[str, Any], field: str, message: str
) -> None:
    kind = KINDS[name]

    with pytest.raises(InvalidNode) as refusal:
        add_node(kind, parent=parent_in(draft, kind), values=values, by=admin)

    assert message in refusal.value.errors[field][0]


def test_a_code_is_looked_for_in_the_whole_version(draft: Referentiel, admin: User) -> None:
    last = draft.blocs.get(number=3)

    with pytest.raises(InvalidNode, match="déjà pris"):
        add_node(KINDS["activite"], parent=last, values={"code": "A1.1", "title": "x"}, by=admin)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"text": ""}, "text", "ne peut pas rester vide"),
        ({"text": " \n\t"}, "text", "ne peut pas rester vide"),
        ({"text": "x" * 100_000}, "text", f"le maximum est {MAX_TEXT}"),
        ({"rubrique": "x" * 100_000}, "rubrique", f"le maximum est {MAX_TEXT}"),
        ({"number": 0}, "number", ""),
        ({"number": 40_000}, "number", ""),
        ({"threshold": -1}, "threshold", ""),
    ],
)
def test_values_out_of_bounds_are_told_on_their_field(
    draft: Referentiel, admin: User, values: dict[str, Any], field: str, message: str
) -> None:
    critere = draft.criteres.first()

    with pytest.raises(InvalidNode) as refusal:
        change_node(critere, values=values, by=admin)

    assert message in refusal.value.errors[field][0]
    assert Critere.objects.filter(pk=critere.pk, text=critere.text, number=critere.number).exists()


def test_a_code_is_written_without_spaces(draft: Referentiel, admin: User) -> None:
    with pytest.raises(InvalidNode, match="sans espace"):
        change_node(draft.activites.first(), values={"code": "A 1"}, by=admin)


def test_what_somebody_else_wrote_since_is_not_overwritten(draft: Referentiel, admin: User) -> None:
    bloc = draft.blocs.first()
    seen = seen_as(values_of(bloc))
    change_node(bloc, values={"title": "La version d’une collègue"}, by=admin)

    with pytest.raises(Stale, match="depuis que vous l’avez ouvert"):
        change_node(bloc, values={"title": "La mienne"}, by=admin, seen=seen)

    assert Bloc.objects.get(pk=bloc.pk).title == "La version d’une collègue"


def test_what_somebody_else_removed_is_told(draft: Referentiel, admin: User) -> None:
    bloc, activite = draft.blocs.first(), draft.activites.first()
    Bloc.objects.filter(pk=bloc.pk).delete()

    for attempt in (
        lambda: add_node(KINDS["activite"], parent=bloc, values=VALUES["activite"], by=admin),
        lambda: change_node(activite, values={"title": "x"}, by=admin),
        lambda: move_node(activite, direction="up", by=admin),
        lambda: remove_node(activite, by=admin),
    ):
        with pytest.raises(Refusal, match="supprimé entre-temps"):
            attempt()
    assert Activite.objects.filter(referentiel=draft).count() == 4
