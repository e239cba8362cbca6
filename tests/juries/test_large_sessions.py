"""A session of 200 candidates costs what a session of 10 does: same queries, one page of the list at a time."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from juries.enums import Outcome
from juries.models import JurySession
from juries.queries.sessions import CANDIDATES_PER_PAGE
from juries.services.deliberating import call_candidate
from tests import scenes
from tests.assessments.http import client_of
from tests.candidates.visits import read
from tests.juries.sittings import decide
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 40


@pytest.fixture(autouse=True)
def _dossiers_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted here is not in the PDF, and fifty of them take half a minute."""
    monkeypatch.setattr("juries.tasks.dossiers.dossier_pdf", lambda _, fingerprint: fingerprint.encode())


def in_deliberation(candidates: int) -> JurySession:
    """Open, one candidate in two decided, the next one called."""
    version = build_referentiel()
    presented = [scenes.an_enrolment(version, scenes.a_candidate(f"Nom{rank:02}")) for rank in range(candidates)]
    session = scenes.a_session(*presented, opened=True)
    for enrolment in presented[::2]:
        decide(session, enrolment, Outcome.ADJOURNED)
    call_candidate(session, enrolment=presented[1].pk, by=scenes.president_of(session))
    return session


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what is read once by a process is read
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def rows_of(page: str) -> int:
    return page.count('data-label="Dossier"')


def test_the_session_and_its_room_ask_as_much_at_10_and_at_40_candidates() -> None:
    asked: dict[int, list[int]] = {}
    for count in (FEW, MANY):
        session = in_deliberation(count)
        president, manager = client_of(scenes.president_of(session)), client_of(scenes.a_manager())
        page, room = (reverse(f"juries:{name}", args=[session.pk]) for name in ("session", "room"))
        asked[count] = [
            queries_of(president, page),
            queries_of(manager, page),
            queries_of(president, f"{page}?etat=a-decider&q=nom"),
            queries_of(president, room),
        ]
    assert asked[FEW] == asked[MANY]


def test_the_list_is_read_a_page_at_a_time_and_narrowed_by_name_and_by_what_is_left_to_do() -> None:
    session = in_deliberation(MANY)
    client, address = client_of(scenes.president_of(session)), reverse("juries:session", args=[session.pk])
    first, second = read(client.get(address)), read(client.get(f"{address}?page=2"))
    assert rows_of(first) == rows_of(second) == CANDIDATES_PER_PAGE
    assert "NOM00" in first
    assert "NOM00" not in second
    assert "NOM39" in second
    assert f"{MANY // 2} / {MANY}" in first
    narrowed = read(client.get(f"{address}?q=nom07"))
    assert rows_of(narrowed) == 1
    undecided = read(client.get(f"{address}?etat=a-decider&page=1"))
    assert rows_of(undecided) == MANY // 2
    assert "NOM00" not in undecided
    assert "Aucun candidat ne répond" in read(client.get(f"{address}?q=personne"))
