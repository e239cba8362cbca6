"""The dossier of the jury: everything is in it, where the contents say, and nothing that must not be."""

import io
import json
import re
from collections.abc import Iterator
from functools import cache

import page
import pypdf
import pytest

from core.fingerprints import canonical_json, sha256_hex
from juries.content import DossierContent, OutcomeValue
from juries.documents import dossier_html, dossier_pdf
from juries.dossier_charts import critere_map
from juries.dossier_view import OUTCOMES, Tally, view_of
from tests.juries import contents
from tests.printed import pages_of

HOSTILE = (
    '<b>gras</b> <script>alert(1)</script> <img src="http://127.0.0.1:1/x"> <img src="file:///etc/passwd">'
    "</p></li></ol><style>p{background:url(file:///etc/passwd)}</style> url(http://127.0.0.1:1/y) & {{ 7 }} {% now %}"
)
UNICODE = "عربي \u202eSIUQCA\u202c 👍🏽 \x00\x07\x1b \ufeff\u200b 漢字 e\u0301\u0302\u0303 " + "x" * 500


def made(content: DossierContent, confidential: str | None = None) -> bytes:
    return dossier_pdf(content, fingerprint=sha256_hex(canonical_json(content)), confidential=confidential)


@cache
def partial_pdf() -> bytes:
    return made(contents.partial())


def squeezed(text: str) -> str:
    """Return ``text`` without spaces, which extraction and line ends move about."""
    return re.sub(r"[\s\u2007\u202f\u00a0]+", "", text)


def printed(pdf: bytes) -> str:
    """Return the words of the evidence in order, without headers and footers."""
    kept = []
    for text in pages_of(pdf):
        lines = [line for line in text.splitlines() if not re.search(r"Page\s\d+\s/\s\d+|^Camille [^:]* · ", line)]
        kept.append("\n".join(lines))
    return squeezed("\n".join(kept))


def attached(pdf: bytes) -> bytes:
    return pypdf.PdfReader(io.BytesIO(pdf)).attachments["dossier.json"][0]


def failures(pdf: bytes) -> list[tuple[str, str]]:
    return [(failure.rule_id, failure.message) for failure in page.validate_pdf_bytes(pdf, profile="ua1").failures]


def test_all_177_ce_are_printed_to_the_letter_with_their_comments_and_notes() -> None:
    words = printed(partial_pdf())
    all_criteres = contents.criteres(contents.partial())
    assert len(all_criteres) == 177
    for critere in all_criteres:
        for text in (critere["text"], critere["rubrique"], critere["comment"], critere["private_note"]):
            assert squeezed(text) in words
        assert all(squeezed(item) in words for item in critere["sub_items"])


def test_each_verdict_is_a_sign_and_a_word() -> None:
    words = printed(partial_pdf())
    assert len(re.findall(r"CE\d+✓Acquis", words)) == 168
    assert len(re.findall(r"CE\d+×Nonacquis", words)) == 5
    assert len(re.findall(r"CE\d+–Nonévalué", words)) == 4


def test_page_one_answers_the_jury() -> None:
    content = contents.partial()
    first = pages_of(partial_pdf())[0]
    for said in (
        "Camille Martin-Delacroix",
        "Expert en data science",
        "RNCP37431",
        "référentiel version 1",
        "Validation partielle",
        "Le bloc 3 n'est pas acquis",
        "× Non acquis",
        "Tiers-temps",
        "révision 3",
        "22\u00a0novembre 2026 à\u00a014\u00a0h\u00a005",
    ):
        assert squeezed(said) in squeezed(first)
    assert sha256_hex(canonical_json(content)) in squeezed(first)


def test_the_contents_give_the_page_where_each_heading_is() -> None:
    pdf = partial_pdf()
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    wanted = {
        squeezed(item.title): reader.get_destination_page_number(item) + 1
        for item in flat(reader.outline)
        if re.match(r"Bloc \d|A\d|Synthèse|Règlement|Vérifier", item.title)
    }
    assert len(wanted) == 4 + 13 + 3
    contents_page = squeezed(pages_of(pdf)[1])
    for title, number in wanted.items():
        assert f"{number}{title}" in contents_page


def flat(outline: list[object]) -> Iterator[pypdf.generic.Destination]:
    for item in outline:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item  # type: ignore[misc]


def test_the_points_to_examine_give_the_page_where_the_ce_is() -> None:
    pages = pages_of(partial_pdf())
    points = dict(re.findall(r"(C\d[\d.]+)\s+p\.\s(\d+)", pages[2]))
    assert set(points) == {"C3.1.2", "C3.2.1", "C3.2.2", "C3.2.3"}
    for code, number in points.items():
        assert re.search(rf"^{re.escape(code)}\s", pages[int(number) - 1], re.MULTILINE)


def test_bookmarks_go_down_to_the_competence() -> None:
    titles = [item.title for item in flat(pypdf.PdfReader(io.BytesIO(partial_pdf())).outline)]
    assert "C3.1.2 × Non acquise" in titles
    assert sum(title.startswith("C") for title in titles) == 33


def test_each_page_but_the_first_says_who_where_and_which_revision() -> None:
    pages = pages_of(partial_pdf())
    short = sha256_hex(canonical_json(contents.partial()))[:8]
    for number, text in enumerate(pages[1:], start=2):
        assert f"Page {number} / {len(pages)}" in text
        assert f"Révision 3 · empreinte {short}" in text
        assert "Camille Martin-Delacroix · " in text
    assert "Camille Martin-Delacroix · Bloc 4" in pages[-2]


