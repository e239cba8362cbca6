"""The frozen content of a dossier (R-JUR-3): what the jury judged on, as plain JSON.

The dictionaries below are written once, hashed, stored and never recomputed; the PDF is rendered from them alone.
Dates are ISO 8601 ("2026-03-12" or "2026-03-12T14:30:00+01:00", Europe/Paris). Texts are the source's, unescaped.
No health data ever enters it (R-CAN-2): the mention is rendered beside it, for the jury, while consent stands.
"""

from typing import Literal, NotRequired, TypedDict

SCHEMA = "parchemin.dossier/1"

VerdictValue = Literal["acquis", "non_acquis"]
OutcomeValue = Literal["certified", "partial", "refused", "adjourned"]


class CertificationContent(TypedDict):
    title: str
    rncp_code: str
    level: int
    certifier: str


class ReferentielContent(TypedDict):
    version: int
    fingerprint: str


class CandidateContent(TypedDict):
    full_name: str
    birth_date: str
    birth_place: str


class EnrolmentContent(TypedDict):
    number: str
    voie_acces: str
    enrolled_on: str


class AccommodationContent(TypedDict):
    """A measure, never its reason (R-CAN-3)."""

    label: str


class ReglementContent(TypedDict):
    """The settings the outcome was computed with, each as a French sentence (R-REF-6)."""

    settings: list[str]


class ProposalContent(TypedDict):
    outcome: OutcomeValue
    reasons: list[str]


class OpinionContent(TypedDict):
    """What one of two évaluateurs had said of a CE before they settled it."""

    evaluateur: str
    verdict: VerdictValue | None
    comment: str


class SettlementContent(TypedDict):
    """How two évaluateurs settled a CE they had judged differently (R-SCO-9)."""

    verdicts: list[OpinionContent]
    reason: str
    settled_by: str


class CritereContent(TypedDict):
    """One CE and the mark it received; ``verdict`` is None when the CE was never judged.

    ``questions`` (asked, and answered) and ``settlement`` are absent from the dossiers of before they existed; the
    verdict and the comment of a settled CE are those settled.
    """

    number: int
    rubrique: str
    text: str
    sub_items: list[str]
    verdict: VerdictValue | None
    comment: str
    private_note: str
    version: int
    questions: NotRequired[str]
    settlement: NotRequired[SettlementContent]


class EvidenceContent(TypedDict):
    """The soutenance a compétence was judged in: what was presented, and the identifier of the grille."""

    grille: str
    soutenance: str
    held_on: str
    evaluateur: str
    submitted_at: str


class AttemptContent(TypedDict):
    """An earlier soutenance of the same compétence that did not acquire it."""

    held_on: str
    evaluateur: str
    reasons: list[str]


class CompetenceContent(TypedDict):
    code: str
    statement: str
    acquired: bool
    acquired_on: str | None
    evidence: EvidenceContent | None
    criteres: list[CritereContent]
    earlier_attempts: list[AttemptContent]


class ActiviteContent(TypedDict):
    code: str
    title: str
    competences: list[CompetenceContent]


class RecognitionContent(TypedDict):
    """A bloc acquired on another version and recognised at the enrolment (R-CAN-1): its evidence is there.

    ``fingerprint`` is that of the text it was acquired on; ``evidence`` gives the grille of each compétence there.
    """

    origin: str
    fingerprint: str
    acquired_on: str
    recognised_on: str
    evidence: list[dict[str, str]]


class BlocContent(TypedDict):
    """A recognised bloc gives its ``recognised`` instead of activités; the key is absent otherwise."""

    number: int
    title: str
    acquired: bool
    acquired_on: str | None
    reasons: list[str]
    activites: list[ActiviteContent]
    recognised: NotRequired[RecognitionContent]


class IncidentContent(TypedDict):
    """A technical incident of a soutenance, and the whole minutes it cost."""

    started_at: str
    minutes: int
    note: str


class PhaseContent(TypedDict):
    """A phase as planned (whole minutes, tiers-temps inside) and what of it went by, pauses left out (seconds)."""

    name: str
    planned_minutes: int
    elapsed_seconds: int


class TimeContent(TypedDict):
    """The time of one soutenance as it happened (R-SCO-7): a measure without its reason (R-CAN-3).

    ``started_at`` is the clock's, else the first mark's; ``ended_at`` is None when nobody stopped the clock, and
    ``phases`` is empty when nobody started it. ``extra_time`` is a fraction ("1/3") or "".
    """

    soutenance: str
    evaluateur: str
    started_at: str | None
    ended_at: str | None
    extra_time: str
    phases: list[PhaseContent]
    extra_minutes: int
    incidents: list[IncidentContent]


class DossierContent(TypedDict):
    schema: str
    revision: int
    generated_at: str
    certification: CertificationContent
    referentiel: ReferentielContent
    candidate: CandidateContent
    enrolment: EnrolmentContent
    accommodations: list[AccommodationContent]
    reglement: ReglementContent
    proposal: ProposalContent
    blocs: list[BlocContent]
    times: NotRequired[list[TimeContent]]  # absent from the dossiers of before the clock
