"""The Celery application: JSON only; a message is a wake-up, the ``Job`` row is the record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("parchemin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
