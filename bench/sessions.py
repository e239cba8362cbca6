"""What a jury's pages cost at 200 candidates; the same page at 10 is the floor. Half of the candidates are decided.

Each of the two sessions has a version of its own, so that neither carries the other's candidates in its forms.
"""

from functools import partial
from typing import Any

from django.urls import reverse

from accounts.models import User
from bench.pages import Page, measure, tell
from bench.web import Browser, Result
from juries.enums import Outcome
from juries.models import JurySession
from juries.services.deciding import take_decision
from juries.services.deliberating import call_candidate
from tests import scenes
from tests.referentiel.factories import build_referentiel

FEW, MANY = 10, 200
ROUNDS = 25
GOAL = 1.5
FAMILIES = ("Abadie", "Bonnet", "Collin", "Dumas", "Évrard", "Faure", "Garnier", "Hamel")


def stage(candidates: int) -> JurySession:
    """A session in deliberation: its dossiers are drawn up, half of it is decided, the next candidate is called."""
    version = build_referentiel()
    session = scenes.a_session(*(_enrolled(version, rank) for rank in range(candidates)), opened=True)
    president = scenes.president_of(session)
    enrolments = [candidacy.enrolment for candidacy in session.candidacies.select_related("enrolment")]
    for enrolment in enrolments[: candidates // 2]:
        take_decision(
            session,
            enrolment=enrolment,
            dossier=enrolment.dossiers.get(),
            outcome=Outcome.ADJOURNED,
            motive="Le jury attend la fin des soutenances.",
            by=president,
        )
    call_candidate(session, enrolment=enrolments[candidates // 2].pk, by=president)
    return session


def _enrolled(version: Any, rank: int) -> Any:
    family = f"{FAMILIES[rank % len(FAMILIES)]}-{rank:03}"
    return scenes.an_enrolment(version, scenes.a_candidate(family))


def ways(sessions: dict[int, JurySession], manager: User) -> list[Page]:
    """The session's page for its president and for a manager, the room for its president: at 10, then at 200."""
    found = []
    for name, route in (("session", "session"), ("session, of a manager", "session"), ("deliberation", "room")):
        for count, session in sessions.items():
            who = manager if name.endswith("manager") else scenes.president_of(session)
            browser, address = Browser(who), reverse(f"juries:{route}", args=[session.pk])
            ask = partial(browser.call, "GET", address)
            title, floor = f"{name}, {count} candidates", f"{name}, {FEW} candidates"
            found.append(Page(title, ask, floor, None if count == FEW else GOAL, is_cold=False))
    return found


def main(rounds: int = ROUNDS) -> list[Result]:
    """Measure, print the table and return its rows. Django is set up by the caller, on a database of its own."""
    sessions = {count: stage(count) for count in (FEW, MANY)}
    return tell(measure(ways(sessions, scenes.a_manager()), rounds))
