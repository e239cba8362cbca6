"""What a runner does: the procès-verbal of a closed session, once (R-JUR-5)."""

from typing import Any

from django.utils import timezone

from core import files, journal
from core.fingerprints import canonical_json, sha256_hex
from core.jobs import Effect, handles
from core.models import Job
from juries.minutes_document import minutes_pdf
from juries.models import JurySession, Minutes
from juries.queries.minutes import minutes_content

MINUTES = "minutes"


@handles(MINUTES)
def draw_up_minutes(job: Job) -> Effect:
    """The procès-verbal of a closed session, once (R-JUR-5); everything it says was frozen when the session closed."""
    session = JurySession.objects.select_related("referentiel__reglement").get(pk=job.subject)
    existing = Minutes.objects.filter(session=session).first()
    if existing:
        return lambda: {"minutes": str(existing.pk)}
    content = minutes_content(session)
    fingerprint = sha256_hex(canonical_json(content))
    pdf = files.write(minutes_pdf(content, fingerprint=fingerprint))

    def effect() -> dict[str, Any]:
        minutes = Minutes.objects.create(
            session=session,
            content_json=canonical_json(content),
            fingerprint=fingerprint,
            pdf=files.keep(pdf, media_type="application/pdf"),
            drawn_up_at=timezone.now(),
        )
        journal.record("minutes.drawn_up", minutes, by=None, data={"fingerprint": fingerprint, "pdf": pdf})
        return {"minutes": str(minutes.pk)}

    return effect
