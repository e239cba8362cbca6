"""A jury's day, by its pages alone: from the preparation of the session to the decision that replaces another.

Five candidates: one certified, one partial, one refused, one adjourned, one before whom a member stands back. Only the
soutenances, marked and submitted, come from elsewhere.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from core import jobs, journal
from core.reconcile import problems
from juries.enums import AppealState, Outcome, SessionState
from juries.models import Appeal, Ballot, Certificate, Decision, JurySession, Vote
from tests.accounts.factories import PASSWORD
from tests.browser.desks import (
    APPLICANTS,
    EXTERNAL,
    INTERNAL,
    Cast,
    Desks,
    button,
    confirms,
    got,
    link,
    press,
    said,
    status,
    the_cast,
)
from tests.browser.jury_day import (
    AWAITS,
    SEVERE,
    are_before,
    candidates_learn_nothing,
    casts,
    contests,
    declares,
    fills_the_delivery,
    hears,
    mails_since,
    no_result_in,
    opens,
    own_certificate,
    prepared,
    presents,
    reads_nothing,
    records,
    seats,
    shares,
    stands_back,
    verified,
    votes,
    votes_all_the_same,
)
from tests.printed import words_of

pytestmark = pytest.mark.django_db(transaction=True)

TUTOR = "A été son tuteur en entreprise"
SHARED = "Le second bloc me paraît fragile."
WRITTEN = "Le jury vous encourage à présenter de nouveau le bloc 2."
CONTESTED = "Les preuves du bloc 1 datent de ce mois-ci : le motif est inexact."
ANSWERED = "Les soutenances sont bien de ce mois-ci : le motif ne tient pas."
STOLEN = "Identité usurpée, établie par le parquet."


@pytest.fixture
def cast(settings: Any, live_server: Any) -> Cast:
    settings.PUBLIC_URL = live_server.url  # where the QR codes lead
    return the_cast()


@pytest.fixture
def desks(browser: Browser, cast: Cast, live_server: Any, browser_context_args: Any) -> Iterator[Desks]:
    desks = Desks(browser, cast, live_server.url, browser_context_args)
    yield desks
    desks.close()


def test_a_day_of_jury_from_its_preparation_to_the_decision_that_replaces_another(cast: Cast, desks: Desks) -> None:
    """R-JUR-1 to R-JUR-8, R-CAN-4."""
    session = is_prepared(cast, desks)
    opens(desks("anne"), session, desks("marc"), desks("noe"))
    deliberates(cast, desks, session)
    is_closed_and_signed(cast, desks, session)
    letters_are_read_again(cast, desks, session)
    is_published(cast, desks, session)
    delivers(cast, desks, session)
    a_parchemin_is_verified_and_another_revoked(cast, desks)
    decision = Decision.objects.taken().get(enrolment=cast.enrolments["zoe"])
    an_appeal_is_upheld(cast, desks, decision)
    is_decided_again(cast, desks, decision)
    jobs.run_due()
    assert problems() == []
    assert journal.first_broken_link() is None


def is_prepared(cast: Cast, desks: Desks) -> JurySession:
    manager = desks("nathalie")
    session = prepared(manager, "Jury de novembre", ("Anne Prévost", EXTERNAL))
    said(manager, "Cette session ne peut pas encore s’ouvrir")
    seats(manager, ("Marc Imbert", INTERNAL), ("Noé Renard", EXTERNAL))
    for name in APPLICANTS:
        presents(manager, cast, name, heard=name == "hugo")
    jobs.run_due()
    manager.reload()
    expect(link(manager, "Révision 1")).to_have_count(5)
    sent = len(mail.outbox)
    with manager.expect_navigation():
        button(manager, "Convoquer").click()
    convoked = mails_since(sent)
    assert sorted(one.to[0] for one in convoked) == sorted(
        cast.user(name).email for name in ("anne", "marc", "noe", "hugo")
    )
    assert all(one.attachments[0][0] == "convocation.ics" for one in convoked)
    no_result_in(convoked)
    for name, conflict in (("anne", None), ("marc", None), ("noe", ("Léa ÉVRARD", TUTOR))):
        declares(desks(name), session, conflict)
    marc, noe = desks("marc"), desks("noe")
    link(marc, "Révision 1").nth(2).click()
    said(marc, "Zoé COLLIN")
    button(marc, "J’ai lu ce dossier").click()
    said(marc, "Lectures de cette révision")
    expect(link(noe, "Révision 1")).to_have_count(4)
    said(noe, "Vous vous récusez")
    stands_back(cast, noe)
    candidates_learn_nothing(cast, desks, session, "zoe")
    return session


def deliberates(cast: Cast, desks: Desks, session: JurySession) -> None:
    president, marc, noe = everybody = [desks(name) for name in ("anne", "marc", "noe")]
    are_before("Inès ABADIE", *everybody)
    votes(dict.fromkeys(everybody, Outcome.CERTIFIED), Outcome.CERTIFIED)
    records(president, Outcome.CERTIFIED)
    press(president, "n")
    are_before("Paul BONNET", *everybody)
    records(president, Outcome.PARTIAL)
    for page in (marc, noe):
        expect(page.get_by_role("heading", name="Décision enregistrée")).to_be_visible()
    press(president, "n")
    are_before("Zoé COLLIN", *everybody)
    shares(marc, SHARED, president, noe)
    votes({president: Outcome.REFUSED, marc: Outcome.REFUSED, noe: Outcome.PARTIAL}, Outcome.REFUSED)
    records(president, Outcome.REFUSED, motive=SEVERE)
    press(president, "n")
    are_before("Hugo DELMAS", *everybody)
    hears(president, marc, noe)
    records(president, Outcome.ADJOURNED, motive=AWAITS)
    press(president, "n")
    are_before("Léa ÉVRARD", *everybody)
    certifies_without_who_stands_back(cast, president, marc, noe)
    candidates_learn_nothing(cast, desks, session, "zoe", "hugo")


def certifies_without_who_stands_back(cast: Cast, president: Page, marc: Page, noe: Page) -> None:
    """R-JUR-2: no dossier, no remark, no vote, no decision on the screen; a vote sent all the same is refused."""
    said(noe, "Vous êtes récusé pour ce candidat")
    shares(marc, "Dossier remarquable.", president)
    press(president, "v")
    said(marc, "Scrutin ouvert")
    ballot = Ballot.objects.get(closed_at=None)
    votes_all_the_same(noe, ballot)
    casts(marc, Outcome.CERTIFIED)
    said(president, "A voté")
    reads_nothing(noe)
    casts(president, Outcome.CERTIFIED)
    press(president, "f")
    records(president, Outcome.CERTIFIED)
    noe.reload()
    reads_nothing(noe)
    stands_back(cast, noe)
    assert {vote.member.user for vote in Vote.objects.filter(ballot=ballot)} == {cast.user("anne"), cast.user("marc")}


def is_closed_and_signed(cast: Cast, desks: Desks, session: JurySession) -> None:
    president = desks("anne")
    link(president, "Tout est décidé").click()
    confirms(president, "Clore la session")
    said(president, "La session est close")
    jobs.run_due()
    for name in ("anne", "marc", "noe"):
        member = desks(name)
        member.goto(reverse("juries:session", args=[session.pk]))
        member.get_by_role("link", name="Signer", exact=True).click()
        member.get_by_label("Votre mot de passe").fill(PASSWORD)
        button(member, "Signer").click()
        said(member, "Votre signature est apposée")
    expect(president.get_by_text("Signature attendue")).to_have_count(2)
    president.reload()
    expect(president.get_by_text("Signé", exact=True)).to_have_count(3)
    minutes = words_of(got(president, "Procès-verbal (PDF)"))
    assert "Entendu(e) à" in minutes
    for words in (TUTOR, SEVERE, AWAITS, *(enrolment.candidate.full_name for enrolment in cast.enrolments.values())):
        assert words in minutes, words
    candidates_learn_nothing(cast, desks, session, "ines", "zoe")


def letters_are_read_again(cast: Cast, desks: Desks, session: JurySession) -> None:
    """Drafted at the closing, read and completed by the gestionnaire; still nobody else's to read."""
    manager = desks("nathalie")
    manager.goto(reverse("juries:session", args=[session.pk]))
    link(manager, "Lettres aux candidats").click()
    expect(link(manager, "Relire")).to_have_count(5)
    link(manager, "Relire la lettre à Zoé").click()
    body = manager.get_by_label("Texte de la lettre")
    body.fill(f"{body.input_value()}\n\n{WRITTEN}")
    button(manager, "Enregistrer").click()
    expect(manager.locator(".letter").get_by_text(WRITTEN)).to_be_visible()
    assert WRITTEN in words_of(got(manager, "Voir le PDF"))
    candidates_learn_nothing(cast, desks, session, "zoe")


