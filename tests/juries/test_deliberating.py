"""One candidate at a time, one vote per member, the president's settling a tie (R-JUR-2, R-JUR-4)."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import files, jobs
from core.exceptions import Refusal
from core.models import JournalEntry
from core.reconcile import problems
from juries.enums import Outcome, Presence
from juries.models import Ballot, Decision, Minutes, Vote
from juries.services.deciding import UnlawfulDecision
from juries.services.declaring import change_presence, declare_conflicts
from juries.services.deliberating import UnlawfulVote, call_candidate, cast_vote, close_ballot, open_ballot
from juries.services.sessions import UnlawfulJury, close_session, open_session
from tests import scenes
from tests.juries.deliberating import an_open_session, candidacy_of, other_member, vote
from tests.juries.sittings import a_rival_session, decide
from tests.printed import words_of
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

CERTIFIED, REFUSED, PARTIAL, ADJOURNED = Outcome.CERTIFIED, Outcome.REFUSED, Outcome.PARTIAL, Outcome.ADJOURNED


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    return an_open_session(enrolment)


@pytest.mark.django_db
class TestOpening:
    def test_a_member_who_declared_nothing_keeps_it_from_opening(self, enrolment):
        """R-JUR-2."""
        session = scenes.a_session(enrolment)
        session.members.filter(is_president=False).update(declared_at=None)
        with pytest.raises(UnlawfulJury, match="déclaration de conflits d’intérêts manque"):
            open_session(session, by=scenes.president_of(session))

    def test_without_the_president_nothing_opens(self, enrolment):
        """R-JUR-1."""
        session = scenes.a_session(enrolment)
        there = [session.members.get(is_president=False).pk]
        with pytest.raises(UnlawfulJury, match="président n’est pas présent"):
            open_session(session, present=there, by=scenes.president_of(session))
        assert not session.members.filter(presence=Presence.PRESENT).exists()

    def test_too_few_present_for_the_reglement_do_not_open_it(self, enrolment):
        """R-JUR-1: those who are there must make a jury, not those who were expected."""
        session = scenes.a_session(enrolment)
        there = [session.members.get(is_president=True).pk]
        with pytest.raises(UnlawfulJury, match="il en faut au moins 2"):
            open_session(session, present=there, by=scenes.president_of(session))

    def test_the_roll_is_told_in_the_journal(self, session):
        told = JournalEntry.objects.get(verb="session.roll_called").data["present"]
        assert told == sorted(str(member.user_id) for member in session.members.all())


@pytest.mark.django_db
class TestVoting:
    def test_each_vote_counts_once_and_the_most_decide(self, session):
        ballot = vote(session, president=CERTIFIED, member=CERTIFIED)
        assert (ballot.tally, ballot.result) == ({"certified": 2}, CERTIFIED)

    def test_the_president_s_vote_settles_a_tie(self, session):
        assert vote(session, president=REFUSED, member=CERTIFIED).result == REFUSED

    @pytest.mark.parametrize("member", [CERTIFIED, REFUSED])
    def test_the_pv_says_that_the_president_s_vote_settled(self, session, enrolment, member):
        """R-JUR-5: a count that is equal does not tell by itself why the jury decided so."""
        vote(session, president=CERTIFIED, member=member)
        decide(session, enrolment, CERTIFIED)
        close_session(session, by=scenes.president_of(session))
        jobs.run_due()
        words = words_of(files.read(Minutes.objects.get().pdf))
        said = "celle de la personne qui présidait est prépondérante : certification"
        assert (said in words.replace("\u00a0", " ")) is (member == REFUSED)

    def test_a_ballot_is_not_closed_by_a_jury_that_lost_its_quorum(self, session):
        """R-JUR-1: as nobody votes nor decides then."""
        president, member = scenes.president_of(session), session.members.get(is_president=False)
        ballot = open_ballot(candidacy_of(session), by=president)
        for user in (president, member.user):
            cast_vote(ballot, outcome=CERTIFIED, by=user)
        change_presence(member, presence=Presence.ABSENT, by=president)
        with pytest.raises(UnlawfulVote, match="il en faut au moins 2"):
            close_ballot(ballot, by=president)
        change_presence(member, presence=Presence.PRESENT, by=president)
        assert close_ballot(ballot, by=president) == CERTIFIED

    def test_nobody_votes_twice(self, session):
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        cast_vote(ballot, outcome=CERTIFIED, by=other_member(session))
        with pytest.raises(UnlawfulVote, match="déjà voté"):
            cast_vote(ballot, outcome=REFUSED, by=other_member(session))
        ballot.refresh_from_db()
        assert ballot.tally == {"certified": 1}

    def test_a_closed_ballot_receives_no_vote_even_in_the_database(self, session):
        ballot = vote(session, president=CERTIFIED)
        with pytest.raises(UnlawfulVote, match="clos"):
            cast_vote(ballot, outcome=CERTIFIED, by=other_member(session))
        member = session.members.get(is_president=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(ballot=ballot, member=member, outcome=CERTIFIED, cast_at=ballot.closed_at)

    def test_a_recused_member_does_not_vote(self, session):
        """R-JUR-2."""
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        member = other_member(session)
        declare_link(
            candidacy_of(session).enrolment.candidate, user=member, kind=LinkKind.TRAINED, by=scenes.a_manager()
        )
        with pytest.raises(UnlawfulVote, match="récusé"):
            cast_vote(ballot, outcome=CERTIFIED, by=member)
        assert not Vote.objects.exists()

    def test_somebody_noted_absent_does_not_vote(self):
        session = an_open_session(scenes.a_certifiable_enrolment(build_referentiel(jury_minimum=1)))
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        change_presence(
            session.members.get(is_president=False), presence=Presence.ABSENT, by=scenes.president_of(session)
        )
        with pytest.raises(UnlawfulVote, match="noté absent"):
            cast_vote(ballot, outcome=CERTIFIED, by=other_member(session))

    def test_certification_is_no_choice_without_every_bloc(self):
        """R-JUR-4."""
        enrolment = scenes.an_enrolment()
        session = an_open_session(enrolment)
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        with pytest.raises(UnlawfulVote, match="n’est pas possible"):
            cast_vote(ballot, outcome=CERTIFIED, by=other_member(session))

    def test_of_a_secret_ballot_nothing_says_who_voted_what(self):
        session = an_open_session(scenes.a_certifiable_enrolment(build_referentiel(vote_secret=True)))
        ballot = vote(session, president=CERTIFIED, member=REFUSED)
        assert ballot.is_secret
        assert {one.outcome for one in ballot.votes.all()} == {""}
        assert all("outcome" not in entry.data for entry in JournalEntry.objects.filter(verb="ballot.voted"))

    def test_a_ballot_without_a_vote_is_not_closed(self, session):
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        with pytest.raises(UnlawfulVote, match="Personne"):
            close_ballot(ballot, by=scenes.president_of(session))

    def test_another_candidate_is_not_called_over_an_open_ballot(self, enrolment):
        session = an_open_session(enrolment, scenes.an_enrolment(enrolment.referentiel))
        open_ballot(candidacy_of(session), by=scenes.president_of(session))
        other = session.candidacies.exclude(pk=session.current_id).get()
        with pytest.raises(Refusal, match="scrutin est ouvert"):
            call_candidate(session, enrolment=other.enrolment_id, by=scenes.president_of(session))

    def test_only_the_candidate_called_is_voted_on(self, enrolment):
        session = an_open_session(enrolment, scenes.an_enrolment(enrolment.referentiel))
        other = session.candidacies.exclude(pk=session.current_id).get()
        with pytest.raises(Refusal, match="Appelez d’abord"):
            open_ballot(other, by=scenes.president_of(session))


@pytest.mark.django_db
class TestDeciding:
    def test_the_decision_is_that_of_the_vote(self, session, enrolment):
        vote(session, president=REFUSED, member=REFUSED)
        with pytest.raises(UnlawfulDecision, match="Le scrutin a conclu « Refus »"):
            decide(session, enrolment, CERTIFIED)
        assert decide(session, enrolment, REFUSED).outcome == REFUSED

    def test_an_open_ballot_is_closed_before_deciding(self, session, enrolment):
        open_ballot(candidacy_of(session), by=scenes.president_of(session))
        with pytest.raises(UnlawfulDecision, match="scrutin est ouvert"):
            decide(session, enrolment)
        with pytest.raises(Refusal, match="scrutin est ouvert"):
            close_session(session, by=scenes.president_of(session))

    def test_another_ballot_may_follow_the_discussion(self, session, enrolment):
        vote(session, president=REFUSED, member=REFUSED)
        vote(session, president=CERTIFIED, member=CERTIFIED)
        assert decide(session, enrolment, CERTIFIED).outcome == CERTIFIED

    def test_without_a_quorum_nothing_is_decided(self, session, enrolment):
        """R-JUR-1."""
        member = session.members.get(is_president=False)
        change_presence(member, presence=Presence.ABSENT, by=scenes.president_of(session))
        with pytest.raises(UnlawfulDecision, match="il en faut au moins 2"):
            decide(session, enrolment)
        change_presence(member, presence=Presence.PRESENT, by=scenes.president_of(session))
        assert decide(session, enrolment)

    def test_all_of_it_reconciles(self, session, enrolment):
        vote(session, president=CERTIFIED, member=CERTIFIED)
        decide(session, enrolment)
        close_session(session, by=scenes.president_of(session))
        assert problems() == []

    def test_a_second_session_waits_for_the_first_to_close(self, session, enrolment):
        other = a_rival_session(enrolment, opened=True)
        decide(session, enrolment, ADJOURNED)
        with pytest.raises(UnlawfulDecision, match="n’est pas close"):
            decide(other, enrolment)
        close_session(session, by=scenes.president_of(session))
        after = decide(other, enrolment)
        assert Decision.objects.live().get(enrolment=enrolment) == after
        assert after.supersedes.session == session


@pytest.mark.django_db
class TestDeclaring:
    def test_a_declared_conflict_recuses(self, enrolment):
        """R-JUR-2: no view of the deliberation, no vote."""
        session = scenes.a_session(enrolment)
        member = session.members.get(is_president=False)
        candidacy = session.candidacies.get()
        declare_conflicts(member, conflicts={candidacy.pk: "voisin de palier"}, by=member.user)
        open_session(session, by=scenes.president_of(session))
        call_candidate(session, enrolment=enrolment.pk, by=scenes.president_of(session))
        session.refresh_from_db()
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        with pytest.raises(UnlawfulVote, match="voisin de palier"):
            cast_vote(ballot, outcome=CERTIFIED, by=member.user)

    def test_a_link_without_its_nature_is_refused(self, enrolment):
        session = scenes.a_session(enrolment)
        member = session.members.get(is_president=False)
        with pytest.raises(Refusal, match="nature du lien"):
            declare_conflicts(member, conflicts={session.candidacies.get().pk: "  "}, by=member.user)

    def test_a_new_declaration_replaces_the_last_until_the_session_opens(self, enrolment):
        session = scenes.a_session(enrolment)
        member = session.members.get(is_president=False)
        declare_conflicts(member, conflicts={session.candidacies.get().pk: "voisin"}, by=member.user)
        declare_conflicts(member, conflicts={}, by=member.user)
        assert not member.recusals.exists()


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_votes_of_one_member_are_one(self):
        session = an_open_session(scenes.a_certifiable_enrolment())
        ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
        outcomes = at_once(*[partial(cast_vote, ballot, outcome=CERTIFIED, by=other_member(session))] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert Ballot.objects.get().tally == {"certified": 1}
        assert Vote.objects.count() == 1
