"""What people do in several of these tests, with what does not matter there filled in."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

from django.utils import timezone

from accounts.enums import Role
from assessments.enums import SoutenanceState
from assessments.marks import MarkValue
from assessments.models import BlocAcquisition, CompetenceAcquisition, Grille, Mark, Soutenance
from assessments.services.marking import change_mark
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from candidates.services.accommodating import grant_tiers_temps
from core.models import Job, JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory

WAYS_OUT = (
    SoutenanceState.CANCELLED,
    SoutenanceState.ABSENT,
    SoutenanceState.EXCUSED,
    SoutenanceState.INTERRUPTED,
)


def leave(soutenance, to=SoutenanceState.CANCELLED, reason="Grève des transports"):
    leave_soutenance(soutenance, to=to, reason=reason, by=scenes.a_manager())
    soutenance.refresh_from_db()


def plan(enrolment, **changes):
    return scenes.plan_despite(
        enrolment,
        **{
            "evaluateur": scenes.an_evaluateur(),
            "competences": enrolment.referentiel.competences.all(),
            "starts_at": timezone.now() + timedelta(days=1),
            "by": scenes.a_manager(),
            **changes,
        },
    )


def tiers_temps(enrolment, fraction=Fraction(1, 3)):
    return grant_tiers_temps(
        enrolment, granted_on=enrolment.enrolled_on, extra_time=fraction, by=UserFactory(roles=[Role.REFERENT_HANDICAP])
    )


def in_bloc(enrolment, number):
    return enrolment.referentiel.competences.filter(activite__bloc__number=number)


def judge(grille, critere, verdict, comment="", version=0):
    return change_mark(
        grille,
        critere=critere,
        value=MarkValue(verdict, comment),
        from_version=version,
        operation=uuid4(),
        by=grille.evaluateur,
    )


def ready(enrolment, competences=None, *, failing=()):
    """A grille judged throughout and not yet submitted, as a page opened now reads it."""
    soutenance = scenes.a_soutenance(enrolment, competences=competences)
    scenes.mark_all(scenes.grille_of(soutenance), failing=failing)
    return scenes.grille_of(soutenance)


def nothing_changed() -> bool:
    return not Mark.objects.exists() and not JournalEntry.objects.filter(verb="mark.changed").exists()


def facts() -> tuple[int, ...]:
    """What a submission may have left behind."""
    submitted = Grille.objects.filter(submitted_at__isnull=False)
    told = JournalEntry.objects.filter(verb="grille.submitted")
    return tuple(
        rows.count() for rows in (submitted, told, CompetenceAcquisition.objects, BlocAcquisition.objects, Job.objects)
    )


def nothing_planned() -> bool:
    return not Soutenance.objects.exists() and not JournalEntry.objects.filter(verb="soutenance.planned").exists()


def soutenance_in(state: SoutenanceState) -> Soutenance:
    """A soutenance taken there by the services."""
    soutenance = scenes.a_soutenance()
    grille = scenes.grille_of(soutenance)
    if state in (SoutenanceState.RUNNING, SoutenanceState.SUBMITTED, SoutenanceState.INTERRUPTED):
        scenes.mark_all(grille)
    if state == SoutenanceState.SUBMITTED:
        submit(grille, by=grille.evaluateur)
    elif state in WAYS_OUT:
        leave(soutenance, state)
    soutenance.refresh_from_db()
    assert soutenance.state == state
    return soutenance
