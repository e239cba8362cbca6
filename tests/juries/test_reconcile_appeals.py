"""Letters, notices and appeals: each check finds what it is there to find."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core import jobs, protection
from core.models import Job
from core.reconcile import problems
from juries.enums import AppealState
from juries.models import Appeal, AppealFile, Decision, JurySession, Letter
from tests import scenes
from tests.assessments.handed import PIXEL
from tests.juries.appealing import a_published_decision, an_appeal_upheld, an_exhibit, candidate_of, contest
from tests.juries.sittings import raw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def decision() -> Iterator[Decision]:
    """Published, with its letter and its notice; the triggers are gone, as for somebody who owns the database."""
    made = a_published_decision()
    jobs.run_due()
    assert problems() == []
    protection.remove()
    yield made
    protection.install()


@pytest.fixture
def appeal(decision: Decision) -> Appeal:
    upheld = an_appeal_upheld(decision)
    jobs.run_due()
    assert problems() == []
    return upheld


def test_a_whole_life_of_an_appeal_is_no_problem(decision: Decision) -> None:
    contest(decision, an_exhibit(PIXEL, "photo.png"))
    jobs.run_due()

    assert problems() == []


def test_two_live_decisions(decision: Decision) -> None:
    """Only a database whose uniqueness was dropped can hold them."""
    raw("DROP INDEX one_first_decision_per_enrolment")
    beside = Decision.objects.get(pk=decision.pk)
    beside.pk, beside.session = uuid4(), scenes.a_session(decision.enrolment, opened=True)
    beside.save(force_insert=True)

    number = decision.enrolment.number
    assert f"Inscription {number} : plusieurs décisions valent en même temps." in problems()


def test_a_result_published_without_its_notice(decision: Decision) -> None:
    Job.objects.filter(kind="result_notice").delete()

    assert problems() == [
        f"La session {decision.session_id} est publiée, mais la décision {decision.pk} n’a commandé aucun avis."
    ]


def test_results_announced_by_a_session_that_is_not_published(decision: Decision) -> None:
    JurySession.objects.filter(pk=decision.session_id).update(state="closed", published_at=None)

    assert f"La session {decision.session_id} a annoncé ses résultats sans être publiée." in problems()


@pytest.mark.parametrize("change", [{"body": "Autre"}, {"version": 2}])
def test_a_letter_changed_behind_the_journal(decision: Decision, change: dict[str, Any]) -> None:
    Letter.objects.update(**change)

    assert problems() == [f"Lettre {Letter.objects.get().pk} : elle n’est plus celle que le journal raconte."]


def test_a_letter_that_is_gone(decision: Decision) -> None:
    pk = Letter.objects.get().pk
    Letter.objects.all().delete()

    assert problems() == [f"Lettre {pk} : le journal la raconte, mais elle n’existe plus."]


@pytest.mark.parametrize("change", [{"statement": "Autre"}, {"kind": "procedure"}])
def test_an_appeal_that_is_not_the_one_filed(appeal: Appeal, change: dict[str, Any]) -> None:
    Appeal.objects.update(**change)

    assert problems() == [f"Recours {appeal.pk} : il n’est plus celui qui a été déposé."]


def test_a_file_taken_off_an_appeal(decision: Decision) -> None:
    appeal = contest(decision, an_exhibit(PIXEL, "photo.png"))
    AppealFile.objects.all().delete()

    assert f"Recours {appeal.pk} : il n’est plus celui qui a été déposé." in problems()


@pytest.mark.parametrize("change", [{"answer": "Autre"}, {"state": AppealState.DISMISSED}])
def test_an_answer_changed_behind_the_journal(appeal: Appeal, change: dict[str, Any]) -> None:
    Appeal.objects.update(**change)

    assert problems() == [f"Recours {appeal.pk} : son instruction n’est pas celle que le journal raconte."]


def test_an_appeal_that_is_gone(decision: Decision) -> None:
    appeal = contest(decision)
    Appeal.objects.all().delete()

    assert problems() == [f"Recours {appeal.pk} : le journal le raconte, mais il n’existe plus."]


def test_an_appeal_filed_too_late(appeal: Appeal) -> None:
    Appeal.objects.update(filed_at=appeal.filed_at + timedelta(days=400))

    assert f"Recours {appeal.pk} : il a été déposé après le délai." in problems()


@pytest.mark.parametrize("who", ["a member of the jury", "the candidate"])
def test_an_appeal_instructed_by_who_judged_it(appeal: Appeal, who: str) -> None:
    president = scenes.president_of(appeal.decision.session)
    Appeal.objects.update(owner=president if who == "a member of the jury" else candidate_of(appeal.decision))

    found = f"Recours {appeal.pk} : il est instruit par quelqu’un qui a jugé ce dossier, ou par le candidat."
    assert found in problems()
