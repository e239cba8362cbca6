"""Two administrateurs at once: PostgreSQL lets both write, the version's row makes one wait."""

from collections.abc import Callable

import pytest

from accounts.enums import Role
from core.exceptions import Stale
from core.journal import first_broken_link
from core.models import JournalEntry
from referentiel.models import Bloc, Critere, Referentiel
from referentiel.nodes import KINDS, seen_as, values_of
from referentiel.queries.tree import fingerprint_for
from referentiel.services.asking import ask_publication, confirm_publication
from referentiel.services.editing import add_node, change_node, move_node
from referentiel.services.publishing import publish
from referentiel.services.undoing import undo_change
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

pytestmark = simultaneous


def test_nodes_added_together_each_have_their_place() -> None:
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    competence = build_referentiel(published=False).competences.get()

    def add(number: int) -> Callable[[], object]:
        values = {"number": number, "text": "Un critère"}
        return lambda: add_node(KINDS["critere"], parent=competence, values=values, by=admin)

    refusals = refusals_in(at_once(*(add(number) for number in range(10, 16))))

    assert refusals == []
    positions = list(Critere.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, 9))


def test_of_two_changes_to_one_node_made_together_one_is_stored_and_the_other_told() -> None:
    """R-SCO-4: both started from the same text; neither is overwritten unseen."""
    admins = [UserFactory(roles=[Role.ADMINISTRATEUR]) for _ in range(4)]
    bloc = build_referentiel(published=False).blocs.get()
    seen = seen_as(values_of(bloc))

    outcomes = at_once(
        *(lambda by=by: change_node(bloc, values={"title": f"Par {by.pk}"}, by=by, seen=seen) for by in admins)
    )

    assert [type(refusal) for refusal in refusals_in(outcomes)] == [Stale] * 3
    entry = JournalEntry.objects.get(verb="referentiel.bloc_changed")
    assert Bloc.objects.get().title == entry.data["after"]["title"] == f"Par {entry.actor_id}"


def test_one_change_taken_back_in_two_windows_is_taken_back_once() -> None:
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = build_referentiel(blocs=3, published=False)
    for direction in ("up", "up"):
        move_node(draft.blocs.get(title__endswith="3"), direction=direction, by=admin)  # type: ignore[arg-type]
    last = JournalEntry.objects.latest("sequence").sequence

    outcomes = at_once(*[lambda: undo_change(draft, sequence=last, by=admin)] * 3)

    assert refusals_in(outcomes) == []
    assert JournalEntry.objects.filter(verb="referentiel.change_undone").count() == 1
    assert [bloc.title[-1] for bloc in draft.blocs.order_by("number")] == ["1", "3", "2"]


def test_moves_made_together_lose_no_node() -> None:
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = build_referentiel(blocs=4, published=False)
    last, second = draft.blocs.get(number=4), draft.blocs.get(number=2)

    at_once(
        *[lambda: move_node(last, direction="up", by=admin), lambda: move_node(second, direction="down", by=admin)] * 3
    )

    assert sorted(Bloc.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert first_broken_link() is None


@pytest.mark.usefixtures("alone")
def test_a_publication_and_an_edit_leave_a_fingerprint_that_is_the_content_s() -> None:
    """R-REF-1: whichever comes first, what is frozen is what was fingerprinted."""
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = build_referentiel(published=False)
    bloc = draft.blocs.get()

    at_once(
        lambda: publish(draft, by=admin),
        *(lambda n=n: change_node(bloc, values={"title": f"Intitulé {n}"}, by=admin) for n in range(4)),
    )

    published = Referentiel.objects.get()
    assert published.publication.fingerprint == fingerprint_for(published)


@pytest.mark.usefixtures("alone")
def test_a_version_published_or_cloned_twice_at_once_is_so_once() -> None:
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = build_referentiel(published=False)

    assert len(refusals_in(at_once(*[lambda: publish(draft, by=admin)] * 3))) == 2
    source = Referentiel.objects.get()
    assert len(refusals_in(at_once(*[lambda: clone_to_draft(source, by=admin)] * 3))) == 2
    assert Referentiel.objects.count() == 2


def test_a_request_confirmed_at_once_by_several_publishes_once_what_was_asked() -> None:
    """R-REF-1: and an edit made meanwhile either comes too late or voids the request."""
    asker, *others = (UserFactory(roles=[Role.ADMINISTRATEUR]) for _ in range(4))
    draft = build_referentiel(published=False)
    bloc, asked = draft.blocs.get(), ask_publication(draft, by=asker)

    outcomes = at_once(
        *(lambda other=other: confirm_publication(asked, by=other) for other in others),
        lambda: change_node(bloc, values={"title": "Un autre intitulé"}, by=asker),
    )

    after = Referentiel.objects.get()
    assert len(refusals_in(outcomes)) == 3
    if not after.is_draft:
        assert after.publication.fingerprint == asked.fingerprint == fingerprint_for(after)
