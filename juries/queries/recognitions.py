"""What was recognised at the enrolment, as the dossier keeps it (R-CAN-1, R-JUR-3)."""

from collections.abc import Mapping

from django.utils import timezone

from assessments.verdicts import Recognition
from candidates.models import Enrolment
from juries.content import RecognitionContent


def recognition_contents(enrolment: Enrolment, recognised: Mapping[int, Recognition]) -> dict[int, RecognitionContent]:
    """By number of bloc; no query when nothing was recognised, else one."""
    if not recognised:
        return {}
    rows = enrolment.bloc_acquisitions.standing().recognised()
    rows = rows.select_related("bloc", "recognised_from__bloc__referentiel__publication")
    contents: dict[int, RecognitionContent] = {}
    for row in rows:
        assert row.recognised_from is not None
        assert row.recognised_at is not None
        contents[row.bloc.number] = {
            "origin": recognised[row.bloc.number].origin,
            "fingerprint": row.recognised_from.bloc.referentiel.publication.fingerprint,
            "acquired_on": timezone.localdate(row.acquired_at).isoformat(),
            "recognised_on": timezone.localdate(row.recognised_at).isoformat(),
            "evidence": [{"competence": one["competence"], "grille": one["grille"]} for one in row.evidence],
        }
    return contents
