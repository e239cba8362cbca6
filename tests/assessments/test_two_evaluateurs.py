"""Two évaluateurs: blind until both have submitted, then what differs is settled CE by CE (R-SCO-9)."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.enums import SoutenanceState
from assessments.models import BlocAcquisition, CompetenceAcquisition, Grille, Settlement, Soutenance
from assessments.queries.concertation import differences_of, is_concerting
from assessments.queries.progress import progress_page
from assessments.queries.review import criteres_of
from assessments.services.planning import UnlawfulAssignment
from assessments.services.reopening import reopen
from assessments.services.settling import StaleSettlement, settle
from assessments.services.submission import AlreadySubmitted, confirm_agreement, submit
from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from core.reconcile import problems
from juries.queries.recusals import barred_candidates, recusal_reasons
from tests import scenes
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

REASON = "La démonstration a été revue ensemble."


def before_two(enrolment=None) -> Soutenance:
    return scenes.a_soutenance(enrolment, second_evaluateur=scenes.an_evaluateur(first_name="Ada"))


hand_in, in_disagreement = scenes.hand_in, scenes.in_disagreement


def settled(soutenance, verdict="acquis", comment="", **changes):
    (difference,) = differences_of(soutenance)
    said = {"verdict": verdict, "comment": comment, "reason": REASON, "from_version": 0, "by": soutenance.evaluateur}
    return settle(soutenance, critere=difference.critere, **{**said, **changes})


@pytest.mark.django_db
class TestWhoJudges:
    def test_each_has_a_grille(self):
        soutenance = before_two()
        assert {grille.evaluateur for grille in soutenance.grilles.all()} == {
            soutenance.evaluateur,
            soutenance.second_evaluateur,
        }

    @pytest.mark.parametrize("kind", LinkKind)
    def test_a_link_bars_the_second_as_it_bars_the_first(self, kind):
        """R-SCO-10."""
        enrolment, second = scenes.an_enrolment(), scenes.an_evaluateur()
        declare_link(enrolment.candidate, user=second, kind=kind, by=scenes.a_manager())
        with pytest.raises(UnlawfulAssignment, match=kind.label.lower()):
            scenes.a_soutenance(enrolment, second_evaluateur=second)

    def test_the_second_is_another_person(self):
        one = scenes.an_evaluateur()
        with pytest.raises(UnlawfulAssignment, match="autre personne"):
            scenes.a_soutenance(evaluateur=one, second_evaluateur=one)

    def test_having_been_second_bars_from_the_jury(self):
        """R-JUR-2."""
        enrolment = scenes.a_certifiable_enrolment()
        soutenance = before_two(enrolment)
        second = soutenance.second_evaluateur
        assert recusal_reasons(second, enrolment) == ["a évalué le candidat"]
        assert enrolment in barred_candidates(second, scenes.a_session(enrolment))


@pytest.mark.django_db
class TestBothSubmit:
    def test_the_soutenance_runs_until_both_have(self):
        soutenance = before_two()
        hand_in(soutenance, soutenance.second_evaluateur)
        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.RUNNING
        assert not is_concerting(soutenance)
        assert not CompetenceAcquisition.objects.exists()
        assert problems() == []

    def test_agreeing_on_every_verdict_they_submit_at_once_and_the_first_speaks(self):
        enrolment = scenes.an_enrolment()
        soutenance = before_two(enrolment)
        hand_in(soutenance, soutenance.evaluateur)
        hand_in(soutenance, soutenance.second_evaluateur)

        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.SUBMITTED
        acquisition = CompetenceAcquisition.objects.get()
        assert acquisition.grille.evaluateur == soutenance.evaluateur
        second = Grille.objects.get(evaluateur=soutenance.second_evaluateur)
        assert acquisition.acquired_at == second.submitted_at
        reasons = progress_page(enrolment, at=second.submitted_at).conclusion.reasons
        assert f"{soutenance.evaluateur} et {soutenance.second_evaluateur}" in reasons[0]
        assert problems() == []

    def test_disagreeing_they_settle(self):
        soutenance = in_disagreement()
        assert soutenance.state == SoutenanceState.RUNNING
        (difference,) = differences_of(soutenance)
        assert (difference.first.verdict, difference.second.verdict) == ("acquis", "non_acquis")
        assert not BlocAcquisition.objects.exists()
        assert problems() == []

    def test_the_settled_verdict_is_what_the_candidate_gets(self):
        enrolment = scenes.an_enrolment()
        soutenance = in_disagreement(enrolment)
        settlement = settled(soutenance, "non_acquis", "Refaites la démonstration.")
        confirm_agreement(soutenance, by=soutenance.second_evaluateur)

        assert not BlocAcquisition.objects.exists()
        page = progress_page(enrolment, at=settlement.settled_at)
        assert [one.comment for one in page.failed["C1.1.1"]] == ["Refaites la démonstration."]
        assert problems() == []

    def test_settled_acquis_the_bloc_is_acquired_in_that_transaction(self):
        enrolment = scenes.an_enrolment()
        soutenance = in_disagreement(enrolment)
        settlement = settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)

        bloc = BlocAcquisition.objects.get()
        assert bloc.acquired_at == settlement.settled_at
        entry = JournalEntry.objects.get(verb="soutenance.agreed")
        assert entry.data == {"acquired_competences": ["C1.1.1"], "acquired_blocs": [1]}
        assert progress_page(enrolment, at=settlement.settled_at).failed == {}
        jobs.run_due()
        assert problems() == []

    def test_the_dossier_shows_both_and_why(self):
        """R-JUR-3: the jury reads both verdicts, the reason, and each one's notes."""
        enrolment = scenes.an_enrolment()
        soutenance = in_disagreement(enrolment)
        settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        jobs.run_due()

        competence = enrolment.dossiers.get().content["blocs"][0]["activites"][0]["competences"][0]
        names = [str(soutenance.evaluateur), str(soutenance.second_evaluateur)]
        assert competence["evidence"]["evaluateur"] == " et ".join(names)
        critere = competence["criteres"][0]
        assert critere["verdict"] == "acquis"
        assert critere["settlement"] == {
            "reason": REASON,
            "settled_by": names[0],
            "verdicts": [
                {"evaluateur": names[0], "verdict": "acquis", "comment": ""},
                {"evaluateur": names[1], "verdict": "non_acquis", "comment": "À reprendre : la démarche manque."},
            ],
        }
        assert "settlement" not in competence["criteres"][1]


