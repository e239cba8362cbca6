"""E-mails leave after commit, through the row of a job: one job, one message (R-ALL-3).

An application declares its kinds of jobs and calls ``send_once`` in their handlers. A runner killed between the sending
and the mark « done » sends again: with the same Message-ID and the same date, by which mailboxes know it is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from core.jobs import Effect
from core.models import Job

_ABSENT_HOST = "localhost"


@dataclass(frozen=True)
class Enclosure:
    """A file sent along, such as a calendar file."""

    name: str
    content: bytes
    media_type: str


def send_once(
    job: Job, *, to: str, template: str, context: Mapping[str, Any], enclosures: Sequence[Enclosure] = ()
) -> Effect:
    """Send the message of ``job``, and return the effect that remembers it.

    ``template`` is a text of templates/emails/: its first line is the subject. Never pass a result, a mention nor
    anything else that must not lie in a mailbox (R-JUR-6, R-CAN-2): a message says that there is something to read, and
    where. Raises what the mail server answered; the job is then tried again.
    """
    subject, body = _written(template, context)
    identifier = message_id(job)
    message = EmailMessage(
        subject,
        body,
        to=[to],
        headers={
            "Message-ID": identifier,
            "Date": format_datetime(job.ordered_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    for enclosure in enclosures:
        message.attach(enclosure.name, enclosure.content, enclosure.media_type)
    message.send()
    return lambda: {"message_id": identifier}


def nothing_to_send(why: str) -> Effect:
    """The job is done without a message, and remembers ``why``."""
    return lambda: {"not_sent": why}


def message_id(job: Job) -> str:
    """The same each time this job is done."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{job.pk}@{address.rpartition('@')[2] or _ABSENT_HOST}>"


def address_of(route: str, *args: Any) -> str:
    """The whole address of a page, for somebody who reads it in a message."""
    return f"{settings.PUBLIC_URL}{reverse(route, args=args)}"


def _written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The subject on one line, whatever was typed in it, and the body."""
    subject, _, body = render_to_string(template, dict(context)).strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"
