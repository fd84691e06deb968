"""Whose an answer is, a citizen's or an officer's, before it is judged. W-02, W-11."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from idp.authentication.passkeys import PasskeyRefused, StrangerKnocked
from idp.authentication.passkeys.answer import Answer, named, whole


class Held(Protocol):
    @property
    def handle(self) -> str: ...


K = TypeVar("K", bound=Held)


async def recognise(
    text: str,
    find: Callable[[str], Awaitable[K | None]],
    spend: Callable[[str], Awaitable[None]],
) -> tuple[Answer, K]:
    """The answer, its challenge spent, and the passkey that it names; or ``PasskeyRefused``.

    Who names both a passkey and its user handle is no stranger: the handle is random, and none
    but the passkey has it. All others are ``StrangerKnocked``, and their challenge is spent too.
    """
    known = None
    try:
        said = named(text)
        held = await find(said.credential_id)
        known = held if held is not None and held.handle == said.user_handle else None
        answer = whole(said)
        await spend(answer.challenge)
    except PasskeyRefused as refused:
        if known is not None:
            raise
        raise StrangerKnocked(refused.why) from refused
    if known is None:
        raise StrangerKnocked("unknown" if held is None else "user handle")
    return answer, known
