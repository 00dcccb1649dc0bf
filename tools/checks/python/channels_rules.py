"""Rules for phoenix-channels-python-client: it joins without parameters, rejoins
channels, and reconnects.

The rules leave out its auth tokens, which it sends in the subprotocol. It sends
no binary frames.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from phoenix_channels_python_client.exceptions import PHXConnectionError, PHXTopicError

from rule import SAMPLE_JSON, Check, expect, rule, until
from server import IDLE_S, conformance

IN_BOTH: list[Check] = []
IN_V1: list[Check] = []
IN_V2: list[Check] = []


@rule(IN_BOTH)
async def join_replies_refusals_and_crashes_are_distinct(
    connect: Callable,
) -> None:
    refusals = {"room:deny": "unauthorized", "room:crash": "join crashed"}
    async with connect() as one:
        for topic in ("room:a", "exact"):
            await one.join(topic)
        for topic, reason in refusals.items():
            expect(await failure(one.join(topic), PHXTopicError), reason)
        for topic in ("room:a", "exact"):
            expect(await one.call(topic, "status"), ("ok", {}))


@rule(IN_V1)
async def unknown_topics_are_refused(connect: Callable) -> None:
    async with connect() as one:
        expect(await failure(one.join("nowhere"), PHXTopicError), "unmatched topic")


@rule(IN_V2)
async def unknown_topics_are_refused_and_the_client_drops_the_refusal(
    connect: Callable,
) -> None:
    # The refusal has no join_ref, and this client drops frames without its own.
    refusal = {"status": "error", "response": {"reason": "unmatched topic"}}
    async with connect(join_timeout_s=0.5) as one:
        why = await failure(one.join("nowhere"), PHXTopicError)
        expect("Timed out" in why, True)
        await until(lambda: "nowhere" in str(one.frames))
        frames = [frame for frame in one.frames if frame[2] == "nowhere"]
        [[join_ref, ref, *rest]] = frames
        expect((join_ref, type(ref)), (None, str))
        expect(rest, ["nowhere", "phx_reply", refusal])


@rule(IN_BOTH)
async def events_get_replies_of_any_status(connect: Callable) -> None:
    async with connect() as one:
        await one.join("room:a")
        reply = await one.call("room:a", "echo", SAMPLE_JSON)
        expect(reply, ("ok", {"echo": SAMPLE_JSON}))
        expect(await one.call("room:a", "err"), ("error", {"reason": "no"}))
        expect(await one.call("room:a", "custom_status"), ("weird", {"x": 1}))
        expect(await one.call("room:a", "?"), ("error", {"reason": "unknown event"}))


@rule(IN_BOTH)
async def pushes_after_a_join_arrive(connect: Callable) -> None:
    async with connect() as one:
        await one.join("room:after")
        expect(await one.next("pushed"), {"a": 1})


@rule(IN_V1)
async def broadcasts_reach_all_or_all_but_the_sender(connect: Callable) -> None:
    async with connect() as one, connect() as two, connect() as three:
        for client in (one, two, three):
            await client.join("room:a")
        await one.call("room:a", "bcast_from", {"n": 1})
        await one.call("room:a", "bcast", {"n": 2})
        expect(await one.next("bcast"), {"n": 2})
        for client in (two, three):
            expect(
                [await client.next("bcast"), await client.next("bcast")],
                [{"n": 1}, {"n": 2}],
            )


@rule(IN_V2)
async def broadcasts_arrive_and_the_client_drops_them(
    connect: Callable,
) -> None:
    # Broadcasts have no join_ref, and this client drops frames without its own.
    async with connect() as one, connect() as two:
        for client in (one, two):
            await client.join("room:a")
        await one.call("room:a", "bcast", {"n": 1})
        await one.call("room:a", "icept", {"n": 2})
        for client in (one, two):
            expect(await client.next("icept"), {"n": 2, "seen": True})
            broadcasts = [frame for frame in client.frames if frame[3] == "bcast"]
            expect(broadcasts, [[None, None, "room:a", "bcast", {"n": 1}]])
            expect(client.events["bcast"].empty(), True)


@rule(IN_BOTH)
async def an_intercepted_broadcast_is_pushed_to_every_subscriber(
    connect: Callable,
) -> None:
    async with connect() as one, connect() as two:
        for client in (one, two):
            await client.join("room:a")
        await one.call("room:a", "icept", {"n": 1})
        for client in (one, two):
            expect(await client.next("icept"), {"n": 1, "seen": True})


@rule(IN_BOTH)
async def a_left_topic_sends_nothing_until_it_is_rejoined(
    connect: Callable,
) -> None:
    async with connect() as one, connect() as two:
        for client in (one, two):
            await client.join("room:a")
        await one.leave("room:a")
        await two.call("room:a", "icept", {"n": 1})
        await one.join("room:a")
        await two.call("room:a", "icept", {"n": 2})
        expect(await one.next("icept"), {"n": 2, "seen": True})
        expect(len([frame for frame in one.frames if "icept" in str(frame)]), 1)


@rule(IN_BOTH)
async def a_crashed_channel_is_rejoined(connect: Callable) -> None:
    async with connect() as one:
        for topic in ("room:a", "room:b"):
            await one.join(topic)
        other = one.join_ref("room:b")
        for fatal in ("raise", "kill", "stop_error"):
            before = one.join_ref("room:a")
            await one.send("room:a", fatal)
            await one.wait_for_rejoin("room:a", before)
            expect(await one.call("room:a", "status"), ("ok", {}))
        expect((one.join_ref("room:b"), one.closed.empty()), (other, True))


@rule(IN_BOTH)
async def a_stopped_channel_is_lost_and_the_others_stay(
    connect: Callable,
) -> None:
    async with connect() as one:
        for topic in ("room:a", "room:b", "room:c"):
            await one.join(topic)
        await one.send("room:a", "stop_normal")
        topic, why = await one.lost.get()
        expect((topic, "closed by the server" in why), ("room:a", True))
        expect(await one.call("room:b", "stop_shutdown"), ("ok", {"bye": 1}))
        expect((await one.lost.get())[0], "room:b")
        expect(list(one.client.get_current_subscriptions()), ["room:c"])
        expect(await one.call("room:c", "status"), ("ok", {}))


@rule(IN_BOTH)
async def heartbeats_keep_the_socket_open(connect: Callable) -> None:
    async with connect(heartbeat_interval_s=IDLE_S / 4) as one:
        await one.join("room:a")
        for _ in range(6):
            await one.heartbeats.get()
        expect(one.closed.empty(), True)
        expect(await one.call("room:a", "status"), ("ok", {}))


@rule(IN_BOTH)
async def a_silent_client_is_closed_and_reconnects(
    connect: Callable,
) -> None:
    async with connect(heartbeat_interval_s=None) as one:
        await one.join("room:a")
        before = one.join_ref("room:a")
        expect(await one.closed.get(), 1002)
        await one.wait_for_rejoin("room:a", before)
        expect(await one.call("room:a", "status"), ("ok", {}))


@rule(IN_BOTH)
async def a_disconnected_client_reconnects_and_rejoins_all_channels(
    connect: Callable,
) -> None:
    async with connect(query="?uid=ada") as one, connect(query="?uid=bob") as two:
        before = {}
        for topic in ("room:a", "room:b"):
            await one.join(topic)
            await two.join(topic)
            before[topic] = one.join_ref(topic)
        await one.send("room:a", "disconnect_me")
        expect(await one.closed.get(), 1001)
        for topic, join_ref in before.items():
            await one.wait_for_rejoin(topic, join_ref)
            expect(await one.call(topic, "status"), ("ok", {}))
        expect(two.closed.empty(), True)


@rule(IN_BOTH)
async def a_refused_client_gets_the_status_and_stays_disconnected(
    connect: Callable,
) -> None:
    refused = connect(query="?reject=1").__aenter__()
    expect("403 (Forbidden)" in await failure(refused, PHXConnectionError), True)
    # With auto_reconnect the client would retry a 429 forever.
    limited = connect(query="?rl=1", auto_reconnect=False).__aenter__()
    expect("HTTP 429" in await failure(limited, PHXConnectionError), True)


@rule(IN_BOTH)
async def clients_of_a_draining_server_rejoin_after_its_restart(
    connect: Callable,
) -> None:
    async with AsyncExitStack() as stack:
        async with conformance() as address:
            one = await stack.enter_async_context(connect(address=address))
            await one.join("room:a")
            before = one.join_ref("room:a")
            await one.send("room:a", "drain")
            expect(await one.closed.get(), 1012)
        async with conformance(urlsplit(address).port or 0):
            await one.wait_for_rejoin("room:a", before)
            expect(await one.call("room:a", "status"), ("ok", {}))
            await stack.aclose()


async def failure(awaitable, kind: type[Exception]) -> str:
    """The text of the exception that the awaitable raises."""
    try:
        await awaitable
    except kind as error:
        return str(error)
    raise AssertionError("it does not fail")
