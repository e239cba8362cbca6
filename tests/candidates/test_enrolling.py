"""Enrolling (R-CAN-1) and declaring who may not judge (R-SCO-10, R-JUR-2)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from candidates.enums import LinkKind, VoieAcces
from candidates.models import Candidate, DeclaredLink, Enrolment
from candidates.services.enrolling import enrol
from candidates.services.linking import declare_link, remove_link
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from juries.queries.recusals import recusal_reasons
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


def enrolled(candidate: Candidate | None = None, **fields: Any) -> Enrolment:
    known = {"voie_acces": VoieAcces.VAE, "enrolled_on": date(2026, 1, 12), "by": scenes.a_manager()}
    return enrol(candidate or scenes.a_candidate(), **{**known, **fields})


def test_an_enrolment_aims_at_all_blocs_unless_some_are_named() -> None:
    referentiel = build_referentiel(blocs=3)

    whole = enrolled(referentiel=referentiel)
    part = enrolled(referentiel=referentiel, blocs=referentiel.blocs.filter(number__in=[3, 1]))

    assert [bloc.number for bloc in whole.blocs.order_by("number")] == [1, 2, 3]
    assert [bloc.number for bloc in part.blocs.order_by("number")] == [1, 3]
    assert JournalEntry.objects.filter(verb="enrolment.opened").latest("sequence").data["blocs"] == [1, 3]


def test_numbers_follow_each_other_within_a_year_even_past_five_figures() -> None:
    referentiel = build_referentiel()
    first = enrolled(referentiel=referentiel)
    Enrolment.objects.filter(pk=first.pk).update(number="2026-99999")

    assert enrolled(referentiel=referentiel).number == "2026-100000"
    assert enrolled(referentiel=referentiel).number == "2026-100001"
    assert enrolled(referentiel=referentiel, enrolled_on=date(2025, 9, 1)).number == "2025-00001"


def test_one_enrolment_per_version() -> None:
    """R-CAN-1."""
    enrolment = enrolled(referentiel=build_referentiel())

    with pytest.raises(Refusal, match="déjà inscrit"):
        enrolled(enrolment.candidate, referentiel=enrolment.referentiel)


def test_the_same_form_sent_twice_enrols_once() -> None:
    candidate, referentiel, manager, operation = scenes.a_candidate(), build_referentiel(), scenes.a_manager(), uuid4()

    first, second = (enrolled(candidate, referentiel=referentiel, by=manager, operation=operation) for _ in range(2))

    assert first == second
    assert JournalEntry.objects.filter(verb="enrolment.opened").count() == 1


def test_nobody_enrols_on_a_draft() -> None:
    with pytest.raises(Refusal, match="référentiel publié"):
        enrolled(referentiel=build_referentiel(published=False))


@pytest.mark.parametrize("blocs", ["none", "elsewhere"])
def test_the_blocs_are_those_of_the_version(blocs: str) -> None:
    chosen = [] if blocs == "none" else list(build_referentiel().blocs.all())

    with pytest.raises(Refusal, match="blocs de ce référentiel"):
        enrolled(referentiel=build_referentiel(), blocs=chosen)


@pytest.mark.parametrize("enrolled_on", [date(1999, 12, 31), timezone.localdate() + timedelta(days=367)])
def test_the_date_of_enrolment_is_of_our_time(enrolled_on: date) -> None:
    with pytest.raises(InvalidInput, match="vérifiez l’année"):
        enrolled(referentiel=build_referentiel(), enrolled_on=enrolled_on)


def test_a_declared_link_bars_and_is_journaled_once() -> None:
    """R-SCO-10, R-JUR-2."""
    enrolment, evaluateur, manager = scenes.an_enrolment(), scenes.an_evaluateur(), scenes.a_manager()

    for _ in range(2):
        declare_link(enrolment.candidate, user=evaluateur, kind=LinkKind.TRAINED, by=manager)

    assert JournalEntry.objects.filter(verb="link.declared").count() == 1
    assert recusal_reasons(evaluateur, enrolment) == ["a formé ou accompagné le candidat"]
    with pytest.raises(Refusal, match="lien déclaré"):
        scenes.a_soutenance(enrolment, evaluateur=evaluateur)


def test_a_removed_link_no_longer_bars_and_is_journaled_once() -> None:
    enrolment, evaluateur, manager = scenes.an_enrolment(), scenes.an_evaluateur(), scenes.a_manager()
    link = declare_link(enrolment.candidate, user=evaluateur, kind=LinkKind.RELATED, by=manager)

    for _ in range(2):
        remove_link(link, by=manager)

    assert not DeclaredLink.objects.exists()
    entry = JournalEntry.objects.get(verb="link.removed")
    assert entry.data == {"user": str(evaluateur.pk), "kind": "related"}
    assert recusal_reasons(evaluateur, enrolment) == []


def test_a_candidate_is_not_linked_to_themselves() -> None:
    candidate = scenes.a_candidate()

    with pytest.raises(Refusal, match="lui-même"):
        declare_link(candidate, user=candidate.user, kind=LinkKind.RELATED, by=scenes.a_manager())
