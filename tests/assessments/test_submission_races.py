"""Submitting while others write: one submission, and nothing half done (R-SCO-8, R-VAL-3, R-VAL-4)."""

from functools import partial
from uuid import uuid4

from assessments.enums import SoutenanceState
from assessments.marks import MarkValue
from assessments.models import Grille, Mark, Soutenance
from assessments.queries.review import criteres_of
from assessments.services.marking import Acknowledgement, GrilleLocked, StaleMark, change_mark
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from candidates.services.accommodating import grant_tiers_temps
from core import jobs
from core.journal import first_broken_link
from core.models import JournalEntry
from juries.models import Decision, Dossier
from tests import scenes
from tests.assessments.deeds import facts, in_bloc, judge, ready
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel


class TestAtTheSameInstant:
    """Two people, two tabs, twenty clicks."""

    pytestmark = simultaneous

    def test_twenty_submissions_are_one(self):
        grille = ready(scenes.an_enrolment())

        outcomes = at_once(*[partial(submit, grille, by=grille.evaluateur)] * 20)

        assert len(refusals_in(outcomes)) == 19
        assert facts() == (1, 1, 1, 1, 1)

    def test_two_last_blocs_make_one_job_one_dossier_one_proposal(self):
        """R-VAL-4: each évaluateur submits what they believe is not the last one."""
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        grilles = [ready(enrolment, in_bloc(enrolment, number)) for number in (1, 2)]

        outcomes = at_once(*(partial(submit, grille, by=grille.evaluateur) for grille in grilles))

        assert refusals_in(outcomes) == []
        assert facts() == (2, 2, 2, 2, 1)
        jobs.run_due()
        assert (Dossier.objects.count(), Decision.objects.count()) == (1, 1)
        assert first_broken_link() is None

    def test_two_grilles_of_one_competence_acquire_it_once(self):
        enrolment = scenes.an_enrolment()
        grilles = [ready(enrolment) for _ in range(2)]
        at_once(*(partial(submit, grille, by=grille.evaluateur) for grille in grilles))
        assert facts() == (2, 2, 1, 1, 1)

    def test_fifty_stale_writes_have_one_winner_each_round(self):
        """R-SCO-4: versions stay contiguous, nobody is overwritten."""
        soutenance = scenes.a_soutenance()
        for version in range(5):
            grille = scenes.grille_of(soutenance)
            critere = criteres_of(grille)[0]
            writes = [
                partial(judge, grille, critere, "non_acquis", f"Tour {version}, essai {n}.", version) for n in range(10)
            ]
            outcomes = at_once(*writes)
            (won,) = (one for one in outcomes if isinstance(one, Acknowledgement))
            assert won.version == version + 1
            assert all(isinstance(one, StaleMark) for one in refusals_in(outcomes))
            assert all(one.current.version == version + 1 for one in refusals_in(outcomes))
        told = JournalEntry.objects.filter(verb="mark.changed").order_by("sequence").values_list("data", flat=True)
        assert [entry["version"] for entry in told] == [1, 2, 3, 4, 5]
        assert first_broken_link() is None

    def test_one_operation_sent_ten_times_is_stored_once_and_answered_alike(self):
        """R-SCO-3."""
        grille = scenes.grille_of(scenes.a_soutenance())
        change = partial(
            change_mark,
            grille,
            critere=criteres_of(grille)[0],
            value=MarkValue("acquis"),
            from_version=0,
            operation=uuid4(),
            by=grille.evaluateur,
        )
        outcomes = at_once(*[change] * 10)
        assert len(set(outcomes)) == 1
        assert Mark.objects.get().version == 1

    def test_a_mark_and_a_submission_leave_a_grille_as_it_was_submitted(self):
        """R-SCO-8: whichever comes first."""
        for _ in range(5):
            enrolment = scenes.an_enrolment()
            grille = ready(enrolment)
            critere = criteres_of(grille)[0]
            outcomes = at_once(
                partial(submit, grille, by=grille.evaluateur),
                partial(judge, grille, critere, "non_acquis", "Au même instant.", 1),
            )
            changed = not isinstance(outcomes[1], GrilleLocked)
            assert grille.marks.get(critere=critere).verdict == ("non_acquis" if changed else "acquis")
            assert enrolment.bloc_acquisitions.exists() is not changed

    def test_a_first_mark_and_a_cancellation_never_both_happen(self):
        """R-SCO-1: no mark on a soutenance that did not take place, and nobody waits for the other for ever."""
        manager = scenes.a_manager()
        for _ in range(8):
            grille = scenes.grille_of(scenes.a_soutenance())
            outcomes = at_once(
                partial(judge, grille, criteres_of(grille)[0], "acquis"),
                partial(leave_soutenance, grille.soutenance, to=SoutenanceState.CANCELLED, reason="Grève", by=manager),
            )
            assert len(refusals_in(outcomes)) == 1
            soutenance = Soutenance.objects.get(pk=grille.soutenance_id)
            assert grille.marks.exists() is (soutenance.state == SoutenanceState.RUNNING)

    def test_an_interruption_and_a_submission_never_both_happen(self):
        manager = scenes.a_manager()
        for _ in range(5):
            grille = ready(scenes.an_enrolment())
            outcomes = at_once(
                partial(submit, grille, by=grille.evaluateur),
                partial(
                    leave_soutenance, grille.soutenance, to=SoutenanceState.INTERRUPTED, reason="Panne", by=manager
                ),
            )
            assert len(refusals_in(outcomes)) == 1
            state = Soutenance.objects.get(pk=grille.soutenance_id).state
            assert Grille.objects.get(pk=grille.pk).is_submitted is (state == SoutenanceState.SUBMITTED)

    def test_marks_a_tiers_temps_and_a_cancellation_never_lock_each_other_out(self):
        """Rows from the enrolment down, the journal last: no deadlock whatever meets."""
        manager = scenes.a_manager()
        for _ in range(5):
            enrolment = scenes.an_enrolment()
            first, second = (scenes.grille_of(scenes.a_soutenance(enrolment)) for _ in range(2))
            at_once(
                partial(judge, first, criteres_of(first)[0], "acquis"),
                partial(grant_tiers_temps, enrolment, granted_on=enrolment.enrolled_on, by=manager),
                partial(leave_soutenance, second.soutenance, to=SoutenanceState.EXCUSED, reason="Fièvre", by=manager),
                partial(scenes.a_soutenance, enrolment, evaluateur=first.evaluateur),
            )
        assert first_broken_link() is None
