"""Trying again when the server is too busy: how often, and how long to wait in between.

Knows one predicate, `is_retryable_error`, and nothing of connections. Imports asyncio only to wait
in it.
"""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from ..errors import is_retryable_error

__all__ = ["RetryPolicy", "async_retry", "async_retry_on_overload", "retry", "retry_on_overload"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often to try, and how long to wait in between. Each wait is longer than the one
    before.
    """

    attempts: int = 4
    """How often to try in all, the first time included."""
    first_delay: float = 0.25
    """Seconds to wait before the second attempt."""
    max_delay: float = 4.0
    """Seconds that no wait exceeds."""
    factor: float = 2.0
    """How much longer each wait is than the one before."""
    jitter: float = 0.25
    """How much of each wait is left to chance, from 0 to 1, so that clients don't come back all at
    once."""

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number, counted from 1."""
        try:
            wait = min(self.max_delay, self.first_delay * self.factor ** (attempt - 1))
        except OverflowError:
            wait = self.max_delay
        return wait * (1.0 - self.jitter * random.random())


def retry_on_overload(call: Callable[[], T], *, policy: RetryPolicy | None = None) -> T:
    """Calls `call`, and again while the server is too busy.

    Args:
        call: A function without parameters that makes the call.
        policy: How often to try and how long to wait.

    Raises:
        ServerBusy: The server was still too busy at the last attempt. Other errors are raised at
            once.
    """
    return retry(call, policy or RetryPolicy(), time.sleep)


def retry(call: Callable[[], T], policy: RetryPolicy, sleep: Callable[[float], object]) -> T:
    """The same, with a way to wait of one's own."""
    attempt = 1
    while True:
        try:
            return call()
        except Exception as error:
            if attempt >= policy.attempts or not is_retryable_error(error):
                raise
        sleep(policy.delay(attempt))
        attempt += 1


async def async_retry_on_overload(
    call: Callable[[], Awaitable[T]], *, policy: RetryPolicy | None = None
) -> T:
    """Awaits what `call` gives, and again while the server is too busy.

    Args:
        call: A function without parameters that makes the call.
        policy: How often to try and how long to wait.

    Raises:
        ServerBusy: The server was still too busy at the last attempt. Other errors are raised at
            once.
    """
    import asyncio

    return await async_retry(call, policy or RetryPolicy(), asyncio.sleep)


async def async_retry(
    call: Callable[[], Awaitable[T]],
    policy: RetryPolicy,
    sleep: Callable[[float], Awaitable[object]],
) -> T:
    """The same, with a way to wait of one's own."""
    attempt = 1
    while True:
        try:
            return await call()
        except Exception as error:
            if attempt >= policy.attempts or not is_retryable_error(error):
                raise
        await sleep(policy.delay(attempt))
        attempt += 1
