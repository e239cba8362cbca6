"""The whole line through HTTP: from login to the jury's decision, as a browser would walk it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Grille
from assessments.queries.review import criteres_of
from core import jobs, journal
from juries.models import Decision
from tests import scenes
from tests.accounts.factories import PASSWORD
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    """A client that went through the login page."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def mark(client: Client, grille: Grille, critere: int, verdict: str, comment: str = "", version: int = 0):
    return client.put(
        reverse("api:mark", args=[grille.soutenance_id, critere]),
        {"verdict": verdict, "comment": comment},
        content_type="application/json",
        headers={"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())},
    )


def test_from_login_to_the_jury_s_decision():
    referentiel = build_referentiel(blocs=4)
    enrolment = scenes.an_enrolment(referentiel)
    candidate_user = enrolment.candidate.user
    candidate_user.set_password(PASSWORD)
    candidate_user.save()
    evaluateur = scenes.an_evaluateur()
    grille = scenes.grille_of(scenes.a_soutenance(enrolment, evaluateur=evaluateur))
    soutenance = grille.soutenance_id

    # The candidate sees what is to come, and nothing acquired yet.
    candidate = logged_in(candidate_user)
    assert "0 bloc acquis sur 4" in page(candidate, "assessments:enrolment_progress", enrolment.pk)

    # The évaluateur marks every CE, one of them non acquis without a comment.
    marking = logged_in(evaluateur)
    assert str(enrolment.candidate) in page(marking, "assessments:soutenances")
    assert "0</span> / 8 critères jugés" in page(marking, "assessments:grille", soutenance)
    criteres = criteres_of(grille)
    for critere in criteres[1:]:
        assert mark(marking, grille, critere.pk, "acquis").status_code == 200
    assert "n’est pas évalué" in page(marking, "assessments:review", soutenance)
    assert mark(marking, grille, criteres[0].pk, "non_acquis").status_code == 200
    assert "sans commentaire" in page(marking, "assessments:review", soutenance)

    # Submitting is refused until nothing is missing; then it is foretold, done, and locked.
    refused = marking.post(reverse("assessments:submit", args=[soutenance]), follow=True)
    assert "1 point reste à compléter" in refused.content.decode()
    assert mark(marking, grille, criteres[0].pk, "acquis", version=1).status_code == 200
    assert "Le bloc 4 sera acquis" in page(marking, "assessments:review", soutenance)
    assert marking.post(reverse("assessments:submit", args=[soutenance])).status_code == 302
    again = marking.post(reverse("assessments:submit", args=[soutenance]), follow=True)
    assert "rien n’a été fait une seconde fois" in again.content.decode()
    assert mark(marking, grille, criteres[0].pk, "non_acquis", "Trop tard.", version=2).status_code == 409

    # The job produces one dossier and one proposal; the manager presents the candidate to a jury.
    assert jobs.run_due() == 1
    assert enrolment.number in page(logged_in(scenes.a_manager()), "core:jobs")
    session = scenes.a_session(enrolment)
    dossier = enrolment.dossiers.get()

    # The president reads the dossier, opens, decides, closes, publishes.
    president = logged_in(scenes.president_of(session))
    assert criteres[0].text in page(president, "juries:dossier", dossier.pk)
    pdf = president.get(reverse("juries:dossier_pdf", args=[dossier.pk]))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Cache-Control"] == "no-store"
    there = {"present": [member.pk for member in session.members.all()]}
    president.post(reverse("juries:open", args=[session.pk]), there)
    president.post(reverse("juries:call", args=[session.pk, enrolment.pk]))
    assert enrolment.candidate.full_name in page(president, "juries:room", session.pk)
    decide = reverse("juries:decide", args=[session.pk, enrolment.pk])
    unmotivated = president.post(decide, {"outcome": "refused", "dossier": dossier.pk})
    assert "indiquez le motif" in unmotivated.content.decode()
    assert not Decision.objects.taken().exists()
    assert president.post(decide, {"outcome": "certified", "dossier": dossier.pk}).status_code == 302
    president.post(reverse("juries:close", args=[session.pk]), {"confirmed": "1"})

    # The candidate knows only once it is published (R-JUR-6).
    result = reverse("juries:result", args=[enrolment.pk])
    assert "Aucun résultat publié" in candidate.get(result).content.decode()
    president.post(reverse("juries:publish", args=[session.pk]), {"confirmed": "1"})
    assert "vous délivre la certification" in candidate.get(result).content.decode()
    assert journal.first_broken_link() is None


def test_a_decision_on_a_dossier_that_went_stale_is_refused():
    """R-JUR-3."""
    referentiel = build_referentiel(blocs=2)
    enrolment = scenes.an_enrolment(referentiel)
    scenes.pass_soutenance(enrolment, referentiel.competences.filter(activite__bloc__number=1))
    session = scenes.a_session(enrolment, opened=True)
    dossier = enrolment.dossiers.get()
    scenes.fail_soutenance(enrolment, referentiel.competences.filter(activite__bloc__number=2))

    president = logged_in(scenes.president_of(session))
    decide = reverse("juries:decide", args=[session.pk, enrolment.pk])
    refused = president.post(decide, {"outcome": "partial", "dossier": dossier.pk})
    assert "plus à jour" in refused.content.decode()
    assert not Decision.objects.taken().exists()
