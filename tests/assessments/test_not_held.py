"""What does not take place: each way out has its reason, none is a failure (R-SCO-1)."""

import pytest

from assessments.enums import SOUTENANCE_TRANSITIONS, SoutenanceState
from assessments.models import Soutenance
from assessments.services.planning import leave_soutenance
from core.exceptions import Refusal
from core.models import JournalEntry
from tests import scenes
from tests.assessments.deeds import WAYS_OUT, leave, plan, soutenance_in


@pytest.mark.django_db
class TestWhatDoesNotTakePlace:
    """R-SCO-1: each way out has its reason; none is a failure."""

    @pytest.mark.parametrize("to", SoutenanceState)
    @pytest.mark.parametrize("before", SoutenanceState)
    def test_each_transition_is_allowed_or_refused_as_the_table_says(self, before, to):
        soutenance = soutenance_in(before)
        if to in SOUTENANCE_TRANSITIONS[before] and to in WAYS_OUT:
            leave(soutenance, to)
            assert soutenance.state == to
            told = JournalEntry.objects.get(verb="soutenance.left", data__before=before)
            assert (told.reason, told.data) == ("Grève des transports", {"before": before, "after": to})
        else:
            with pytest.raises(Refusal, match="elle ne peut pas devenir"):
                leave_soutenance(soutenance, to=to, reason="Motif", by=scenes.a_manager())
            soutenance.refresh_from_db()
            assert soutenance.state == before

    @pytest.mark.parametrize("reason", ["", "   ", "\n"])
    def test_a_reason_is_required(self, reason):
        soutenance = scenes.a_soutenance()
        with pytest.raises(Refusal, match="motif"):
            leave_soutenance(soutenance, to=SoutenanceState.CANCELLED, reason=reason, by=scenes.a_manager())
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.PLANNED

    def test_a_replacement_is_linked_to_what_it_replaces(self):
        enrolment = scenes.an_enrolment()
        missed = plan(enrolment)
        leave(missed, SoutenanceState.EXCUSED)

        again = plan(enrolment, replaces=missed)

        assert (again.replaces, missed.replaced_by) == (missed, again)
        told = JournalEntry.objects.filter(verb="soutenance.planned").latest("sequence")
        assert told.data["replaces"] == str(missed.pk)

    def test_what_was_replaced_is_not_replaced_again(self):
        enrolment = scenes.an_enrolment()
        missed = plan(enrolment)
        leave(missed)
        plan(enrolment, replaces=missed)
        with pytest.raises(Refusal, match="déjà sa remplaçante"):
            plan(enrolment, replaces=missed)

    @pytest.mark.parametrize("before", [SoutenanceState.PLANNED, SoutenanceState.RUNNING, SoutenanceState.SUBMITTED])
    def test_what_takes_place_is_not_replaced(self, before):
        held = soutenance_in(before)
        with pytest.raises(Refusal, match="a eu lieu"):
            plan(held.enrolment, replaces=held)
        assert Soutenance.objects.count() == 1

    def test_somebody_else_s_soutenance_is_not_replaced(self):
        missed = soutenance_in(SoutenanceState.ABSENT)
        with pytest.raises(Refusal):
            plan(scenes.an_enrolment(), replaces=missed)


def test_the_table_of_transitions_lets_a_submitted_soutenance_be_reopened_and_nothing_else():
    assert SOUTENANCE_TRANSITIONS[SoutenanceState.SUBMITTED] == {SoutenanceState.RUNNING}


def test_no_state_is_a_failure_by_its_words():
    """R-SCO-1: each its own wording."""
    labels = [state.label for state in SoutenanceState]
    assert len(set(labels)) == len(labels)
    assert not any(word in label.lower() for label in labels for word in ("échec", "échou", "refus"))
