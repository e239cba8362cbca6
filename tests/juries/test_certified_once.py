"""A certified candidate is nobody's to decide again: a correction is an appeal's (R-JUR-4, R-JUR-5)."""

import pytest

from core.exceptions import Refusal
from juries.enums import Outcome
from juries.models import Candidacy, Decision
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.sessions import close_session, present_candidate
from tests import scenes

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


def test_nor_decided_by_another_session_that_was_already_open():
    enrolment = scenes.a_certifiable_enrolment()
    first, second = (scenes.a_session(enrolment, opened=True) for _ in range(2))
    decide(first, enrolment, Outcome.CERTIFIED)
    close_session(first, by=scenes.president_of(first))
    with pytest.raises(UnlawfulDecision, match="déjà certifié"):
        decide(second, enrolment, Outcome.REFUSED, motive="Autre avis.")
    assert Decision.objects.taken().count() == 1
