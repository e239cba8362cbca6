"""What a dossier of 177 CE costs, beside other ways to print the same text. Ratios of paired runs, medians.

``table`` is the reference: the same dossier, its evidence as one table row per CE, fixed layout, fonts and stylesheets
parsed once. ``naive`` is what one writes first: flex rows, hyphenation, stylesheet in the page, fonts set up for each
document. ``plain`` is the floor of WeasyPrint: the very words of our dossier on the same measure, one paragraph per
text and nothing else. All are tagged PDF/UA-1.
"""

import gc
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import django
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from core import pdf
from core.fingerprints import canonical_json, sha256_hex
from core.stylesheets import stylesheet_of
from juries.content import CompetenceContent, DossierContent
from juries.documents import TEMPLATE, dossier_html, dossier_pdf
from tests.juries import contents

ROUNDS = 7
PLAIN = '@page{size:A4;margin:25mm 25mm 22mm 24mm}html{font:10pt/1.4 "Parchemin Sans"}p{margin:0 0 1mm 90pt}'
WIDTHS = ".n{width:8%}.t{width:36%}.v{width:13%}.c{width:22%}.e{width:11%}.d{width:10%}"
TABLE = (
    "table{table-layout:fixed;width:100%;border-collapse:collapse;font-size:9pt}tr{break-inside:avoid}"
    f"th,td{{border:1px solid #ccc;padding:3px 5px;text-align:left;vertical-align:top}}{WIDTHS}"
)
FLEX = (
    ".row{display:flex;gap:6px;border-bottom:1px solid #ccc;padding:3px 0;break-inside:avoid;hyphens:auto;"
    f"font-size:9pt}}{WIDTHS}"
)
LISTS = re.compile(r"(?s)(?:(?:<h5>[^<]*</h5>)?<ol>.*?</ol>\s*)+")
COLUMNS = ("n", "t", "v", "c", "e", "d")
HEADS = ("CE", "Critère", "Verdict", "Commentaire", "Évaluateur", "Date")


class Way(NamedTuple):
    """One way to make the PDF."""

    name: str
    make: Callable[[], object]


class Result(NamedTuple):
    """Median seconds of a way, and median of its ratios to the reference run beside it."""

    name: str
    seconds: float
    ratio: float


def table_html(content: DossierContent) -> str:
    """Return the dossier with its evidence written as one table per compétence, one row per CE."""
    head = "".join(f'<th class="{css}">{name}</th>' for css, name in zip(COLUMNS, HEADS, strict=True))
    frame = f"<table><thead><tr>{head}</tr></thead><tbody>{{}}</tbody></table>"
    return _rewritten(content, frame, "tr", "td")


def flex_html(content: DossierContent) -> str:
    """Return the dossier with its evidence written as one flex row per CE, and its stylesheet in the page."""
    faces = "".join(face.rule() for face in pdf.FACES)
    html = _rewritten(content, "<div>{}</div>", 'div class="row"', "div")
    return html.replace("</head>", f"<style>{faces}{stylesheet_of(TEMPLATE)}{FLEX}</style></head>")


def plain_html(content: DossierContent) -> str:
    """Return the words of our dossier without any structure: one paragraph per text."""
    html = dossier_html(content, fingerprint=_fingerprint(content)).partition("<body>")[2]
    texts = re.split(r"<(?:/?(?:p|li|h\d|ul|ol|br|header|div|section)\b)[^>]*>", re.sub(r"(?s)<svg.*?</svg>", "", html))
    words = (re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).strip() for text in texts)
    body = "".join(f"<p>{text}</p>" for text in words if text)
    return f'<!doctype html><html lang="fr"><head><title>Dossier</title></head><body>{body}</body></html>'


def _rewritten(content: DossierContent, frame: str, row: str, cell: str) -> str:
    """Return our dossier, the lists of CE replaced by ``frame`` around rows of cells; all the rest is the same."""
    competences = (c for bloc in content["blocs"] for a in bloc["activites"] for c in a["competences"] if c["criteres"])
    html = dossier_html(content, fingerprint=_fingerprint(content))
    return LISTS.sub(lambda _: frame.format("".join(_rows(next(competences), row, cell))), html)


