"""R-JUR-2: recused for one candidate, a president is replaced for that one; nothing a recused person did is frozen."""

from functools import partial

import pytest
from django.urls import reverse

from accounts.enums import Role
from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import files, jobs
from core.exceptions import Refusal
from core.reconcile import problems
from juries.chairing import REFERRED, Presiding, presides_over
from juries.enums import Capacity, Outcome, Presence, SessionState
from juries.models import Decision, JurySession, Letter, Minutes
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.declaring import change_presence, declare_conflicts
from juries.services.deliberating import UnlawfulVote, cast_vote, close_ballot, open_ballot
from juries.services.referring import refer_to_another_session
from juries.services.sessions import close_session, open_session, seat_member
from tests import printed, scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.deliberating import candidacy_of, vote
from tests.juries.sittings import decide
from tests.referentiel.factories import build_referentiel

CERTIFIED, REFUSED, ADJOURNED = Outcome.CERTIFIED, Outcome.REFUSED, Outcome.ADJOURNED


def seat(rank: int, **fields: bool) -> Presiding:
    told = {"is_president": False, "is_substitute": False, "is_present": True, "stands_back": False}
    return Presiding(rank, **{**told, **fields})


class TestTheRule:
    @pytest.mark.parametrize(
        ("seats", "expected"),
        [
            ([seat(1, is_president=True), seat(2)], 1),
            ([seat(1, is_president=True, is_present=False), seat(2)], 1),
            ([seat(1, is_president=True, stands_back=True), seat(3), seat(2)], 2),
            ([seat(1, is_president=True, stands_back=True), seat(2, is_substitute=True), seat(3)], 3),
            ([seat(1, is_president=True, stands_back=True), seat(2, is_present=False), seat(3)], 3),
            ([seat(1, is_president=True, stands_back=True), seat(2, stands_back=True), seat(3)], 3),
            ([seat(1, is_president=True, stands_back=True), seat(2, is_substitute=True)], 2),
            ([seat(1, is_president=True, stands_back=True), seat(2, stands_back=True)], None),
        ],
    )
    def test_the_first_present_who_may_judge_members_before_substitutes(self, seats, expected):
        found = presides_over(seats)
        assert (found.rank if found else None) == expected


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment) -> JurySession:
    """Open on its one candidate, with three members: the president, then the first seated, then another."""
    session = scenes.a_session(enrolment)
    third = UserFactory(roles=[Role.JURY], first_name="Noé", last_name="Renard")
    seat_member(session, user=third, capacity=Capacity.EXTERNAL, by=scenes.a_manager())
    scenes.everybody_declares(session)
    open_session(session, by=scenes.president_of(session))
    session.refresh_from_db()
    JurySession.objects.filter(pk=session.pk).update(current=session.candidacies.get())
    session.refresh_from_db()
    return session


def members_of(session):
    return [member.user for member in session.members.order_by("pk")]


def recuse(session, *users, enrolment=None):
    enrolment = enrolment or session.candidacies.get().enrolment
    for user in users:
        declare_link(enrolment.candidate, user=user, kind=LinkKind.TRAINED, by=scenes.a_manager())


def words_of(minutes: Minutes) -> str:
    return printed.words_of(files.read(minutes.pdf))


def decided_by(session, enrolment, user, outcome=CERTIFIED, motive=""):
    return take_decision(
        session, enrolment=enrolment, dossier=enrolment.dossiers.get(), outcome=outcome, motive=motive, by=user
    )


