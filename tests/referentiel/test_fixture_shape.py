"""R-REF-3: the fixture has the objects, the numbers and the particulars of its source, and no others."""

import re
import uuid
from collections import Counter

from tests.referentiel.fixture_source import (
    COMPETENCES_OF,
    FIXTURE,
    LAST_CE,
    SOURCE,
    SOUS_ELEMENTS,
    TEXTS,
    VERSION,
    code_of,
    criteres_of,
    rows,
)

ORAL = "La présentation orale est claire et synthétique."

OBJECTS = {
    "certification": 1,
    "referentiel": 1,
    "reglement": 1,
    "section": 4,
    "bloc": 4,
    "activite": 13,
    "competence": 33,
    "critere": 177,
    "souselement": 5,
    "publication": 1,
}


SKIPPED_CE = {"C4.1": {5}}

RUBRIQUES = {
    "Pertinence de l’analyse statistique uni-variée :": [1, 2, 3, 4],
    "Pertinence de l’analyse statistique bi-variées et multivariées  :": [5, 6, 7, 8],
}


THRESHOLDS = {
    "C1.2.2-CE2": (3, "au minimum trois méthodes"),
    "C1.3.1-CE5": (3, "au minimum trois graphiques"),
    "C1.4.2-CE7": (3, "a mis en oeuvre 3 démarches"),
    "C3.1.2-CE2": (3, "au moins trois versions distinctes"),
    "C4.4.1-CE2": (2, "au moins deux graphiques interactifs"),
}

# "au moins" or "au minimum" with nothing to count up to: one is enough, or one of each
# kind (C1.3.2-CE3, C2.1.1-CE4), or the list is the sub-items' (C4.4.1-CE5).
UNCOUNTED_MINIMUMS = {
    "C1.1-CE4",
    "C1.3.1-CE6",
    "C1.3.1-CE7",
    "C1.3.2-CE3",
    "C1.3.3-CE1",
    "C1.3.3-CE2",
    "C2.1.1-CE4",
    "C2.3.2-CE4",
    "C2.3.2-CE5",
    "C4.3.2-CE1",
    "C4.4.1-CE5",
    "C4.4.3-CE2",
}


def test_the_objects_come_in_the_order_they_load_without_primary_keys() -> None:
    """R-REF-3: 4 blocs, 13 activités, 33 compétences, 177 CE."""
    models = [o["model"].removeprefix("referentiel.") for o in FIXTURE]

    assert list(dict.fromkeys(models)) == list(OBJECTS)
    assert Counter(models) == OBJECTS
    assert models == sorted(models, key=list(OBJECTS).index)
    assert all(set(o) == {"model", "fields"} for o in FIXTURE)


def test_activites_and_competences_stand_where_the_source_puts_them() -> None:
    """R-REF-3: numbering is the source's."""
    for activite in rows("activite"):
        _, bloc, position = re.split(r"[A.]", activite["code"])
        assert activite["bloc"] == [*VERSION, int(bloc)]
        assert activite["position"] == int(position)

    found: dict[str, list[str]] = {}
    for competence in rows("competence"):
        codes = found.setdefault(competence["activite"][2], [])
        codes.append(competence["code"])
        assert competence["position"] == len(codes)

    assert [a["code"] for a in rows("activite")] == list(COMPETENCES_OF)
    assert found == COMPETENCES_OF
    assert [b["number"] for b in rows("bloc")] == [1, 2, 3, 4]


def test_ce_are_numbered_as_in_the_source_even_where_it_skips_one() -> None:
    """R-REF-3: C4.1 goes CE1, CE2, CE3, CE4, CE6."""
    assert [c["code"] for c in rows("competence")] == list(LAST_CE)
    for competence, last in LAST_CE.items():
        criteres = criteres_of(competence)
        skipped = SKIPPED_CE.get(competence, set())
        expected = [n for n in range(1, last + 1) if n not in skipped]
        assert [c["number"] for c in criteres] == expected
        assert [c["position"] for c in criteres] == list(range(1, len(criteres) + 1))

    labels = re.findall(r"^CE(\d+) ", SOURCE, flags=re.MULTILINE)
    assert [str(c["number"]) for c in rows("critere")] == labels


