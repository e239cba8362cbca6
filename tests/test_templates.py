"""What no template may hold: inline style or script, an address elsewhere, a breakable French space."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted(
    path
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    if "documents" not in path.parts  # PDF: another medium, no browser
)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=|\bhx-on|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"""<(?:script|link|img|iframe|form)\b[^>]*\b(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE
)
BREAKABLE = re.compile(r"[^\s{%] [;?!»](?=[\s<\"]|$)|« |\w :(?=[\s<]|$)", re.MULTILINE)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
MARKUP = re.compile(r"{{.*?}}|<[^>]+>", re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def content(path: Path) -> str:
    """The template without its comments and tags; what they output stays to be seen in what is around them."""
    return TAG.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style(path: Path) -> None:
    assert INLINE_STYLE.findall(content(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_script(path: Path) -> None:
    assert INLINE_SCRIPT.findall(content(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_fetches_nothing_elsewhere(path: Path) -> None:
    assert ELSEWHERE.findall(content(path)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_french_punctuation_never_begins_a_line(path: Path) -> None:
    text = MARKUP.sub("\n", content(path))

    assert BREAKABLE.findall(text) == []


@pytest.mark.parametrize("path", sorted((Path(settings.BASE_DIR) / "templates/components").glob("*.html")), ids=name)
def test_a_component_begins_with_its_parameters(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{% comment %}")
