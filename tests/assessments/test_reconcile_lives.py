"""Lives of soutenances against the journal: each check finds what it is there to find (R-SCO-1, R-SCO-8, R-SCO-9)."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.models import (
    BlocAcquisition,
    CompetenceAcquisition,
    Grille,
    Presence,
    Reopening,
    Settlement,
    Soutenance,
)
from assessments.queries.concertation import differences_of
from assessments.services.planning import leave_soutenance
from assessments.services.reopening import reopen
from assessments.services.settling import settle
from assessments.services.submission import confirm_agreement
from core import jobs, protection
from core.models import JournalEntry
from core.reconcile import problems
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_somebody_who_owns_the_database() -> Iterator[None]:
    protection.remove()
    yield
    protection.install()


def a_reopened_grille() -> Grille:
    grille = scenes.grille_of(scenes.pass_soutenance(scenes.an_enrolment()).soutenance)
    jobs.run_due()
    reopen(grille, submission=grille.submitted_at, reason="Erreur de saisie.", by=scenes.a_manager())
    return grille


def an_agreed_soutenance() -> Soutenance:
    soutenance = scenes.in_disagreement()
    (difference,) = differences_of(soutenance)
    settle(
        soutenance,
        critere=difference.critere,
        verdict="acquis",
        comment="",
        reason="Revu ensemble.",
        from_version=0,
        by=soutenance.evaluateur,
    )
    confirm_agreement(soutenance, by=soutenance.evaluateur)
    jobs.run_due()
    return soutenance


def found(fragment: str) -> bool:
    return any(fragment in sentence for sentence in problems())


def test_lives_as_told_are_no_problem() -> None:
    a_reopened_grille()
    an_agreed_soutenance()
    leave_soutenance(scenes.a_soutenance(), to=SoutenanceState.EXCUSED, reason="Grippe.", by=scenes.a_manager())
    assert problems() == []


def test_a_presence_is_no_fact() -> None:
    Presence.objects.create(grille=scenes.grille_of(scenes.a_soutenance()), seen_at=timezone.now(), pending=3)
    assert problems() == []


def test_a_grille_of_somebody_else() -> None:
    soutenance = scenes.a_soutenance()
    Soutenance.objects.update(evaluateur=scenes.an_evaluateur())
    assert found(f"La grille {Grille.objects.get().pk} n’est celle d’aucun évaluateur")
    assert found(f"Soutenance {soutenance.pk} : la grille d’un de ses évaluateurs manque")


def test_a_grille_reopened_behind_the_journal() -> None:
    grille = scenes.pass_soutenance(scenes.an_enrolment())
    Grille.objects.update(submitted_at=None)
    assert found(f"La grille {grille.pk} est ouverte, contre ce que dit le journal.")
    assert found(f"Soutenance {grille.soutenance_id} : évaluée, avec une grille qui n’est pas soumise.")


def test_a_grille_submitted_behind_the_journal() -> None:
    grille = scenes.grille_of(scenes.a_soutenance())
    Grille.objects.update(submitted_at=timezone.now())
    assert found(f"La grille {grille.pk} est soumise, contre ce que dit le journal.")
    assert found(f"Soutenance {grille.soutenance_id} : planifiée, avec une grille soumise.")


def test_a_submitted_grille_that_vanished() -> None:
    grille = scenes.fail_soutenance(scenes.an_enrolment())
    Grille.objects.all().delete()
    assert found(f"Le journal raconte la soumission de la grille {grille.pk}, qui n’existe pas.")


@pytest.mark.parametrize("change", [{"reason": "Autre chose."}, {"submitted_at": timezone.now()}])
def test_a_reopening_altered(change: dict[str, object]) -> None:
    grille = a_reopened_grille()
    Reopening.objects.update(**change)
    assert found(f"Les réouvertures de la grille {grille.pk}")


def test_a_reopening_that_vanished() -> None:
    grille = a_reopened_grille()
    Reopening.objects.all().delete()
    assert found(f"Les réouvertures de la grille {grille.pk}")


def test_a_soutenance_running_though_its_grille_is_submitted() -> None:
    grille = scenes.fail_soutenance(scenes.an_enrolment())
    Soutenance.objects.update(state=SoutenanceState.RUNNING)
    assert found(f"Soutenance {grille.soutenance_id} : en cours, bien que sa grille soit soumise.")


def test_a_soutenance_submitted_with_a_difference_left() -> None:
    soutenance = scenes.in_disagreement()
    Soutenance.objects.update(state=SoutenanceState.SUBMITTED)
    assert found(f"Soutenance {soutenance.pk} : évaluée, avec un désaccord qui n’est pas concilié.")


def test_a_marked_soutenance_said_to_be_planned() -> None:
    grille = scenes.grille_of(scenes.a_soutenance())
    scenes.mark_all(grille)
    Soutenance.objects.update(state=SoutenanceState.PLANNED, started_at=None)
    assert found(f"Soutenance {grille.soutenance_id} : des appréciations, alors qu’elle n’a pas commencé.")


def test_an_outcome_altered() -> None:
    soutenance = scenes.a_soutenance()
    leave_soutenance(soutenance, to=SoutenanceState.EXCUSED, reason="Grippe.", by=scenes.a_manager())
    Soutenance.objects.update(state=SoutenanceState.ABSENT)
    assert found(f"Soutenance {soutenance.pk} : son issue n’est pas celle que dit le journal.")


@pytest.mark.parametrize("change", [{"verdict": "non_acquis"}, {"reason": "Autre motif."}, {"comment": "Autre."}])
def test_a_settlement_altered(change: dict[str, str]) -> None:
    an_agreed_soutenance()
    Settlement.objects.update(**change)
    assert found(f"La conciliation {Settlement.objects.get().pk} n’est pas celle que dit le journal.")


def test_a_settlement_a_version_ahead() -> None:
    an_agreed_soutenance()
    Settlement.objects.update(version=2)
    assert found(f"La conciliation {Settlement.objects.get().pk} en est à la version 2, le journal raconte [1].")


def test_a_settlement_that_vanished() -> None:
    an_agreed_soutenance()
    pk = Settlement.objects.get().pk
    Settlement.objects.all().delete()
    assert found(f"La conciliation {pk} n’est pas celle que dit le journal.")


def test_evidence_altered() -> None:
    scenes.pass_soutenance(scenes.an_enrolment())
    BlocAcquisition.objects.update(evidence=[])
    assert found("ses preuves ne répondent plus à leur empreinte")


def test_an_acquisition_that_rests_on_somebody_elses_grille() -> None:
    scenes.pass_soutenance(scenes.an_enrolment())
    CompetenceAcquisition.objects.update(grille=scenes.grille_of(scenes.a_soutenance()))
    assert found("repose sur la grille de quelqu’un d’autre")


def test_a_withdrawal_without_its_reason() -> None:
    a_reopened_grille()
    CompetenceAcquisition.objects.update(withdrawal_reason="")
    assert found("est retirée sans motif")


def test_a_bloc_standing_against_the_verdicts_after_a_reopening() -> None:
    a_reopened_grille()
    BlocAcquisition.objects.update(withdrawn_at=None)
    assert found("bloc 1 enregistré comme acquis, contre les verdicts")


def test_journal_of_a_submission_lost() -> None:
    grille = scenes.pass_soutenance(scenes.an_enrolment())
    JournalEntry.objects.filter(verb="grille.submitted").delete()
    assert found(f"La grille {grille.pk} est soumise, contre ce que dit le journal.")
