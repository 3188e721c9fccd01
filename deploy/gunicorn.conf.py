"""The web server, the same for the demo and for production; what differs comes from the environment."""

import gc
import os
from typing import Any

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
raw_env = ["PGOPTIONS=-c statement_timeout=5s"]  # a request that needs longer is a mistake, and must not hold others up
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS", "30"))
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
preload_app = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeats must not wait for a disk
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def pre_fork(server: Any, worker: Any) -> None:
    """Connections and pools opened while the application was loaded must not be shared by the workers."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    gc.freeze()  # what is loaded stays: no worker looks through it again, nor copies its pages by doing so
