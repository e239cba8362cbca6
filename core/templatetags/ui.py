"""The components that take less to write as a tag than as an include. Their markup is in templates/components/."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.enums import JobState
from core.failures import explanation
from core.models import JournalEntry

register = template.Library()
register.filter("explained", explanation)

STATUS_ICONS = {"neutral": "dash", "info": "info", "success": "check", "danger": "cross", "waiting": "clock"}
VERDICTS = {"acquis": ("Acquis", "success"), "non_acquis": ("Non acquis", "danger")}
NOT_JUDGED = ("Non évalué", "waiting")
JOB_TONES = {
    JobState.DUE: ("waiting", "clock"),
    JobState.RUNNING: ("info", "play"),
    JobState.DONE: ("success", "check"),
    JobState.FAILED: ("danger", "cross"),
}
MESSAGE_TONES = {"success": "success", "error": "danger", "warning": "waiting"}


@cache
def _drawing(name: str) -> SafeString:
    # The file is ours: templates/components/icons/.
    return mark_safe(render_to_string(f"components/icons/{name}.svg").strip())  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; decorative unless ``label`` says what it means to those who do not see it."""
    if not label:
        return _drawing(name)
    return format_html('<span role="img" aria-label="{}">{}</span>', label, _drawing(name))


@register.inclusion_tag("components/status.html")
def status(word: str, tone: str = "neutral", icon_name: str = "") -> dict[str, str]:
    """Tell a state by a word, an icon and a colour; ``tone`` is neutral, info, success, danger or waiting."""
    return {"word": word, "tone": tone, "icon_name": icon_name or STATUS_ICONS[tone]}


@register.inclusion_tag("components/status.html")
def job_status(state: str) -> dict[str, str]:
    tone, icon_name = JOB_TONES[JobState(state)]
    return {"word": str(JobState(state).label), "tone": tone, "icon_name": icon_name}


@register.inclusion_tag("components/verdict.html")
def verdict(value: str | None) -> dict[str, str]:
    """Tell ``acquis``, ``non_acquis`` or, for anything empty, that nobody has judged yet."""
    word, tone = VERDICTS[value] if value else NOT_JUDGED
    return {"word": word, "tone": tone, "icon_name": STATUS_ICONS[tone] if value else "dash"}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str) -> dict[str, Any]:
    """Draw « n / total » as a bar and in figures; ``label`` says of what."""
    return {"done": done, "total": total, "label": label, "over": total > 0 and done >= total}


@register.inclusion_tag("components/tally.html")
def tally(acquis: int, non_acquis: int, pending: int, label: str) -> dict[str, Any]:
    """Draw how verdicts share out as a bar of three parts, with its figures below."""
    total = acquis + non_acquis + pending
    segments, start = [], 0.0
    for kind, count in (("acquis", acquis), ("non-acquis", non_acquis), ("attente", pending)):
        width = 100 * count / total if total else 0.0
        segments.append({"kind": kind, "x": f"{start:.2f}%", "width": f"{width:.2f}%"})
        start += width
    return {
        "acquis": acquis,
        "non_acquis": non_acquis,
        "pending": pending,
        "total": total,
        "label": label,
        "segments": segments,
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Show the way here: label, address, label, address…, ending with the label of the current page."""
    *above, current = parts
    return {"links": list(zip(above[::2], above[1::2], strict=True)), "current": current}


@register.inclusion_tag("components/pagination.html")
def pagination(page: Page[Any], what: str, address: str = "") -> dict[str, Any]:
    """Links between the pages of a list; ``what`` names its items in the plural, ``address`` is the list's own when
    it is shown at another one."""
    return {
        "page": page,
        "what": what,
        "address": address,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm_button(context: Context, label: str, action: str, title: str, text: str, **options: str) -> dict[str, Any]:
    """Post to ``action`` once a dialogue has been answered; options: confirm, look, tone, icon_name, name, value."""
    return {
        "label": label,
        "action": action,
        "title": title,
        "text": text,
        "csrf_token": context["csrf_token"],
        "confirm": label,
        "look": "",
        "tone": "",
        "icon_name": "",
        "name": "",
        "value": "",
        **options,
    }


@register.filter
def message_tone(level_tag: str) -> str:
    """Turn the level of a Django message into the tone of a notice."""
    return MESSAGE_TONES.get(level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    """Give the icon that goes with the tone of a notice."""
    return {"success": "success", "danger": "danger", "waiting": "alert"}.get(tone, "info")


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """Return ``mapping[key]``; a missing key is an error, as everywhere."""
    return mapping[key]


@register.filter
def subject_of(entry: JournalEntry) -> str:
    """Name the subject of an entry as the journal's filter reads it."""
    return f"{entry.subject_type}:{entry.subject_id}"
