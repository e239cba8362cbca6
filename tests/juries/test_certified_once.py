"""A certified candidate is nobody's to decide again: a correction is an appeal's (R-JUR-4, R-JUR-5)."""

import pytest

from core import files, jobs
from core.exceptions import Refusal
from core.models import JournalEntry
from core.reconcile import problems
from juries.enums import Outcome, SessionState
from juries.models import Candidacy, Certificate, Decision
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.declaring import declare_conflicts
from juries.services.reexamining import present_for_reexamination
from juries.services.referring import refer_to_another_session
from juries.services.sessions import (
    close_session,
    open_session,
    present_candidate,
    publish_session,
    withdraw_candidate,
)
from tests import scenes
from tests.juries.deliveries import ready_to_deliver
from tests.juries.sittings import a_rival_session
from tests.printed import words_of

pytestmark = pytest.mark.django_db


def decide(session, enrolment, outcome, motive=""):
    return take_decision(
        session,
        enrolment=enrolment,
        dossier=enrolment.dossiers.latest("revision"),
        outcome=outcome,
        motive=motive,
        by=scenes.president_of(session),
    )


def test_a_certified_candidate_is_not_presented_again():
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment, Outcome.CERTIFIED)
    close_session(session, by=scenes.president_of(session))
    following = scenes.a_session(referentiel=enrolment.referentiel)
    with pytest.raises(Refusal, match="déjà certifié"):
        present_candidate(following, enrolment=enrolment, by=scenes.a_manager())
    assert not Candidacy.objects.filter(session=following).exists()


def test_a_candidate_is_before_one_jury_at_a_time():
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment)
    other = scenes.a_session(referentiel=enrolment.referentiel)
    with pytest.raises(Refusal, match=r"déjà inscrit à la session « Jury de décembre » .* retirez-le d’abord"):
        present_candidate(other, enrolment=enrolment, by=scenes.a_manager())
    open_session(session, by=scenes.president_of(session))
    with pytest.raises(Refusal, match="attendez qu’elle soit close"):
        present_candidate(other, enrolment=enrolment, by=scenes.a_manager())
    decide(session, enrolment, Outcome.ADJOURNED, motive="Pièces manquantes.")
    close_session(session, by=scenes.president_of(session))
    assert present_candidate(other, enrolment=enrolment, by=scenes.a_manager())


def test_nor_re_examined_while_another_jury_has_them():
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    adjourned = decide(session, enrolment, Outcome.ADJOURNED, motive="Pièces manquantes.")
    close_session(session, by=scenes.president_of(session))
    scenes.a_session(enrolment)
    other = scenes.a_session(referentiel=enrolment.referentiel)
    with pytest.raises(Refusal, match="déjà inscrit à la session « Jury de décembre »"):
        present_for_reexamination(other, decision=adjourned, reason="Erreur.", by=scenes.a_manager())


class TestCertifiedByAnotherSession:
    """Sessions that had the same candidate before that was refused."""

    @pytest.fixture
    def enrolment(self):
        return scenes.a_certifiable_enrolment()

    def certify(self, enrolment):
        session = enrolment.candidacies.earliest("pk").session
        if session.state == SessionState.PREPARING:
            open_session(session, by=scenes.president_of(session))
        decide(session, enrolment, Outcome.CERTIFIED)
        close_session(session, by=scenes.president_of(session))
        return session

    def test_does_not_open_until_they_are_withdrawn(self, enrolment):
        scenes.a_session(enrolment)
        rival = a_rival_session(enrolment)
        present_candidate(rival, enrolment=scenes.an_enrolment(enrolment.referentiel), by=scenes.a_manager())
        scenes.everybody_declares(rival)
        self.certify(enrolment)
        with pytest.raises(Refusal, match=rf"{enrolment.candidate} \(session « Jury de décembre » du .*Retirez"):
            open_session(rival, by=scenes.president_of(rival))
        withdraw_candidate(rival.candidacies.get(enrolment=enrolment), by=scenes.a_manager())
        open_session(rival, by=scenes.president_of(rival))

    @pytest.mark.parametrize("alone", [True, False])
    def test_open_already_it_closes_without_judging_them_and_says_so(self, enrolment, alone):
        ready_to_deliver(enrolment.referentiel)
        first = scenes.a_session(enrolment, opened=True)
        rival = a_rival_session(enrolment)
        other = scenes.a_certifiable_enrolment(enrolment.referentiel)
        if not alone:
            present_candidate(rival, enrolment=other, by=scenes.a_manager())
            scenes.everybody_declares(rival)
            jobs.run_due()
        president = scenes.president_of(rival)
        open_session(rival, by=president)
        self.certify(enrolment)
        with pytest.raises(UnlawfulDecision, match="déjà certifié"):
            decide(rival, enrolment, Outcome.REFUSED, motive="Autre avis.")
        if not alone:
            with pytest.raises(Refusal, match=f"Il manque une décision pour : {other.candidate}"):
                close_session(rival, by=president)
            decide(rival, other, Outcome.CERTIFIED)
        close_session(rival, by=president)
        assert Decision.objects.live().get(enrolment=enrolment).session == first
        publish_session(first, by=scenes.president_of(first))
        publish_session(rival, by=president)
        jobs.run_due()
        assert Certificate.objects.filter(decision__enrolment=enrolment, revoked_at=None).exists()
        assert standing(enrolment).outcome == Outcome.CERTIFIED
        assert JournalEntry.objects.get(verb="session.candidate_not_judged").data["enrolment"] == str(enrolment.pk)
        words = words_of(files.read(rival.minutes.pdf))
        assert "n’a pas été jugé" in words
        assert "session « Jury de décembre »" in words
        assert problems() == []

    def test_nor_are_they_referred_to_another_session(self, enrolment):
        scenes.a_session(enrolment, opened=True)
        rival = a_rival_session(enrolment, opened=True)
        self.certify(enrolment)
        candidacy = rival.candidacies.get()
        for member in rival.members.all():
            declare_conflicts(member, conflicts={candidacy.pk: "voisin"}, by=member.user)
        with pytest.raises(Refusal, match="se clôt sans le juger"):
            refer_to_another_session(candidacy, by=scenes.president_of(rival))
        assert standing(enrolment).outcome == Outcome.CERTIFIED


def standing(enrolment):
    return Decision.objects.live().get(enrolment=enrolment)
