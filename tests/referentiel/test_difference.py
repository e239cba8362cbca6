"""What changed between two versions, and only that (R-REF-2)."""

from collections.abc import Callable
from copy import deepcopy
from time import perf_counter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.difference import Kind, difference, tally, words_of
from referentiel.word_runs import MOST_EDITS, common_runs

TEXTS = st.lists(st.sampled_from(["le", "la", " ", "  ", "\n", "œuvre", ",", "’", "CE", "1"]), max_size=60).map("".join)


def content(blocs: int = 2, activites: int = 2, competences: int = 2, criteres: int = 3) -> Any:
    """A tree whose nodes have as lineage a number of their own."""
    numbers = iter(range(1, 10_000))

    def lineage() -> str:
        return str(UUID(int=next(numbers)))

    return {
        "certification": {"rncp_code": "RNCP1", "title": "Titre", "level": 7, "certifier": "Nous"},
        "version": 1,
        "predecessor": None,
        "sections": [{"title": "Préambule", "text": "Un texte."}, {"title": "Handicap", "text": "Un autre texte."}],
        "reglement": {"criteres_percent": 100, "motive_required": True},
        "blocs": [
            {
                "number": b,
                "title": f"Bloc {b}",
                "lineage": lineage(),
                "activites": [
                    {
                        "code": f"A{b}.{a}",
                        "title": f"Activité {b}.{a}",
                        "lineage": lineage(),
                        "competences": [
                            {
                                "code": f"C{b}.{a}.{c}",
                                "statement": f"Savoir faire {b} {a} {c}.",
                                "mise_en_situation": "",
                                "travail_demande": "Un rapport.",
                                "soutenance": "",
                                "lineage": lineage(),
                                "criteres": [
                                    {
                                        "number": n,
                                        "rubrique": "",
                                        "text": f"Le candidat a satisfait au critère {n}.",
                                        "is_oral": False,
                                        "mandatory": False,
                                        "threshold": None,
                                        "sous_elements": [],
                                        "lineage": lineage(),
                                    }
                                    for n in range(1, criteres + 1)
                                ],
                            }
                            for c in range(1, competences + 1)
                        ],
                    }
                    for a in range(1, activites + 1)
                ],
            }
            for b in range(1, blocs + 1)
        ],
    }


def changed(edit: Callable[[Any], object]) -> list[Any]:
    old = content()
    new = deepcopy(old)
    edit(new)
    return difference(old, new)


def competence(tree: Any, bloc: int, activite: int, rank: int) -> Any:
    return tree["blocs"][bloc]["activites"][activite]["competences"][rank]


def test_a_version_does_not_differ_from_itself() -> None:
    assert difference(content(), content()) == []


def test_one_word_of_one_critere() -> None:
    def edit(tree: Any) -> None:
        competence(tree, 0, 1, 0)["criteres"][2]["text"] = "Le candidat a pleinement satisfait au critère 3."

    (change,) = changed(edit)

    assert (change.kinds, change.level, change.name) == ({Kind.REWORDED}, "critere", "C1.2.1 CE3")
    (text,) = change.texts
    assert [piece.text for piece in text.pieces if not piece.is_old] == ["pleinement "]
    assert not [piece for piece in text.pieces if not piece.is_new]


def test_a_competence_moved_to_another_activite_moves_alone() -> None:
    def edit(tree: Any) -> None:
        there = tree["blocs"][1]["activites"][1]["competences"]
        there.append(tree["blocs"][0]["activites"][0]["competences"].pop(0))

    (change,) = changed(edit)

    assert change.kinds == {Kind.MOVED}
    assert (change.moved_from, change.moved_to) == ("A1.1", "A2.2")
    assert change.bloc == content()["blocs"][1]["lineage"]


def test_of_siblings_put_in_another_order_only_the_one_that_moved_is_told() -> None:
    def edit(tree: Any) -> None:
        criteres = competence(tree, 0, 0, 0)["criteres"]
        criteres.insert(0, criteres.pop())

    (change,) = changed(edit)

    assert (change.kinds, change.name) == ({Kind.MOVED}, "C1.1.1 CE3")
    assert (change.moved_from, change.moved_to) == ("rang 3", "rang 1")


def test_a_number_that_changes_is_not_a_move() -> None:
    (change,) = changed(lambda tree: competence(tree, 0, 0, 0)["criteres"][2].update(number=4))

    assert change.kinds == {Kind.RENUMBERED}
    assert (change.before, change.after) == ("C1.1.1 CE3", "C1.1.1 CE4")


def test_a_code_that_changes_leaves_the_criteres_under_it_alone() -> None:
    (change,) = changed(lambda tree: competence(tree, 0, 0, 0).update(code="C9.9"))

    assert (change.kinds, change.level) == ({Kind.RENUMBERED}, "competence")


def test_what_is_added_and_what_is_removed_come_with_everything_under_them() -> None:
    def edit(tree: Any) -> None:
        bloc = tree["blocs"].pop()
        newer = deepcopy(bloc)
        _renewed(newer)
        tree["blocs"].append(newer)

    changes = changed(edit)

    nodes = 1 + 2 + 4 + 12
    assert tally(changes) == {"added": nodes, "removed": nodes, "reworded": 0, "moved": 0, "renumbered": 0}
    assert [change.level for change in changes[:4]] == ["bloc", "activite", "competence", "critere"]


