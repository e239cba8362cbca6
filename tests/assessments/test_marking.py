"""Acknowledged means stored, once, and nothing is overwritten in silence (R-SCO-2 … R-SCO-5, R-SCO-8)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.marks import TEXT_LIMIT, MarkValue
from assessments.models import Mark, Soutenance
from assessments.queries.review import criteres_of
from assessments.services.marking import GrilleLocked, OperationReused, Resolution, StaleMark, change_mark
from assessments.services.submission import submit
from core.exceptions import InvalidInput
from core.models import JournalEntry
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def critere(grille):
    return criteres_of(grille)[0]


def change(grille, critere, verdict="acquis", *, version=0, operation=None, **texts):
    return change_mark(
        grille,
        critere=critere,
        value=MarkValue(verdict, **texts),
        from_version=version,
        operation=operation or uuid4(),
        by=grille.evaluateur,
    )


def test_a_first_mark_is_stored_with_its_author_and_starts_the_soutenance(grille, critere):
    acknowledgement = change(grille, critere, comment="Clair.")

    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment, mark.version, mark.changed_by) == ("acquis", "Clair.", 1, grille.evaluateur)
    assert acknowledgement.version == 1
    grille.soutenance.refresh_from_db()
    assert grille.soutenance.state == SoutenanceState.RUNNING


def test_the_same_operation_sent_twice_is_stored_once_and_answered_the_same(grille, critere):
    """R-SCO-3."""
    operation = uuid4()
    first = change(grille, critere, operation=operation)
    again = change(grille, critere, operation=operation)

    assert again == first
    assert Mark.objects.get().version == 1
    assert JournalEntry.objects.filter(verb="mark.changed").count() == 1


def test_a_replay_after_a_later_change_answers_what_it_did_the_first_time(grille, critere):
    operation = uuid4()
    first = change(grille, critere, operation=operation)
    change(grille, critere, "non_acquis", version=1, comment="Finalement non.")

    assert change(grille, critere, operation=operation) == first
    assert Mark.objects.get().verdict == "non_acquis"


def test_an_operation_cannot_be_reused_for_another_content(grille, critere):
    operation = uuid4()
    change(grille, critere, operation=operation)
    with pytest.raises(OperationReused):
        change(grille, critere, "non_acquis", operation=operation)
    with pytest.raises(OperationReused):
        change(grille, critere, "non_acquis", version=1, operation=operation)
    assert Mark.objects.get().verdict == "acquis"


def test_a_stale_change_is_refused_and_shows_what_is_stored(grille, critere):
    """R-SCO-4."""
    change(grille, critere, comment="Première version.")
    with pytest.raises(StaleMark) as refused:
        change(grille, critere, "non_acquis", comment="Écrite sur un autre onglet.")
    assert refused.value.current.value == MarkValue("acquis", "Première version.")
    assert refused.value.current.version == 1
    assert Mark.objects.get().comment == "Première version."


def test_saying_the_same_thing_again_changes_neither_version_nor_author(grille, critere):
    """R-SCO-5."""
    change(grille, critere)
    before = Mark.objects.get()
    assert change(grille, critere, version=1).version == 1
    after = Mark.objects.get()
    assert (after.version, after.changed_at) == (before.version, before.changed_at)


def test_the_earlier_value_stays_in_the_journal_without_the_private_note(grille, critere):
    """R-SCO-8, R-ALL-4."""
    change(grille, critere, private_note="Entendu en aparté.")
    change(grille, critere, "non_acquis", version=1, comment="La requête n’est pas testée.")
    entry = JournalEntry.objects.filter(verb="mark.changed").latest("sequence")
    assert entry.data["before"]["verdict"] == "acquis"
    assert entry.data["after"]["comment"] == "La requête n’est pas testée."
    assert "aparté" not in str(list(JournalEntry.objects.values()))


@pytest.mark.parametrize(
    "value",
    [
        {"verdict": "peut-être"},
        {"comment": "a" * (TEXT_LIMIT + 1)},
        {"private_note": "x" * 1_000_000},
        {"comment": "<b>bien</b>"},
        {"comment": "<script>alert(1)</script>"},
        {"private_note": "<img src=x onerror=alert(1)>"},
        {"comment": "avant\x00après"},
    ],
)
def test_what_cannot_be_a_mark_is_refused_and_changes_nothing(grille, critere, value):
    with pytest.raises(InvalidInput):
        change(grille, critere, **{"verdict": "acquis", **value})
    assert not Mark.objects.exists()
    assert not JournalEntry.objects.filter(verb="mark.changed").exists()


@pytest.mark.parametrize(
    "comment",
    ["p < 0,05 et n > 30", "précision 3<4", "f(x) -> y", "« a & b »", "R² = 0,9 🎓", "List<int>", "si a<b, alors c>d"],
)
def test_what_data_scientists_write_is_accepted(grille, critere, comment):
    change(grille, critere, comment=comment)
    assert Mark.objects.get().comment == comment


def test_a_submitted_grille_refuses_every_change(grille, critere):
    """R-SCO-8."""
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)
    with pytest.raises(GrilleLocked):
        change(grille, critere, "non_acquis", version=1)


class TestAnOperationWithoutEffect:
    """R-SCO-3, R-SCO-5: remembered like the others, and nobody becomes an author by it."""

    def test_it_is_answered_the_same_when_replayed_even_after_a_change(self, grille, critere):
        change(grille, critere)
        operation = uuid4()
        first = change(grille, critere, version=1, operation=operation)
        change(grille, critere, verdict="non_acquis", version=1)

        assert change(grille, critere, version=1, operation=operation) == first
        assert first.version == 1

    def test_its_identifier_serves_no_other_change(self, grille, critere):
        change(grille, critere)
        operation = uuid4()
        change(grille, critere, version=1, operation=operation)

        with pytest.raises(OperationReused):
            change(grille, critere, verdict="non_acquis", version=1, operation=operation)
        assert Mark.objects.get().verdict == "acquis"

    def test_nothing_on_a_ce_never_judged_makes_no_mark_and_starts_nothing(self, grille, critere):
        acknowledgement = change(grille, critere, verdict="")

        assert acknowledgement.version == 0
        assert not Mark.objects.exists()
        grille.soutenance.refresh_from_db()
        assert grille.soutenance.state == SoutenanceState.PLANNED

    def test_authorship_stays(self, grille, critere):
        change(grille, critere)
        stored = Mark.objects.get()
        change(grille, critere, version=1)

        assert Mark.objects.get().changed_at == stored.changed_at


def test_a_soutenance_is_not_judged_before_its_day(critere, grille):
    Soutenance.objects.filter(pk=grille.soutenance_id).update(starts_at=timezone.now() + timedelta(days=1))
    grille.soutenance.refresh_from_db()

    with pytest.raises(GrilleLocked, match="à partir de ce jour"):
        change(grille, critere)


@pytest.mark.parametrize(
    "content",
    [{"ticks": (2, 1)}, {"counted": 3}, {"to_ask": True}, {"questions": "14 h 32 · Pourquoi ce seuil ?"}],
)
def test_what_helps_to_judge_is_stored_like_the_verdict(grille, critere, content):
    """R-REF-4."""
    change(grille, critere, verdict="", **content)

    stored = Mark.objects.get()
    ((name, value),) = content.items()
    assert getattr(stored, name) == (sorted(value) if name == "ticks" else value)
    assert JournalEntry.objects.get(verb="mark.changed").data["after"][name] == getattr(stored, name)


@pytest.mark.parametrize("content", [{"ticks": (-1,)}, {"ticks": (10_000,)}, {"counted": -1}, {"counted": 10_000}])
def test_what_cannot_be_counted_is_refused(grille, critere, content):
    with pytest.raises(InvalidInput):
        change(grille, critere, **content)
    assert not Mark.objects.exists()


@pytest.mark.parametrize(("choice", "verb"), [("mine", "mark.changed"), ("stored", "mark.repeated")])
def test_the_choice_made_before_a_conflict_is_journaled_with_the_version_refused(grille, critere, choice, verb):
    """R-SCO-4."""
    change(grille, critere)
    chosen = MarkValue("acquis" if choice == "stored" else "non_acquis", comment="")
    acknowledgement = change_mark(
        grille,
        critere=critere,
        value=chosen,
        from_version=1,
        operation=uuid4(),
        by=grille.evaluateur,
        resolves=Resolution(choice, 0),
    )

    assert acknowledgement.version == (1 if choice == "stored" else 2)
    assert JournalEntry.objects.filter(verb=verb).latest("sequence").data["resolves"] == {
        "choice": choice,
        "version": 0,
    }
