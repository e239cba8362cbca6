"""Settings of the test suite: quick passwords, files thrown away, loud templates."""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="parchemin-test-")
os.environ["REDIS_URL"] = ""
os.environ["SIGNING_KEY_FILE"] = os.environ["SIGNING_KEY_PASSPHRASE"] = (
    ""  # a key of this run, never the installation's
)
os.environ["SIGNING_TRUSTED_DIR"] = f"{os.environ['DATA_DIR']}/signing-certificates"

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STATIC_ROOT, TEMPLATES

STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}  # nothing here outlives the run
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS = False
VERIFICATIONS_ALLOWED = 1_000_000  # the cache outlives a test, and every test comes from the same address


class LoudMissingVariable(str):
    """What Django renders for an undefined template variable: in tests it is an error."""

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        raise LookupError(f"Undefined template variable: {name}")

    def __contains__(self, part: object) -> bool:
        return part == "%s" or super().__contains__(str(part))


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = LoudMissingVariable("%s")  # type: ignore[index]
