"""Rules: coroutines whose names say what a client must find to be so."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_S = 10  # bounds every wait of a rule

# Each kind of value, and text that JSON may escape in two ways.
ANYTHING = {"text": 'Å "ä" 海 🚢\n', "list": [1, -2.5, True, None], "none": {}}

# It is given a way to connect.
Check = Callable[[Callable], Awaitable[None]]


def rule(rules: list[Check]) -> Callable[[Check], Check]:
    """Adds what is decorated to these."""

    def add(check: Check) -> Check:
        rules.append(check)
        return check

    return add


def name(check: Check) -> str:
    return check.__name__.replace("_", " ")


async def hold(check: Check, connect: Callable) -> Exception | None:
    """What is wrong, if anything is."""
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
    """Waits for what no event tells of."""
    while not is_true():
        await asyncio.sleep(0.005)
