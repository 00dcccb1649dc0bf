"""Rules: coroutines that check a client; the name states the expectation."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_S = 10  # bounds every wait of a rule

# Every kind of JSON value, and text that JSON can escape in two ways.
SAMPLE_JSON = {"text": 'Å "ä" 海 🚢\n', "list": [1, -2.5, True, None], "none": {}}

# The argument is a function that connects a client.
Check = Callable[[Callable], Awaitable[None]]


def rule(rules: list[Check]) -> Callable[[Check], Check]:
    """Decorator that appends a check to `rules`."""

    def add(check: Check) -> Check:
        rules.append(check)
        return check

    return add


def name(check: Check) -> str:
    return check.__name__.replace("_", " ")


async def failure_of(check: Check, connect: Callable) -> Exception | None:
    """Runs a check; returns its exception, or None."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await check(connect)
    except Exception as error:
        return error
    return None


def expect(actual: object, expected: object) -> None:
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


async def until(is_true: Callable[[], bool]) -> None:
    """Polls until a condition is true."""
    while not is_true():
        await asyncio.sleep(0.005)
