"""axe-core finds nothing, on any page of any role, in both schemes (WCAG 2.2 AA)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from tests.accounts.factories import PASSWORD
from tests.browser.axe import violations
from tests.permissions.matrix import MATRIX, Route
from tests.permissions.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

SETTLING = 600  # ms for what a page asks after it is loaded; the grille never stops talking to the server


FRAGMENTS = {"juries:remaining", "juries:room_live"}
"""Answers that a page puts inside itself; they are looked at there."""


def pages_of_each_person(world: World) -> dict[str, list[Route]]:
    """Every page once, each by the first person of the matrix who may read it."""
    pages: dict[str, list[Route]] = {}
    for row in MATRIX:
        if row.method == "get" and row.may and not row.name.startswith("api:") and row.name not in FRAGMENTS:
            pages.setdefault(row.may[0], []).append(row)
    return pages


def test_no_page_has_a_defect_that_axe_can_see(browser: Browser, live_server) -> None:
    world, found = build_world(), []
    for name, rows in pages_of_each_person(world).items():
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        user = world.people[name]
        user.set_password(PASSWORD)
        user.save()
        page.goto(f"{live_server.url}/compte/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/compte/" not in url)
        for row in rows:
            address = reverse(row.name, kwargs={argument: world.ids[key] for argument, key in row.ids})
            if "text/html" not in context.request.head(live_server.url + address).headers["content-type"]:
                continue  # a document, looked at elsewhere
            page.goto(live_server.url + address)
            page.wait_for_timeout(SETTLING)
            found += [f"{row.name} as {name}: {said}" for said in violations(page)]
        context.close()
    assert not found, "\n".join(found)
