"""What each does on the pages of a jury's day, before it meets, in its room, and once it has published."""

import re
from typing import Any

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import jobs
from juries.enums import Outcome
from juries.models import Ballot, Decision, JurySession
from tests.assessments.handed import a_pdf
from tests.browser.desks import Cast, Desks, button, got, link, press, said, status
from tests.juries.test_notices import TELLING
from tests.scanning import scanned

MENTIONS = {
    "Dénomination légale": "Certificateur d’essai SAS",
    "Lieu de délivrance": "Nantes",
    "Signataire": "Aurore Lemaître",
    "Qualité du signataire": "Directrice de la certification",
}
SEVERE = "Le jury juge les preuves du bloc 1 trop anciennes."
AWAITS = "Le jury attend la soutenance du bloc 2."
KEYS = {Outcome.CERTIFIED: "1", Outcome.PARTIAL: "2", Outcome.REFUSED: "3"}


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
    manager.get_by_role("combobox", name="Candidat").select_option(value=str(enrolment.pk))
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


def own_certificate(holder: Page, cast: Cast, name: str, nature: str, *, labelled: str = "PDF signé") -> bytes:
    """The PDF a holder downloads from their own page."""
    holder.goto(reverse("assessments:enrolment_progress", args=[cast.enrolments[name].pk]))
    said(holder, "Vos certificats")
    expect(holder.get_by_role("listitem").filter(has_text=nature)).to_be_visible()
    return got(holder, labelled)


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


def are_before(name: str, *pages: Page) -> None:
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_have_text(name)


def opens(president: Page, session: JurySession, *others: Page) -> None:
    president.goto(reverse("juries:session", args=[session.pk]))
    link(president, "Faire l’appel et ouvrir").click()
    button(president, "Ouvrir la session").click()
    expect(button(president, "Appeler le premier candidat")).to_be_visible()
    for page in others:
        page.goto(reverse("juries:room", args=[session.pk]))
        said(page, "La délibération va commencer")
    button(president, "Appeler le premier candidat").click()


def casts(member: Page, outcome: Outcome) -> None:
    """A figure chooses, Enter casts."""
    member.wait_for_load_state()
    member.keyboard.press(KEYS[outcome])
    expect(button(member, f"Voter\u00a0: {outcome.label}")).to_be_focused()
    press(member, "Enter")


def votes(ballots: dict[Page, Outcome], concluded: Outcome) -> None:
    """Each votes from their own screen, by keyboard; the president, first, opens the ballot, then closes it."""
    president = next(iter(ballots))
    press(president, "v")
    for member, outcome in ballots.items():
        said(member, "Scrutin ouvert")
        casts(member, outcome)
        said(member, "Votre vote est enregistré")
    press(president, "f")
    for member in ballots:
        said(member, "Scrutin clos")
    expect(president.get_by_label(concluded.label, exact=True)).to_be_checked()


def hears(president: Page, *others: Page) -> None:
    """One key notes that the candidate called was heard; every screen says so."""
    for page in others:
        said(page, "À noter")
    press(president, "h")
    for page in (president, *others):
        expect(page.get_by_text("Entendu(e) à").first).to_be_visible()


def records(president: Page, outcome: Outcome, *, motive: str = "") -> None:
    """To depart from what the software proposes takes a motive, asked for in words."""
    president.get_by_label(outcome.label, exact=True).check()
    if motive:
        press(president, "e")
        said(president, "indiquez le motif du jury")
        president.get_by_label("Motif").fill(motive)
        president.keyboard.press("Escape")
    press(president, "e")
    expect(president.get_by_role("heading", name="Décision enregistrée")).to_be_visible()


def shares(member: Page, text: str, *others: Page) -> None:
    member.get_by_label("Pour vous seul").fill(text)
    expect(member.locator("#etat")).to_contain_text("Enregistré à")
    for page in others:
        expect(page.get_by_text(text)).to_have_count(0)
    button(member, "Partager avec le jury").click()
    for page in others:
        said(page, text)


def reads_nothing(member: Page) -> None:
    said(member, "Vous êtes récusé pour ce candidat")
    for heading in ("Ce que propose", "Mes remarques", "Remarques partagées", "Vote", "Au procès-verbal", "Décision"):
        expect(member.get_by_role("main").get_by_role("heading", name=heading)).to_have_count(0)
    for words in ("A voté", "Scrutin ouvert", "Scrutin clos", "Certification", "Dossier remarquable."):
        expect(member.get_by_role("main").get_by_text(words)).to_have_count(0)


def votes_all_the_same(member: Page, ballot: Ballot) -> None:
    address = reverse("juries:vote", args=[ballot.candidacy.session_id, ballot.pk])
    token = member.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent = {"csrfmiddlewaretoken": token, "outcome": Outcome.REFUSED.value}
    answer = member.request.post(address, form=sent, headers={"Referer": member.url})
    assert "Vous êtes récusé pour ce candidat (" in answer.text()  # the refusal, with its reason


def mails_since(sent: int) -> list[Any]:
    jobs.run_due()
    return mail.outbox[sent:]


def no_result_in(messages: list[Any]) -> None:
    """A notice leads to a page; it says the title of the certification, and no word of what was decided."""
    for message in messages:
        words = f"{message.subject} {message.body}".lower()
        words = re.sub(r"https?://\S+|la certification «[^»]*»|certificateur(?: d’essai)?", "", words)
        assert not [word for word in TELLING if word in words and word != "recours"], message.body


def candidates_learn_nothing(cast: Cast, desks: Desks, session: JurySession, *names: str) -> None:
    """R-CAN-4, R-JUR-6: nothing of the session, its candidates, its letters, its procès-verbal."""
    for name in names:
        page, enrolment = desks(name), cast.enrolments[name]
        page.goto(reverse("juries:result", args=[enrolment.pk]))
        said(page, "Aucun résultat publié")
        for route in ("assessments:enrolment_progress", "juries:enrolment_certificates", "juries:remaining"):
            shown = page.request.get(reverse(route, args=[enrolment.pk])).text()
            assert not [word for word in (SEVERE, AWAITS, "D’après la décision", "délivré le") if word in shown]
        for route in ("juries:session", "juries:room", "juries:minutes"):
            assert status(page, route, session.pk) in (403, 404), route
        for decision in Decision.objects.filter(enrolment=enrolment):
            assert status(page, "juries:letter_pdf", decision.pk) == 404
            assert status(page, "juries:file_appeal", decision.pk) == 404
        assert status(page, "juries:dossier", enrolment.dossiers.latest("revision").pk) == 404


def stands_back(cast: Cast, member: Page) -> None:
    """R-JUR-2: nothing to read of the candidate one is linked to."""
    dossier = cast.enrolments["lea"].dossiers.latest("revision")
    assert status(member, "juries:dossier", dossier.pk) == 404
    assert status(member, "juries:dossier_pdf", dossier.pk) == 404
