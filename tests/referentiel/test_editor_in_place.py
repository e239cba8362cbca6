"""The editor of two people at once: saved as one types, two values shown, words found, changes taken back."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.enums import Role
from core.models import JournalEntry
from referentiel.models import Activite, Critere, Referentiel
from referentiel.queries.searching import pattern_of, search_in
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address, read, seen_in

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


@pytest.fixture
def other_client(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Odile", last_name="Marchand"))
    return client


def critere_of(draft: Referentiel) -> tuple[Critere, str]:
    critere = draft.criteres.order_by("pk").first()
    assert critere is not None
    return critere, address("node", draft.pk, "critere", critere.pk)


def test_two_administrateurs_on_one_node_choose_between_two_values(
    admin_client: Client, other_client: Client, draft: Referentiel
) -> None:
    """R-SCO-4, in the issue's words: version conflict shown."""
    critere, url = critere_of(draft)
    mine, hers = (read(client.get(url)) for client in (admin_client, other_client))
    other_client.post(url, {"number": 1, "text": "Écrit par Odile", "seen": seen_in(hers)})

    refused = admin_client.post(url, {"number": 1, "text": "Écrit par moi", "seen": seen_in(mine)})

    shown = read(refused)
    assert refused.status_code == 412
    for expected in ("Écrit par Odile", "Écrit par moi", "Odile Marchand", "Garder ma saisie"):
        assert expected in shown
    assert Critere.objects.get(pk=critere.pk).text == "Écrit par Odile"
    assert "Écrit par moi</textarea>" in shown
    admin_client.post(url, {"number": 1, "text": "Écrit par moi", "seen": seen_in(shown)})
    assert Critere.objects.get(pk=critere.pk).text == "Écrit par moi"


def test_a_page_left_open_is_told_of_a_conflict_and_what_to_start_from(
    admin_client: Client, draft: Referentiel
) -> None:
    critere, url = critere_of(draft)
    seen = seen_in(read(admin_client.get(url)))
    Critere.objects.filter(pk=critere.pk).update(text="Autre", mandatory=True)

    answer = admin_client.post(url, {"number": 1, "text": "Le mien", "seen": seen}, headers=HTMX)

    part = read(answer)
    assert answer.status_code == 412
    assert "<html" not in part
    assert re.search(r'data-seen="[0-9a-f]{16}"', part)
    for expected in ("Le mien", "Autre", "oui", "non"):
        assert expected in part


def test_a_change_sent_by_a_page_left_open_gives_back_what_to_show(admin_client: Client, draft: Referentiel) -> None:
    _, url = critere_of(draft)
    seen = seen_in(read(admin_client.get(url)))

    answer = admin_client.post(url, {"number": 5, "text": "Renuméroté", "seen": seen}, headers=HTMX)

    part = read(answer)
    assert answer.status_code == 200
    assert "<html" not in part
    assert f'data-seen="{seen_in(read(admin_client.get(url)))}"' in part
    assert 'data-name="C1.1.1 CE5"' in part
    assert "la numérotation saute CE1" in part
    assert 'id="annulation"' in part


def test_a_change_sent_twice_is_stored_once_and_is_no_conflict(admin_client: Client, draft: Referentiel) -> None:
    _, url = critere_of(draft)
    typed = {"number": 1, "text": "Une fois", "seen": seen_in(read(admin_client.get(url)))}

    answers = [admin_client.post(url, typed, headers=HTMX).status_code for _ in range(5)]

    assert answers == [200] * 5
    assert JournalEntry.objects.count() == 1


