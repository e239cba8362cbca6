"""Reopening a submitted grille: who may, why, what it withdraws, and what comes back (R-SCO-8, R-VAL-3)."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.models import BlocAcquisition, CompetenceAcquisition, Grille, Mark, Reopening, Settlement, Soutenance
from assessments.queries.progress import progress_page
from assessments.services.marking import GrilleLocked
from assessments.services.reopening import AlreadyReopened, reopen
from assessments.services.submission import submit
from core import jobs
from core.exceptions import InvalidInput, Refusal
from core.models import Job, JournalEntry
from core.reconcile import problems
from juries.enums import Outcome
from juries.models import Decision, Dossier
from juries.services.deciding import take_decision
from juries.services.sessions import close_session
from tests import scenes
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

REASON = "Le CE2 a été coché par erreur."


def reopened(grille: Grille, reason: str = REASON) -> Grille:
    grille = scenes.grille_of(grille.soutenance, grille.evaluateur)
    assert grille.submitted_at
    reopen(grille, submission=grille.submitted_at, reason=reason, by=scenes.a_manager())
    return scenes.grille_of(Soutenance.objects.get(pk=grille.soutenance_id), grille.evaluateur)


def decided(enrolment, outcome, *, close=False):
    session = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(session)
    dossier = enrolment.dossiers.as_evidence_stands().first()
    take_decision(session, enrolment=enrolment, dossier=dossier, outcome=outcome, motive="Motif.", by=president)
    if close:
        close_session(session, by=president)
    return session


@pytest.mark.django_db
class TestWhatReopeningDoes:
    def test_the_grille_can_be_marked_and_submitted_again(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment())

        grille = reopened(grille)

        assert (grille.submitted_at, grille.soutenance.state) == (None, SoutenanceState.RUNNING)
        scenes.mark_all(grille, failing=[grille.marks.first().critere_id])
        submit(grille, by=grille.evaluateur)
        with pytest.raises(GrilleLocked):
            scenes.mark_all(grille, failing=[])
        assert problems() == []

    def test_what_rested_on_it_is_withdrawn_with_the_reason(self):
        enrolment = scenes.an_enrolment()
        reopened(scenes.pass_soutenance(enrolment))

        for acquisition in (CompetenceAcquisition.objects.get(), BlocAcquisition.objects.get()):
            assert acquisition.withdrawn_at
            assert acquisition.withdrawal_reason == REASON
        page = progress_page(enrolment, at=timezone.now())
        assert page.acquired_blocs == 0
        assert problems() == []

    def test_a_bloc_whose_evidence_names_it_is_withdrawn_even_if_another_grille_completed_it(self):
        enrolment = scenes.an_enrolment(build_referentiel(competences=2))
        first, second = enrolment.referentiel.competences.all()
        early = scenes.pass_soutenance(enrolment, [first])
        scenes.pass_soutenance(enrolment, [second])

        reopened(early)

        assert not BlocAcquisition.objects.standing().exists()
        assert CompetenceAcquisition.objects.standing().get().competence == second
        assert problems() == []

    def test_what_another_submitted_grille_supports_is_recorded_again_on_its_evidence(self):
        """R-VAL-3, and the dossier of the evidence that stands is ordered (R-VAL-4)."""
        enrolment = scenes.an_enrolment()
        first, second = (scenes.pass_soutenance(enrolment) for _ in range(2))
        jobs.run_due()

        reopened(first)

        second.refresh_from_db()
        competence = CompetenceAcquisition.objects.standing().get()
        assert (competence.grille, competence.acquired_at) == (second, second.submitted_at)
        bloc = BlocAcquisition.objects.standing().get()
        assert bloc.evidence == [{"competence": "C1.1.1", "grille": str(second.pk)}]
        assert Job.objects.count() == 2
        jobs.run_due()
        assert problems() == []

    def test_the_journal_shows_before_and_after(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        submitted_at = grille.__class__.objects.get().submitted_at

        grille = reopened(grille)
        scenes.mark_all(grille, failing=[grille.marks.first().critere_id])

        entry = JournalEntry.objects.get(verb="grille.reopened")
        assert entry.reason == REASON
        assert entry.data == {
            "submitted_at": submitted_at.isoformat(),
            "withdrawn_competences": ["C1.1.1"],
            "withdrawn_blocs": [1],
            "kept_competences": [],
            "kept_blocs": [],
        }
        changed = JournalEntry.objects.filter(verb="mark.changed").latest("sequence")
        told = [
            (one.data["before"]["verdict"], one.data["after"]["verdict"])
            for one in JournalEntry.objects.filter(verb="mark.changed", data__version=2)
        ]
        assert ("acquis", "non_acquis") in told
        assert changed.sequence > entry.sequence

    def test_the_dossier_is_stale_and_the_resubmission_orders_another(self):
        """R-JUR-3, R-VAL-4."""
        enrolment = scenes.a_certifiable_enrolment()
        grille = enrolment.soutenances.get().grilles.get()

        grille = reopened(grille)
        assert Dossier.objects.get().is_stale
        submit(grille, by=grille.evaluateur)
        jobs.run_due()

        assert [dossier.is_stale for dossier in Dossier.objects.order_by("revision")] == [True, False]
        assert Decision.objects.proposed().count() == 2
        assert problems() == []

    def test_resubmitted_beside_another_that_supports_everything_it_still_orders_a_dossier(self):
        """No bloc is new, but the evidence is: nobody should have to think of asking (R-VAL-4)."""
        enrolment = scenes.an_enrolment()
        first, _ = (scenes.pass_soutenance(enrolment) for _ in range(2))
        grille = reopened(first)
        jobs.run_due()

        submit(grille, by=grille.evaluateur)
        jobs.run_due()

        assert not Dossier.objects.as_evidence_stands().first().is_stale
        assert problems() == []


@pytest.mark.django_db
class TestWhatIsRefused:
    @pytest.mark.parametrize("reason", ["", "   \n"])
    def test_without_a_reason(self, reason):
        with pytest.raises(InvalidInput, match="motif"):
            reopened(scenes.pass_soutenance(scenes.an_enrolment()), reason)
        assert not Reopening.objects.exists()

    @pytest.mark.parametrize("close", [False, True])
    def test_a_decision_rests_on_it(self, close):
        """Closed or not, and the refusal says which session."""
        enrolment = scenes.a_certifiable_enrolment()
        session = decided(enrolment, Outcome.CERTIFIED, close=close)

        with pytest.raises(Refusal, match=session.name):
            reopened(enrolment.soutenances.get().grilles.get())

        assert not Reopening.objects.exists()
        assert BlocAcquisition.objects.standing().exists()

    def test_an_adjournment_rests_on_nothing(self):
        enrolment = scenes.a_certifiable_enrolment()
        decided(enrolment, Outcome.ADJOURNED, close=True)
        reopened(enrolment.soutenances.get().grilles.get())
        assert Reopening.objects.exists()

    def test_a_decision_on_another_enrolment_of_the_same_person_does_not_count(self):
        enrolment = scenes.a_certifiable_enrolment()
        decided(enrolment, Outcome.CERTIFIED)
        other = scenes.an_enrolment(candidate=enrolment.candidate)
        reopened(scenes.pass_soutenance(other))

    def test_twice(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        submission = Grille.objects.get().submitted_at
        reopened(grille)
        with pytest.raises(AlreadyReopened):
            reopen(grille, submission=submission, reason=REASON, by=scenes.a_manager())

    def test_an_old_form_does_not_reopen_the_next_submission(self):
        """What the manager saw was another submission."""
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        submission = Grille.objects.get().submitted_at
        again = reopened(grille)
        submit(again, by=again.evaluateur)
        with pytest.raises(AlreadyReopened):
            reopen(again, submission=submission, reason=REASON, by=scenes.a_manager())
        assert Reopening.objects.count() == 1


def execute(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement, *values):
    with pytest.raises(IntegrityError):
        execute(statement, *values)


def sql(value):
    """A UUID as this engine stores it."""
    return value.hex if connection.vendor == "sqlite" else str(value)


@pytest.mark.django_db
class TestTheLockInTheDatabase:
    """R-SCO-8: on both engines, nothing but a Reopening row opens the lock, and it opens it once."""

    def test_raw_sql_does_not_reopen_by_itself(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        refused("UPDATE assessments_grille SET submitted_at = NULL WHERE id = %s", sql(grille.pk))
        refused("UPDATE assessments_soutenance SET state = 'running' WHERE id = %s", sql(grille.soutenance_id))
        refused("UPDATE assessments_mark SET verdict = 'non_acquis'")

    def test_after_resubmission_the_lock_is_back(self):
        grille = reopened(scenes.pass_soutenance(scenes.an_enrolment()))
        submit(grille, by=grille.evaluateur)
        refused("UPDATE assessments_grille SET submitted_at = NULL WHERE id = %s", sql(grille.pk))
        refused("UPDATE assessments_soutenance SET state = 'running' WHERE id = %s", sql(grille.soutenance_id))
        refused("UPDATE assessments_mark SET verdict = 'non_acquis'")

    def test_a_reopening_of_another_grille_opens_nothing(self):
        enrolment = scenes.an_enrolment()
        first, second = (scenes.pass_soutenance(enrolment) for _ in range(2))
        reopened(first)
        refused("UPDATE assessments_grille SET submitted_at = NULL WHERE id = %s", sql(second.pk))
        refused("UPDATE assessments_soutenance SET state = 'running' WHERE id = %s", sql(second.soutenance_id))

    def test_a_reopening_stays_written(self):
        reopened(scenes.pass_soutenance(scenes.an_enrolment()))
        refused("UPDATE assessments_reopening SET reason = 'Autre chose.'")
        refused("DELETE FROM assessments_reopening")

    @pytest.mark.parametrize("table", ["competenceacquisition", "blocacquisition"])
    def test_a_withdrawal_is_set_once_and_never_unset(self, table):
        """R-VAL-3."""
        reopened(scenes.pass_soutenance(scenes.an_enrolment()))
        refused(f"UPDATE assessments_{table} SET withdrawn_at = NULL, withdrawal_reason = ''")
        refused(f"UPDATE assessments_{table} SET withdrawal_reason = 'Autre motif.'")
        refused(f"UPDATE assessments_{table} SET withdrawn_at = %s", timezone.now())
        refused(f"DELETE FROM assessments_{table}")

    def test_there_is_nothing_else_to_settle_or_mark_around_it(self):
        """A grille alone is never a concertation."""
        grille = reopened(scenes.pass_soutenance(scenes.an_enrolment()))
        assert not Settlement.objects.exists()
        assert Mark.objects.filter(grille=grille).exists()


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_reopenings_are_one(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        submission, manager = Grille.objects.get().submitted_at, scenes.a_manager()

        outcomes = at_once(*[partial(reopen, grille, submission=submission, reason=REASON, by=manager)] * 20)

        assert len(refusals_in(outcomes)) == 19
        assert Reopening.objects.count() == JournalEntry.objects.filter(verb="grille.reopened").count() == 1
        assert problems() == []

    def test_a_decision_and_a_reopening_never_both_happen(self):
        """R-SCO-8: whichever comes first."""
        for _ in range(3):
            enrolment = scenes.a_certifiable_enrolment()
            grille = enrolment.soutenances.get().grilles.get()
            session = scenes.a_session(enrolment, opened=True)
            decide = partial(
                take_decision,
                session,
                enrolment=enrolment,
                dossier=enrolment.dossiers.get(),
                outcome=Outcome.CERTIFIED,
                by=scenes.president_of(session),
            )
            give_back = partial(reopen, grille, submission=grille.submitted_at, reason=REASON, by=scenes.a_manager())
            outcomes = at_once(decide, give_back)
            assert len(refusals_in(outcomes)) == 1
