"""What a candidate is shown of their progress, and nobody else's (R-CAN-4, R-VAL-5)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from assessments.enums import SoutenanceState
from assessments.marks import MarkValue
from assessments.queries.progress import progress_page
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from assessments.services.planning import leave_soutenance
from assessments.services.reopening import reopen
from assessments.services.submission import submit
from candidates.enums import VoieAcces
from candidates.services.enrolling import enrol
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

COMMENT, NOTE = "La démarche n’est pas justifiée.", "Semble ne pas avoir écrit le code."


def judge(grille, critere, verdict, comment="", note=""):
    mark = grille.marks.filter(critere=critere).first()
    change_mark(
        grille,
        critere=critere,
        value=MarkValue(verdict, comment, note),
        from_version=mark.version if mark else 0,
        operation=uuid4(),
        by=grille.evaluateur,
    )


def parcours(enrolment, user=None) -> str:
    """Mon parcours, as its owner reads it; spaces that do not break are spaces."""
    client = client_of(user or enrolment.candidate.user)
    answer = client.get(reverse("assessments:enrolment_progress", args=[enrolment.pk]))
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def failed():
    """A grille with one CE non acquis, its comment and a private note, not yet submitted."""
    grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(build_referentiel(competences=2))))
    scenes.mark_all(grille)
    judge(grille, criteres_of(grille)[0], "non_acquis", COMMENT, NOTE)
    return grille


def test_what_is_not_submitted_is_not_shown(failed):
    page = parcours(failed.soutenance.enrolment)
    assert COMMENT not in page
    assert page.count("À présenter") >= 2
    assert "Acquise" not in page


def test_comments_are_shown_once_submitted_and_private_notes_never(failed):
    """R-SCO-2."""
    submit(failed, by=failed.evaluateur)
    page = parcours(failed.soutenance.enrolment)
    assert COMMENT in page
    assert NOTE not in page


def test_each_competence_says_where_it_stands(failed):
    submit(failed, by=failed.evaluateur)
    page = parcours(failed.soutenance.enrolment)
    assert "À représenter" in page
    assert "Acquise" in page
    assert "Échec" not in page


def test_a_failed_competence_gives_its_reasons(failed):
    """R-VAL-5."""
    submit(failed, by=failed.evaluateur)
    enrolment = failed.soutenance.enrolment
    (bloc,) = progress_page(enrolment, at=timezone.now()).blocs
    day = timezone.localdate(failed.soutenance.starts_at)
    assert bloc.conclusion.reasons == (
        f"Bloc 1 non acquis : C1.1.1 CE1 non acquis (soutenance du {day:%d/%m/%Y}, {failed.evaluateur})",
    )
    assert f"<strong>CE1</strong> {criteres_of(failed)[0].text}" in parcours(enrolment)


def test_only_the_last_attempt_says_what_to_take_up_again(failed):
    submit(failed, by=failed.evaluateur)
    enrolment = failed.soutenance.enrolment
    again = scenes.grille_of(scenes.a_soutenance(enrolment))
    scenes.mark_all(again)
    judge(again, criteres_of(again)[1], "non_acquis", "Cette fois, l’oral.")
    submit(again, by=again.evaluateur)
    page = parcours(enrolment)
    assert "Cette fois, l’oral." in page
    assert COMMENT not in page


def test_an_acquired_competence_no_longer_shows_what_once_failed(failed):
    submit(failed, by=failed.evaluateur)
    enrolment = failed.soutenance.enrolment
    scenes.pass_soutenance(enrolment)
    page = parcours(enrolment)
    assert COMMENT not in page
    assert "Tous les blocs sont acquis, bravo" in page
    assert "Il n’y a plus rien à présenter." in page


def test_a_bloc_out_of_the_enrolment_says_so():
    referentiel = build_referentiel(blocs=2)
    enrolment = enrol(
        scenes.a_candidate(),
        referentiel=referentiel,
        voie_acces=VoieAcces.VAE,
        enrolled_on=date(2026, 1, 12),
        blocs=[referentiel.blocs.get(number=1)],
        by=scenes.a_manager(),
    )
    assert parcours(enrolment).count("Hors inscription") == 1


def test_the_next_soutenance_is_announced_with_its_place_its_end_and_its_evaluateur():
    with time_machine.travel(datetime(2027, 6, 1, 8, 0, tzinfo=UTC), tick=False):
        enrolment = scenes.an_enrolment()
        soutenance = scenes.a_soutenance(enrolment, starts_at=datetime(2027, 6, 2, 21, 30, tzinfo=UTC))
        type(soutenance).objects.update(place="Salle « Étoile »")
        page = parcours(enrolment)
    assert "23 h 30" in page
    assert "jusqu’à 0 h 00" in page
    assert "Salle « Étoile »" in page
    assert str(soutenance.evaluateur) in page


def test_a_soutenance_under_way_is_still_announced():
    """A candidate who joins late still finds the link."""
    with time_machine.travel(datetime(2027, 6, 1, 8, 0, tzinfo=UTC), tick=False) as clock:
        enrolment = scenes.an_enrolment()
        scenes.a_soutenance(enrolment, starts_at=datetime(2027, 6, 1, 9, 0, tzinfo=UTC))
        clock.move_to(datetime(2027, 6, 1, 9, 29, tzinfo=UTC))
        assert progress_page(enrolment, at=timezone.now()).next_soutenance
        clock.move_to(datetime(2027, 6, 1, 9, 30, tzinfo=UTC))
        assert not progress_page(enrolment, at=timezone.now()).next_soutenance


def test_once_its_slot_is_over_it_is_said_to_be_judged_and_not_forgotten():
    with time_machine.travel(datetime(2027, 6, 1, 8, 0, tzinfo=UTC), tick=False) as clock:
        soutenance = scenes.a_soutenance(starts_at=datetime(2027, 6, 1, 9, 0, tzinfo=UTC))
        clock.move_to(datetime(2027, 6, 2, 8, 0, tzinfo=UTC))
        page = parcours(soutenance.enrolment)
        assert "La soutenance du 1er juin 2027 est en cours d’évaluation." in page
        assert "Aucune soutenance n’est planifiée" not in page
        assert reverse("assessments:deliverables", args=[soutenance.pk]) in page
        scenes.mark_all(scenes.grille_of(soutenance))
        submit(scenes.grille_of(soutenance), by=soutenance.evaluateur)
        assert "en cours d’évaluation" not in parcours(soutenance.enrolment)


def test_a_grille_given_back_is_being_judged_again():
    """R-SCO-8: what it let acquire is withdrawn, and the candidate reads why something is awaited."""
    with time_machine.travel(datetime(2027, 6, 1, 8, 0, tzinfo=UTC), tick=False) as clock:
        grille = scenes.pass_soutenance(scenes.an_enrolment())
        clock.move_to(datetime(2027, 6, 2, 8, 0, tzinfo=UTC))
        grille.refresh_from_db()
        reopen(grille, submission=grille.submitted_at, reason="Erreur.", by=scenes.a_manager())
        assert "est en cours d’évaluation" in parcours(grille.soutenance.enrolment)


@pytest.mark.parametrize("left", [SoutenanceState.CANCELLED, SoutenanceState.ABSENT, SoutenanceState.EXCUSED])
def test_a_soutenance_that_does_not_take_place_takes_nothing_away(left):
    """R-SCO-1: not a failure; it is no longer announced, and the compétence stays to be presented."""
    enrolment = scenes.an_enrolment()
    soutenance = scenes.a_soutenance(enrolment, starts_at=timezone.now() + timedelta(days=1))
    leave_soutenance(soutenance, to=left, reason="Raison gardée au journal", by=scenes.a_manager())
    page = parcours(enrolment)
    assert "Aucune soutenance n’est planifiée pour le moment" in page
    assert "À présenter" in page
    assert "À représenter" not in page
    assert "Raison gardée au journal" not in page


def test_one_enrolment_opens_at_once_and_several_are_offered():
    enrolment = scenes.an_enrolment()
    client = client_of(enrolment.candidate.user)
    own = reverse("assessments:enrolment_progress", args=[enrolment.pk])
    assert client.get(reverse("assessments:progress")).url == own
    second = scenes.an_enrolment(candidate=enrolment.candidate)
    page = client.get(reverse("assessments:progress")).content.decode()
    assert enrolment.number in page
    assert second.number in page


def test_a_candidate_without_enrolment_is_told_so():
    page = client_of(scenes.a_candidate().user).get(reverse("assessments:progress"))
    assert "Aucune inscription" in page.content.decode()


@pytest.mark.parametrize("role", [Role.EVALUATEUR, Role.JURY, Role.ADMINISTRATEUR, Role.REFERENT_HANDICAP])
def test_a_progress_is_not_shown_to_those_it_does_not_concern(role):
    enrolment = scenes.an_enrolment()
    address = reverse("assessments:enrolment_progress", args=[enrolment.pk])
    assert client_of(UserFactory(roles=[role])).get(address).status_code == 404


def test_another_candidate_is_answered_as_if_it_did_not_exist():
    """R-CAN-4."""
    enrolment, other = scenes.an_enrolment(), scenes.an_enrolment()
    soutenance = scenes.a_soutenance(enrolment)
    client = client_of(other.candidate.user)
    for name, argument in (("enrolment_progress", enrolment.pk), ("calendar", soutenance.pk)):
        foreign = client.get(reverse(f"assessments:{name}", args=[argument]))
        absent = client.get(reverse(f"assessments:{name}", args=[uuid4()]))
        assert foreign.status_code == absent.status_code == 404


def test_those_who_accompany_read_the_same_without_being_addressed_as_the_candidate():
    enrolment = scenes.an_enrolment()
    page = parcours(enrolment, scenes.a_manager())
    assert "Mon parcours" not in page.split("<main", 1)[1]
    assert str(enrolment.candidate) in page
