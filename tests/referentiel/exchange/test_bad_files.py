"""Files that are not what they say: refused with the place and the reason, never by a crash, never by halves."""

import io
import json
import random
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from referentiel.content import Content
from referentiel.exchange import case_package, csv_file, json_file, rncp, workbook
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import Unreadable

NOW = "2026-11-22T10:00:00+01:00"
CERTIFICATION = {"rncp_code": "RNCP1", "title": "Titre", "level": 7, "certifier": "Nous"}


def content() -> Content:
    critere = {"number": 1, "rubrique": "", "text": "Un critère.", "is_oral": False, "mandatory": False}
    critere |= {"threshold": None, "sous_elements": [], "lineage": ""}
    competence = {"code": "C1.1", "statement": "Savoir.", "criteres": [critere], "lineage": ""}
    competence |= dict.fromkeys(("mise_en_situation", "travail_demande", "soutenance"), "Texte.")
    activite = {"code": "A1.1", "title": "Une activité", "competences": [competence], "lineage": ""}
    bloc = {"number": 1, "title": "Un bloc", "activites": [activite], "lineage": ""}
    return {  # type: ignore[typeddict-item]  # built by hand
        "certification": dict(CERTIFICATION),
        "version": 1,
        "predecessor": None,
        "sections": [],
        "reglement": None,
        "blocs": [bloc],
    }


def with_ids() -> Content:
    given_content = content()
    bloc = given_content["blocs"][0]
    nodes = [bloc, bloc["activites"][0], bloc["activites"][0]["competences"][0]]
    nodes.append(nodes[2]["criteres"][0])  # type: ignore[typeddict-item]
    for rank, node in enumerate(nodes):
        node["lineage"] = f"00000000-0000-4000-8000-00000000000{rank}"
    return given_content


def fiche(body: str = "") -> bytes:
    return (
        "<FICHES><FICHE><NUMERO_FICHE>RNCP1</NUMERO_FICHE><INTITULE>Titre</INTITULE>"
        "<NOMENCLATURE_EUROPE><NIVEAU>NIV7</NIVEAU></NOMENCLATURE_EUROPE>"
        "<CERTIFICATEURS><CERTIFICATEUR><NOM_CERTIFICATEUR>Nous</NOM_CERTIFICATEUR></CERTIFICATEUR></CERTIFICATEURS>"
        "<BLOCS_COMPETENCES><BLOC_COMPETENCES><CODE>RNCP1BC01</CODE><LIBELLE>Un bloc</LIBELLE></BLOC_COMPETENCES>"
        f"</BLOCS_COMPETENCES>{body}</FICHE></FICHES>"
    ).encode()


def refused(read: Callable[[], object], *words: str) -> str:
    with pytest.raises(Unreadable) as refusal:
        read()
    told = " ".join(map(str, refusal.value.faults))
    for word in words:
        assert word in told, told
    return told


