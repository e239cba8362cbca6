"""A link declared after the assignment: nobody evaluates a candidate they trained or are related to (R-SCO-10)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.marks import MarkValue
from assessments.models import Grille, Mark
from assessments.queries.review import criteres_of
from assessments.services.locking import Barred
from assessments.services.marking import change_mark
from assessments.services.submission import submit
from candidates.enums import LinkKind
from candidates.models import DeclaredLink
from candidates.services.linking import declare_link, remove_link
from core.reconcile import problems
from tests import scenes
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db


def judge(grille: Grille) -> None:
    change_mark(
        grille,
        critere=criteres_of(grille)[0],
        value=MarkValue("acquis"),
        from_version=0,
        operation=uuid4(),
        by=grille.evaluateur,
    )


def barred(grille: Grille, kind: LinkKind = LinkKind.TRAINED) -> DeclaredLink:
    candidate = grille.soutenance.enrolment.candidate
    return declare_link(candidate, user=grille.evaluateur, kind=kind, by=scenes.a_manager())


@pytest.fixture
def grille() -> Grille:
    return scenes.grille_of(scenes.a_soutenance(second_evaluateur=scenes.an_evaluateur()))


@pytest.mark.parametrize("kind", LinkKind)
def test_marks_are_refused_and_the_soutenance_does_not_begin(grille: Grille, kind: LinkKind) -> None:
    barred(grille, kind)
    with pytest.raises(Barred, match="Un lien entre ce candidat et vous"):
        judge(grille)
    grille.soutenance.refresh_from_db()
    assert (grille.soutenance.state, Mark.objects.count()) == ("planned", 0)


def test_what_was_judged_before_is_not_submitted(grille: Grille) -> None:
    scenes.mark_all(grille)
    barred(grille)
    with pytest.raises(Barred):
        submit(scenes.grille_of(grille.soutenance), by=grille.evaluateur)
    assert problems() == []


def test_the_other_evaluateur_goes_on(grille: Grille) -> None:
    barred(grille)
    judge(scenes.grille_of(grille.soutenance, grille.soutenance.second_evaluateur))
    assert Mark.objects.count() == 1


def test_a_link_declared_by_mistake_and_removed_changes_nothing(grille: Grille) -> None:
    remove_link(barred(grille), by=scenes.a_manager())
    scenes.mark_all(grille)
    submit(scenes.grille_of(grille.soutenance), by=grille.evaluateur)


def test_what_is_submitted_already_stays(grille: Grille) -> None:
    """The jury is told of the link when it sits (R-JUR-2); a judgment given before is not erased."""
    scenes.hand_in(grille.soutenance, grille.evaluateur)
    barred(grille)
    assert Grille.objects.get(pk=grille.pk).is_submitted
    assert problems() == []


def test_both_are_told_on_screen(grille: Grille) -> None:
    scenes.mark_all(grille)
    barred(grille)
    address = reverse("assessments:grille", args=[grille.soutenance_id])
    assert "Vous ne pouvez pas évaluer ce candidat" in client_of(grille.evaluateur).get(address).content.decode()
    second = client_of(grille.soutenance.second_evaluateur).get(address).content.decode()
    assert "Vous ne pouvez pas évaluer ce candidat" not in second
    followed = reverse("assessments:soutenance", args=[grille.soutenance_id])
    assert "Interrompez la soutenance" in client_of(scenes.a_manager()).get(followed).content.decode()
