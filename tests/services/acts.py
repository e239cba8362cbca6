"""What people do before a job is ordered.

`python -m tests.services.acts 5` submits the fourth bloc of five candidates, in a database no test is connected to.
"""

import sys

import django

from config.celery import app  # noqa: F401  # names the settings

django.setup()

from assessments.models import Grille  # noqa: E402  # models need Django
from assessments.services.submission import submit  # noqa: E402
from referentiel.models import Referentiel  # noqa: E402
from tests import scenes  # noqa: E402
from tests.referentiel.factories import build_referentiel  # noqa: E402


def marked_but_for_the_submission(referentiel: Referentiel | None = None, **fields: object) -> Grille:
    """Three blocs acquired, the fourth judged acquis throughout: its submission is what orders the job."""
    enrolment = scenes.an_enrolment(referentiel or build_referentiel(blocs=4))
    competences = enrolment.referentiel.competences
    last = competences.filter(activite__bloc__number=4)
    scenes.pass_soutenance(enrolment, competences.exclude(pk__in=last.values("pk")), **fields)
    grille = scenes.grille_of(scenes.a_soutenance(enrolment, competences=last, **fields))
    scenes.mark_all(grille)
    return grille


if __name__ == "__main__":
    shared = build_referentiel(blocs=4)
    for _ in range(int(sys.argv[1])):
        sheet = marked_but_for_the_submission(shared)
        submit(sheet, by=sheet.evaluateur)