@pytest.mark.django_db
class TestSettling:
    def test_not_before_both_have_submitted(self):
        soutenance = before_two()
        hand_in(soutenance, soutenance.evaluateur)
        soutenance.refresh_from_db()
        critere = criteres_of(scenes.grille_of(soutenance))[0]
        with pytest.raises(Refusal, match="deux évaluateurs ont soumis"):
            settle(
                soutenance,
                critere=critere,
                verdict="acquis",
                comment="",
                reason=REASON,
                from_version=0,
                by=soutenance.evaluateur,
            )

    def test_nothing_is_settled_where_they_agree(self):
        soutenance = in_disagreement()
        same = criteres_of(scenes.grille_of(soutenance))[1]
        with pytest.raises(Refusal, match="même verdict"):
            settle(
                soutenance,
                critere=same,
                verdict="acquis",
                comment="",
                reason=REASON,
                from_version=0,
                by=soutenance.evaluateur,
            )

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"reason": "  "}, "motif"),
            ({"verdict": ""}, "Choisissez"),
            ({"verdict": "non_acquis"}, "commentaire"),
            ({"comment": "<script>alert(1)</script>"}, "balises"),
            ({"reason": "<b>non</b>"}, "balises"),
        ],
    )
    def test_what_is_not_accepted(self, changes, sentence):
        soutenance = in_disagreement()
        with pytest.raises(InvalidInput, match=sentence):
            settled(soutenance, **changes)
        assert not Settlement.objects.exists()

    def test_a_stale_change_is_refused_and_shows_what_stands(self):
        """R-SCO-4."""
        soutenance = in_disagreement()
        standing = settled(soutenance)
        with pytest.raises(StaleSettlement) as stale:
            settled(soutenance, "non_acquis", "Non.", by=soutenance.second_evaluateur)
        assert stale.value.current == standing
        settled(soutenance, "non_acquis", "Non.", from_version=1, by=soutenance.second_evaluateur)
        assert Settlement.objects.get().version == 2

    def test_in_the_same_terms_nobody_becomes_its_author(self):
        """R-SCO-5."""
        soutenance = in_disagreement()
        settled(soutenance)
        settled(soutenance, by=soutenance.second_evaluateur)
        standing = Settlement.objects.get()
        assert (standing.version, standing.settled_by) == (1, soutenance.evaluateur)

    def test_not_confirmed_while_something_differs(self):
        soutenance = in_disagreement()
        with pytest.raises(Refusal, match="1 désaccord reste"):
            confirm_agreement(soutenance, by=soutenance.evaluateur)

    def test_confirmed_twice_is_once(self):
        soutenance = in_disagreement()
        settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        with pytest.raises(AlreadySubmitted):
            confirm_agreement(soutenance, by=soutenance.second_evaluateur)
        with pytest.raises(Refusal, match="évaluée"):
            settled(soutenance, "non_acquis", "Trop tard.", from_version=1)

    def test_once_submitted_a_settlement_is_frozen_in_the_database(self):
        soutenance = in_disagreement()
        settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        for statement in ("UPDATE assessments_settlement SET reason = 'x'", "DELETE FROM assessments_settlement"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


@pytest.mark.django_db
class TestReopenedAfterAgreement:
    def give_back(self, soutenance, evaluateur):
        grille = scenes.grille_of(soutenance, evaluateur)
        reopen(grille, submission=grille.submitted_at, reason="Erreur de saisie.", by=scenes.a_manager())
        soutenance.refresh_from_db()

    def test_the_second_grille_given_back_withdraws_what_the_soutenance_acquired(self):
        """R-VAL-3: acquisitions name the first grille, and rest on both."""
        soutenance = in_disagreement()
        settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)

        self.give_back(soutenance, soutenance.second_evaluateur)

        assert not BlocAcquisition.objects.standing().exists()
        assert not is_concerting(soutenance)
        assert problems() == []

    def test_what_no_longer_differs_is_no_longer_settled(self):
        soutenance = in_disagreement()
        settled(soutenance, "non_acquis", "Non.")
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        self.give_back(soutenance, soutenance.second_evaluateur)

        hand_in(soutenance, soutenance.second_evaluateur)

        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.SUBMITTED
        assert not Settlement.objects.exists()
        dropped = JournalEntry.objects.get(verb="settlement.dropped")
        assert (dropped.data["before"]["verdict"], dropped.data["after"]) == ("non_acquis", None)
        assert BlocAcquisition.objects.standing().exists()
        jobs.run_due()
        assert problems() == []

    def test_what_still_differs_stays_settled_until_they_say_otherwise(self):
        soutenance = in_disagreement()
        settled(soutenance)
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        self.give_back(soutenance, soutenance.evaluateur)

        submit(scenes.grille_of(soutenance), by=soutenance.evaluateur)

        soutenance.refresh_from_db()
        assert soutenance.state == SoutenanceState.RUNNING
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        assert BlocAcquisition.objects.standing().exists()


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_both_submit_and_the_soutenance_ends_once(self):
        for _ in range(3):
            soutenance = before_two(scenes.an_enrolment(build_referentiel()))
            both = soutenance.evaluateur, soutenance.second_evaluateur
            for evaluateur in both:
                scenes.mark_all(scenes.grille_of(Soutenance.objects.get(pk=soutenance.pk), evaluateur))
            soutenance.refresh_from_db()
            outcomes = at_once(
                *(partial(submit, scenes.grille_of(soutenance, evaluateur), by=evaluateur) for evaluateur in both)
            )
            assert refusals_in(outcomes) == []
            assert soutenance.enrolment.bloc_acquisitions.count() == 1
        assert problems() == []

    def test_twenty_settlements_from_the_same_version_have_one_winner(self):
        soutenance = in_disagreement()
        changes = [partial(settled, soutenance, comment=f"Essai {n}.") for n in range(10)]
        outcomes = at_once(*changes)
        assert len([one for one in refusals_in(outcomes) if isinstance(one, StaleSettlement)]) == 9
        assert Settlement.objects.get().version == 1
