"""What the tests of the pages share: an administrateur's browser, a draft, addresses."""

import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

TYPED: dict[str, dict[str, Any]] = {
    "section": {"title": "Titre", "text": "Texte"},
    "bloc": {"number": 9, "title": "Neuvième bloc"},
    "activite": {"code": "A9.9", "title": "Titre"},
    "competence": {"code": "C9.9", "statement": "Énoncé"},
    "critere": {"number": 9, "text": "Le candidat a réussi."},
    "sous-element": {"text": "Texte"},
}


def address(name: str, *args: Any) -> str:
    return reverse(f"referentiel:{name}", args=args)


def read(response: HttpResponse) -> str:
    return response.content.decode()


def seen_in(page: str) -> str:
    """The mark of what a form showed, which it sends back."""
    return re.findall(r'name="seen" value="([0-9a-f]+)"', page)[0]
