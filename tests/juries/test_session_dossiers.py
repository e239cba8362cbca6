"""The dossiers of a whole session: ordered at once, followed from their jobs, run again by name (R-JUR-3, R-ALL-2)."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from candidates.services.filing import correct_civil_status
from core import jobs
from core.enums import JobState
from core.exceptions import Refusal
from core.models import Job
from juries.enums import SessionState
from juries.models import Dossier, JurySession
from juries.queries.session_dossiers import dossier_states
from juries.queries.sessions import CANDIDATES_PER_PAGE
from juries.services.dossiers import order_dossier, order_session_dossiers
from tests import scenes
from tests.assessments.http import client_of
from tests.candidates.visits import read
from tests.juries.sittings import in_state
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def a_session_of(*names: str) -> JurySession:
    version = build_referentiel()
    return scenes.a_session(*(scenes.an_enrolment(version, scenes.a_candidate(name)) for name in names))


def renamed(session: JurySession, name: str) -> None:
    """The civil status of one candidate is corrected: their dossier no longer says it."""
    candidate = session.candidacies.get(enrolment__candidate__family_name=name).enrolment.candidate
    status = replace(candidate.civil_status, given_names="Zélie")
    correct_civil_status(candidate, status=status, by=scenes.a_manager())


def failing(session: JurySession, name: str) -> Job:
    renamed(session, name)
    order_session_dossiers(session, by=scenes.a_manager())
    candidacy = session.candidacies.get(enrolment__candidate__family_name=name)
    job = Job.objects.filter(subject=str(candidacy.enrolment_id)).latest("ordered_at")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, last_error="DiskFullError : plein", attempts=5)
    return job


def address(session: JurySession, name: str = "session") -> str:
    return reverse(f"juries:{name}", args=[session.pk])


def counts(session: JurySession) -> tuple[int, int, int, int]:
    states = dossier_states(session)
    return states.ready, states.waiting, states.stale, len(states.failed)


@pytest.fixture
def session() -> JurySession:
    return a_session_of("Abadie", "Bonnet", "Collin")


@pytest.fixture
def manager() -> Client:
    return client_of(scenes.a_manager())


def test_a_candidate_is_ready_waiting_stale_or_failed_and_never_two_of_these(session):
    assert counts(session) == (3, 0, 0, 0)
    failing(session, "Abadie")
    renamed(session, "Bonnet")
    assert counts(session) == (1, 0, 1, 1)
    order_session_dossiers(session, by=scenes.a_manager())
    assert counts(session) == (1, 2, 0, 0)
    jobs.run_due()
    assert counts(session) == (3, 0, 0, 0)


def test_one_order_asks_for_what_is_lacking_and_nothing_else(session, manager):
    before = Dossier.objects.count()
    renamed(session, "Bonnet")
    renamed(session, "Collin")
    page = read(manager.get(address(session)))
    assert "2 dossiers périmés" in page
    assert "Générer tous les dossiers" in page
    answer = manager.post(address(session, "order_session_dossiers"))
    assert answer.url == f"{address(session)}#dossiers"
    assert Job.objects.filter(state=JobState.DUE, kind="dossier").count() == 2
    manager.post(address(session, "order_session_dossiers"))
    jobs.run_due()
    assert Dossier.objects.count() == before + 2
    assert "Générer tous les dossiers" not in read(manager.get(address(session)))


def test_the_bar_counts_the_jobs_and_asks_for_itself_until_they_are_done(session, manager):
    renamed(session, "Bonnet")
    order_session_dossiers(session, by=scenes.a_manager())
    running = manager.get(address(session, "session_dossiers"), headers=FRAGMENT)
    assert '<progress value="2" max="3"' in running.content.decode()
    assert 'hx-trigger="every 2s"' in running.content.decode()
    assert "HX-Trigger" not in running.headers
    jobs.run_due()
    over = manager.get(address(session, "session_dossiers"), headers=FRAGMENT)
    assert '<progress value="3" max="3"' in over.content.decode()
    assert "every 2s" not in over.content.decode()
    assert "dossiers-etablis" in over.headers["HX-Trigger"]
    assert 'hx-trigger="dossiers-etablis from:body"' in manager.get(address(session)).content.decode()


def test_a_failure_is_named_explained_and_run_again_from_there(session, manager):
    job = failing(session, "Abadie")
    page = read(manager.get(address(session)))
    assert "1 dossier en échec" in page
    assert "ABADIE" in page.partition("1 dossier en échec")[2].partition("</section>")[0]
    assert "Le disque est plein" in page
    enrolment = session.candidacies.get(enrolment=job.subject).enrolment
    again = reverse("juries:order_session_dossier", args=[session.pk, enrolment.pk])
    assert again in page
    manager.post(again)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DUE, 0)


def test_a_stale_revision_is_made_again_from_its_row(session, manager):
    renamed(session, "Bonnet")
    page = read(manager.get(address(session)))
    (row,) = [one for one in page.split("<tr>") if "Périmé" in one]
    assert "BONNET" in row
    assert "Refaire" in row
    enrolment = session.candidacies.get(enrolment__candidate__family_name="Bonnet").enrolment
    manager.post(reverse("juries:order_session_dossier", args=[session.pk, enrolment.pk]))
    jobs.run_due()
    assert enrolment.dossiers.get(stale_since=None).revision == 2


def test_a_member_follows_without_being_told_who_nor_how_to_order(session):
    failing(session, "Abadie")
    page = read(client_of(scenes.president_of(session)).get(address(session)))
    panel = page.partition('id="dossiers"')[2].partition("</section>")[0]
    assert "1 dossier en échec" in panel
    assert "ABADIE" not in panel
    assert "Relancer" not in panel
    assert "Générer" not in panel


def test_a_closed_session_orders_nothing_more_and_shows_the_revision_decided_on(manager):
    session = in_state(SessionState.CLOSED)
    renamed(session, session.candidacies.get().enrolment.candidate.family_name)
    with pytest.raises(Refusal, match="close"):
        order_session_dossiers(session, by=scenes.a_manager())
    order_dossier(session.candidacies.get().enrolment, by=scenes.a_manager())
    jobs.run_due()
    page = read(manager.get(address(session)))
    assert "Révision 1" in page
    assert "Révision 2" not in page
    assert 'id="dossiers"' not in page


@pytest.mark.parametrize("lacking", [1, 3])
def test_as_many_queries_whatever_is_lacking(lacking, session, django_assert_num_queries):
    for name in ("Abadie", "Bonnet", "Collin")[:lacking]:
        renamed(session, name)
    order_session_dossiers(session, by=scenes.a_manager())
    with django_assert_num_queries(3):
        dossier_states(session)


def test_a_row_says_that_its_new_revision_is_under_way_and_offers_it_no_more(session, manager):
    renamed(session, "Bonnet")
    order_session_dossiers(session, by=scenes.a_manager())
    (row,) = [one for one in read(manager.get(address(session))).split("<tr>") if "BONNET" in one and "Révision" in one]
    assert "Nouvelle révision en cours" in row
    assert "Refaire" not in row


def test_the_list_that_asks_for_itself_again_holds_nothing_one_types(manager):
    """R-SCO-3, everywhere: a search being typed is not swapped away when the dossiers are drawn up."""
    session = a_session_of(*(f"Nom{rank:02}" for rank in range(CANDIDATES_PER_PAGE + 1)))
    page = read(manager.get(address(session)))
    swapped = page.partition('id="liste-candidats"')[2].partition("</table>")[0]
    assert 'name="q"' in page
    assert 'name="q"' not in swapped
    assert "NOM00" in swapped
