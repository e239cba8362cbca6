"""A livrable is what it says, or is refused with the reason."""

import io
import json

import pytest

from assessments.inspection.files import inspect
from assessments.inspection.links import checked_link
from core.exceptions import InvalidInput
from tests.assessments import handed

LIMIT = 50 << 20
ONE_MORE = b"%PDF-" + bytes(LIMIT - 4)


def inspected(name: str, content: bytes):
    return inspect(io.BytesIO(content), name=name, size=len(content), limit=LIMIT)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("rapport.pdf", handed.a_pdf(), "pdf"),
        ("Rapport v1.2.PDF", handed.a_pdf(handed.destination_at_opening), "pdf"),
        ("liens.pdf", handed.a_pdf(handed.link_to("https://exemple.fr/?q=javascript:")), "pdf"),
        ("analyse.ipynb", handed.a_notebook(), "notebook"),
        ("diapos.pptx", handed.a_pptx(), "slides"),
        ("diapos.odp", handed.an_odp(), "slides"),
    ],
)
def test_what_is_what_it_says_is_accepted(name, content, kind):
    assert inspected(name, content).kind == kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\x00" + bytes(400), "n’est pas un PDF"),
        (b"\n%PDF-1.7" + handed.a_pdf(), "n’est pas un PDF"),
        (handed.a_pdf() + handed.a_zip({"cache.txt": "caché"}), "à la fois un PDF et une archive"),
        (b"%PDF-1.7\n" + bytes(2000), "ne s’ouvre pas"),
        (handed.a_pdf(handed.script_at_opening), "contient un script"),
        (handed.a_pdf(handed.script_on_a_page), "contient un script"),
        (
            handed.a_pdf(handed.script_on_a_page, object_stream_mode=handed.pikepdf.ObjectStreamMode.generate),
            "contient un script",
        ),
        (handed.a_pdf(handed.launch_on_a_link), "peut lancer un programme"),
        (handed.a_pdf(handed.file_inside), "contient un fichier joint"),
        (handed.a_pdf(handed.link_to("JavaScript:alert(1)")), "n’ouvre pas une page du web"),
        (handed.a_pdf(handed.link_to(" file:///etc/passwd")), "n’ouvre pas une page du web"),
        (handed.a_pdf(handed.link_to("\\\\partage\\x", kind="GoToR", key="F")), "n’ouvre pas une page du web"),
        (handed.encrypted(), "protégé par un mot de passe"),
        (handed.encrypted(user=""), "protégé par un mot de passe"),
    ],
)
def test_a_pdf_that_acts_or_is_none_is_refused(content, reason):
    with pytest.raises(InvalidInput, match=reason):
        inspected("rapport.pdf", content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("d.pptx", b"MZ\x90\x00", "n’est pas un diaporama"),
        ("d.pptx", handed.a_zip({"a.txt": "a"}), "n’est pas un diaporama"),
        ("d.pptx", handed.an_odp(), "n’est pas un diaporama"),
        ("d.odp", handed.a_pptx(), "n’est pas un diaporama"),
        ("d.odp", handed.an_odp("application/vnd.oasis.opendocument.text"), "n’est pas un diaporama"),
        ("d.pptx", handed.a_pptx(**{"ppt/vbaProject.bin": b"x"}), "macros"),
        (
            "d.pptx",
            handed.a_pptx(**{"[Content_Types].xml": "presentationml.presentation.macroEnabled.main+xml"}),
            "macros",
        ),
        ("d.odp", handed.an_odp(**{"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
        ("d.pptx", handed.a_pptx(**{"ppt/media/bombe.png": bytes(30 << 20)}), "volume anormal"),
        ("d.pptx", handed.a_pptx(**{f"ppt/{n}.xml": "" for n in range(5001)}), "volume anormal"),
        ("d.pptx", handed.a_pptx(**{"../../etc/cron.d/x": "x"}), "chemins trompeurs"),
        ("d.pptx", handed.a_pptx(**{"/etc/passwd": "x"}), "chemins trompeurs"),
        ("d.pptx", handed.a_pptx()[:-30], "n’est pas un diaporama"),
    ],
)
def test_slides_that_hide_something_are_refused(name, content, reason):
    with pytest.raises(InvalidInput, match=reason):
        inspected(name, content)


@pytest.mark.parametrize(
    "content",
    [
        b"<html></html>",
        b"[]",
        b'{"cells": []}',
        b'{"nbformat": 4, "cells": {}}',
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code"}]}).encode(),
        handed.a_notebook({"cell_type": "widget", "source": ""}),
        b"[" * 100_000,
        b'{"nbformat": 3, "cells": []}',
        "{".encode("utf-16"),
    ],
)
def test_a_notebook_that_is_none_is_refused(content):
    with pytest.raises(InvalidInput, match="notebook"):
        inspected("n.ipynb", content)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rapport.pdf.exe", r"« \.exe »"),
        ("rapport.exe.pdf", r"« \.exe »"),
        ("page.html", r"« \.html »"),
        ("diapos.pptm", r"« \.pptm »"),
        ("archive.zip", "Déposez un PDF"),
        ("rapport", "Déposez un PDF"),
        ("rap\x00port.pdf", "caractères invisibles"),
        ("rap\nport.pdf", "caractères invisibles"),
        ("rapport\u202efdp.pdf", "caractères invisibles"),
        ("../rapport.pdf", "pas de nom|chemin"),
        ("dossier/rapport.pdf", "chemin"),
        (".pdf", "pas de nom"),
        ("x" * 200 + ".pdf", "caractères"),
    ],
)
def test_a_name_that_deceives_is_refused(name, reason):
    with pytest.raises(InvalidInput, match=reason):
        inspected(name, handed.a_pdf())


