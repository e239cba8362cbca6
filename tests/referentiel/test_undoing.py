"""R-ALL-1: the last change is taken back by another change, made from what the journal kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from core.exceptions import Refusal
from core.journal import first_broken_link
from core.models import JournalEntry
from referentiel.models import Activite, Bloc, Competence, Referentiel, Registration, SousElement
from referentiel.nodes import KINDS
from referentiel.queries.tree import content_of
from referentiel.queries.undoing import last_undoable
from referentiel.services.copying import copy_node
from referentiel.services.drafts import Frozen
from referentiel.services.editing import add_node, change_node, move_node, remove_node
from referentiel.services.placing import place_node
from referentiel.services.settling import change_reglement, record_registration
from referentiel.services.undoing import undo_change
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import a_draft_to_arrange, a_projet, build_referentiel, publish

pytestmark = pytest.mark.django_db
PHASES = [{"name": "Démonstration", "minutes": 45}]
Act = Callable[[Referentiel, User], Any]


@pytest.fixture
def admin() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


@pytest.fixture
def draft() -> Referentiel:
    return a_draft_to_arrange()


def undo(draft: Referentiel, by: User) -> Any:
    last = last_undoable(draft, by)
    assert last is not None
    return undo_change(draft, sequence=last.sequence, by=by)


def a_competence(draft: Referentiel) -> Competence:
    return Competence.objects.get(referentiel=draft, code="C1.1.2")


ACTS: dict[str, Act] = {
    "changed": lambda draft, by: change_node(a_competence(draft), values={"statement": "Autre"}, by=by),
    "changed code": lambda draft, by: change_node(a_competence(draft), values={"code": "C9.9"}, by=by),
    "added": lambda draft, by: add_node(
        KINDS["critere"], parent=a_competence(draft), values={"number": 8, "text": "x"}, by=by
    ),
    "bloc moved": lambda draft, by: move_node(draft.blocs.get(number=3), direction="up", by=by),
    "CE placed": lambda draft, by: place_node(a_competence(draft).criteres.get(number=3), rank=1, by=by),
    "CE under another": lambda draft, by: place_node(draft.criteres.first(), parent=a_competence(draft), rank=2, by=by),
    "compétence under another": lambda draft, by: place_node(
        a_competence(draft), parent=Activite.objects.get(referentiel=draft, code="A3.2"), rank=1, by=by
    ),
    "bloc removed": lambda draft, by: remove_node(draft.blocs.get(number=1), by=by),
    "section removed": lambda draft, by: remove_node(draft.sections.get(), by=by),
    "CE removed": lambda draft, by: remove_node(draft.criteres.first(), by=by),
    "sub-item removed": lambda _, by: remove_node(SousElement.objects.get(position=1), by=by),
    "bloc copied": lambda draft, by: copy_node(draft.blocs.get(number=1), by=by),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_change_taken_back_leaves_the_draft_as_it_was(draft: Referentiel, admin: User, name: str) -> None:
    before = content_of(draft)
    ACTS[name](draft, admin)
    assert content_of(draft) != before

    undo(draft, admin)

    assert content_of(draft) == before
    assert JournalEntry.objects.filter(verb="referentiel.change_undone").count() == 1
    assert first_broken_link() is None
    assert last_undoable(draft, admin) is None


def test_changes_are_taken_back_one_after_the_other(draft: Referentiel, admin: User) -> None:
    before = content_of(draft)
    for name in ("changed", "CE under another", "bloc moved", "bloc removed", "added"):
        if name != "added":
            ACTS[name](draft, admin)
    ACTS["section removed"](draft, admin)

    for _ in range(5):
        undo(draft, admin)

    assert content_of(draft) == before


def test_a_removed_competence_comes_back_to_the_projets_that_presented_it(draft: Referentiel, admin: User) -> None:
    projet, gone = a_projet(draft), a_projet(draft, "C1.1.2", name="Un projet supprimé depuis")
    before = set(projet.competences.values_list("code", flat=True))
    remove_node(draft.blocs.get(number=1), by=admin)
    assert projet.competences.count() == 8
    gone.delete()

    undo(draft, admin)

    assert set(projet.competences.values_list("code", flat=True)) == before


def test_a_removed_bloc_comes_back_with_its_declared_equivalences(draft: Referentiel, admin: User) -> None:
    bloc, earlier = draft.blocs.get(number=1), build_referentiel().blocs.get()
    bloc.equivalences.create(earlier=earlier)
    remove_node(bloc, by=admin)

    undo(draft, admin)

    assert draft.blocs.get(number=1).equivalences.get().earlier == earlier


def test_a_copy_is_in_no_projet_and_stays_if_a_projet_took_it(draft: Referentiel, admin: User) -> None:
    projet = a_projet(draft)
    copy = copy_node(a_competence(draft), by=admin)
    assert not projet.competences.filter(pk=copy.pk).exists()
    projet.competences.add(copy)  # type: ignore[arg-type]

    with pytest.raises(Refusal, match="a changé depuis"):
        undo(draft, admin)


def test_taken_back_twice_acts_once(draft: Referentiel, admin: User) -> None:
    ACTS["changed"](draft, admin)
    ACTS["bloc moved"](draft, admin)
    sequence = JournalEntry.objects.get(verb="referentiel.bloc_moved").sequence

    told = {undo_change(draft, sequence=sequence, by=admin) for _ in range(5)}

    assert len(told) == 1
    assert a_competence(draft).statement == "Autre"


@pytest.mark.parametrize(
    "name", ["changed", "added", "CE placed", "CE under another", "bloc copied", "compétence under another"]
)
def test_what_somebody_else_changed_since_is_not_overwritten(draft: Referentiel, admin: User, name: str) -> None:
    other = UserFactory(roles=[Role.ADMINISTRATEUR])
    ACTS[name](draft, admin)
    entry = JournalEntry.objects.get()
    model = KINDS[entry.verb.removeprefix("referentiel.").rpartition("_")[0]].model
    node = model._default_manager.get(pk=entry.data["row"])
    if "placed" in name or "under" in name:
        assert move_node(node, direction="down", by=other)
    elif name == "bloc copied":
        change_node(Competence.objects.filter(activite__bloc=node).first(), values={"statement": "Autre"}, by=other)  # type: ignore[arg-type]
    else:
        field = "text" if hasattr(node, "text") else "statement"
        change_node(node, values={field: "Encore autre"}, by=other)  # type: ignore[arg-type]
    now = content_of(draft)

    with pytest.raises(Refusal, match="a changé depuis"):
        undo(draft, admin)

    assert content_of(draft) == now


def test_a_code_taken_since_forbids_to_put_back_what_had_it(draft: Referentiel, admin: User) -> None:
    remove_node(a_competence(draft), by=admin)
    change_node(Competence.objects.get(code="C2.1.1"), values={"code": "C1.1.2"}, by=UserFactory())

    with pytest.raises(Refusal, match=r"C1\.1\.2 est maintenant utilisé"):
        undo(draft, admin)


def test_a_parent_gone_since_is_told(draft: Referentiel, admin: User) -> None:
    remove_node(a_competence(draft), by=admin)
    Bloc.objects.get(referentiel=draft, number=1).delete()

    with pytest.raises(Refusal, match="n’existe plus"):
        undo(draft, admin)


def test_one_takes_back_one_s_own_changes_and_not_what_came_with_the_draft(draft: Referentiel, admin: User) -> None:
    other = UserFactory(roles=[Role.ADMINISTRATEUR])
    ACTS["changed"](draft, admin)

    assert last_undoable(draft, other) is None
    with pytest.raises(Refusal, match="plus votre dernière modification"):
        undo_change(draft, sequence=JournalEntry.objects.get().sequence, by=other)


def test_the_reglement_is_taken_back_in_its_turn(draft: Referentiel, admin: User) -> None:
    """R-REF-6."""
    before = content_of(draft)
    ACTS["changed"](draft, admin)
    change_reglement(draft, values={"appeal_months": 3, "attempts_allowed": 2, "phases": PHASES}, by=admin)
    last = last_undoable(draft, admin)
    assert last is not None
    assert last.told == "modification du règlement"

    undone = undo(draft, admin)

    assert (undone.name, undone.kind, undone.is_gone) == ("Règlement", "reglement", False)
    assert content_of(draft)["reglement"] == before["reglement"]
    undo(draft, admin)
    assert content_of(draft) == before


def test_a_reglement_somebody_else_changed_since_is_not_overwritten(draft: Referentiel, admin: User) -> None:
    change_reglement(draft, values={"appeal_months": 3}, by=admin)
    other = UserFactory(roles=[Role.ADMINISTRATEUR])
    change_reglement(draft, values={"jury_minimum": 5}, by=other)
    assert undo(draft, admin).name == "Règlement"  # another setting: it stays
    change_reglement(draft, values={"appeal_months": 4}, by=admin)
    change_reglement(draft, values={"appeal_months": 6}, by=other)

    with pytest.raises(Refusal, match="a changé depuis"):
        undo(draft, admin)

    reglement = content_of(draft)["reglement"]
    assert reglement is not None
    assert (reglement["appeal_months"], reglement["jury_minimum"]) == (6, 5)


def test_the_registration_stands_beside(draft: Referentiel, admin: User) -> None:
    ACTS["changed"](draft, admin)
    record_registration(
        draft, decided_on=date(2024, 1, 1), ends_on=date(2027, 1, 1), delivery_limit_on=date(2029, 1, 1), by=admin
    )

    undo(draft, admin)

    assert a_competence(draft).statement != "Autre"
    assert Registration.objects.get().ends_on == date(2027, 1, 1)


def test_nothing_is_taken_back_in_a_published_version(draft: Referentiel, admin: User) -> None:
    ACTS["changed"](draft, admin)
    publish(draft)

    with pytest.raises(Frozen):
        undo(draft, admin)
