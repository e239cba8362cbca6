"""Jobs and journal entries for tests."""

from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from core import journal
from core.enums import JobState
from core.models import Job, JournalEntry


class JobFactory(DjangoModelFactory[Job]):
    """A job that is due; ``state`` brings along what the database wants with it."""

    class Meta:
        model = Job

    kind = "test"
    subject = factory.Sequence(str)
    evidence = factory.Sequence(str)
    label = factory.Sequence(lambda n: f"Travail {n}")
    state = JobState.DUE
    due_at = factory.LazyFunction(timezone.now)
    ordered_at = factory.LazyFunction(timezone.now)
    finished_at = factory.LazyAttribute(lambda job: timezone.now() if job.state == JobState.DONE else None)
    leased_until = factory.LazyAttribute(lambda job: timezone.now() if job.state == JobState.RUNNING else None)


def record(verb: str, subject: User, **options: Any) -> JournalEntry:
    """Append an entry about a person, by that person unless told otherwise."""
    with transaction.atomic():
        return journal.record(verb, subject, **{"by": subject, **options})