@pytest.mark.django_db
class TestAPresidentRecusedOnceOpen:
    def test_the_first_member_decides_and_the_session_closes(self, session, enrolment):
        president, first, other = members_of(session)
        recuse(session, president)
        with pytest.raises(UnlawfulDecision, match=f"{first} préside sa délibération"):
            decided_by(session, enrolment, president)
        with pytest.raises(UnlawfulDecision, match=f"{first} préside la délibération"):
            decided_by(session, enrolment, other)
        decided_by(session, enrolment, first)
        close_session(session, by=president)
        session.refresh_from_db()
        assert session.state == SessionState.CLOSED
        assert problems() == []

    def test_may_be_declared_by_the_president(self, session, enrolment):
        president, first, _ = members_of(session)
        member = session.members.get(is_president=True)
        declare_conflicts(member, conflicts={session.candidacies.get().pk: "ancien collègue"}, by=president)
        decided_by(session, enrolment, first)
        close_session(session, by=president)

    def test_the_one_who_replaces_settles_a_tie(self, session):
        president, first, other = members_of(session)
        recuse(session, president)
        ballot = open_ballot(candidacy_of(session), by=first)
        cast_vote(ballot, outcome=CERTIFIED, by=other)
        cast_vote(ballot, outcome=REFUSED, by=first)
        with pytest.raises(UnlawfulVote, match="préside sa délibération"):
            close_ballot(ballot, by=president)
        assert close_ballot(ballot, by=first) == REFUSED

    def test_the_next_one_replaces_who_left(self, session, enrolment):
        president, first, other = members_of(session)
        recuse(session, president)
        change_presence(session.members.get(user=first), presence=Presence.ABSENT, by=president)
        decided_by(session, enrolment, other)

    def test_the_pv_says_who_presided_and_the_letter_is_theirs(self, session, enrolment):
        president, first, _ = members_of(session)
        recuse(session, president)
        decided_by(session, enrolment, first)
        close_session(session, by=president)
        jobs.run_due()
        words = words_of(Minutes.objects.get())
        assert f"{first}, premier membre présent à pouvoir se prononcer, a présidé la délibération" in words
        assert f"{president} (a formé ou accompagné le candidat) n’a pas pris part" in words
        body = Letter.objects.get().body
        assert str(first) in body
        assert str(president) not in body


@pytest.mark.django_db
class TestWhatARecusedPersonHadDone:
    def test_a_decision_they_recorded_is_recorded_again_before_the_closing(self, session, enrolment):
        president, first, _ = members_of(session)
        decided_by(session, enrolment, president)
        recuse(session, president)
        with pytest.raises(Refusal, match=f"{president}, récusé depuis"):
            close_session(session, by=president)
        assert decided_by(session, enrolment, first).decided_by == first
        close_session(session, by=president)

    def test_a_ballot_they_voted_in_decides_nothing(self, session, enrolment):
        president, _, other = members_of(session)
        ballot = open_ballot(candidacy_of(session), by=president)
        cast_vote(ballot, outcome=CERTIFIED, by=other)
        declare_conflicts(
            session.members.get(user=other), conflicts={session.candidacies.get().pk: "voisin de palier"}, by=other
        )
        assert close_ballot(ballot, by=president) is None
        with pytest.raises(UnlawfulDecision, match="voix de Noé Renard, récusé depuis"):
            decided_by(session, enrolment, president)
        vote(session, president=CERTIFIED)
        decided_by(session, enrolment, president)
        close_session(session, by=president)
        jobs.run_due()
        words = words_of(Minutes.objects.get())
        assert "a cessé de prendre part à la délibération sur ce candidat après avoir voté au scrutin 1" in words
        assert "Ce scrutin n’a rien conclu" in words
        assert problems() == []

    def test_a_ballot_concluded_before_is_voted_again(self, session, enrolment):
        president, _, other = members_of(session)
        ballot = open_ballot(candidacy_of(session), by=president)
        cast_vote(ballot, outcome=CERTIFIED, by=other)
        close_ballot(ballot, by=president)
        decided_by(session, enrolment, president)
        recuse(session, other)
        with pytest.raises(Refusal, match="Noé Renard, récusé depuis"):
            close_session(session, by=president)


@pytest.mark.django_db
def test_a_tie_that_nothing_settles_closes_its_round_and_another_follows():
    """Everybody has voted, and the president for neither of those that tie: the round had no end."""
    enrolment = scenes.a_certifiable_enrolment(build_referentiel(blocs=2))
    session = scenes.a_session(enrolment)
    for rank in range(3):
        user = UserFactory(roles=[Role.JURY], last_name=f"Membre {rank}")
        seat_member(session, user=user, capacity=Capacity.EXTERNAL, by=scenes.a_manager())
    scenes.everybody_declares(session)
    open_session(session, by=scenes.president_of(session))
    JurySession.objects.filter(pk=session.pk).update(current=session.candidacies.get())
    session.refresh_from_db()
    president, *others = members_of(session)
    ballot = open_ballot(candidacy_of(session), by=president)
    for user, outcome in zip(others, (CERTIFIED, CERTIFIED, REFUSED, REFUSED), strict=True):
        cast_vote(ballot, outcome=outcome, by=user)
    with pytest.raises(UnlawfulVote, match="attendez les votes"):
        close_ballot(ballot, by=president)
    cast_vote(ballot, outcome=ADJOURNED, by=president)
    assert close_ballot(ballot, by=president) is None
    with pytest.raises(UnlawfulDecision, match="n’a rien conclu"):
        decide(session, enrolment)
    assert open_ballot(candidacy_of(session), by=president).number == 2