def test_what_cannot_be_stored_is_told_by_field_to_a_page_left_open(admin_client: Client, draft: Referentiel) -> None:
    _, url = critere_of(draft)

    answer = admin_client.post(url, {"number": 2, "text": "Le numéro est pris"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Ce numéro de CE est déjà pris" in read(answer)
    assert 'href="#id_number"' in read(answer)


def test_a_removal_is_taken_back_from_any_page(admin_client: Client, draft: Referentiel) -> None:
    bloc = draft.blocs.get(number=1)
    admin_client.post(address("node-remove", draft.pk, "bloc", bloc.pk))
    shown = read(admin_client.get(address("edit", draft.pk)))
    assert "suppression de Bloc 1" in shown
    entry = re.findall(r'name="entry" value="(\d+)"', shown)[0]

    answer = admin_client.post(address("undo", draft.pk), {"entry": entry}, follow=True)

    assert "Bloc 1\N{NO-BREAK SPACE}: annulé." in read(answer)
    assert draft.blocs.get(number=1).activites.get().competences.get().criteres.count() == 2


def test_undoing_without_saying_what_is_refused_in_words(admin_client: Client, draft: Referentiel) -> None:
    answer = admin_client.post(address("undo", draft.pk), {"entry": "rien"})

    assert answer.status_code == 400
    assert "ne dit pas de quoi" in read(answer)


def test_a_node_is_moved_under_another_from_its_page(admin_client: Client, draft: Referentiel) -> None:
    critere, _ = critere_of(draft)
    arrival = draft.competences.get(code="C2.1.1")
    url = address("node-place", draft.pk, "critere", critere.pk)
    assert re.search(rf'<option value="{arrival.pk}"\s*>C2\.1\.1', read(admin_client.get(url)))

    answer = admin_client.post(url, {"parent": arrival.pk, "operation": uuid4()})

    assert answer.url == f"{address('node', draft.pk, 'competence', arrival.pk)}#up-critere-{critere.pk}"
    assert arrival.criteres.count() == 3


def test_a_node_of_another_version_is_no_place(admin_client: Client, draft: Referentiel) -> None:
    critere, _ = critere_of(draft)
    other = build_referentiel(published=False).competences.get()

    answer = admin_client.post(
        address("node-place", draft.pk, "critere", critere.pk), {"parent": other.pk, "operation": uuid4()}
    )

    assert answer.status_code == 422
    assert other.criteres.count() == 2


def test_a_copy_opens_to_be_changed(admin_client: Client, draft: Referentiel) -> None:
    competence = draft.competences.get(code="C1.1.1")

    answer = admin_client.post(
        address("node-copy", draft.pk, "competence", competence.pk), {"operation": uuid4()}, follow=True
    )

    assert "dupliqué à la fin, sous le nom C1.1.2" in read(answer)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("ENONCE", "C2.1.1"), ("a2.1", "A2.1"), ("premier", "C1.1.1 CE1, sous-élément"), ("preambule", "Préambule 1")],
)
def test_words_are_found_whatever_their_accents(
    admin_client: Client, draft: Referentiel, wanted: str, expected: str
) -> None:
    shown = read(admin_client.get(address("edit", draft.pk), {"q": wanted}))

    assert f'<span class="code">{expected}</span>' in shown
    assert f'value="{wanted}"' in shown


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("elève", "L’ÉLEVE a réussi", "ÉLEVE"),
        ("l'eleve", "L’élève", "L’élève"),
        ("élève", "e\N{COMBINING ACUTE ACCENT}le\N{COMBINING GRAVE ACCENT}ve", "e\u0301le\u0300ve"),
        ("a b", "a\N{NO-BREAK SPACE}b", "a\N{NO-BREAK SPACE}b"),
        ("(a.b)*", "x (A.B)* y", "(A.B)*"),
        ("naïf", "Œuvre naive, naif", "naif"),
    ],
)
def test_words_are_found_as_the_text_writes_them(words: str, text: str, found: str) -> None:
    match = pattern_of(words).search(text)

    assert match is not None
    assert match[0] == found


@pytest.mark.parametrize("wanted", [" ", "\N{COMBINING ACUTE ACCENT}", "x" * 100_000])
def test_odd_words_find_nothing_and_break_nothing(admin_client: Client, draft: Referentiel, wanted: str) -> None:
    assert admin_client.get(address("edit", draft.pk), {"q": wanted}).status_code == 200
    assert search_in(draft, wanted).total == 0


def test_words_found_nowhere_say_so_and_are_escaped(admin_client: Client, draft: Referentiel) -> None:
    shown = read(admin_client.get(address("edit", draft.pk), {"q": "<b>rien"}))

    assert "Rien ne contient" in shown
    assert escape("<b>rien") in shown


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_search_costs_the_same_whatever_the_size(
    admin_client: Client, blocs: int, django_assert_num_queries: Any
) -> None:
    draft = build_referentiel(blocs=blocs, activites=2, competences=2, criteres=3, published=False)
    admin_client.get(address("edit", draft.pk))

    with django_assert_num_queries(13):
        admin_client.get(address("edit", draft.pk), {"q": "candidat"})


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_change_costs_the_same_whatever_the_size(
    admin_client: Client, blocs: int, django_assert_num_queries: Any
) -> None:
    draft = build_referentiel(blocs=blocs, activites=2, competences=2, criteres=3, published=False)
    _, url = critere_of(draft)
    seen = seen_in(read(admin_client.get(url)))

    with django_assert_num_queries(39):
        admin_client.post(url, {"number": 1, "text": "Autre", "seen": seen}, headers=HTMX)


def check(draft: Referentiel, name: str) -> tuple[str, str]:
    """Spoils a draft in one way; what is said of it, and the node it leads to."""
    competence = draft.competences.get(code="C1.1.1")
    if name == "empty compétence":
        competence.criteres.all().delete()
        return "il faut au moins un critère", address("node", draft.pk, "competence", competence.pk)
    if name == "gap in numbering":
        competence.criteres.filter(number=2).update(number=4)
        return "la numérotation saute CE2, CE3", address("node", draft.pk, "competence", competence.pk)
    if name == "codes alike":
        Activite.objects.filter(referentiel=draft, code="A2.1").update(code="a1.1")
        activite = Activite.objects.get(referentiel=draft, code="a1.1")
        return "ne diffère de A1.1 que par", address("node", draft.pk, "activite", activite.pk)
    bloc = draft.blocs.get(number=2)
    bloc.activites.all().delete()
    return "ce bloc n’a aucune compétence", address("node", draft.pk, "bloc", bloc.pk)


@pytest.mark.parametrize("name", ["empty compétence", "gap in numbering", "codes alike", "bloc without compétence"])
def test_each_check_leads_to_its_node(admin_client: Client, draft: Referentiel, name: str) -> None:
    said, url = check(draft, name)

    shown = read(admin_client.get(address("reglement", draft.pk)))

    checks = shown[shown.index('id="verifications"') :]
    assert re.search(rf'<a href="{url}">[^<]+</a>[^<]*{said}', checks)
