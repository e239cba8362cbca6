"""The canonical content as a JSON file: what the fingerprint of a publication is taken from, ready to read."""

import json
from typing import Any

from referentiel.content import Content
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import refuse

FORMAT = "parchemin.referentiel/1"


def write(content: Content) -> bytes:
    """Indented, in the order of the document."""
    return json.dumps({"format": FORMAT, **content}, ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes) -> Content:
    """The content of a file written by :func:`write`; raises Unreadable."""
    raw = parsed(data)
    if not isinstance(raw, dict) or raw.pop("format", None) != FORMAT:
        raise refuse(f"Ce fichier JSON n’est pas un référentiel de Parchemin : « format » doit valoir « {FORMAT} ».")
    return checked(raw)


def parsed(data: bytes) -> Any:
    """Any JSON; raises Unreadable with the line where it stops being some."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise refuse(f"l’encodage n’est pas UTF-8 (octet {error.start}).") from error
    except json.JSONDecodeError as error:
        raise refuse("le JSON est mal formé.", f"Ligne {error.lineno}, colonne {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise refuse("le JSON est mal formé.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
