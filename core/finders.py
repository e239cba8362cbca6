"""The typefaces of the pages, served from the packages that ship them: the faces in use, not all forty."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "fonts"
FACES = {
    "font_source_sans_pro": (
        "SourceSansPro-Regular.ttf",
        "SourceSansPro-It.ttf",
        "SourceSansPro-Semibold.ttf",
        "SourceSansPro-Bold.ttf",
    ),
    "font_source_serif_pro": ("SourceSerifPro-Semibold.ttf",),
}


class FontsFinder(BaseFinder):
    """Finds ``fonts/<face>.ttf``; compressing and fingerprinting the others would cost a minute at each deployment."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        found = [str(folder / face) for folder, face in _faces() if path == f"{PREFIX}/{face}"]
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for folder, face in _faces():
            storage = FileSystemStorage(location=folder)
            storage.prefix = PREFIX  # type: ignore[attr-defined]  # read by collectstatic
            yield face, storage


def _faces() -> Iterator[tuple[Path, str]]:
    for package, faces in FACES.items():
        for face in faces:
            yield Path(str(files(package) / "files")), face
