"""The Celery application: ``celery -A legalds worker`` and ``celery -A legalds beat``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")

app = Celery("legalds")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
