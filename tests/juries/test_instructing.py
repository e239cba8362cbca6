"""R-JUR-8: an appeal is given to somebody who judged nothing in it, and gets one motivated answer."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from juries.enums import AppealState
from juries.models import Appeal, Recusal
from juries.queries.appeals import lawful_instructors, objections_to
from juries.services.appealing import withdraw_appeal
from juries.services.instructing import UnlawfulInstruction, assign_appeal, conclude_appeal
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.appealing import (
    ANSWER,
    STATEMENT,
    a_published_decision,
    an_appeal_given_to,
    an_appeal_upheld,
    an_instructor,
    candidate_of,
    contest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    return a_published_decision()


@pytest.fixture
def appeal(decision) -> Appeal:
    return contest(decision)


def give(appeal, owner) -> None:
    assign_appeal(appeal, owner=owner, by=scenes.a_manager())


def evaluateur_of(decision) -> User:
    return decision.enrolment.soutenances.first().evaluateur


def second_evaluateur_elsewhere(decision) -> User:
    """Of the same candidate, on another version."""
    elsewhere = scenes.an_enrolment(candidate=decision.enrolment.candidate)
    return scenes.a_soutenance(elsewhere, second_evaluateur=UserFactory(roles=[Role.EVALUATEUR])).second_evaluateur


def linked_to(decision) -> User:
    user = an_instructor()
    declare_link(decision.enrolment.candidate, user=user, kind=LinkKind.TRAINED, by=scenes.a_manager())
    return user


def who_declared_a_conflict(decision) -> User:
    """Before another session, where the candidate is presented again."""
    candidacy = scenes.a_session(decision.enrolment).candidacies.get()
    member = candidacy.session.members.get(is_president=False)
    Recusal.objects.create(member=member, candidacy=candidacy, reason="ancienne collègue", declared_at=timezone.now())
    return member.user


BARRED = {
    "somebody who declared a conflict": (who_declared_a_conflict, "ancienne collègue"),
    "an évaluateur": (evaluateur_of, "a évalué le candidat"),
    "a second évaluateur elsewhere": (second_evaluateur_elsewhere, "a évalué le candidat"),
    "the president": (lambda decision: scenes.president_of(decision.session), "siégeait au jury"),
    "a member": (lambda decision: decision.session.members.get(is_president=False).user, "siégeait au jury"),
    "somebody linked": (linked_to, "a formé ou accompagné le candidat"),
    "the candidate": (candidate_of, "est le candidat"),
    "another candidate": (lambda _: scenes.a_candidate("Autre").user, "de l’équipe"),
    "a closed account": (lambda _: an_instructor(is_active=False), "compte est fermé"),
}


class TestGiving:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.CANDIDATE])
    def test_to_anybody_of_the_staff_who_judged_nothing(self, appeal, role):
        owner = UserFactory(roles=[role])
        give(appeal, owner)
        appeal.refresh_from_db()
        assert (appeal.owner, appeal.state) == (owner, AppealState.INSTRUCTED)

    @pytest.mark.parametrize("who", BARRED)
    def test_never_to_who_judged_or_is_close_and_says_why(self, appeal, decision, who):
        find, words = BARRED[who]
        barred = find(decision)
        with pytest.raises(UnlawfulInstruction, match=words):
            give(appeal, barred)
        appeal.refresh_from_db()
        assert (appeal.owner, appeal.state) == (None, AppealState.FILED)

    def test_the_list_offers_exactly_the_lawful_people(self, appeal, decision):
        for find, _ in BARRED.values():
            find(decision)
        for role in Role:
            UserFactory(roles=[role])
        lawful = {user for user in User.objects.all() if not objections_to(user, decision)}
        assert set(lawful_instructors(decision)) == lawful
        assert len(lawful) >= len(Role) - 1

    def test_by_the_form_an_unlawful_choice_is_refused_like_an_unknown_one(self, appeal, decision):
        answer = client_of(scenes.a_manager()).post(
            reverse("juries:assign_appeal", args=[appeal.pk]), {"owner": str(evaluateur_of(decision).pk)}
        )
        assert answer.status_code == 422
        appeal.refresh_from_db()
        assert appeal.owner is None

    def test_it_may_change_hands_and_the_former_reads_it_no_more(self, appeal):
        first, second = an_instructor(), an_instructor()
        give(appeal, first)
        give(appeal, second)
        address = reverse("juries:appeal", args=[appeal.pk])
        assert client_of(first).get(address).status_code == 404
        assert client_of(second).get(address).status_code == 200
        jobs.run_due()
        told = [message.to[0] for message in mail.outbox if "vous est confié" in message.subject]
        assert told == [second.email]
        (former,) = [message for message in mail.outbox if "ne vous est plus confié" in message.subject]
        assert former.to == [first.email]
        assert address not in former.body

    def test_it_may_come_back_and_go_again_and_each_is_told_each_time(self, appeal):
        first, second = an_instructor(), an_instructor()
        for owner in (first, second, first, second):
            give(appeal, owner)
            jobs.run_due()
        told = [(message.to[0], "ne vous est plus" in message.subject) for message in mail.outbox]
        for person, taken_back in ((first.email, True), (first.email, False), (second.email, False)):
            assert told.count((person, taken_back)) == 2
        assert told.count((second.email, True)) == 1

    def test_not_once_it_is_over(self, appeal, decision):
        withdraw_appeal(appeal, by=candidate_of(decision))
        with pytest.raises(Refusal, match="terminé"):
            give(appeal, an_instructor())

    def test_only_a_manager_gives_it(self, appeal, decision):
        owner = an_instructor()
        give(appeal, owner)
        address = reverse("juries:assign_appeal", args=[appeal.pk])
        for user in (owner, candidate_of(decision), UserFactory(roles=[Role.AUDITEUR])):
            assert client_of(user).post(address, {"owner": str(an_instructor().pk)}).status_code == 404


class TestReading:
    def test_its_owner_reads_statement_decision_and_dossier_until_it_is_over(self, decision):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        client = client_of(owner)
        page = client.get(reverse("juries:appeal", args=[appeal.pk])).content.decode()
        assert STATEMENT in page
        assert decision.motive in page
        dossier = reverse("juries:dossier", args=[decision.dossier_id])
        assert dossier in page
        assert client.get(dossier).status_code == 200
        assert client.get(reverse("juries:appeals")).status_code == 200
        conclude_appeal(appeal, conclusion=AppealState.DISMISSED, answer=ANSWER, by=owner)
        assert client.get(dossier).status_code == 404
        assert client.get(reverse("juries:appeal", args=[appeal.pk])).status_code == 200

    def test_its_owner_reads_no_other_dossier(self, decision):
        owner = an_instructor()
        an_appeal_given_to(owner, decision)
        other = a_published_decision()
        assert client_of(owner).get(reverse("juries:dossier", args=[other.dossier_id])).status_code == 404

    def test_who_instructs_nothing_has_no_list(self):
        assert client_of(an_instructor()).get(reverse("juries:appeals")).status_code == 404

    def test_an_owner_linked_since_reads_the_dossier_no_more_and_is_told(self, decision):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        declare_link(decision.enrolment.candidate, user=owner, kind=LinkKind.TRAINED, by=scenes.a_manager())
        client = client_of(owner)
        assert client.get(reverse("juries:dossier", args=[decision.dossier_id])).status_code == 404
        page = client.get(reverse("juries:appeal", args=[appeal.pk])).content.decode()
        assert "Vous ne pouvez plus instruire ce recours" in page
        with pytest.raises(UnlawfulInstruction):
            conclude_appeal(appeal, conclusion=AppealState.DISMISSED, answer=ANSWER, by=owner)


class TestConcluding:
    @pytest.mark.parametrize("conclusion", ["upheld", "dismissed", "inadmissible"])
    def test_the_candidate_reads_the_answer_once_it_is_concluded(self, decision, conclusion):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        candidate = client_of(candidate_of(decision))
        address = reverse("juries:appeal", args=[appeal.pk])
        assert "En instruction" in candidate.get(address).content.decode()
        client_of(owner).post(
            reverse("juries:conclude_appeal", args=[appeal.pk]), {"conclusion": conclusion, "answer": ANSWER}
        )
        appeal.refresh_from_db()
        assert (appeal.state, appeal.answer) == (conclusion, ANSWER)
        assert ANSWER in candidate.get(address).content.decode()

    def test_the_candidate_is_told_there_is_an_answer_and_nothing_of_it(self, decision):
        appeal = an_appeal_upheld(decision)
        jobs.run_due()
        (message,) = [one for one in mail.outbox if "réponse à votre recours" in one.subject]
        assert message.to == [candidate_of(decision).email]
        assert str(appeal.pk) in message.body
        assert not [word for word in ("CANARI", "accueilli", "rejeté") if word in message.body]

    @pytest.mark.parametrize(
        ("conclusion", "answer"), [("upheld", ""), ("upheld", "  \n"), ("", "Oui."), ("withdrawn", "Oui.")]
    )
    def test_never_without_an_answer_and_a_conclusion_and_what_was_typed_stays(self, decision, conclusion, answer):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        page = client_of(owner).post(
            reverse("juries:conclude_appeal", args=[appeal.pk]), {"conclusion": conclusion, "answer": answer}
        )
        assert page.status_code == 422
        assert answer.strip() in page.content.decode()
        appeal.refresh_from_db()
        assert appeal.state == AppealState.INSTRUCTED

    def test_nor_by_a_caller_that_skips_the_form(self, decision):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        for conclusion, answer in (
            (AppealState.WITHDRAWN, ANSWER),
            (AppealState.UPHELD, " "),
            (AppealState.UPHELD, "x" * 20_001),
        ):
            with pytest.raises(InvalidInput):
                conclude_appeal(appeal, conclusion=conclusion, answer=answer, by=owner)

    def test_by_its_owner_only(self, decision):
        appeal = an_appeal_given_to(an_instructor(), decision)
        for user in (scenes.a_manager(), an_instructor(), candidate_of(decision)):
            answer = client_of(user).post(
                reverse("juries:conclude_appeal", args=[appeal.pk]), {"conclusion": "upheld", "answer": ANSWER}
            )
            assert answer.status_code == 404
            with pytest.raises(Refusal):
                conclude_appeal(appeal, conclusion=AppealState.UPHELD, answer=ANSWER, by=user)

    def test_once(self, decision):
        appeal = an_appeal_upheld(decision)
        with pytest.raises(Refusal, match="terminé"):
            conclude_appeal(appeal, conclusion=AppealState.DISMISSED, answer="Non.", by=appeal.owner)
        for write in (lambda: Appeal.objects.update(answer="Autre"), lambda: Appeal.objects.update(state="dismissed")):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()

    def test_not_before_it_is_given_to_somebody(self, appeal):
        with pytest.raises(Refusal):
            conclude_appeal(appeal, conclusion=AppealState.UPHELD, answer=ANSWER, by=an_instructor())

    def test_the_journal_tells_each_step_and_no_word(self, decision):
        """R-ALL-4."""
        appeal = an_appeal_upheld(decision)
        verbs = list(
            JournalEntry.objects.filter(subject_id=str(appeal.pk)).order_by("sequence").values_list("verb", flat=True)
        )
        assert verbs == ["appeal.filed", "appeal.instructed", "appeal.upheld"]
        assert not JournalEntry.objects.filter(data__icontains="CANARI").exists()