def test_the_file_conforms_to_pdf_ua_and_says_its_language_and_title() -> None:
    assert failures(partial_pdf()) == []
    reader = pypdf.PdfReader(io.BytesIO(partial_pdf()))
    assert reader.root_object["/Lang"] == "fr"
    assert reader.metadata
    assert reader.metadata.title == "Dossier de jury – Camille Martin-Delacroix – Expert en data science"


def test_the_attachment_is_the_content_and_has_its_fingerprint() -> None:
    content = contents.partial()
    assert json.loads(attached(partial_pdf())) == content
    assert sha256_hex(attached(partial_pdf())) == sha256_hex(canonical_json(content))


def test_the_same_content_gives_the_same_bytes() -> None:
    content = contents.small()
    first = made(content)
    assert made(contents.copied(content)) == first
    assert dossier_pdf(content, fingerprint=sha256_hex(canonical_json(content)), isolated=True) == first


def test_the_mention_is_on_its_own_page_and_nowhere_else() -> None:
    token = "JETON-7F3A"
    pdf = made(contents.small(), confidential=f"Le candidat indique : {token}.")
    pages = pages_of(pdf)
    assert [number for number, text in enumerate(pages, start=1) if token in text] == [2]
    label = "Confidentiel — mention portée à la connaissance du jury avec l’accord du candidat"
    assert squeezed(label) in squeezed(pages[1])
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert token.encode() not in attached(pdf)
    assert token not in str(reader.metadata) + reader.root_object["/Metadata"].get_data().decode()
    assert not any("onfidentiel" in item.title for item in flat(reader.outline))
    assert failures(pdf) == []


def test_without_a_mention_nothing_says_that_there_could_be_one() -> None:
    assert "onfidentiel" not in "".join(pages_of(made(contents.small())))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_proposal_has_its_words(outcome: OutcomeValue) -> None:
    content = contents.small()
    content["proposal"] = {"outcome": outcome, "reasons": ["Parce que."]}
    html = dossier_html(content, fingerprint="0" * 64)
    assert f'<p class="outcome">{OUTCOMES[outcome]}</p>' in html


def test_html_in_a_comment_is_text() -> None:
    pdf = made(contents.small(comment=HOSTILE))
    assert squeezed(HOSTILE) in printed(pdf)
    assert failures(pdf) == []


def test_hostile_characters_are_survived() -> None:
    pdf = made(contents.small(name="Zoë \x00\u202eطارق 🎓 O’Neil <i>", comment=UNICODE))
    assert "x" * 500 in printed(pdf)
    assert "\u202e" not in "".join(pages_of(pdf))
    assert json.loads(attached(pdf))["candidate"]["full_name"] == "Zoë \x00\u202eطارق 🎓 O’Neil <i>"


def test_a_very_long_comment_runs_over_pages_without_leaving_one_empty() -> None:
    comment = "Une remarque parmi d'autres, assez longue. " * 95
    pages = pages_of(made(contents.small(comment=comment)))
    first = next(number for number, text in enumerate(pages) if "Une remarque" in text)
    assert pages[first].count("Une remarque") > 20
    assert squeezed(comment) in printed(made(contents.small(comment=comment)))


def test_very_long_names_stay_on_their_page() -> None:
    content = contents.small(name="Marie-Anne Clémentine de La Rochefoucauld-Montbéliard d’Aubigné " * 2)
    content["certification"]["title"] = "Expert en ingénierie des systèmes d’information " * 4
    pages = pages_of(made(content))
    assert "Empreinte" in pages[0]
    assert squeezed(content["candidate"]["full_name"]) in squeezed(pages[0])


def test_missing_things_are_said_and_not_left_blank() -> None:
    content = contents.small(verdict=None)
    content["accommodations"] = []
    content["reglement"]["settings"] = []
    competence = contents.competence(content, "C1.1")
    competence.update({"acquired": False, "acquired_on": None, "evidence": None, "criteres": []})
    words = printed(made(content))
    assert "Aucunesoutenancesoumise" in words
    assert "AménagementsAucun" in words


def test_an_earlier_attempt_is_told_with_its_reasons() -> None:
    assert squeezed("Tentative antérieure, 3 février 2026, Mehdi Benhaddou. CE3 non acquis") in printed(partial_pdf())


def test_every_ce_refused_keeps_the_summary_short() -> None:
    content = contents.partial()
    for critere in contents.criteres(content):
        critere["verdict"] = "non_acquis"
    view = view_of(content)
    assert not view.spells_out
    assert len(view.to_examine) == 33
    assert failures(made(content)) == []


def test_the_map_draws_every_ce_and_tells_it_in_words() -> None:
    drawing = critere_map(view_of(contents.partial()))
    bars = 4
    assert sum(path.count("M") for path in drawing.fills.values()) == 168 + 5 + bars + 1
    assert drawing.crosses.count("M") == 2 * 5
    assert drawing.outlines.count("M") == 4 + 1
    assert "23\u00a0CE\u00a0acquis\u00a0sur\u00a032" in drawing.title


def test_a_tally_is_a_sentence_without_zeros() -> None:
    assert Tally(7, 0, 0).sentence == "7\u00a0CE\u00a0acquis\u00a0sur\u00a07"
    assert Tally(1, 2, 2).sentence.replace("\u00a0", " ") == "1 CE acquis sur 5, 2 non acquis, 2 non évalués"
