"""A soutenance of two hours and a half in a minute, with all that goes wrong in one (R-SCO-3, R-SCO-4).

Every edit is a click or a text in Chromium, on a real grille. At the end the database, the journal and the page must
tell the same story: nothing lost, nothing twice, nothing on the wrong candidate.
"""

import random
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, Response, expect

from assessments.api import views
from assessments.models import Grille, Mark
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from core.models import JournalEntry
from tests import scenes
from tests.browser.queueing import a_grille, expect_saved, log_in_again, open_grille, rows, state

pytestmark = pytest.mark.django_db(transaction=True)

EDITS = 520
MINUTES = 150
AT = {  # minutes
    "goes_offline": 30,
    "is_back": 40,
    "loses_its_session": 60,
    "has_its_token_rotated": 75,
    "opens_another_candidate": 82,
    "has_its_tab_killed": 90,
    "meets_a_slow_server": 110,
    "meets_a_quick_one": 125,
}


@dataclass
class Marking:
    """One évaluateur at one grille: what they typed, and what the page was told."""

    page: Page
    grille: Grille
    expected: dict[int, dict[str, str]] = field(default_factory=dict)
    saved: dict[int, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.criteres = [critere.pk for critere in criteres_of(self.grille)]

    def edit(self, number: int, random_: random.Random) -> None:
        critere = random_.choice(self.criteres)
        wish = self.expected.setdefault(critere, {"verdict": "", "comment": ""})
        if number % 3:
            wish["verdict"] = random_.choice([one for one in ("acquis", "non_acquis") if one != wish["verdict"]])
            radio = self.page.locator(f'[name="verdict-{critere}"][value="{wish["verdict"]}"]')
            if number % 10:
                radio.evaluate("(radio) => radio.click()")  # what a key does: no scrolling, ten times quicker
            else:
                radio.check()
        else:
            wish["comment"] = f"Édition {number} : la démarche est vue, « {random_.random():.6f} »."
            self.page.locator(f'[name="comment-{critere}"]').fill(wish["comment"], force=True)


def open_texts(page: Page) -> None:
    page.evaluate("for (const box of document.querySelectorAll('.ce details')) box.open = true")


def waiting(marking: Marking, why: str) -> None:
    """The line counts what rests in the browser: all that differs, and what was attempted and then taken back."""
    marking.page.wait_for_timeout(500)
    count = len(rows(marking.page))
    differing = {critere for critere, wish in marking.expected.items() if marking.saved.get(critere) != wish}
    assert count >= len(differing) > 0
    expect(state(marking.page)).to_have_text(f"{count} en attente, {why}")


def slowly(*args: Any, **kwargs: Any) -> Any:
    time.sleep(3)
    return change_mark(*args, **kwargs)


class Afternoon:
    """The évaluateur's browser; each method is something that happens to it, with the state line it must show."""

    def __init__(self, context: BrowserContext, live_server: Any, patch: pytest.MonkeyPatch, marking: Marking) -> None:
        self.context, self.live_server, self.patch, self.marking = context, live_server, patch, marking
        self.second: Marking | None = None
        self.random = random.Random(3)  # noqa: S311  # a story told again the same
        self.acknowledged: dict[str, int] = {}
        context.on("response", self.hear)

    def hear(self, response: Response) -> None:
        if response.request.method == "PUT" and response.status == 200:
            operation, version = response.request.headers["idempotency-key"], int(response.headers["etag"].strip('"'))
            assert self.acknowledged.setdefault(operation, version) == version

    def edit(self, number: int) -> None:
        self.marking.edit(number, self.random)
        if self.second and number % 5 == 0:
            self.second.edit(number, self.random)

    def opened(self, grille: Grille) -> Page:
        page = open_grille(self.context.new_page(), self.live_server, grille)
        open_texts(page)
        return page

    def saved(self) -> None:
        expect_saved(self.marking.page)
        self.marking.saved = deepcopy(self.marking.expected)

    def goes_offline(self, number: int) -> None:
        self.saved()
        self.context.set_offline(True)

    def is_back(self, number: int) -> None:
        waiting(self.marking, "hors ligne")
        self.context.set_offline(False)
        self.saved()

    def loses_its_session(self, number: int) -> None:
        self.saved()
        Session.objects.all().delete()
        self.marking.edit(number, self.random)
        waiting(self.marking, "session expirée")
        log_in_again(self.marking.page)
        self.saved()

    def has_its_token_rotated(self, number: int) -> None:
        (token,) = [cookie for cookie in self.context.cookies() if cookie["name"] == "csrftoken"]
        self.context.add_cookies([{**token, "value": "y" * 32}])
        self.marking.edit(number, self.random)
        self.saved()

    def opens_another_candidate(self, number: int) -> None:
        other = a_grille(2, evaluateur=self.marking.grille.evaluateur, candidate=scenes.a_candidate("Morel", "Ines"))
        self.second = Marking(self.opened(other), other)

    def has_its_tab_killed(self, number: int) -> None:
        self.saved()
        self.context.set_offline(True)  # so that the change is certainly still here when the tab ends
        self.marking.edit(number, self.random)
        waiting(self.marking, "hors ligne")
        self.marking.page.close()
        self.context.set_offline(False)
        self.marking.page = self.opened(self.marking.grille)
        self.saved()

    def meets_a_slow_server(self, number: int) -> None:
        self.saved()
        self.patch.setattr(views, "change_mark", slowly)

    def meets_a_quick_one(self, number: int) -> None:
        expect(state(self.marking.page)).to_contain_text("en attente")
        self.patch.undo()
        self.saved()


def the_same_story_everywhere(afternoon: Afternoon) -> None:
    """The database, the journal and what the page was told."""
    markings = [one for one in (afternoon.marking, afternoon.second) if one]
    for one in markings:  # nothing lost, nothing on the wrong candidate
        stored = {
            mark.critere_id: {"verdict": mark.verdict, "comment": mark.comment} for mark in one.grille.marks.all()
        }
        assert stored == one.expected
    assert Mark.objects.count() == sum(len(one.expected) for one in markings)
    entries = JournalEntry.objects.filter(operation__isnull=False)
    told = {str(operation): data["version"] for operation, data in entries.values_list("operation", "data")}
    assert afternoon.acknowledged == told  # what was said to be stored is, once, at that version; and all was said
    call_command("reconcile")  # nothing twice: versions follow each other, the journal is the marks


def test_a_soutenance_of_two_hours_and_a_half_loses_nothing(
    page: Page,
    context: BrowserContext,
    live_server: Any,
    log_in: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grille = a_grille(10)
    log_in(grille.evaluateur)
    afternoon = Afternoon(context, live_server, monkeypatch, Marking(open_grille(page, live_server, grille), grille))
    open_texts(page)
    moments = {minute * EDITS // MINUTES: getattr(afternoon, name) for name, minute in AT.items()}
    began = time.monotonic()

    for number in range(EDITS):
        if number in moments:
            moments[number](number)
        afternoon.edit(number)

    expect_saved(afternoon.marking.page)
    expect_saved(afternoon.second.page)
    spent = time.monotonic() - began
    print(f"\n{EDITS} edits in {spent:.0f} s, {len(afternoon.acknowledged)} operations acknowledged")
    the_same_story_everywhere(afternoon)
