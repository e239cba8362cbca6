"""Submitting locks the grille and stores what it lets acquire, in one transaction (R-SCO-8, R-VAL-1 … R-VAL-4)."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from assessments.enums import SoutenanceState
from assessments.models import BlocAcquisition, CompetenceAcquisition, Grille, Soutenance
from assessments.queries.review import criteres_of, missing_in
from assessments.services.planning import leave_soutenance
from assessments.services.submission import AlreadySubmitted, IncompleteGrille, submit
from candidates.enums import VoieAcces
from candidates.services.enrolling import enrol
from core.exceptions import Refusal
from core.fingerprints import canonical_json, sha256_hex
from core.models import Job, JournalEntry
from juries.models import Decision
from tests import scenes
from tests.assessments.deeds import facts, in_bloc, judge, ready
from tests.assessments.http import client_of
from tests.referentiel.factories import build_referentiel, publish

NOTHING = (0, 0, 0, 0, 0)


@pytest.mark.django_db
class TestWhatIsMissing:
    """R-SCO-8: every CE judged, every required motive given."""

    def test_a_grille_that_misses_something_is_refused_and_says_how_much(self):
        grille = scenes.grille_of(scenes.a_soutenance())
        first, second = criteres_of(grille)
        judge(grille, first, "non_acquis")

        with pytest.raises(IncompleteGrille, match=r"^2 points restent à compléter avant de soumettre\.$"):
            submit(grille, by=grille.evaluateur)

        assert facts() == NOTHING
        assert [(one.critere, one.problem) for one in missing_in(grille)] == [
            (first.pk, "est non acquis sans commentaire pour le candidat"),
            (second.pk, "n’est pas évalué"),
        ]

    def test_the_review_lists_what_is_missing_and_links_to_it(self):
        grille = scenes.grille_of(scenes.a_soutenance())
        page = client_of(grille.evaluateur).get(reverse("assessments:review", args=[grille.soutenance_id]))
        for critere in criteres_of(grille):
            assert f"#ce-{critere.pk}" in page.content.decode()

    def test_a_verdict_taken_back_is_missing_again(self):
        grille = ready(scenes.an_enrolment())
        judge(grille, criteres_of(grille)[0], "", version=1)
        with pytest.raises(IncompleteGrille, match=r"^1 point reste"):
            submit(grille, by=grille.evaluateur)

    @pytest.mark.parametrize("comment", ["", "   ", "\n\t\n"])
    def test_a_blank_is_not_a_motive(self, comment):
        grille = ready(scenes.an_enrolment())
        judge(grille, criteres_of(grille)[0], "non_acquis", comment, version=1)
        with pytest.raises(IncompleteGrille):
            submit(grille, by=grille.evaluateur)

    def test_no_motive_is_asked_where_the_reglement_asks_none(self):
        """R-REF-6: a setting of the version."""
        grille = ready(scenes.an_enrolment(build_referentiel(motive_required=False)))
        judge(grille, criteres_of(grille)[0], "non_acquis", version=1)
        submit(grille, by=grille.evaluateur)
        assert Grille.objects.get().is_submitted

    def test_refused_over_http_it_says_so_and_changes_nothing(self):
        grille = scenes.grille_of(scenes.a_soutenance())
        address = reverse("assessments:submit", args=[grille.soutenance_id])
        page = client_of(grille.evaluateur).post(address, follow=True)
        assert "2 points restent à compléter" in page.content.decode()
        assert facts() == NOTHING

    @pytest.mark.parametrize("left", [SoutenanceState.CANCELLED, SoutenanceState.ABSENT, SoutenanceState.EXCUSED])
    def test_a_soutenance_that_did_not_take_place_is_not_submitted(self, left):
        """It says what it is, not what is missing."""
        grille = scenes.grille_of(scenes.a_soutenance())
        leave_soutenance(grille.soutenance, to=left, reason="Grève", by=scenes.a_manager())
        with pytest.raises(Refusal, match=left.label.lower()):
            submit(grille, by=grille.evaluateur)
        assert facts() == NOTHING

    def test_an_interrupted_soutenance_is_not_submitted_however_complete(self):
        grille = ready(scenes.an_enrolment())
        leave_soutenance(grille.soutenance, to=SoutenanceState.INTERRUPTED, reason="Panne", by=scenes.a_manager())
        with pytest.raises(Refusal, match="interrompue"):
            submit(Grille.objects.get(), by=grille.evaluateur)
        assert facts() == NOTHING


@pytest.mark.django_db
class TestTheReglement:
    """R-REF-6: what is needed is data of the version."""

    @pytest.mark.parametrize(("percent", "failed", "acquired"), [(100, 1, False), (75, 1, True), (76, 1, False)])
    def test_enough_ce_acquire_a_competence(self, percent, failed, acquired):
        enrolment = scenes.an_enrolment(build_referentiel(criteres=4, criteres_percent=percent))
        failing = enrolment.referentiel.criteres.order_by("pk").values_list("pk", flat=True)[:failed]
        grille = ready(enrolment, failing=failing)

        submit(grille, by=grille.evaluateur)

        assert CompetenceAcquisition.objects.exists() is acquired

    def test_a_mandatory_ce_is_not_made_up_for(self):
        referentiel = build_referentiel(criteres=4, criteres_percent=50, published=False)
        mandatory = referentiel.criteres.first()
        type(mandatory).objects.filter(pk=mandatory.pk).update(mandatory=True)
        publish(referentiel)
        grille = ready(scenes.an_enrolment(referentiel), failing=[mandatory.pk])

        submit(grille, by=grille.evaluateur)

        assert not CompetenceAcquisition.objects.exists()

    def test_enough_competences_acquire_a_bloc_that_rests_on_those_alone(self):
        enrolment = scenes.an_enrolment(build_referentiel(competences=3, competences_percent=60))
        lost = enrolment.referentiel.competences.first()
        grille = ready(enrolment, failing=[lost.criteres.first().pk])

        submit(grille, by=grille.evaluateur)

        assert [entry["competence"] for entry in BlocAcquisition.objects.get().evidence] == ["C1.1.2", "C1.1.3"]


@pytest.mark.django_db
class TestWhatIsAcquired:
    """R-VAL-1, R-VAL-2: stored facts, with their evidence and their date."""

    def test_competences_and_bloc_are_stored_with_the_grille_they_rest_on(self):
        enrolment = scenes.an_enrolment(build_referentiel(competences=2))

        grille = scenes.pass_soutenance(enrolment)

        grille.refresh_from_db()
        assert {(one.competence.code, one.grille, one.acquired_at) for one in CompetenceAcquisition.objects.all()} == {
            ("C1.1.1", grille, grille.submitted_at),
            ("C1.1.2", grille, grille.submitted_at),
        }
        bloc = BlocAcquisition.objects.get()
        assert (bloc.bloc.number, bloc.grille, bloc.acquired_at) == (1, grille, grille.submitted_at)
        assert bloc.evidence == [{"competence": code, "grille": str(grille.pk)} for code in ("C1.1.1", "C1.1.2")]
        assert bloc.evidence_fingerprint == sha256_hex(canonical_json(bloc.evidence))

    def test_a_bloc_is_dated_by_the_submission_that_completed_it(self):
        enrolment = scenes.an_enrolment(build_referentiel(competences=2))
        first, second = enrolment.referentiel.competences.all()
        early = scenes.pass_soutenance(enrolment, [first])
        assert not BlocAcquisition.objects.exists()

        late = scenes.pass_soutenance(enrolment, [second])

        bloc = BlocAcquisition.objects.get()
        assert bloc.grille == late
        assert [entry["grille"] for entry in bloc.evidence] == [str(early.pk), str(late.pk)]

    def test_acquired_stays_acquired_after_a_later_failure(self):
        """R-VAL-1."""
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        before = list(BlocAcquisition.objects.values()), list(CompetenceAcquisition.objects.values())

        scenes.fail_soutenance(enrolment)

        assert (list(BlocAcquisition.objects.values()), list(CompetenceAcquisition.objects.values())) == before
        page = client_of(enrolment.candidate.user).get(reverse("assessments:enrolment_progress", args=[enrolment.pk]))
        assert "Tous les blocs sont acquis" in page.content.decode()

    def test_a_failure_then_a_success_acquires_at_the_success(self):
        enrolment = scenes.an_enrolment()
        scenes.fail_soutenance(enrolment)
        assert not CompetenceAcquisition.objects.exists()

        success = scenes.pass_soutenance(enrolment)

        assert CompetenceAcquisition.objects.get().grille == success

    def test_submitting_near_midnight_dates_the_bloc_of_the_day_in_paris(self):
        """23:30 in Paris in summer is still the day before midnight; 00:30 is the next day, though not yet in UTC."""
        enrolment = scenes.an_enrolment()
        grille = ready(enrolment)
        with time_machine.travel(datetime(2027, 7, 13, 22, 30, tzinfo=UTC), tick=False):
            conclusion = submit(grille, by=grille.evaluateur)
        assert conclusion.reasons[0].startswith("Bloc 1 acquis le 14/07/2027")

    def test_the_journal_tells_what_the_submission_let_acquire(self):
        enrolment = scenes.an_enrolment()
        grille = scenes.pass_soutenance(enrolment)
        entry = JournalEntry.objects.get(verb="grille.submitted")
        assert (entry.actor, entry.data) == (
            grille.evaluateur,
            {"acquired_competences": ["C1.1.1"], "acquired_blocs": [1]},
        )


@pytest.mark.django_db
class TestTheLastBloc:
    """R-VAL-4: one job, in the same transaction, once per evidence."""

    def test_orders_one_job(self):
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        scenes.pass_soutenance(enrolment, in_bloc(enrolment, 1))
        assert not Job.objects.exists()
        scenes.pass_soutenance(enrolment, in_bloc(enrolment, 2))
        assert Job.objects.get().subject == str(enrolment.pk)

    def test_orders_nothing_when_the_transaction_is_undone(self):
        grille = ready(scenes.an_enrolment())

        with transaction.atomic():
            submit(grille, by=grille.evaluateur)
            assert Job.objects.exists()
            transaction.set_rollback(True)

        assert facts() == NOTHING
        assert Soutenance.objects.get().state == SoutenanceState.RUNNING

    def test_a_later_soutenance_of_what_is_acquired_orders_nothing_more(self):
        enrolment = scenes.an_enrolment()
        scenes.pass_soutenance(enrolment)
        scenes.pass_soutenance(enrolment)
        assert Job.objects.count() == 1

    def test_a_failure_orders_nothing(self):
        scenes.fail_soutenance(scenes.an_enrolment())
        assert not Job.objects.exists()

    def test_an_enrolment_for_named_blocs_acquires_them_and_orders_no_certification(self):
        """All blocs are needed for the certification (R-REF-6); a jury it is presented to still gets its dossier."""
        referentiel = build_referentiel(blocs=2)
        enrolment = enrol(
            scenes.a_candidate(),
            referentiel=referentiel,
            voie_acces=VoieAcces.VAE,
            enrolled_on=datetime(2026, 1, 12, tzinfo=UTC).date(),
            blocs=[referentiel.blocs.get(number=2)],
            by=scenes.a_manager(),
        )

        scenes.pass_soutenance(enrolment, in_bloc(enrolment, 2))

        assert BlocAcquisition.objects.get().bloc.number == 2
        assert not Job.objects.exists()
        scenes.a_session(enrolment)
        assert Decision.objects.get().outcome == "partial"
        assert Decision.objects.get().blocs == [2]

    def test_submitted_twice_it_is_submitted_once(self):
        grille = ready(scenes.an_enrolment())
        submit(grille, by=grille.evaluateur)
        before = facts()

        with pytest.raises(AlreadySubmitted, match="déjà soumise"):
            submit(grille, by=grille.evaluateur)

        assert facts() == before == (1, 1, 1, 1, 1)

    def test_a_second_click_is_told_that_nothing_was_done_twice(self):
        grille = ready(scenes.an_enrolment())
        client, address = client_of(grille.evaluateur), reverse("assessments:submit", args=[grille.soutenance_id])
        client.post(address)
        assert "rien n’a été fait une seconde fois" in client.post(address, follow=True).content.decode()
        assert facts() == (1, 1, 1, 1, 1)
