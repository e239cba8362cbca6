"""What the jury reads, rendered: the frozen content of a dossier in, the bytes of its PDF out."""

from datetime import datetime

from django.template.loader import render_to_string

from core.fingerprints import canonical_json
from core.pdf import Attachment, render, render_isolated
from core.printable import printable
from core.stylesheets import stylesheet_of
from juries.content import DossierContent
from juries.dossier_charts import critere_map
from juries.dossier_view import view_of

TEMPLATE = "documents/dossier.html"
ATTACHMENT = "dossier.json"
GROUP = 8


def dossier_pdf(
    content: DossierContent, *, fingerprint: str, confidential: str | None = None, isolated: bool = False
) -> bytes:
    """Return the dossier as a PDF/UA-1 that carries ``content`` as its attachment (R-JUR-3).

    ``fingerprint`` is the SHA-256 of the canonical JSON of ``content``. ``confidential`` is the handicap mention, for
    as long as consent stands (R-CAN-2): it is printed on its own page and stays out of attachment and metadata.
    Pure: equal arguments give equal bytes. With ``isolated`` a child process renders, and returns its memory.
    """
    attachment = Attachment(
        name=ATTACHMENT,
        data=canonical_json(content).encode(),
        description="Contenu du dossier, dont l’empreinte SHA-256 figure en première page",
        modified=datetime.fromisoformat(content["generated_at"]),
    )
    html = dossier_html(content, fingerprint=fingerprint, confidential=confidential)
    printer = render_isolated if isolated else render
    return printer(html, stylesheets=[stylesheet_of(TEMPLATE)], attachments=[attachment])


def dossier_html(content: DossierContent, *, fingerprint: str, confidential: str | None = None) -> str:
    """Return the dossier as the HTML its PDF is made from."""
    view = view_of(content)
    return render_to_string(
        TEMPLATE,
        {
            "dossier": view,
            "content": view.content,
            "fingerprint": fingerprint,
            "fingerprint_groups": grouped(fingerprint),
            "short_fingerprint": " ".join(grouped(fingerprint)[:2]),
            "confidential": None if confidential is None else printable(confidential),
            "map": critere_map(view),
        },
    )


def grouped(fingerprint: str) -> list[str]:
    """Return ``fingerprint`` in groups of eight characters, as people compare it."""
    return [fingerprint[start : start + GROUP] for start in range(0, len(fingerprint), GROUP)]