class TestTheTable:
    def csv(self, *rows: str) -> bytes:
        header = csv_file.write(content()).decode("utf-8-sig").splitlines()[0]
        return "\r\n".join([header, *rows]).encode()

    def read(self, data: bytes) -> Content:
        return csv_file.read(data, certification=CERTIFICATION)  # type: ignore[arg-type]

    def test_a_column_missing_unknown_or_twice_is_named(self) -> None:
        refused(
            lambda: self.read(b"Bloc;Bloc;Couleur\r\n1;1;bleu"), "« Énoncé de la compétence » manque", "« Couleur »"
        )
        refused(lambda: self.read(self.csv("x").replace(b"Rubrique", b"Bloc")), "deux fois")

    def test_another_encoding_is_refused_with_what_to_do(self) -> None:
        refused(lambda: self.read("Bloc;Intitulé".encode("cp1252")), "UTF-8")

    def test_a_code_used_twice_gives_both_lines(self) -> None:
        row = "1;Un;A1.1;Une;C1.1;Savoir;;;;{};;Texte"
        told = refused(
            lambda: self.read(self.csv(row.format(1), "2;Deux;A1.1;Autre;C1.2;Faire;;;;1;;Texte")),
            "ligne 3",
            "« A1.1 »",
        )
        assert "voir Fichier, ligne 2" in told

    def test_a_ce_number_used_twice_gives_both_lines(self) -> None:
        refused(
            lambda: self.read(self.csv("1;Un;A1;Une;C1;Savoir;;;;1;;Texte", ";;;;;;;;;1;;Autre")),
            "ligne 3",
            "déjà pris",
        )

    def test_a_line_without_anything_above_is_refused(self) -> None:
        refused(lambda: self.read(self.csv(";;;;;;;;;1;;Texte")), "ligne 2", "au-dessus")

    def test_a_title_said_otherwise_further_down_is_refused(self) -> None:
        refused(
            lambda: self.read(self.csv("1;Un;A1;Une;C1;Savoir;;;;1;;T", "1;Deux;;;;;;;;2;;T")), "ligne 3", "ligne 2"
        )

    def test_fifty_thousand_lines_are_refused(self) -> None:
        rows = [f"{n};Bloc" for n in range(50_000)]
        refused(lambda: self.read(self.csv(*rows)), "20000")

    def test_an_empty_file_is_refused(self) -> None:
        refused(lambda: self.read(b""), "manque")


class TestTheWorkbook:
    def test_a_formula_is_refused_with_its_line(self) -> None:
        book = _opened(workbook.write(content()))
        book["Référentiel"]["L2"] = "=CONCATENATE(A1,A2)"
        refused(lambda: workbook.read(_saved(book)), "Référentiel, ligne 2, cellule ", "formule")

    def test_without_its_sheet_it_is_refused(self) -> None:
        book = _opened(workbook.write(content()))
        del book["Référentiel"]
        refused(lambda: workbook.read(_saved(book)), "« Référentiel » manque")

    def test_a_zip_bomb_is_not_unpacked(self) -> None:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/workbook.xml", b"0" * 90_000_000)
        refused(lambda: workbook.read(data.getvalue()), "se déplie")

    def test_entities_are_refused(self) -> None:
        data, out = workbook.write(content()), io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as copy:
            for entry in source.infolist():
                body = source.read(entry)
                if entry.filename == "xl/workbook.xml":
                    body = b'<!DOCTYPE a [<!ENTITY b "c">]>' + body
                copy.writestr(entry, body)
        refused(lambda: workbook.read(out.getvalue()), "entités")

    def test_something_else_is_refused(self) -> None:
        refused(lambda: workbook.read(b"PK\x03\x04 but no more"), "XLSX")


class TestJson:
    def test_the_place_where_it_stops_being_json_is_given(self) -> None:
        refused(lambda: json_file.read(b'{\n "format": }'), "Ligne 2")

    def test_another_format_is_refused(self) -> None:
        refused(lambda: json_file.read(b'{"format": "other"}'), "parchemin.referentiel/1")

    def test_it_does_not_nest_without_end(self) -> None:
        refused(lambda: json_file.read(b"[" * 200_000))

    def test_an_identifier_used_twice_is_refused(self) -> None:
        twice = with_ids()
        twice["blocs"][0]["activites"][0]["lineage"] = twice["blocs"][0]["lineage"]
        refused(lambda: json_file.read(json_file.write(twice)), "identifiant")


class TestCase:
    def package(self) -> dict:
        return json.loads(case_package.write(with_ids(), changed_at=NOW))

    def test_a_cycle_is_refused(self) -> None:
        package = self.package()
        first, second = package["CFAssociations"][:2]
        first["destinationNodeURI"] = second["originNodeURI"]
        refused(lambda: case_package.read(json.dumps(package).encode()), "rattaché à rien, ou se contient")

    def test_an_item_under_two_parents_is_refused(self) -> None:
        package = self.package()
        package["CFAssociations"].append(package["CFAssociations"][0])
        refused(lambda: case_package.read(json.dumps(package).encode()), "CFAssociation n° 5")

    def test_a_sixth_level_is_refused(self) -> None:
        package = self.package()
        above = package["CFItems"][-1]["identifier"]
        for rank in range(2):
            item = {"identifier": f"10000000-0000-4000-8000-00000000000{rank}", "fullStatement": "Plus bas"}
            package["CFItems"].append(item)
            link = {"associationType": "isChildOf", "originNodeURI": item, "destinationNodeURI": {"identifier": above}}
            package["CFAssociations"].append(link)
            above = item["identifier"]
        refused(lambda: case_package.read(json.dumps(package).encode()), "5 niveaux")


