"""axe-core finds nothing on a jury's pages in each of their states, for each who sits there (WCAG 2.2 AA)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import jobs
from juries.enums import Outcome
from juries.services.deciding import take_decision
from juries.services.deliberating import cast_vote, close_ballot, open_ballot
from juries.services.erasing import erase_delivered
from juries.services.incidents import note_incident
from juries.services.rectifying import rectify_certificate
from juries.services.remarks import share_remark, write_remark
from juries.services.sessions import close_session, publish_session
from tests import scenes
from tests.browser.axe import defects
from tests.browser.sitting import Screens, Sitting, a_sitting
from tests.juries.deliveries import a_parchemin
from tests.juries.deliveries import renamed as renamed_holder
from tests.juries.test_session_dossiers import failing, renamed

pytestmark = pytest.mark.django_db(transaction=True)


def with_shared_remarks(sitting: Sitting) -> None:
    candidacy = sitting.session.candidacies.get(enrolment=sitting.enrolments[0])
    seat = sitting.session.members.get(user=sitting.member)
    share_remark(write_remark(seat, candidacy=candidacy, text="À discuter.", from_version=0), by=sitting.member)


def of_the_room(screens: Screens, sitting: Sitting, state: str) -> list[str]:
    found = []
    for who in ("president", "member", "recused"):
        page = screens(getattr(sitting, who), sitting.address(), reduced_motion="reduce")
        found += defects(page, f"room of the {who}, {state}")
    return found


def test_the_room_in_its_states_for_each_member(screens: Screens) -> None:
    sitting = a_sitting()
    with_shared_remarks(sitting)
    candidacy = sitting.session.candidacies.get(enrolment=sitting.enrolments[0])
    ballot = open_ballot(candidacy, by=sitting.president)
    found = of_the_room(screens, sitting, "ballot open")
    cast_vote(ballot, outcome=Outcome.CERTIFIED, by=sitting.president)
    close_ballot(ballot, by=sitting.president)
    page = screens(sitting.president, sitting.address())
    page.keyboard.press("?")
    found += defects(page, "shortcuts")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    expect(page.get_by_text("Connexion perdue").first).to_be_visible()
    found += defects(page, "connection lost")
    take_decision(
        sitting.session,
        enrolment=sitting.enrolments[0],
        dossier=sitting.enrolments[0].dossiers.latest("revision"),
        outcome=Outcome.CERTIFIED,
        by=sitting.president,
    )
    assert found + of_the_room(screens, sitting, "ballot closed") == []


def test_the_dossiers_of_a_session_lacking_then_under_way(screens: Screens) -> None:
    sitting = a_sitting(opened=False)
    failing(sitting.session, "Abadie")
    renamed(sitting.session, "Bonnet")
    page = screens(scenes.a_manager(), sitting.address("session"))
    found = defects(page, "lacking")
    page.get_by_role("button", name="Générer tous les dossiers").click()
    expect(page.get_by_text("2 dossiers en cours d’édition")).to_be_visible()
    found += defects(page, "under way")
    jobs.run_due()
    expect(page.get_by_text("Chaque candidat a le dossier")).to_be_visible()
    expect(page.get_by_role("link", name="Révision 2")).to_have_count(2)
    assert found == []


def test_the_room_of_a_president_recused_and_an_incident(screens: Screens) -> None:
    sitting = a_sitting()
    note_incident(sitting.session, text="Coupure de six minutes.", by=sitting.president)
    candidacy = sitting.session.candidacies.get(enrolment=sitting.enrolments[0])
    ballot = open_ballot(candidacy, by=sitting.president)
    page = screens(sitting.president, sitting.address())
    page.keyboard.press("1")
    found = defects(page, "a vote chosen")
    page.keyboard.press("i")
    found += defects(page, "an incident being written")
    for who in (sitting.president, sitting.member):
        declare_link(sitting.enrolments[0].candidate, user=who, kind=LinkKind.TRAINED, by=scenes.a_manager())
        found += of_the_room(screens, sitting, f"{who} recused")
    assert not ballot.closed_at
    assert found == []


def test_remarks_in_conflict_a_decision_refused_and_the_dossier_beside_them(screens: Screens) -> None:
    sitting = a_sitting()
    page = screens(sitting.member, sitting.address())
    with_shared_remarks(sitting)
    page.get_by_label("Pour vous seul").fill("Écrit ici.")
    expect(page.get_by_role("heading", name="Deux versions")).to_be_visible()
    found = defects(page, "conflict")
    president = screens(sitting.president, sitting.address())
    president.get_by_label("Refus").check()
    president.keyboard.press("e")
    expect(president.get_by_text("Décision non enregistrée")).to_be_visible()
    found += defects(president, "refused")
    president.goto(reverse("juries:dossier", args=[sitting.enrolments[0].dossiers.latest("revision").pk]))
    assert found + defects(president, "dossier") == []


def test_a_session_from_its_preparation_to_its_publication(screens: Screens) -> None:
    sitting = a_sitting(opened=False)
    manager, president = (screens(user, sitting.address("session")) for user in (scenes.a_manager(), sitting.president))
    found = defects(manager, "prepared") + defects(president, "prepared, of a member")
    for name, page in (("change", manager), ("declare", president), ("open", president)):
        page.goto(sitting.address(name))
        found += defects(page, name)
    sitting = a_sitting()
    president = screens(sitting.president, sitting.address("session"))
    found += defects(president, "open")
    sitting.adjourn_all()
    president.goto(sitting.address("session"))
    president.evaluate("document.querySelector('form[data-confirm]').submit()")  # as without a script: no dialogue
    expect(president.get_by_role("heading", name="Clore la session", level=1)).to_be_visible()
    found += defects(president, "to be closed, asked on a page")
    close_session(sitting.session, by=sitting.president)
    jobs.run_due()
    for name in ("session", "sign"):
        president.goto(sitting.address(name))
        found += defects(president, f"closed, {name}")
    publish_session(sitting.session, by=sitting.president)
    president.goto(sitting.address("session"))
    assert found + defects(president, "published") == []


def test_a_certificate_rectified_then_erased(screens: Screens) -> None:
    certificate = a_parchemin()
    renamed_holder(certificate, "Zélie")
    new = rectify_certificate(certificate, reason="Prénom mal orthographié.", by=scenes.a_manager())
    jobs.run_due()
    replaced, verified = (
        reverse("juries:certificate", args=[certificate.pk]),
        reverse("juries:verify_token", args=[certificate.token]),
    )
    page = screens(scenes.a_manager(), replaced)
    found = defects(page, "replaced")
    page.goto(verified)
    found += defects(page, "replaced, verified")
    erase_delivered(certificate.decision.enrolment.candidate, reason="Durée écoulée.", by=scenes.a_manager())
    for address in (reverse("juries:certificate", args=[new.pk]), reverse("juries:erase", args=[new.pk])):
        page.goto(address)
        found += defects(page, f"erased, {address}")
    assert found == []
