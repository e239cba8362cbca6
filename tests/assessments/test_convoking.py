"""R-ALL-3: who takes part in a soutenance is written to once it is planned, and again when it changes; R-CAN-3."""

from datetime import datetime, timedelta

import icalendar
import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessments.calls import CONVOKED, RELEASED
from assessments.enums import SoutenanceState
from assessments.models import Soutenance
from assessments.services.planning import change_soutenance, leave_soutenance, plan_of
from candidates.models import Candidate
from core import jobs
from core.enums import JobState
from core.models import Job
from tests import scenes
from tests.assessments.deeds import tiers_temps
from tests.assessments.http import client_of
from tests.candidates.visits import read

pytestmark = pytest.mark.django_db


def in_days(count: int) -> datetime:
    return (timezone.now() + timedelta(days=count)).replace(second=0, microsecond=0)


@pytest.fixture
def soutenance() -> Soutenance:
    return scenes.a_soutenance(starts_at=in_days(5), second_evaluateur=scenes.an_evaluateur())


def sent() -> dict[str, mail.EmailMessage]:
    """The messages that leave now, by address."""
    mail.outbox.clear()
    jobs.run_due()
    return {one.to[0]: one for one in mail.outbox}


def event_of(message: mail.EmailMessage) -> tuple[str, icalendar.Event]:
    (_, content, _) = message.attachments[0]
    calendar = icalendar.Calendar.from_ical(content)
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def candidate_of(soutenance: Soutenance) -> str:
    return soutenance.enrolment.candidate.user.email


def change(soutenance: Soutenance, **changed: object) -> None:
    plan = plan_of(Soutenance.objects.get(pk=soutenance.pk))
    planned = {name: getattr(plan, name) for name in plan.__dataclass_fields__} | changed
    change_soutenance(soutenance, by=scenes.a_manager(), **planned)


def test_the_candidate_and_each_evaluateur_receive_one_message_with_a_calendar_file(soutenance):
    messages = sent()
    assert set(messages) == {candidate_of(soutenance), soutenance.evaluateur.email, soutenance.second_evaluateur.email}
    told = messages[candidate_of(soutenance)].body
    assert "Vous êtes attendu le" in told
    assert all(one.code in told for one in soutenance.competences.all())
    assert "Vous évaluez une soutenance" in messages[soutenance.evaluateur.email].body
    method, event = event_of(messages[candidate_of(soutenance)])
    assert (method, event["uid"], event["dtstart"].dt) == (
        "REQUEST",
        f"{soutenance.pk}@parchemin",
        soutenance.starts_at,
    )
    assert sent() == {}


def test_an_evaluateur_is_not_told_by_mail_who_is_judged(soutenance):
    candidate = soutenance.enrolment.candidate
    body = sent()[soutenance.evaluateur.email].body
    assert candidate.family_name not in body
    assert soutenance.enrolment.number not in body


def test_nothing_is_sent_for_a_slot_that_has_begun():
    scenes.a_soutenance(starts_at=timezone.now() - timedelta(minutes=1))
    assert not Job.objects.filter(kind=CONVOKED).exists()


def test_nor_once_it_has_begun_before_the_message_left(soutenance):
    later = scenes.a_soutenance(starts_at=in_days(9))
    with time_machine.travel(in_days(6)):
        messages = sent()
    assert candidate_of(soutenance) not in messages
    assert candidate_of(later) in messages


def test_a_candidate_without_an_account_is_told_by_other_means(soutenance):
    enrolment = soutenance.enrolment
    enrolment.candidate.user = None
    enrolment.candidate.save()
    Job.objects.all().delete()
    scenes.a_soutenance(enrolment, starts_at=in_days(9))
    assert Job.objects.filter(kind=CONVOKED).count() == 1


def test_a_closed_account_is_not_written_to_and_the_job_says_so(soutenance):
    user = soutenance.evaluateur
    user.is_active = False
    user.save()
    assert user.email not in sent()
    assert {"not_sent": "Le compte est fermé."} in Job.objects.filter(kind=CONVOKED).values_list("result", flat=True)


