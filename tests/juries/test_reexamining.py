"""R-JUR-5: a decision is never retouched; another one takes its place, before another session, with a reason."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from juries.enums import Outcome, Stage
from juries.minutes_document import minutes_html
from juries.models import Candidacy, Decision, Minutes
from juries.queries.letters import page_of
from juries.services.convoking import convoke
from juries.services.deciding import take_decision
from juries.services.reexamining import present_for_reexamination
from juries.services.referring import refer_to_another_session
from juries.services.sessions import close_session, open_session, publish_session
from tests import scenes
from tests.assessments.http import client_of
from tests.juries.appealing import a_published_decision, an_appeal_upheld, an_instructor, candidate_of, contest
from tests.juries.sittings import a_rival_session, decide
from tests.racing import at_once, refusals_in, simultaneous

PARIS = ZoneInfo("Europe/Paris")
REASON = "Recours accueilli : la grille du bloc 1 avait été lue de travers."


def present(session, decision, reason=REASON) -> Candidacy:
    return present_for_reexamination(session, decision=decision, reason=reason, by=scenes.a_manager())


def a_next_session(decision, **options):
    return scenes.a_session(referentiel=decision.enrolment.referentiel, **options)


def opened_again(decision):
    """A session open on the candidate presented again."""
    session = a_next_session(decision)
    present(session, decision)
    scenes.everybody_declares(session)
    jobs.run_due()
    open_session(session, by=scenes.president_of(session))
    return session


def decided_again(decision, outcome=Outcome.REFUSED) -> Decision:
    """Presented again, decided, closed and published."""
    session = opened_again(decision)
    decide(session, decision.enrolment, outcome)
    close_session(session, by=scenes.president_of(session))
    publish_session(session, by=scenes.president_of(session))
    return Decision.objects.taken().get(session=session)


def result_of(decision, user=None) -> str:
    client = client_of(user or candidate_of(decision))
    return client.get(reverse("juries:result", args=[decision.enrolment_id])).content.decode()


def more_than_one_live() -> list[object]:
    return list(
        Decision.objects.live()
        .values("enrolment")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .values_list("enrolment")
    )


@pytest.mark.django_db
class TestTheLetter:
    def test_says_that_the_appeal_was_upheld(self):
        decision = an_appeal_upheld(a_published_decision(Outcome.CERTIFIED)).decision
        assert "Votre recours a été accueilli" in decided_again(decision).letter.body

    def test_says_why_when_nobody_appealed(self):
        body = decided_again(a_published_decision(Outcome.CERTIFIED)).letter.body
        assert f"> {REASON}" in body
        assert "Votre recours a été accueilli" not in body


@pytest.mark.django_db
class TestPresenting:
    @pytest.mark.parametrize("outcome", [Outcome.CERTIFIED, Outcome.PARTIAL, Outcome.REFUSED])
    def test_a_candidate_decided_on_even_certified(self, outcome):
        decision = a_published_decision(outcome)
        candidacy = present(a_next_session(decision), decision)
        assert (candidacy.reexamines, candidacy.reexamination_reason) == (decision, REASON)
        assert JournalEntry.objects.get(verb="session.candidate_presented_again").reason == REASON

    def test_by_the_form_of_an_appeal_upheld_which_proposes_its_reason(self):
        appeal = an_appeal_upheld(a_published_decision(Outcome.CERTIFIED))
        session = a_next_session(appeal.decision)
        manager = client_of(scenes.a_manager())
        address = reverse("juries:reexamine", args=[appeal.decision_id])
        assert address in manager.get(reverse("juries:appeal", args=[appeal.pk])).content.decode()
        assert "Recours accueilli le" in manager.get(address).content.decode()
        answer = manager.post(address, {"session": str(session.pk), "reason": REASON})
        assert answer.url == reverse("juries:session", args=[session.pk])
        page = manager.get(reverse("juries:appeal", args=[appeal.pk])).content.decode()
        assert "En réexamen" in page

    def heard(self, decision, session, heard_at: str):
        data = {"session": str(session.pk), "reason": REASON, "heard_at": heard_at}
        return client_of(scenes.a_manager()).post(reverse("juries:reexamine", args=[decision.pk]), data)

    def test_to_be_heard_at_an_hour_that_the_convocation_tells(self):
        decision = a_published_decision()
        session = a_next_session(decision)
        day = timezone.localdate(session.held_at)
        self.heard(decision, session, f"{day}T15:40")
        candidacy = session.candidacies.get()
        assert timezone.localtime(candidacy.heard_at) == datetime(day.year, day.month, day.day, 15, 40, tzinfo=PARIS)
        convoke(session, by=scenes.a_manager())
        mail.outbox.clear()
        jobs.run_due()
        (message,) = [one for one in mail.outbox if one.to == [candidate_of(decision).email]]
        assert "souhaite vous entendre" in message.body
        assert "15 h 40" in message.body.replace("\u00a0", " ")
        page = client_of(scenes.a_manager()).get(reverse("juries:session", args=[session.pk])).content.decode()
        assert "à entendre à 15\u00a0h\u00a040" in page

    def test_or_on_the_dossier_alone(self):
        decision = a_published_decision()
        session = a_next_session(decision)
        self.heard(decision, session, "")
        assert session.candidacies.get().heard_at is None

    def test_never_on_another_day_than_that_of_the_session(self):
        decision = a_published_decision()
        session = a_next_session(decision)
        answer = self.heard(decision, session, "2031-01-02T10:00")
        assert answer.status_code == 422
        assert "le jour de la session" in answer.content.decode()
        assert "2031-01-02T10:00" in answer.content.decode()
        assert not session.candidacies.exists()

    def test_without_an_appeal_for_an_error_found_since(self):
        decision = a_published_decision()
        assert reverse("juries:reexamine", args=[decision.pk]) in result_of(decision, scenes.a_manager())
        assert reverse("juries:reexamine", args=[decision.pk]) not in result_of(decision)
        assert present(a_next_session(decision), decision, "Erreur de saisie constatée.").pk

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_never_without_a_reason_and_the_page_says_so(self, reason):
        decision = a_published_decision()
        session = a_next_session(decision)
        with pytest.raises(InvalidInput, match="motif"):
            present(session, decision, reason)
        answer = client_of(scenes.a_manager()).post(
            reverse("juries:reexamine", args=[decision.pk]), {"session": str(session.pk), "reason": reason}
        )
        assert answer.status_code == 422

    def test_only_once_at_a_time(self):
        decision = a_published_decision()
        present(a_next_session(decision), decision)
        with pytest.raises(Refusal, match="attend déjà son réexamen"):
            present(a_next_session(decision), decision)

    def test_only_the_decision_that_stands(self):
        decision = a_published_decision()
        decided_again(decision)
        with pytest.raises(Refusal, match="remplacée"):
            present(a_next_session(decision), decision)
        assert client_of(scenes.a_manager()).get(reverse("juries:reexamine", args=[decision.pk])).status_code == 404

    def test_only_before_a_session_being_prepared_on_the_same_version(self):
        decision = a_published_decision()
        with pytest.raises(Refusal, match="en préparation"):
            present(decision.session, decision)
        with pytest.raises(Refusal, match="autre version"):
            present(a_next_session(a_published_decision()), decision)

    def test_not_before_a_session_where_the_candidate_already_is(self):
        decision = a_published_decision()
        session = scenes.a_session(decision.enrolment)
        with pytest.raises(Refusal, match="déjà inscrit"):
            present(session, decision)

    def test_by_managers_only(self):
        decision = a_published_decision()
        for user in (candidate_of(decision), scenes.president_of(decision.session), an_instructor()):
            assert client_of(user).get(reverse("juries:reexamine", args=[decision.pk])).status_code == 404

    def test_without_a_session_to_present_to_the_page_says_how_to_begin(self):
        decision = a_published_decision()
        page = client_of(scenes.a_manager()).get(reverse("juries:reexamine", args=[decision.pk])).content.decode()
        assert "Aucune session ne peut l’accueillir" in page


@pytest.mark.django_db
class TestDecidedAgain:
    def test_the_new_decision_replaces_the_former_which_stays_to_be_read(self):
        former = a_published_decision(Outcome.CERTIFIED)
        latter = decided_again(former, Outcome.REFUSED)
        assert latter.supersedes == former
        page = result_of(former)
        assert page.index("ne délivre pas la certification") < page.index("remplacée le")
        assert page.index("remplacée le") < page.index("vous délivre la certification")
        assert more_than_one_live() == []

    def test_until_it_is_published_the_former_is_all_there_is(self):
        former = a_published_decision(Outcome.CERTIFIED)
        session = opened_again(former)
        decide(session, former.enrolment, Outcome.REFUSED)
        close_session(session, by=scenes.president_of(session))
        page = result_of(former)
        assert "remplacée" not in page
        assert "vous délivre la certification" in page

    def test_a_certified_candidate_is_decided_on_again_only_when_re_examined(self):
        former = a_published_decision(Outcome.CERTIFIED)
        session = scenes.a_session(scenes.an_enrolment(former.enrolment.referentiel), opened=True)
        Candidacy.objects.create(session=session, enrolment=former.enrolment)
        with pytest.raises(Refusal, match="réexamen"):
            decide(session, former.enrolment, Outcome.REFUSED)

    def test_three_decisions_in_a_row_leave_one_live(self):
        first = a_published_decision()
        second = decided_again(first)
        third = decided_again(second, Outcome.CERTIFIED)
        assert list(Decision.objects.live().filter(enrolment=first.enrolment)) == [third]
        assert (third.supersedes, second.supersedes, first.supersedes) == (second, first, None)


@pytest.mark.django_db
class TestAdjourned:
    """R-JUR-5: a jury that adjourns a re-examination has decided nothing; what the candidate holds stays theirs."""

    def test_the_decision_in_question_stays_in_force(self):
        former = a_published_decision(Outcome.CERTIFIED)
        adjourned = decided_again(former, Outcome.ADJOURNED)
        assert (adjourned.supersedes, adjourned.postpones) == (None, former)
        assert list(Decision.objects.live().filter(enrolment=former.enrolment)) == [former]
        assert list(Decision.objects.standing_in_public().filter(enrolment=former.enrolment)) == [former]

    def test_and_is_replaced_by_the_jury_that_decides_next(self):
        former = a_published_decision(Outcome.CERTIFIED)
        decided_again(former, Outcome.ADJOURNED)
        latter = decided_again(former, Outcome.REFUSED)
        assert (latter.supersedes, latter.postpones) == (former, None)
        assert more_than_one_live() == []
        page = result_of(former)
        assert page.count("remplacée le") == 2
        assert "reste en vigueur" not in page[: page.index("remplacée le")]

    def test_twice_leaves_the_last_postponement_to_be_read_first(self):
        former = a_published_decision(Outcome.CERTIFIED)
        for _ in range(2):
            decided_again(former, Outcome.ADJOURNED)
        assert result_of(former).count("remplacée le") == 1

    def test_the_candidate_reads_what_is_still_theirs_and_contests_that(self):
        former = a_published_decision(Outcome.REFUSED)
        adjourned = decided_again(former, Outcome.ADJOURNED)
        page = result_of(former)
        assert page.index("a ajourné le réexamen de sa décision") < page.index("ne délivre pas la certification")
        assert "reste en vigueur" in page
        assert reverse("juries:file_appeal", args=[former.pk]) in page
        assert reverse("juries:file_appeal", args=[adjourned.pk]) not in page
        with pytest.raises(Refusal, match="ne décide de rien"):
            contest(adjourned)

    def test_the_letter_says_that_nothing_is_taken_back_and_promises_no_appeal(self):
        former = a_published_decision(Outcome.CERTIFIED)
        letter = decided_again(former, Outcome.ADJOURNED).letter
        assert "reste en vigueur jusque-là" in letter.body
        assert "La décision que voici la remplace" not in letter.body
        assert "recours" not in letter.body.replace(REASON, "")
        page = page_of(letter)
        assert (page.title, page.appeal_until) == ("Le jury a ajourné le réexamen de sa décision", None)

    def test_the_proces_verbal_says_which_decision_stays(self):
        former = a_published_decision(Outcome.CERTIFIED)
        adjourned = decided_again(former, Outcome.ADJOURNED)
        jobs.run_due()
        minutes = Minutes.objects.get(session=adjourned.session)
        (told,) = minutes.content["candidates"]
        assert told["supersedes"] == ""
        assert told["postpones"].startswith(f"« {former.get_outcome_display()} »")
        assert former.session.name in told["postpones"]
        html = minutes_html(minutes.content, fingerprint=minutes.fingerprint)
        assert "Laisse en vigueur" in html
        assert "Remplace." not in html

    def test_the_jury_may_change_its_mind_until_the_session_closes(self):
        former = a_published_decision(Outcome.CERTIFIED)
        session = opened_again(former)
        for outcome, stands in ((Outcome.ADJOURNED, True), (Outcome.REFUSED, False), (Outcome.ADJOURNED, True)):
            decide(session, former.enrolment, outcome)
            taken = session.decisions.taken().get()
            assert (taken.postpones, taken.supersedes) == ((former, None) if stands else (None, former))

    def test_nobody_present_may_judge_and_it_is_the_same(self):
        """R-JUR-2."""
        former = a_published_decision(Outcome.CERTIFIED)
        session = a_next_session(former)
        candidacy = present(session, former)
        scenes.everybody_declares(session)
        jobs.run_due()
        open_session(session, by=scenes.president_of(session))
        for member in session.members.all():
            declare_link(former.enrolment.candidate, user=member.user, kind=LinkKind.RELATED, by=scenes.a_manager())
        taken = refer_to_another_session(candidacy, by=scenes.president_of(session))
        assert (taken.postpones, taken.supersedes) == (former, None)

    def test_an_ordinary_adjournment_postpones_nothing_and_what_follows_replaces_it(self):
        first = a_published_decision(Outcome.ADJOURNED)
        again = decided_again(first, Outcome.ADJOURNED)
        assert (first.postpones, again.supersedes, again.postpones) == (None, first, None)

    @pytest.mark.parametrize("outcome", [Outcome.CERTIFIED, Outcome.PARTIAL, Outcome.REFUSED])
    def test_the_database_lets_nothing_else_postpone(self, outcome):
        former = a_published_decision(Outcome.CERTIFIED)
        session = scenes.a_session(referentiel=former.enrolment.referentiel)
        with pytest.raises(IntegrityError):
            Decision.objects.create(
                session=session,
                enrolment=former.enrolment,
                dossier=former.dossier,
                stage=Stage.TAKEN,
                outcome=outcome,
                postpones=former,
                decided_at=timezone.now(),
                decided_by=scenes.president_of(session),
            )


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_a_decision_is_presented_again_once(self):
        decision = a_published_decision()
        sessions = [a_next_session(decision) for _ in range(4)]
        outcomes = at_once(*[partial(present, session, decision) for session in sessions])
        assert len(refusals_in(outcomes)) == 3
        assert decision.reexaminations.count() == 1

    def test_two_juries_that_decide_together_leave_one_live_decision(self):
        for _ in range(3):
            enrolment = scenes.a_certifiable_enrolment()
            sessions = [scenes.a_session(enrolment, opened=True)]
            sessions += [a_rival_session(enrolment, opened=True) for _ in range(2)]
            outcomes = at_once(
                *[
                    partial(
                        take_decision,
                        session,
                        enrolment=enrolment,
                        dossier=enrolment.dossiers.latest("revision"),
                        outcome=Outcome.REFUSED,
                        motive="Motif.",
                        by=scenes.president_of(session),
                    )
                    for session in sessions
                ]
            )
            assert len(refusals_in(outcomes)) == 2
            assert Decision.objects.live().filter(enrolment=enrolment).count() == 1
        assert more_than_one_live() == []
