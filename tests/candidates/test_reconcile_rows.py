"""What is stored about candidates is what the journal tells: each check finds the altered row (R-ALL-1)."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils import timezone

from candidates.enums import ConsentScope, VoieAcces
from candidates.models import Accommodation, Candidate, Enrolment, HandicapDisclosure
from candidates.services.accommodating import end_accommodation, grant_measure, grant_tiers_temps
from candidates.services.disclosure import give_consent
from candidates.services.filing import correct_civil_status
from core import protection
from core.reconcile import problems
from juries.enums import SessionState
from juries.models import JurySession
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment() -> Iterator[Enrolment]:
    """With a consent, a measure that stands, one that ended, a corrected civil status, a session; triggers gone."""
    made = scenes.an_enrolment(build_referentiel(blocs=2))
    manager, candidate = scenes.a_manager(), made.candidate
    grant_tiers_temps(made, granted_on=made.enrolled_on, by=manager)
    other = grant_measure(made, measure="Interprète", granted_on=made.enrolled_on, by=manager)
    end_accommodation(other, ended_on=timezone.localdate(), by=manager)
    give_consent(candidate, scope=ConsentScope.ACCOMMODATIONS, mention="", by=candidate.user)
    status = candidate.civil_status.__class__(**{**vars(candidate.civil_status), "birth_place": "Brest"})
    correct_civil_status(candidate, status=status, by=manager)
    scenes.a_session(made, opened=True)
    assert problems() == []
    protection.remove()
    yield made
    protection.install()


MUTATIONS: dict[str, tuple[str, Callable[[], object]]] = {
    "a consent widened": ("consentement", lambda: HandicapDisclosure.objects.update(scope=ConsentScope.JURY)),
    "a consent to another text": ("consentement", lambda: HandicapDisclosure.objects.update(text_version="2020")),
    "a measure reworded": ("aménagement", lambda: Accommodation.objects.exclude(measure="").update(measure="Autre")),
    "a measure that ended, back": ("aménagement", lambda: Accommodation.objects.update(ended_on=None)),
    "a measure ended in silence": ("aménagement", lambda: Accommodation.objects.update(ended_on=date(2026, 2, 1))),
    "a measure gone": ("aménagement", lambda: Accommodation.objects.first().delete()),
    "another birth date": ("état civil", lambda: Candidate.objects.update(birth_date=date(1991, 1, 1))),
    "another name": ("état civil", lambda: Candidate.objects.update(family_name="Autre")),
    "another voie d’accès": ("inscription", lambda: Enrolment.objects.update(voie_acces=VoieAcces.VAE)),
    "a bloc less": ("inscription", lambda: Enrolment.objects.get().blocs.set(Enrolment.objects.get().blocs.all()[:1])),
    "a session on another day": ("session", lambda: JurySession.objects.update(held_at=timezone.now())),
    "a session back in preparation": (
        "session",
        lambda: JurySession.objects.update(state=SessionState.PREPARING, opened_at=None),
    ),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_row_altered_behind_the_journal_is_found(enrolment: Enrolment, mutation: str) -> None:
    word, alter = MUTATIONS[mutation]
    alter()
    found = problems()
    assert found
    assert all(word in sentence and "le journal" in sentence for sentence in found), found
