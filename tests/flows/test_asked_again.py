"""What the embedded server refuses for a moment is asked again with the same body, once more often than it waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from flows import asked_again
from flows.asked_again import AskedAgain, Message, Receive, Send


def answer(refusals: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[bytes], list[Message]]:
    """Bodies an application saw that says 503 so often first, and what the client was told."""
    monkeypatch.setattr(asked_again, "WAITS", (0.0, 0.0))
    seen: list[bytes] = []
    told: list[Message] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        seen.append((await receive())["body"])
        scope["changed"] = len(seen)  # an application writes into its scope
        status = 503 if len(seen) <= refusals else 201
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": str(scope["changed"]).encode()})
        if status == 503:
            raise RuntimeError("as Starlette does, once it has answered")

    messages = [
        {"type": "http.request", "body": b"on", "more_body": True},
        {"type": "http.request", "body": b"ce", "more_body": False},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        told.append(message)

    with suppress(RuntimeError):  # of the last try, after its answer
        asyncio.run(AskedAgain(app)({"type": "http"}, receive, send))
    return seen, told


@pytest.mark.parametrize("refusals", [0, 1, 2, 3])
def test_a_request_is_asked_again_until_it_is_answered_or_patience_ends(
    refusals: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, told = answer(refusals, monkeypatch)
    assert seen == [b"once"] * (min(refusals, 2) + 1)
    assert [message.get("status", message.get("body")) for message in told] == [
        503 if refusals == 3 else 201,
        str(len(seen)).encode(),
    ]
