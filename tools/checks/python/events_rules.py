"""Rules for phx-events: it joins its topics at once, listens, and ends when the
first topic ends.

It sends no heartbeat. The rules leave out its token, a query parameter that this
server ignores.
"""

from collections.abc import Callable

from phx_events.exceptions import TopicClosedError

from rule import ANYTHING, Check, expect, rule, until
from server import conformance

RULES: list[Check] = []


@rule(RULES)
async def joins_are_answered_and_refused_and_crash_and_are_told_apart(
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
async def events_in_binary_frames_are_answered_whatever_the_status(
    connect: Callable,
) -> None:
    async with connect("room:a") as one:
        expect(await one.call("room:a", "echo", ANYTHING), ("ok", {"echo": ANYTHING}))
        expect(await one.call("room:a", "err"), ("error", {"reason": "no"}))
        expect(await one.call("room:a", "custom_status"), ("weird", {"x": 1}))
        expect(
            await one.call("room:b", "echo"), ("error", {"reason": "unmatched topic"})
        )


@rule(RULES)
async def what_is_pushed_and_broadcast_after_a_join_arrives(connect: Callable) -> None:
    async with connect("room:after") as one:
        expect(await one.next("pushed"), {"a": 1})
        expect(await one.next("bcast"), {"b": 2})


@rule(RULES)
async def broadcasts_reach_everyone_or_everyone_else_or_are_intercepted(
    connect: Callable,
) -> None:
    async with connect("room:a") as one, connect("room:a", "room:b") as two:
        await one.call("room:a", "bcast_from", {"n": 1})
        await one.call("room:a", "bcast", {"n": 2})
        expect(await one.next("bcast"), {"n": 2})
        expect([await two.next("bcast"), await two.next("bcast")], [{"n": 1}, {"n": 2}])
        await one.call("room:a", "icept", {"n": 3})
        for person in (one, two):
            expect(await person.next("icept"), {"n": 3, "seen": True})


@rule(RULES)
async def a_leave_is_answered_and_closes_the_channel(connect: Callable) -> None:
    async with connect("room:a", "room:b") as one:
        expect(await one.call("room:b", "phx_leave"), ("ok", {}))
        expect(ending(await one.ended()), ("room:b", "Upstream closed"))


@rule(RULES)
async def a_channel_that_stops_is_closed_and_one_that_crashes_is_an_error(
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
            await one.say("room:b", fatal)
            expect(ending(await one.ended()), ("room:b", reason))


@rule(RULES)
async def a_client_that_says_nothing_is_let_go(connect: Callable) -> None:
    async with connect("room:a") as one:
        expect((await one.ended()).rcvd.code, 1002)


@rule(RULES)
async def a_client_that_is_told_to_go_ends_well(connect: Callable) -> None:
    async with connect("room:a", query="?uid=ada") as one:
        await one.say("room:a", "disconnect_me")
        expect(await one.ended(), None)
        expect(one.client.websocket.close_code, 1001)


@rule(RULES)
async def a_refused_client_is_told_the_status(connect: Callable) -> None:
    for query, status in {"?reject=1": 403, "?rl=1": 429}.items():
        async with connect("room:a", query=query) as one:
            expect((await one.ended()).status_code, status)


@rule(RULES)
async def clients_of_a_server_that_drains_are_told_of_a_restart(
    connect: Callable,
) -> None:
    async with conformance() as address, connect("room:a", address=address) as one:
        await one.say("room:a", "drain")
        expect((await one.ended()).rcvd.code, 1012)


def ending(error: BaseException | None) -> tuple[str, str]:
    if not isinstance(error, TopicClosedError):
        raise AssertionError(f"it did not end with a topic: {error!r}")
    return error.topic, error.reason
