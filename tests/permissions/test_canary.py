"""R-CAN-2: a handicap mention is read by the jury of that candidate while consent stands, and nowhere else."""

import io
import logging
import zipfile
from collections.abc import Iterator
from functools import lru_cache

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from candidates.enums import ConsentScope
from candidates.services.disclosure import give_consent, withdraw_consent
from core.models import JournalEntry
from juries.models import JuryMember
from tests.permissions.matrix import MATRIX
from tests.permissions.world import EVERYONE, World, build_world
from tests.printed import words_of

pytestmark = pytest.mark.django_db

CANARY = "canari-7f3a91c2"
CONCERNED = ("candidate", "president", "member")
"""Those who may ever read the mention: where the question is which of them does, the others are left out."""
JURY_PAGES = {("juries:dossier", "president"), ("juries:dossier", "member")}
JURY_PDFS = {("juries:dossier_pdf", "president"), ("juries:dossier_pdf", "member")}
OWN_PAGE = {("candidates:consent", "candidate")}


def everything_in(answer: HttpResponse) -> str:
    """Headers and body; of a PDF, its text, its metadata and its attachments; of a workbook, each of its parts."""
    headers = str(dict(answer.headers))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return headers + "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    if not body.startswith(b"%PDF-"):
        return headers + body.decode()
    return headers + everything_in_pdf(body)


@lru_cache(maxsize=64)  # several people are given the same document
def everything_in_pdf(body: bytes) -> str:
    pdf = PdfReader(io.BytesIO(body))
    attached = "".join(content.decode() for contents in pdf.attachments.values() for content in contents)
    metadata = str(pdf.metadata) + str(pdf.xmp_metadata and pdf.xmp_metadata.rdf_root.toxml())
    return words_of(body) + metadata + attached


def sightings(world: World, people: tuple[str, ...] = EVERYONE) -> Iterator[tuple[str, str]]:
    """(route, person) for every page where the canary is seen."""
    for name in people:
        client = Client()
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
        for row in MATRIX:
            if row.method == "get":
                answer = client.get(reverse(row.name, kwargs={argument: world.ids[key] for argument, key in row.ids}))
                if CANARY in everything_in(answer):
                    yield row.name, name


def disclose(world: World, scope: ConsentScope = ConsentScope.JURY) -> None:
    candidate = world.people["candidate"].candidate
    give_consent(candidate, scope=scope, mention=f"Suivi particulier {CANARY}.", by=world.people["candidate"])


def database_dump() -> str:
    """Every text of every table, as the database holds it."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return str(rows)


def test_the_jury_of_the_candidate_reads_the_mention_and_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    world = build_world()
    disclose(world)
    with caplog.at_level(logging.DEBUG):
        seen = set(sightings(world))
    assert seen == JURY_PAGES | JURY_PDFS | OWN_PAGE
    assert CANARY not in caplog.text
    assert CANARY not in database_dump()
    assert CANARY not in str([(message.subject, message.body) for message in mail.outbox])


def test_each_reading_is_journaled_with_its_reader_and_its_purpose() -> None:
    world = build_world()
    disclose(world)
    seen = [person for _, person in sightings(world, CONCERNED) if person in ("president", "member")]
    readings = JournalEntry.objects.filter(verb="confidential.mention_read")
    assert readings.count() == len(seen)
    assert {entry.actor for entry in readings} == {world.people["president"], world.people["member"]}
    assert all(entry.data["purpose"].startswith("jury:") for entry in readings)


def test_after_withdrawal_the_mention_is_nowhere_not_even_in_the_next_document() -> None:
    world = build_world()
    disclose(world)
    withdraw_consent(world.people["candidate"].candidate, by=world.people["candidate"])
    assert not set(sightings(world, CONCERNED))
    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()


def test_consent_to_accommodations_only_shows_nothing_to_the_jury() -> None:
    world = build_world()
    disclose(world, ConsentScope.ACCOMMODATIONS)
    assert not set(sightings(world, CONCERNED))


def test_a_member_who_stands_back_for_the_candidate_does_not_read_the_mention() -> None:
    """R-JUR-2."""
    world = build_world()
    disclose(world)
    member = world.people["member"]
    world.people["candidate"].candidate.declared_links.create(user=member, kind="trained")
    assert {person for _, person in sightings(world, CONCERNED)} == {"president", "candidate"}


def test_a_member_who_has_not_declared_their_conflicts_does_not_read_the_mention() -> None:
    """R-JUR-2: whether they may judge this candidate is not known yet."""
    world = build_world()
    disclose(world)
    JuryMember.objects.filter(user=world.people["member"], session__closed_at=None).update(declared_at=None)
    client = Client()
    client.force_login(world.people["member"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("juries:dossier", args=[world.ids["dossier"]])).content.decode()
    assert CANARY not in page
    assert "Déclarez d’abord vos conflits d’intérêts" in page
    assert CANARY not in everything_in(client.get(reverse("juries:dossier_pdf", args=[world.ids["dossier"]])))
