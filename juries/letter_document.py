"""The motivated letter, rendered: what it says in, the bytes of its PDF out."""

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from core.pdf import render_isolated
from core.printable import printable
from core.stylesheets import stylesheet_of
from juries.letter_view import blocks_of

TEMPLATE = "documents/letter.html"


@dataclass(frozen=True)
class LetterPage:
    """A letter and what surrounds it; ``published_on`` is None while it is a draft.

    ``appeal_until`` is None then too, and when the letter tells no decision: a re-examination adjourned.
    """

    certifier: str
    certification: str
    rncp_code: str
    candidate: str
    number: str
    session: str
    held_on: date
    title: str
    body: str
    published_on: date | None
    appeal_until: date | None


def letter_pdf(page: LetterPage) -> bytes:
    """A PDF/UA-1, the same bytes for the same letter."""
    return render_isolated(letter_html(page), stylesheets=[stylesheet_of(TEMPLATE)])


def letter_html(page: LetterPage) -> str:
    """The letter as the HTML its PDF is made from."""
    context = {
        **{name: printable(value) if isinstance(value, str) else value for name, value in vars(page).items()},
        "blocks": blocks_of(printable(page.body)),
    }
    return render_to_string(TEMPLATE, context)
