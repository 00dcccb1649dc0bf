"""Third-party Python clients against the channel layer's conformance server.

    cargo build -p axum-channels --example conformance
    python3 clients.py      (CONFORMANCE_BIN overrides the server)
"""

import environment

environment.enter(__file__)  # the imports below need the packages

import asyncio
import logging
import sys
import traceback
from functools import partial
from importlib.metadata import version

import channels_rules
import events_rules
import rule
from channels_client import ChannelsClient
from events_client import EventsClient
from server import conformance


def clients() -> list[tuple]:
    """Each client: its name, a function to connect, and its rules."""
    channels, events = "phoenix-channels-python-client", "phx-events"
    both = channels_rules.IN_BOTH
    return [
        (
            f"{channels} {version(channels)}, V2",
            partial(ChannelsClient, version="2.0"),
            [*both, *channels_rules.IN_V2],
        ),
        (
            f"{channels} {version(channels)}, V1",
            partial(ChannelsClient, version="1.0"),
            [*both, *channels_rules.IN_V1],
        ),
        (f"{events} {version(events)}", EventsClient, events_rules.RULES),
    ]


async def main() -> int:
    passed = failed = 0
    async with conformance() as address:
        for client, connect, rules in clients():
            for check in rules:
                error = await rule.failure_of(check, partial(connect, address=address))
                if error is None:
                    passed += 1
                    print(f"ok      {client}: {rule.name(check)}", flush=True)
                else:
                    failed += 1
                    why = "".join(traceback.format_exception(error))
                    print(f"FAILED  {client}: {rule.name(check)}: {why}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    # The clients log the errors that the rules provoke.
    logging.disable()
    sys.exit(asyncio.run(main()))
