"""A jury in Chromium: one browser per member, as on the day (R-JUR-4)."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.enums import Role
from accounts.models import User
from candidates.models import Enrolment
from core import jobs
from juries.enums import Capacity, Outcome
from juries.models import JurySession
from juries.services.deciding import take_decision
from juries.services.declaring import declare_conflicts
from juries.services.deliberating import call_candidate
from juries.services.sessions import open_session, seat_member
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel

LINK = "A été son tuteur en entreprise"


@dataclass
class Sitting:
    """A session and its people: ``recused`` has a link with the first candidate."""

    session: JurySession
    president: User
    member: User
    recused: User
    enrolments: list[Enrolment] = field(default_factory=list)

    def address(self, name: str = "room", **kwargs: Any) -> str:
        return reverse(f"juries:{name}", kwargs={"pk": self.session.pk, **kwargs})

    def call(self, rank: int) -> None:
        call_candidate(self.session, enrolment=self.enrolments[rank].pk, by=self.president)

    def adjourn_all(self) -> None:
        for enrolment in self.enrolments:
            take_decision(
                self.session,
                enrolment=enrolment,
                dossier=enrolment.dossiers.latest("revision"),
                outcome=Outcome.ADJOURNED,
                motive="Le jury attend.",
                by=self.president,
            )


def a_sitting(*, opened: bool = True) -> Sitting:
    """Three candidates: certifiable, one bloc of two, nothing yet; opened, all have declared, the first is called."""
    referentiel = build_referentiel(blocs=2)
    enrolments = [
        scenes.an_enrolment(referentiel, scenes.a_candidate(family, given))
        for family, given in (("Abadie", "Inès"), ("Bonnet", "Paul"), ("Collin", "Zoé"))
    ]
    scenes.pass_soutenance(enrolments[0])
    scenes.pass_soutenance(enrolments[1], referentiel.competences.filter(activite__bloc__number=1))
    session = scenes.a_session(*enrolments, opened=False)
    president, member = (seat.user for seat in session.members.order_by("-is_president"))
    recused = UserFactory(roles=[Role.JURY], first_name="Noé", last_name="Renard")
    named(president, "Anne", "Prévost")
    named(member, "Marc", "Imbert")
    seat_member(session, user=recused, capacity=Capacity.EXTERNAL, by=scenes.a_manager())
    jobs.run_due()
    sitting = Sitting(session, president, member, recused, enrolments)
    if opened:
        link = {session.candidacies.get(enrolment=enrolments[0]).pk: LINK}
        declare_conflicts(session.members.get(user=recused), conflicts=link, by=recused)
        open_session(session, by=president)
        sitting.call(0)
    else:
        session.members.update(declared_at=None)
    return sitting


def named(user: User, first_name: str, last_name: str) -> None:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


class Screens:
    """A browser for whoever asks: ``screens(user)`` opens a page already logged in, kept to the end of the test."""

    def __init__(self, browser: Browser, live_server: Any, arguments: dict[str, Any]) -> None:
        self._browser, self._server, self._arguments = browser, live_server, arguments
        self._contexts: list[BrowserContext] = []

    def __call__(self, user: User, address: str, **options: Any) -> Page:
        context = self._browser.new_context(base_url=self._server.url, **{**self._arguments, **options})
        self._contexts.append(context)
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self._server.url}])
        page = context.new_page()
        page.goto(address)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
