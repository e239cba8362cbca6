"""The command that loads fixtures: twice is once, and what is wrong is named with its place."""

import io
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import JournalEntry
from referentiel.models import Bloc, Certification, Critere, Publication, Referentiel
from referentiel.queries.tree import fingerprint_for

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[2] / "fixtures" / "expert_en_data_science.json"
LINEAGE = "00000000-0000-4000-8000-00000000000"

TREE: list[dict[str, Any]] = [
    {
        "model": "referentiel.certification",
        "fields": {"rncp_code": "RNCP1", "title": "Essai", "level": 6, "certifier": "Nous", "nsf": ""},
    },
    {
        "model": "referentiel.referentiel",
        "fields": {"certification": ["RNCP1"], "version": 1, "created_at": "2026-11-01T08:00:00Z"},
    },
    {"model": "referentiel.reglement", "fields": {"referentiel": ["RNCP1", 1]}},
    {
        "model": "referentiel.bloc",
        "fields": {"referentiel": ["RNCP1", 1], "number": 1, "title": "Bloc", "lineage": LINEAGE + "1"},
    },
    {
        "model": "referentiel.activite",
        "fields": {
            "referentiel": ["RNCP1", 1],
            "bloc": ["RNCP1", 1, 1],
            "position": 1,
            "code": "A1",
            "title": "Activité",
            "lineage": LINEAGE + "2",
        },
    },
    {
        "model": "referentiel.competence",
        "fields": {
            "referentiel": ["RNCP1", 1],
            "activite": ["RNCP1", 1, "A1"],
            "position": 1,
            "code": "C1",
            "statement": "Énoncé",
            "lineage": LINEAGE + "3",
        },
    },
    {
        "model": "referentiel.critere",
        "fields": {
            "referentiel": ["RNCP1", 1],
            "competence": ["RNCP1", 1, "C1"],
            "position": 1,
            "number": 1,
            "text": "Critère",
            "lineage": LINEAGE + "4",
        },
    },
]


def publication(fingerprint: str) -> dict[str, Any]:
    return {
        "model": "referentiel.publication",
        "fields": {
            "referentiel": ["RNCP1", 1],
            "published_at": "2026-11-01T09:00:00Z",
            "published_by": None,
            "fingerprint": fingerprint,
        },
    }


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Any], None]:
    def write_and_load(content: Any) -> None:
        file = tmp_path / "essai.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        call_command("loaddata", str(file), verbosity=0)

    return write_and_load


def dump() -> str:
    out = io.StringIO()
    call_command("dumpdata", "referentiel", "core", indent=1, stdout=out)
    return out.getvalue()


def changed(number: int, /, **fields: Any) -> list[dict[str, Any]]:
    """The small tree with some fields of its ``number``-th object changed."""
    tree = deepcopy(TREE)
    tree[number - 1]["fields"].update(fields)
    return tree


def test_the_real_fixture_loads_and_carries_the_fingerprint_of_its_content() -> None:
    """R-REF-1, R-REF-3."""
    call_command("loaddata", "expert_en_data_science", verbosity=0)

    referentiel = Referentiel.objects.get()
    assert referentiel.publication.fingerprint == fingerprint_for(referentiel)
    assert Critere.objects.count() == 177


def test_loading_twice_changes_nothing() -> None:
    """R-REF-1: a published tree loaded again is the same rows, byte for byte, and the journal says nothing."""
    call_command("loaddata", "expert_en_data_science", verbosity=0)
    once = dump()

    call_command("loaddata", "expert_en_data_science", verbosity=0)

    assert dump() == once
    assert not JournalEntry.objects.exists()


def test_loading_again_leaves_the_nsf_noted_since() -> None:
    """R-JUR-7: the source names none, and nothing could be delivered any more."""
    call_command("loaddata", "expert_en_data_science", verbosity=0)
    Certification.objects.update(nsf="326")

    call_command("loaddata", "expert_en_data_science", verbosity=0)

    assert Certification.objects.get().nsf == "326"


def test_a_draft_without_publication_is_loaded(load: Callable[[Any], None]) -> None:
    load(TREE)

    assert Referentiel.objects.get().is_draft


def test_a_publication_with_the_right_fingerprint_is_loaded(load: Callable[[Any], None]) -> None:
    load(TREE)
    fingerprint = fingerprint_for(Referentiel.objects.get())

    load([*TREE, publication(fingerprint)])

    assert not Referentiel.objects.get().is_draft


