"""A server on loopback that speaks the three protocols as their makers document them, limits included.

It "translates" by turning the words of each text upside down, tags kept, so that a test sees what was done to which.
"""

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

KEY = "key-of-the-house"
Answer = tuple[int, dict[str, str], Any]
_WORD = re.compile(r"<[^<>]*>|&\w+;|\w+")


def upside_down(text: str) -> str:
    return _WORD.sub(lambda match: match[0] if match[0][0] in "<&" else match[0][::-1], text)


class Stub:
    """``overrides`` are answers for the next requests, in their place; ``delay`` is in seconds."""

    def __init__(self, translate: Callable[[str], str] = upside_down) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.overrides: list[Answer | bytes] = []
        self.delay = 0.0
        self.translate = translate
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = json.loads(raw)
                stub.requests.append((self.path, headers, body))
                time.sleep(stub.delay)
                answer = stub.overrides.pop(0) if stub.overrides else stub.answered(self.path, headers, body, len(raw))
                if isinstance(answer, bytes):
                    answer = (200, {}, answer)
                status, extra, said = answer
                payload = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # who asked has hung up
                    self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                """Tests speak for themselves."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.pair}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answered(self, path: str, headers: dict[str, str], body: Any, size: int) -> Answer:
        if path == "/v2/translate":
            return self._deepl(headers, body, size)
        if isinstance(body, list):
            return self._azure(path, headers, body)
        return self._libretranslate(body)

    def _azure(self, path: str, headers: dict[str, str], body: list[dict[str, str]]) -> Answer:
        asked = parse_qs(urlsplit(path).query)
        if asked.get("api-version") != ["3.0"]:
            return 400, {}, {"error": {"code": 400021, "message": "The API version parameter isn't valid."}}
        if headers.get("ocp-apim-subscription-key") != KEY:
            return 401, {}, {"error": {"code": 401000, "message": "The credentials are missing or invalid."}}
        if len(body) > 1000 or sum(len(item["Text"]) for item in body) > 50_000:
            return 400, {}, {"error": {"code": 400077, "message": "The maximum request size has been exceeded."}}
        if not set(asked["from"] + asked["to"]) <= {"sr-Cyrl", "sr-Latn", "kk", "ru", "en"}:
            return 400, {}, {"error": {"code": 400036, "message": "The target language isn't valid."}}
        (to,) = asked["to"]
        return 200, {}, [{"translations": [{"text": self.translate(item["Text"]), "to": to}]} for item in body]

    def _deepl(self, headers: dict[str, str], body: dict[str, Any], size: int) -> Answer:
        if headers.get("authorization") != f"DeepL-Auth-Key {KEY}":
            return 403, {}, b""
        if size > 128 * 1024:
            return 413, {}, {"message": "Request size exceeds the limit."}
        if len(body["text"]) > 50:
            return 400, {}, {"message": "Too many texts."}
        is_beta = {body["source_lang"], body["target_lang"]} & {"SR", "KK"}
        if is_beta and not body.get("enable_beta_languages"):
            return 400, {}, {"message": "Value for 'target_lang' not supported."}
        source = body["source_lang"]
        texts = [{"detected_source_language": source, "text": self.translate(text)} for text in body["text"]]
        return 200, {}, {"translations": texts}

    def _libretranslate(self, body: dict[str, Any]) -> Answer:
        if body.get("api_key") != KEY:
            return 403, {}, {"error": "Invalid API key"}
        if body["format"] != "html":
            return 400, {}, {"error": "html is wanted here"}
        return 200, {}, {"translatedText": [self.translate(text) for text in body["q"]]}
