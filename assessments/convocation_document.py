"""The convocation to a soutenance, rendered: what it says in, the bytes of its PDF out."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from assessments.outcomes import PREVENTED
from assessments.timing import Phase
from core.pdf import render_isolated
from core.printable import printable
from core.stylesheets import stylesheet_of

TEMPLATE = "documents/convocation.html"


@dataclass(frozen=True)
class Presented:
    """A compétence to present, in the words of the référentiel (R-REF-3)."""

    code: str
    statement: str


@dataclass(frozen=True)
class ConvocationPage:
    """When, where and on what a candidate is called.

    An employer reads it: ``phases`` and ``ends_at`` have the tiers-temps in them, and nothing says that there is one
    (R-CAN-3).
    """

    certifier: str
    certification: str
    rncp_code: str
    level: int
    candidate: str
    number: str
    starts_at: datetime
    ends_at: datetime
    phases: tuple[Phase, ...]
    place: str
    evaluateurs: tuple[str, ...]
    title: str
    competences: tuple[Presented, ...]

    @property
    def ends_another_day(self) -> bool:
        return timezone.localdate(self.ends_at) != timezone.localdate(self.starts_at)


def convocation_pdf(page: ConvocationPage) -> bytes:
    """A PDF/UA-1, the same bytes for the same rows."""
    return render_isolated(convocation_html(page), stylesheets=[stylesheet_of(TEMPLATE)])


def convocation_html(page: ConvocationPage) -> str:
    """The convocation as the HTML its PDF is made from."""
    return printable(render_to_string(TEMPLATE, {"page": page, "prevented": PREVENTED}))
