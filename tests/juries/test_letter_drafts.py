"""The draft of a letter and how it is read again: pure (R-JUR-6)."""

from datetime import date

import pytest

from juries.appeal_delay import last_day
from juries.enums import Outcome
from juries.letter_view import Block, blocks_of
from juries.letters import LIMIT, Reexamined, Ruling, appeal_delay, draft
from tests.juries import contents

KIND = ("échec", "échoué", "insuffisant", "malheureusement", "regret")


def ruling(outcome: Outcome = Outcome.PARTIAL, **fields) -> Ruling:
    told = {
        "outcome": outcome,
        "blocs": (1, 2, 4) if outcome == Outcome.PARTIAL else (),
        "motive": "",
        "held_on": date(2026, 11, 30),
        "signatory": "Isabelle Mercier",
        "appeal_months": 2,
        "aimed": frozenset({1, 2, 3, 4}),
    }
    return Ruling(**{**told, **fields})


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_a_kind_letter_with_its_next_step(outcome):
    body = draft(contents.partial(), ruling(outcome))
    assert body.startswith("Madame, Monsieur,")
    assert "# La suite" in body
    assert "# Si vous contestez cette décision" in body
    assert body.endswith("Pour le jury,\nIsabelle Mercier")
    assert not [word for word in KIND if word in body.split("# Ce qu’il vous reste")[0].lower()]


def test_the_ce_to_take_up_again_come_with_their_text_and_comment():
    content = contents.partial()
    body = draft(content, ruling())
    for critere in contents.criteres(content):
        if critere["verdict"] == "non_acquis":
            assert f"- CE{critere['number']}\u00a0: {' '.join(critere['text'].split())}" in body
            assert all(f"> {line}" in body for line in critere["comment"].splitlines() if line)


def test_no_private_note_is_in_a_letter():
    content = contents.partial()
    for critere in contents.criteres(content):
        critere["private_note"] = "NOTE-CANARI"
    assert not [outcome for outcome in Outcome if "NOTE-CANARI" in draft(content, ruling(outcome))]


def test_who_is_certified_has_nothing_left_to_show():
    body = draft(contents.partial(), ruling(Outcome.CERTIFIED))
    assert "Ce qu’il vous reste à montrer" not in body
    assert "pas encore présenté" not in body


def test_what_was_never_presented_is_named_by_bloc():
    content = contents.partial()
    competence = contents.competence(content, "C3.2.1")
    competence.update({"acquired": False, "acquired_on": None, "evidence": None})
    body = draft(content, ruling())
    assert "# Ce que vous n’avez pas encore présenté" in body
    assert "C3.2.1" in body.split("# Ce que vous n’avez pas encore présenté")[1].split("#")[0]


def test_blocs_outside_the_enrolment_are_not_asked_for():
    assert "Ce qu’il vous reste à montrer" not in draft(contents.partial(), ruling(aimed=frozenset({1})))


def nothing_of(content, *fields: str):
    for bloc in content["blocs"]:
        for activite in bloc["activites"]:
            for competence in activite["competences"]:
                competence.update(dict.fromkeys(fields))
    return content


def test_a_refusal_says_what_is_kept_and_only_what_there_is():
    acquired, presented = "que vous avez déjà acquis le reste", "que vous avez présenté n’est pas perdu"
    every = draft(contents.partial(), ruling(Outcome.REFUSED))
    assert f"Ce {acquired}, et le travail {presented}." in every
    none_acquired = draft(nothing_of(contents.partial(), "acquired"), ruling(Outcome.REFUSED))
    assert f"Le travail {presented}." in none_acquired
    assert acquired not in none_acquired
    nothing = draft(nothing_of(contents.partial(), "acquired", "evidence"), ruling(Outcome.REFUSED))
    assert acquired not in nothing
    assert presented not in nothing


def test_a_decision_re_examined_is_told_before_anything_else():
    """R-JUR-5."""
    upheld = Reexamined(held_on=date(2026, 10, 5), upheld=True, reason="Recours accueilli.")
    body = draft(contents.partial(), ruling(reexamined=upheld))
    first, met = body.split("\n\n")[1:3]
    assert first == "Votre recours a été accueilli\u00a0: la décision que voici remplace celle du 5\u00a0octobre 2026."
    assert "a examiné de nouveau votre dossier" in met

    found = Reexamined(held_on=date(2026, 10, 5), upheld=False, reason="Une note lue\nde travers.")
    body = draft(contents.partial(), ruling(reexamined=found))
    assert body.split("\n\n")[1].startswith("La décision du 5\u00a0octobre 2026 vous concernant a été réexaminée")
    assert body.split("\n\n")[2] == "> Une note lue\n> de travers."
    assert "remplace" not in draft(contents.partial(), ruling())


def test_the_motive_is_quoted_word_for_word():
    body = draft(contents.partial(), ruling(motive="Une ligne.\n\n# Pas un titre"))
    quotes = [block.text for block in blocks_of(body) if block.kind == "quote"]
    assert "Une ligne.\n\n# Pas un titre" in quotes


@pytest.mark.parametrize("comment", ["", "x" * 900, "Une remarque. " * 700])
def test_a_letter_always_fits(comment):
    content = contents.partial()
    for critere in contents.criteres(content):
        critere.update({"verdict": "non_acquis", "comment": comment})
    for bloc in content["blocs"]:
        bloc["acquired"] = False
        for activite in bloc["activites"]:
            for competence in activite["competences"]:
                competence["acquired"] = False
    body = draft(content, ruling(Outcome.REFUSED))
    assert len(body) <= LIMIT
    assert "C4.1" in body
    assert body.endswith("Isabelle Mercier")


@pytest.mark.parametrize(
    ("months", "words"),
    [(0, "le jour même"), (1, "dans le mois qui suit"), (2, "dans les 2 mois qui suivent"), (6, "dans les 6 mois")],
)
def test_the_delay_is_said_in_words(months, words):
    assert appeal_delay(months).startswith(words)


def test_marks_are_read_again():
    blocks = blocks_of("# Titre\n\n## Sous\nUn texte\nsur deux lignes\n- un\n> dit\n> deux\n- deux\n\n> seul")
    assert [block.kind for block in blocks] == ["title", "subtitle", "text", "list", "quote"]
    assert blocks[2].text == "Un texte\nsur deux lignes"
    assert [(item.text, item.quote) for item in blocks[3].items] == [("un", "dit\ndeux"), ("deux", "")]


@pytest.mark.parametrize("body", ["#", "-", ">", "# ", "–", "\r\n\r\n", "##", "-\n>"])
def test_whatever_is_typed_is_shown_or_blank(body):
    shown = "".join(block.text for block in blocks_of(body) if isinstance(block, Block))
    assert shown.replace("\n", "") == "".join(body.split()).replace(">", "")


class TestTheLastDay:
    @pytest.mark.parametrize(
        ("published", "months", "last"),
        [
            (date(2026, 11, 30), 2, date(2027, 1, 30)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
            (date(2027, 12, 31), 2, date(2028, 2, 29)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 10, 15), 2, date(2026, 12, 15)),
            (date(2026, 5, 1), 0, date(2026, 5, 1)),
            (date(2026, 5, 1), 24, date(2028, 5, 1)),
        ],
    )
    def test_is_the_same_day_of_the_month_or_its_last(self, published, months, last):
        """R-JUR-8."""
        assert last_day(published, months) == last
