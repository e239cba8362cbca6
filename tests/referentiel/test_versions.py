"""R-REF-1, R-REF-2, R-REF-5, R-REF-6: the life of a version, through the services."""

from datetime import date
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from core.exceptions import Refusal, Stale
from core.journal import first_broken_link
from core.models import JournalEntry
from referentiel.enums import ReferentielState
from referentiel.models import Certification, Critere, Referentiel, Registration, SousElement
from referentiel.nodes import InvalidNode, seen_as
from referentiel.queries.tree import content_of, fingerprint_for
from referentiel.services.drafts import Frozen
from referentiel.services.publishing import Incomplete, publish, retire
from referentiel.services.settling import change_reglement, record_registration, settings_of
from referentiel.services.versions import clone_to_draft, create_certification, create_draft, drop_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_certification, build_referentiel
from tests.referentiel.factories import publish as freeze

pytestmark = pytest.mark.django_db
IDENTITY = {"rncp_code": "RNCP1", "title": "Titre", "level": 6, "certifier": "Nous", "nsf": ""}
DATES = {"decided_on": date(2026, 1, 1), "ends_on": date(2029, 1, 1), "delivery_limit_on": date(2030, 1, 1)}


@pytest.fixture
def admin() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


def last_entry() -> JournalEntry:
    return JournalEntry.objects.latest("sequence")


def test_a_certification_is_created_and_journaled(admin: User) -> None:
    certification = create_certification(values=IDENTITY, by=admin)

    assert last_entry().verb == "certification.created"
    assert last_entry().subject_id == str(certification.pk)


@pytest.mark.parametrize(
    ("change", "field"), [({"rncp_code": ""}, "rncp_code"), ({"level": 9}, "level"), ({"title": "x" * 301}, "title")]
)
def test_a_wrong_certification_is_told_on_its_field(admin: User, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidNode) as refusal:
        create_certification(values={**IDENTITY, **change}, by=admin)

    assert field in refusal.value.errors


def test_an_rncp_code_is_registered_once(admin: User) -> None:
    create_certification(values=IDENTITY, by=admin)

    with pytest.raises(InvalidNode) as refusal:
        create_certification(values=IDENTITY, by=admin)

    assert "rncp_code" in refusal.value.errors
    assert Certification.objects.count() == 1


def test_a_first_draft_is_empty_with_the_defaults_of_the_reglement(admin: User) -> None:
    draft = create_draft(build_certification(), by=admin)

    assert (draft.version, draft.predecessor, draft.is_draft) == (1, None, True)
    assert draft.reglement.phases[0] == {"name": "Présentation", "minutes": 20}
    assert last_entry().verb == "referentiel.draft_created"


def test_one_draft_at_a_time(admin: User) -> None:
    source = build_referentiel()
    clone_to_draft(source, by=admin)

    with pytest.raises(Refusal, match="version 2 est déjà en brouillon"):
        clone_to_draft(source, by=admin)
    with pytest.raises(Refusal, match="version 2 est déjà en brouillon"):
        create_draft(source.certification, by=admin)


def test_a_clone_is_the_same_content_with_its_lineage(admin: User) -> None:
    """R-REF-2: nothing but the version and the predecessor differs."""
    source = build_referentiel(blocs=2, activites=2, competences=2, criteres=3, published=False, appeal_months=3)
    SousElement.objects.create(critere=source.criteres.last(), position=1, text="Un sous-élément")
    freeze(source)

    draft = clone_to_draft(source, by=admin)

    expected = {**content_of(source), "version": 2, "predecessor": 1}
    assert content_of(draft) == expected
    assert draft.predecessor == source
    assert last_entry().data == {"version": 2, "predecessor": 1}


def test_a_clone_changes_nothing_of_its_source(admin: User) -> None:
    source = build_referentiel()
    draft = clone_to_draft(source, by=admin)

    Critere.objects.filter(referentiel=draft).update(text="Autre")

    assert source.publication.fingerprint == fingerprint_for(source)


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_clone_costs_the_same_whatever_the_size(admin: User, blocs: int, django_assert_num_queries: Any) -> None:
    source = build_referentiel(blocs=blocs, activites=2, competences=2)
    source = Referentiel.objects.select_related("certification", "publication", "reglement").get(pk=source.pk)

    with django_assert_num_queries(21):
        clone_to_draft(source, by=admin)


def test_a_draft_is_not_cloned(admin: User) -> None:
    with pytest.raises(Refusal, match="modifiez-le directement"):
        clone_to_draft(build_referentiel(published=False), by=admin)


def test_a_retired_version_is_cloned(admin: User) -> None:
    source = build_referentiel()
    retire(source, by=admin, reason="Remplacée")

    assert clone_to_draft(Referentiel.objects.get(pk=source.pk), by=admin).version == 2


def test_a_draft_is_dropped_with_its_dates_and_the_journal_remembers(admin: User) -> None:
    draft = build_referentiel(published=False)
    record_registration(draft, **DATES, by=admin)

    drop_draft(draft, by=admin)

    assert not Referentiel.objects.exists()
    assert not Registration.objects.exists()
    assert last_entry().verb == "referentiel.draft_dropped"
    assert first_broken_link() is None


def test_a_published_version_is_not_dropped(admin: User) -> None:
    with pytest.raises(Frozen):
        drop_draft(build_referentiel(), by=admin)


@pytest.mark.usefixtures("alone")
def test_a_version_gone_meanwhile_is_told(admin: User) -> None:
    draft = build_referentiel(published=False)
    Referentiel.objects.filter(pk=draft.pk).delete()

    with pytest.raises(Refusal, match="supprimé entre-temps"):
        publish(draft, by=admin)


