"""Marks against the journal, acquisitions against the verdicts: each check finds what it is there to find."""

from collections.abc import Iterator

import pytest

from assessments.models import BlocAcquisition, CompetenceAcquisition, Mark
from candidates.models import Enrolment
from core import jobs, protection
from core.models import JournalEntry
from core.reconcile import problems
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Iterator[Enrolment]:
    """One bloc acquired, its dossier made; the triggers are gone, as for somebody who owns the database."""
    acquired = scenes.an_enrolment()
    scenes.pass_soutenance(acquired)
    jobs.run_due()
    assert problems() == []
    protection.remove()
    yield acquired
    protection.install()


@pytest.fixture
def mark(enrolment: Enrolment) -> Mark:
    found = Mark.objects.order_by("pk").first()
    assert found is not None
    return found


def test_a_mark_one_version_ahead_of_the_journal(mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(version=2)

    assert f"L’appréciation {mark.pk} en est à la version 2, le journal raconte [1]." in problems()


def test_a_change_that_the_journal_lost(mark: Mark) -> None:
    JournalEntry.objects.filter(verb="mark.changed", subject_id=str(mark.pk)).delete()

    assert f"L’appréciation {mark.pk} en est à la version 1, le journal raconte []." in problems()


@pytest.mark.parametrize(
    ("field", "value"), [("verdict", "non_acquis"), ("comment", "Autre chose."), ("private_note", "Autre note.")]
)
def test_a_mark_altered_behind_the_journal(mark: Mark, field: str, value: str) -> None:
    Mark.objects.filter(pk=mark.pk).update(**{field: value})

    assert f"L’appréciation {mark.pk} n’est pas celle que dit le journal : {field}." in problems()


def test_a_mark_that_vanished(mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).delete()

    assert "Le journal raconte 2 changements d’appréciation, les appréciations en portent 1." in problems()


def test_a_competence_acquired_but_not_stored(enrolment: Enrolment) -> None:
    CompetenceAcquisition.objects.all().delete()

    assert problems() == [
        f"Inscription {enrolment.number} : compétence C1.1.1 acquis d’après les verdicts, mais non enregistré."
    ]


def test_a_bloc_acquired_but_not_stored(enrolment: Enrolment) -> None:
    BlocAcquisition.objects.all().delete()

    assert problems() == [f"Inscription {enrolment.number} : bloc 1 acquis d’après les verdicts, mais non enregistré."]


def test_what_is_stored_as_acquired_against_the_verdicts(enrolment: Enrolment, mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(verdict="non_acquis")

    found = problems()

    assert f"Inscription {enrolment.number} : compétence C1.1.1 enregistré comme acquis, contre les verdicts." in found
    assert f"Inscription {enrolment.number} : bloc 1 enregistré comme acquis, contre les verdicts." in found
