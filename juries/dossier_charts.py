"""The drawing of a dossier, as plain geometry: one path per colour whatever the number of CE, few and short texts."""

from dataclasses import dataclass, field

from juries.dossier_view import BlocView, DossierView, Tally

WIDTH = 456.0  # Points, the width of the page's content.
COLUMNS, GUTTER = 4, 14.0
LABEL_WIDTH = 31.0
BAR_TOP, BAR_HEIGHT = 15.0, 4.0
ROWS_TOP, ROW_STEP = 28.0, 11.0
SQUARE, GAP = 7.2, 1.6
BAND_GAP = 10.0
ACQUIS, NON_ACQUIS = "#9db6d3", "#a8201a"


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where its baseline starts."""

    x: float
    y: float
    text: str
    strong: bool = False


@dataclass(slots=True)
class Drawing:
    """What an <svg> is filled with. ``title`` is its alternative text."""

    title: str
    height: float = 0.0
    width: float = WIDTH
    fills: dict[str, str] = field(default_factory=dict)
    crosses: str = ""
    outlines: str = ""
    labels: list[Label] = field(default_factory=list)

    def fill(self, colour: str, path: str) -> None:
        """Add ``path`` to what is painted in ``colour``."""
        self.fills[colour] = self.fills.get(colour, "") + path


def critere_map(view: DossierView) -> Drawing:
    """Draw the blocs side by side: a bar of their results, then a line per compétence, a square per CE."""
    said = " ; ".join(f"bloc {bloc.content['number']} : {bloc.said}" for bloc in view.blocs)
    drawing = Drawing(
        f"Résultats par bloc : {said}. Carte des critères, une ligne par compétence et un carré par critère, dans "
        "l’ordre du référentiel ; les critères non acquis ou non évalués sont nommés dans les points à examiner."
    )
    column_width = (WIDTH - GUTTER * (COLUMNS - 1)) / COLUMNS
    longest = max((len(competence.criteres) for competence in view.competences), default=1)
    step = min(SQUARE + GAP, (column_width - LABEL_WIDTH) / max(longest, 1))
    top = 0.0
    for first in range(0, len(view.blocs), COLUMNS):
        band = view.blocs[first : first + COLUMNS]
        for column, bloc in enumerate(band):
            _column(drawing, bloc, column * (column_width + GUTTER), top, column_width, step)
        top += ROWS_TOP + ROW_STEP * max(len(bloc.competences) for bloc in band) + BAND_GAP
    drawing.height = max(top - BAND_GAP, 1.0)
    return drawing


def _column(drawing: Drawing, bloc: BlocView, left: float, top: float, width: float, step: float) -> None:
    drawing.labels.append(Label(left, top + 9, f"Bloc {bloc.content['number']}", strong=True))
    if bloc.is_recognised:
        drawing.labels.append(Label(left + LABEL_WIDTH, top + 9, "reconnu"))
        drawing.fill(ACQUIS, _rectangle(left, top + BAR_TOP, width, BAR_HEIGHT))
        return
    drawing.labels.append(Label(left + LABEL_WIDTH, top + 9, f"{bloc.tally.acquis} / {bloc.tally.total}"))
    _bar(drawing, bloc.tally, left, top + BAR_TOP, width)
    for row, competence in enumerate(bloc.competences):
        y = top + ROWS_TOP + row * ROW_STEP
        drawing.labels.append(Label(left, y + 6.4, competence.content["code"][:8]))
        for index, critere in enumerate(competence.criteres):
            _square(drawing, critere.verdict.css, left + LABEL_WIDTH + index * step, y, step - min(GAP, step / 4))


def _bar(drawing: Drawing, tally: Tally, left: float, top: float, width: float) -> None:
    for css, number in (("ok", tally.acquis), ("ko", tally.non_acquis), ("na", tally.unjudged)):
        if not number:
            continue
        length = width * number / tally.total
        if css == "na":
            drawing.outlines += _rectangle(left + 0.4, top + 0.4, max(length - 0.8, 0.4), BAR_HEIGHT - 0.8)
        else:
            drawing.fill(_colour(css), _rectangle(left, top, max(length - 0.8, 0.8), BAR_HEIGHT))
        left += length


def _square(drawing: Drawing, css: str, x: float, y: float, side: float) -> None:
    if css == "na":
        drawing.outlines += _rectangle(x + 0.4, y + 0.4, side - 0.8, side - 0.8)
        return
    drawing.fill(_colour(css), _rectangle(x, y, side, side))
    if css == "ko":
        near, far = side * 0.27, side * 0.73
        drawing.crosses += f"M{x + near:.1f} {y + near:.1f}L{x + far:.1f} {y + far:.1f}"
        drawing.crosses += f"M{x + far:.1f} {y + near:.1f}L{x + near:.1f} {y + far:.1f}"


def _colour(css: str) -> str:
    return NON_ACQUIS if css == "ko" else ACQUIS


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"
