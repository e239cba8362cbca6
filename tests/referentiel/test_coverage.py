"""Coverage: each compétence of each bloc is presented at least once, or named."""

from referentiel.coverage import coverage

BLOCS = {"Bloc 1": ["C1.1", "C1.2"], "Bloc 2": ["C2.1"]}


def test_what_no_projet_presents_is_named_in_its_bloc() -> None:
    first, second = coverage(BLOCS, projets={"Vision": {"C1.2"}})
    assert (first.missing, first.covered, first.total) == (("C1.1",), 1, 2)
    assert second.missing == ("C2.1",)


def test_a_competence_says_every_projet_that_presents_it_in_their_order() -> None:
    first, second = coverage(BLOCS, projets={"Texte": {"C1.1", "C2.1"}, "Vision": {"C1.1", "C1.2"}})
    assert first.presented == (("C1.1", ("Texte", "Vision")), ("C1.2", ("Vision",)))
    assert first.missing == second.missing == ()


def test_without_projets_everything_is_missing() -> None:
    assert [bloc.missing for bloc in coverage(BLOCS, projets={})] == [("C1.1", "C1.2"), ("C2.1",)]