def test_the_reglement_of_a_draft_is_changed_and_journaled(admin: User) -> None:
    draft = build_referentiel(published=False)
    phases = [{"name": "Oral", "minutes": 45}]

    assert change_reglement(draft, values={"appeal_months": 4, "phases": phases}, by=admin)

    draft.reglement.refresh_from_db()
    assert (draft.reglement.appeal_months, draft.reglement.phases) == (4, phases)
    assert last_entry().data["before"]["appeal_months"] == 2


def test_the_same_reglement_writes_nothing(admin: User) -> None:
    draft = build_referentiel(published=False)

    assert not change_reglement(draft, values={"appeal_months": 2}, by=admin)

    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"criteres_percent": 0}, "criteres_percent"),
        ({"criteres_percent": 101}, "criteres_percent"),
        ({"phases": []}, "phases"),
        ({"phases": [{"name": " ", "minutes": 5}]}, "phases"),
        ({"phases": [{"name": "Oral", "minutes": 0}]}, "phases"),
        ({"phases": [{"name": "Oral", "minutes": "vingt"}]}, "phases"),
    ],
)
def test_a_reglement_out_of_bounds_is_refused(admin: User, values: dict[str, Any], field: str) -> None:
    draft = build_referentiel(published=False)

    with pytest.raises(InvalidNode) as refusal:
        change_reglement(draft, values=values, by=admin)

    assert field in refusal.value.errors


def test_the_reglement_is_frozen_and_never_overwritten_silently(admin: User) -> None:
    draft = build_referentiel(published=False)
    seen = seen_as(settings_of(draft.reglement))
    change_reglement(draft, values={"appeal_months": 4}, by=admin)

    with pytest.raises(Stale):
        change_reglement(draft, values={"appeal_months": 5}, by=admin, seen=seen)
    freeze(draft)
    with pytest.raises(Frozen):
        change_reglement(draft, values={"appeal_months": 5}, by=admin)


def test_registration_dates_are_recorded_and_prolonged_after_publication(admin: User) -> None:
    """R-REF-5."""
    referentiel = build_referentiel()
    record_registration(referentiel, **DATES, by=admin)

    prolonged = {**DATES, "delivery_limit_on": date(2031, 1, 1)}
    record_registration(referentiel, **prolonged, by=admin)
    record_registration(referentiel, **prolonged, by=admin)

    assert Registration.objects.get().delivery_limit_on == date(2031, 1, 1)
    assert JournalEntry.objects.count() == 2
    assert last_entry().data["before"]["delivery_limit_on"] == "2030-01-01"


def test_registration_dates_follow_one_another(admin: User) -> None:
    wrong = {**DATES, "ends_on": date(2025, 1, 1)}

    with pytest.raises(InvalidNode, match="Les dates se suivent"):
        record_registration(build_referentiel(), **wrong, by=admin)


@pytest.mark.usefixtures("alone")
def test_publication_freezes_under_the_fingerprint_of_the_content(admin: User) -> None:
    draft = build_referentiel(published=False)

    publication = publish(draft, by=admin)

    assert publication.fingerprint == fingerprint_for(draft)
    assert publication.published_by == admin
    assert last_entry().data == {"version": 1, "fingerprint": publication.fingerprint}
    assert Referentiel.objects.get().state == ReferentielState.PUBLISHED


@pytest.mark.usefixtures("alone")
def test_a_version_is_published_once(admin: User) -> None:
    draft = build_referentiel(published=False)
    publish(draft, by=admin)

    with pytest.raises(Frozen):
        publish(draft, by=admin)


@pytest.mark.usefixtures("alone")
def test_an_incomplete_tree_is_not_published_and_says_why(admin: User) -> None:
    draft = build_referentiel(published=False)
    draft.criteres.all().delete()

    with pytest.raises(Incomplete, match=r"C1\.1\.1 : il faut au moins un critère") as refusal:
        publish(draft, by=admin)

    assert [problem.place for problem in refusal.value.problems] == ["C1.1.1"]
    assert Referentiel.objects.get().is_draft


def test_a_retirement_has_a_reason_and_happens_once(admin: User) -> None:
    referentiel = build_referentiel()

    with pytest.raises(Refusal, match="motif"):
        retire(referentiel, by=admin, reason="  ")
    retire(referentiel, by=admin, reason="Remplacée par la version 2")

    assert Referentiel.objects.get().state == ReferentielState.RETIRED
    assert last_entry().reason == "Remplacée par la version 2"
    with pytest.raises(Refusal, match="Seul un référentiel publié"):
        retire(Referentiel.objects.get(), by=admin, reason="Encore")


def test_a_draft_is_not_retired(admin: User) -> None:
    with pytest.raises(Refusal, match="Seul un référentiel publié"):
        retire(build_referentiel(published=False), by=admin, reason="Non")


@pytest.mark.parametrize("name", ["decided_on", "ends_on", "delivery_limit_on"])
@pytest.mark.parametrize("year", [1989, 2101, 9999])
def test_registration_dates_stay_within_reason(admin: User, name: str, year: int) -> None:
    """R-REF-5."""
    with pytest.raises(InvalidNode) as refusal:
        record_registration(build_referentiel(), **{**DATES, name: date(year, 6, 1)}, by=admin)

    assert "Vérifiez l’année" in refusal.value.errors[name][0]
    assert not Registration.objects.exists()