class TestChanging:
    def test_another_hour_is_told_to_all_and_takes_the_place_of_the_former_in_their_calendars(self, soutenance):
        former = {to: event_of(one)[1] for to, one in sent().items()}
        change(soutenance, starts_at=in_days(6))
        latter = {to: event_of(one)[1] for to, one in sent().items()}
        assert set(latter) == set(former)
        for to, event in latter.items():
            assert event["uid"] == former[to]["uid"]
            assert event["sequence"] >= former[to]["sequence"]
            assert event["dtstart"].dt == in_days(6)

    @pytest.mark.parametrize("changed", [{"place": "Salle B"}, {"title": "Un autre projet"}])
    def test_another_place_or_subject_too(self, soutenance, changed):
        sent()
        change(soutenance, **changed)
        assert len(sent()) == 3

    def test_nothing_changed_is_nothing_told(self, soutenance):
        sent()
        change(soutenance)
        assert sent() == {}

    def test_a_change_before_the_message_left_is_told_once_and_rightly(self, soutenance):
        change(soutenance, starts_at=in_days(7))
        messages = sent()
        assert len(mail.outbox) == 3
        assert event_of(messages[candidate_of(soutenance)])[1]["dtstart"].dt == in_days(7)

    def test_an_hour_given_up_and_come_back_to_is_told_again(self, soutenance):
        for days in (5, 6, 5):
            sent()
            change(soutenance, starts_at=in_days(days))
        assert event_of(sent()[candidate_of(soutenance)])[1]["dtstart"].dt == in_days(5)

    def test_another_evaluateur_alone_is_told_and_the_former_released(self, soutenance):
        former = soutenance.evaluateur
        sent()
        newcomer = scenes.an_evaluateur()
        change(soutenance, evaluateur=newcomer)
        messages = sent()
        assert set(messages) == {former.email, newcomer.email}
        method, event = event_of(messages[former.email])
        assert (method, event["status"]) == ("CANCEL", "CANCELLED")
        assert "Vous n’évaluez plus" in messages[former.email].body

    def test_the_former_is_told_of_the_hour_they_knew(self, soutenance):
        former, known = soutenance.evaluateur, soutenance.starts_at
        sent()
        change(soutenance, evaluateur=scenes.an_evaluateur(), starts_at=in_days(20))
        assert event_of(sent()[former.email])[1]["dtstart"].dt == known

    def test_who_is_called_back_at_once_is_not_told_that_they_are_not_expected(self, soutenance):
        former = soutenance.evaluateur
        sent()
        change(soutenance, evaluateur=scenes.an_evaluateur())
        change(soutenance, evaluateur=former)
        method, _ = event_of(sent()[former.email])
        assert method == "REQUEST"


class TestLeaving:
    @pytest.mark.parametrize("state", [SoutenanceState.CANCELLED, SoutenanceState.EXCUSED])
    def test_everybody_learns_that_it_does_not_take_place(self, soutenance, state):
        sent()
        leave_soutenance(soutenance, to=state, reason="Salle inondée.", by=scenes.a_manager())
        messages = sent()
        assert len(messages) == 3
        assert event_of(messages[candidate_of(soutenance)])[0] == "CANCEL"
        body = messages[candidate_of(soutenance)].body
        assert "Cela n’est pas un échec" in body
        assert "Salle inondée" not in body

    def test_a_convocation_that_had_not_left_never_does(self, soutenance):
        leave_soutenance(soutenance, to=SoutenanceState.CANCELLED, reason="Erreur.", by=scenes.a_manager())
        sent()
        assert not any("Vous êtes attendu" in one.body for one in mail.outbox)

    def test_a_message_that_leaves_too_late_is_not_sent(self, soutenance):
        leave_soutenance(soutenance, to=SoutenanceState.CANCELLED, reason="Erreur.", by=scenes.a_manager())
        with time_machine.travel(in_days(6)):
            assert sent() == {}

    def test_an_absence_is_told_by_people(self):
        soutenance = scenes.a_soutenance()
        leave_soutenance(soutenance, to=SoutenanceState.ABSENT, reason="Non venu.", by=scenes.a_manager())
        assert not Job.objects.filter(kind=RELEASED).exists()


def test_a_tiers_temps_moves_the_end_and_is_not_named(soutenance):
    """R-CAN-3, R-CAN-2."""
    before = event_of(sent()[candidate_of(soutenance)])[1]["dtend"].dt
    tiers_temps(soutenance.enrolment)
    message = sent()[candidate_of(soutenance)]
    assert event_of(message)[1]["dtend"].dt == before + timedelta(minutes=11)  # 20 and 10 minutes, each rounded up
    assert "temps" not in message.body.lower().replace("printemps", "")


def test_the_file_downloaded_is_the_same_event_and_no_older(soutenance):
    sequence = event_of(sent()[candidate_of(soutenance)])[1]["sequence"]
    answer = client_of(soutenance.enrolment.candidate.user).get(reverse("assessments:calendar", args=[soutenance.pk]))
    event = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event["uid"], event["sequence"] >= sequence) == (f"{soutenance.pk}@parchemin", True)


def test_each_message_is_one_job_done(soutenance):
    """R-ALL-2."""
    sent()
    done = Job.objects.filter(kind=CONVOKED)
    assert [one.state for one in done] == [JobState.DONE] * 3
    assert len({one.label for one in done}) == 3
    assert not any(soutenance.enrolment.candidate.family_name in one.label for one in done)


class TestWhoFollowsIt:
    """R-ALL-2: those who plan see what became of each message."""

    def page_of(self, soutenance: Soutenance) -> str:
        client = client_of(scenes.a_manager())
        return read(client.get(reverse("assessments:soutenance", args=[soutenance.pk])))

    def test_reads_that_each_message_waits_then_that_it_left(self, soutenance):
        assert self.page_of(soutenance).count("En attente d’envoi") == 3
        sent()
        assert self.page_of(soutenance).count("Message envoyé") == 3

    def test_reads_whom_no_message_can_reach(self, soutenance):
        Candidate.objects.update(user=None)
        assert "Sans compte : à prévenir par un autre moyen" in self.page_of(soutenance)

    def test_reads_that_a_message_failed(self, soutenance):
        Job.objects.filter(kind=CONVOKED).update(state=JobState.FAILED)
        assert self.page_of(soutenance).count("Message en échec") == 3

    def test_reads_nothing_of_it_once_the_soutenance_is_left(self, soutenance):
        leave_soutenance(soutenance, to=SoutenanceState.CANCELLED, reason="Erreur.", by=scenes.a_manager())
        assert "Convocations" not in self.page_of(soutenance)
