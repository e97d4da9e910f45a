"""A study session: next card, answer, verdict, rating. Both front ends use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from quizapp.decks.card import Card, CardKind
from quizapp.decks.deck_provider import DeckProvider
from quizapp.errors import DeckError, StoreError, UsageError
from quizapp.grading.judge_protocol import Side
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.card_attempt import CardAttempt
from quizapp.review.days import Days
from quizapp.review.deck_sync import deck_counts, sync_decks
from quizapp.review.memory import Memory, Rating
from quizapp.review.practice import FixedQueue, PracticeFilter
from quizapp.review.queue import Queue
from quizapp.review.rating import Proposal, propose
from quizapp.review.remaining import Remaining
from quizapp.review.scheduler import Scheduler, desired_retention
from quizapp.review.session_summary import Summary
from quizapp.review.store import DeckCounts, EntryKind, Store
from quizapp.review.usual_times import UsualTimes
from quizapp.settings import Settings

__all__ = ["Session", "Summary"]


SCHEDULED = (EntryKind.REVIEW, EntryKind.RESET)
"""Kinds of entries that changed the schedule."""


class AnswerGrader(Protocol):
    """The part of the grader that a session uses; tests pass a fake one."""

    def grade(self, card: Card, answer: str) -> Verdict: ...
    def reveal(self, card: Card) -> Side | None: ...


class Session:
    """A study session over a queue of cards, independent of any front end. All methods block.

    A StoreError leaves the session unchanged, so that the call can be repeated. Methods about the card raise UsageError
    if none is shown.
    """

    def __init__(
        self,
        library: DeckProvider,
        grader: AnswerGrader,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        decks: Sequence[str] | None = None,
        cards: Sequence[str] | None = None,
        *,
        practice: PracticeFilter | None = None,
        cuda: bool | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        """Start a session on the due cards of `decks` (None: all), on these `cards`, or on those of `practice`.

        `clock` returns UTC; `cuda` None means not known yet; `zone` None means that of this machine.
        """
        self.library, self.grader, self.store, self.settings, self.clock = library, grader, store, settings, clock
        self.days = Days(zone, settings.day_offset)
        self.scheduler = Scheduler.from_settings(settings, self.days)
        self.is_practice = practice is not None
        self._has_cuda: bool | None = None
        self._today = self.days.day(clock())
        self._usual_times = UsualTimes(store)
        self._attempt: CardAttempt | None = None
        self._summary = Summary(is_practice=self.is_practice)
        sync_decks(library, store)
        if practice is not None:
            cards = practice.cards(library.cards(), store, self.days, clock())
        self._queue = (
            Queue(store, settings, self.days, decks, self._is_known, self._is_code)
            if cards is None
            else FixedQueue(cards, repeats_steps=not self.is_practice)
        )
        if cuda is not None:
            self.set_cuda(cuda)

    def counts(self) -> dict[str, DeckCounts]:
        """Return the counts of every deck in the library, by slug."""
        return deck_counts(self.library, self.store, self.days.day(self.clock()))

    def summary(self) -> Summary:
        return replace(self._summary, next_due=self.store.queue.next_due())

    def set_cuda(self, is_available: bool) -> None:
        """Set whether this machine has CUDA; cards that need it wait until it has."""
        self._has_cuda = is_available
        if is_available and self.store.cards.clear_waiting():
            self._queue.refresh()

    def next(self) -> Card | None:
        """Move on to the next card and return it; None if nothing is left today."""
        now = self.clock()
        if not self._today.contains(now):
            self._today = self.days.day(now)
        self._attempt = None
        while (name := self._queue.next(now)) is not None:
            try:
                if attempt := self._show(self.library.card(name), now):
                    self._attempt = attempt
                    return attempt.card
            except StoreError:
                self._queue.put_back(name)
                raise
        return None

    def remaining(self) -> Remaining:
        """Return the cards left today, the current one included."""
        if self._attempt is None:
            return self._queue.remaining(self.clock())
        return self._queue.remaining(self.clock(), self._attempt.card.name).with_card(self._attempt.memory)

    @property
    def totals(self) -> Summary:
        """The reviews since the session began."""
        return self._summary

    @property
    def card(self) -> Card | None:
        """The current card; None if no card is shown."""
        return self._attempt.card if self._attempt else None

    @property
    def has_changed(self) -> bool:
        """Whether the solution or checks of the current card changed since its last review."""
        return self._attempt is not None and self._attempt.has_changed

    @property
    def draft(self) -> str:
        """The text to open the editor with: the saved draft, or the card's starter."""
        return self._current.draft

    def save_draft(self, text: str) -> None:
        """Save the draft, unless it is unchanged. Durable on return."""
        attempt = self._current
        if text != attempt.draft:
            self.store.drafts.save_draft(attempt.card.name, text, self.clock())
            attempt.draft = text

    @property
    def hints_taken(self) -> int:
        """The number of hints taken since the card was shown."""
        return self._current.hints_shown

    def take_hint(self) -> str | None:
        """Return the next hint; None after the last one."""
        hint = self._current.take_hint()
        if hint is not None:
            self._save_help()
        return hint

    def submit(self, answer: str) -> Verdict:
        """Grade an answer and record it as evidence for the rating."""
        attempt, at = self._current, self.clock()
        verdict = self.grader.grade(attempt.card, answer)
        if verdict.outcome is Outcome.DEFERRED:
            self.store.cards.set_waiting(attempt.card.name)
            self._queue.recheck()
        elif verdict.outcome.rateable:
            record = attempt.to_attempt(answer, verdict, at, self.is_practice)
            self.store.drafts.add_attempt(attempt.card.name, record)
        attempt.add_verdict(verdict, at)
        return verdict

    def give_up(self) -> None:
        """End the attempt without a right answer, so that the reference may be shown."""
        self._current.give_up(self.clock())
        self._save_help()

    @property
    def is_rateable(self) -> bool:
        """Whether an answer was graded, or the learner gave up."""
        return self._attempt is not None and self._attempt.is_rateable

    @property
    def is_done(self) -> bool:
        """Whether only the rating of the current card is missing, as after an undo."""
        return self._attempt is not None and (self._attempt.passed or self._attempt.gave_up)

    def proposal(self) -> Proposal:
        """Return the rating that follows from the evidence."""
        attempt = self._current
        return propose(attempt.evidence(self._usual_times.seconds(attempt.card)), self.settings.two_buttons)

    def intervals(self) -> dict[Rating, timedelta]:
        """Return for each available rating the time until the card comes back."""
        attempt = self._current
        retention = desired_retention(attempt.card, self.settings)
        intervals = self.scheduler.intervals(attempt.card.name, attempt.memory, self.clock(), retention)
        buttons = (Rating.AGAIN, Rating.GOOD) if self.settings.two_buttons else tuple(Rating)
        return {rating: intervals[rating] for rating in buttons}

    def rate(self, rating: Rating) -> Memory | None:
        """Save the review and leave the card. Durable on return.

        Return the card's memory; None for a new card in practice. Raises UsageError before there is a verdict.
        """
        attempt, now = self._current, self.clock()
        if not attempt.is_rateable:
            raise UsageError(f"{attempt.card.name} has no verdict to rate yet", "answer it, or give up first")
        proposal, day = self.proposal(), self.days.of(now)
        with self.store.database.transaction():
            # Another process may have reviewed this card since it was shown.
            card_id, before = self.store.cards.id_and_memory(attempt.card.name, attempt.memory)
            predicted_recall = self.scheduler.retrievability(before, now, day) if before else None
            scheduled_days = self.scheduler.scheduled_days(before) if before else 0
            review = attempt.to_review(rating, proposal, before, now, day, scheduled_days, predicted_recall)
            after = before if self.is_practice else self._schedule(attempt, before, rating, now, day)
            if self.is_practice or after is None:
                self.store.log.append_practice(review)
            else:
                self.store.log.append(review, after, card_id)
        self._summary = self._summary.after(review)
        self._queue.add_rating(review.card, rating, after, review.seconds)
        self._attempt = None
        return after

    def skip(self) -> None:
        """Leave the card for the rest of this session; nothing is logged."""
        self._queue.skip(self._current.card.name)
        self._attempt = None

    def bury(self) -> None:
        """Hide the card until tomorrow."""
        self._put_aside(EntryKind.BURY, self.days.of(self.clock()) + 1)

    def suspend(self) -> None:
        """Hide the card until this is undone."""
        self._put_aside(EntryKind.SUSPEND, 1)

    def flag(self) -> bool:
        """Flag or unflag the card; return whether it is flagged now."""
        name, now = self._current.card.name, self.clock()
        is_flagged = not self.store.cards.flags(name).flagged
        self.store.log.append_action(EntryKind.FLAG, name, int(is_flagged), now, self.days.of(now))
        return is_flagged

    def undo(self) -> str | None:
        """Undo the last entry of the log and show its card next; return its description, None if there is none.

        Practice undoes no scheduled review.
        """
        entry = self.store.log.undo(self.clock(), self._protected)
        if entry is None:
            return None
        self._queue.refresh()
        if self._is_known(entry.card):
            self._queue.put_back(entry.card)
        self._attempt = None
        return str(entry)

    def last_entry(self) -> str | None:
        """Return the description of what `undo` would undo."""
        entry = self.store.log.last_entry(self._protected)
        return str(entry) if entry else None

    @property
    def _protected(self) -> tuple[EntryKind, ...]:
        return SCHEDULED if self.is_practice else ()

    def redo(self) -> str | None:
        """Repeat what was undone last, unless anything happened since; return its description."""
        entry = self.store.log.redo()
        if entry is None:
            return None
        self._queue.remove(entry.card)
        self._attempt = None
        return str(entry)

    def _show(self, card: Card, now: datetime) -> CardAttempt | None:
        progress = self.store.drafts.progress(card.name, self._today.start)
        if self._passes_over(card, progress.memory):
            return None
        attempt = CardAttempt(card, progress.memory, now, card.starter if progress.draft is None else progress.draft)
        if not self.is_practice:
            attempt.resume(progress)
        return attempt

    def _save_help(self) -> None:
        attempt = self._current
        if not self.is_practice:
            # A store that cannot be written must not block studying; the hints then count in this session only.
            with suppress(StoreError):
                self.store.drafts.save_help(attempt.card.name, attempt.hints, attempt.gave_up, self.clock())

    @property
    def _current(self) -> CardAttempt:
        if self._attempt is None:
            raise UsageError("no card is shown", "show the next card first")
        return self._attempt

    def _is_known(self, name: str) -> bool:
        try:
            self.library.card(name)
        except (DeckError, UsageError):
            return False
        return True

    def _is_code(self, name: str) -> bool:
        return self.library.card(name).kind is CardKind.CODE

    def _passes_over(self, card: Card, memory: Memory | None) -> bool:
        """Return whether the card needs a GPU that is missing, or was reviewed by another process meanwhile."""
        if isinstance(self._queue, FixedQueue):
            return False
        if self._has_cuda is False and card.checks and all(check.device == "cuda" for check in card.checks):
            self.store.cards.set_waiting(card.name)
            self._queue.recheck()
            return True
        return memory is not None and memory.due >= self._today.end

    def _schedule(self, attempt: CardAttempt, before: Memory | None, rating: Rating, now: datetime, day: int) -> Memory:
        retention = desired_retention(attempt.card, self.settings)
        return self.scheduler.review(attempt.card.name, before, rating, now, retention, day, attempt.fingerprint)

    def _put_aside(self, kind: EntryKind, value: int) -> None:
        name, now = self._current.card.name, self.clock()
        self.store.log.append_action(kind, name, value, now, self.days.of(now))
        self._queue.skip(name)
        self._queue.recheck()
        self._attempt = None
