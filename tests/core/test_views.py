"""The pages « Travaux » and « Journal »: who sees them, what they show, what they cost."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from core import protection
from core.enums import JobState
from core.models import JournalEntry
from core.queries import ENTRIES_PER_PAGE
from tests.accounts.factories import UserFactory
from tests.core.factories import JobFactory, record

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at:UserWarning")]

JOBS = "/travaux/"
JOURNAL = "/journal/"
JOBS_QUERIES = 6  # session, person, roles, length of the list, its page, how many in each state
JOURNAL_QUERIES = 6  # session, person, roles, whose marks are kept from the reader, the page, the head of the chain


def logged_in(client: Client, *roles: Role) -> User:
    person: User = UserFactory(roles=roles)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


# --- Travaux --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.ADMINISTRATEUR, Role.AUDITEUR])
def test_staff_see_the_jobs(client: Client, role: Role) -> None:
    logged_in(client, role)
    JobFactory(label="Dossier de jury de Camille")

    page = client.get(JOBS)

    assert "Dossier de jury de Camille" in page.content.decode()


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.EVALUATEUR, Role.JURY, Role.REFERENT_HANDICAP])
def test_the_jobs_do_not_exist_for_the_others(client: Client, role: Role) -> None:
    logged_in(client, role)

    assert client.get(JOBS).status_code == 404
    assert client.get(JOURNAL).status_code == 404


def test_an_anonymous_visitor_is_sent_to_the_login_page(client: Client) -> None:
    answer = client.get(JOBS)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/compte/login/?next=/travaux/"


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_jobs_page_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory.create_batch(how_many, state=JobState.FAILED, last_error="OSError : disque plein")

    with django_assert_num_queries(JOBS_QUERIES):
        client.get(JOBS)


def test_jobs_can_be_narrowed_to_one_state(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory(label="celui qui attend")
    JobFactory(label="celui qui est fait", state=JobState.DONE)

    page = client.get(JOBS, {"etat": "done"}).content.decode()

    assert "celui qui est fait" in page
    assert "celui qui attend" not in page


def test_an_unknown_state_shows_everything(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory(label="celui qui attend")

    assert "celui qui attend" in client.get(JOBS, {"etat": "perdu"}).content.decode()


def test_the_list_asks_for_itself_again_only_while_something_is_unfinished(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    job = JobFactory(state=JobState.RUNNING)
    assert 'hx-trigger="every 5s"' in client.get(JOBS).content.decode()

    job.delete()

    JobFactory(state=JobState.DONE)
    assert "hx-trigger" not in client.get(JOBS).content.decode()


def test_htmx_receives_the_table_alone(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory()

    page = client.get(JOBS, headers={"HX-Request": "true"}).content.decode()

    assert 'id="travaux"' in page
    assert "<html" not in page


def test_a_failed_job_is_run_again_and_says_so(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    job = JobFactory(state=JobState.FAILED, attempts=5, label="Convocation")

    page = client.post(reverse("core:run_job_again", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DUE, 0)
    assert "est relancé" in page.content.decode()


def test_running_a_job_again_is_told_once_by_the_journal(client: Client) -> None:
    """R-ALL-2: who, which job, and why it had failed."""
    person = logged_in(client, Role.GESTIONNAIRE)
    job = JobFactory(state=JobState.FAILED, label="Convocation", last_error="OSError : disque absent")

    for _ in range(20):
        client.post(reverse("core:run_job_again", args=[job.pk]))

    told = JournalEntry.objects.get(verb="job.run_again")
    assert (told.actor, told.subject_id) == (person, str(job.pk))
    assert told.data == {"kind": "test", "label": "Convocation", "error": "OSError : disque absent"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("DiskFullError : Le disque est plein : 12 octets", "faites de la place"),
        ("OperationalError : server closed the connection", "La base de données"),
        ("Le processus s’est arrêté pendant chaque essai.", "faute de mémoire"),
        ("ZeroDivisionError : division by zero", "Une erreur inattendue"),
    ],
)
def test_a_failure_is_explained_and_its_technical_text_is_folded(client: Client, error: str, said: str) -> None:
    """R-ALL-2."""
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory(state=JobState.FAILED, last_error=error)

    explained, folded = client.get(JOBS).content.decode().split('<details class="disclosure job-error"', 1)

    assert said in explained
    assert error not in explained
    assert error in folded


@pytest.mark.parametrize(("failed", "said"), [(0, "ni en cours."), (1, "1 est en échec"), (3, "3 sont en échec")])
def test_nothing_is_said_to_be_well_above_a_failed_job(client: Client, failed: int, said: str) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    JobFactory(state=JobState.DONE)
    JobFactory.create_batch(failed, state=JobState.FAILED, last_error="OSError : disque absent")

    page = client.get(JOBS).content.decode()

    assert said in page
    assert "à jour" not in page.split("<table", 1)[1]


def test_a_job_that_has_not_failed_is_left_alone(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)
    job = JobFactory(state=JobState.DONE)

    page = client.post(reverse("core:run_job_again", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert "rien à relancer" in page.content.decode()


def test_an_auditor_reads_the_jobs_but_runs_none_again(client: Client) -> None:
    logged_in(client, Role.AUDITEUR)
    job = JobFactory(state=JobState.FAILED)

    assert "Relancer" not in client.get(JOBS).content.decode()
    assert client.post(reverse("core:run_job_again", args=[job.pk])).status_code == 404


def test_an_unknown_job_is_not_found(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)

    assert client.post(reverse("core:run_job_again", args=[uuid4()])).status_code == 404


def test_running_again_needs_a_post(client: Client) -> None:
    logged_in(client, Role.GESTIONNAIRE)

    assert client.get(reverse("core:run_job_again", args=[JobFactory().pk])).status_code == 405


# --- Journal --------------------------------------------------------------------------------------------------------


def test_the_journal_shows_who_did_what_and_why(client: Client) -> None:
    person = logged_in(client, Role.AUDITEUR)
    record("soutenance.left", person, reason="Coupure de la visioconférence", data={"to": "interrupted"})

    page = client.get(JOURNAL).content.decode()

    for told in ("soutenance.left", str(person), "Coupure de la visioconférence", "interrupted"):
        assert told in page


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_journal_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    person = logged_in(client, Role.AUDITEUR)
    for _ in range(how_many):
        record("grille.submitted", person)

    with django_assert_num_queries(JOURNAL_QUERIES):
        client.get(JOURNAL)


@pytest.mark.parametrize(
    "wanted",
    [
        {"action": "grille.submitted"},
        {"auteur": "ines@exemple.fr"},
        {"objet": "accounts.user:{pk}"},
    ],
)
def test_the_journal_can_be_narrowed(client: Client, wanted: dict[str, str]) -> None:
    reader = logged_in(client, Role.AUDITEUR)
    author = UserFactory(email="ines@exemple.fr")
    record("candidate.opened", reader, reason="à ne pas montrer")
    record("grille.submitted", author, reason="à montrer")

    page = client.get(JOURNAL, {key: value.format(pk=author.pk) for key, value in wanted.items()}).content.decode()

    assert "à montrer" in page
    assert "à ne pas montrer" not in page


def test_the_journal_reads_from_the_newest_page_after_page(client: Client) -> None:
    person = logged_in(client, Role.AUDITEUR)
    for number in range(ENTRIES_PER_PAGE + 2):
        record("grille.submitted", person, reason=f"motif numéro {number} .")

    first = client.get(JOURNAL).content.decode()
    second = client.get(JOURNAL, {"jusqu_a": 2}).content.decode()

    assert "jusqu_a=2" in first
    assert "motif numéro 1 ." not in first
    assert "motif numéro 1 ." in second
    assert "Les plus récentes" in second


def test_a_filter_that_cannot_be_read_shows_everything(client: Client) -> None:
    person = logged_in(client, Role.AUDITEUR)
    record("grille.submitted", person)

    assert "grille.submitted" in client.get(JOURNAL, {"jusqu_a": "hier"}).content.decode()


def test_an_intact_journal_is_said_to_be_intact(client: Client) -> None:
    person = logged_in(client, Role.AUDITEUR)
    record("grille.submitted", person)

    assert "Journal intact" in client.post(JOURNAL).content.decode()


def test_a_broken_journal_names_its_first_broken_link(client: Client) -> None:
    person = logged_in(client, Role.ADMINISTRATEUR)
    record("grille.submitted", person)
    entry = record("grille.submitted", person)
    protection.remove()
    JournalEntry.objects.filter(pk=entry.pk).update(reason="réécrit")
    protection.install()

    page = client.post(JOURNAL).content.decode()

    assert f"Journal rompu à l’entrée n° {entry.sequence}" in page
    assert "empreinte" in page


def test_the_head_of_the_journal_tells_nothing_of_a_confidential_entry(client: Client) -> None:
    """R-CAN-2: neither its number nor its hour."""
    person = logged_in(client, Role.AUDITEUR)
    shown = record("grille.submitted", person)
    hidden = record("confidential.consent_given", person)

    for page in (client.get(JOURNAL).content.decode(), client.post(JOURNAL).content.decode()):
        head = page.split('id="chaine"', 1)[1].split("</section>", 1)[0]
        assert shown.hash in head
        assert hidden.hash not in page
        assert not re.search(rf"(?:n°|Les)\s{hidden.sequence}\b", page)


def test_an_empty_journal_explains_itself(client: Client) -> None:
    logged_in(client, Role.AUDITEUR)

    assert "Le journal est vide" in client.get(JOURNAL).content.decode()
