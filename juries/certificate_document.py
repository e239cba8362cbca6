"""The parchemin and the attestation de bloc, rendered: frozen content in, the bytes of a PDF/A out (R-JUR-7)."""

import io
from datetime import datetime

import pikepdf
from django.template.loader import render_to_string

from core.fingerprints import canonical_json
from core.pdf import Attachment, render
from core.qr import qr_svg
from core.stylesheets import stylesheet_of
from juries.certificate_content import CertificateContent
from juries.documents import grouped
from juries.dossier_view import printable_content
from juries.enums import CertificateKind
from juries.guilloche import rosette_svg

TEMPLATES = {
    CertificateKind.PARCHEMIN: "documents/parchemin.html",
    CertificateKind.ATTESTATION: "documents/attestation.html",
}
ATTACHMENT = "certificat.json"
STEPS = range(7)
"""From the most generous setting to the densest; the stylesheets say what each is."""
LONG = 150
"""Characters of who signs, where, for whom, above which the foot is set smaller."""

Copy = tuple[int, str]
"""The rank of a duplicata and the day it was delivered (ISO 8601)."""


def certificate_pdf(content: CertificateContent, *, fingerprint: str, copy: Copy | None = None) -> bytes:
    """One page of PDF/A-3a, tagged for PDF/UA, that carries ``content``; not signed yet.

    ``fingerprint`` is the SHA-256 of its canonical JSON. Pure: equal arguments give equal bytes. The first setting that
    holds on one page is kept; a bloc whose compétences hold on none goes on to a second page.
    """
    attachment = Attachment(
        name=ATTACHMENT,
        data=canonical_json(content).encode(),
        description="Contenu du document, dont l’empreinte SHA-256 figure au bas de la page",
        modified=datetime.fromisoformat(content["jury"]["closed_at"]),
    )
    kind = CertificateKind(content["kind"])
    pdf = b""
    for step in STEPS:
        html = certificate_html(content, fingerprint=fingerprint, copy=copy, step=step)
        pdf = render(html, stylesheets=_stylesheets(kind), attachments=[attachment], variant="pdf/a-3a")
        if _pages(pdf) == 1:
            break
    return pdf


def certificate_html(content: CertificateContent, *, fingerprint: str, copy: Copy | None = None, step: int = 0) -> str:
    """The document as the HTML its PDF is made from."""
    verification = content["verification"]
    context = {
        "certificate": printable_content(content),
        "address": verification["address"].partition("://")[2].rstrip("/"),
        "qr": qr_svg(verification["url"], alternative=f"Code QR : vérifier ce document sur {verification['address']}"),
        "rosette": rosette_svg(),
        "fingerprint_groups": grouped(fingerprint),
        "referentiel_fingerprint": grouped(content["referentiel"]["fingerprint"])[0],
        "copy": {"rank": copy[0], "on": copy[1]} if copy else None,
        "step": step,
        "long": sum(len(text) for text in _who_signs(content)) > LONG,
    }
    return render_to_string(TEMPLATES[CertificateKind(content["kind"])], context)


def _who_signs(content: CertificateContent) -> tuple[str, ...]:
    delivery = content["delivery"]
    return delivery["legal_name"], delivery["place"], delivery["signatory"], delivery["signatory_title"]


def _pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _stylesheets(kind: CertificateKind) -> tuple[str, str]:
    """What both kinds share, then what is their own."""
    return stylesheet_of(TEMPLATES[kind], "certificate.css"), stylesheet_of(TEMPLATES[kind])
