"""What axe-core finds on a page as it stands, in both schemes (WCAG 2.2 AA)."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""The rules that look at colours: nothing else of a page changes from light to dark (css/tokens.css)."""
LAID_OUT = [(1280, 900), (320, 640)]  # the second as at 400 % of zoom


def violations(page: Page) -> list[str]:
    """One line each; the page is left in the light scheme."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [("light", one) for one in Axe().run(page).response["violations"]]
    page.emulate_media(color_scheme="dark")
    found += [("dark", one) for one in Axe().run(page, options=COLOURS).response["violations"]]
    page.emulate_media(color_scheme="light")
    return [f"{one['id']} in {scheme} at {one['nodes'][0]['target']}: {one['help']}" for scheme, one in found]


def defects(page: Page, what: str) -> list[str]:
    """The same on a wide window and on the narrowest, which must not overflow; ``what`` names the state of the page."""
    found = []
    for width, height in LAID_OUT:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{what}, {width} wide: {said}" for said in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{what} overflows at {width}"
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