def is_published(cast: Cast, desks: Desks, session: JurySession) -> None:
    """By hand only (R-JUR-6): days pass and nothing leaves; then each reads their own decision, and nobody's else."""
    sent = len(mail.outbox)
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        assert mails_since(sent) == []
    assert JurySession.objects.get().state == SessionState.CLOSED
    president = desks("anne")
    confirms(president, "Publier les résultats")
    said(president, "Les résultats sont publiés")
    notices = mails_since(sent)
    assert sorted(one.to[0] for one in notices) == sorted(cast.user(name).email for name in APPLICANTS)
    no_result_in(notices)
    for name, title in (
        ("ines", "Le jury vous délivre la certification"),
        ("paul", "Le jury valide une partie des blocs"),
        ("zoe", "Le jury ne délivre pas la certification cette fois-ci"),
        ("hugo", "Le jury a ajourné sa décision"),
        ("lea", "Le jury vous délivre la certification"),
    ):
        page = desks(name)
        page.goto(reverse("juries:result", args=[cast.enrolments[name].pk]))
        said(page, title)
    zoe = desks("zoe")
    said(zoe, SEVERE)
    said(zoe, WRITTEN)
    expect(zoe.get_by_text(SHARED)).to_have_count(0)
    expect(desks("hugo").get_by_text(SEVERE)).to_have_count(0)