@pytest.mark.django_db
class TestNobodyMayJudge:
    def test_the_candidate_goes_to_another_session_and_this_one_closes(self, session, enrolment):
        president, *_ = members_of(session)
        candidacy = session.candidacies.get()
        ballot = open_ballot(candidacy, by=president)
        with pytest.raises(Refusal, match="peut se prononcer"):
            refer_to_another_session(candidacy, by=president)
        recuse(session, *members_of(session))
        with pytest.raises(UnlawfulDecision, match="Aucun membre présent"):
            decided_by(session, enrolment, president)
        refer_to_another_session(candidacy, by=president)
        taken = Decision.objects.taken().get()
        assert (taken.outcome, taken.motive) == (ADJOURNED, REFERRED)
        ballot.refresh_from_db()
        assert ballot.closed_at
        close_session(session, by=president)
        jobs.run_due()
        assert "Renvoi à une autre session" in words_of(Minutes.objects.get())
        assert problems() == []


@pytest.mark.django_db
class TestTheRoom:
    @pytest.fixture
    def address(self, session):
        return partial(reverse, args=[session.pk])

    def test_gives_the_controls_to_who_replaces_and_tells_the_president(self, session, address):
        president, first, other = members_of(session)
        recuse(session, president)
        pages = {user: client_of(user).get(address("juries:room")).content.decode() for user in members_of(session)}
        assert "Vous présidez pour ce candidat" in pages[first]
        assert "Au procès-verbal" in pages[first]
        assert "Ouvrir un scrutin" in pages[first]
        assert f"{first} préside pour ce candidat" in pages[president]
        assert "Ouvrir un scrutin" not in pages[president]
        assert "Ouvrir un scrutin" not in pages[other]
        assert "préside pour ce candidat" in pages[other]

    def test_who_replaces_votes_counts_and_records(self, session, enrolment):
        president, first, other = members_of(session)
        recuse(session, president)
        arguments = [session.pk, enrolment.pk]
        chair, member = client_of(first), client_of(other)
        assert member.post(reverse("juries:open_ballot", args=arguments)).status_code == 404
        chair.post(reverse("juries:open_ballot", args=arguments))
        ballot = session.candidacies.get().ballots.get()
        chair.post(reverse("juries:vote", args=[session.pk, ballot.pk]), {"outcome": "certified"})
        assert member.post(reverse("juries:close_ballot", args=[session.pk, ballot.pk])).status_code == 404
        chair.post(reverse("juries:close_ballot", args=[session.pk, ballot.pk]))
        form = {"outcome": "certified", "dossier": enrolment.dossiers.get().pk}
        assert member.post(reverse("juries:decide", args=arguments), form).status_code == 404
        chair.post(reverse("juries:decide", args=arguments), form)
        assert Decision.objects.taken().get().decided_by == first

    def test_names_a_change_of_chair_to_those_it_concerns(self, session, address):
        """The screen is loaded again: the decision's form stands outside the live part."""
        president, first, other = members_of(session)
        before = {user: client_of(user).get(address("juries:room_live")).content.decode() for user in (first, other)}
        recuse(session, president)
        for user, changes in ((first, True), (other, False)):
            after = client_of(user).get(address("juries:room_live")).content.decode()
            assert (page_of(before[user]) != page_of(after)) == changes

    def test_offers_to_refer_whom_nobody_may_judge(self, session, address, enrolment):
        president, *_ = members_of(session)
        recuse(session, *members_of(session))
        client = client_of(president)
        refer = reverse("juries:refer", args=[session.pk, enrolment.pk])
        assert refer in client.get(address("juries:room")).content.decode()
        client.post(refer)
        assert Decision.objects.taken().get().motive == REFERRED


def page_of(html: str) -> str:
    return html.partition('data-page="')[2].partition('"')[0]
