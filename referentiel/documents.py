"""The référentiel and its differences on paper: content in, the bytes of a tagged PDF out. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from core.fingerprints import canonical_json
from core.pdf import Attachment, render_isolated
from core.printable import printable
from core.stylesheets import stylesheet_of
from referentiel.comparison import Comparison
from referentiel.content import Content

GROUP = 8
TALL = 30
"""Lines, of the 38 a page holds: a row that may be taller than a page breaks across pages, under its headings."""
_PER_LINE = {"activite": 22, "competence": 33, "modalites": 53, "criteres": 60}
"""Characters on one line of each column."""
REFERENTIEL, DIFFERENCE = "documents/referentiel.html", "documents/referentiel_difference.html"


@dataclass(frozen=True)
class Standing:
    """What is printed beside the content: ``dated`` is the publication's moment, or the draft's opening."""

    state: str
    dated: datetime
    fingerprint: str = ""
    decided_on: Any = None
    ends_on: Any = None
    delivery_limit_on: Any = None

    @property
    def is_draft(self) -> bool:
        return not self.fingerprint

    @property
    def groups(self) -> list[str]:
        """The fingerprint in groups of eight characters, as people compare it."""
        return [self.fingerprint[start : start + GROUP] for start in range(0, len(self.fingerprint), GROUP)]


def referentiel_pdf(content: Content, *, standing: Standing) -> bytes:
    """The official form: activités, compétences, évaluation side by side (C. trav. L6113-1); carries its JSON."""
    printed = _printable(content)
    _mark_tall_rows(printed)
    context = {"content": printed, "standing": standing, "blocs": [_counted(bloc) for bloc in printed["blocs"]]}
    html = render_to_string(REFERENTIEL, context)
    attachment = Attachment(
        name="referentiel.json",
        data=canonical_json(content).encode(),
        description="Contenu du référentiel, dont l’empreinte SHA-256 figure en première page",
        modified=standing.dated,
    )
    return render_isolated(html, stylesheets=[stylesheet_of(REFERENTIEL)], attachments=[attachment])


def difference_pdf(comparison: Comparison, *, old: Content, new: Content, drawn_at: datetime) -> bytes:
    """Every change from one version to another, bloc by bloc."""
    html = render_to_string(DIFFERENCE, {"comparison": comparison, "old": old, "new": new, "drawn_at": drawn_at})
    return render_isolated(printable(html), stylesheets=[stylesheet_of(DIFFERENCE)])


def _mark_tall_rows(printed: Any) -> None:
    for bloc in printed["blocs"]:
        for activite in bloc["activites"]:
            for rank, competence in enumerate(activite["competences"]):
                competence["is_tall"] = _lines(competence, activite["title"] if rank == 0 else "") > TALL


def _lines(competence: Any, title: str) -> int:
    """About how many lines the tallest cell of a row takes."""
    criteres = competence["criteres"]
    columns = {
        "activite": [title],
        "competence": [competence["statement"]],
        "modalites": [competence["mise_en_situation"], competence["travail_demande"], competence["soutenance"]],
        "criteres": [text for one in criteres for text in (one["rubrique"], one["text"], *one["sous_elements"])],
    }
    return max(sum(-(-len(text) // _PER_LINE[column]) for text in texts) for column, texts in columns.items())


def _counted(bloc: Any) -> dict[str, Any]:
    """A bloc on the cover: its title and its size."""
    competences = [competence for activite in bloc["activites"] for competence in activite["competences"]]
    return {
        "number": bloc["number"],
        "title": bloc["title"],
        "activites": len(bloc["activites"]),
        "competences": len(competences),
        "criteres": sum(len(competence["criteres"]) for competence in competences),
    }


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(each) for name, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value
