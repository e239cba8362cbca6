"""Projets: grouped by an administrateur, covering every compétence, copied with their version (R-REF-2)."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from core.exceptions import Stale
from core.models import JournalEntry
from referentiel.models import Competence, Projet, Referentiel
from referentiel.nodes import InvalidNode, seen_as
from referentiel.queries.tree import fingerprint_for
from referentiel.services.grouping import add_projet, change_projet, remove_projet, values_of
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address, read, seen_in

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 7  # session, person, roles, version, projets, their compétences, all compétences


@pytest.fixture
def admin() -> User:
    user: User = UserFactory(roles=[Role.ADMINISTRATEUR])
    return user


@pytest.fixture
def version() -> Referentiel:
    return build_referentiel(blocs=2, competences=2)


def grouped(version: Referentiel, by: User, *codes: str, name: str = "Vision", **options: Any) -> Projet:
    chosen = list(Competence.objects.filter(referentiel=version, code__in=codes))
    return add_projet(version, name=name, brief="", competences=chosen, by=by, **options)


def test_a_published_version_takes_projets_and_its_fingerprint_does_not_move(admin: User, version: Referentiel) -> None:
    before = fingerprint_for(version)
    projet = grouped(version, admin, "C1.1.1", "C2.1.1")
    assert values_of(projet) == {"name": "Vision", "brief": "", "competences": ["C1.1.1", "C2.1.1"]}
    assert fingerprint_for(version) == before
    assert JournalEntry.objects.get(verb="projet.added").data["competences"] == ["C1.1.1", "C2.1.1"]


def test_a_form_sent_twice_adds_one(admin: User, version: Referentiel) -> None:
    operation = uuid4()
    assert grouped(version, admin, "C1.1.1", operation=operation) == grouped(
        version, admin, "C1.1.1", operation=operation
    )
    assert Projet.objects.count() == 1


@pytest.mark.parametrize(
    ("codes", "name", "field"),
    [((), "Vision", "competences"), (("C1.1.1",), "", "name"), (("C1.1.1",), "Texte", "name")],
    ids=["without compétence", "without name", "with a name already taken"],
)
def test_what_cannot_be_a_projet_is_told_on_its_field(admin, version, codes, name, field) -> None:
    grouped(version, admin, "C1.1.1", name="Texte")
    with pytest.raises(InvalidNode) as told:
        grouped(version, admin, *codes, name=name)
    assert list(told.value.errors) == [field]
    assert Projet.objects.count() == 1


def test_a_competence_of_another_version_is_refused(admin: User, version: Referentiel) -> None:
    stranger = build_referentiel().competences.get()
    with pytest.raises(InvalidNode, match="cette version"):
        add_projet(version, name="Vision", brief="", competences=[stranger], by=admin)
    assert not Projet.objects.exists()


def test_two_administrateurs_do_not_write_over_each_other(admin: User, version: Referentiel) -> None:
    projet = grouped(version, admin, "C1.1.1")
    seen = seen_as(values_of(projet))
    both = list(version.competences.filter(code__in=["C1.1.1", "C1.1.2"]))

    assert change_projet(projet, name="Images", brief="", competences=both, by=admin, seen=seen)
    with pytest.raises(Stale):
        change_projet(projet, name="Sons", brief="", competences=both, by=admin, seen=seen)

    assert Projet.objects.get().name == "Images"
    assert JournalEntry.objects.get(verb="projet.changed").data["before"] == {
        "name": "Vision",
        "competences": ["C1.1.1"],
    }


def test_an_identical_form_writes_nothing(admin: User, version: Referentiel) -> None:
    projet = grouped(version, admin, "C1.1.1")
    same = {"name": "Vision", "brief": "", "competences": list(projet.competences.all())}
    assert not change_projet(projet, **same, by=admin, seen=seen_as(values_of(projet)))
    assert not JournalEntry.objects.filter(verb="projet.changed").exists()


def test_a_removed_projet_stays_in_the_journal(admin: User, version: Referentiel) -> None:
    remove_projet(grouped(version, admin, "C1.1.1"), by=admin)
    assert not Projet.objects.exists()
    assert JournalEntry.objects.get(verb="projet.removed").data["name"] == "Vision"


def test_a_clone_takes_the_projets_along_on_its_own_competences(admin: User, version: Referentiel) -> None:
    grouped(version, admin, "C1.1.1", "C2.1.2")
    draft = clone_to_draft(version, by=admin)
    copied = Projet.objects.get(referentiel=draft)
    assert sorted(one.code for one in copied.competences.all()) == ["C1.1.1", "C2.1.2"]
    assert {one.referentiel_id for one in copied.competences.all()} == {draft.pk}


class TestThePages:
    def test_a_projet_is_added_changed_and_removed(self, admin_client: Client, version: Referentiel) -> None:
        chosen = [one.pk for one in version.competences.all()[:3]]
        typed = {"name": "Vision", "brief": "Détecter.", "competences": chosen, "operation": uuid4()}
        assert admin_client.post(address("projet-add", version.pk), typed).url == address("projets", version.pk)

        page = read(admin_client.get(address("projets", version.pk)))
        assert "1 compétence sur 4 ne figure dans aucun projet" in page

        projet = Projet.objects.get()
        every = [one.pk for one in version.competences.all()]
        seen = seen_as(values_of(projet))
        admin_client.post(address("projet", projet.pk), {**typed, "competences": every, "seen": seen})
        assert "Toutes les compétences sont présentées" in read(admin_client.get(address("projets", version.pk)))

        admin_client.post(address("projet-remove", projet.pk))
        assert "Aucun projet" in read(admin_client.get(address("projets", version.pk)))

    def test_what_was_typed_stays_when_it_is_refused(self, admin_client: Client, version: Referentiel) -> None:
        typed = {"name": "Vision", "brief": "Un texte long.", "operation": uuid4()}
        answer = admin_client.post(address("projet-add", version.pk), typed)
        assert answer.status_code == 422
        assert "Choisissez au moins une compétence." in read(answer)
        assert "Un texte long." in read(answer)

    def test_two_administrateurs_on_one_projet_choose_between_two_values(
        self, admin_client: Client, version: Referentiel
    ) -> None:
        """R-SCO-4."""
        odile = UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Odile", last_name="Marchand")
        projet = grouped(version, odile, "C1.1.1")
        url, competences = address("projet", projet.pk), list(version.competences.all())
        seen = seen_in(read(admin_client.get(url)))
        change_projet(projet, name="Le sien", brief="Écrit par elle.", competences=competences[:2], by=odile, seen=seen)
        typed = {
            "name": "Le mien",
            "brief": "Écrit\r\npar moi.",
            "competences": [competences[3].pk],
            "operation": uuid4(),
        }

        refused = admin_client.post(url, {**typed, "seen": seen})

        shown = read(refused)
        assert (refused.status_code, Projet.objects.get().name) == (412, "Le sien")
        mine, hers = ("Le mien", "Écrit\npar moi.", "C2.1.2"), ("Le sien", "Écrit par elle.", "C1.1.1, C1.1.2")
        for expected in (*mine, *hers, "Odile Marchand", "Garder ma saisie", "Prendre ce qui est enregistré"):
            assert expected in shown, expected
        assert "par moi.</textarea>" in shown
        assert re.findall(r'value="(\d+)"[^>]*checked', shown) == [str(competences[3].pk)]

        kept = admin_client.post(url, {**typed, "seen": seen_in(shown)})

        assert (kept.status_code, Projet.objects.get().name) == (302, "Le mien")
        assert values_of(Projet.objects.get())["competences"] == ["C2.1.2"]

    def test_a_projet_removed_meanwhile_is_told(self, admin_client: Client, admin: User, version: Referentiel) -> None:
        projet = grouped(version, admin, "C1.1.1")
        remove_projet(projet, by=admin)
        assert admin_client.post(address("projet", projet.pk), {"name": "Autre"}).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_costs_the_same_whatever_it_shows(
        self, admin_client: Client, admin: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        version = build_referentiel(blocs=count, competences=2)
        for number in range(count):
            grouped(version, admin, "C1.1.1", name=f"Projet {number}")
        with django_assert_num_queries(PAGE_QUERIES):
            admin_client.get(address("projets", version.pk))

    def test_a_change_sent_twice_saves_once_and_accuses_nobody(
        self, admin_client: Client, admin: User, version: Referentiel
    ) -> None:
        projet = grouped(version, admin, "C1.1.1")
        typed = {"name": "Images", "brief": "", "competences": [version.competences.first().pk], "operation": uuid4()}
        typed["seen"] = seen_as(values_of(projet))

        answers = [admin_client.post(address("projet", projet.pk), typed) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert JournalEntry.objects.filter(verb="projet.changed").count() == 1
