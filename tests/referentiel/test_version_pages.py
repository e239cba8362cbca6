"""The pages of a version's life: opened, settled, published, retired, cloned, dropped."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from core.models import JournalEntry
from referentiel.models import Certification, Referentiel
from referentiel.nodes import InvalidNode, seen_as
from referentiel.services.settling import change_reglement, settings_of
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address, read, seen_in

pytestmark = pytest.mark.django_db


def test_a_certification_and_its_first_draft(admin_client: Client) -> None:
    typed = {"rncp_code": "RNCP1", "title": "Titre", "level": 6, "certifier": "Nous", "nsf": ""}
    assert admin_client.get(address("certification-add")).status_code == 200

    assert admin_client.post(address("certification-add"), typed).url == address("list")
    response = admin_client.post(address("draft-add", Certification.objects.get().pk))

    assert response.url == address("edit", Referentiel.objects.get().pk)
    refused = admin_client.post(address("certification-add"), typed)
    assert refused.status_code == 422
    assert "RNCP1" in read(refused)


def test_a_second_draft_is_refused_with_words(admin_client: Client, draft: Referentiel) -> None:
    response = admin_client.post(address("draft-add", draft.certification.pk), follow=True)

    assert "est déjà en brouillon" in read(response)


def test_a_published_version_is_cloned_from_its_page(admin_client: Client) -> None:
    source = build_referentiel()

    response = admin_client.post(address("clone", source.pk))

    clone = Referentiel.objects.get(predecessor=source)
    assert response.url == address("edit", clone.pk)
    assert "est déjà en brouillon" in read(admin_client.post(address("clone", source.pk), follow=True))


def phases(*rows: tuple[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"phases-TOTAL_FORMS": len(rows), "phases-INITIAL_FORMS": 2}
    for at, (name, minutes) in enumerate(rows):
        data |= {f"phases-{at}-name": name, f"phases-{at}-minutes": minutes}
    return data


REGLEMENT = {
    "criteres_percent": 80,
    "competences_percent": 100,
    "motive_required": "on",
    "attempts_allowed": "",
    "appeal_months": 2,
    "retention_years": 10,
    "jury_minimum": 3,
    "jury_external_percent": 50,
    "jury_quorum_percent": 50,
}


def test_the_reglement_is_saved_with_its_phases(admin_client: Client, draft: Referentiel) -> None:
    rows = phases(("Exposé", "15"), ("", ""), ("Échange", "25"), ("", ""))

    response = admin_client.post(address("reglement", draft.pk), {**REGLEMENT, **rows})

    assert response.status_code == 302
    draft.reglement.refresh_from_db()
    assert draft.reglement.phases == [{"name": "Exposé", "minutes": 15}, {"name": "Échange", "minutes": 25}]
    assert (draft.reglement.criteres_percent, draft.reglement.jury_minimum) == (80, 3)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("", ""), ("", "")], "au moins une phase"),
        ([("Exposé", "")], "durée de cette phase"),
        ([("", "10")], "Nommez cette phase"),
        ([("Exposé", "601")], "600"),
    ],
)
def test_wrong_phases_are_told(admin_client: Client, draft: Referentiel, rows: Any, words: str) -> None:
    response = admin_client.post(address("reglement", draft.pk), {**REGLEMENT, **phases(*rows)})

    assert response.status_code == 422
    assert words in read(response)


def test_a_share_out_of_bounds_is_told_on_its_field(admin_client: Client, draft: Referentiel) -> None:
    typed = {**REGLEMENT, "criteres_percent": 120, **phases(("Exposé", "15"))}

    response = admin_client.post(address("reglement", draft.pk), typed)

    assert response.status_code == 422
    assert "inférieure ou égale à 100" in read(response)


@pytest.mark.usefixtures("alone")
def test_a_draft_is_published_from_its_page(admin_client: Client, draft: Referentiel) -> None:
    assert "Publier définitivement" in read(admin_client.get(address("publish", draft.pk)))

    response = admin_client.post(address("publish", draft.pk), follow=True)

    assert "Plus rien ne peut la changer" in read(response)
    assert not Referentiel.objects.get().is_draft


@pytest.mark.usefixtures("alone")
def test_an_incomplete_draft_is_not_published_from_its_page(admin_client: Client, draft: Referentiel) -> None:
    draft.criteres.all().delete()
    assert "Publier définitivement" not in read(admin_client.get(address("publish", draft.pk)))

    response = admin_client.post(address("publish", draft.pk), follow=True)

    assert "il ne peut pas être publié" in read(response)
    assert Referentiel.objects.get().is_draft


def test_dates_are_noted_and_a_version_retired_from_their_pages(admin_client: Client) -> None:
    referentiel = build_referentiel()
    dates = {"decided_on": "2026-01-01", "ends_on": "2029-01-01", "delivery_limit_on": "2030-01-01"}

    wrong = admin_client.post(address("registration", referentiel.pk), {**dates, "ends_on": "2025-01-01"})
    assert wrong.status_code == 422
    assert "Les dates se suivent" in read(wrong)
    assert admin_client.post(address("registration", referentiel.pk), dates).status_code == 302
    nsf = {**dates, "nsf": "326, 114"}
    assert admin_client.post(address("registration", referentiel.pk), nsf).status_code == 302
    assert admin_client.post(address("registration", referentiel.pk), nsf).status_code == 302
    assert 'value="326, 114"' in read(admin_client.get(address("registration", referentiel.pk)))
    assert "326, 114" in read(admin_client.get(address("detail", referentiel.pk)))
    assert JournalEntry.objects.filter(verb="referentiel.nsf_recorded").count() == 1
    assert 'value="2030-01-01"' in read(admin_client.get(address("registration", referentiel.pk)))

    assert admin_client.get(address("retire", referentiel.pk)).status_code == 200
    assert admin_client.post(address("retire", referentiel.pk), {"reason": ""}).status_code == 422
    assert "est retirée" in read(
        admin_client.post(address("retire", referentiel.pk), {"reason": "Remplacée"}, follow=True)
    )
    assert "Seul un référentiel publié" in read(
        admin_client.post(address("retire", referentiel.pk), {"reason": "Encore"}, follow=True)
    )


def test_a_draft_is_dropped_from_its_page(admin_client: Client, draft: Referentiel) -> None:
    assert "Supprimer ce brouillon" in read(admin_client.get(address("drop", draft.pk)))

    admin_client.post(address("drop", draft.pk))

    assert not Referentiel.objects.exists()


def test_a_reglement_sent_twice_is_saved_once_and_accuses_nobody(admin_client: Client, draft: Referentiel) -> None:
    seen = seen_as(settings_of(draft.reglement))
    typed = {**REGLEMENT, **phases(("Exposé", "15")), "seen": seen}

    answers = [admin_client.post(address("reglement", draft.pk), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert JournalEntry.objects.filter(verb="referentiel.reglement_changed").count() == 1


def test_a_reglement_corrected_after_a_refusal_does_not_write_over_somebody_else(
    admin_client: Client, draft: Referentiel
) -> None:
    """R-SCO-4: the page refused still starts from what was shown first."""
    typed = {**REGLEMENT, **phases(("Exposé", "15")), "seen": seen_as(settings_of(draft.reglement))}
    change_reglement(draft, values={"jury_minimum": 7}, by=UserFactory(roles=[Role.ADMINISTRATEUR]))

    refused = admin_client.post(address("reglement", draft.pk), {**typed, "criteres_percent": 120})
    seen = seen_in(read(refused))
    corrected = admin_client.post(address("reglement", draft.pk), {**typed, "seen": seen})

    assert (refused.status_code, corrected.status_code) == (422, 412)
    assert "Deux versions du règlement" in read(corrected)
    draft.reglement.refresh_from_db()
    assert draft.reglement.jury_minimum == 7


def test_two_administrateurs_on_the_reglement_choose_between_two_values(
    admin_client: Client, draft: Referentiel
) -> None:
    """R-SCO-4."""
    url = address("reglement", draft.pk)
    seen = seen_in(read(admin_client.get(url)))
    odile = UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Odile", last_name="Marchand")
    hers = {"jury_minimum": 7, "motive_required": False, "phases": [{"name": "Écrit", "minutes": 90}]}
    change_reglement(draft, values=hers, by=odile)
    typed = {**REGLEMENT, **phases(("Exposé", "15"), ("Échange", "25"))}

    refused = admin_client.post(url, {**typed, "seen": seen})

    rows = re.findall(r'<th scope="row">(.*?)</th><td.*?>(.*?)\s*</td><td.*?>(.*?)\s*</td>', read(refused))
    assert refused.status_code == 412
    assert [row for row in rows if row[1] != row[2]] == rows
    assert {row[1:] for row in rows} >= {("3", "7"), ("oui", "non"), ("Exposé 15 min, Échange 25 min", "Écrit 90 min")}
    assert "Odile Marchand" in read(refused)
    assert 'value="Échange"' in read(refused)
    draft.reglement.refresh_from_db()
    assert draft.reglement.jury_minimum == 7

    kept = admin_client.post(url, {**typed, "seen": seen_in(read(refused))})

    assert kept.status_code == 302
    draft.reglement.refresh_from_db()
    assert (draft.reglement.jury_minimum, len(draft.reglement.phases)) == (3, 2)


def test_the_last_change_of_the_reglement_is_taken_back_from_its_page(admin_client: Client, draft: Referentiel) -> None:
    url = address("reglement", draft.pk)
    admin_client.post(url, {**REGLEMENT, **phases(("Exposé", "15"))})
    entry = JournalEntry.objects.get(verb="referentiel.reglement_changed")
    assert "Annuler : modification du règlement" in read(admin_client.get(url))

    undone = admin_client.post(address("undo", draft.pk), {"entry": entry.sequence})

    assert undone.url == url
    draft.reglement.refresh_from_db()
    assert (draft.reglement.jury_minimum, draft.reglement.criteres_percent) == (2, 100)
    assert "Annuler : " not in read(admin_client.get(url))


@pytest.mark.parametrize(
    "wrong",
    [
        [{"name": "Exposé", "minutes": True}],
        [{"name": "Exposé", "minutes": 5, "salle": "B"}],
        [{"name": "E" * 101, "minutes": 5}],
        [{"name": "Exposé", "minutes": 5}] * 9,
    ],
    ids=["minutes as a yes", "something more", "an endless name", "more than its page shows"],
)
def test_phases_its_page_could_not_save_again_are_refused(draft: Referentiel, wrong: Any) -> None:
    """A file brings no règlement that can no longer be edited."""
    with pytest.raises(InvalidNode):
        change_reglement(draft, values={"phases": wrong}, by=UserFactory(roles=[Role.ADMINISTRATEUR]))
