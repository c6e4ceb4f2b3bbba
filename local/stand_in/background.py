"""What happens by itself, every few seconds, for as long as ministack serves: shared by the features that need it."""

import asyncio
import contextlib
import logging

from ministack import app

from stand_in.seams import wrap

logger = logging.getLogger("stand_in")
chores = []


def every(seconds, chore):
    """From the start of the server on, awaits `chore()` at this interval. One that fails is logged and tried again."""
    chores.append((seconds, chore))


@wrap(app, "_handle_lifespan", "scope", "receive", "send")
def _(original):
    async def lifespan(scope, receive, send):
        tasks = [asyncio.create_task(repeat(seconds, chore)) for seconds, chore in chores]
        try:
            await original(scope, receive, send)
        finally:
            for task in tasks:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)

    return lifespan


async def repeat(seconds, chore):
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except Exception:
            logger.exception("%s failed", chore.__qualname__)
