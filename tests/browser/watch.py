"""What a page must not do while somebody works with it."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_SERVER_ERROR = 500
# Leaving a page drops what it was still loading; nobody is worse off for it.
_DROPPED = "net::ERR_ABORTED"


class Watch:
    """Writes down the console's errors, what failed to load, and every request to somebody else's server."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self.complaints.append(f"asked somebody else: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _DROPPED:
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        is_static = urlsplit(response.url).path.startswith("/static/")
        if response.status >= _SERVER_ERROR or (is_static and not (response.ok or response.status in {301, 302, 304})):
            self.complaints.append(f"HTTP {response.status}: {response.url}")
