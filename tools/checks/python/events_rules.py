"""Rules for phx-events: it joins its topics at once, listens, and ends when the
first topic ends.

It sends no heartbeat. The rules leave out its token, a query parameter that this
server ignores.
"""

from collections.abc import Callable

from phx_events.exceptions import TopicClosedError

from rule import SAMPLE_JSON, Check, expect, rule, until
from server import conformance

RULES: list[Check] = []


@rule(RULES)
async def join_replies_refusals_and_crashes_are_distinct(
    connect: Callable,
) -> None:
    expected = {
        "room:a": ("ok", {}),
        "exact": ("ok", {}),
        "room:reply": ("ok", {"echo": {}}),
        "room:deny": ("error", {"reason": "unauthorized"}),
        "room:crash": ("error", {"reason": "join crashed"}),
        "nowhere": ("error", {"reason": "unmatched topic"}),
    }
    async with connect(*expected) as one:
        await until(lambda: len(one.joins) == len(expected))
        expect(one.joins, expected)


@rule(RULES)
async def events_in_binary_frames_get_replies_of_any_status(
    connect: Callable,
) -> None:
    async with connect("room:a") as one:
        reply = await one.call("room:a", "echo", SAMPLE_JSON)
        expect(reply, ("ok", {"echo": SAMPLE_JSON}))
        expect(await one.call("room:a", "err"), ("error", {"reason": "no"}))
        expect(await one.call("room:a", "custom_status"), ("weird", {"x": 1}))
        expect(
            await one.call("room:b", "echo"), ("error", {"reason": "unmatched topic"})
        )


@rule(RULES)
async def pushes_and_broadcasts_after_a_join_arrive(connect: Callable) -> None:
    async with connect("room:after") as one:
        expect(await one.next("pushed"), {"a": 1})
        expect(await one.next("bcast"), {"b": 2})


@rule(RULES)
async def broadcasts_reach_all_or_all_but_the_sender_or_are_intercepted(
    connect: Callable,
) -> None:
    async with connect("room:a") as one, connect("room:a", "room:b") as two:
        await one.call("room:a", "bcast_from", {"n": 1})
        await one.call("room:a", "bcast", {"n": 2})
        expect(await one.next("bcast"), {"n": 2})
        expect([await two.next("bcast"), await two.next("bcast")], [{"n": 1}, {"n": 2}])
        await one.call("room:a", "icept", {"n": 3})
        for client in (one, two):
            expect(await client.next("icept"), {"n": 3, "seen": True})


@rule(RULES)
async def a_leave_is_answered_and_closes_the_channel(connect: Callable) -> None:
    async with connect("room:a", "room:b") as one:
        expect(await one.call("room:b", "phx_leave"), ("ok", {}))
        expect(ending(await one.ended()), ("room:b", "Upstream closed"))


@rule(RULES)
async def a_stopped_channel_is_closed_and_a_crashed_one_is_an_error(
    connect: Callable,
) -> None:
    endings = {
        "stop_normal": "Upstream closed",
        "stop_shutdown": "Upstream closed",
        "stop_error": "Upstream error",
        "raise": "Upstream error",
        "kill": "Upstream error",
    }
    for fatal, reason in endings.items():
        async with connect("room:a", "room:b") as one:
            await one.send("room:b", fatal)
            expect(ending(await one.ended()), ("room:b", reason))


@rule(RULES)
async def a_silent_client_is_closed(connect: Callable) -> None:
    async with connect("room:a") as one:
        expect((await one.ended()).rcvd.code, 1002)


@rule(RULES)
async def a_disconnected_client_ends_without_an_error(connect: Callable) -> None:
    async with connect("room:a", query="?uid=ada") as one:
        await one.send("room:a", "disconnect_me")
        expect(await one.ended(), None)
        expect(one.client.websocket.close_code, 1001)


@rule(RULES)
async def a_refused_client_gets_the_status(connect: Callable) -> None:
    for query, status in {"?reject=1": 403, "?rl=1": 429}.items():
        async with connect("room:a", query=query) as one:
            expect((await one.ended()).status_code, status)


@rule(RULES)
async def clients_of_a_draining_server_get_the_close_code_of_a_restart(
    connect: Callable,
) -> None:
    async with conformance() as address, connect("room:a", address=address) as one:
        await one.send("room:a", "drain")
        expect((await one.ended()).rcvd.code, 1012)


def ending(error: BaseException | None) -> tuple[str, str]:
    if not isinstance(error, TopicClosedError):
        raise AssertionError(f"it did not end with a topic: {error!r}")
    return error.topic, error.reason
