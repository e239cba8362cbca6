"""R-VAL-1, R-VAL-2, R-VAL-5: the calculation a diploma rests on."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.enums import Verdict
from assessments.verdicts import (
    Attempt,
    BlocRecord,
    CompetenceRecord,
    CritereResult,
    Rule,
    conclude,
    conclude_bloc,
    conclude_competence,
    meets,
)

A, N = Verdict.ACQUIS, Verdict.NON_ACQUIS
START = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
RULE = Rule()


def attempt(*verdicts: Verdict | None, after: int = 0, mandatory: set[int] = frozenset()) -> Attempt:
    return Attempt(
        reference=f"grille-{after:03d}",
        held_on=date(2026, 3, 12),
        evaluateur="Paul Roux",
        submitted_at=START + timedelta(days=after),
        criteres=tuple(
            CritereResult(f"CE{number}", verdict, number in mandatory) for number, verdict in enumerate(verdicts, 1)
        ),
    )


def test_a_competence_is_acquired_when_every_ce_is() -> None:
    conclusion = conclude_competence(CompetenceRecord("C1.1", (attempt(A, A, A),)), rule=RULE)
    assert conclusion.acquired
    assert conclusion.reasons == ("C1.1 acquise (soutenance du 12/03/2026, Paul Roux)",)


def test_one_failed_ce_withholds_the_competence_and_is_named() -> None:
    """R-VAL-5."""
    conclusion = conclude_competence(CompetenceRecord("C2.3.1", (attempt(A, A, A, N),)), rule=RULE)
    assert not conclusion.acquired
    assert conclusion.reasons == ("C2.3.1 CE4 non acquis (soutenance du 12/03/2026, Paul Roux)",)


def test_an_unjudged_ce_is_not_said_to_be_failed() -> None:
    conclusion = conclude_competence(CompetenceRecord("C1.1", (attempt(A, None),)), rule=RULE)
    assert conclusion.reasons == ("C1.1 CE2 non évalué (soutenance du 12/03/2026, Paul Roux)",)


def test_acquired_stays_acquired_whatever_comes_after() -> None:
    """R-VAL-1."""
    record = CompetenceRecord("C1.1", (attempt(N, N, after=9), attempt(A, A, after=3)))
    conclusion = conclude_competence(record, rule=RULE)
    assert conclusion.acquired_at == START + timedelta(days=3)


def test_a_competence_never_presented_says_so() -> None:
    assert conclude_competence(CompetenceRecord("C1.1"), rule=RULE).reasons == ("C1.1 non présentée",)


def test_the_threshold_is_rounded_up() -> None:
    """R-REF-6: 50 % of three CE is two."""
    assert not meets(attempt(A, N, N).criteres, rule=Rule(criteres_percent=50))
    assert meets(attempt(A, A, N).criteres, rule=Rule(criteres_percent=50))


def test_a_mandatory_ce_cannot_be_compensated() -> None:
    assert not meets(attempt(N, A, A, A, mandatory={1}).criteres, rule=Rule(criteres_percent=50))


def test_nothing_is_acquired_without_ce_or_competence() -> None:
    assert not conclude_competence(CompetenceRecord("C1.1", (attempt(),)), rule=RULE).acquired
    assert not conclude_bloc(BlocRecord(1, ()), rule=RULE).acquired
    assert not conclude((), rule=RULE).acquired


def test_a_bloc_is_dated_by_the_submission_that_completed_it() -> None:
    """R-VAL-2."""
    bloc = BlocRecord(
        1, (CompetenceRecord("C1.1", (attempt(A, after=5),)), CompetenceRecord("C1.2", (attempt(A, after=2),)))
    )
    conclusion = conclude_bloc(bloc, rule=RULE)
    assert conclusion.acquired_at == START + timedelta(days=5)
    assert conclusion.reasons == ("Bloc 1 acquis le 17/03/2026 (soutenance du 12/03/2026, Paul Roux)",)


def test_a_missing_competence_is_given_as_the_bloc_s_reason() -> None:
    bloc = BlocRecord(2, (CompetenceRecord("C2.1", (attempt(A),)), CompetenceRecord("C2.2", (attempt(A, N),))))
    assert conclude_bloc(bloc, rule=RULE).reasons == (
        "Bloc 2 non acquis : C2.2 CE2 non acquis (soutenance du 12/03/2026, Paul Roux)",
    )


def test_every_bloc_is_needed_for_the_certification() -> None:
    won, lost = BlocRecord(1, (CompetenceRecord("C1", (attempt(A),)),)), BlocRecord(2, (CompetenceRecord("C2"),))
    assert not conclude((won, lost), rule=Rule(1, 1)).acquired
    assert conclude((won,), rule=RULE).acquired


verdicts = st.sampled_from([A, N, None])
attempts = st.lists(
    st.builds(
        lambda marks, after: attempt(*marks, after=after),
        st.lists(verdicts, min_size=3, max_size=3),
        st.integers(0, 400),
    ),
    max_size=4,
    unique_by=lambda one: one.reference,
)
rules = st.builds(Rule, st.integers(1, 100), st.integers(1, 100))
blocs = st.lists(st.lists(attempts, min_size=1, max_size=4), min_size=1, max_size=4).map(
    lambda drawn: tuple(
        BlocRecord(
            number, tuple(CompetenceRecord(f"C{number}.{c}", tuple(tries)) for c, tries in enumerate(competences, 1))
        )
        for number, competences in enumerate(drawn, 1)
    )
)


@given(blocs, rules)
def test_certified_means_every_bloc_acquired_and_reasons_are_always_given(
    drawn: tuple[BlocRecord, ...], rule: Rule
) -> None:
    conclusion = conclude(drawn, rule=rule)
    assert conclusion.acquired == all(bloc.acquired for bloc in conclusion.blocs)
    assert all(bloc.reasons for bloc in conclusion.blocs)
    assert all(competence.reasons for bloc in conclusion.blocs for competence in bloc.competences)


@given(blocs, rules, st.lists(verdicts, min_size=3, max_size=3))
def test_a_later_attempt_never_takes_anything_away(
    drawn: tuple[BlocRecord, ...], rule: Rule, marks: list[Verdict | None]
) -> None:
    """R-VAL-1: acquired stays acquired, at the same date, by the same soutenance."""
    later = attempt(*marks, after=999)
    more = tuple(
        BlocRecord(
            bloc.number,
            tuple(CompetenceRecord(one.code, (*one.attempts, later)) for one in bloc.competences),
        )
        for bloc in drawn
    )
    for before, after in zip(conclude(drawn, rule=rule).blocs, conclude(more, rule=rule).blocs, strict=True):
        if before.acquired:
            assert after.completed_by == before.completed_by
        for one, two in zip(before.competences, after.competences, strict=True):
            if one.acquired:
                assert two.acquired_by == one.acquired_by


@given(blocs, rules)
def test_the_order_of_attempts_changes_nothing(drawn: tuple[BlocRecord, ...], rule: Rule) -> None:
    shuffled = tuple(
        BlocRecord(bloc.number, tuple(CompetenceRecord(c.code, c.attempts[::-1]) for c in bloc.competences))
        for bloc in drawn
    )
    assert conclude(shuffled, rule=rule) == conclude(drawn, rule=rule)


@given(blocs, st.integers(1, 100), st.integers(1, 99))
def test_a_stricter_reglement_never_gives_more(drawn: tuple[BlocRecord, ...], percent: int, less: int) -> None:
    strict, lenient = Rule(percent, percent), Rule(max(1, percent - less), max(1, percent - less))
    for hard, easy in zip(conclude(drawn, rule=strict).blocs, conclude(drawn, rule=lenient).blocs, strict=True):
        assert easy.acquired or not hard.acquired