def delivers(cast: Cast, desks: Desks, session: JurySession) -> None:
    """Nothing is delivered until the mentions are written; then two parchemins and one attestation, numbered."""
    manager = desks("nathalie")
    manager.goto(reverse("juries:session", args=[session.pk]))
    said(manager, "3 certificats à délivrer")
    said(manager, "La délivrance n’est pas remplie")
    fills_the_delivery(desks("olivier"))
    manager.reload()
    button(manager, "Délivrer les certificats").click()
    said(manager, "3 certificats délivrés")
    jobs.run_due()
    parchemin = words_of(own_certificate(desks("ines"), cast, "ines", "Parchemin"))
    attestation = words_of(own_certificate(desks("paul"), cast, "paul", "Attestation de bloc 1"))
    for text, holder, sequence in ((parchemin, "Inès ABADIE", 1), (attestation, "Paul BONNET", 2)):
        number = f"{cast.referentiel.certification.rncp_code}-{timezone.localdate():%Y}-{sequence:06d}"
        for mention in (number, holder, "Fait à Nantes", "Aurore Lemaître"):
            assert mention in text, mention
    zoe = desks("zoe")
    zoe.goto(reverse("juries:enrolment_certificates", args=[cast.enrolments["zoe"].pk]))
    said(zoe, "Rien n’est encore délivré")


def a_parchemin_is_verified_and_another_revoked(cast: Cast, desks: Desks) -> None:
    """R-JUR-7: read by whoever holds the paper, and nothing said of the holder."""
    passer_by, manager = desks.passer_by(), desks("nathalie")
    answer = verified(passer_by, own_certificate(desks("ines"), cast, "ines", "Parchemin"))
    assert "Document valable" in answer
    assert Certificate.objects.get(decision__enrolment=cast.enrolments["ines"]).number in answer
    assert not [word for word in ("ABADIE", "Inès", "Nantes") if word in answer]
    of_lea = own_certificate(desks("lea"), cast, "lea", "Parchemin")
    assert "Document valable" in verified(passer_by, of_lea)
    manager.goto(reverse("juries:certificates"))
    manager.get_by_role("row").filter(has_text="Léa ÉVRARD").get_by_role("link").first.click()
    link(manager, "Révoquer ce certificat").click()
    manager.get_by_label("Motif de la révocation").fill(STOLEN)
    sent = len(mail.outbox)
    button(manager, "Révoquer pour toujours").click()
    said(manager, "Révoqué le")
    (notice,) = mails_since(sent)
    assert notice.to == [cast.user("lea").email]
    assert STOLEN not in str(notice.message())
    answer = verified(passer_by, of_lea)
    assert "Document révoqué" in answer
    assert not [word for word in ("ÉVRARD", "Léa", STOLEN) if word in answer]
    own_certificate(desks("lea"), cast, "lea", "Révoqué", labelled="PDF révoqué")
    passer_by.get_by_label("Code de vérification").fill("AAAA-BBBB-CCCC")
    button(passer_by, "Vérifier").click()
    said(passer_by, "Document inconnu")


