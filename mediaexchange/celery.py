"""The Celery application: workers by queue (ingest, deliver, media, default) over the Redis doorbell."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaexchange.settings.development")

app = Celery("mediaexchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _freeze(**_: Any) -> None:
    """What is loaded stays: collecting garbage need not look through all of Django time and again."""
    gc.freeze()
