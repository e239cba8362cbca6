"""The fixture "Expert en data science" and its source, read side by side.

The source is a table of three columns turned into text. A compétence is a row; its
cells follow one another, column by column: activité, compétence, modalités, critères.
Where a page turns inside a row, the rest of each cut cell follows on the next page,
column by column again.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

FIXTURE: list[dict[str, Any]] = json.loads((FIXTURES / "expert_en_data_science.json").read_text(encoding="utf-8"))

NOTE = (FIXTURES / "expert_en_data_science.md").read_text(encoding="utf-8")

SOURCE_BYTES = (FIXTURES / "sources" / "expert_en_data_science.txt").read_bytes()

SOURCE = SOURCE_BYTES.decode("utf-8")

PAGE_TURN = "\n\n\n\n"

VERSION = ["RNCP37431", 1]

COMPETENCES_OF = {
    "A1.1": ["C1.1"],
    "A1.2": ["C1.2.1", "C1.2.2"],
    "A1.3": ["C1.3.1", "C1.3.2", "C1.3.3"],
    "A1.4": ["C1.4.1", "C1.4.2", "C1.4.3", "C1.4.4"],
    "A2.1": ["C2.1.1", "C2.1.2"],
    "A2.2": ["C2.2.1", "C2.2.2"],
    "A2.3": ["C2.3.1", "C2.3.2", "C2.3.3"],
    "A3.1": ["C3.1.1", "C3.1.2", "C3.1.3", "C3.1.4"],
    "A3.2": ["C3.2.1", "C3.2.2", "C3.2.3"],
    "A4.1": ["C4.1"],
    "A4.2": ["C4.2"],
    "A4.3": ["C4.3.1", "C4.3.2", "C4.3.3", "C4.3.4"],
    "A4.4": ["C4.4.1", "C4.4.2", "C4.4.3"],
}

LAST_CE = {
    "C1.1": 7,
    "C1.2.1": 3,
    "C1.2.2": 7,
    "C1.3.1": 8,
    "C1.3.2": 4,
    "C1.3.3": 4,
    "C1.4.1": 6,
    "C1.4.2": 9,
    "C1.4.3": 6,
    "C1.4.4": 4,
    "C2.1.1": 5,
    "C2.1.2": 10,
    "C2.2.1": 6,
    "C2.2.2": 6,
    "C2.3.1": 7,
    "C2.3.2": 7,
    "C2.3.3": 3,
    "C3.1.1": 4,
    "C3.1.2": 6,
    "C3.1.3": 6,
    "C3.1.4": 4,
    "C3.2.1": 3,
    "C3.2.2": 4,
    "C3.2.3": 5,
    "C4.1": 6,
    "C4.2": 4,
    "C4.3.1": 3,
    "C4.3.2": 4,
    "C4.3.3": 6,
    "C4.3.4": 5,
    "C4.4.1": 7,
    "C4.4.2": 5,
    "C4.4.3": 4,
}

SOUS_ELEMENTS = [
    "Critère de succès 1.1.1 Contenu non textuel",
    "Critère de succès 1.4.1 Utilisation de la couleur",
    "Critère de succès 1.4.3 Contraste (minimum)",
    "Critère de succès 1.4.4 Redimensionnement du texte",
    "Critère de succès 2.4.2 Titre de page",
]

# What the source puts between a code and its text: in the fixture the code is a field
# and the text another, so these marks are in neither. Codes not listed have none.
MARK_AFTER_CODE = {
    "A1.1": "–",
    "A1.2": "-",
    "A1.3": "-",
    "A1.4": "-",
    "A2.1": "–",
    "A2.2": "–",
    "A2.3": "–",
    "A3.1": "-",
    "A3.2": "-",
    "A4.2": "-",
    "C1.1": "–",
}

# Rows cut by a page: the words each cut column starts with on the next page.
RESUMES = {
    "C1.2.1": {
        "compétence": "données adapté à une",
        "modalités": "objectifs et les moyens pour nettoyer",
    },
    "C1.3.1": {
        "compétence": "structurées distribution, valider leur",
        "modalités": "des valeurs atypiques et présenter",
        "critères": "CE3",
    },
    "C1.4.2": {
        "compétence": "et réaliser un feature",
        "modalités": "Le candidat doit",
        "critères": "CE2",
    },
    "C1.4.3": {
        "modalités": "Le travail est présenté",
        "critères": '"bag-of-images" via la génération',
    },
    "C2.1.2": {
        "compétence": "performant pour la",
        "modalités": "Le candidat doit également",
        "critères": "pénalisation, visualisation des erreurs",
    },
    "C2.2.1": {
        "activité": "données structurées, pour",
        "compétence": "réaliser une segmentation ou",
        "modalités": "Le travail est présenté",
        "critères": "CE4",
    },
    "C2.3.1": {
        "activité": "learning) pour",
        "compétence": "modèles afin de réaliser une",
        "modalités": "Le travail est présenté",
        "critères": "CE3",
    },
    "C2.3.2": {"critères": "CE6"},
    "C3.1.2": {"critères": "CE5"},
    "C3.1.4": {"modalités": "pour vérifier l'acquisition"},
    "C3.2.3": {
        "compétence": "mise en œuvre d’applications à",
        "modalités": "Le travail est présenté",
        "critères": "CE3",
    },
    "C4.2": {"modalités": "Le travail est présenté", "critères": "CE4"},
    "C4.3.2": {"modalités": "pour vérifier l'acquisition"},
    "C4.4.2": {
        "compétence": "proposé, afin de communiquer",
        "modalités": "performance du modèle, l’interprétabilité",
        "critères": "CE4",
    },
}

TEXT_FIELDS = {
    "section": ["title", "text"],
    "bloc": ["title"],
    "activite": ["title"],
    "competence": ["statement", "mise_en_situation", "travail_demande", "soutenance"],
    "critere": ["rubrique", "text"],
    "souselement": ["text"],
}


def rows(model: str) -> list[dict[str, Any]]:
    """The fields of each object of a model, in the order of the fixture."""
    return [o["fields"] for o in FIXTURE if o["model"] == f"referentiel.{model}"]


def code_of(model: str, fields: dict[str, Any]) -> str:
    """The code an object goes by: bloc-1, A1.1, C1.1, C1.1-CE1."""
    match model:
        case "section":
            return f"section-{fields['position']}"
        case "bloc":
            return f"bloc-{fields['number']}"
        case "critere":
            return f"{fields['competence'][2]}-CE{fields['number']}"
        case "souselement":
            _, _, competence, number = fields["critere"]
            return f"{competence}-CE{number}-{fields['position']}"
        case _:
            return str(fields["code"])


def texts() -> Iterator[tuple[str, str]]:
    """Each text once, with its place; a rubrique counts once for all its CE."""
    rubriques = set()
    for model, names in TEXT_FIELDS.items():
        for fields in rows(model):
            for name in names:
                text = fields[name]
                if name == "rubrique":
                    if not text or text in rubriques:
                        continue
                    rubriques.add(text)
                yield f"{code_of(model, fields)} {name}", text


TEXTS = dict(texts())


def fold(text: str) -> str:
    """The text on one line, one space between words."""
    return " ".join(text.split())


FOLDED_SOURCE = fold(SOURCE)

FOLDED_PAGES = [fold(page) for page in SOURCE.split(PAGE_TURN)]


def criteres_of(competence: str) -> list[dict[str, Any]]:
    return [c for c in rows("critere") if c["competence"] == [*VERSION, competence]]


def labelled(code: str, text: str) -> list[str]:
    """A code, the mark that follows it in the source, the words of its text."""
    mark = MARK_AFTER_CODE.get(code)
    return [code, *([mark] if mark else []), *text.split()]


def column_headers() -> list[str]:
    """The words printed above the table of each bloc: the fourth section's text."""
    text: str = rows("section")[3]["text"]
    return text.split()


