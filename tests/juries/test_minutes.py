"""R-JUR-5: closing a session draws up its procès-verbal, once, and nothing in it is blank."""

import io
import json

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from candidates.enums import LinkKind
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.linking import declare_link
from core import files, jobs
from core.enums import JobState
from core.fingerprints import sha256_hex
from core.models import Job, JournalEntry
from juries.enums import Outcome
from juries.models import Minutes
from juries.services.deciding import take_decision
from juries.services.sessions import close_session, open_session
from tests import printed, scenes
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
MOTIVE = "Le jury souhaite entendre le candidat sur le bloc 2."


@pytest.fixture
def session():
    """Three candidates: one certified, one partial against the proposal, one for whom a member stands back."""
    referentiel = build_referentiel(blocs=2)
    enrolments = [scenes.an_enrolment(referentiel, scenes.a_candidate(name)) for name in ("Abadie", "Briand", "Caron")]
    for enrolment in enrolments:
        scenes.pass_soutenance(enrolment)
    grant_tiers_temps(enrolments[1], granted_on=timezone.localdate(), by=UserFactory(roles=[Role.REFERENT_HANDICAP]))
    session = scenes.a_session(*enrolments)
    member = session.members.get(is_president=False).user
    declare_link(enrolments[2].candidate, user=member, kind=LinkKind.TRAINED, by=scenes.a_manager())
    president = scenes.president_of(session)
    open_session(session, by=president)
    choices = ((Outcome.CERTIFIED, "", []), (Outcome.PARTIAL, MOTIVE, [1]), (Outcome.CERTIFIED, "", []))
    for enrolment, (outcome, motive, blocs) in zip(enrolments, choices, strict=True):
        dossier = enrolment.dossiers.as_evidence_stands().first()
        take_decision(
            session, enrolment=enrolment, dossier=dossier, outcome=outcome, motive=motive, blocs=blocs, by=president
        )
    return session


@pytest.fixture
def minutes(session) -> Minutes:
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    return Minutes.objects.get()


def words_of(minutes: Minutes) -> str:
    return printed.words_of(files.read(minutes.pdf))


def test_it_says_who_decided_what_on_what(minutes: Minutes, session) -> None:
    text = words_of(minutes)
    certification = session.referentiel.certification

    for expected in (
        session.name,
        session.place,
        certification.title,
        certification.rncp_code,
        f"référentiel version {session.referentiel.version}",
        *(str(member.user) for member in session.members.all()),
        *(member.get_capacity_display() for member in session.members.all()),
        "préside",
        *(candidacy.enrolment.number for candidacy in session.candidacies.all()),
        *(candidacy.enrolment.candidate.full_name for candidacy in session.candidacies.all()),
        "Certification",
        "Validation partielle",
        MOTIVE,
        "tous les CE",
        "Signature",
    ):
        assert expected in text, expected


def test_who_stood_back_and_what_was_arranged_are_said_without_a_reason(minutes: Minutes, session) -> None:
    """R-JUR-2, R-CAN-3: a measure, never why."""
    _, briand, caron = minutes.content["candidates"]
    member = session.members.get(is_president=False).user

    assert caron["recusals"] == [{"member": str(member), "reason": LinkKind.TRAINED.label.lower(), "rounds": []}]
    assert f"{member} ({LinkKind.TRAINED.label.lower()}) n’a pas pris part" in words_of(minutes)
    (measure,) = briand["accommodations"]
    assert measure["label"].startswith("Tiers-temps")
    assert "handicap" not in words_of(minutes).lower()


def test_each_bloc_and_the_departure_from_the_proposal_are_there(minutes: Minutes) -> None:
    briand = minutes.content["candidates"][1]

    assert [bloc["acknowledged"] for bloc in briand["blocs"]] == [True, False]
    assert (briand["proposed"], briand["outcome_label"], briand["motive"]) == (
        "Certification",
        "Validation partielle",
        MOTIVE,
    )


def test_it_carries_its_content_and_the_journal_at_its_foot(minutes: Minutes) -> None:
    closing = JournalEntry.objects.get(verb="session.closed")
    attached = pypdf.PdfReader(io.BytesIO(files.read(minutes.pdf))).attachments["proces-verbal.json"][0]

    assert sha256_hex(attached.decode()) == minutes.fingerprint == sha256_hex(minutes.content_json)
    assert json.loads(attached)["journal"] == {"sequence": closing.sequence, "hash": closing.hash}
    assert closing.hash in words_of(minutes).replace(" ", "")


def test_twenty_redeliveries_draw_up_one(minutes: Minutes) -> None:
    """R-ALL-2."""
    job = Job.objects.get(kind="minutes")
    for _ in range(20):
        Job.objects.filter(pk=job.pk).update(
            state=JobState.DUE, due_at=timezone.now(), finished_at=None, leased_until=None, attempts=0
        )
        jobs.run_due()

    assert Minutes.objects.get() == minutes
    assert JournalEntry.objects.filter(verb="minutes.drawn_up").count() == 1


def test_it_never_changes_nor_goes(minutes: Minutes) -> None:
    """In the database too."""
    for act in (
        lambda: Minutes.objects.update(fingerprint="0" * 64),
        lambda: Minutes.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="procès-verbal"), transaction.atomic():
            act()


def test_the_session_page_leads_to_it_once_it_is_drawn_up(client, session) -> None:
    close_session(session, by=scenes.president_of(session))
    client.force_login(scenes.president_of(session))
    page, pdf = reverse("juries:session", args=[session.pk]), reverse("juries:minutes", args=[session.pk])

    assert "Procès-verbal en préparation" in client.get(page).content.decode()
    assert client.get(pdf).status_code == 404
    jobs.run_due()
    assert pdf in client.get(page).content.decode()
    assert client.get(pdf).headers["Content-Type"] == "application/pdf"
