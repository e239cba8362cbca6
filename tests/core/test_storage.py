"""Static files as production serves them: collected, fingerprinted, imports included."""

import re
from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings


def test_every_module_imports_fingerprinted_modules(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["js", "css", "svg", "ttf", "txt", "html", "json", "png", "map"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.storage.StaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    served = [path for path in tmp_path.glob("js/**/*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imported = [name for path in served for name in re.findall(r'from "(\.{1,2}/[^"]+)"', path.read_text())]
    assert len(imported) > 10
    assert all(re.fullmatch(r"(?:\.{1,2}/)+(?:\w+/)*\w+\.[0-9a-f]{12}\.js", name) for name in imported)
