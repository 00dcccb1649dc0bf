"""Starts and ends the channel layer's conformance server."""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

BUILT = Path(__file__).resolve().parents[3] / "target/debug/examples/conformance"
BINARY = os.environ.get("CONFORMANCE_BIN", str(BUILT))
IDLE_S = 2  # the server closes a socket after this silence
START_S = 15


@asynccontextmanager
async def conformance(port: int = 0) -> AsyncIterator[str]:
    """Runs a server during the block; yields its WebSocket address."""
    with tempfile.TemporaryFile("w+") as errors:
        process = await asyncio.create_subprocess_exec(
            BINARY,
            "--port",
            str(port),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            # A file, since an unread pipe would fill and block the server.
            stderr=errors,
        )
        assert process.stdout is not None, "it is piped"
        try:
            async with asyncio.timeout(START_S):
                line = (await process.stdout.readline()).decode()
            listening = re.search(r"listening on http://(\S+)", line)
            if listening is None:
                errors.seek(0)
                raise RuntimeError(f"the server does not listen: {line}{errors.read()}")
            yield f"ws://{listening[1]}/socket/websocket"
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