def _rows(competence: CompetenceContent, row: str, cell: str) -> Iterator[str]:
    evidence = competence["evidence"]
    who, when = (evidence["evaluateur"], evidence["held_on"][:10]) if evidence else ("", "")
    for critere in competence["criteres"]:
        verdict = {"acquis": "✓ Acquis", "non_acquis": "× Non acquis", None: "– Non évalué"}[critere["verdict"]]
        text = " ".join(filter(None, [critere["rubrique"], critere["text"], *critere["sub_items"]]))
        comment = " ".join(filter(None, (critere["comment"], critere["private_note"])))
        values = (f"CE{critere['number']}", text, verdict, comment, who, when)
        cells = (f'<{cell} class="{css}">{escape(value)}</{cell}>' for css, value in zip(COLUMNS, values, strict=True))
        yield f"<{row}>{''.join(cells)}</{row.partition(' ')[0]}>"


def naive(html: str) -> bytes:
    """Render as WeasyPrint's first example does: nothing shared between two documents."""
    source = weasyprint.HTML(string=html, url_fetcher=pdf.ClosedFetcher())
    result: bytes = source.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
    return result


def with_collector(html: str, styles: list[str]) -> bytes:
    """Render as ``core.pdf.render`` does, the cyclic collector left running."""
    press = pdf._press()
    sheets = [press.face_rules, *(pdf._stylesheet(style) for style in styles)]
    return pdf._write(html, press, sheets, (), "pdf/ua-1")


def chromium(html: str, sheet: str) -> None:
    """Print with Chromium, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html.replace("</head>", f"<style>{sheet}</style></head>"), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--export-tagged-pdf", f"--print-to-pdf={folder}/out.pdf", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def ways(content: DossierContent) -> list[Way]:
    """Return the ways compared, the reference first."""
    fingerprint = _fingerprint(content)
    table, flex, plain = table_html(content), flex_html(content), plain_html(content)
    ours = dossier_html(content, fingerprint=fingerprint)
    found = [
        Way("table (reference)", lambda: with_collector(table, [stylesheet_of(TEMPLATE), TABLE])),
        Way("table, collector paused", lambda: pdf.render(table, stylesheets=[stylesheet_of(TEMPLATE), TABLE])),
        Way("naive (flex, nothing shared)", lambda: naive(flex)),
        Way("plain paragraphs", lambda: pdf.render(plain, stylesheets=[PLAIN])),
        Way("dossier, collector running", lambda: with_collector(ours, [stylesheet_of(TEMPLATE)])),
        Way("dossier, from content to bytes", lambda: dossier_pdf(content, fingerprint=fingerprint)),
        Way("dossier, in a child process", lambda: dossier_pdf(content, fingerprint=fingerprint, isolated=True)),
    ]
    if shutil.which("chromium"):
        found.append(Way("Chromium on our page, start included", lambda: chromium(ours, stylesheet_of(TEMPLATE))))
    return found


def measure(compared: list[Way], rounds: int = ROUNDS) -> list[Result]:
    """Run every way once per round, side by side, after one run to warm up."""
    times: dict[str, list[float]] = {way.name: [] for way in compared}
    for way in compared:
        way.make()
    for _ in range(rounds):
        for way in compared:
            gc.collect()
            start = time.perf_counter()
            way.make()
            times[way.name].append(time.perf_counter() - start)
    reference = times[compared[0].name]
    return [
        Result(name, statistics.median(spent), statistics.median(map(lambda a, b: a / b, spent, reference)))
        for name, spent in times.items()
    ]


def peak_mib(content: DossierContent) -> float:
    """Return the peak memory of a process that makes this dossier and nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    dossier_pdf(content, fingerprint=_fingerprint(content), isolated=True)
    return max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _fingerprint(content: DossierContent) -> str:
    return sha256_hex(canonical_json(content))


def main(rounds: int = ROUNDS) -> list[Result]:
    """Measure, print the table and return its rows. Django is set up by the caller."""
    content = contents.partial()
    peak = peak_mib(content)
    results = measure(ways(content), rounds)
    sys.stdout.write(f"{'dossier of 177 CE':38}{'seconds':>9}{'ratio':>8}\n")
    for name, seconds, ratio in results:
        sys.stdout.write(f"{name:38}{seconds:9.2f}{ratio:8.2f}\n")
    sys.stdout.write(f"peak memory of the child process: {peak:.0f} MiB\n")
    return results


if __name__ == "__main__":
    django.setup()
    main()
