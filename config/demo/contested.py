"""A candidate of the story contests a decision, and somebody who judged nothing in it instructs the appeal."""

import io

from config.demo.handed import REPORT_STYLE
from config.demo.stage import Stage
from core.pdf import render
from juries.enums import AppealKind
from juries.models import Appeal, Decision
from juries.services.appealing import Exhibit, file_appeal
from juries.services.instructing import assign_appeal

STATEMENT = """Le jury a validé mes blocs 1 et 2, et je l’en remercie. Je conteste la façon dont le bloc 3 a été écarté.

Ma soutenance du bloc 3, planifiée avant la session, a été repoussée deux fois sans que j’y sois pour rien. Mon projet \
était prêt : le courrier joint le montre.

Je demande que mon dossier soit présenté au prochain jury sans attendre."""
MAIL = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Report de soutenance</title></head><body>
<h1>Report de votre soutenance</h1><p class="by">Message reçu par le candidat</p>
<p>Bonjour, votre soutenance du bloc 3 est reportée pour la seconde fois : l’évaluateur n’est pas disponible. Une
nouvelle date vous sera proposée.</p></body></html>"""


def contest(stage: Stage, key: str) -> Appeal:
    """The candidate ``key`` files an appeal against the decision published about them, with one file."""
    enrolment = stage.enrolments[key]
    by = enrolment.candidate.user
    assert by is not None
    mail = render(MAIL, stylesheets=[REPORT_STYLE])
    return file_appeal(
        Decision.objects.standing_in_public().get(enrolment=enrolment),
        kind=AppealKind.PROCEDURE,
        statement=STATEMENT,
        exhibits=[Exhibit(io.BytesIO(mail), "report-de-soutenance.pdf", len(mail))],
        by=by,
    )


def instruct(stage: Stage, appeal: Appeal, owner: str) -> None:
    assign_appeal(appeal, owner=stage.staff[owner], by=stage.manager)
