"""The stylesheets of documents, which lie beside their templates (templates/documents/)."""

from functools import lru_cache
from pathlib import Path

from django.template.loader import get_template


@lru_cache(maxsize=32)
def stylesheet_of(template: str, name: str = "") -> str:
    """The text of the stylesheet that bears the template's name, or of another one beside it; read once per process."""
    origin = Path(get_template(template).origin.name)  # type: ignore[attr-defined]  # every template of ours is a file
    return (origin.with_name(name) if name else origin.with_suffix(".css")).read_text(encoding="utf-8")
