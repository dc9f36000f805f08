"""The Celery application: ``celery -A legalds worker`` and ``celery -A legalds beat``."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init

from generation.worker.running.timer import WorkerTimer
from legalds.running.startup import require_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")

app = Celery("legalds")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerTimer)


@celeryd_init.connect
@beat_init.connect
def check_servers(**_: object) -> None:
    require_servers()
