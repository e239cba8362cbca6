"""What a runner does: the dossier and the proposal of one evidence, once (R-VAL-4, R-JUR-3, R-JUR-4)."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from candidates.models import Enrolment
from core import files, journal
from core.fingerprints import canonical_json, sha256_hex
from core.jobs import Effect, handles
from core.models import Job
from juries.documents import dossier_pdf
from juries.enums import Stage
from juries.models import Decision, Dossier
from juries.proposals import Proposal
from juries.queries.content import build_dossier
from juries.queries.evidence import evidence_of

DOSSIER = "dossier"


class EvidenceChangedError(Exception):
    """The evidence changed while the dossier was being rendered."""


class PrintsDifferentlyError(Exception):
    """The frozen content no longer gives the bytes that were stored: the software that prints it has changed."""


@handles(DOSSIER)
def produce_dossier(job: Job) -> Effect:
    """Build, render and put the PDF on disk; the rows are written by the effect, in the runner's transaction.

    The dossier is that of the evidence as it stands now, which may be later than the one the job was ordered for;
    the effect refuses to write a dossier whose evidence changed while it was rendered, and the job is tried again.
    """
    enrolment = Enrolment.objects.select_related(
        "candidate", "referentiel__certification", "referentiel__reglement", "referentiel__publication"
    ).get(pk=job.subject)
    evidence = evidence_of(enrolment)
    existing = Dossier.objects.filter(enrolment=enrolment, evidence=evidence).first()
    if existing:
        _mend(existing)
        return lambda: {"dossier": str(existing.pk)}
    revision = (enrolment.dossiers.aggregate(last=Max("revision"))["last"] or 0) + 1
    generated_at = _dated(job, enrolment)
    built = build_dossier(enrolment, revision=revision, generated_at=generated_at)
    content = canonical_json(built.content)
    fingerprint = sha256_hex(content)
    pdf = files.write(dossier_pdf(built.content, fingerprint=fingerprint))

    def effect() -> dict[str, Any]:
        if evidence_of(_locked(enrolment)) != evidence:
            raise EvidenceChangedError("Le dossier a changé pendant son édition : nouvel essai.")
        dossier = Dossier.objects.create(
            enrolment=enrolment,
            revision=revision,
            evidence=evidence,
            content_json=content,
            fingerprint=fingerprint,
            pdf=files.keep(pdf, media_type="application/pdf"),
            generated_at=generated_at,
        )
        _propose(dossier, built.proposal)
        journal.record(
            "dossier.generated", dossier, by=None, data={"revision": revision, "fingerprint": fingerprint, "pdf": pdf}
        )
        return {"dossier": str(dossier.pk)}

    return effect


def _mend(dossier: Dossier) -> None:
    """Print the PDF once more when its bytes are gone or altered: from the frozen content, hence the same bytes."""
    if files.is_whole(dossier.pdf):
        return
    pdf = dossier_pdf(dossier.content, fingerprint=dossier.fingerprint)
    if sha256_hex(pdf) != dossier.pdf_id:
        raise PrintsDifferentlyError("Le PDF ne s’imprime plus à l’identique : reprenez-le dans une sauvegarde.")
    files.write(pdf)


def _dated(job: Job, enrolment: Enrolment) -> datetime:
    """When the job was ordered, or its last grille submitted if later: the same at each try, so are the bytes."""
    last = enrolment.soutenances.aggregate(last=Max("grilles__submitted_at"))["last"]
    return max(job.ordered_at, last or job.ordered_at)


def _locked(enrolment: Enrolment) -> Enrolment:
    """With the candidate, so that a civil status corrected meanwhile is either in the dossier or makes it stale."""
    both = Enrolment.objects.select_for_update(of=("self", "candidate")).select_related("candidate")
    return both.get(pk=enrolment.pk)


def _propose(dossier: Dossier, proposal: Proposal) -> None:
    decision = Decision.objects.create(
        enrolment=dossier.enrolment,
        dossier=dossier,
        stage=Stage.PROPOSED,
        outcome=proposal.outcome,
        blocs=list(proposal.blocs),
        reasons=list(proposal.reasons),
        decided_at=dossier.generated_at,
    )
    journal.record("decision.proposed", decision, by=None, data={"outcome": proposal.outcome})
