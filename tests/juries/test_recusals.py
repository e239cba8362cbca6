"""Who may not judge whom: no view of the deliberation, no decision (R-JUR-2)."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from assessments.enums import SoutenanceState
from assessments.services.planning import leave_soutenance
from candidates.enums import LinkKind
from candidates.services.enrolling import declare_link
from core.exceptions import Refusal
from juries.enums import Outcome, SessionState
from juries.models import Decision
from juries.queries.recusals import barred_candidates, recusal_reasons
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.declaring import declare_conflicts
from juries.services.deliberating import cast_vote, close_ballot, open_ballot
from juries.services.sessions import UnlawfulJury, close_session, open_session, present_candidate
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries import sittings
from tests.juries.deliberating import an_open_session, candidacy_of

pytestmark = pytest.mark.django_db


def link(enrolment, user, kind=LinkKind.TRAINED):
    declare_link(enrolment.candidate, user=user, kind=kind, by=scenes.a_manager())


def member_of(session):
    return session.members.get(is_president=False).user


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.mark.parametrize("kind", LinkKind)
def test_a_declared_link_bars(enrolment, kind):
    user = UserFactory()
    link(enrolment, user, kind)
    assert recusal_reasons(user, enrolment) == [kind.label.lower()]


def test_having_evaluated_the_candidate_bars(enrolment):
    evaluateur = enrolment.soutenances.get().evaluateur
    assert recusal_reasons(evaluateur, enrolment) == ["a évalué le candidat"]


def test_having_evaluated_the_candidate_on_another_version_bars_too(enrolment):
    evaluateur = enrolment.soutenances.get().evaluateur
    second = scenes.an_enrolment(candidate=enrolment.candidate)
    assert recusal_reasons(evaluateur, second) == ["a évalué le candidat"]


def test_nobody_judges_themselves(enrolment):
    assert recusal_reasons(enrolment.candidate.user, enrolment) == ["est le candidat"]


def test_nothing_bars_a_stranger(enrolment):
    assert recusal_reasons(UserFactory(), enrolment) == []


def test_those_barred_in_a_session_are_those_with_a_reason(enrolment):
    """One query says what the reasons say one by one."""
    others = [scenes.an_enrolment(enrolment.referentiel) for _ in range(3)]
    session = scenes.a_session(enrolment, *others)
    user = UserFactory()
    link(others[0], user)
    link(others[0], user, LinkKind.RELATED)
    evaluateur = enrolment.soutenances.get().evaluateur
    for person in (user, evaluateur, others[2].candidate.user, UserFactory()):
        expected = {one.pk for one in (enrolment, *others) if recusal_reasons(person, one)}
        assert {one.pk for one in barred_candidates(person, session)} == expected


def test_a_session_whose_president_may_not_judge_a_candidate_does_not_open(enrolment):
    """It could not be closed: the president takes the decisions."""
    session = scenes.a_session(enrolment)
    link(enrolment, scenes.president_of(session))
    with pytest.raises(UnlawfulJury, match=f"ne peut pas se prononcer sur {enrolment.candidate}"):
        open_session(session, by=scenes.president_of(session))
    session.refresh_from_db()
    assert session.state == SessionState.PREPARING


def test_a_session_with_a_member_who_stands_back_opens(enrolment):
    session = scenes.a_session(enrolment)
    link(enrolment, member_of(session))
    open_session(session, by=scenes.president_of(session))


def test_who_stands_back_decides_nothing(enrolment):
    session = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(session)
    link(enrolment, president)
    with pytest.raises(UnlawfulDecision, match="Vous ne pouvez pas vous prononcer sur ce candidat : a formé"):
        take_decision(
            session, enrolment=enrolment, dossier=enrolment.dossiers.get(), outcome=Outcome.CERTIFIED, by=president
        )
    assert not Decision.objects.taken().exists()


def test_who_stands_back_is_told_so_on_the_page(enrolment):
    session = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(session)
    link(enrolment, president)
    page = client_of(president).post(
        reverse("juries:decide", args=[session.pk, enrolment.pk]),
        {"outcome": "certified", "dossier": enrolment.dossiers.get().pk},
    )
    assert "Vous ne pouvez pas vous prononcer" in page.content.decode()
    assert not Decision.objects.taken().exists()


def test_who_stands_back_reads_neither_dossier_nor_decision(enrolment):
    session = scenes.a_session(enrolment, opened=True)
    member, dossier = member_of(session), enrolment.dossiers.get()
    client, proposal = client_of(member), enrolment.decisions.get()
    addresses = [
        reverse("juries:dossier", args=[dossier.pk]),
        reverse("juries:dossier_pdf", args=[dossier.pk]),
        reverse("api:dossier-detail", args=[dossier.pk]),
        reverse("api:decision-detail", args=[proposal.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 4

    link(enrolment, member)

    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert client.get(reverse("api:dossier-list")).json()["results"] == []
    assert client.get(reverse("api:decision-list")).json()["results"] == []


def test_the_other_members_still_read_everything(enrolment):
    session = scenes.a_session(enrolment, opened=True)
    link(enrolment, member_of(session))
    president = client_of(scenes.president_of(session))
    assert president.get(reverse("juries:dossier", args=[enrolment.dossiers.get().pk])).status_code == 200


def test_standing_back_for_one_candidate_leaves_the_others(enrolment):
    other = scenes.a_certifiable_enrolment(enrolment.referentiel)
    session = scenes.a_session(enrolment, other, opened=True)
    link(enrolment, member_of(session))
    listed = client_of(member_of(session)).get(reverse("api:dossier-list")).json()["results"]
    assert [row["enrolment"] for row in listed] == [str(other.pk)]


def test_a_link_declared_before_the_soutenance_keeps_the_person_from_evaluating(enrolment):
    """R-SCO-10 and R-JUR-2 read the same declaration."""
    evaluateur = scenes.an_evaluateur()
    link(enrolment, evaluateur)
    with pytest.raises(Refusal):
        scenes.a_soutenance(enrolment, evaluateur=evaluateur)
    assert recusal_reasons(evaluateur, enrolment)


def test_an_evaluateur_whose_soutenance_was_interrupted_has_seen_the_candidate():
    enrolment = scenes.an_enrolment()
    grille = scenes.grille_of(scenes.a_soutenance(enrolment))
    scenes.mark_all(grille)
    leave_soutenance(grille.soutenance, to=SoutenanceState.INTERRUPTED, reason="Panne", by=scenes.a_manager())
    assert recusal_reasons(grille.evaluateur, enrolment) == ["a évalué le candidat"]


def test_who_stands_back_sees_no_vote_of_the_others(enrolment):
    """R-JUR-2: neither that a ballot is open, nor who voted, nor what."""
    session = an_open_session(enrolment)
    recused = UserFactory(roles=[Role.JURY])
    session.members.create(user=recused, capacity="external", presence="present")
    link(enrolment, recused)
    seen = client_of(recused)
    ballot = open_ballot(candidacy_of(session), by=scenes.president_of(session))
    pages = [seen.get(reverse("juries:room_live", args=[session.pk])).content.decode()]
    cast_vote(ballot, outcome=Outcome.CERTIFIED, by=scenes.president_of(session))
    pages.append(seen.get(reverse("juries:room", args=[session.pk])).content.decode())
    close_ballot(ballot, by=scenes.president_of(session))
    pages.append(seen.get(reverse("juries:room_live", args=[session.pk])).content.decode())
    assert all("Récusé" in page for page in pages)
    assert not [said for page in pages for said in ("Attendu", "A voté", "Certification", "Scrutin") if said in page]


class TestACandidateAddedAfterTheDeclarations:
    """R-JUR-2: nobody has declared about a name they had not seen."""

    @pytest.fixture
    def session(self):
        session = scenes.a_session(scenes.a_certifiable_enrolment())
        member = session.members.get(is_president=False)
        declare_conflicts(member, conflicts={session.candidacies.get().pk: "voisin"}, by=member.user)
        return session

    def declares_again(self, session, page):
        assert "2 membres devront déclarer à nouveau leurs conflits d’intérêts" in page
        assert page.count("Déclaration attendue") == 2
        assert session.members.get(is_president=False).recusals.get().reason == "voisin"
        with pytest.raises(UnlawfulJury, match="déclaration de conflits d’intérêts manque"):
            open_session(session, by=scenes.president_of(session))
        for member in session.members.all():
            kept = dict(member.recusals.values_list("candidacy", "reason"))
            declare_conflicts(member, conflicts=kept, by=member.user)
        open_session(session, by=scenes.president_of(session))

    def test_asks_each_member_to_declare_again_and_keeps_what_they_had_said(self, session):
        added = scenes.an_enrolment(session.referentiel)
        address = reverse("juries:present", args=[session.pk])
        answer = client_of(scenes.a_manager()).post(address, {"enrolment": added.pk}, follow=True)
        self.declares_again(session, answer.content.decode())

    def test_the_same_for_a_re_examination(self, session):
        enrolment = scenes.a_certifiable_enrolment(session.referentiel)
        former = scenes.a_session(enrolment, opened=True)
        decision = sittings.decide(former, enrolment)
        close_session(former, by=scenes.president_of(former))
        typed = {"session": session.pk, "reason": "Une erreur."}
        address = reverse("juries:reexamine", args=[decision.pk])
        answer = client_of(scenes.a_manager()).post(address, typed, follow=True)
        self.declares_again(session, answer.content.decode())

    def test_asks_nothing_when_the_candidate_was_there_already(self, session):
        present_candidate(session, enrolment=session.candidacies.get().enrolment, by=scenes.a_manager())
        assert not session.members.filter(declared_at=None).exists()
