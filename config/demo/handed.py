"""What a candidate of the story hands in: a report, a notebook and a link."""

import base64
import io
import json
import struct
import zlib
from typing import Any

from assessments.models import Soutenance
from assessments.services.handing_in import hand_in_file, hand_in_link
from config.demo.stage import Stage
from core.pdf import render

REPORT = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Rapport d’analyse</title></head><body>
<h1>Analyser les données d’un service public</h1>
<p class="by">Rapport remis avant la soutenance</p>
<h2>La question posée</h2>
<p>Quels quartiers attendent le plus longtemps une place en crèche ? Que peut-on en dire sans trahir les familles ?</p>
<h2>Les données</h2>
<ul><li>Demandes de places de 2021 à 2025 : 18 412 lignes, anonymisées avant réception.</li>
<li>Population des moins de trois ans par quartier, source publique.</li></ul>
<h2>Ce que montrent les données</h2>
<p>L’attente médiane est de sept mois ; elle dépasse un an dans trois quartiers sur quatorze. Le nombre de places
ouvertes explique l’essentiel de l’écart, la date de la demande le reste.</p>
<h2>Ce qu’elles ne montrent pas</h2>
<p>Les familles qui renoncent ne figurent nulle part : l’attente réelle est sous-estimée.</p>
</body></html>"""
REPORT_STYLE = """@page { size: A4; margin: 25mm }
body { font: 11pt/1.5 "Parchemin Sans"; color: #1b2433 } h1 { font: 600 24pt/1.2 "Parchemin Serif" }
h2 { font: 600 14pt/1.3 "Parchemin Serif"; margin-top: 8mm } .by { color: #5b6675 }"""
BARS = (7, 9, 13, 6, 4, 12, 8, 5, 14, 7, 6, 10, 5, 4)  # months of waiting, by quarter


def hand_in_everything(stage: Stage, soutenance: Soutenance) -> None:
    """Two files and a link on ``soutenance``, by its candidate."""
    by = soutenance.enrolment.candidate.user
    assert by is not None
    report = render(REPORT, stylesheets=[REPORT_STYLE])
    for name, title, content in (
        ("rapport-creches.pdf", "Rapport d’analyse", report),
        ("analyse-creches.ipynb", "Notebook de l’analyse", _notebook()),
    ):
        hand_in_file(soutenance, source=io.BytesIO(content), name=name, size=len(content), title=title, by=by)
    hand_in_link(soutenance, url="https://demo.parchemin.example/creches", title="Tableau de bord en ligne", by=by)


def _notebook() -> bytes:
    drawn = base64.b64encode(_bars()).decode()
    cells = [
        _words("# Attente en crèche\n\nOn charge les demandes, on calcule l’attente médiane par quartier."),
        _code("import pandas as pd\n\ndemandes = pd.read_csv('demandes.csv')\nlen(demandes)", {"text/plain": "18412"}),
        _words("## Par quartier"),
        _code("attente = demandes.groupby('quartier')['mois'].median()\nattente.plot.bar()", {"image/png": drawn}),
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(source: str, given: dict[str, str]) -> dict[str, Any]:
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": given}
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": [output]}


def _bars(height: int = 150, step: int = 30) -> bytes:
    """A bar chart as a PNG of two colours, one byte a pixel, without any library."""
    width = step * len(BARS)
    rows = b"".join(
        b"\x00" + bytes(1 if x % step > 8 and height - y <= BARS[x // step] * 10 else 0 for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = bytes((255, 255, 255, 31, 95, 168))
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    kind, data = part
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
