"""« Et si ? »: other thresholds tried on past grilles, which nothing changes (R-REF-6)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from assessments.enums import Verdict
from assessments.models import BlocAcquisition, CompetenceAcquisition, Mark
from assessments.queries.what_if import bloc_sizes, presented_in
from assessments.services.settling import settle
from assessments.services.submission import confirm_agreement, submit
from assessments.verdicts import CritereResult, Rule, enough, meets
from assessments.what_if import BlocChange, CompetenceChange, Presented, simulate
from core.models import JournalEntry
from referentiel.models import Referentiel
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.referentiel.factories import build_referentiel

PAGE_QUERIES = 8  # session, person, roles, version, règlement, compétences, grilles, blocs
ALL, HALF = Rule(), Rule(criteres_percent=50)


def presented(competence: str, acquired: int, total: int = 4, **other: object) -> Presented:
    known = {"enrolment": "2026-00001", "soutenance": "s", "held_on": date(2026, 3, 12), "bloc": 1}
    return Presented(competence=competence, acquired=acquired, total=total, **{**known, **other})


def test_lower_thresholds_gain_a_competence_and_its_bloc() -> None:
    rows = [presented("C1.1", 4), presented("C1.2", 2)]
    found = simulate(rows, sizes={1: 2}, before=ALL, after=HALF)
    assert (found.presented, found.acquired_before, found.acquired_after) == (2, 1, 2)
    assert found.changed == (CompetenceChange(rows[1], gained=True),)
    assert found.blocs == (BlocChange("2026-00001", 1, gained=True),)


def test_higher_thresholds_lose_them() -> None:
    found = simulate([presented("C1.1", 2)], sizes={1: 1}, before=HALF, after=ALL)
    assert ([change.gained for change in found.changed], found.lost) == ([False], 1)


def test_a_mandatory_ce_missed_withholds_whatever_the_threshold() -> None:
    found = simulate([presented("C1.1", 3, mandatory_met=False)], sizes={1: 1}, before=ALL, after=Rule(1, 1))
    assert found.changed == ()


def test_a_competence_presented_twice_counts_once_for_its_bloc() -> None:
    """R-VAL-1."""
    rows = [presented("C1.1", 4, soutenance="a"), presented("C1.1", 4, soutenance="b")]
    assert simulate(rows, sizes={1: 2}, before=Rule(100, 50), after=ALL).blocs == (
        BlocChange("2026-00001", 1, gained=False),
    )


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8), st.integers(1, 100))
def test_counting_says_what_the_verdicts_say(criteres: list[tuple[bool, bool]], percent: int) -> None:
    """The simulation and the calculation a diploma rests on never disagree (R-VAL-1)."""
    rule = Rule(percent)
    results = [
        CritereResult(f"CE{number}", Verdict.ACQUIS if acquired else Verdict.NON_ACQUIS, mandatory)
        for number, (acquired, mandatory) in enumerate(criteres)
    ]
    counted = enough(
        sum(acquired for acquired, _ in criteres),
        len(criteres),
        mandatory_met=all(acquired for acquired, mandatory in criteres if mandatory),
        rule=rule,
    )
    assert meets(results, rule=rule) == counted


@pytest.mark.django_db
class TestFromTheGrilles:
    @pytest.fixture
    def version(self) -> Referentiel:
        return build_referentiel(blocs=2, criteres=4)

    def failing_one(self, version: Referentiel) -> None:
        enrolment = scenes.an_enrolment(version)
        first = version.competences.first()
        grille = scenes.grille_of(scenes.a_soutenance(enrolment, competences=[first]))
        scenes.mark_all(grille, failing=[first.criteres.first().pk])
        submit(grille, by=grille.evaluateur)

    def test_submitted_grilles_are_counted_and_others_are_not(self, version: Referentiel) -> None:
        self.failing_one(version)
        scenes.mark_all(scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(version))))
        (row,) = presented_in(version)
        assert (row.competence, row.bloc, row.acquired, row.total, row.mandatory_met) == ("C1.1.1", 1, 3, 4, True)
        assert bloc_sizes(version) == {1: 1, 2: 1}

    def test_a_settled_verdict_is_the_one_that_counts(self, version: Referentiel) -> None:
        """R-SCO-9."""
        soutenance = scenes.in_disagreement(scenes.an_enrolment(version), competences=[version.competences.first()])
        settle(
            soutenance,
            critere=Mark.objects.get(verdict=Verdict.NON_ACQUIS).critere,
            verdict=Verdict.NON_ACQUIS,
            comment="À reprendre.",
            reason="Vu ensemble.",
            from_version=0,
            by=soutenance.evaluateur,
        )
        confirm_agreement(soutenance, by=soutenance.evaluateur)
        (row,) = presented_in(version)
        assert (row.acquired, row.total) == (3, 4)

    def test_the_page_tells_what_would_change_and_changes_nothing(self, version: Referentiel) -> None:
        self.failing_one(version)
        before = (list(Mark.objects.values()), CompetenceAcquisition.objects.count(), JournalEntry.objects.count())

        page = read(version, criteres="75").content.decode()

        assert "Deviendrait acquise" in page
        assert "3 sur 4" in page
        assert "bloc 1\xa0: serait acquis" in page
        assert before == (
            list(Mark.objects.values()),
            CompetenceAcquisition.objects.count(),
            JournalEntry.objects.count(),
        )
        assert not BlocAcquisition.objects.exists()

    def test_the_thresholds_of_today_change_nothing(self, version: Referentiel) -> None:
        self.failing_one(version)
        assert "Aucune issue ne changerait" in read(version).content.decode()

    @pytest.mark.parametrize("typed", ["0", "101", "beaucoup", ""])
    def test_a_threshold_that_is_none_is_told_and_kept(self, version: Referentiel, typed: str) -> None:
        answer = read(version, criteres=typed)
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode() or not typed

    def test_a_draft_has_no_grilles_to_try(self) -> None:
        assert read(build_referentiel(published=False)).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_costs_the_same_whatever_the_grilles(
        self, count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        version = build_referentiel(blocs=count, criteres=4)
        for _ in range(count):
            self.failing_one(version)
        client = an_administrateur()
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(reverse("assessments:what_if", args=[version.pk]), {"criteres": "50"})


def an_administrateur() -> Client:
    return client_of(UserFactory(roles=[Role.ADMINISTRATEUR]))


def read(version: Referentiel, **query: str):  # type: ignore[no-untyped-def]
    return an_administrateur().get(reverse("assessments:what_if", args=[version.pk]), query)
