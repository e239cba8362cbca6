"""R-CAN-1: what a candidate acquired on an earlier version is recognised when they enrol on one that declares it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from assessments.models import BlocAcquisition
from assessments.queries.records import conclude
from assessments.services.planning import ToConfirm, plan_soutenance
from assessments.services.reopening import reopen
from assessments.services.submission import submit
from candidates.models import Candidate, Enrolment
from core import jobs, protection
from core.exceptions import Refusal
from core.models import Job, JournalEntry
from core.reconcile import problems
from juries.models import Decision, Dossier
from juries.services.deciding import take_decision
from referentiel.models import Referentiel
from referentiel.services.equivalences import declare_equivalences
from referentiel.services.versions import clone_to_draft
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    """What other tests left on disk, minutes ago, is no problem of this one."""
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def first(db: None) -> Referentiel:
    return build_referentiel(blocs=2)


def next_version(source: Referentiel, *numbers: int) -> Referentiel:
    """A published clone that recognises these blocs of its source."""
    by = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = clone_to_draft(Referentiel.objects.get(pk=source.pk), by=by)
    pairs = [(draft.blocs.get(number=n).pk, source.blocs.get(number=n).pk) for n in numbers]
    declare_equivalences(draft, wanted=pairs, by=by)
    publish(draft)
    return draft


def acquire(candidate: Candidate, referentiel: Referentiel, *numbers: int) -> Enrolment:
    enrolment = scenes.an_enrolment(referentiel, candidate)
    for number in numbers:
        competences = referentiel.competences.filter(activite__bloc__number=number)
        scenes.pass_soutenance(enrolment, competences)
    return enrolment


def standing(enrolment: Enrolment) -> list[int]:
    rows = enrolment.bloc_acquisitions.standing().order_by("bloc__number")
    return list(rows.values_list("bloc__number", flat=True))


@pytest.fixture
def unprotected(db: None) -> Iterator[None]:
    """As somebody who owns the database."""
    protection.remove()
    yield
    protection.install()


@pytest.fixture
def candidate(db: None) -> Candidate:
    return scenes.a_candidate()


def test_a_declared_bloc_is_recognised_with_its_evidence(first: Referentiel, candidate: Candidate) -> None:
    before = acquire(candidate, first, 1, 2)

    after = scenes.an_enrolment(next_version(first, 1), candidate)

    row, source = after.bloc_acquisitions.get(), before.bloc_acquisitions.get(bloc__number=1)
    assert (row.bloc.number, row.recognised_from, row.equivalence.earlier) == (1, source, source.bloc)
    assert (row.evidence, row.acquired_at, row.grille) == (source.evidence, source.acquired_at, source.grille)
    concluded = conclude(after).blocs[0]
    assert concluded.acquired
    assert f"dossier {before.number}" in concluded.reasons[0]
    told = JournalEntry.objects.get(verb="enrolment.blocs_recognised")
    assert (told.subject_id, told.data) == (str(after.pk), {"blocs": [1], "from": [str(source.pk)]})
    assert list(problems()) == []


def test_nothing_is_recognised_without_a_declaration_or_from_somebody_else(
    first: Referentiel, candidate: Candidate
) -> None:
    acquire(candidate, first, 1)
    acquire(scenes.a_candidate(), first, 2)

    assert standing(scenes.an_enrolment(next_version(first), candidate)) == []
    assert standing(scenes.an_enrolment(next_version(first, 2), candidate)) == []


def test_a_later_declaration_changes_nothing_of_an_enrolment_that_has_begun(
    first: Referentiel, candidate: Candidate
) -> None:
    acquire(candidate, first, 1)
    begun = scenes.an_enrolment(second := next_version(first), candidate)

    next_version(second, 1)
    next_version(first, 1)

    assert standing(begun) == []


def test_a_bloc_acquired_afterwards_on_the_old_version_is_not_recognised(
    first: Referentiel, candidate: Candidate
) -> None:
    before = acquire(candidate, first)
    after = scenes.an_enrolment(next_version(first, 1), candidate)

    scenes.pass_soutenance(before, first.competences.filter(activite__bloc__number=1))

    assert standing(after) == []
    assert list(problems()) == []


def test_a_recognised_bloc_is_recognised_in_turn(first: Referentiel, candidate: Candidate) -> None:
    acquire(candidate, first, 1)
    scenes.an_enrolment(second := next_version(first, 1), candidate)

    third = scenes.an_enrolment(next_version(second, 1), candidate)

    assert standing(third) == [1]
    assert "version 2" in conclude(third).blocs[0].reasons[0]


def test_recognition_that_completes_the_blocs_orders_one_dossier_and_one_proposal(
    first: Referentiel, candidate: Candidate
) -> None:
    """R-VAL-4."""
    acquire(candidate, first, 1, 2)
    jobs.run_due()

    after = scenes.an_enrolment(next_version(first, 1, 2), candidate)

    assert Job.objects.filter(subject=str(after.pk)).count() == 1
    jobs.run_due()
    content = after.dossiers.get().content
    assert [bloc["recognised"]["acquired_on"] for bloc in content["blocs"]]
    assert content["blocs"][0]["recognised"]["fingerprint"] == first.publication.fingerprint
    assert Decision.objects.proposed().get(enrolment=after).outcome == "certified"
    assert list(problems()) == []


def test_the_last_bloc_presented_completes_the_recognised_ones(first: Referentiel, candidate: Candidate) -> None:
    """R-VAL-4."""
    acquire(candidate, first, 1)
    after = scenes.an_enrolment(second := next_version(first, 1), candidate)
    assert not Job.objects.filter(subject=str(after.pk)).exists()

    scenes.pass_soutenance(after, second.competences.filter(activite__bloc__number=2))

    assert standing(after) == [1, 2]
    assert Job.objects.filter(subject=str(after.pk)).count() == 1
    jobs.run_due()
    assert Dossier.objects.get(enrolment=after).content["blocs"][1]["activites"]
    assert list(problems()) == []


def test_reopening_the_evidence_withdraws_the_recognition_and_its_return_gives_it_back(
    first: Referentiel, candidate: Candidate
) -> None:
    """R-VAL-3, along the whole chain."""
    before = acquire(candidate, first, 1)
    second = next_version(first, 1)
    chain = [scenes.an_enrolment(second, candidate), scenes.an_enrolment(next_version(second, 1), candidate)]
    grille = before.bloc_acquisitions.get().grille

    reopen(grille, submission=grille.submitted_at, reason="Une erreur de saisie", by=scenes.a_manager())

    assert [standing(one) for one in chain] == [[], []]
    withdrawn = BlocAcquisition.objects.recognised().values_list("withdrawal_reason", flat=True)
    assert set(withdrawn) == {"Une erreur de saisie"}
    assert list(problems()) == []
    grille.refresh_from_db()
    submit(grille, by=grille.evaluateur)
    assert [standing(one) for one in chain] == [[1], [1]]
    assert list(problems()) == []


def test_a_grille_a_decision_rests_on_through_a_recognition_is_not_reopened(
    first: Referentiel, candidate: Candidate
) -> None:
    """R-SCO-8."""
    before = acquire(candidate, first, 1, 2)
    after = scenes.an_enrolment(next_version(first, 1, 2), candidate)
    session = scenes.a_session(after, opened=True)
    dossier = after.dossiers.latest("revision")
    by = scenes.president_of(session)
    take_decision(session, enrolment=after, dossier=dossier, outcome="certified", by=by)
    grille = before.bloc_acquisitions.get(bloc__number=1).grille

    with pytest.raises(Refusal, match="Une décision repose"):
        reopen(grille, submission=grille.submitted_at, reason="Trop tard", by=scenes.a_manager())

    assert standing(after) == [1, 2]


def test_a_recognised_bloc_is_frozen_like_any_other(first: Referentiel, candidate: Candidate) -> None:
    acquire(candidate, first, 1)
    row = scenes.an_enrolment(next_version(first, 1), candidate).bloc_acquisitions.get()

    for action in (row.delete, lambda: BlocAcquisition.objects.filter(pk=row.pk).update(recognised_from=None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            action()


def test_planning_a_recognised_bloc_is_looked_at_twice(first: Referentiel, candidate: Candidate) -> None:
    acquire(candidate, first, 1)
    after = scenes.an_enrolment(second := next_version(first, 1), candidate)
    soutenance: dict[str, Any] = {
        "evaluateur": scenes.an_evaluateur(),
        "competences": list(second.competences.filter(activite__bloc__number=1)),
        "starts_at": timezone.now(),
        "by": scenes.a_manager(),
    }

    with pytest.raises(ToConfirm, match="déjà reconnu par équivalence"):
        plan_soutenance(after, **soutenance)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_mon_parcours_says_what_was_recognised(first: Referentiel, candidate: Candidate) -> None:
    before = acquire(candidate, first, 1)
    after = scenes.an_enrolment(next_version(first, 1), candidate)

    page = client_of(candidate.user).get(f"/parcours/{after.pk}/").content.decode()

    assert "Reconnu par équivalence" in page
    assert f"dossier {before.number}" in page
    assert "Reconnue avec le bloc" in page
    assert page.count("À présenter") == 2  # bloc 2, and its compétence


def test_reconcile_sees_a_recognition_that_is_missing_or_comes_from_nowhere(
    first: Referentiel, candidate: Candidate, unprotected: None
) -> None:
    before = acquire(candidate, first, 1)
    after = scenes.an_enrolment(next_version(first, 1), candidate)
    row = after.bloc_acquisitions.get()

    before.bloc_acquisitions.update(withdrawn_at=row.recognised_at, withdrawal_reason="Motif")
    assert any("vient d’un bloc qui ne l’est plus" in one for one in problems())
    before.bloc_acquisitions.update(withdrawn_at=None, withdrawal_reason="")
    BlocAcquisition.objects.filter(pk=row.pk).update(evidence=[])
    assert any("ne répond pas à ce dont il vient" in one for one in problems())
    BlocAcquisition.objects.filter(pk=row.pk).delete()
    assert any("déclaré équivalent n’est pas reconnu" in one for one in problems())
