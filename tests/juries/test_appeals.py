"""R-JUR-8: the candidate alone contests a published decision, within the delay, once at a time."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.exceptions import InvalidInput, Refusal
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry
from juries.enums import AppealState, Outcome
from juries.models import Appeal
from juries.services.appealing import withdraw_appeal
from tests import scenes
from tests.assessments.handed import a_pdf
from tests.assessments.http import client_of
from tests.juries.appealing import (
    STATEMENT,
    a_published_decision,
    an_appeal_given_to,
    an_instructor,
    candidate_of,
    contest,
)
from tests.juries.sittings import decide
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def decision():
    return a_published_decision()


def filed_by_form(decision, user=None, **data):
    sent = {"kind": "assessment", "statement": STATEMENT, "operation": str(uuid4()), **data}
    return client_of(user or candidate_of(decision)).post(reverse("juries:file_appeal", args=[decision.pk]), sent)


def result_of(decision, user=None) -> str:
    client = client_of(user or candidate_of(decision))
    return client.get(reverse("juries:result", args=[decision.enrolment_id])).content.decode()


@pytest.mark.django_db
class TestFiling:
    def test_the_result_page_leads_to_it_and_says_the_last_day(self, decision):
        page = result_of(decision)
        assert reverse("juries:file_appeal", args=[decision.pk]) in page
        assert "jusqu’au <strong>" in page

    @pytest.mark.parametrize("outcome", Outcome)
    def test_any_published_decision_may_be_contested(self, outcome):
        assert contest(a_published_decision(outcome)).state == AppealState.FILED

    def test_by_the_form_with_files(self, decision):
        pdf = SimpleUploadedFile("preuve.pdf", a_pdf())
        answer = filed_by_form(decision, exhibits=[pdf])
        appeal = Appeal.objects.get()
        assert answer.url == reverse("juries:appeal", args=[appeal.pk])
        assert appeal.statement == STATEMENT
        assert [one.name for one in appeal.files.all()] == ["preuve.pdf"]

    def test_the_same_form_sent_twice_files_one(self, decision):
        operation = str(uuid4())
        first, second = (filed_by_form(decision, operation=operation) for _ in range(2))
        assert first.url == second.url
        assert Appeal.objects.count() == 1

    def test_not_by_anybody_else(self, decision):
        for user in (scenes.a_candidate("Autre").user, scenes.a_manager(), scenes.president_of(decision.session)):
            assert filed_by_form(decision, user).status_code == 404
            with pytest.raises(Refusal):
                contest(decision, by=user)
        assert not Appeal.objects.exists()

    def test_not_before_the_publication(self):
        enrolment = scenes.a_certifiable_enrolment()
        session = scenes.a_session(enrolment, opened=True)
        taken = decide(session, enrolment, Outcome.REFUSED)
        assert filed_by_form(taken).status_code == 404
        with pytest.raises(Refusal, match="n’est pas publié"):
            contest(taken)

    @pytest.mark.parametrize("statement", ["", "   ", "x" * 20_001])
    def test_with_a_statement_neither_empty_nor_endless(self, decision, statement):
        assert filed_by_form(decision, statement=statement).status_code == 422
        with pytest.raises(InvalidInput):
            contest(decision, statement=statement)

    @pytest.mark.parametrize("kind", ["", "autre"])
    def test_with_a_kind_that_exists_and_what_was_typed_stays(self, decision, kind):
        answer = filed_by_form(decision, kind=kind)
        assert answer.status_code == 422
        assert STATEMENT in answer.content.decode()

    def test_one_at_a_time(self, decision):
        contest(decision)
        with pytest.raises(Refusal, match="déjà en cours"):
            contest(decision)
        answer = filed_by_form(decision, statement="Un autre exposé que je garde.")
        assert answer.status_code == 422
        assert "Un autre exposé que je garde." in answer.content.decode()
        assert Appeal.objects.count() == 1

    def test_the_database_itself_holds_one_pending_appeal_per_decision(self, decision):
        appeal = contest(decision)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.create(
                decision=decision, kind="error", statement="x", due_on=appeal.due_on, filed_at=timezone.now()
            )

    def test_what_was_filed_never_changes(self, decision):
        contest(decision)
        for write in (lambda: Appeal.objects.update(statement="Autre"), lambda: Appeal.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()

    def test_the_journal_keeps_no_word_of_it(self, decision):
        """R-ALL-4."""
        contest(decision)
        entry = JournalEntry.objects.get(verb="appeal.filed")
        assert (entry.data["length"], entry.data["sha256"]) == (len(STATEMENT), sha256_hex(STATEMENT))
        assert not JournalEntry.objects.filter(data__icontains="EXPOSE-CANARI").exists()
        assert not JournalEntry.objects.filter(reason__icontains="EXPOSE-CANARI").exists()


@pytest.mark.django_db
class TestTheDelay:
    @pytest.fixture
    def published(self):
        """On the 31st of December, at half past eleven in the evening of Paris."""
        referentiel = build_referentiel(appeal_months=2)
        with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=PARIS), tick=False):
            return a_published_decision(enrolment=scenes.a_certifiable_enrolment(referentiel))

    def test_runs_until_the_last_minute_of_its_last_day_in_paris(self, published):
        with time_machine.travel(datetime(2027, 2, 28, 23, 59, tzinfo=PARIS), tick=False):
            assert "28\u00a0février 2027" in result_of(published)
            appeal = contest(published)
        assert appeal.due_on.isoformat() == "2027-02-28"

    def test_is_over_the_next_minute(self, published):
        with time_machine.travel(datetime(2027, 3, 1, 0, 0, tzinfo=PARIS), tick=False):
            with pytest.raises(Refusal, match=r"passé depuis le 28/02/2027"):
                contest(published)
            page = result_of(published)
            assert "délai de recours est passé" in page
            assert reverse("juries:file_appeal", args=[published.pk]) not in page
            answer = filed_by_form(published)
            assert answer.status_code == 422
            assert STATEMENT in answer.content.decode()
            form = client_of(candidate_of(published)).get(reverse("juries:file_appeal", args=[published.pk]))
            assert "délai de recours est passé" in form.content.decode()

    def test_is_that_of_the_reglement(self):
        referentiel = build_referentiel(appeal_months=6)
        decision = a_published_decision(enrolment=scenes.a_certifiable_enrolment(referentiel))
        with time_machine.travel(timezone.now() + timedelta(days=150)):
            assert contest(decision).state == AppealState.FILED


@pytest.mark.django_db
class TestWithdrawing:
    def test_by_the_candidate_as_long_as_it_is_pending_and_another_may_follow(self, decision):
        appeal = contest(decision)
        client_of(candidate_of(decision)).post(reverse("juries:withdraw_appeal", args=[appeal.pk]))
        appeal.refresh_from_db()
        assert (appeal.state, appeal.concluded_at is not None) == (AppealState.WITHDRAWN, True)
        assert contest(decision).state == AppealState.FILED

    def test_by_nobody_else(self, decision):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        for user in (owner, scenes.a_manager(), scenes.a_candidate("Autre").user):
            assert client_of(user).post(reverse("juries:withdraw_appeal", args=[appeal.pk])).status_code == 404
        with pytest.raises(Refusal):
            withdraw_appeal(appeal, by=owner)

    def test_twice_is_told(self, decision):
        appeal = contest(decision)
        withdraw_appeal(appeal, by=candidate_of(decision))
        client = client_of(candidate_of(decision))
        answer = client.post(reverse("juries:withdraw_appeal", args=[appeal.pk]), follow=True)
        assert "« retiré par le candidat »" in answer.content.decode()

    def test_its_owner_is_told(self, decision):
        owner = an_instructor()
        appeal = an_appeal_given_to(owner, decision)
        withdraw_appeal(appeal, by=candidate_of(decision))
        jobs.run_due()
        assert owner.email in [message.to[0] for message in mail.outbox if "retiré" in message.subject]


@pytest.mark.django_db
def test_the_candidate_and_each_manager_are_told_once_and_nothing_is_said_of_it(decision):
    managers = {scenes.a_manager().email, scenes.a_manager().email}
    jobs.run_due()
    mail.outbox.clear()
    contest(decision)
    jobs.run_due()
    told = [message.to[0] for message in mail.outbox]
    assert {candidate_of(decision).email, *managers} <= set(told)
    assert len(told) == len(set(told))
    candidate = decision.enrolment.candidate
    for message in mail.outbox:
        said = message.subject + message.body
        assert not [word for word in ("CANARI", candidate.family_name, candidate.full_name, "Refus") if word in said]
    assert not Job.objects.filter(label__icontains=candidate.family_name).exists()


@pytest.mark.django_db
def test_a_decision_replaced_by_one_still_secret_may_be_contested(decision):
    """What a closed session keeps to itself changes nothing to what a candidate may do (R-JUR-6)."""
    session = scenes.a_session(decision.enrolment, opened=True)
    decide(session, decision.enrolment, Outcome.CERTIFIED)
    assert "remplacée" not in result_of(decision)
    assert contest(decision).state == AppealState.FILED


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_appeals_are_one(self):
        decision = a_published_decision()
        outcomes = at_once(*[partial(contest, decision)] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert Appeal.objects.count() == 1

    def test_twenty_posts_of_one_form_are_one_appeal_and_no_refusal(self):
        decision = a_published_decision()
        outcomes = at_once(*[partial(contest, decision, operation=uuid4())] * 20)
        assert not refusals_in(outcomes)
        assert {appeal.pk for appeal in outcomes} == {Appeal.objects.get().pk}
