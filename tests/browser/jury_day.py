"""The people of a jury's day, and what each does on its pages, before the jury meets and once it has published."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.enums import Role
from accounts.models import User
from candidates.models import Enrolment
from core import jobs
from juries.models import JurySession
from referentiel.models import Referentiel
from referentiel.services.settling import record_registration
from tests import scenes
from tests.accounts.factories import PASSWORD, UserFactory
from tests.assessments.handed import a_pdf
from tests.referentiel.factories import build_referentiel
from tests.scanning import scanned

PATIENCE = 10_000  # ms; the room asks every two seconds, and several people may share this machine
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
MENTIONS = {
    "Dénomination légale": "Certificateur d’essai SAS",
    "Lieu de délivrance": "Nantes",
    "Signataire": "Aurore Lemaître",
    "Qualité du signataire": "Directrice de la certification",
}


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
    """A button that asks twice."""
    button(page, name).click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def said(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def got(page: Page, name: str) -> bytes:
    """The file behind a link of the page."""
    answer = page.request.get(link(page, name).first.get_attribute("href"))
    assert answer.ok, name
    return answer.body()


def status(page: Page, route: str, *args: Any) -> int:
    return page.request.get(reverse(route, args=args)).status


def prepared(manager: Page, name: str, *given: tuple[str, str]) -> JurySession:
    """The gestionnaire creates a session for today and gives its first seats, the president's before the others."""
    manager.goto(reverse("juries:sessions"))
    link(manager, "Nouvelle session").click()
    manager.get_by_label("Intitulé").fill(name)
    manager.get_by_label("Référentiel").select_option(index=1)
    manager.get_by_label("Date et heure").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    manager.get_by_label("Lieu ou lien").fill("Salle Condorcet, Nantes")
    button(manager, "Créer la session").click()
    said(manager, "Session créée")
    manager.get_by_label("Préside la session").check()
    seats(manager, *given)
    return JurySession.objects.get(name=name)


def seats(manager: Page, *given: tuple[str, str]) -> None:
    for person, capacity in given:
        manager.get_by_label("Personne").select_option(label=person)
        manager.get_by_label("Qualité").select_option(label=capacity)
        button(manager, "Donner ce siège").click()
        expect(manager.get_by_role("listitem").filter(has_text=person)).to_be_visible()


def presents(manager: Page, cast: Cast, name: str, *, heard: bool = False) -> None:
    enrolment = cast.enrolments[name]
    manager.get_by_role("combobox", name="Candidat").select_option(label=str(enrolment))
    if heard:
        manager.get_by_label("Entendu à").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    button(manager, "Inscrire ce candidat").click()
    expect(manager.get_by_role("row").filter(has_text=enrolment.candidate.full_name)).to_be_visible()


def declares(member: Page, session: JurySession, conflict: tuple[str, str] | None = None) -> None:
    member.goto(reverse("juries:session", args=[session.pk]))
    link(member, "Faire ma déclaration").click()
    if conflict:
        member.get_by_label(conflict[0]).fill(conflict[1])
    member.get_by_label("Je déclare n’avoir").check()
    button(member, "Enregistrer ma déclaration").click()
    said(member, "Vos conflits d’intérêts sont déclarés")


def fills_the_delivery(administrateur: Page) -> None:
    administrateur.goto(reverse("juries:deliveries"))
    said(administrateur, "À remplir")
    link(administrateur, "Expert en données").click()
    for label, value in MENTIONS.items():
        administrateur.get_by_label(label).first.fill(value)
    button(administrateur, "Enregistrer").click()
    expect(administrateur.get_by_role("cell", name="Nantes")).to_be_visible()


def own_certificate(holder: Page, cast: Cast, name: str, nature: str) -> bytes:
    """The PDF a holder downloads from their own page."""
    holder.goto(reverse("assessments:enrolment_progress", args=[cast.enrolments[name].pk]))
    said(holder, "Vos certificats")
    expect(holder.get_by_role("listitem").filter(has_text=nature)).to_be_visible()
    return got(holder, "PDF signé")


def verified(passer_by: Page, pdf: bytes) -> str:
    """What somebody without an account reads after scanning the QR code of a printed certificate."""
    address = scanned(pdf)
    assert re.fullmatch(r"http://[^/]+/verifier/[\w-]{20,}/", address)
    passer_by.goto(address)
    return passer_by.get_by_role("main").inner_text()


def contests(candidate: Page, cast: Cast, name: str, statement: str) -> None:
    candidate.goto(reverse("juries:result", args=[cast.enrolments[name].pk]))
    link(candidate, "Déposer un recours").click()
    candidate.get_by_label("Appréciation des évaluateurs").check()
    candidate.get_by_label("Votre exposé").fill(statement)
    exhibit = {"name": "attestation.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    candidate.get_by_label("Pièces jointes").set_input_files([exhibit])
    button(candidate, "Déposer mon recours").click()
    said(candidate, "Votre recours est enregistré")
