"""The embedded Prefect server's application, asked again at once where it answers 503.

On SQLite it answers so, and does nothing, where two of its own writers meet; Prefect's client would come back after two
seconds or more. What still is refused after the last try goes to the client, which has more patience.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
WAITS = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds
UNAVAILABLE = 503


class AskedAgain:
    """An ASGI application that passes everything on, and a request again that was answered with 503."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = await _whole(receive)
        for wait in WAITS:
            if await self._answered(scope, asked, receive, send):
                return
            await asyncio.sleep(wait)
        await self._app(dict(scope), _first(asked, receive), send)

    async def _answered(self, scope: Message, asked: Message, receive: Receive, send: Send) -> bool:
        """Whether the answer was anything but 503; such a one is not passed on."""
        refused = False

        async def told(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status") == UNAVAILABLE
            if not refused:
                await send(message)

        try:
            await self._app(dict(scope), _first(asked, receive), told)
        except Exception:  # Starlette raises what it has answered with, for the server's log
            if not refused:
                raise
        return not refused


async def _whole(receive: Receive) -> Message:
    """The request's body in one message, or that whoever asked is gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return {"type": "http.request", "body": b"".join(parts), "more_body": False}


def _first(asked: Message, receive: Receive) -> Receive:
    """Gives the request, then whatever comes."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return asked

    return once
