"""Anchors: a second place that remembers the head of the journal, signed (R-ALL-1)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from core import anchors
from core.anchors import BEGUN, anchors_file, drop_anchor, first_lost_anchor
from core.models import JournalEntry
from core.tasks import anchor
from tests.accounts.factories import UserFactory
from tests.core.factories import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "journal-anchors.jsonl"


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def anchored(person: User) -> Iterator[list[dict[str, Any]]]:
    """Two anchors, with an entry after each."""
    for _ in range(2):
        record("test.done", person)
        drop_anchor()
        record("test.done", person)
    return lines()


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in anchors_file().read_text().splitlines()]


def write(*anchored: dict[str, Any]) -> None:
    anchors_file().write_text("".join(json.dumps(line) + "\n" for line in anchored))


def test_anchors_that_the_journal_answers_to_hold(anchored: list[dict[str, Any]]) -> None:
    assert [line["sequence"] for line in anchored] == [2, 4]
    assert first_lost_anchor() is None


def test_an_anchor_holds_the_head_of_the_journal(person: User) -> None:
    entry = record("test.done", person)
    drop_anchor()
    head = JournalEntry.objects.get(verb=BEGUN)

    assert (head.sequence, head.previous_hash) == (2, entry.hash)
    assert (lines()[0]["sequence"], lines()[0]["hash"]) == (head.sequence, head.hash)


def test_an_empty_journal_drops_no_anchor(place: Path) -> None:
    anchor()

    assert not place.exists()
    assert first_lost_anchor() is None


def test_an_unchanged_journal_drops_no_second_anchor(person: User) -> None:
    record("test.done", person)
    for _ in range(3):
        drop_anchor()

    assert len(lines()) == 1
    assert JournalEntry.objects.filter(verb=BEGUN).count() == 1


@pytest.mark.parametrize(
    "change", [{"sequence": 3}, {"hash": "0" * 64}, {"at": "2020-01-01"}, {"signature": "0" * 64}, {"signature": "é"}]
)
def test_a_forged_anchor_is_named(anchored: list[dict[str, Any]], change: dict[str, Any]) -> None:
    write(anchored[0], {**anchored[1], **change})

    broken = first_lost_anchor()

    assert broken is not None
    assert broken.problem == "la signature de son ancre ne correspond pas"


def test_an_anchor_of_another_journal_is_named(anchored: list[dict[str, Any]]) -> None:
    """Well signed, of an entry this journal never had."""
    content = {"sequence": 3, "hash": "f" * 64, "at": "2026-01-01T00:00:00+00:00"}
    write(anchored[0], {**content, "signature": anchors._signature(content, anchors._keys()[0]).decode()})

    broken = first_lost_anchor()

    assert broken is not None
    assert (broken.sequence, broken.problem) == (3, "une ancre l’atteste, le journal ne l’a plus telle quelle")


@pytest.mark.parametrize("line", ["", "{", "[]", '{"sequence": "2"}', '{"sequence": 2}', "\udcff"])
def test_an_unreadable_line_is_named(anchored: list[dict[str, Any]], line: str) -> None:
    with anchors_file().open("a", errors="surrogateescape") as file:
        file.write(line + "\n")

    broken = first_lost_anchor()

    assert broken is not None
    assert broken.problem == "après elle, la ligne 3 du fichier des ancres est illisible"


def test_an_anchor_after_a_write_cut_short_is_on_a_line_of_its_own(
    anchored: list[dict[str, Any]], person: User, place: Path
) -> None:
    with place.open("a") as file:
        file.write('{"sequence": 7, "ha')
    record("test.done", person)
    drop_anchor()

    assert json.loads(place.read_text().splitlines()[-1])["sequence"] == JournalEntry.objects.count()


def test_a_missing_file_is_named(anchored: list[dict[str, Any]], place: Path) -> None:
    place.unlink()

    broken = first_lost_anchor()

    assert broken is not None
    assert (broken.sequence, broken.problem) == (2, "les ancres commencées ici manquent dans leur fichier")


def test_a_file_begun_again_leaves_a_trace_in_the_journal(anchored: list[dict[str, Any]], place: Path) -> None:
    place.unlink()
    drop_anchor()

    assert first_lost_anchor() is None
    assert anchors.beginnings() == [2, 6]


def test_anchors_dropped_before_the_secret_key_was_replaced_still_hold(
    anchored: list[dict[str, Any]], settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une nouvelle clé", [settings.SECRET_KEY]
    assert first_lost_anchor() is None

    settings.SECRET_KEY_FALLBACKS = []
    assert first_lost_anchor() is not None
