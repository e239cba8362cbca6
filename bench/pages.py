"""What the pages of a référentiel cost at 20 times the size of the real one; the real one is the floor.

Each page is asked of both in the same breath, cold (nothing kept in the cache) and, where something is kept, again.
"""

import gc
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from bench.web import Browser, Result
from referentiel.models import Critere, Referentiel
from referentiel.services.editing import change_node
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.enlarging import Spread, enlarged
from tests.referentiel.factories import publish

ROUNDS, WARM_UP = 25, 3
GOAL = 3.0
REWORDED = 20  # one CE in so many
WITHOUT_GOAL = ("publication",)  # reads the whole draft for its fingerprint: what is asked for must be all of it
AFTER_ANOTHER = ("editor, search",)  # asked from a page of the editor, which has just filled the cache


class Pair:
    """A published version and a draft of the next one, where one CE in twenty is reworded."""

    def __init__(self, published: Referentiel, by: User) -> None:
        self.published = published
        self.draft = clone_to_draft(published, by=by)
        for critere in Critere.objects.filter(referentiel=self.draft).order_by("pk")[::REWORDED]:
            change_node(critere, values={"text": f"{critere.text} Les choix sont datés."}, by=by)
        self.competence = self.draft.competences.order_by("activite__bloc__number", "activite__position").last()

    def addresses(self) -> dict[str, str]:
        """The pages measured, by name."""
        draft = self.draft.pk
        return {
            "editor, overview": _to("edit", draft),
            "editor, a compétence": _to("node", draft, "competence", self.competence.pk),
            "editor, search": f"{_to('edit', draft)}?q=statistique",
            "publication": _to("publish", draft),
            "difference": _to("differences", draft, self.published.pk),
            "document": _to("detail", self.published.pk),
        }


def _to(name: str, *args: Any) -> str:
    return reverse(f"referentiel:{name}", args=args)


def stage() -> dict[str, Pair]:
    """The real référentiel, and it twenty times over: as 80 blocs, and as 4 blocs of 65 activités."""
    if not Referentiel.objects.exists():
        call_command("loaddata", "expert_en_data_science", verbosity=0)
    real = Referentiel.objects.get(certification__rncp_code="RNCP37431", version=1)
    by = UserFactory(roles=[Role.ADMINISTRATEUR])
    pairs = {"real": Pair(real, by)}
    spreads: tuple[Spread, ...] = ("blocs", "activites")
    for spread in spreads:
        large = enlarged(real, spread=spread)
        publish(large)
        pairs[spread] = Pair(large, by)
    return pairs


class Page(NamedTuple):
    """A way whose cache is emptied, or filled, before the time is taken."""

    name: str
    act: Callable[[], object]
    floor: str
    goal: float | None
    is_cold: bool

    def prepare(self) -> None:
        if self.is_cold:
            cache.clear()
        else:
            self.act()


def ways(pairs: dict[str, Pair], browser: Browser) -> list[Page]:
    """Every page, cold and warm, of the real référentiel then of the large ones."""
    found = []
    for page in pairs["real"].addresses():
        for heat in ("cold", "again")[page in AFTER_ANOTHER :]:
            floor = f"{page}, {heat}"
            for size, pair in pairs.items():
                name = floor if size == "real" else f"{floor}, 20 × {size}"
                ask = _asking(browser, pair.addresses()[page])
                found.append(
                    Page(name, ask, floor, None if size == "real" or page in WITHOUT_GOAL else GOAL, heat == "cold")
                )
    return found


def _asking(browser: Browser, address: str) -> Callable[[], object]:
    path, _, query = address.partition("?")
    return lambda: browser.call("GET", path, QUERY_STRING=query)


def measure(compared: list[Page], rounds: int = ROUNDS) -> list[Result]:
    """Run every way once per round, side by side; a page's time is its quickest, which a busy machine spoils least."""
    spent: dict[str, list[float]] = {way.name: [] for way in compared}
    gc.freeze()
    for turn in range(WARM_UP + rounds):
        for way in compared:
            way.prepare()
            start = time.perf_counter()
            way.act()
            if turn >= WARM_UP:
                spent[way.name].append((time.perf_counter() - start) * 1000)
    best = {name: min(times) for name, times in spent.items()}
    return [
        Result(way.name, best[way.name], max(spent[way.name]), best[way.name] / best[way.floor], way.goal)
        for way in compared
    ]


def main(rounds: int = ROUNDS) -> list[Result]:
    """Measure, print the table and return its rows. Django is set up by the caller, on a database of its own."""
    pairs = stage()
    browser = Browser(UserFactory(roles=[Role.ADMINISTRATEUR]))
    return tell(measure(ways(pairs, browser), rounds))


def tell(results: list[Result]) -> list[Result]:
    """Print the table of ``results`` and hand them back."""
    sys.stdout.write(f"{'milliseconds in the server':46}{'best':>9}{'worst':>9}{'ratio':>8}{'goal':>8}\n")
    for result in results:
        goal = f"≤ {result.goal:g}" if result.goal else ""
        line = f"{result.name:46}{result.p50:9.2f}{result.p95:9.2f}{result.ratio:8.2f}{goal:>8}"
        sys.stdout.write(f"{line}{'  missed' if result.is_missed else ''}\n")
    return results
