"""Anchors: the head of the journal, written to a second place, so that a cut tail is seen too (R-ALL-1)."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import journal
from core.journal import BrokenLink
from core.models import JournalEntry

BEGUN = "journal.anchored"
FIELDS = {"sequence": int, "hash": str, "at": str, "signature": str}


def anchors_file() -> Path:
    return Path(settings.DATA_DIR) / "journal-anchors.jsonl"


def drop_anchor() -> None:
    """Append the chain's head, signed, unless the last anchor already holds it.

    The journal tells when the file was begun, so that losing the whole file is seen too.
    """
    anchors = [anchor for _, anchor in _read() if anchor]
    head = _head()
    if head is None or (anchors and anchors[-1]["sequence"] == head.sequence):
        return
    if not anchors:
        with transaction.atomic():
            head = journal.record(BEGUN, head, by=None)
    content = {"sequence": head.sequence, "hash": head.hash, "at": timezone.now().isoformat(timespec="seconds")}
    _append(json.dumps({**content, "signature": _signature(content, settings.SECRET_KEY).decode()}) + "\n")


def first_lost_anchor() -> BrokenLink | None:
    """The first anchor the journal no longer answers to: unreadable, forged, or its entry is gone or another one."""
    known = 0
    for number, anchor in _read():
        if anchor is None:
            return BrokenLink(known, f"après elle, la ligne {number} du fichier des ancres est illisible")
        known = anchor["sequence"]
        signature = anchor.pop("signature")
        if not any(hmac.compare_digest(signature.encode(), _signature(anchor, key)) for key in _keys()):
            return BrokenLink(known, "la signature de son ancre ne correspond pas")
        if not JournalEntry.objects.filter(sequence=known, hash=anchor["hash"]).exists():
            return BrokenLink(known, "une ancre l’atteste, le journal ne l’a plus telle quelle")
    begun = max(beginnings(), default=0)
    return BrokenLink(begun, "les ancres commencées ici manquent dans leur fichier") if known < begun else None


def beginnings() -> list[int]:
    """The entries that told a file of anchors was begun; more than one means that a file was lost."""
    return list(JournalEntry.objects.filter(verb=BEGUN).order_by("sequence").values_list("sequence", flat=True))


def _head() -> JournalEntry | None:
    return JournalEntry.objects.order_by("-sequence").first()


def _append(line: str) -> None:
    """One write, synced; on a line of its own even after a write cut short."""
    with anchors_file().open("ab+") as file:
        cut_short = file.tell() > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
        file.write(("\n" if cut_short else "").encode() + line.encode())
        file.flush()
        os.fsync(file.fileno())


def _read() -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Each line's number and its anchor, None when it is unreadable."""
    if not anchors_file().exists():
        return
    with anchors_file().open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            yield number, _parsed(line)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        anchor = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(anchor, dict) and {name: type(value) for name, value in anchor.items()} == FIELDS
    return anchor if whole else None


def _keys() -> list[str]:
    """The present key, and those it replaced: an anchor dropped before a rotation still holds."""
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]


def _signature(content: dict[str, Any], key: str) -> bytes:
    message = json.dumps(content, sort_keys=True).encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest().encode()
