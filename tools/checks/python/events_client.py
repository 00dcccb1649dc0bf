"""A test client based on the package phx-events."""

import asyncio
import signal
from collections import defaultdict
from typing import Any, Self

from phx_events.client import PHXChannelsClient
from phx_events.phx_messages import ChannelMessage, PHXEvent
from phx_events.utils import make_message

EVENTS = ("pushed", "bcast", "icept")


class SendingClient(PHXChannelsClient):
    """A client that can also send. The base class only joins and listens.

    Messages use the client's own encoding: JSON of version 1 in binary frames.
    """

    async def process_websocket_messages(self, websocket: Any) -> None:
        self.websocket = websocket
        await super().process_websocket_messages(websocket)

    async def send(self, message: ChannelMessage) -> None:
        await self._send_message(self.websocket, message)


class EventsClient:
    """Queues the client's events and replies."""

    def __init__(self, *topics: str, address: str, query: str = "") -> None:
        # The client appends its token with another question mark.
        token = None if query else "any token"
        self.client = SendingClient(address + query, channel_auth_token=token)
        self.events: dict[str, asyncio.Queue] = defaultdict(asyncio.Queue)
        self.joins: dict[str, tuple] = {}
        self._replies: dict[str, asyncio.Future] = {}
        self._joined = [
            self.client.register_topic_subscription(topic) for topic in topics
        ]
        for event in (PHXEvent.reply, *EVENTS):
            self.client.register_event_handler(event, [self._on_message])

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.client.start_processing())
        joined = asyncio.gather(*(event.wait() for event in self._joined))
        await asyncio.wait({self._running, joined}, return_when=asyncio.FIRST_COMPLETED)
        joined.cancel()
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._running.cancel()
        await asyncio.wait({self._running})
        self.client.shutdown("done")
        # The client handles these signals, which would make the checks unstoppable.
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)

    async def call(self, topic: str, event: str, payload: dict | None = None) -> tuple:
        """Sends an event; returns the status and response of its reply."""
        replied = self._replies[event] = asyncio.get_running_loop().create_future()
        await self.send(topic, event, payload)
        return await replied

    async def send(self, topic: str, event: str, payload: dict | None = None) -> None:
        # One call of an event at a time, so the event serves as the ref.
        await self.client.send(make_message(event, topic, event, payload))

    async def next(self, event: str) -> dict:
        return await self.events[event].get()

    async def ended(self) -> BaseException | None:
        """Waits for the client's end; returns its exception. It never reconnects."""
        await asyncio.wait({self._running})
        return self._running.exception()

    async def _on_message(self, message: ChannelMessage, _: PHXChannelsClient) -> None:
        if message.event != PHXEvent.reply:
            self.events[message.event].put_nowait(message.payload)
            return
        answer = message.payload["status"], message.payload["response"]
        # The client joins without a ref.
        if message.ref is None:
            self.joins[message.topic] = answer
        else:
            self._replies.pop(message.ref).set_result(answer)
