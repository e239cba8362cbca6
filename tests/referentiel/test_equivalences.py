"""R-CAN-1, R-REF-1, R-REF-2: equivalences proposed by lineage, declared by a person, frozen with the version."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from core.exceptions import InvalidInput, Refusal, Stale
from core.fingerprints import canonical_json
from core.models import JournalEntry
from referentiel.content import Content
from referentiel.equivalences import what_differs
from referentiel.exchange import case_package, csv_file, json_file, workbook
from referentiel.exchange.faults import Unreadable
from referentiel.models import Bloc, Competence, Critere, Equivalence, Referentiel
from referentiel.queries.equivalences import asked_by
from referentiel.queries.tree import content_of, fingerprint_for, with_tree
from referentiel.services.drafts import Frozen
from referentiel.services.equivalences import declare_equivalences, seen_as
from referentiel.services.importing import foreseen, hold, import_held, why_not
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish
from tests.referentiel.pages import address, read

pytestmark = pytest.mark.django_db
NOW = "2026-11-22T10:00:00+01:00"
FORMATS = {
    "json": (json_file.write, json_file.read),
    "xlsx": (workbook.write, workbook.read),
    "case": (lambda content: case_package.write(content, changed_at=NOW), case_package.read),
}


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


@pytest.fixture
def source(db: None) -> Referentiel:
    return build_referentiel(blocs=2, competences=2)


@pytest.fixture
def clone(source: Referentiel, admin: User) -> Referentiel:
    return clone_to_draft(source, by=admin)


def pair(draft: Referentiel, source: Referentiel, number: int = 1) -> tuple[int, int]:
    return draft.blocs.get(number=number).pk, source.blocs.get(number=number).pk


def differs(source: Referentiel, draft: Referentiel, number: int = 1) -> tuple[str, ...]:
    old, new = (asked_by(with_tree(Referentiel.objects.all()).get(pk=one.pk)) for one in (source, draft))
    return what_differs(old, new, str(source.blocs.get(number=number).lineage))


def test_a_clone_asks_the_same_and_declares_nothing(source: Referentiel, clone: Referentiel) -> None:
    assert differs(source, clone) == ()
    assert not Equivalence.objects.exists()
    assert content_of(clone) == {**content_of(source), "version": 2, "predecessor": 1}


def test_what_differs_is_told_competence_by_competence(source: Referentiel, clone: Referentiel) -> None:
    first, second = clone.competences.filter(activite__bloc__number=1).order_by("code")
    activite = clone.activites.get(bloc__number=2)
    Competence.objects.filter(pk=second.pk).update(activite=activite, position=3)
    Competence.objects.filter(pk=first.pk).update(statement="Autrement dit")
    Critere.objects.filter(competence=first, number=1).update(text="Autre critère")
    Critere.objects.filter(competence=first, number=2).delete()
    Critere.objects.create(referentiel=clone, competence=first, position=9, number=9, text="Nouveau")
    Competence.objects.create(
        referentiel=clone, activite=first.activite, position=9, code="C9", statement="Nouvelle", soutenance="Orale"
    )
    clone.competences.filter(code="C2.1.1").delete()

    assert differs(source, clone, 1) == (
        "C9 est ajoutée",
        "C1.1.2 passe au bloc 2",
        "C1.1.1 est reformulée (énoncé, CE1, CE9 ajouté, CE2 supprimé)",
    )
    assert differs(source, clone, 2) == ("C1.1.2 vient du bloc 1", "C2.1.1 est supprimée")


def test_codes_numbers_and_ranks_change_nothing_of_what_is_asked(source: Referentiel, clone: Referentiel) -> None:
    Competence.objects.filter(referentiel=clone, code="C1.1.1").update(code="C1.9", position=9)
    Critere.objects.filter(referentiel=clone, number=1).update(number=7)
    Bloc.objects.filter(referentiel=clone, number=1).update(title="Autre intitulé")

    assert differs(source, clone) == ()


def test_a_declaration_is_part_of_the_content_and_journaled(
    source: Referentiel, clone: Referentiel, admin: User
) -> None:
    before = fingerprint_for(clone)

    assert declare_equivalences(clone, wanted=[pair(clone, source)], by=admin)

    code = source.certification.rncp_code
    first, second = content_of(clone)["blocs"]
    assert first["equivalences"] == [{"rncp_code": code, "version": 1, "bloc": 1}]
    assert "equivalences" not in second
    assert fingerprint_for(clone) != before
    told = JournalEntry.objects.latest("sequence")
    assert (told.verb, told.data) == (
        "referentiel.equivalences_declared",
        {"before": [], "after": [f"Bloc 1 : {code}, version 1, bloc 1"]},
    )


def test_the_same_declaration_twice_writes_nothing(source: Referentiel, clone: Referentiel, admin: User) -> None:
    wanted = [pair(clone, source)]
    declare_equivalences(clone, wanted=wanted, by=admin)

    assert not declare_equivalences(clone, wanted=wanted, by=admin)
    assert declare_equivalences(clone, wanted=[], by=admin)
    assert not Equivalence.objects.exists()


def test_what_somebody_else_declared_is_not_undone(source: Referentiel, clone: Referentiel, admin: User) -> None:
    seen = seen_as([])
    declare_equivalences(clone, wanted=[pair(clone, source)], by=admin)

    with pytest.raises(Stale):
        declare_equivalences(clone, wanted=[], by=admin, seen=seen)
    assert Equivalence.objects.count() == 1
    assert not declare_equivalences(clone, wanted=[pair(clone, source)], by=admin, seen=seen), "the same form again"


def test_only_blocs_of_the_draft_and_published_ones_are_declared(
    source: Referentiel, clone: Referentiel, admin: User
) -> None:
    unpublished = build_referentiel(published=False)

    for wanted in (pair(source, source), pair(clone, unpublished), (clone.blocs.first().pk, 999_999)):
        with pytest.raises(InvalidInput, match="version publiée"):
            declare_equivalences(clone, wanted=[wanted], by=admin)


def test_a_published_declaration_never_changes(source: Referentiel, clone: Referentiel, admin: User) -> None:
    """R-REF-1: nothing enters, changes or leaves, by any way."""
    declare_equivalences(clone, wanted=[pair(clone, source)], by=admin)
    publish(clone)
    later = Bloc.objects.get(pk=pair(clone, source, 2)[0])

    with pytest.raises(Frozen):
        declare_equivalences(clone, wanted=[], by=admin)
    for action in (
        lambda: Equivalence.objects.all().delete(),
        lambda: Equivalence.objects.update(bloc=later),
        lambda: Equivalence.objects.create(bloc=later, earlier=source.blocs.get(number=2)),
    ):
        with pytest.raises(IntegrityError, match="est publié"), transaction.atomic():
            action()


def declared(source: Referentiel, clone: Referentiel, admin: User) -> Content:
    other = build_referentiel()
    wanted = [pair(clone, source), (pair(clone, source)[0], other.blocs.get().pk), pair(clone, source, 2)]
    declare_equivalences(clone, wanted=wanted, by=admin)
    return content_of(clone)


@pytest.mark.parametrize("name", FORMATS)
def test_declarations_come_back_to_the_byte(source: Referentiel, clone: Referentiel, admin: User, name: str) -> None:
    content = declared(source, clone, admin)
    write, read_back = FORMATS[name]

    assert canonical_json(read_back(write(content))) == canonical_json(content)


def test_declarations_come_back_from_csv(source: Referentiel, clone: Referentiel, admin: User) -> None:
    content = declared(source, clone, admin)

    read_back = csv_file.read(csv_file.write(content), certification=content["certification"])

    assert canonical_json(read_back["blocs"]) == canonical_json(content["blocs"])


def test_a_file_with_declarations_is_imported(source: Referentiel, clone: Referentiel, admin: User) -> None:
    content = declared(source, clone, admin)
    clone.delete()

    draft = import_held(hold(workbook.read(workbook.write(content)), file_name="r.xlsx", by=admin), by=admin)

    assert canonical_json(content_of(draft)) == canonical_json(content)


def test_a_file_that_cites_an_unknown_bloc_is_refused_before_anything_is_written(
    source: Referentiel, admin: User
) -> None:
    content = content_of(source)
    content["blocs"][1]["equivalences"] = [{"rncp_code": "RNCP1", "version": 3, "bloc": 2}]
    held = hold(content, file_name="r.json", by=admin)

    assert why_not(held) == ["Bloc 2 : « RNCP1, version 3, bloc 2 » n’est pas un bloc d’une version publiée ici."]
    assert foreseen(held)
    with pytest.raises(Refusal, match="RNCP1, version 3, bloc 2"):
        import_held(held, by=admin)
    assert Referentiel.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "RNCP1",
        ["RNCP1, version 1"],
        [{"rncp_code": "RNCP1", "version": 0, "bloc": 1}],
        [{"rncp_code": "RNCP 1", "version": 1, "bloc": 1}],
        [{"rncp_code": "RNCP1", "version": 1, "bloc": 1}] * 2,
    ],
)
def test_wrong_declarations_of_a_file_are_told(source: Referentiel, wrong: Any) -> None:
    raw = json.loads(json_file.write(content_of(source)))
    raw["blocs"][0]["equivalences"] = wrong

    with pytest.raises(Unreadable, match="quivalence"):
        json_file.read(json.dumps(raw).encode())


def test_the_page_proposes_and_a_person_decides(admin_client: Client, source: Referentiel, clone: Referentiel) -> None:
    Critere.objects.filter(referentiel=clone, competence__code="C2.1.1", number=1).update(text="Autre")
    url = address("equivalences", clone.pk)

    page = read(admin_client.get(url))
    assert "Proposé" in page
    assert "C2.1.1 est reformulée (CE1)" in page
    assert " checked" not in page
    keys = [f"{bloc}-{earlier}" for bloc, earlier in (pair(clone, source, 1), pair(clone, source, 2))]
    done = admin_client.post(url, {"seen": seen_as([]), "pairs": [*keys, ""]}, follow=True)

    assert "Les équivalences sont déclarées." in read(done)
    assert read(done).count(" checked") == 2
    assert "2 équivalences déclarées" in read(admin_client.get(address("publish", clone.pk)))
    assert "Reconnu à qui a acquis" in read(admin_client.get(address("detail", clone.pk)))


def test_a_refused_page_keeps_what_was_ticked(admin_client: Client, source: Referentiel, clone: Referentiel) -> None:
    bloc, earlier = pair(clone, source)
    url = address("equivalences", clone.pk)

    stale = admin_client.post(url, {"seen": "0" * 16, "pairs": [f"{bloc}-{earlier}"]})
    odd = admin_client.post(url, {"seen": seen_as([]), "pairs": ["quoi"]})

    assert stale.status_code == odd.status_code == 422
    assert read(stale).count(" checked") == 1
    assert not Equivalence.objects.exists()


def test_a_stale_page_shows_what_somebody_else_declared_beside_what_was_chosen(
    admin_client: Client, admin: User, source: Referentiel, clone: Referentiel
) -> None:
    """R-SCO-4."""
    declare_equivalences(clone, wanted=[pair(clone, source, 1)], by=admin)
    stranger = build_referentiel().blocs.get()
    mine = [f"{bloc}-{earlier}" for bloc, earlier in (pair(clone, source, 2), (pair(clone, source, 2)[0], stranger.pk))]

    stale = admin_client.post(address("equivalences", clone.pk), {"seen": seen_as([]), "pairs": mine})

    shown = read(stale)
    assert "Quelqu’un a changé les équivalences" in shown
    assert shown.count("Déclarée depuis, et pas cochée ici") == 1
    assert shown.count("Cochée ici, pas encore déclarée") == 1
    assert shown.count(" checked") == 1
    assert f'value="{mine[1]}" selected' in shown
    assert Equivalence.objects.count() == 1


def test_the_page_of_a_published_version_sends_to_reading(admin_client: Client, source: Referentiel) -> None:
    assert admin_client.get(address("equivalences", source.pk)).url == address("detail", source.pk)


@pytest.mark.parametrize("versions", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_versions(
    versions: int, admin_client: Client, admin: User, django_assert_num_queries: Any
) -> None:
    draft = build_referentiel()
    for _ in range(versions):
        draft = clone_to_draft(Referentiel.objects.get(pk=draft.pk), by=admin)
        publish(draft)
    draft = clone_to_draft(Referentiel.objects.get(pk=draft.pk), by=admin)

    with django_assert_num_queries(20):
        admin_client.get(address("equivalences", draft.pk))