class TestTheFiche:
    def test_entities_are_refused(self) -> None:
        bomb = b'<!DOCTYPE f [<!ENTITY a "aaaa">]>' + fiche("<ABREGE>&a;</ABREGE>")
        refused(lambda: rncp.read(bomb), "entités")

    def test_a_date_of_another_form_is_refused_with_its_place(self) -> None:
        refused(lambda: rncp.read(fiche("<DATE_DECISION>2025-03-28</DATE_DECISION>")), "DATE_DECISION", "JJ/MM/AAAA")

    def test_an_absent_fiche_is_refused(self) -> None:
        refused(lambda: rncp.read(fiche(), code="RNCP2"), "RNCP2")


READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "json": (json_file.write(with_ids()), json_file.read),
    "case": (case_package.write(with_ids(), changed_at=NOW), case_package.read),
    "csv": (csv_file.write(with_ids()), lambda data: csv_file.read(data, certification=CERTIFICATION)),  # type: ignore[arg-type]
    "rncp": (fiche("<DATE_DECISION>28/03/2025</DATE_DECISION>"), rncp.read),
    "xlsx": (workbook.write(with_ids()), workbook.read),
}
ROUNDS = {"json": 3_000, "case": 3_000, "csv": 2_500, "rncp": 1_500, "xlsx": 300}


@pytest.mark.parametrize("name", READERS)
def test_mutated_files_are_read_or_refused_and_nothing_else(name: str) -> None:
    """Ten thousand of them, three accidents at a time; the seed is fixed, so that a failure comes back."""
    data, read = READERS[name]
    chance = random.Random(f"parchemin {name}")  # noqa: S311  # a repeatable choice, not a secret
    outcomes = {"read": 0, "refused": 0}
    for _ in range(ROUNDS[name]):
        try:
            read(_mutated(data, chance))
            outcomes["read"] += 1
        except (Unreadable, rncp.SeveralFiches):
            outcomes["refused"] += 1
    assert outcomes["refused"] > ROUNDS[name] / 20


@pytest.mark.parametrize("name", [name for name in READERS if name != "xlsx"])
@given(junk=st.binary(max_size=400))
@settings(max_examples=50, deadline=None)
def test_anything_at_all_is_refused_in_words(name: str, junk: bytes) -> None:
    with pytest.raises(Unreadable):
        READERS[name][1](junk)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(3):
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 30)]
            case 2:
                changed[at:at] = changed[chance.randrange(len(changed)) :][: chance.randrange(1, 60)]
            case 3:
                changed[at:at] = chance.choice(
                    [b"\x00", b'"', b";", b"null", b"-1", b"1e999", b"[", b"\xff", b"9" * 400]
                )
    return bytes(changed) or b" "


def _opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def _saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("value", [1e999, "a\x00b", [[[[[[[1]]]]]]], {"a": "\ud800"}], ids=repr)
def test_a_setting_no_database_holds_is_refused(value: object) -> None:
    raw = {**content(), "reglement": {"phases": value}}

    with pytest.raises(Unreadable):
        checked(raw)


@pytest.mark.parametrize("code", ["C\x00", "C\ud800", "\x0b"], ids=repr)
def test_a_code_no_database_holds_is_refused_with_its_place(code: str) -> None:
    raw = content()
    raw["blocs"][0]["activites"][0]["code"] = code

    refused(lambda: json_file.read(json.dumps({"format": json_file.FORMAT, **raw}).encode()), "activité", "code")
