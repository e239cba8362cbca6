"""R-JUR-8, R-SCO-3: an answer to an appeal is kept as it is written, seen by its author alone until it is given."""

import re

import pytest
from django.urls import reverse

from core import jobs
from core.exceptions import InvalidInput, Refusal, Stale
from juries.enums import AppealState
from juries.models import AnswerDraft, Appeal
from juries.services.answering import write_answer
from juries.services.appealing import withdraw_appeal
from juries.services.instructing import assign_appeal, conclude_appeal
from tests import scenes
from tests.assessments.http import client_of
from tests.juries.appealing import ANSWER, a_published_decision, an_appeal_given_to, an_instructor, candidate_of

pytestmark = pytest.mark.django_db
STARTED = "BROUILLON-CANARI : la grille est"


@pytest.fixture
def owner():
    return an_instructor()


@pytest.fixture
def appeal(owner) -> Appeal:
    return an_appeal_given_to(owner, a_published_decision())


def page(appeal: Appeal, user) -> str:
    return client_of(user).get(reverse("juries:appeal", args=[appeal.pk])).content.decode()


def send(appeal: Appeal, user, text: str = STARTED, *, seen: int = 0, by_itself: bool = True, **fields: str):
    headers = {"HX-Request": "true"} if by_itself else {}
    data = {"answer": text, "seen": seen, **fields}
    return client_of(user).post(reverse("juries:draft_answer", args=[appeal.pk]), data, headers=headers)


class TestKept:
    def test_as_it_is_typed_and_found_again(self, appeal, owner):
        answer = send(appeal, owner, conclusion="dismissed")
        assert answer.status_code == 200
        assert 'data-seen="1"' in answer.content.decode()
        found = page(appeal, owner)
        assert STARTED in found
        assert re.search(r'value="dismissed"[^>]* checked', found)
        assert 'name="seen" value="1"' in found

    def test_without_javascript_too(self, appeal, owner):
        answer = send(appeal, owner, by_itself=False)
        assert answer.status_code == 302
        assert AnswerDraft.objects.get().text == STARTED

    def test_never_over_what_another_window_wrote(self, appeal, owner):
        """R-SCO-4."""
        send(appeal, owner)
        answer = send(appeal, owner, "Autre fenêtre", seen=0)
        assert answer.status_code == 412
        assert STARTED in answer.content.decode()
        assert AnswerDraft.objects.get().text == STARTED
        with pytest.raises(Stale):
            write_answer(appeal, text="Encore", conclusion="", from_version=0, by=owner)

    def test_sent_twice_it_is_kept_once(self, appeal, owner):
        assert [send(appeal, owner).status_code for _ in range(2)] == [200, 200]
        assert AnswerDraft.objects.get().version == 1

    @pytest.mark.parametrize(("text", "conclusion"), [("x" * 20_001, ""), ("Oui.", "withdrawn")])
    def test_what_could_never_be_an_answer_is_refused_in_words(self, appeal, owner, text, conclusion):
        assert send(appeal, owner, text, conclusion=conclusion).status_code == 422
        with pytest.raises(InvalidInput):
            write_answer(appeal, text=text, conclusion=conclusion, from_version=0, by=owner)
        assert not AnswerDraft.objects.exists()

    def test_what_was_refused_as_a_conclusion_stays_in_the_page(self, appeal, owner):
        send(appeal, owner)
        answer = client_of(owner).post(
            reverse("juries:conclude_appeal", args=[appeal.pk]), {"answer": "Mieux dit.", "conclusion": "", "seen": 1}
        )
        assert answer.status_code == 422
        assert "Mieux dit." in answer.content.decode()


class TestSeen:
    def test_by_its_author_alone(self, appeal, owner):
        send(appeal, owner)
        jobs.run_due()
        for user in (candidate_of(appeal.decision), scenes.a_manager()):
            assert "CANARI : la grille est" not in page(appeal, user)
        api = client_of(candidate_of(appeal.decision)).get("/api/v1/appeals/")
        assert "BROUILLON-CANARI" not in api.content.decode()

    def test_neither_by_who_instructs_it_next_nor_any_more_by_who_did(self, appeal, owner):
        send(appeal, owner)
        other = an_instructor()
        assign_appeal(appeal, owner=other, by=scenes.a_manager())
        assert STARTED not in page(appeal, other)
        assert send(appeal, owner, "Encore", seen=1).status_code == 404
        with pytest.raises(Refusal, match="quelqu’un d’autre"):
            write_answer(appeal, text="Encore", conclusion="", from_version=1, by=owner)
        assert send(appeal, other, "À moi").status_code == 200


class TestOver:
    def test_once_concluded_nothing_is_left_of_it(self, appeal, owner):
        send(appeal, owner)
        conclude_appeal(appeal, conclusion=AppealState.DISMISSED, answer=ANSWER, by=owner)
        assert not AnswerDraft.objects.exists()
        with pytest.raises(Refusal, match="terminé"):
            write_answer(appeal, text=STARTED, conclusion="", from_version=0, by=owner)

    def test_nor_once_withdrawn(self, appeal, owner):
        send(appeal, owner)
        withdraw_appeal(appeal, by=candidate_of(appeal.decision))
        assert not AnswerDraft.objects.exists()
        assert send(appeal, owner).status_code == 422
