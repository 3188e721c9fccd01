"""Exit status 0 if the web server of this container is ready. Stands alone: it must not need the application."""

import http.client
import os
import sys

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/health/ready", headers={"Host": "localhost" if host == "*" else host})
sys.exit(connection.getresponse().status != http.client.OK)
