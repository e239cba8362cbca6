"""From a CE to a decision, through the services alone."""

import pytest
from django.db import IntegrityError, transaction

from assessments.models import BlocAcquisition, CompetenceAcquisition, Mark
from core import jobs, journal
from core.enums import JobState
from core.models import Job
from juries.enums import Outcome, Stage
from juries.models import Decision, Dossier
from juries.services.deciding import UnlawfulDecision, take_decision
from juries.services.sessions import close_session, publish_session
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


def test_the_last_bloc_orders_one_dossier_and_one_proposal():
    """R-VAL-4."""
    referentiel = build_referentiel(blocs=4)
    enrolment = scenes.an_enrolment(referentiel)
    for bloc in referentiel.blocs.all():
        assert not Job.objects.exists()
        scenes.pass_soutenance(enrolment, referentiel.competences.filter(activite__bloc=bloc))

    assert CompetenceAcquisition.objects.count() == BlocAcquisition.objects.count() == 4
    assert jobs.run_due() == 1
    assert Job.objects.get().state == JobState.DONE
    dossier, proposal = Dossier.objects.get(), Decision.objects.get()
    assert proposal.stage == Stage.PROPOSED
    assert proposal.outcome == Outcome.CERTIFIED
    assert proposal.dossier == dossier
    assert dossier.content["proposal"]["outcome"] == "certified"
    assert jobs.run_due() == 0


def test_a_jury_decides_closes_and_publishes_and_nothing_moves_afterwards():
    """R-JUR-4, R-JUR-5."""
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    president = scenes.president_of(session)
    dossier = enrolment.dossiers.get()
    take_decision(session, enrolment=enrolment, dossier=dossier, outcome=Outcome.CERTIFIED, by=president)
    close_session(session, by=president)

    decision = Decision.objects.taken().get()
    for attack in (
        lambda: Decision.objects.filter(pk=decision.pk).update(outcome=Outcome.REFUSED),
        decision.delete,
        lambda: Dossier.objects.update(content_json="{}"),
        lambda: Mark.objects.update(verdict="non_acquis"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    publish_session(session, by=president)
    assert Decision.objects.public().get() == decision
    assert journal.first_broken_link() is None


def test_nobody_is_certified_without_all_blocs():
    """R-JUR-4."""
    referentiel = build_referentiel(blocs=2)
    enrolment = scenes.an_enrolment(referentiel)
    scenes.pass_soutenance(enrolment, referentiel.competences.filter(activite__bloc__number=1))
    session = scenes.a_session(enrolment, opened=True)
    with pytest.raises(UnlawfulDecision, match="bloc 2"):
        take_decision(
            session,
            enrolment=enrolment,
            dossier=enrolment.dossiers.get(),
            outcome=Outcome.CERTIFIED,
            motive="Bonté d’âme",
            by=scenes.president_of(session),
        )