def test_an_empty_file_and_one_byte_too_many_are_refused():
    with pytest.raises(InvalidInput, match="vide"):
        inspected("rapport.pdf", b"")
    with pytest.raises(InvalidInput, match="dépasse 50 Mio"):
        inspected("rapport.pdf", ONE_MORE)


@pytest.mark.parametrize(
    "url",
    ["https://github.com/lea/projet", "https://exemple.fr:8443/a?b=c#d", "https://8.8.8.8/", "https://été.fr/rapport"],
)
def test_a_public_https_link_is_accepted(url):
    assert checked_link(f" {url} ") == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://exemple.fr/", "https"),
        ("javascript:alert(1)", "https"),
        ("data:text/html,x", "https"),
        ("//exemple.fr", "https"),
        ("https://", "adresse complète"),
        ("https://intranet/", "adresse complète"),
        ("https://[::1", "adresse complète"),
        ("https://exemple.fr:99999/", "adresse complète"),
        ("https://lea:secret@exemple.fr/", "identifiant"),
        ("https://@exemple.fr/", "identifiant"),
        ("https://localhost/", "adresse complète|locale"),
        ("https://truc.localhost/", "locale"),
        ("https://127.0.0.1/", "locale"),
        ("https://127.1/", "locale"),
        ("https://2130706433/", "locale"),
        ("https://0x7f000001/", "locale"),
        ("https://10.0.0.8/", "locale"),
        ("https://192.168.1.1/", "locale"),
        ("https://169.254.169.254/latest/", "locale"),
        ("https://[::1]/", "locale"),
        ("https://[::ffff:127.0.0.1]/", "locale"),
        ("https://[fe80::1]/", "locale"),
        ("https://imprimante.local/", "locale"),
        ("https://exemple.fr/a b", "invisibles"),
        ("https://exemple.fr\\@127.0.0.1/", "invisibles"),
        ("https://exemple.fr/\u202e", "invisibles"),
        ("https://exemple.fr/" + "x" * 500, "dépasse"),
    ],
)
def test_a_link_elsewhere_than_in_public_is_refused(url, reason):
    with pytest.raises(InvalidInput, match=reason):
        checked_link(url)
