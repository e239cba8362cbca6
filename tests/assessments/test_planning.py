"""Who presents what, before whom, when, and for how long (R-SCO-1, R-SCO-10, R-CAN-3)."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.enums import Role
from assessments.enums import SoutenanceState
from assessments.models import Grille, Soutenance
from assessments.queries.soutenances import day_of, with_progress
from assessments.services.planning import UnlawfulAssignment
from candidates.enums import LinkKind, VoieAcces
from candidates.services.accommodating import end_accommodation, grant_tiers_temps
from candidates.services.enrolling import declare_link, enrol
from core.exceptions import Refusal
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.deeds import leave, nothing_planned, plan, tiers_temps
from tests.assessments.http import client_of
from tests.racing import at_once, refusals_in, simultaneous
from tests.referentiel.factories import build_referentiel

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.django_db
class TestWhoEvaluates:
    """R-SCO-10."""

    @pytest.mark.parametrize("kind", LinkKind)
    def test_nobody_evaluates_a_candidate_they_are_linked_to(self, kind):
        enrolment, evaluateur = scenes.an_enrolment(), scenes.an_evaluateur()
        declare_link(enrolment.candidate, user=evaluateur, kind=kind, by=scenes.a_manager())
        with pytest.raises(UnlawfulAssignment, match=kind.label.lower()):
            plan(enrolment, evaluateur=evaluateur)
        assert nothing_planned()

    def test_nobody_evaluates_themselves(self):
        enrolment = scenes.an_enrolment()
        enrolment.candidate.user.role_grants.create(role=Role.EVALUATEUR)
        with pytest.raises(UnlawfulAssignment, match="soi-même"):
            plan(enrolment, evaluateur=enrolment.candidate.user)
        assert nothing_planned()

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.EVALUATEUR])
    def test_only_an_evaluateur_evaluates(self, role):
        with pytest.raises(UnlawfulAssignment, match="rôle d’évaluateur"):
            plan(scenes.an_enrolment(), evaluateur=UserFactory(roles=[role]))
        assert nothing_planned()

    def test_an_account_that_was_closed_evaluates_nobody(self):
        evaluateur = UserFactory(roles=[Role.EVALUATEUR], is_active=False)
        with pytest.raises(UnlawfulAssignment):
            plan(scenes.an_enrolment(), evaluateur=evaluateur)

    def test_a_link_to_another_candidate_bars_nothing(self):
        enrolment, evaluateur = scenes.an_enrolment(), scenes.an_evaluateur()
        declare_link(scenes.a_candidate(), user=evaluateur, kind=LinkKind.TRAINED, by=scenes.a_manager())
        assert plan(enrolment, evaluateur=evaluateur).evaluateur == evaluateur


@pytest.mark.django_db
class TestWhatIsPresented:
    """R-SCO-1, R-REF-6."""

    def test_a_planned_soutenance_has_its_grille_and_its_place_in_the_journal(self):
        enrolment = scenes.an_enrolment()
        soutenance = plan(enrolment, title="Projet 7", place="Salle 3")
        assert soutenance.state == SoutenanceState.PLANNED
        assert Grille.objects.get().evaluateur == soutenance.evaluateur
        told = JournalEntry.objects.get(verb="soutenance.planned").data
        assert (told["competences"], told["enrolment"], told["replaces"]) == (["C1.1.1"], str(enrolment.pk), None)

    def test_at_least_one_competence_is_presented(self):
        with pytest.raises(Refusal, match="au moins une compétence"):
            plan(scenes.an_enrolment(), competences=[])
        assert nothing_planned()

    def test_a_competence_of_another_version_is_not_presented(self):
        with pytest.raises(Refusal, match="Hors des blocs de cette inscription"):
            plan(scenes.an_enrolment(), competences=build_referentiel().competences.all())
        assert nothing_planned()

    def test_a_competence_out_of_the_enrolment_s_blocs_is_not_presented(self):
        referentiel = build_referentiel(blocs=2)
        enrolment = enrol(
            scenes.a_candidate(),
            referentiel=referentiel,
            voie_acces=VoieAcces.VAE,
            enrolled_on=date(2026, 1, 12),
            blocs=[referentiel.blocs.get(number=1)],
            by=scenes.a_manager(),
        )
        with pytest.raises(Refusal, match=r"Hors des blocs de cette inscription : C2\.1\.1"):
            plan(enrolment)
        assert nothing_planned()

    def test_the_reglement_bounds_how_often_a_competence_is_presented(self):
        enrolment = scenes.an_enrolment(build_referentiel(attempts_allowed=2))
        for _ in range(2):
            scenes.fail_soutenance(enrolment)
        with pytest.raises(Refusal, match=r"C1\.1\.1 .* 2 fois"):
            plan(enrolment)
        assert Soutenance.objects.count() == 2

    def test_what_is_planned_counts_as_presented(self):
        """Two soutenances planned at once would otherwise both be held."""
        enrolment = scenes.an_enrolment(build_referentiel(attempts_allowed=1))
        plan(enrolment)
        with pytest.raises(Refusal, match="1 fois"):
            plan(enrolment)

    @pytest.mark.parametrize("left", [SoutenanceState.CANCELLED, SoutenanceState.ABSENT, SoutenanceState.EXCUSED])
    def test_a_soutenance_that_did_not_take_place_is_no_attempt(self, left):
        """R-SCO-1: none is a failure by itself."""
        enrolment = scenes.an_enrolment(build_referentiel(attempts_allowed=1))
        leave(plan(enrolment), left)
        assert plan(enrolment).pk

    def test_without_a_bound_a_competence_is_presented_again_and_again(self):
        enrolment = scenes.an_enrolment()
        for _ in range(4):
            scenes.fail_soutenance(enrolment)
        assert plan(enrolment).pk

    def test_the_same_slot_is_planned_once(self):
        """A form sent twice."""
        enrolment, evaluateur = scenes.an_enrolment(), scenes.an_evaluateur()
        starts_at = timezone.now() + timedelta(days=1)
        plan(enrolment, evaluateur=evaluateur, starts_at=starts_at)
        with pytest.raises(Refusal, match="déjà planifiée"):
            plan(enrolment, evaluateur=evaluateur, starts_at=starts_at)
        assert Soutenance.objects.count() == 1


class TestPlannedAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_identical_forms_plan_one_soutenance(self):
        enrolment, evaluateur = scenes.an_enrolment(), scenes.an_evaluateur()
        starts_at, manager = timezone.now() + timedelta(days=1), scenes.a_manager()
        outcomes = at_once(*[partial(plan, enrolment, evaluateur=evaluateur, starts_at=starts_at, by=manager)] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert Soutenance.objects.count() == 1

    def test_the_last_attempt_is_given_once(self):
        enrolment = scenes.an_enrolment(build_referentiel(attempts_allowed=1))
        evaluateurs, manager = [scenes.an_evaluateur() for _ in range(4)], scenes.a_manager()
        at_once(*(partial(plan, enrolment, evaluateur=one, by=manager) for one in evaluateurs))
        assert Soutenance.objects.count() == 1

    def test_a_slot_planned_while_a_tiers_temps_is_granted_has_it(self):
        """R-CAN-3."""
        manager = scenes.a_manager()
        for _ in range(5):
            enrolment, evaluateur = scenes.an_enrolment(), scenes.an_evaluateur()
            at_once(
                partial(plan, enrolment, evaluateur=evaluateur, by=manager),
                partial(grant_tiers_temps, enrolment, granted_on=enrolment.enrolled_on, by=manager),
            )
            assert enrolment.soutenances.get().extra_time == Fraction(1, 3)


@pytest.mark.django_db
class TestExtraTime:
    """R-CAN-3: one field drives them all, until the soutenance begins."""

    def test_a_new_slot_has_the_standing_tiers_temps(self):
        enrolment = scenes.an_enrolment()
        tiers_temps(enrolment, Fraction(1, 2))
        assert plan(enrolment).extra_time == Fraction(1, 2)

    def test_without_one_or_with_one_that_ended_a_slot_has_none(self):
        enrolment = scenes.an_enrolment()
        assert plan(enrolment).extra_time == 0
        end_accommodation(tiers_temps(enrolment), ended_on=timezone.localdate(), by=scenes.a_manager())
        assert plan(enrolment).extra_time == 0

    def test_planned_slots_follow_and_the_journal_says_so(self):
        enrolment = scenes.an_enrolment()
        soutenance = plan(enrolment)

        measure = tiers_temps(enrolment)
        soutenance.refresh_from_db()
        assert soutenance.extra_time == Fraction(1, 3)
        end_accommodation(measure, ended_on=timezone.localdate(), by=scenes.a_manager())
        soutenance.refresh_from_db()
        assert soutenance.extra_time == 0

        told = JournalEntry.objects.filter(verb="soutenance.extra_time_changed").order_by("sequence")
        assert [entry.data for entry in told] == [{"before": "0", "after": "1/3"}, {"before": "1/3", "after": "0"}]

    def test_a_soutenance_that_began_keeps_its_time(self):
        enrolment = scenes.an_enrolment()
        running, submitted = plan(enrolment, starts_at=timezone.now()), scenes.pass_soutenance(enrolment).soutenance
        grille = scenes.grille_of(running)
        scenes.mark_all(grille)

        tiers_temps(enrolment)

        for soutenance in (running, submitted):
            soutenance.refresh_from_db()
            assert soutenance.extra_time == 0

    def test_a_slot_that_is_left_keeps_its_time(self):
        enrolment = scenes.an_enrolment()
        soutenance = plan(enrolment)
        leave(soutenance)
        tiers_temps(enrolment)
        soutenance.refresh_from_db()
        assert soutenance.extra_time == 0

    def test_slot_calendar_grille_and_lists_all_say_the_same_end(self):
        """20 and 10 minutes and a third: 41, from 23:30 to 0:11 the next day."""
        starts_at = datetime(2027, 6, 30, 23, 30, tzinfo=PARIS)
        with time_machine.travel(datetime(2027, 6, 30, 9, 0, tzinfo=PARIS), tick=False):
            enrolment = scenes.an_enrolment()
            soutenance = plan(enrolment, starts_at=starts_at)
            tiers_temps(enrolment)
            evaluateur, candidate = client_of(soutenance.evaluateur), client_of(enrolment.candidate.user)

            (row,) = with_progress(Soutenance.objects.all())
            (event,) = Calendar.from_ical(
                candidate.get(reverse("assessments:calendar", args=[soutenance.pk])).content
            ).walk("VEVENT")
            day = evaluateur.get(reverse("assessments:soutenances")).content.decode()
            grille = evaluateur.get(reverse("assessments:grille", args=[soutenance.pk])).content.decode()
            progress = candidate.get(reverse("assessments:enrolment_progress", args=[enrolment.pk])).content.decode()
            planning = client_of(scenes.a_manager()).get(reverse("assessments:planning")).content.decode()

        end = datetime(2027, 7, 1, 0, 11, tzinfo=PARIS)
        assert row.ends_at == event["dtend"].dt == end
        assert event["dtstart"].dt == starts_at
        assert "23:30 – 0:11" in day
        for phase, minutes in (("Présentation", "27:00"), ("Questions", "14:00")):
            assert f"<span>{phase} <span data-minutes>{minutes}</span></span>" in grille
        assert "0 h 11" in progress
        assert "0 h 11" in planning

    def test_the_calendar_names_neither_the_measure_nor_its_reason(self):
        enrolment = scenes.an_enrolment()
        tiers_temps(enrolment)
        soutenance = plan(enrolment)
        file = client_of(enrolment.candidate.user).get(reverse("assessments:calendar", args=[soutenance.pk]))
        assert "tiers" not in file.content.decode().lower()


@pytest.mark.django_db
class TestTheDay:
    """What is today is today in Paris."""

    def test_a_soutenance_at_half_past_eleven_in_the_evening_is_of_that_day(self):
        evaluateur = scenes.an_evaluateur()
        with time_machine.travel(datetime(2027, 7, 14, 8, 0, tzinfo=PARIS), tick=False):
            late = plan(
                scenes.an_enrolment(), evaluateur=evaluateur, starts_at=datetime(2027, 7, 14, 23, 30, tzinfo=PARIS)
            )
            early = plan(
                scenes.an_enrolment(), evaluateur=evaluateur, starts_at=datetime(2027, 7, 15, 0, 30, tzinfo=PARIS)
            )

        day = day_of(evaluateur, at=datetime(2027, 7, 14, 8, 0, tzinfo=PARIS))
        assert [row.soutenance for row in day.today] == [late]
        assert [row.soutenance for row in day.upcoming] == [early]
        after_midnight = day_of(evaluateur, at=datetime(2027, 7, 15, 0, 5, tzinfo=PARIS))
        assert [row.soutenance for row in after_midnight.unfinished] == [late]
        assert [row.soutenance for row in after_midnight.today] == [early]

    @pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
    def test_the_days_of_23_and_25_hours_hold_their_last_soutenance(self, day):
        evaluateur = scenes.an_evaluateur()
        last = datetime(day.year, day.month, day.day, 23, 30, tzinfo=PARIS)
        soutenance = plan(scenes.an_enrolment(), evaluateur=evaluateur, starts_at=last)
        found = day_of(evaluateur, at=last.replace(hour=9))
        assert [row.soutenance for row in found.today] == [soutenance]
