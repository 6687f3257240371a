"""Runs an application on a loopback port, inside an event loop or beside blocking code."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web


@asynccontextmanager
async def serve(
    app: web.Application, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Listen while the context lasts; yields the address, such as `http://127.0.0.1:8001/`. Port 0 takes a free one."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=ssl_context)
        await site.start()
        bound = runner.addresses[0][1]
        yield f"{'https' if ssl_context else 'http'}://{host}:{bound}/"
    finally:
        await runner.cleanup()


@contextmanager
def serve_in_thread(
    app: web.Application, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """As `serve`, on a thread of its own, for callers that block."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        context = serve(app, host, port, ssl_context)
        url = runner.run(context.__aenter__())
        thread = threading.Thread(target=loop.run_forever, name="lab-netbox", daemon=True)
        thread.start()
        try:
            yield url
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            runner.run(context.__aexit__(None, None, None))
