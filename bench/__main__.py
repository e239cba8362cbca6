"""`python -m bench`: ratios measured in one run, on a PostgreSQL database that lives as long as the run.

``DATABASE_URL`` names the server; a path is replaced by a database of our own. Exits with 1 when a goal is missed.
"""

import os
import signal
import sys
import tempfile

import django
from django.conf import settings
from django.core.management import call_command

from tests.services.installation import own_database

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


def prepare(folder: str, url: str) -> None:
    """Django on a migrated database, with the settings of production; only static files are not gathered."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings", DATA_DIR=folder, DATABASE_URL=url, REDIS_URL="", LOG_LEVEL="WARNING"
    )
    django.setup()
    settings.ROOT_URLCONF = "bench.urls"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody logs in; hundreds are made
    call_command("migrate", verbosity=0)


def run() -> int:
    from bench import dossier, pages, sessions, web  # noqa: PLC0415  # models need Django, which needs its database

    results = [*web.main(), *pages.main(), *sessions.main()]
    missed = any(result.is_missed for result in results)
    sys.stdout.write("\n")
    dossier.main()
    django.db.connection.close()
    return int(missed)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the database is dropped on the way out
    name = f"parchemin_bench_{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder, own_database(os.environ.get("DATABASE_URL", SERVER), name) as url:
        prepare(folder, url)
        return run()


if __name__ == "__main__":
    sys.exit(main())
