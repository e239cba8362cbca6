"""Changes that wait in a browser: the keys they are sealed with, and the file that is their last resort (R-SCO-3)."""

import binascii
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assessments.models import Grille
from assessments.services.marking import CHOICES
from core.encryption import derived_keys
from core.exceptions import InvalidInput, Refusal

FORMAT = "parchemin/saisies-en-attente"
FORMAT_VERSION = 1
SIZE_LIMIT = 1_000_000  # bytes: a grille of a hundred CE with long comments is a third of that
HEADER = ("format", "version", "soutenance", "grille", "person", "created_at", "key")


class PendingFileTooLarge(Refusal):
    """More than a grille can hold; it is not read."""

    status = 413


@dataclass(frozen=True)
class _File:
    """A file that has the shape of one; nothing says yet that it is authentic."""

    header: dict[str, Any]
    iv: bytes
    data: bytes

    @property
    def about(self) -> bytes:
        """What is authenticated with the content: the header cannot be changed alone."""
        return "\n".join(str(self.header[name]) for name in HEADER).encode()


def keys_of(grille: Grille) -> dict[str, bytes]:
    """The keys of this grille's évaluateur for this grille, newest first; they open nothing else."""
    return derived_keys(f"saisies-en-attente:{grille.pk}:{grille.evaluateur_id}")


def open_pending_file(grille: Grille, content: bytes) -> list[dict[str, Any]]:
    """The entries of a file exported from this grille by its évaluateur, whole or not at all.

    An entry is `{critere, snapshot: {inflight, next, held}}`, as the browser left it: its operations are those it
    had, so that taking the file in twice stores once. Writes nothing.
    Raises PendingFileTooLarge or InvalidInput with the reason.
    """
    if len(content) > SIZE_LIMIT:
        raise PendingFileTooLarge("Ce fichier est trop volumineux pour être un fichier de saisies en attente.")
    file = _shaped(content)
    _refuse_from_elsewhere(grille, file.header)
    key = keys_of(grille).get(file.header["key"])
    if key is None:
        raise InvalidInput("Ce fichier a été scellé avec une clé qui n’est plus en service : il ne peut plus être lu.")
    try:
        entries = json.loads(AESGCM(key).decrypt(file.iv, file.data, file.about))
    except (InvalidTag, ValueError) as error:
        raise InvalidInput(
            "Ce fichier a été modifié ou abîmé depuis son enregistrement : rien n’en a été repris."
        ) from error
    _refuse_unless_of(grille, entries)
    return list(entries)


def _shaped(content: bytes) -> _File:
    stranger = InvalidInput("Ce fichier n’est pas un fichier de saisies en attente de Parchemin, ou il est incomplet.")
    try:
        file = json.loads(content)
        header = {name: file[name] for name in HEADER}
        shaped = _File(header, b64decode(file["iv"], validate=True), b64decode(file["data"], validate=True))
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise stranger from error
    if header["format"] != FORMAT or not all(isinstance(header[name], str) for name in HEADER if name != "version"):
        raise stranger
    if header["version"] != FORMAT_VERSION:
        raise InvalidInput("Ce fichier vient d’une autre version de Parchemin : il ne peut pas être lu ici.")
    if len(shaped.iv) != 12:
        raise InvalidInput("Ce fichier a été modifié ou abîmé depuis son enregistrement : rien n’en a été repris.")
    return shaped


def _refuse_from_elsewhere(grille: Grille, header: dict[str, Any]) -> None:
    if header["soutenance"] != str(grille.soutenance_id):
        raise InvalidInput("Ce fichier vient d’une autre soutenance : ouvrez la grille de celle-là pour le reprendre.")
    if header["person"] != str(grille.evaluateur_id) or header["grille"] != str(grille.pk):
        raise InvalidInput("Ce fichier contient les saisies d’une autre personne : elle seule peut le reprendre.")


def _refuse_unless_of(grille: Grille, entries: Any) -> None:
    """Authentic, so made by our page; but the compétences of the soutenance may have changed since."""
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise InvalidInput("Ce fichier ne contient pas des saisies : rien n’en a été repris.")
    judged = set(grille.soutenance.competences.values_list("criteres__pk", flat=True))
    if not {entry["critere"] for entry in entries} <= judged:
        raise InvalidInput("Ce fichier porte sur des critères que cette soutenance n’évalue plus.")


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or type(entry.get("critere")) is not int:
        return False
    snapshot = entry.get("snapshot")
    if not isinstance(snapshot, dict) or not isinstance(snapshot.get("held"), dict):
        return False
    if not all(isinstance(held, dict) and isinstance(held.get("text"), str) for held in snapshot["held"].values()):
        return False
    return all(_is_change(snapshot.get(name)) for name in ("inflight", "next"))


def _is_change(change: Any) -> bool:
    if change is None:
        return True
    if not isinstance(change, dict) or not isinstance(change.get("value"), dict):
        return False
    resolves = change.get("resolves")
    if resolves is not None and (not isinstance(resolves, dict) or resolves.get("choice") not in CHOICES):
        return False
    try:
        UUID(change["operation"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return change.get("version") is None or type(change["version"]) is int
