"""What the repository promises about itself, read from the repository."""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config.states import DIAGRAMS, draw

ROOT = Path(settings.BASE_DIR)
BY_LIBRARIES = ("account/", "mfa/", "allauth/", "django/", "usersessions/")
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the bounds of integers are those of the embedded database")
def test_the_openapi_document_is_the_one_the_code_gives() -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert written.getvalue() == (ROOT / "docs/openapi.yaml").read_text(), "run `make openapi`"


def test_the_state_diagrams_are_those_of_the_tables() -> None:
    assert draw() == (ROOT / "docs/states.md").read_text(), "run `manage.py draw_states`"


@pytest.mark.parametrize("title", DIAGRAMS)
def test_every_state_of_a_life_cycle_has_its_row_and_leads_to_known_states(title: str) -> None:
    transitions = DIAGRAMS[title]
    states = set(type(next(iter(transitions))))
    assert set(transitions) == states
    assert all(following <= states for following in transitions.values())


def test_every_template_is_used() -> None:
    sources = "\n".join(path.read_text() for path in tracked("*.py", "*.html") if "tests/" not in str(path))
    unused = [
        name
        for path in tracked("templates/*.html")
        if (name := str(path.relative_to(ROOT / "templates")))
        and not name.startswith(BY_LIBRARIES)
        and name not in BY_DJANGO
        and f'"{name}"' not in sources
    ]
    assert not unused


def test_no_import_hides_inside_a_function() -> None:
    """Dependencies are read at the top of a file; apps.py alone must wait for the registry."""
    hidden = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in tracked("*.py")
        if path.name != "apps.py" and not {"migrations", "tests", "bench"} & set(path.parts)
        for line in path.read_text().splitlines()
        if re.match(r"^\s+(from \S+ import|import) ", line) and "TYPE_CHECKING" not in path.read_text()
    ]
    assert not hidden


def test_files_stay_short() -> None:
    long = [
        str(path)
        for path in tracked("*.py")
        if not {"migrations", "tests"} & set(path.parts) and path.read_text().count("\n") > 400
    ]
    assert not long


def test_nothing_comes_from_elsewhere() -> None:
    """No CDN, no registry's address: pages and locks stand alone."""
    suspect = re.compile(r"(?:cdn|unpkg|jsdelivr|googleapis|--(?:extra-)?index-url|https?://\S+\.whl)")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("templates/*", "static/*", "requirements/*")
        if path.suffix in (".html", ".css", ".js", ".txt")
        and suspect.search(re.sub(r"--no-emit-index-url", "", path.read_text()))
    ]
    assert not found


def test_every_rule_named_by_a_test_is_one_of_the_domain() -> None:
    known = {
        f"R-{family}-{number}"
        for family, last in {"REF": 6, "CAN": 4, "SCO": 10, "VAL": 5, "JUR": 8, "ALL": 4}.items()
        for number in range(1, last + 1)
    }
    named = {rule for path in tracked("*.py") for rule in re.findall(r"R-[A-Z]{3}-\d+", path.read_text())}
    assert named <= known