def test_the_modalites_of_a_competence_are_three_fields() -> None:
    """R-REF-3: a mise en situation, the travail demandé, the soutenance."""
    for competence in rows("competence"):
        assert competence["mise_en_situation"] == (
            "L'évaluation de la compétence est réalisée au moyen d'une mise en situation professionnelle reconstituée."
        )
        assert competence["travail_demande"].startswith("Le candidat doit")
        assert "Le travail est présenté" not in competence["travail_demande"]
        assert competence["soutenance"].startswith(
            "Le travail est présenté lors d’une soutenance à un évaluateur "
            "(expert technique). L'évaluateur posera des questions au candidat pour "
            "vérifier l'acquisition des compétences sur "
        )
        assert competence["soutenance"].endswith(".")


def test_the_oral_criterion_closes_each_competence_once() -> None:
    """R-REF-3, R-SCO-6: 33 occurrences, each its own row."""
    for competence in LAST_CE:
        oral = [c["is_oral"] for c in criteres_of(competence)]
        assert oral == [False] * (len(oral) - 1) + [True]
    for critere in rows("critere"):
        assert critere["is_oral"] is (critere["text"] == ORAL)
    assert sum(c["is_oral"] for c in rows("critere")) == 33


def test_only_c1_3_1_has_rubriques_and_it_has_two() -> None:
    """R-REF-3: headings to the letter, colon and double space included."""
    found: dict[str, list[int]] = {}
    for critere in rows("critere"):
        if critere["rubrique"]:
            assert critere["competence"] == [*VERSION, "C1.3.1"]
            found.setdefault(critere["rubrique"], []).append(critere["number"])

    assert found == RUBRIQUES


def test_only_c4_4_1_ce5_has_sub_items_and_it_has_five() -> None:
    """R-REF-3: the WCAG criteria, without their bullet."""
    sous_elements = rows("souselement")

    assert {tuple(s["critere"]) for s in sous_elements} == {(*VERSION, "C4.4.1", 5)}
    assert [s["position"] for s in sous_elements] == [1, 2, 3, 4, 5]
    assert [s["text"] for s in sous_elements] == SOUS_ELEMENTS
    assert TEXTS["C4.4.1-CE5 text"].endswith("du WCAG suivants :")


def test_a_threshold_is_a_number_the_text_asks_for() -> None:
    """R-REF-3, R-REF-4: two or more, in words or figures; no text is overlooked."""
    criteres = {code_of("critere", c): c for c in rows("critere")}
    counted = {k: c["threshold"] for k, c in criteres.items() if c["threshold"]}
    assert counted == {code: number for code, (number, _) in THRESHOLDS.items()}
    for code, (_, words) in THRESHOLDS.items():
        assert words in criteres[code]["text"]

    minimums = {code for code, c in criteres.items() if re.search(r"au (?:moins|minimum)\b", c["text"])}
    assert minimums == UNCOUNTED_MINIMUMS | (set(THRESHOLDS) - {"C1.4.2-CE7"})


def test_no_criterion_is_more_mandatory_than_another() -> None:
    """R-REF-3, R-REF-6: the source marks none; the règlement asks for all."""
    assert not any(c["mandatory"] for c in rows("critere"))
    (reglement,) = rows("reglement")
    assert reglement["criteres_percent"] == reglement["competences_percent"] == 100


def test_each_lineage_follows_from_the_code_and_is_like_no_other() -> None:
    """R-REF-2, R-REF-3: the same node has the same lineage wherever it is built."""
    found = {
        code_of(model, fields): fields["lineage"]
        for model in ("bloc", "activite", "competence", "critere")
        for fields in rows(model)
    }

    assert len(set(found.values())) == 4 + 13 + 33 + 177
    for code, lineage in found.items():
        name = f"urn:parchemin:RNCP37431:{code}"
        assert lineage == str(uuid.uuid5(uuid.NAMESPACE_URL, name))
