"""Rules for phoenix-channels-python-client: it joins without parameters, rejoins
channels, and reconnects.

The rules leave out its auth tokens, which it sends in the subprotocol. It sends
no binary frames.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from phoenix_channels_python_client.exceptions import PHXConnectionError, PHXTopicError

from rule import ANYTHING, Check, expect, rule, until
from server import IDLE_S, conformance

IN_BOTH: list[Check] = []
IN_V1: list[Check] = []
IN_V2: list[Check] = []


@rule(IN_BOTH)
async def joins_are_answered_and_refused_and_crash_and_are_told_apart(
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
async def topics_that_nobody_serves_are_refused(connect: Callable) -> None:
    async with connect() as one:
        expect(await failure(one.join("nowhere"), PHXTopicError), "unmatched topic")


@rule(IN_V2)
async def topics_that_nobody_serves_are_refused_and_the_client_drops_it(
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
async def events_are_answered_whatever_the_status(connect: Callable) -> None:
    async with connect() as one:
        await one.join("room:a")
        expect(await one.call("room:a", "echo", ANYTHING), ("ok", {"echo": ANYTHING}))
        expect(await one.call("room:a", "err"), ("error", {"reason": "no"}))
        expect(await one.call("room:a", "custom_status"), ("weird", {"x": 1}))
        expect(await one.call("room:a", "?"), ("error", {"reason": "unknown event"}))


@rule(IN_BOTH)
async def what_is_pushed_after_a_join_arrives(connect: Callable) -> None:
    async with connect() as one:
        await one.join("room:after")
        expect(await one.next("pushed"), {"a": 1})


@rule(IN_V1)
async def broadcasts_reach_everyone_or_everyone_else(connect: Callable) -> None:
    async with connect() as one, connect() as two, connect() as three:
        for person in (one, two, three):
            await person.join("room:a")
        await one.call("room:a", "bcast_from", {"n": 1})
        await one.call("room:a", "bcast", {"n": 2})
        expect(await one.next("bcast"), {"n": 2})
        for person in (two, three):
            expect(
                [await person.next("bcast"), await person.next("bcast")],
                [{"n": 1}, {"n": 2}],
            )


@rule(IN_V2)
async def broadcasts_arrive_and_it_is_the_client_that_drops_them(
    connect: Callable,
) -> None:
    # Broadcasts have no join_ref, and this client drops frames without its own.
    async with connect() as one, connect() as two:
        for person in (one, two):
            await person.join("room:a")
        await one.call("room:a", "bcast", {"n": 1})
        await one.call("room:a", "icept", {"n": 2})
        for person in (one, two):
            expect(await person.next("icept"), {"n": 2, "seen": True})
            broadcasts = [frame for frame in person.frames if frame[3] == "bcast"]
            expect(broadcasts, [[None, None, "room:a", "bcast", {"n": 1}]])
            expect(person.events["bcast"].empty(), True)


@rule(IN_BOTH)
async def an_intercepted_broadcast_is_a_push_to_everyone(connect: Callable) -> None:
    async with connect() as one, connect() as two:
        for person in (one, two):
            await person.join("room:a")
        await one.call("room:a", "icept", {"n": 1})
        for person in (one, two):
            expect(await person.next("icept"), {"n": 1, "seen": True})


@rule(IN_BOTH)
async def a_topic_that_is_left_says_no_more_until_it_is_joined_again(
    connect: Callable,
) -> None:
    async with connect() as one, connect() as two:
        for person in (one, two):
            await person.join("room:a")
        await one.leave("room:a")
        await two.call("room:a", "icept", {"n": 1})
        await one.join("room:a")
        await two.call("room:a", "icept", {"n": 2})
        expect(await one.next("icept"), {"n": 2, "seen": True})
        expect(len([frame for frame in one.frames if "icept" in str(frame)]), 1)


@rule(IN_BOTH)
async def a_channel_that_crashes_is_joined_again(connect: Callable) -> None:
    async with connect() as one:
        for topic in ("room:a", "room:b"):
            await one.join(topic)
        other = one.join_ref("room:b")
        for fatal in ("raise", "kill", "stop_error"):
            before = one.join_ref("room:a")
            await one.send("room:a", fatal)
            await one.is_back("room:a", before)
            expect(await one.call("room:a", "status"), ("ok", {}))
        expect((one.join_ref("room:b"), one.closed.empty()), (other, True))


@rule(IN_BOTH)
async def a_channel_that_stops_is_lost_and_the_others_are_not(
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
async def a_client_that_says_nothing_is_let_go_and_comes_back(
    connect: Callable,
) -> None:
    async with connect(heartbeat_interval_s=None) as one:
        await one.join("room:a")
        before = one.join_ref("room:a")
        expect(await one.closed.get(), 1002)
        await one.is_back("room:a", before)
        expect(await one.call("room:a", "status"), ("ok", {}))


@rule(IN_BOTH)
async def a_client_that_is_told_to_go_comes_back_with_all_its_channels(
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
            await one.is_back(topic, join_ref)
            expect(await one.call(topic, "status"), ("ok", {}))
        expect(two.closed.empty(), True)


@rule(IN_BOTH)
async def a_refused_client_is_told_so_and_stays_away(connect: Callable) -> None:
    refused = connect(query="?reject=1").__aenter__()
    expect("403 (Forbidden)" in await failure(refused, PHXConnectionError), True)
    # With auto_reconnect the client would retry a 429 forever.
    limited = connect(query="?rl=1", auto_reconnect=False).__aenter__()
    expect("HTTP 429" in await failure(limited, PHXConnectionError), True)


@rule(IN_BOTH)
async def clients_of_a_server_that_drains_come_back_when_it_is_up_again(
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
            await one.is_back("room:a", before)
            expect(await one.call("room:a", "status"), ("ok", {}))
            await stack.aclose()


async def failure(awaitable, kind: type[Exception]) -> str:
    """The text of the exception that the awaitable raises."""
    try:
        await awaitable
    except kind as error:
        return str(error)
    raise AssertionError("it does not fail")
