"""Pages read as a person reads them."""

from django.test import Client
from django.urls import reverse

from assessments.models import Grille, Soutenance
from tests import scenes


def read(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"assessments:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def at_work(**fields: object) -> tuple[Soutenance, Grille]:
    soutenance = scenes.a_soutenance(**fields)
    return soutenance, scenes.grille_of(soutenance)
