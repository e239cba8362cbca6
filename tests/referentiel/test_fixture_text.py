"""R-REF-3: the fixture "Expert en data science" is its source, to the letter.

Knowing only where pages cut (`RESUMES`), the words of the source can be written back
from the fixture, each in its place: that is the proof; the other tests say the same in
words an auditor can check one at a time.
"""

import hashlib
import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.referentiel.fixture_source import (
    COMPETENCES_OF,
    FOLDED_PAGES,
    FOLDED_SOURCE,
    LAST_CE,
    MARK_AFTER_CODE,
    NOTE,
    RESUMES,
    SOURCE,
    SOURCE_BYTES,
    SOUS_ELEMENTS,
    TEXTS,
    column_headers,
    fold,
    rows,
    source_written_back,
)

SOURCE_SHA256 = "45bdac9f03c740179ea624b647660f96d5b0fa1bc83f4023c920cdca049462bc"


# The texts these cuts divide; every other one is in the source in one piece.
CUT_TEXTS = {
    "A2.2 title",
    "A2.3 title",
    "C1.2.1 statement",
    "C1.2.1 travail_demande",
    "C1.3.1 statement",
    "C1.3.1 travail_demande",
    "C1.4.2 statement",
    "C1.4.3-CE3 text",
    "C2.1.2 statement",
    "C2.1.2 travail_demande",
    "C2.1.2-CE2 text",
    "C2.2.1 statement",
    "C2.3.1 statement",
    "C3.1.4 soutenance",
    "C3.2.3 statement",
    "C4.3.2 soutenance",
    "C4.4.2 statement",
    "C4.4.2 travail_demande",
}


def test_the_source_beside_the_fixture_is_the_one_that_was_received() -> None:
    """R-REF-3: the proof lives in the repository, byte for byte."""
    assert hashlib.sha256(SOURCE_BYTES).hexdigest() == SOURCE_SHA256


def test_the_words_of_the_source_can_be_written_back_from_the_fixture() -> None:
    """R-REF-3: each word, in its place, under its own code; no word more or less."""
    assert source_written_back() == SOURCE.split()


def test_every_word_of_the_source_is_in_the_fixture_exactly_once() -> None:
    """R-REF-3: what the texts leave out is listed here, and is no text."""
    repeated_headers = Counter(column_headers() * 3)
    bloc_labels = Counter(word for n in range(1, 5) for word in ("Bloc", "de", "compétences", str(n), "–"))
    codes = Counter([*COMPETENCES_OF, *LAST_CE])
    marks = Counter(MARK_AFTER_CODE.values())
    ce_labels = Counter(f"CE{c['number']}" for c in rows("critere"))
    bullets = Counter({"●": len(SOUS_ELEMENTS)})
    left_out = repeated_headers + bloc_labels + codes + marks + ce_labels + bullets

    kept = Counter(word for text in TEXTS.values() for word in text.split())

    assert kept + left_out == Counter(SOURCE.split())


def test_no_text_is_empty_or_padded() -> None:
    """R-REF-3: one line a paragraph, one blank line between two."""
    faulty = [
        place for place, text in TEXTS.items() if any(p != p.strip() or not p or "\n" in p for p in text.split("\n\n"))
    ]

    assert faulty == []


def test_a_text_stands_in_the_source_in_one_piece_unless_a_page_cuts_its_cell() -> None:
    """R-REF-3: two sections are gathered by paragraphs, and say so in the note."""
    gathered = {"section-1 text", "section-4 text"}
    in_pieces = {place for place, text in TEXTS.items() if fold(text) not in FOLDED_SOURCE and place not in gathered}
    assert in_pieces == CUT_TEXTS

    for place in gathered:
        for paragraph in TEXTS[place].split("\n\n"):
            assert paragraph in FOLDED_SOURCE


@pytest.mark.parametrize("place", sorted(CUT_TEXTS))
def test_a_cut_text_is_cut_once_where_the_page_turns(place: str) -> None:
    """R-REF-3: its end is on the page that follows its beginning."""
    text = fold(TEXTS[place])
    code = re.split(r"[ -]", place)[0]
    row = COMPETENCES_OF[code][0] if code in COMPETENCES_OF else code
    (at,) = [text.index(f" {resume}") for resume in RESUMES[row].values() if f" {resume}" in text]
    head, tail = text[:at], text[at + 1 :]

    turns = [head in page and tail in following for page, following in pairwise(FOLDED_PAGES)]
    assert turns.count(True) == 1


def test_a_page_begins_with_a_heading_or_the_rest_of_a_cut_row() -> None:
    """R-REF-3: the rest of a cell is looked for nowhere else."""
    heading = re.compile(r"RÉFÉRENTIEL D'ACTIVITÉS|[AC]\d\.\d")
    rests = [page for page in FOLDED_PAGES[1:] if not heading.match(page)]

    first_words = [next(iter(columns.values())) for columns in RESUMES.values()]
    assert len(rests) == len(first_words) == 14
    for rest, words in zip(rests, first_words, strict=True):
        assert rest.startswith(words)


def test_each_line_of_the_source_is_kept_whole_with_its_spaces() -> None:
    """R-REF-3: « 2D . », double spaces, straight and curly apostrophes included."""
    label = re.compile(r"^(?:Bloc de compétences \d –|[AC]\d\.\d(?:\.\d)? *[–-]?|CE\d+|●(?! Bloc)) +")
    two_columns = {
        "MODALITÉS D’ÉVALUATION CRITÈRES D’ÉVALUATION",
        "une réduction de données. Le travail est présenté lors d’une soutenance à un évaluateur",
        "analyse prédictive. Le travail est présenté lors d’une soutenance à un évaluateur",
    }
    kept = "\n".join(TEXTS.values())
    lines = {label.sub("", line) for line in SOURCE.splitlines()}

    assert {line for line in lines if line not in kept} == two_columns


def test_no_double_space_is_lost_or_added() -> None:
    """R-REF-3: the seventh of the source stands between « A2.2 » and its dash."""
    doubled = re.compile(r"\S+ {2,}\S+")

    found = [run for text in TEXTS.values() for run in doubled.findall(text)]

    assert sorted([*found, "A2.2  –"]) == sorted(doubled.findall(SOURCE))


def test_a_paragraph_begins_where_a_line_of_the_source_begins() -> None:
    """R-REF-3: cells have one paragraph, but three of « travail demandé »."""
    paragraphs = {place: text.split("\n\n") for place, text in TEXTS.items()}
    several = {place: len(p) for place, p in paragraphs.items() if len(p) > 1}
    assert several == {
        "section-1 text": 3,
        "section-3 text": 5,
        "section-4 text": 5,
        "C1.3.1 travail_demande": 2,
        "C2.1.2 travail_demande": 2,
        "C2.2.2 travail_demande": 2,
    }

    starts = [fold(line) for line in SOURCE.splitlines() if line]
    # The headers of these two columns share a line.
    starts += ["MODALITÉS D’ÉVALUATION", "CRITÈRES D’ÉVALUATION"]
    for place in several:
        for paragraph in paragraphs[place]:
            assert any(paragraph.startswith(line) for line in starts)


def test_what_the_note_quotes_is_in_the_source() -> None:
    """R-REF-3: oddities are listed beside the fixture with their exact wording."""
    quotes = re.findall(r"«\s(.+?)\s»", NOTE, flags=re.DOTALL)
    known = [*TEXTS.values(), *SOURCE.splitlines(), FOLDED_SOURCE]

    assert len(quotes) > 50
    assert [q for q in quotes if not any(q in text for text in known)] == []
