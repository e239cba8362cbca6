"""People of these tests."""

import logging
from collections.abc import Iterator

import pytest
from django.utils.log import AdminEmailHandler

from accounts.enums import Role
from accounts.models import User
from candidates.models import Candidate
from tests import scenes
from tests.accounts.factories import UserFactory


@pytest.fixture
def candidate() -> Candidate:
    return scenes.a_candidate()


@pytest.fixture
def referent() -> User:
    return UserFactory(roles=[Role.REFERENT_HANDICAP])


@pytest.fixture
def reports() -> Iterator[None]:
    """What Django would send to the administrators of the site, in its most talkative form."""
    logger, handler = logging.getLogger("django.request"), AdminEmailHandler(include_html=True)
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
