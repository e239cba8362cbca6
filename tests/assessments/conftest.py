"""An open grille, one of its CE, and its évaluateur at work."""

import pytest
from django.test import Client

from assessments.models import Grille
from assessments.queries.review import criteres_of
from tests import scenes
from tests.assessments.http import client_of


@pytest.fixture
def grille() -> Grille:
    return scenes.grille_of(scenes.a_soutenance())


@pytest.fixture
def critere(grille: Grille) -> int:
    return criteres_of(grille)[0].pk


@pytest.fixture
def client(grille: Grille) -> Client:
    return client_of(grille.evaluateur)
