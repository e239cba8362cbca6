"""A session does not close on a dossier that has changed since the jury decided on it (R-JUR-3)."""

from dataclasses import replace

import pytest

from candidates.models import Enrolment
from candidates.services.filing import correct_civil_status
from core import jobs
from core.exceptions import Refusal
from juries.chairing import REFERRED
from juries.enums import Outcome, Presence, SessionState
from juries.models import Decision, JuryMember
from juries.services.declaring import declare_conflicts
from juries.services.dossiers import order_dossier
from juries.services.referring import refer_to_another_session
from juries.services.sessions import close_session
from tests import scenes
from tests.juries.sittings import decide, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    return scenes.a_session(enrolment, opened=True)


def changes(enrolment) -> None:
    """After which the dossier is not what was decided on."""
    status = replace(enrolment.candidate.civil_status, birth_place="Brest")
    correct_civil_status(enrolment.candidate, status=status, by=scenes.a_manager())
    assert enrolment.dossiers.get(revision=1).is_stale


def close(session) -> None:
    close_session(session, by=scenes.president_of(session))


@pytest.mark.parametrize("outcome", [Outcome.CERTIFIED, Outcome.ADJOURNED])
def test_it_names_who_is_to_be_called_again_and_closes_once_decided_again(session, enrolment, outcome):
    decide(session, enrolment, outcome)
    changes(enrolment)
    told = f"Le dossier de {enrolment.candidate} a changé depuis la décision : rappelez ce candidat"
    with pytest.raises(Refusal, match=told):
        close(session)
    assert state_of(session) == SessionState.OPEN
    order_dossier(Enrolment.objects.get(pk=enrolment.pk), by=scenes.a_manager())
    jobs.run_due()
    assert decide(session, enrolment, outcome).dossier.revision == 2
    close(session)
    assert state_of(session) == SessionState.CLOSED


def test_it_names_them_all(enrolment):
    other = scenes.a_certifiable_enrolment(enrolment.referentiel)
    session = scenes.a_session(enrolment, other, opened=True)
    for one in (enrolment, other):
        decide(session, one)
        changes(one)
    with pytest.raises(Refusal, match=f"{enrolment.candidate}, {other.candidate}. Rappelez ces candidats"):
        close(session)


def test_what_judged_nothing_is_not_judged_again(session, enrolment):
    candidacy = session.candidacies.get()
    for member in session.members.all():
        declare_conflicts(member, conflicts={candidacy.pk: "voisin"}, by=member.user)
    refer_to_another_session(candidacy, by=scenes.president_of(session))
    assert Decision.objects.taken().get().motive == REFERRED
    changes(enrolment)
    JuryMember.objects.filter(session=session).first().recusals.all().delete()  # somebody could judge them again
    close(session)
    assert state_of(session) == SessionState.CLOSED


def test_nor_is_whom_nobody_present_may_judge_any_more(session, enrolment):
    """Who decided has left, and who stays stands back: the session would never close."""
    decide(session, enrolment)
    changes(enrolment)
    president = session.members.get(is_president=True)
    other = session.members.get(is_president=False)
    JuryMember.objects.filter(pk=president.pk).update(is_president=False, presence=Presence.ABSENT)
    JuryMember.objects.filter(pk=other.pk).update(is_president=True)
    declare_conflicts(other, conflicts={session.candidacies.get().pk: "voisin"}, by=other.user)
    close(session)
    assert state_of(session) == SessionState.CLOSED
