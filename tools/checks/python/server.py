"""The channel layer's own conformance server, started and ended by the checks."""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

BUILT = Path(__file__).resolve().parents[3] / "target/debug/examples/conformance"
BINARY = os.environ.get("CONFORMANCE_BIN", str(BUILT))
IDLE_S = 2  # after which it closes a socket that says nothing
START_S = 15


@asynccontextmanager
async def conformance(port: int = 0) -> AsyncIterator[str]:
    """A server for as long as the block lasts: the address of its sockets."""
    with tempfile.TemporaryFile("w+") as errors:
        process = await asyncio.create_subprocess_exec(
            BINARY,
            "--port",
            str(port),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            # A file: nobody reads along, and a pipe that is full stops the server.
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
