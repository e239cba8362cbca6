"""The procès-verbal, rendered: its frozen content in, the bytes of its PDF/A out (R-JUR-5)."""

from datetime import datetime

from django.template.loader import render_to_string

from core.fingerprints import canonical_json
from core.pdf import Attachment, render
from core.stylesheets import stylesheet_of
from juries.documents import grouped
from juries.dossier_view import printable_content
from juries.minutes_content import MinutesContent, outcome_counts

TEMPLATE = "documents/minutes.html"
ATTACHMENT = "proces-verbal.json"


def minutes_pdf(content: MinutesContent, *, fingerprint: str) -> bytes:
    """A PDF/A-3a, tagged for PDF/UA, that carries ``content``; ``fingerprint`` is the SHA-256 of its canonical JSON.

    Pure: equal arguments give equal bytes. Members sign the file, or its printed pages by hand.
    """
    attachment = Attachment(
        name=ATTACHMENT,
        data=canonical_json(content).encode(),
        description="Contenu du procès-verbal, dont l’empreinte SHA-256 figure à la fin",
        modified=datetime.fromisoformat(content["session"]["closed_at"]),
    )
    html = minutes_html(content, fingerprint=fingerprint)
    return render(html, stylesheets=[stylesheet_of(TEMPLATE)], attachments=[attachment], variant="pdf/a-3a")


def minutes_html(content: MinutesContent, *, fingerprint: str) -> str:
    """The procès-verbal as the HTML its PDF is made from."""
    shown = printable_content(content)
    context = {
        "minutes": shown,
        "counts": outcome_counts(content),
        "fingerprint_groups": grouped(fingerprint),
        "short_fingerprint": " ".join(grouped(fingerprint)[:2]),
        "journal_groups": grouped(content["journal"]["hash"]),
    }
    return render_to_string(TEMPLATE, context)
