"""Results are embargoed until a person publishes them (R-JUR-6, R-CAN-4)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Grille
from core.models import JournalEntry
from juries.enums import Hearing, Outcome
from juries.models import Decision
from juries.services.convoking import convoke
from juries.services.deciding import take_decision
from juries.services.deliberating import call_candidate
from juries.services.hearings import note_hearing
from juries.services.sessions import close_session, open_session, publish_session
from tests import scenes
from tests.assessments.http import client_of
from tests.juries.sittings import decide
from tests.permissions.matrix import MATRIX
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

MOTIVE = "Motif-canari : le jury s’écarte de la proposition."
TOLD_BY_A_RESULT = (MOTIVE, "canari", "Ajournement", "adjourned", "a ajourné sa décision", "Proposée")


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    """A session closed on an adjournment that departs from the proposal, not published."""
    session = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(session)
    dossier = enrolment.dossiers.get()
    take_decision(session, enrolment=enrolment, dossier=dossier, outcome=Outcome.ADJOURNED, motive=MOTIVE, by=president)
    close_session(session, by=president)
    session.refresh_from_db()
    return session


class TestAHearing:
    def test_is_what_comes_next_once_the_candidate_is_convoked_and_until_the_jury_has_heard_them(self, enrolment):
        at = timezone.localtime().replace(hour=11, minute=0, second=0, microsecond=0)
        session = scenes.a_session(enrolment, held_at=at)
        session.candidacies.update(heard_at=at)
        assert "souhaite vous entendre" not in result_of(enrolment)

        convoke(session, by=scenes.a_manager())
        for page in (result_of(enrolment), result_of(enrolment, HX_Request="true")):
            assert "Le jury souhaite vous entendre" in page
            assert "11\u00a0h\u00a000" in page
            assert session.place in page

        president = scenes.president_of(session)
        open_session(session, by=president)
        call_candidate(session, enrolment=enrolment.pk, by=president)
        assert "souhaite vous entendre" in result_of(enrolment)
        note_hearing(session.candidacies.get(), found=Hearing.HEARD, by=president)
        assert "souhaite vous entendre" not in result_of(enrolment)
        decide(session, enrolment)
        close_session(session, by=president)
        assert "souhaite vous entendre" not in result_of(enrolment)


def publish(session):
    publish_session(session, by=scenes.president_of(session))


def result_of(enrolment, user=None, **headers) -> str:
    client = client_of(user or enrolment.candidate.user)
    answer = client.get(reverse("juries:result", args=[enrolment.pk]), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def everything_the_candidate_may_open(enrolment, session) -> str:
    """The body of every page and API answer, whatever its status, with every identifier of theirs."""
    client = client_of(enrolment.candidate.user)
    grille = Grille.objects.get(soutenance__enrolment=enrolment)
    known = {
        "enrolment": enrolment.pk,
        "candidate": enrolment.candidate_id,
        "soutenance": grille.soutenance_id,
        "critere": enrolment.referentiel.criteres.first().pk,
        "dossier": enrolment.dossiers.get().pk,
        "decision": Decision.objects.taken().get().pk,
        "preparing": session.pk,
        "open": session.pk,
        "closed": session.pk,
        "published": enrolment.referentiel_id,
    }
    bodies = []
    for row in MATRIX:
        # The API's document names every outcome there is, of nobody in particular.
        if row.method == "get" and row.name != "api:schema" and all(key in known for _, key in row.ids):
            answer = client.get(reverse(row.name, kwargs={argument: known[key] for argument, key in row.ids}))
            bodies.append(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert len(bodies) > 20
    return b"\n".join(bodies).decode(errors="replace")


def test_before_publication_nothing_of_the_result_reaches_the_candidate_anywhere(enrolment, session):
    """Neither the outcome, nor its motive, nor the proposal."""
    seen = everything_the_candidate_may_open(enrolment, session)
    assert not [words for words in TOLD_BY_A_RESULT if words in seen]
    assert "Aucun résultat publié" in result_of(enrolment)


def test_before_publication_the_api_lists_no_decision_and_no_dossier(enrolment, session):
    client = client_of(enrolment.candidate.user)
    for name in ("decision", "dossier"):
        assert client.get(reverse(f"api:{name}-list")).json() == {
            "count": 0,
            "next": None,
            "previous": None,
            "results": [],
        }
    for decision in Decision.objects.all():
        assert client.get(reverse("api:decision-detail", args=[decision.pk])).status_code == 404


def test_before_publication_the_progress_page_is_the_same_as_before_the_jury(enrolment):
    """What is acquired comes from the évaluateurs; the jury adds nothing to it."""
    address = reverse("assessments:enrolment_progress", args=[enrolment.pk])
    client = client_of(enrolment.candidate.user)
    before = client.get(address).content.decode().split("<main", 1)[1]
    session = scenes.a_session(enrolment, opened=True)
    take_decision(
        session,
        enrolment=enrolment,
        dossier=enrolment.dossiers.get(),
        outcome=Outcome.REFUSED,
        motive=MOTIVE,
        by=scenes.president_of(session),
    )
    assert client.get(address).content.decode().split("<main", 1)[1] == before


def test_the_fragment_on_the_progress_page_is_empty_before_and_filled_after(enrolment, session):
    fragment = {"HX-Request": "true"}
    assert "<section" not in result_of(enrolment, **fragment)
    publish(session)
    assert MOTIVE in result_of(enrolment, **fragment)


def test_once_published_the_candidate_reads_the_decision_and_its_motive(enrolment, session):
    publish(session)
    page = result_of(enrolment)
    assert "Le jury a ajourné sa décision" in page
    assert MOTIVE in page
    client = client_of(enrolment.candidate.user)
    (decision,) = client.get(reverse("api:decision-list")).json()["results"]
    assert (decision["stage"], decision["outcome"], decision["motive"]) == ("taken", "adjourned", MOTIVE)


def test_even_published_the_proposal_and_the_dossier_stay_the_jury_s(enrolment, session):
    publish(session)
    client = client_of(enrolment.candidate.user)
    proposal, dossier = Decision.objects.proposed().get(), enrolment.dossiers.get()
    assert client.get(reverse("api:decision-detail", args=[proposal.pk])).status_code == 404
    assert client.get(reverse("api:dossier-detail", args=[dossier.pk])).status_code == 404
    assert client.get(reverse("juries:dossier", args=[dossier.pk])).status_code == 404
    assert client.get(reverse("juries:dossier_pdf", args=[dossier.pk])).status_code == 404


def test_another_candidate_of_the_same_session_reads_their_own_alone():
    referentiel = build_referentiel()
    one, other = (scenes.a_certifiable_enrolment(referentiel) for _ in range(2))
    session = scenes.a_session(one, other, opened=True)
    president = scenes.president_of(session)
    for enrolment, outcome, motive in ((one, Outcome.REFUSED, MOTIVE), (other, Outcome.CERTIFIED, "")):
        dossier = enrolment.dossiers.get()
        take_decision(session, enrolment=enrolment, dossier=dossier, outcome=outcome, motive=motive, by=president)
    close_session(session, by=president)
    publish(session)

    client = client_of(other.candidate.user)
    assert client.get(reverse("juries:result", args=[one.pk])).status_code == 404
    assert "vous délivre la certification" in result_of(other)
    (decision,) = client.get(reverse("api:decision-list")).json()["results"]
    assert decision["enrolment"] == str(other.pk)


def test_a_decision_of_an_unpublished_session_waits_beside_a_published_one(enrolment, session):
    publish(session)
    second = scenes.a_session(enrolment, opened=True)
    take_decision(
        second,
        enrolment=enrolment,
        dossier=enrolment.dossiers.get(),
        outcome=Outcome.CERTIFIED,
        by=scenes.president_of(second),
    )
    close_session(second, by=scenes.president_of(second))
    assert "délivre la certification" not in result_of(enrolment)
    publish(second)
    assert "vous délivre la certification" in result_of(enrolment)


def test_the_result_is_read_by_managers_once_published_like_by_the_candidate(enrolment, session):
    assert MOTIVE not in result_of(enrolment, scenes.a_manager())
    publish(session)
    page = result_of(enrolment, scenes.a_manager())
    assert MOTIVE in page
    assert "Le jury vous" not in page


def test_publishing_says_who_did_it(session):
    publish(session)
    assert JournalEntry.objects.get(verb="session.published").actor == scenes.president_of(session)
