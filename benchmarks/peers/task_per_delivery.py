"""Webhooks as they are usually sent: a Celery task for each, with requests, and the row saved afterwards."""

import os

import requests
from celery import Celery

app = Celery("task_per_delivery", broker=os.environ.get("PEER_BROKER_URL"))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=4, task_default_queue="peer")


@app.task
def deliver(address: str, number: int) -> None:
    requests.post(address, json={"type": "story.updated", "data": {"number": number}}, timeout=15).raise_for_status()
