"""The Celery application: workers by queue (ingest, deliver, media, default) over the Redis doorbell."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaexchange.settings.development")

app = Celery("mediaexchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
