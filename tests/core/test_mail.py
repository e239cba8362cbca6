"""E-mails leave through the row of a job: none without it, and a second sending is known for what it is (R-ALL-3)."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar, Event

from core import jobs
from core.enums import JobState
from core.failures import explanation
from core.jobs import Effect
from core.mail import Enclosure, address_of, message_id, nothing_to_send, send_once
from core.models import Job
from tests.core.working import let_time_pass, order

pytestmark = pytest.mark.django_db

TEMPLATE = """{% extends "emails/message.txt" %}{% block subject %}Pour {{ name }}{% endblock %}
{% block content %}C’est l'heure, {{ name }} : {{ link }}{% endblock %}"""


@pytest.fixture
def templates(settings: Any, tmp_path: Path) -> None:
    """One template of our own beside the product's."""
    (tmp_path / "essai.txt").write_text(TEMPLATE)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]


@pytest.fixture
def write_to(templates: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what the jobs of the test send."""

    def declare(name: str = "Léa", **options: Any) -> None:
        context = {"name": name, "link": "https://ici.example/?a=1&b=2", "certifier": "Certificateur d’essai"}

        def handler(job: Job) -> Effect:
            return send_once(job, to="lea@exemple.fr", template="essai.txt", context=context, **options)

        monkeypatch.setitem(jobs._handlers, "test", handler)

    return declare


def test_a_job_sends_its_message_and_remembers_which(write_to: Callable[..., None]) -> None:
    write_to()
    job = order()

    jobs.run_due()

    (message,) = mail.outbox
    job.refresh_from_db()
    assert (message.subject, message.to) == ("Pour Léa", ["lea@exemple.fr"])
    assert message.body.startswith("Bonjour,\n\nC’est l'heure, Léa : https://ici.example/?a=1&b=2\n")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert job.result == {"message_id": message.message()["Message-ID"]}


def test_nothing_leaves_before_the_change_that_orders_it_is_committed(write_to: Callable[..., None]) -> None:
    write_to()
    with transaction.atomic():
        order()
        transaction.set_rollback(True)

    jobs.run_due()

    assert mail.outbox == []


def test_a_message_sent_again_after_a_crash_bears_the_same_identifier_and_date(write_to: Callable[..., None]) -> None:
    """The runner was killed between the sending and the end of its job."""
    write_to()
    claimed = jobs.claim(order().pk)
    assert claimed
    jobs._handlers["test"](claimed)
    let_time_pass(claimed)

    jobs.run_due()

    first, second = (message.message() for message in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"] == message_id(claimed)
    assert first["Date"] == second["Date"]
    assert claimed.result == {}
    assert Job.objects.get().state == JobState.DONE


def test_a_job_done_sends_nothing_more(write_to: Callable[..., None]) -> None:
    write_to()
    job = order()
    for _ in range(3):
        jobs.run(job.pk)

    assert len(mail.outbox) == 1


def test_two_jobs_are_two_messages(write_to: Callable[..., None]) -> None:
    write_to()
    order("une preuve")
    order("une autre")

    jobs.run_due()

    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 2


@pytest.mark.parametrize("name", ["Léa\nBcc: tous@exemple.fr", "Léa\r\n\r\nCorps"])
def test_what_was_typed_adds_no_header(write_to: Callable[..., None], name: str) -> None:
    write_to(name)
    order()

    jobs.run_due()

    (message,) = mail.outbox
    assert message.recipients() == ["lea@exemple.fr"]
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


def test_a_calendar_file_goes_with_the_message(write_to: Callable[..., None]) -> None:
    event = Event()
    event.add("uid", "1@parchemin")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", datetime(2026, 12, 1, 9, tzinfo=UTC))
    calendar = Calendar()
    calendar.add_component(event)
    write_to(enclosures=[Enclosure("jury.ics", bytes(calendar.to_ical()), "text/calendar")])
    order()

    jobs.run_due()

    (part,) = (part for part in mail.outbox[0].message().walk() if part.get_filename())
    assert (part.get_filename(), part.get_content_type()) == ("jury.ics", "text/calendar")
    assert Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]["uid"] == "1@parchemin"


def test_a_mail_server_that_is_away_is_told_and_tried_again(write_to: Callable[..., None], settings: Any) -> None:
    write_to()
    with socket.socket() as taken:  # bound and not listening: whoever connects is refused
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        job = order()
        jobs.run_due()
    job.refresh_from_db()
    assert job.state == JobState.DUE
    assert "serveur de messagerie" in explanation(job.last_error)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    let_time_pass(job, due_at=timezone.now())
    jobs.run_due()

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert len(mail.outbox) == 1


def test_a_job_with_nobody_left_to_write_to_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs._handlers, "test", lambda _: nothing_to_send("Le compte est fermé."))
    job = order()

    jobs.run_due()

    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"not_sent": "Le compte est fermé."})
    assert mail.outbox == []


def test_addresses_in_messages_are_whole(settings: Any) -> None:
    settings.PUBLIC_URL = "https://parchemin.example.org"

    assert address_of("core:jobs") == "https://parchemin.example.org/travaux/"
