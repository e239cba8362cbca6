"""The software proposes, the jury decides, within the law (R-JUR-3, R-JUR-4, R-REF-5)."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from candidates.services.accommodating import end_accommodation, grant_tiers_temps
from core import jobs
from core.journal import first_broken_link
from core.models import JournalEntry
from juries.enums import Outcome
from juries.models import Decision
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.deliberating import call_candidate
from juries.services.dossiers import order_dossier
from juries.services.sessions import close_session
from referentiel.models import Registration
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel


def decide(session, enrolment, outcome=Outcome.CERTIFIED, **changes):
    return take_decision(
        session,
        enrolment=enrolment,
        outcome=outcome,
        **{"dossier": enrolment.dossiers.latest("revision"), "by": scenes.president_of(session), **changes},
    )


def refused(said, *args, **kwargs) -> None:
    """Refused in these words; nothing is decided, nothing is told."""
    before = list(Decision.objects.taken().values())
    told = JournalEntry.objects.count()
    with pytest.raises(UnlawfulDecision, match=said):
        decide(*args, **kwargs)
    assert list(Decision.objects.taken().values()) == before
    assert JournalEntry.objects.count() == told


@pytest.fixture
def certifiable():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def partly():
    """An enrolment with bloc 1 acquired of two."""
    enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
    scenes.pass_soutenance(enrolment, enrolment.referentiel.competences.filter(activite__bloc__number=1))
    return enrolment


@pytest.mark.django_db
class TestWhatIsRecorded:
    def test_a_decision_names_its_dossier_its_session_and_who_recorded_it(self, certifiable):
        session = scenes.a_session(certifiable, opened=True)
        decision = decide(session, certifiable)
        assert (decision.outcome, decision.blocs) == (Outcome.CERTIFIED, [1])
        assert (decision.dossier, decision.session) == (certifiable.dossiers.get(), session)
        assert decision.decided_by == scenes.president_of(session)
        assert decision.reasons == Decision.objects.proposed().get().reasons

    def test_following_the_proposal_needs_no_motive(self, partly):
        session = scenes.a_session(partly, opened=True)
        assert decide(session, partly, Outcome.PARTIAL).blocs == [1]

    def test_it_may_be_taken_again_until_the_close_and_the_journal_keeps_both(self, certifiable):
        session = scenes.a_session(certifiable, opened=True)
        decide(session, certifiable)
        decide(session, certifiable, Outcome.ADJOURNED, motive="Pièce attendue.")

        assert Decision.objects.taken().get().outcome == Outcome.ADJOURNED
        told = JournalEntry.objects.filter(verb__startswith="decision.taken").order_by("sequence")
        assert [(entry.verb, entry.data["outcome"]) for entry in told] == [
            ("decision.taken", "certified"),
            ("decision.taken_again", "adjourned"),
        ]
        assert told.last().reason == "Pièce attendue."

    def test_taken_twenty_times_in_the_same_terms_it_is_written_once(self, certifiable):
        """R-JUR-4: the date of a decision is the day it was taken, not the last click."""
        session = scenes.a_session(certifiable, opened=True)
        taken = decide(session, certifiable, Outcome.ADJOURNED, motive="Pièce attendue.")
        before, told = Decision.objects.taken().values().get(), JournalEntry.objects.count()

        for _ in range(19):
            assert decide(session, certifiable, Outcome.ADJOURNED, motive=" Pièce attendue. ") == taken

        assert Decision.objects.taken().values().get() == before
        assert JournalEntry.objects.count() == told

    @pytest.mark.parametrize(
        "changes", [{"motive": "Autre motif."}, {"outcome": Outcome.REFUSED}, {"outcome": Outcome.PARTIAL}]
    )
    def test_any_difference_is_a_decision_taken_again(self, certifiable, changes):
        """R-JUR-4."""
        session = scenes.a_session(certifiable, opened=True)
        first = {"outcome": Outcome.ADJOURNED, "motive": "Pièce attendue."}
        decide(session, certifiable, **first)
        decide(session, certifiable, **first | changes)
        assert JournalEntry.objects.filter(verb="decision.taken_again").count() == 1

    @pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.ADJOURNED])
    def test_a_refusal_and_an_adjournment_acknowledge_no_bloc(self, certifiable, outcome):
        session = scenes.a_session(certifiable, opened=True)
        assert decide(session, certifiable, outcome, motive="Motif.", blocs=[1]).blocs == []

    def test_a_proposal_is_never_changed_even_by_sql(self, certifiable):
        for attack in (
            lambda: Decision.objects.proposed().update(outcome=Outcome.REFUSED),
            lambda: Decision.objects.proposed().delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                attack()
        assert certifiable.decisions.get().outcome == Outcome.CERTIFIED


@pytest.mark.django_db
class TestWhatTheLawRefuses:
    def test_a_session_in_preparation_decides_nothing(self, certifiable):
        session = scenes.a_session(certifiable)
        refused("n’est pas ouverte", session, certifiable)

    def test_a_closed_session_decides_nothing_more(self, certifiable):
        session = scenes.a_session(certifiable, opened=True)
        decide(session, certifiable)
        close_session(session, by=scenes.president_of(session))
        refused("n’est pas ouverte", session, certifiable, Outcome.ADJOURNED, motive="Trop tard.")

    def test_a_candidate_of_another_session_is_not_decided_here(self, certifiable):
        session = scenes.a_session(scenes.an_enrolment(certifiable.referentiel), opened=True)
        refused("n’est pas inscrit à cette session", session, certifiable)

    def test_nobody_is_certified_without_all_blocs(self, partly):
        session = scenes.a_session(partly, opened=True)
        refused("Non acquis : bloc 2", session, partly, motive="Bonté d’âme.")

    def test_a_partial_decision_acknowledges_no_bloc_that_is_not_acquired(self, partly):
        session = scenes.a_session(partly, opened=True)
        refused("Bloc non acquis : 2", session, partly, Outcome.PARTIAL, blocs=[1, 2], motive="Presque.")
        refused("Bloc non acquis : 9", session, partly, Outcome.PARTIAL, blocs=[9], motive="Presque.")

    def test_a_partial_decision_without_any_bloc_acquired_is_none(self):
        enrolment = scenes.an_enrolment()
        session = scenes.a_session(enrolment, opened=True)
        refused("Aucun bloc n’est acquis", session, enrolment, Outcome.PARTIAL, motive="Encouragements.")

    @pytest.mark.parametrize("motive", ["", "   ", "\n"])
    @pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.REFUSED, Outcome.ADJOURNED])
    def test_departing_from_the_proposal_needs_a_motive(self, certifiable, outcome, motive):
        session = scenes.a_session(certifiable, opened=True)
        refused("indiquez le motif", session, certifiable, outcome, motive=motive)

    def test_acknowledging_fewer_blocs_than_proposed_is_departing_from_it(self):
        enrolment = scenes.an_enrolment(build_referentiel(blocs=3))
        scenes.pass_soutenance(enrolment, enrolment.referentiel.competences.exclude(activite__bloc__number=3))
        session = scenes.a_session(enrolment, opened=True)
        refused("indiquez le motif", session, enrolment, Outcome.PARTIAL, blocs=[1])
        assert decide(session, enrolment, Outcome.PARTIAL, blocs=[1], motive="Plagiat sur le bloc 2.").blocs == [1]

    @pytest.mark.parametrize(("days", "lawful"), [(-1, False), (0, True), (1, True)])
    def test_nothing_is_delivered_after_the_limit_of_delivery(self, certifiable, days, lawful):
        """R-REF-5: the day itself is still within it."""
        today = timezone.localdate()
        Registration.objects.create(
            referentiel=certifiable.referentiel,
            decided_on=today - timedelta(days=900),
            ends_on=today - timedelta(days=400),
            delivery_limit_on=today + timedelta(days=days),
        )
        session = scenes.a_session(certifiable, opened=True)
        if lawful:
            assert decide(session, certifiable).outcome == Outcome.CERTIFIED
        else:
            refused("date limite de délivrance", session, certifiable)


@pytest.mark.django_db
class TestTheRevisionDecidedOn:
    """R-JUR-3: a named revision, which is the latest and not stale."""

    def test_a_stale_dossier_is_not_decided_on(self, partly):
        session = scenes.a_session(partly, opened=True)
        scenes.fail_soutenance(partly, partly.referentiel.competences.filter(activite__bloc__number=2))
        refused("n’est plus à jour", session, partly, Outcome.PARTIAL)

    def test_an_older_revision_is_not_decided_on_and_the_new_one_is(self, partly):
        session = scenes.a_session(partly, opened=True)
        first = partly.dossiers.get()
        scenes.fail_soutenance(partly, partly.referentiel.competences.filter(activite__bloc__number=2))
        order_dossier(partly, by=scenes.a_manager())
        jobs.run_due()

        refused("n’est plus à jour", session, partly, Outcome.PARTIAL, dossier=first)
        assert decide(session, partly, Outcome.PARTIAL).dossier.revision == 2

    def test_another_candidate_s_dossier_is_not_decided_on(self, certifiable):
        session = scenes.a_session(certifiable, opened=True)
        other = scenes.a_certifiable_enrolment(certifiable.referentiel)
        refused("n’est plus à jour", session, certifiable, dossier=other.dossiers.get())

    def test_a_measure_granted_then_ended_leads_back_to_a_dossier_one_can_decide_on(self, certifiable):
        """The same evidence never makes two dossiers: the one that says it is no longer stale."""
        session, manager = scenes.a_session(certifiable, opened=True), scenes.a_manager()
        measure = grant_tiers_temps(certifiable, granted_on=certifiable.enrolled_on, by=manager)
        refused("n’est plus à jour", session, certifiable)

        end_accommodation(measure, ended_on=timezone.localdate(), by=manager)

        assert decide(session, certifiable).dossier.revision == 1

    def test_so_it_does_when_a_revision_was_made_in_between(self, certifiable):
        session, manager = scenes.a_session(certifiable, opened=True), scenes.a_manager()
        first = certifiable.dossiers.get()
        measure = grant_tiers_temps(certifiable, granted_on=certifiable.enrolled_on, by=manager)
        order_dossier(certifiable, by=manager)
        jobs.run_due()
        second = certifiable.dossiers.latest("revision")
        end_accommodation(measure, ended_on=timezone.localdate(), by=manager)

        refused("n’est plus à jour", session, certifiable, dossier=second)
        assert decide(session, certifiable, dossier=first).dossier == first


@pytest.mark.django_db
class TestThePage:
    """What the president reads and types."""

    @pytest.fixture
    def session(self, certifiable):
        return scenes.a_session(certifiable, opened=True)

    @pytest.fixture
    def address(self, session, certifiable):
        return reverse("juries:decide", args=[session.pk, certifiable.pk])

    @pytest.fixture
    def president(self, session):
        return client_of(scenes.president_of(session))

    def test_nothing_is_chosen_in_the_jury_s_place(self, president, address):
        """RGPD art. 22."""
        called = president.post(address.replace("decision", "appeler"), follow=True).content.decode()
        form = called.split('id="decision"', 1)[1].split("</form>", 1)[0]
        assert 'type="radio"' in form
        assert " checked" not in form

    def test_what_is_refused_is_said_and_what_was_typed_is_kept(self, president, address, certifiable):
        typed = {"outcome": "partial", "blocs": ["1"], "motive": " ", "dossier": certifiable.dossiers.get().pk}
        page = president.post(address, typed).content.decode()
        assert "indiquez le motif" in page
        assert page.split('id="decision"', 1)[1].split("</form>", 1)[0].count(" checked") == 2
        assert not Decision.objects.taken().exists()

    @pytest.mark.parametrize(
        "changes", [{"outcome": ""}, {"outcome": "graciée"}, {"outcome": "partial", "blocs": ["2"]}]
    )
    def test_what_is_no_choice_is_refused_in_words(self, president, address, certifiable, changes):
        typed = {"outcome": "certified", "dossier": certifiable.dossiers.get().pk, **changes}
        answer = president.post(address, typed)
        assert answer.status_code == 200
        assert "choix" in answer.content.decode() or "obligatoire" in answer.content.decode()
        assert not Decision.objects.taken().exists()

    @pytest.mark.parametrize("dossier", ["", "pas-un-uuid", "00000000-0000-4000-8000-000000000000", "1"])
    def test_a_dossier_that_does_not_exist_is_not_found(self, president, address, dossier):
        assert president.post(address, {"outcome": "certified", "dossier": dossier}).status_code == 404
        assert not Decision.objects.taken().exists()

    def test_somebody_else_s_dossier_is_not_found(self, president, address, certifiable):
        other = scenes.a_certifiable_enrolment(certifiable.referentiel).dossiers.get()
        assert president.post(address, {"outcome": "certified", "dossier": other.pk}).status_code == 404

    def test_a_tab_left_open_is_told_that_the_session_is_closed(self, president, address, session, certifiable):
        decide(session, certifiable)
        close_session(session, by=scenes.president_of(session))
        typed = {"outcome": "adjourned", "motive": "Finalement.", "dossier": certifiable.dossiers.get().pk}
        answer = president.post(address, typed)
        assert answer.status_code == 200
        assert "n’est pas ouverte" in answer.content.decode()
        assert Decision.objects.taken().get().outcome == Outcome.CERTIFIED

    def test_a_member_who_does_not_preside_decides_nothing(self, address, session, certifiable):
        typed = {"outcome": "certified", "dossier": certifiable.dossiers.get().pk}
        for person in (
            session.members.get(is_president=False).user,
            scenes.a_manager(),
            scenes.president_of(scenes.a_session(referentiel=session.referentiel)),
            certifiable.candidate.user,
            UserFactory(),
        ):
            assert client_of(person).post(address, typed).status_code == 404
        assert not Decision.objects.taken().exists()

    def test_the_next_undecided_candidate_follows(self, certifiable):
        second = scenes.a_certifiable_enrolment(certifiable.referentiel)
        session = scenes.a_session(certifiable, second, opened=True)
        first, after = (row.enrolment for row in session.candidacies.all())
        president = client_of(scenes.president_of(session))
        typed = {"outcome": "certified", "dossier": first.dossiers.get().pk}
        answer = president.post(reverse("juries:decide", args=[session.pk, first.pk]), typed)
        assert answer.url == reverse("juries:room", args=[session.pk])
        call_candidate(session, enrolment=first.pk, by=scenes.president_of(session))
        page = president.get(answer.url).content.decode()
        next_one = page.split('data-key="n"', 1)[0].rsplit("<form", 1)[1]
        assert reverse("juries:call", args=[session.pk, after.pk]) in next_one


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_ten_decisions_about_one_candidate_are_one_row(self):
        enrolment = scenes.a_certifiable_enrolment()
        session = scenes.a_session(enrolment, opened=True)
        outcomes = at_once(*[partial(decide, session, enrolment)] * 10)
        assert refusals_in(outcomes) == []
        assert Decision.objects.taken().count() == 1
        assert first_broken_link() is None

    def test_a_submission_and_a_decision_never_lock_each_other_out(self):
        for _ in range(5):
            enrolment = scenes.a_certifiable_enrolment()
            session = scenes.a_session(enrolment, opened=True)
            grille = scenes.grille_of(scenes.a_soutenance(enrolment))
            scenes.mark_all(grille)
            submit = partial(client_of(grille.evaluateur).post, reverse("api:submission", args=[grille.soutenance_id]))
            at_once(submit, partial(decide, session, enrolment), partial(jobs.run_due))
            assert enrolment.dossiers.get(revision=1).is_stale
            assert grille.marks.count() == 2
        assert first_broken_link() is None
