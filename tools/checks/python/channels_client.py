"""A test client based on the package phoenix-channels-python-client."""

import asyncio
import json
from collections import defaultdict
from itertools import count
from typing import Any, Self

from phoenix_channels_python_client import PHXChannelsClient, ReconnectPolicy
from phoenix_channels_python_client.phx_messages import ChannelMessage, PHXEvent
from phoenix_channels_python_client.utils import make_message

from rule import until
from server import IDLE_S

# The defaults are seconds, and grow with each short connection.
FAST_RECONNECT = ReconnectPolicy(
    base_delay_s=0.05,
    max_delay_s=0.1,
    service_restart_min_delay_s=0.05,
    service_restart_max_delay_s=0.1,
    rapid_first_min_delay_s=0,
    rapid_second_min_delay_s=0,
    rapid_cooldown_base_s=0,
    rapid_cooldown_step_s=0,
    rapid_suppress_disconnect_count=0,
)


class ChannelsClient:
    """Queues the client's frames, events and closes."""

    def __init__(
        self, *, address: str, version: str, query: str = "", **options: Any
    ) -> None:
        self.events: dict[str, asyncio.Queue] = defaultdict(asyncio.Queue)
        self.frames: list[Any] = []
        self.closed: asyncio.Queue[int] = asyncio.Queue()
        self.lost: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.heartbeats: asyncio.Queue[None] = asyncio.Queue()
        self._replies: dict[str | None, asyncio.Future] = {}
        self._refs = count(1)
        usual = {
            "heartbeat_interval_s": IDLE_S / 4,
            "reconnect_policy": FAST_RECONNECT,
            "on_disconnect": self._disconnected,
            "on_topic_lost": self._topic_lost,
            "on_heartbeat_ack": lambda: self.heartbeats.put_nowait(None),
        }
        self.client = PHXChannelsClient(
            address + query, "any key", protocol_version=version, **(usual | options)
        )
        self._protocol = self.client.get_protocol_handler()
        self._parse = self._protocol.parse_message
        # Records every frame, including those that the client drops.
        self._protocol.parse_message = self._record_frame

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self.client.__aexit__(*raised)

    async def join(self, topic: str) -> None:
        await self.client.subscribe_to_topic(topic, self._on_message)

    async def leave(self, topic: str) -> None:
        await self.client.unsubscribe_from_topic(topic)

    async def send(self, topic: str, event: str, payload: dict | None = None) -> str:
        """Sends an event; returns its ref."""
        ref = f"{event} {next(self._refs)}"
        message = make_message(event, topic, ref, payload, self.join_ref(topic))
        await self._protocol.send_message(self.client.connection, message)
        return ref

    async def call(self, topic: str, event: str, payload: dict | None = None) -> tuple:
        """Sends an event; returns the status and response of its reply."""
        ref = await self.send(topic, event, payload)
        replied = self._replies[ref] = asyncio.get_running_loop().create_future()
        return await replied

    async def next(self, event: str) -> dict:
        return await self.events[event].get()

    def join_ref(self, topic: str) -> str:
        """The join_ref of the current join; each join has a new one."""
        return self.client.get_current_subscriptions()[topic].join_ref

    async def wait_for_rejoin(self, topic: str, before: str) -> None:
        """Waits until the client has rejoined with another join_ref."""
        await until(
            lambda: self.join_ref(topic) != before
            and self.client.is_topic_joined(topic)
        )

    def _record_frame(self, raw: str | bytes) -> ChannelMessage:
        self.frames.append(json.loads(raw))
        # The client has dropped its connection when it reports the close.
        self._connection = self.client.connection
        return self._parse(raw)

    async def _on_message(self, message: ChannelMessage) -> None:
        if message.event == PHXEvent.reply:
            answer = message.payload["status"], message.payload["response"]
            self._replies.pop(message.ref).set_result(answer)
        else:
            self.events[str(message.event)].put_nowait(message.payload)

    async def _disconnected(self, _: Exception | None) -> None:
        self.closed.put_nowait(self._connection.close_code)

    async def _topic_lost(self, topic: str, error: Exception) -> None:
        self.lost.put_nowait((topic, str(error)))