def criteres_column(competence: str) -> list[str]:
    words: list[str] = []
    rubrique = ""
    for critere in criteres_of(competence):
        if critere["rubrique"] != rubrique:
            rubrique = critere["rubrique"]
            words += rubrique.split()
        words += [f"CE{critere['number']}", *critere["text"].split()]
        key = [*VERSION, competence, critere["number"]]
        for sous_element in rows("souselement"):
            if sous_element["critere"] == key:
                words += ["●", *sous_element["text"].split()]
    return words


def cut(words: list[str], resume: str | None) -> tuple[list[str], list[str]]:
    """The words before and after the page turn; a column not cut ends before it."""
    if resume is None:
        return words, []
    run = resume.split()
    starts = [i for i in range(len(words)) if words[i : i + len(run)] == run]
    assert len(starts) == 1, f"« {resume} » must occur once in its column: {starts}"
    return words[: starts[0]], words[starts[0] :]


def source_written_back() -> list[str]:
    """The words of the source in its own order, made from the fixture alone."""
    article, handicap, octroi, headers = rows("section")
    quoted, *addresses = article["text"].split("\n\n")
    words = f"{headers['title']} {article['title']} {quoted}".split()
    words += f"{handicap['title']} {handicap['text']}".split()
    words += f"{octroi['title']} {octroi['text']}".split()
    words += addresses
    for bloc in rows("bloc"):
        words += column_headers()
        words += f"Bloc de compétences {bloc['number']} – {bloc['title']}".split()
        for activite in rows("activite"):
            if activite["bloc"] != [*VERSION, bloc["number"]]:
                continue
            heading = labelled(activite["code"], activite["title"])
            for competence in rows("competence"):
                if competence["activite"] != [*VERSION, activite["code"]]:
                    continue
                code = competence["code"]
                modalites = " ".join(
                    competence[name] for name in ("mise_en_situation", "travail_demande", "soutenance")
                )
                columns = {
                    "activité": heading,
                    "compétence": labelled(code, competence["statement"]),
                    "modalités": modalites.split(),
                    "critères": criteres_column(code),
                }
                resumes = RESUMES.get(code, {})
                halves = [cut(columns[name], resumes.get(name)) for name in columns]
                words += [word for before, _ in halves for word in before]
                words += [word for _, after in halves for word in after]
                heading = []
    return words