def an_appeal_is_upheld(cast: Cast, desks: Desks, decision: Decision) -> None:
    """R-JUR-8: filed by the candidate, given to somebody who judged nothing in it, answered."""
    zoe, manager, karim = desks("zoe"), desks("nathalie"), desks("karim")
    sent = len(mail.outbox)
    contests(zoe, cast, "zoe", CONTESTED)
    notices = mails_since(sent)
    assert {one.to[0] for one in notices} >= {cast.user("zoe").email, cast.user("nathalie").email}
    no_result_in(notices)
    appeal = Appeal.objects.get()
    assert status(karim, "juries:appeal", appeal.pk) == 404
    manager.goto(reverse("juries:appeals"))
    link(manager, "Zoé COLLIN").click()
    offered = manager.get_by_label("Confier à").locator("option").all_inner_texts()
    assert "Karim Slimani" in offered
    assert not {"Anne Prévost", "Marc Imbert", "Noé Renard", "Claire Fournier"} & set(offered)
    manager.get_by_label("Confier à").select_option(label="Karim Slimani")
    button(manager, "Confier ce recours").click()
    said(manager, "Instruit par Karim Slimani")
    karim.goto(reverse("juries:appeal", args=[appeal.pk]))
    said(karim, CONTESTED)
    said(karim, SEVERE)
    assert got(karim, "attestation.pdf").startswith(b"%PDF-")
    link(karim, "Lire le dossier").click()
    said(karim, "Zoé COLLIN")
    karim.go_back()
    karim.get_by_label("Accueilli").check()
    karim.get_by_label("Réponse motivée").fill(ANSWERED)
    mails_since(sent)
    sent = len(mail.outbox)
    button(karim, "Conclure et répondre").click()
    said(karim, "Recours conclu")
    notices = mails_since(sent)
    assert [one.to[0] for one in notices] == [cast.user("zoe").email]
    no_result_in(notices)
    zoe.reload()
    said(zoe, "Le recours est accueilli")
    said(zoe, ANSWERED)
    assert Appeal.objects.get().state == AppealState.UPHELD


def is_decided_again(cast: Cast, desks: Desks, former: Decision) -> None:
    """R-JUR-5: another jury decides; what it decides takes the place of the former, which stays readable."""
    manager, president, zoe = desks("nathalie"), desks("isabelle"), desks("zoe")
    session = prepared(manager, "Jury de réexamen", ("Isabelle Mercier", EXTERNAL), ("Jean Vidal", INTERNAL))
    manager.goto(reverse("juries:appeal", args=[Appeal.objects.get().pk]))
    link(manager, "Présenter pour réexamen").click()
    manager.get_by_label("Session").select_option(index=1)
    button(manager, "Présenter pour réexamen").click()
    said(manager, "est présenté pour réexamen")
    jobs.run_due()
    for name in ("isabelle", "jean"):
        declares(desks(name), session)
    opens(president, session)
    are_before("Zoé COLLIN", president)
    said(president, "Réexamen d’une décision")
    records(president, Outcome.PARTIAL)
    link(president, "Tout est décidé").click()
    confirms(president, "Clore la session")
    jobs.run_due()
    zoe.goto(reverse("juries:result", args=[former.enrolment_id]))
    said(zoe, SEVERE)  # it stands as long as the other is not published
    manager.goto(reverse("juries:session", args=[session.pk]))
    confirms(manager, "Publier les résultats")
    jobs.run_due()
    zoe.reload()
    said(zoe, "Jury de réexamen")
    said(zoe, "remplacée le")
    assert "Document valable" in verified(desks.passer_by(), own_certificate(zoe, cast, "zoe", "Attestation de bloc 1"))
    (standing,) = Decision.objects.live().filter(enrolment=former.enrolment)
    assert (standing.supersedes, standing.outcome) == (former, Outcome.PARTIAL)
