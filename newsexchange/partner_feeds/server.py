"""The newsrooms on a socket: a threaded HTTP server for loopback. It logs one line per request to stderr."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from newsexchange.partner_feeds.catalog import feed_at
from newsexchange.partner_feeds.responses import Newsrooms
from newsexchange.partner_feeds.story_files import read_stories
from newsexchange.partner_feeds.timeline import Timeline


def _utc_now() -> datetime:
    return datetime.now(tz=UTC)


def _read_moment(path: Path | None) -> datetime | None:
    return datetime.fromisoformat(path.read_text(encoding="ascii")) if path is not None and path.exists() else None


class PartnerFeedServer(ThreadingHTTPServer):
    """Plays the newsrooms from the first question for a feed on: nothing happens before somebody can see it.

    Port 0 takes any free port; ``server_address`` tells which. With a file to remember that first question in, a later
    server goes on where this one was stopped instead of telling everything again as new stories.
    """

    daemon_threads = True

    def __init__(
        self,
        host: str,
        port: int,
        *,
        speed: float = 1.0,
        began_file: Path | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Raises OSError when the address is taken or the file cannot be read, ValueError when ``speed`` is
        not positive or the file holds no moment."""
        self.now = now
        self._began_file = began_file
        shelf = read_stories()
        began = _read_moment(began_file)
        timeline = Timeline(shelf.stories, started_at=began or now(), speed=speed)
        super().__init__((host, port), _Handler)
        self.newsrooms = Newsrooms(shelf, timeline, base_url=f"http://{host}:{self.server_address[1]}")
        self._was_asked, self._asking = began is not None, Lock()

    def newsrooms_for(self, path: str, now: datetime) -> Newsrooms:
        """Their clock starts when a feed is first asked for."""
        with self._asking:
            if not self._was_asked and feed_at(path) is not None:
                shelf, speed = self.newsrooms.shelf, self.newsrooms.timeline.speed
                timeline = Timeline(shelf.stories, started_at=now, speed=speed)
                if self._began_file is not None:
                    self._began_file.write_text(now.isoformat(), encoding="ascii")
                self.newsrooms, self._was_asked = replace(self.newsrooms, timeline=timeline), True
            return self.newsrooms

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hangs up in the middle is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: PartnerFeedServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        request_headers = {name.lower(): value for name, value in self.headers.items()}
        path, now = urlsplit(self.path).path, self.server.now()
        response = self.server.newsrooms_for(path, now).respond(path, request_headers, now)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(response.body)
