"""A card's history as a timeline: each review, how it went, and how long until the next. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.content import Content

from quizapp.review.memory import Review
from quizapp.review.store import Attempt
from quizapp.text.counting import plural
from quizapp.text.durations import short_duration
from quizapp.text.labels import OUTCOME_LABELS
from quizapp.text.printable import visible
from quizapp.tui.status_texts import MUTED

LISTED = 10
"""Answers that are shown of those that were submitted."""


def history(reviews: Sequence[Review], attempts: Sequence[Attempt]) -> Content:
    """The reviews in order, then the last answers."""
    if not reviews:
        return Content.styled("never reviewed\n", MUTED)
    parts: list[Content] = [Content.styled("History\n", "bold $text-accent")]
    for review, after in pairwise([*reviews, None]):
        assert review is not None
        parts.append(_line(review))
        if after is not None:
            parts.append(Content.styled(f"│ {short_duration(after.at - review.at)}\n", MUTED))
    if attempts:
        parts += [Content("\n"), answers(attempts[:LISTED])]
    return Content("").join(parts)


def answers(attempts: Sequence[Attempt]) -> Content:
    """What was answered, and what became of it."""
    return Content("").join([Content.styled("Answers\n", "bold $text-accent"), *map(_answer, attempts)])


def _line(review: Review) -> Content:
    words = [f"{review.at.astimezone():%Y-%m-%d %H:%M}", review.rating.label, f"{review.seconds:.0f} s"]
    words.append("gave up" if review.gave_up else plural(review.tries, "answer"))
    if review.hints:
        words.append(plural(review.hints, "hint"))
    if review.family:
        words.append(visible(review.family))
    text = " · ".join(words)
    return Content.styled(f"○ {text} (undone)\n", f"{MUTED} strike") if review.undone else Content(f"● {text}\n")


def _answer(attempt: Attempt) -> Content:
    label = OUTCOME_LABELS[attempt.outcome]
    head = f"{label.symbol} {attempt.at.astimezone():%Y-%m-%d %H:%M}  {visible(attempt.said or '')}\n"
    lines = "".join(f"    {line}\n" for line in visible(attempt.answer.rstrip()).splitlines()[:12])
    return Content.styled(head, f"$text-{label.colour}") + Content.styled(lines, MUTED)
