"""The people of a jury's day, each at their own browser, and the few gestures every page asks for."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.enums import Role
from accounts.models import User
from candidates.models import Enrolment
from core import jobs
from referentiel.models import Referentiel
from referentiel.services.settling import record_registration
from tests import scenes
from tests.accounts.factories import PASSWORD, UserFactory
from tests.referentiel.factories import build_referentiel

STAFF = {
    "nathalie": ("Nathalie", "Simon", Role.GESTIONNAIRE),
    "olivier": ("Olivier", "Blanc", Role.ADMINISTRATEUR),
    "claire": ("Claire", "Fournier", Role.EVALUATEUR),  # evaluated everybody
    "karim": ("Karim", "Slimani", Role.EVALUATEUR),  # evaluated nobody
    "anne": ("Anne", "Prévost", Role.JURY),
    "marc": ("Marc", "Imbert", Role.JURY),
    "noe": ("Noé", "Renard", Role.JURY),
    "isabelle": ("Isabelle", "Mercier", Role.JURY),
    "jean": ("Jean", "Vidal", Role.JURY),
}
APPLICANTS = {  # with the blocs they acquired
    "ines": ("Inès", "Abadie", (1, 2)),
    "paul": ("Paul", "Bonnet", (1,)),
    "zoe": ("Zoé", "Collin", (1,)),
    "hugo": ("Hugo", "Delmas", ()),
    "lea": ("Léa", "Évrard", (1, 2)),
}
EXTERNAL, INTERNAL = "Professionnel extérieur", "Interne au certificateur ou à l’organisme de formation"


@dataclass
class Cast:
    """Everybody, by first name; the soutenances are marked and submitted, nothing of the jury exists yet."""

    referentiel: Referentiel
    staff: dict[str, User] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return self.staff.get(name) or self.enrolments[name].candidate.user


def the_cast() -> Cast:
    cast = Cast(build_referentiel(blocs=2))
    for name, (first, last, role) in STAFF.items():
        cast.staff[name] = UserFactory(first_name=first, last_name=last, roles=[role])
    record_registration(
        cast.referentiel,
        decided_on=date(2024, 4, 24),
        ends_on=date(2029, 4, 24),
        delivery_limit_on=date(2033, 4, 24),
        nsf="326",
        by=cast.staff["olivier"],
    )
    for name, (given, family, blocs) in APPLICANTS.items():
        enrolment = scenes.an_enrolment(cast.referentiel, scenes.a_candidate(family, given))
        user = enrolment.candidate.user
        user.set_password(PASSWORD)
        user.save()
        competences = cast.referentiel.competences.all()
        acquired = competences.filter(activite__bloc__number__in=blocs)
        if blocs:
            scenes.pass_soutenance(enrolment, acquired, evaluateur=cast.staff["claire"])
        if len(blocs) < 2:
            failed = competences.exclude(pk__in=acquired)
            scenes.fail_soutenance(enrolment, failed, evaluateur=cast.staff["claire"])
        cast.enrolments[name] = enrolment
    jobs.run_due()
    return cast


class Desks:
    """A browser for each person, logged in by the login page: ``desks("anne")`` is hers for the whole day."""

    def __init__(self, browser: Browser, cast: Cast, base_url: str, arguments: dict[str, Any]) -> None:
        self._browser, self._cast = browser, cast
        self._arguments = {"base_url": base_url, **arguments}
        self._pages: dict[str, Page] = {}
        self._contexts: list[BrowserContext] = []

    def __call__(self, name: str) -> Page:
        if name not in self._pages:
            self._pages[name] = page = self.passer_by()
            page.goto(reverse("account_login"))
            page.fill("input[name=login]", self._cast.user(name).email)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/compte/" not in url)
        return self._pages[name]

    def passer_by(self) -> Page:
        """Somebody without an account."""
        context = self._browser.new_context(**self._arguments)
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def button(page: Page, name: str) -> Any:
    return page.get_by_role("main").get_by_role("button", name=name)


def link(page: Page, name: str) -> Any:
    return page.get_by_role("main").get_by_role("link", name=name)


def confirms(page: Page, name: str) -> None:
    """A button that asks twice, once its script is there; what it sends is waited for."""
    page.wait_for_load_state()
    button(page, name).click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=name).click()


def said(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def got(page: Page, name: str) -> bytes:
    """The file behind a link of the page."""
    answer = page.request.get(link(page, name).first.get_attribute("href"))
    assert answer.ok, name
    return answer.body()


def status(page: Page, route: str, *args: Any) -> int:
    return page.request.get(reverse(route, args=args)).status


def press(page: Page, key: str) -> None:
    """A shortcut that leads to another page, waited for; a page still loading does not listen yet."""
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press(key)
