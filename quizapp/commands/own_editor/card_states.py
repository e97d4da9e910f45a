"""The cards of a deck with their state, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from quizapp.decks.card import Card
from quizapp.review.memory import Memory, MemoryState
from quizapp.text.durations import local_time
from quizapp.text.printable import one_line

if TYPE_CHECKING:
    from quizapp.review.store import Store


def state_lines(cards: Iterable[Card], store: Store, now: datetime, current: Card) -> Iterator[str]:
    """Yield state, id and title of each card; `>` marks the current one."""
    cards = list(cards)
    memories, suspended = store.cards.memories(), set(store.cards.suspended())
    states = ["suspended" if card.name in suspended else _state(memories.get(card.name), now) for card in cards]
    state_width, id_width = max(map(len, states), default=0), max((len(card.id) for card in cards), default=0)
    for card, state in zip(cards, states, strict=True):
        mark = ">" if card.name == current.name else " "
        yield f"{mark} {state:<{state_width}}  {card.id:<{id_width}}  {one_line(card.title)}".rstrip()


def _state(memory: Memory | None, now: datetime) -> str:
    if memory is None:
        return "new"
    if memory.due <= now:
        return "due now"
    is_within_steps = memory.state is not MemoryState.REVIEW
    return f"{'learning' if is_within_steps else 'due'} {local_time(memory.due)}"
