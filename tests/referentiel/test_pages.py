"""The reading pages: who reads what, at what cost, and a text is never markup."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from referentiel.models import Referentiel, SousElement
from referentiel.services.publishing import retire
from referentiel.services.settling import record_registration
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_certification, build_referentiel, publish

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> & <b>gras</b> {{ 7 }} {% now %}"


def client_of(*roles: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=list(roles)))
    return client


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(f"referentiel:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_what_is_published(role: Role) -> None:
    referentiel = build_referentiel()

    text = page(client_of(role), "detail", referentiel.pk)

    for expected in (
        "A1.1",
        'id="C1.1.1"',
        'id="C1.1.1-CE1"',
        "Mise en situation",
        referentiel.publication.fingerprint,
    ):
        assert expected in text


@pytest.mark.parametrize("role", Role)
def test_a_draft_is_read_by_those_who_prepare_or_audit_it(role: Role) -> None:
    referentiel = build_referentiel(published=False)
    client = client_of(role)
    reader = role in (Role.ADMINISTRATEUR, Role.AUDITEUR)

    response = client.get(reverse("referentiel:detail", args=[referentiel.pk]))
    listed = page(client, "list")

    assert response.status_code == (200 if reader else 404)
    assert ("Version 1" in listed) is reader


def test_nobody_reads_without_logging_in(client: Client) -> None:
    response = client.get(reverse("referentiel:list"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_what_a_version_says_is_on_its_page() -> None:
    referentiel = build_referentiel(
        published=False, attempts_allowed=3, criteres_percent=80, competences_percent=75, motive_required=False
    )
    critere = referentiel.criteres.first()
    referentiel.criteres.filter(pk=critere.pk).update(rubrique="Une rubrique", threshold=3, mandatory=True)
    SousElement.objects.create(critere=critere, position=1, text="Un sous-élément")
    publish(referentiel)
    admin = UserFactory(roles=[Role.ADMINISTRATEUR])
    record_registration(
        referentiel, decided_on=date(2026, 1, 1), ends_on=date(2029, 1, 2), delivery_limit_on=date(2030, 1, 3), by=admin
    )

    text = page(client_of(Role.CANDIDATE), "detail", referentiel.pk)

    for expected in (
        "Une rubrique",
        "3 à compter",
        "Obligatoire",
        "Présentation orale",
        "Un sous-élément",
        "au moins 80 % de ses CE",
        "au moins 75 % de ses compétences",
        "3 par compétence",
        "peut rester sans commentaire",
        "3\u00a0janvier 2030",
    ):
        assert expected in text


def test_a_retired_version_says_so() -> None:
    referentiel = build_referentiel()
    retire(referentiel, by=UserFactory(roles=[Role.ADMINISTRATEUR]), reason="Remplacée")

    text = page(client_of(Role.CANDIDATE), "detail", referentiel.pk)

    assert "Cette version est retirée" in text


def test_only_an_administrateur_is_offered_to_change() -> None:
    referentiel = build_referentiel()

    assert "Préparer une nouvelle version" in page(client_of(Role.ADMINISTRATEUR), "detail", referentiel.pk)
    assert "Préparer une nouvelle version" not in page(client_of(Role.GESTIONNAIRE), "detail", referentiel.pk)
    assert "Nouvelle certification" not in page(client_of(Role.GESTIONNAIRE), "list")


def test_an_empty_list_teaches() -> None:
    assert "Commencez par enregistrer" in page(client_of(Role.ADMINISTRATEUR), "list")
    assert "dès leur publication" in page(client_of(Role.CANDIDATE), "list")


def test_a_certification_without_version_says_what_to_do() -> None:
    build_certification()

    assert "Ouvrir le premier brouillon" in page(client_of(Role.ADMINISTRATEUR), "list")
    assert "pas encore publié" in page(client_of(Role.CANDIDATE), "list")


def hostile_tree() -> Referentiel:
    referentiel = build_referentiel(published=False)
    critere = referentiel.criteres.first()
    referentiel.sections.update(title=HOSTILE, text=HOSTILE)
    referentiel.blocs.update(title=HOSTILE)
    referentiel.activites.update(title=HOSTILE)
    referentiel.competences.update(
        statement=HOSTILE, mise_en_situation=HOSTILE, travail_demande=HOSTILE, soutenance=HOSTILE
    )
    referentiel.criteres.update(text=HOSTILE, rubrique=HOSTILE)
    SousElement.objects.create(critere=critere, position=1, text=HOSTILE)
    return referentiel


def test_a_text_is_shown_as_text_everywhere() -> None:
    referentiel = hostile_tree()
    client = client_of(Role.ADMINISTRATEUR)
    pages = [page(client, name, referentiel.pk) for name in ("detail", "edit", "publish", "reglement", "drop")]
    for kind, node in (
        ("section", referentiel.sections.get()),
        ("bloc", referentiel.blocs.get()),
        ("activite", referentiel.activites.get()),
        ("competence", referentiel.competences.get()),
        ("critere", referentiel.criteres.first()),
        ("sous-element", SousElement.objects.get()),
    ):
        pages += [page(client, name, referentiel.pk, kind, node.pk) for name in ("node", "node-remove")]

    for text in pages:
        assert "<script>alert" not in text
        assert "<b>gras" not in text
    assert all("&lt;script&gt;" in text for text in (pages[0], pages[1], *pages[5:]))


def test_the_list_costs_the_same_whatever_the_number_of_versions(django_assert_num_queries: Any) -> None:
    client = client_of(Role.ADMINISTRATEUR)
    page(client, "list")
    for count in (1, 3):
        for _ in range(count):
            build_referentiel()
        with django_assert_num_queries(6):
            page(client, "list")


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_version_costs_the_same_whatever_its_size(blocs: int, django_assert_num_queries: Any) -> None:
    referentiel = build_referentiel(blocs=blocs, activites=2, competences=2, criteres=3)
    client = client_of(Role.CANDIDATE)

    with django_assert_num_queries(15):
        page(client, "detail", referentiel.pk)


def test_in_a_large_version_each_activite_is_read_when_it_is_opened(monkeypatch: Any) -> None:
    monkeypatch.setattr("referentiel.views.reading.MOST_READ", 1)
    referentiel = build_referentiel(blocs=2)
    client = client_of(Role.CANDIDATE)
    url = reverse("referentiel:detail", args=[referentiel.pk])

    whole = page(client, "detail", referentiel.pk)
    part = client.get(f"{url}?activite=A2.1", headers={"hx-request": "true"}).content.decode()
    alone = client.get(f"{url}?activite=A2.1").content.decode()

    assert f'hx-get="{url}?activite=A2.1"' in whole
    assert "Énoncé de la compétence" not in whole
    for shown in (part, alone):
        assert "Énoncé de la compétence C2.1.1." in shown
        assert "Énoncé de la compétence C1.1.1." not in shown
    assert "<html" in alone
    assert "<html" not in part
    assert client.get(f"{url}?activite=A9.9").status_code == 404


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_large_version_costs_the_same_whatever_its_size(
    blocs: int, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("referentiel.views.reading.MOST_READ", 1)
    referentiel = build_referentiel(blocs=blocs, activites=2, competences=2, criteres=3)
    client = client_of(Role.CANDIDATE)

    with django_assert_num_queries(12):
        page(client, "detail", referentiel.pk)
