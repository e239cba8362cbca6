"""Every kind of document, as it is really delivered, is read by a program: PDF/UA-1, and PDF/A-3a where it is asked.

What R-JUR-5 and R-JUR-7 make mandatory is then looked for in the text that poppler extracts.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from candidates.enums import LinkKind
from candidates.models import Enrolment
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.linking import declare_link
from core import files, jobs
from core.models import JournalEntry
from core.templatetags.fr import date_fr, datetime_fr
from juries.documents import dossier_pdf
from juries.enums import Outcome, Presence
from juries.models import Certificate, Dossier, JurySession, Minutes
from juries.services.copying import issue_copy
from juries.services.deciding import take_decision
from juries.services.declaring import change_presence
from juries.services.deliberating import call_candidate, cast_vote, close_ballot, open_ballot
from juries.services.incidents import note_incident
from juries.services.rectifying import rectify_certificate
from juries.services.sessions import close_session, open_session, publish_session
from juries.services.signing import sign_minutes
from referentiel.services.versions import clone_to_draft
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.core.test_signing import FALSE_ALARM as SIGNED_TWICE
from tests.juries.deliveries import MENTIONS, ready_to_deliver, renamed
from tests.juries.test_certificate_document import failures, false_alarms
from tests.printed import words_of
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
INCIDENT = "Coupure de la visioconférence pendant douze minutes."
MOTIVE = "Le jury souhaite entendre le candidat sur le bloc 2."
KINDS = {
    "dossier.html": ("dossier", "dossier avec mention"),
    "minutes.html": ("procès-verbal à signer", "procès-verbal signé de 1", "procès-verbal signé de 2"),
    "letter.html": ("lettre",),
    "convocation.html": ("convocation",),
    "parchemin.html": ("parchemin", "duplicata de parchemin"),
    "attestation.html": ("attestation", "rectificatif d’attestation"),
    "referentiel.html": ("référentiel",),
    "referentiel_difference.html": ("différence",),
}
ARCHIVED = ("minutes.html", "parchemin.html", "attestation.html")


@dataclass
class Delivered:
    """A session taken to its end, with a candidate for each outcome, and the bytes of every document it gave."""

    session: JurySession
    president: User
    member: User
    enrolments: list[Enrolment]
    pdfs: dict[str, bytes] = field(default_factory=dict)


def plain(pdf: bytes) -> str:
    return words_of(pdf).replace("\u00a0", " ").replace("\u202f", " ")


def deliberated() -> Delivered:
    """Certified, partial (with a measure, by a vote), refused, adjourned (a member stands back); closed and signed."""
    referentiel = build_referentiel(blocs=2)
    ready_to_deliver(referentiel)
    names = ("Abadie", "Briand", "Caron", "Duval")
    enrolments = [scenes.an_enrolment(referentiel, scenes.a_candidate(name)) for name in names]
    for enrolment in enrolments[:2]:
        scenes.pass_soutenance(enrolment)
    grant_tiers_temps(enrolments[1], granted_on=timezone.localdate(), by=UserFactory(roles=[Role.REFERENT_HANDICAP]))
    session = scenes.a_session(*enrolments)
    president, member = (seat.user for seat in session.members.order_by("-is_president"))
    declare_link(enrolments[3].candidate, user=member, kind=LinkKind.TRAINED, by=scenes.a_manager())
    open_session(session, by=president)
    session.refresh_from_db()
    staged = Delivered(session, president, member, enrolments)
    note_incident(session, text=INCIDENT, by=president)
    _vote(staged)
    outcomes = (Outcome.CERTIFIED, Outcome.PARTIAL, Outcome.REFUSED, Outcome.ADJOURNED)
    for enrolment, outcome in zip(enrolments, outcomes, strict=True):
        take_decision(
            session,
            enrolment=enrolment,
            dossier=enrolment.dossiers.as_evidence_stands().first(),
            outcome=outcome,
            motive="" if outcome in (Outcome.CERTIFIED, Outcome.REFUSED) else MOTIVE,
            blocs=[1] if outcome == Outcome.PARTIAL else [],
            by=president,
        )
    close_session(session, by=president)
    jobs.run_due()
    _sign(staged)
    return staged


def _vote(staged: Delivered) -> None:
    """On the second candidate; the member leaves, then comes back, which the procès-verbal tells."""
    call_candidate(staged.session, enrolment=staged.enrolments[1].pk, by=staged.president)
    candidacy = staged.session.candidacies.get(enrolment=staged.enrolments[1])
    ballot = open_ballot(candidacy, by=staged.president)
    for voter in (staged.president, staged.member):
        cast_vote(ballot, outcome=Outcome.PARTIAL, by=voter)
    ballot.refresh_from_db()
    if ballot.closed_at is None:
        close_ballot(ballot, by=staged.president)
    seat = staged.session.members.get(user=staged.member)
    for presence in (Presence.ABSENT, Presence.PRESENT):
        change_presence(seat, presence=presence, by=staged.president)


def _sign(staged: Delivered) -> None:
    minutes = Minutes.objects.get(session=staged.session)
    staged.pdfs["procès-verbal à signer"] = files.read(minutes.pdf)
    for rank, user in enumerate((staged.president, staged.member), start=1):
        staged.pdfs[f"procès-verbal signé de {rank}"] = files.read(sign_minutes(minutes, by=user).pdf)


def deliver(staged: Delivered) -> None:
    """Published, then everything that may be printed of it, by the ways people get it."""
    publish_session(staged.session, by=staged.president)
    manager = scenes.a_manager()
    parchemin, attestation = Certificate.objects.order_by("-kind")
    issue_copy(parchemin, reason="Original perdu.", by=manager)
    renamed(attestation, "Zélie")
    corrected = rectify_certificate(attestation, reason="Prénom mal orthographié.", by=manager)
    jobs.run_due()
    for name, made in (
        ("parchemin", parchemin),
        ("attestation", attestation),
        ("duplicata de parchemin", parchemin.copies.get()),
        ("rectificatif d’attestation", corrected),
    ):
        made.refresh_from_db()
        staged.pdfs[name] = files.read(made.pdf)
    dossier = Dossier.objects.filter(enrolment=staged.enrolments[1]).latest("revision")
    staged.pdfs["dossier"] = files.read(dossier.pdf)
    staged.pdfs["dossier avec mention"] = dossier_pdf(
        dossier.content, fingerprint=dossier.fingerprint, confidential="Le candidat indique : dyslexie."
    )
    refused = staged.session.decisions.get(enrolment=staged.enrolments[2])
    letter = reverse("juries:letter_pdf", args=[refused.pk])
    staged.pdfs["lettre"] = client_of(staged.enrolments[2].candidate.user).get(letter).content
    retaking = scenes.a_soutenance(staged.enrolments[2])
    paper = reverse("assessments:convocation", args=[retaking.pk])
    staged.pdfs["convocation"] = client_of(staged.enrolments[2].candidate.user).get(paper).content
    version, administrateur = staged.session.referentiel, UserFactory(roles=[Role.ADMINISTRATEUR])
    draft, reader = clone_to_draft(version, by=administrateur), client_of(administrateur)
    printed = {
        "référentiel": reverse("referentiel:export", args=[version.pk, "pdf"]),
        "différence": reverse("referentiel:differences-pdf", args=[draft.pk, version.pk]),
    }
    staged.pdfs |= {name: reader.get(address).content for name, address in printed.items()}


def test_every_template_of_a_document_is_looked_at_here() -> None:
    folder = Path(settings.BASE_DIR) / "templates" / "documents"
    whole = {path.name for path in folder.glob("*.html") if "<html" in path.read_text(encoding="utf-8")}
    assert whole == set(KINDS)


def test_every_document_conforms_to_pdf_ua_and_what_is_archived_to_pdf_a() -> None:
    staged = deliberated()
    deliver(staged)
    assert set(staged.pdfs) == {name for names in KINDS.values() for name in names}
    for template, names in KINDS.items():
        for name in names:
            pdf = staged.pdfs[name]
            assert failures(pdf, "ua1") == set(), name
            if template in ARCHIVED:
                expected = {SIGNED_TWICE} if name == "procès-verbal signé de 2" else set()
                assert failures(pdf, "3a") - false_alarms(pdf) == expected, name
    for name in ("parchemin", "attestation", "duplicata de parchemin", "rectificatif d’attestation"):
        _bears_the_mandatory_mentions(plain(staged.pdfs[name]), staged, name)


def _bears_the_mandatory_mentions(text: str, staged: Delivered, name: str) -> None:
    """R-JUR-7: who delivers what to whom, on whose decision, where and when."""
    certification = staged.session.referentiel.certification
    registration = staged.session.referentiel.registration
    holder = staged.enrolments[0 if "parchemin" in name else 1].candidate
    holder.refresh_from_db()
    born = "Léa" if name == "attestation" else holder.given_names
    minutes_entry = JournalEntry.objects.get(verb="session.closed", subject_id=str(staged.session.pk))
    for said in (
        certification.title,
        certification.rncp_code,
        f"par décision du {date_fr(registration.decided_on)}",
        f"iveau {certification.level}",
        f"{born} {holder.family_name.upper()}",
        f"né(e) le {date_fr(holder.birth_date)} à {holder.birth_place}",
        date_fr(staged.session.held_at),
        f"entrée n° {minutes_entry.sequence} du journal",
        f"Fait à {MENTIONS['place']}, le",
        MENTIONS["signatory"],
        MENTIONS["signatory_title"],
        MENTIONS["legal_name"].upper(),
        "Signé électroniquement",
        "Code",
        "/verifier",
        *([f"NSF {certification.nsf}"] if certification.nsf else []),
        *(["Duplicata n° 1"] if "duplicata" in name else []),
        *(["Rectificatif : annule et remplace le n°"] if "rectificatif" in name else []),
    ):
        assert said.replace("\u00a0", " ").replace("\u202f", " ") in text, (name, said)


def test_the_minutes_say_all_that_they_must_before_and_after_the_signatures() -> None:
    """R-JUR-5, in the order of the rule."""
    staged = deliberated()
    session = JurySession.objects.get(pk=staged.session.pk)
    measure = staged.enrolments[1].accommodations.get()
    closing = JournalEntry.objects.get(verb="session.closed", subject_id=str(session.pk))
    for name in KINDS["minutes.html"]:
        text = plain(staged.pdfs[name])
        for said in (
            session.referentiel.certification.title,
            session.referentiel.certification.rncp_code,
            f"référentiel version {session.referentiel.version}",
            "Règlement appliqué",
            "Le jury compte au moins 2 membres",
            f"Le jury s’est réuni le {date_fr(session.held_at)}, {session.place}",
            f"close le {datetime_fr(session.closed_at)}",
            *(f"{seat.user}" for seat in session.members.all()),
            *(seat.get_capacity_display() for seat in session.members.all()),
            "préside",
            "parti(e) à",
            "arrivé(e) à",
            f"{staged.member} ({LinkKind.TRAINED.label.lower()}) n’a pas pris part à la délibération",
            f"Aménagements. {measure.label}",
            *(enrolment.candidate.full_name for enrolment in staged.enrolments),
            *(enrolment.number for enrolment in staged.enrolments),
            *(str(outcome.label) for outcome in Outcome),
            "Bloc 1 · ✓ validé",
            "Bloc 2 · – non validé",
            f"{staged.member} : Validation partielle",
            "Décision prise par consensus, sans scrutin",
            f"Motif. {MOTIVE}",
            "Incidents de séance",
            INCIDENT,
            "Signatures",
        ):
            assert said.replace("\u00a0", " ").replace("\u202f", " ") in text, (name, said)
        assert closing.hash in text.replace(" ", "")
        assert "handicap" not in text.lower()
