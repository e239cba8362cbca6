"""ASGI entry point, for servers that prefer it."""

import os

from django.core.asgi import get_asgi_application

os.umask(0o077)  # what is written here is nobody else's to read
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
