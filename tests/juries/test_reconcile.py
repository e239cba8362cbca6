"""Dossiers and decisions: each check finds what it is there to find (R-VAL-4, R-JUR-1, R-JUR-3, R-JUR-4)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from candidates.models import Enrolment
from core import protection
from core.enums import JobState
from core.models import Job
from core.reconcile import problems
from juries.enums import Capacity, Outcome
from juries.models import Decision, Dossier, Incident, JuryMember, JurySession
from juries.services.deciding import take_decision
from juries.services.incidents import note_incident
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    """What other tests left on disk, minutes ago, is no problem of this one."""
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def enrolment() -> Iterator[Enrolment]:
    """Every bloc acquired and the dossier made; the triggers are gone, as for somebody who owns the database."""
    made = scenes.a_certifiable_enrolment()
    assert problems() == []
    protection.remove()
    yield made
    protection.install()


@pytest.fixture
def session(enrolment: Enrolment) -> JurySession:
    """A jury that has certified the candidate."""
    opened = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(opened)
    take_decision(
        opened, enrolment=enrolment, dossier=enrolment.dossiers.get(), outcome=Outcome.CERTIFIED, by=president
    )
    assert problems() == []
    return opened


def test_a_last_bloc_that_ordered_nothing(enrolment: Enrolment) -> None:
    Job.objects.all().delete()

    assert problems() == [
        f"Inscription {enrolment.number} : tous les blocs sont acquis, mais aucun dossier n’a été commandé."
    ]


@pytest.mark.parametrize("state", [JobState.DUE, JobState.FAILED])
def test_a_dossier_on_its_way_or_failed_for_people_to_see_is_no_problem(enrolment: Enrolment, state: JobState) -> None:
    error = "OSError : disque absent" if state == JobState.FAILED else ""
    Job.objects.update(state=state, finished_at=None, last_error=error)

    assert problems() == []


def test_a_job_done_without_its_dossier(enrolment: Enrolment) -> None:
    Job.objects.update(result={"dossier": str(uuid4())})

    assert problems() == [f"Le travail {Job.objects.get().pk} est fait, mais son dossier n’existe pas."]


def test_a_dossier_without_its_proposal(enrolment: Enrolment) -> None:
    Decision.objects.all().delete()

    assert problems() == [f"Le dossier {Dossier.objects.get().pk} n’a pas de décision proposée."]


def test_a_dossier_altered_behind_its_fingerprint(enrolment: Enrolment) -> None:
    Dossier.objects.update(content_json="{}")

    assert problems() == [f"Le contenu du dossier {Dossier.objects.get().pk} ne répond plus à son empreinte."]


def test_a_decision_of_a_jury_that_is_no_longer_lawful(session: JurySession) -> None:
    JuryMember.objects.filter(session=session, capacity=Capacity.EXTERNAL).delete()

    found = problems()

    assert found
    assert all(f"La session {session.pk} a pris des décisions sans être régulière." in sentence for sentence in found)


@pytest.mark.parametrize("missing", ["in the decision", "in the file"])
def test_somebody_certified_without_every_bloc(session: JurySession, enrolment: Enrolment, missing: str) -> None:
    if missing == "in the decision":
        Decision.objects.taken().update(blocs=[])
    else:
        enrolment.bloc_acquisitions.all().delete()

    decision = Decision.objects.taken().get()
    assert f"La décision {decision.pk} certifie sans que tous les blocs soient acquis." in problems()


def test_a_decision_that_rests_on_somebody_else_s_dossier(session: JurySession) -> None:
    other = scenes.a_certifiable_enrolment()
    decision = Decision.objects.taken().get()
    Decision.objects.filter(pk=decision.pk).update(dossier=other.dossiers.get())

    assert f"La décision {decision.pk} s’appuie sur le dossier de quelqu’un d’autre." in problems()


def test_an_incident_retouched_or_gone(session: JurySession) -> None:
    """R-JUR-5."""
    incident = note_incident(session, text="Coupure de six minutes.", by=scenes.president_of(session))
    assert problems() == []
    Incident.objects.update(text="Rien ne s’est passé.")
    assert problems() == [f"Incident {incident.pk} : il n’est plus celui que le journal raconte."]
    Incident.objects.all().delete()
    assert problems() == [f"Incident {incident.pk} : le journal le raconte, mais il n’existe plus."]