def test_a_reworded_node_that_moves_is_both() -> None:
    def edit(tree: Any) -> None:
        moved = tree["blocs"][0]["activites"][0]["competences"].pop()
        moved["statement"] = "Savoir tout autre chose."
        tree["blocs"][0]["activites"][1]["competences"].insert(0, moved)

    (change,) = changed(edit)

    assert change.kinds == {Kind.MOVED, Kind.REWORDED}


def test_sections_and_settings_are_compared_too() -> None:
    def edit(tree: Any) -> None:
        tree["sections"].reverse()
        tree["reglement"]["criteres_percent"] = 80
        tree["certification"]["title"] = "Autre titre"

    changes = changed(edit)

    assert [(change.level, change.kinds) for change in changes] == [
        ("certification", {Kind.REWORDED}),
        ("reglement", {Kind.REWORDED}),
        ("section", {Kind.MOVED}),
    ]


def test_two_sections_of_one_title_are_told_apart() -> None:
    old = content()
    old["sections"] = [{"title": "Note", "text": "Une."}, {"title": "Note", "text": "Deux."}]
    new = deepcopy(old)
    new["sections"][1]["text"] = "Trois."

    (change,) = difference(old, new)

    assert (change.level, change.kinds) == ("section", {Kind.REWORDED})


def test_texts_with_little_in_common_are_told_one_after_the_other() -> None:
    pieces = words_of("Le chat dort sur le lit.", "Une analyse statistique, le test")

    assert [(piece.is_old, piece.is_new) for piece in pieces] == [(True, False), (False, True)]


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = words_of(old, new)

    assert "".join(piece.text for piece in pieces if piece.is_old) == old
    assert "".join(piece.text for piece in pieces if piece.is_new) == new
    assert all(piece.is_old or piece.is_new for piece in pieces)


@given(st.text("abc", max_size=40), st.text("abc", max_size=40))
@settings(max_examples=400, deadline=None)
def test_the_common_runs_are_a_longest_common_sequence(old: str, new: str) -> None:
    runs = common_runs(old, new)

    assert all(old[run.old : run.old + run.size] == new[run.new : run.new + run.size] for run in runs)
    ends = [(run.old + run.size, run.new + run.size) for run in runs]
    assert all(here.old >= a and here.new >= b for (a, b), here in zip(ends, runs[1:], strict=False))
    assert sum(run.size for run in runs) == _longest(old, new)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_series_of_edits_is_told_and_nothing_else_is(data: st.DataObject) -> None:
    """Each node is edited at most once, in a way drawn at random; the changes are those."""
    old = content()
    new = deepcopy(old)
    expected: dict[str, set[Kind]] = {}
    for bloc in new["blocs"]:
        for activite in bloc["activites"]:
            for found in list(activite["competences"]):
                _edit(data, activite, found, expected)

    told = {change.lineage: set(change.kinds) for change in difference(old, new)}

    assert told == expected


@pytest.mark.parametrize("words", [MOST_EDITS * 4, 200])
def test_two_long_texts_are_compared_in_a_moment(words: int) -> None:
    old = " ".join(f"mot{at % 97}" for at in range(words))
    new = " ".join(f"mot{at % 89}" for at in range(words))

    begun = perf_counter()
    words_of(old, new)

    assert perf_counter() - begun < 3


def _edit(data: st.DataObject, activite: Any, found: Any, expected: dict[str, set[Kind]]) -> None:
    match data.draw(st.sampled_from(["nothing", "reword", "renumber", "both", "remove", "add"])):
        case "reword":
            found["travail_demande"] += " Et un dessin."
            expected[found["lineage"]] = {Kind.REWORDED}
        case "renumber":
            found["code"] += "bis"
            expected[found["lineage"]] = {Kind.RENUMBERED}
        case "both":
            found |= {"code": found["code"] + "bis", "statement": "Tout autre."}
            expected[found["lineage"]] = {Kind.REWORDED, Kind.RENUMBERED}
        case "remove":
            activite["competences"].remove(found)
            expected |= {node["lineage"]: {Kind.REMOVED} for node in [found, *found["criteres"]]}
        case "add":
            newer = deepcopy(found)
            _renewed(newer)
            activite["competences"].append(newer)
            expected |= {node["lineage"]: {Kind.ADDED} for node in [newer, *newer["criteres"]]}


def _renewed(node: Any) -> None:
    """The same with lineages nobody has."""
    node["lineage"] = str(UUID(int=UUID(node["lineage"]).int + 10**9))
    for name in ("activites", "competences", "criteres"):
        for child in node.get(name, []):
            _renewed(child)


def _longest(old: str, new: str) -> int:
    row = [0] * (len(new) + 1)
    for mine in old:
        previous = 0
        for at, its in enumerate(new, start=1):
            previous, row[at] = row[at], previous + 1 if mine == its else max(row[at], row[at - 1])
    return row[-1]
