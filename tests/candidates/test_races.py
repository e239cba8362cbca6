"""Two requests at once: PostgreSQL lets both write, the constraints and the rows taken make one wait."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from candidates.enums import ConsentScope, VoieAcces
from candidates.models import Accommodation, Candidate, Enrolment, HandicapDisclosure
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.disclosure import give_consent, read_mention, withdraw_consent
from candidates.services.enrolling import enrol
from candidates.services.filing import open_file
from core.journal import first_broken_link
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.candidates.disclosing import agreed
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

pytestmark = simultaneous

DAY = date(2026, 1, 12)


def test_a_form_sent_four_times_together_opens_one_file() -> None:
    manager, operation = scenes.a_manager(), uuid4()

    def opened() -> Candidate:
        return open_file(
            family_name="Lefèvre",
            given_names="Inès",
            birth_date=date(1996, 2, 9),
            birth_place="Rennes",
            email="ines@exemple.fr",
            by=manager,
            operation=operation,
        )

    assert refusals_in(at_once(*[opened] * 4)) == []

    assert Candidate.objects.count() == 1
    assert JournalEntry.objects.filter(verb="candidate.opened").count() == 1


def test_candidates_enrolled_together_each_have_their_number() -> None:
    referentiel, manager = build_referentiel(), scenes.a_manager()

    def enrolling(candidate: Candidate) -> Callable[[], Enrolment]:
        return lambda: enrol(candidate, referentiel=referentiel, voie_acces=VoieAcces.VAE, enrolled_on=DAY, by=manager)

    refusals = refusals_in(at_once(*(enrolling(scenes.a_candidate()) for _ in range(4))))

    assert refusals == []
    numbers = Enrolment.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["2026-00001", "2026-00002", "2026-00003", "2026-00004"]


def test_one_tiers_temps_is_granted_by_two_people_together() -> None:
    enrolment, referents = scenes.an_enrolment(), [UserFactory(), UserFactory()]

    refusals = refusals_in(
        at_once(*(lambda by=by: grant_tiers_temps(enrolment, granted_on=DAY, by=by) for by in referents))
    )

    assert [str(refusal)[:26] for refusal in refusals] == ["Un tiers-temps est déjà ac"]
    assert Accommodation.objects.count() == 1


def test_consents_given_together_leave_one_standing() -> None:
    candidate = scenes.a_candidate()

    def giving(mention: str) -> Callable[[], HandicapDisclosure]:
        return lambda: give_consent(candidate, scope=ConsentScope.JURY, mention=mention, by=candidate.user)

    assert refusals_in(at_once(*(giving(f"Mention {n}") for n in range(4)))) == []

    assert HandicapDisclosure.objects.standing().count() == 1
    assert HandicapDisclosure.objects.exclude(mention="").count() == 1


def test_no_reading_follows_a_withdrawal() -> None:
    """R-CAN-2: readings and the withdrawal queue on the candidate's row, so the journal tells them in their order."""
    candidate, reader = scenes.a_candidate(), UserFactory()
    agreed(candidate)

    at_once(
        *[lambda: read_mention(candidate, by=reader, purpose="referent")] * 3,
        lambda: withdraw_consent(candidate, by=candidate.user),
    )

    verbs = JournalEntry.objects.filter(verb__startswith="confidential.").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True))[-1] == "confidential.consent_withdrawn"
    assert first_broken_link() is None