BROKEN_JSON = '[\n {"model": "referentiel.bloc",\n  "fields": {]\n]'
MALFORMED: dict[str, tuple[Any, list[str]]] = {
    "broken JSON": (BROKEN_JSON, ["ligne 3, colonne 14", "ce n’est pas du JSON"]),
    "not a list": ('{"model": "x"}', ["une liste d’objets"]),
    "not an object": ("[12]", ["objet 1 :", "« model »"]),
    "no fields": ([{"model": "referentiel.bloc"}], ["objet 1, referentiel.bloc", "« fields »"]),
    "unknown model": (
        [*TREE, {"model": "referentiel.module", "fields": {}}],
        ["objet 8, referentiel.module", "modèle inconnu"],
    ),
    "unknown field": (changed(4, subtitle="x"), ["objet 4, referentiel.bloc RNCP1 / 1 / 1", "champ « subtitle »"]),
    "missing parent": (
        changed(6, activite=["RNCP1", 1, "A9"]),
        ["objet 6, referentiel.competence RNCP1 / 1 / C1", "champ « activite »", "RNCP1 / 1 / A9"],
    ),
    "missing référentiel": (changed(4, referentiel=["RNCP9", 1]), ["objet 4", "champ « referentiel »", "RNCP9 / 1"]),
    "missing predecessor": (changed(2, predecessor=["RNCP1", 7]), ["objet 2", "champ « predecessor »"]),
    "parent by a broken key": (changed(4, referentiel=["RNCP1"]), ["objet 4, referentiel.bloc", "ne peut pas être lu"]),
    "empty text": (changed(7, text=""), ["objet 7, referentiel.critere RNCP1 / 1 / C1 / 1", "champ « text »"]),
    "null text": (changed(7, text=None), ["objet 7", "champ « text »", "null"]),
    "text where a number is due": (changed(7, number="trois"), ["objet 7", "champ « number »", "un nombre entier"]),
    "number where a text is due": (changed(7, text=3), ["objet 7", "champ « text »", "un texte"]),
    "boolean where a number is due": (changed(4, number=True), ["objet 4", "champ « number »"]),
    "number where a boolean is due": (changed(7, is_oral=1), ["objet 7", "champ « is_oral »", "true ou false"]),
    "not a date": (changed(2, created_at="hier"), ["objet 2, referentiel.referentiel RNCP1 / 1", "hier"]),
    "not a lineage": (changed(4, lineage="abc"), ["objet 4, referentiel.bloc", "abc"]),
    "phases that are not phases": (changed(3, phases=["x"]), ["objet 3", "champ « phases »", "Chaque phase"]),
    "a share above 100": (changed(3, criteres_percent=120), ["objet 3", "de 1 à 100"]),
    "a code too long": (changed(5, code="A" * 21), ["objet 5", "champ « code »"]),
    "a number too small": (changed(4, number=0), ["objet 4", "referentiel.bloc"]),
    "duplicate code": ([*TREE, TREE[5]], ["objet 8, referentiel.competence RNCP1 / 1 / C1", "objet 6"]),
    "duplicate number": ([*TREE, TREE[6]], ["objet 8, referentiel.critere RNCP1 / 1 / C1 / 1", "objet 7"]),
    "publication first": (
        [publication("a" * 64), *TREE],
        ["objet 1, referentiel.publication RNCP1 / 1", "champ « referentiel »"],
    ),
    "publication before the end": (
        [*TREE[:6], publication("a" * 64), TREE[6]],
        ["objet 8, referentiel.critere RNCP1 / 1 / C1 / 1", "Ce référentiel est publié"],
    ),
    "fingerprint of something else": (
        [*TREE, publication("a" * 64)],
        ["objet 8, referentiel.publication RNCP1 / 1", "champ « fingerprint »"],
    ),
    "no fingerprint": ([*TREE, publication("")], ["objet 8", "champ « fingerprint »"]),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_fixture_loads_nothing_and_names_the_place(load: Callable[[Any], None], case: str) -> None:
    """R-REF-1, R-REF-3."""
    content, words = MALFORMED[case]

    with pytest.raises(CommandError) as refusal:
        load(content)

    sentence = str(refusal.value)
    assert "essai.json" in sentence
    assert sentence.endswith("Rien n’a été chargé.")
    for expected in words:
        assert expected in sentence
    assert not Certification.objects.exists()
    assert not Bloc.objects.exists()
    assert not Publication.objects.exists()


def test_a_published_tree_is_not_changed_by_another_fixture(load: Callable[[Any], None]) -> None:
    """R-REF-1: the changed row is named."""
    load(TREE)
    load([*TREE, publication(fingerprint_for(Referentiel.objects.get()))])

    with pytest.raises(CommandError, match=r"objet 7, referentiel.critere RNCP1 / 1 / C1 / 1 : .*est publié"):
        load(changed(7, text="Autre"))

    assert Critere.objects.get().text == "Critère"


def test_bytes_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    file = tmp_path / "latin.json"
    file.write_bytes('[{"model": "é"}]'.encode("latin-1"))

    with pytest.raises(CommandError, match="UTF-8"):
        call_command("loaddata", str(file), verbosity=0)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(CommandError, match="« nulle_part »"):
        call_command("loaddata", "nulle_part", verbosity=0)
