"""What was written once is neither emptied nor dated again, even by SQL (R-REF-1, R-CAN-1, R-JUR-5, R-JUR-6)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from juries.enums import Outcome
from juries.services.deciding import take_decision
from juries.services.sessions import close_session, publish_session
from referentiel.services.publishing import retire
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


def raw(sql, *params) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def refused(sql, *params) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(sql, *params)


def decided(*, closed: bool = False, published: bool = False):
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    president, dossier = scenes.president_of(session), enrolment.dossiers.get()
    take_decision(session, enrolment=enrolment, dossier=dossier, outcome=Outcome.CERTIFIED, by=president)
    if closed:
        close_session(session, by=president)
    if published:
        publish_session(session, by=president)
    return enrolment


def test_an_open_session_does_not_go_back_to_its_preparation() -> None:
    """There, its jury and its candidates could be changed under decisions already taken."""
    decided()
    refused("UPDATE juries_jurysession SET state = 'preparing', opened_at = NULL")
    refused("UPDATE juries_jurysession SET opened_at = %s", timezone.now())


def test_a_closed_session_does_not_open_again() -> None:
    decided(closed=True)
    refused("UPDATE juries_jurysession SET state = 'open', closed_at = NULL")


def test_results_once_published_stay_so_from_that_day() -> None:
    decided(closed=True, published=True)
    refused("UPDATE juries_jurysession SET state = 'closed', published_at = NULL")
    refused("UPDATE juries_jurysession SET published_at = %s", timezone.now())
    refused("UPDATE juries_jurysession SET state = 'closed'")
    assert raw("UPDATE juries_jurysession SET state = state") == 1


def test_a_retired_version_does_not_come_back_in_force() -> None:
    referentiel = build_referentiel()
    retire(referentiel, by=scenes.a_manager(), reason="Remplacée.")
    refused("UPDATE referentiel_publication SET retired_at = NULL")
    refused("UPDATE referentiel_publication SET retired_at = %s", timezone.now())


class TestTheBlocsAimedAt:
    """R-CAN-1."""

    ATTACKS = (
        "DELETE FROM candidates_enrolment_blocs",
        "UPDATE candidates_enrolment_blocs SET bloc_id = bloc_id + 1000",
        "INSERT INTO candidates_enrolment_blocs (enrolment_id, bloc_id) SELECT b.enrolment_id, o.id"
        " FROM candidates_enrolment_blocs b, referentiel_bloc o WHERE o.id <> b.bloc_id",
    )

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_they_do_not_change_once_a_soutenance_is_planned(self, attack: str) -> None:
        referentiel = build_referentiel(blocs=2)
        enrolment = scenes.an_enrolment(referentiel)
        scenes.a_soutenance(enrolment)
        before = list(enrolment.blocs.values_list("pk", flat=True))
        build_referentiel()
        refused(attack)
        assert list(enrolment.blocs.values_list("pk", flat=True)) == before

    def test_they_do_not_change_once_a_jury_has_decided(self) -> None:
        enrolment = scenes.an_enrolment()
        session = scenes.a_session(enrolment, opened=True)
        president, dossier = scenes.president_of(session), enrolment.dossiers.get()
        take_decision(
            session, enrolment=enrolment, dossier=dossier, outcome=Outcome.REFUSED, by=president, motive="Non."
        )
        refused("DELETE FROM candidates_enrolment_blocs")

    def test_before_that_they_may_still_be_put_right(self) -> None:
        enrolment = scenes.an_enrolment(build_referentiel(blocs=2))
        enrolment.blocs.set(enrolment.referentiel.blocs.filter(number=1))
        assert enrolment.blocs.count() == 1
