"""The frozen content of what is delivered (R-JUR-7): every mandatory mention, as plain JSON.

Written once in the transaction that gives the number, hashed, stored, never recomputed; the PDF and its duplicata are
printed from it alone. Dates are ISO 8601, Europe/Paris. Texts are the source's, unescaped.
"""

from typing import NotRequired, TypedDict

from juries.content import ReferentielContent

SCHEMA = "parchemin.certificate/1"


class DeliveredCertificationContent(TypedDict):
    """The registered title; ``registered_on`` is the date of the decision of registration, ``nsf`` may be empty."""

    title: str
    rncp_code: str
    registered_on: str
    level: int
    nsf: str


class DeliveryContent(TypedDict):
    """Who delivers, where, and who signs."""

    legal_name: str
    place: str
    signatory: str
    signatory_title: str
    issued_on: str


class HolderContent(TypedDict):
    """Civil status, as the identity document says it."""

    full_name: str
    family_name: str
    usage_name: str
    given_names: str
    birth_date: str
    birth_place: str


class SkillContent(TypedDict):
    code: str
    statement: str


class DeliveredBlocContent(TypedDict):
    """A bloc; its compétences are told for an attestation, and left empty for a parchemin."""

    number: int
    title: str
    competences: list[SkillContent]


class JuryContent(TypedDict):
    """The session that decided, and the entry of the journal that closed it, printed at the foot of its PV."""

    name: str
    held_on: str
    closed_at: str
    journal_sequence: int
    journal_hash: str


class VerificationContent(TypedDict):
    """``address`` is the page where the code is typed, ``url`` what the QR leads to."""

    code: str
    address: str
    url: str


class ReplacedContent(TypedDict):
    """The document a rectificatif takes the place of."""

    number: str
    issued_on: str


class CertificateContent(TypedDict):
    """``replaces`` is there for a rectificatif only."""

    schema: str
    kind: str
    number: str
    certification: DeliveredCertificationContent
    referentiel: ReferentielContent
    holder: HolderContent
    blocs: list[DeliveredBlocContent]
    jury: JuryContent
    delivery: DeliveryContent
    verification: VerificationContent
    replaces: NotRequired[ReplacedContent]
