"""R-JUR-6: publishing tells each candidate once that there is a result, and nothing of it; only a person does."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core import jobs
from core.enums import JobState
from core.exceptions import Refusal
from core.models import Job
from juries.enums import Outcome, SessionState
from juries.services.sessions import close_session, publish_session
from tests import scenes
from tests.juries.sittings import decide, in_state, state_of
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

TELLING = ("certifi", "valid", "refus", "ajourn", "acquis", "bloc", "motif", "félicit", "recours")


@pytest.fixture
def closed():
    """Four candidates, one of each outcome, decided and closed."""
    referentiel = build_referentiel(blocs=2)
    enrolments = [
        scenes.an_enrolment(referentiel, scenes.a_candidate(name)) for name in ("Abad", "Brun", "Caro", "Diaz")
    ]
    for enrolment in enrolments:
        scenes.pass_soutenance(enrolment)
    session = scenes.a_session(*enrolments, opened=True)
    for enrolment, outcome in zip(enrolments, Outcome, strict=True):
        decide(session, enrolment, outcome)
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    session.refresh_from_db()
    return session


def publish(session) -> None:
    publish_session(session, by=scenes.president_of(session))
    jobs.run_due()


def addresses(session) -> list[str]:
    return sorted(one.enrolment.candidate.user.email for one in session.candidacies.all())


@pytest.mark.django_db
def test_each_candidate_gets_one_notice_the_adjourned_one_too(closed):
    publish(closed)

    assert sorted(address for message in mail.outbox for address in message.recipients()) == addresses(closed)
    assert all(len(message.recipients()) == 1 for message in mail.outbox)


@pytest.mark.django_db
def test_a_notice_leads_to_the_result_and_tells_nothing_of_it(closed, settings):
    settings.PUBLIC_URL = "https://parchemin.example.org"
    publish(closed)

    for message in mail.outbox:
        (candidacy,) = closed.candidacies.filter(enrolment__candidate__user__email=message.to[0])
        link = f"https://parchemin.example.org/parcours/{candidacy.enrolment_id}/resultat/"
        assert link in message.body
        said = f"{message.subject} {message.body}".replace(link, "").lower()
        title = closed.referentiel.certification.title.lower()
        said = said.replace(f"la certification « {title} »", "").replace("votre certificateur", "")
        said = said.replace(closed.referentiel.certification.certifier.lower(), "")
        assert not [word for word in TELLING if word in said.replace("\u202f", " ")]


@pytest.mark.django_db
def test_all_the_notices_read_the_same_whatever_was_decided(closed):
    publish(closed)

    bodies = {message.body.split("http")[0] for message in mail.outbox}
    assert len(bodies) == 1


@pytest.mark.django_db
def test_no_notice_leaves_before_publication_whatever_the_date(closed):
    """No deadline ever publishes by itself."""
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        jobs.run_due()

    assert mail.outbox == []
    assert state_of(closed) == SessionState.CLOSED


@pytest.mark.django_db
def test_a_second_publication_is_refused_and_sends_nothing(closed):
    publish(closed)
    sent = len(mail.outbox)

    with pytest.raises(Refusal):
        publish(closed)
    jobs.run_due()

    assert len(mail.outbox) == sent


@pytest.mark.django_db
@pytest.mark.parametrize("state", [SessionState.PREPARING, SessionState.OPEN])
def test_a_publication_refused_orders_nothing(state):
    session = in_state(state)

    with pytest.raises(Refusal):
        publish_session(session, by=scenes.president_of(session))

    assert not Job.objects.filter(kind="result_notice").exists()


@pytest.mark.django_db
def test_who_has_no_account_gets_no_notice(closed):
    candidate = closed.candidacies.first().enrolment.candidate
    email = candidate.user.email
    candidate.user = None
    candidate.save()

    publish(closed)

    assert email not in [message.to[0] for message in mail.outbox]
    assert Job.objects.filter(kind="result_notice").count() == 3


@pytest.mark.django_db
def test_an_account_closed_meanwhile_is_written_to_no_more(closed):
    publish_session(closed, by=scenes.president_of(closed))
    user = closed.candidacies.first().enrolment.candidate.user
    user.is_active = False
    user.save()

    jobs.run_due()

    assert user.email not in [message.to[0] for message in mail.outbox]
    assert Job.objects.filter(kind="result_notice", result={"not_sent": "Le compte est fermé."}).count() == 1


@pytest.mark.django_db
def test_the_notices_are_among_the_jobs_and_their_labels_tell_nothing(closed):
    """R-ALL-2."""
    publish(closed)

    for job in Job.objects.filter(kind="result_notice"):
        assert job.state == JobState.DONE
        assert job.label.startswith("Avis de résultat ")
        assert not [word for word in TELLING if word in job.label.lower()]


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_publications_are_one_notice_each(self, closed):
        outcomes = at_once(*[partial(publish_session, closed, by=scenes.president_of(closed))] * 20)
        jobs.run_due()

        assert len(refusals_in(outcomes)) == 19
        assert sorted(message.to[0] for message in mail.outbox) == addresses(closed)
