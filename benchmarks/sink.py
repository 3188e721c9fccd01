"""A receiver of webhooks that answers 204 after so many milliseconds and counts distinct ids.

``python -m benchmarks.sink PORT DELAY_MS``; ``GET /`` on it answers with the counts.
"""

import asyncio
import sys

from aiohttp import web


def application(delay_s: float) -> web.Application:
    seen: set[str] = set()
    calls = 0

    async def receive(request: web.Request) -> web.Response:
        nonlocal calls
        await request.read()
        calls += 1
        seen.add(request.headers.get("webhook-id", str(calls)))
        if delay_s:
            await asyncio.sleep(delay_s)
        return web.Response(status=204)

    async def tell(_request: web.Request) -> web.Response:
        return web.json_response({"calls": calls, "distinct": len(seen)})

    app = web.Application()
    app.router.add_post("/{tail:.*}", receive)
    app.router.add_get("/", tell)
    return app


if __name__ == "__main__":
    port, delay_ms = int(sys.argv[1]), float(sys.argv[2])
    web.run_app(application(delay_ms / 1000), host="127.0.0.1", port=port, print=None, access_log=None)
