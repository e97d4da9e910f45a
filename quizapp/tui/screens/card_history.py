"""A card's reviews and answers as a timeline. Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.content import Content

from quizapp.review.memory import Review
from quizapp.review.store import Attempt
from quizapp.text.counting import plural
from quizapp.text.durations import short_duration
from quizapp.text.labels import outcome_label
from quizapp.text.mistake_labels import mistake_label
from quizapp.text.printable import visible
from quizapp.tui.styles import MUTED

MAX_ANSWERS = 10
"""Maximum number of submitted answers shown."""

MAX_ANSWER_LINES = 12


def render_history(reviews: Sequence[Review], attempts: Sequence[Attempt]) -> Content:
    """Return the reviews, oldest first, with the interval between them, then the last answers."""
    if not reviews:
        return Content.styled("never reviewed\n", MUTED)
    parts: list[Content] = [Content.styled("History\n", "bold $text-accent")]
    for review, following in pairwise([*reviews, None]):
        assert review is not None
        parts.append(_render_review(review))
        if following is not None:
            parts.append(Content.styled(f"│ {short_duration(following.at - review.at)}\n", MUTED))
    if attempts:
        parts += [Content("\n"), render_answers(attempts[:MAX_ANSWERS])]
    return Content("").join(parts)


def render_answers(attempts: Sequence[Attempt]) -> Content:
    """Return each answer with its outcome."""
    return Content("").join([Content.styled("Answers\n", "bold $text-accent"), *map(_render_answer, attempts)])


def _render_review(review: Review) -> Content:
    facts = [f"{review.at.astimezone():%Y-%m-%d %H:%M}", review.rating.label, f"{review.seconds:.0f} s"]
    facts.append("gave up" if review.gave_up else plural(review.tries, "answer"))
    if review.hints:
        facts.append(plural(review.hints, "hint"))
    if review.mistake:
        facts.append(mistake_label(review.mistake))
    text = " · ".join(facts)
    return Content.styled(f"○ {text} (undone)\n", f"{MUTED} strike") if review.undone else Content(f"● {text}\n")


def _render_answer(attempt: Attempt) -> Content:
    label = outcome_label(attempt.outcome)
    head = f"{label.symbol} {attempt.at.astimezone():%Y-%m-%d %H:%M}  {visible(attempt.summary or '')}\n"
    lines = "".join(f"    {line}\n" for line in visible(attempt.answer.rstrip()).splitlines()[:MAX_ANSWER_LINES])
    return Content.styled(head, f"$text-{label.colour}") + Content.styled(lines, MUTED)
