"""The loop of learning, whatever shows it: next card, answer, verdict, rating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from quizapp.decks.card import Card, CardKind
from quizapp.decks.deck_provider import DeckProvider
from quizapp.errors import StoreError, UsageError
from quizapp.grading.findings import Side
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.card_attempt import CardAttempt, family
from quizapp.review.days import Days
from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Memory, Rating
from quizapp.review.practice import FixedQueue, PracticeFilter
from quizapp.review.queue import Queue
from quizapp.review.rating import Proposal, propose
from quizapp.review.retention import desired_retention
from quizapp.review.scheduler import Scheduler
from quizapp.review.session_summary import Summary
from quizapp.review.store import Attempt, DeckCounts, Store
from quizapp.review.store import EntryKind as Act
from quizapp.settings import Settings
from quizapp.text.printable import visible

__all__ = ["Session", "Summary"]

FEWEST_TIMES = 5
"""So many earlier times make a usual one."""


class AnswerGrader(Protocol):
    """What a session asks of the grader; tests hand in one that knows the verdict."""

    def grade(self, card: Card, answer: str) -> Verdict: ...
    def truth(self, card: Card) -> Side | None: ...


class Session:
    """One sitting. Blocking and screenless; `StoreError` leaves it as it was, so that the call can be repeated."""

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
        self.library, self.grader, self.store, self.settings, self.clock = library, grader, store, settings, clock
        self.days = Days(zone, settings.day_offset)
        self.scheduler = Scheduler.of(settings, self.days)
        self.is_practice = practice is not None
        self._cuda: bool | None = None
        self._today = self.days.day(clock())
        self._usual: dict[tuple[CardKind, int], float | None] = {}
        self._showing: CardAttempt | None = None
        self._summary = Summary()
        sync_decks(library, store)
        if practice is not None:
            cards = practice.cards(library.cards(), store, self.days, clock())
        self._queue = (
            Queue(store, settings, self.days, decks, self._knows)
            if cards is None
            else FixedQueue(cards, steps=not self.is_practice)
        )
        if cuda is not None:
            self.found_cuda(cuda)

    # What is there

    def counts(self) -> dict[str, DeckCounts]:
        """By deck; of every deck in the library."""
        sync_decks(self.library, self.store)
        counts = self.store.counts.by_deck(self.days.day(self.clock()))
        return {deck.slug: counts.get(deck.slug, DeckCounts()) for deck in self.library.decks}

    def summary(self) -> Summary:
        return replace(self._summary, next_due=self.store.agenda.next_due())

    def found_cuda(self, there: bool) -> None:
        """Say whether this machine has CUDA, once that is known: cards that need it wait, or wait no longer."""
        self._cuda = there
        if there and self.store.cards.nobody_waits():
            self._queue.refresh()

    # One card

    def next(self) -> Card | None:
        """The card to show; None where nothing is left today."""
        now = self.clock()
        if not self._today.holds(now):
            self._today = self.days.day(now)
        self._showing = None
        while (name := self._queue.next(now)) is not None:
            try:
                if showing := self._show(self.library.card(name), now):
                    self._showing = showing
                    return showing.card
            except StoreError:
                self._queue.put_back(name)
                raise
        return None

    @property
    def card(self) -> Card | None:
        return self._showing.card if self._showing else None

    @property
    def memory(self) -> Memory | None:
        """Of the card shown; None for a new one."""
        return self._showing.memory if self._showing else None

    @property
    def changed(self) -> bool:
        """The card's solution or checks changed since it was last reviewed."""
        memory = self.memory
        return memory is not None and memory.fingerprint not in ("", self._shown.fingerprint)

    @property
    def leech(self) -> bool:
        """Forgotten so often that repeating alone will not do."""
        return self.memory is not None and self.memory.lapses >= self.settings.leech_lapses

    @property
    def draft(self) -> str:
        """What the editor opens with."""
        return self._shown.draft

    def save_draft(self, text: str) -> None:
        """On the disk when it returns."""
        showing = self._shown
        if text != showing.draft:
            self.store.work.save_draft(showing.card.name, text, self.clock())
            showing.draft = text

    @property
    def hints_taken(self) -> int:
        """Of the ladder, since the card is shown."""
        return self._shown.rung

    def hint(self) -> str | None:
        """The next rung of the ladder; None at its top."""
        hint = self._shown.hint()
        if hint is not None:
            self._save_help()
        return hint

    def submit(self, answer: str) -> Verdict:
        """Grade an answer; the first verdict, the tries and the time are remembered."""
        showing, at = self._shown, self.clock()
        verdict = self.grader.grade(showing.card, answer)
        name = showing.card.name
        if verdict.outcome is Outcome.DEFERRED:
            self.store.cards.wait(name)
            self._queue.recheck()
        elif verdict.outcome is not Outcome.INTERNAL:
            self.store.work.add_attempt(name, self._attempt(at, answer, verdict))
        showing.judged(verdict, at)
        return verdict

    def give_up(self) -> None:
        """The reference may be shown now."""
        self._shown.give_up(self.clock())
        self._save_help()

    @property
    def gave_up(self) -> bool:
        return self._shown.gave_up

    @property
    def rateable(self) -> bool:
        """An answer was judged, or the learner gave up."""
        return self._showing is not None and self._showing.rateable

    def proposal(self) -> Proposal:
        """The rating that the evidence speaks for."""
        return propose(self._shown.evidence(self._usual_seconds(self._shown.card)), self.settings.two_buttons)

    def intervals(self) -> dict[Rating, timedelta]:
        """When the card would come back, for each button there is."""
        showing = self._shown
        retention = desired_retention(showing.card, self.settings)
        found = self.scheduler.intervals(showing.card.name, showing.memory, self.clock(), retention)
        buttons = (Rating.AGAIN, Rating.GOOD) if self.settings.two_buttons else tuple(Rating)
        return {rating: found[rating] for rating in buttons}

    # What becomes of it

    def rate(self, rating: Rating) -> Memory | None:
        """On the disk when it returns. None where a cram session leaves a new card new."""
        showing, now = self._shown, self.clock()
        if not showing.rateable:
            raise UsageError(f"{showing.card.name} has no verdict to rate yet", "answer it, or give up first")
        proposal, day = self.proposal(), self.days.of(now)
        with self.store.database.transaction():
            # Another ptquiz may have reviewed this card meanwhile.
            number, before = self.store.cards.latest(showing.card.name, showing.memory)
            predicted = self.scheduler.retrievability(before, now, day) if before else None
            scheduled = self.scheduler.scheduled(before) if before else 0
            review = showing.review(rating, proposal, before, now, day, scheduled, predicted)
            after = before if self.is_practice else self._after(showing, before, rating, now, day)
            if self.is_practice or after is None:
                self.store.log.append_cram(review)
            else:
                self.store.log.append(review, after, number)
        self._summary = self._summary.after(review)
        self._queue.rated(review.card, rating, after, review.seconds)
        self._showing = None
        return after

    def skip(self) -> None:
        """Not again in this session; nothing is logged."""
        self._queue.skip(self._shown.card.name)
        self._showing = None

    def bury(self) -> None:
        """Not before tomorrow."""
        now = self.clock()
        self._act(Act.BURY, self.days.of(now) + 1)

    def suspend(self) -> None:
        """Not until it is taken back."""
        self._act(Act.SUSPEND, 1)

    def flag(self) -> bool:
        """Mark the card, or take the mark off; gives whether it is marked now."""
        name, now = self._shown.card.name, self.clock()
        flagged = not self.store.cards.standing(name).flagged
        self.store.log.act(Act.FLAG, name, int(flagged), now, self.days.of(now))
        return flagged

    def undo(self) -> str | None:
        """Take back the last review, bury, suspension or flag; the card comes next. None: nothing to undo."""
        entry = self.store.log.undo(self.clock())
        if entry is None:
            return None
        self._queue.refresh()
        if self._knows(entry.card):
            self._queue.put_back(entry.card)
        self._showing = None
        return str(entry)

    # Within

    def _show(self, card: Card, now: datetime) -> CardAttempt | None:
        found = self.store.work.shown(card.name, self._today.start)
        if self._passes_over(card, found.memory):
            return None
        showing = CardAttempt(card, found.memory, now, card.starter if found.draft is None else found.draft)
        if not self.is_practice:
            showing.resume(found)
        return showing

    def _save_help(self) -> None:
        showing = self._shown
        if not self.is_practice:
            # Help is no reason to keep anyone from studying: where it cannot be noted, it counts in this sitting alone.
            with suppress(StoreError):
                self.store.work.save_help(showing.card.name, showing.hints, showing.gave_up, self.clock())

    def _attempt(self, at: datetime, answer: str, verdict: Verdict) -> Attempt:
        seconds = self._shown.elapsed(at)
        outcome, score = str(verdict.outcome), verdict.score
        return Attempt(at, answer, outcome, score, family(verdict), said(verdict), seconds, self.is_practice)

    @property
    def _shown(self) -> CardAttempt:
        if self._showing is None:
            raise UsageError("no card is shown", "ask for the next one first")
        return self._showing

    def _knows(self, name: str) -> bool:
        try:
            self.library.card(name)
        except UsageError:
            return False
        return True

    def _passes_over(self, card: Card, memory: Memory | None) -> bool:
        """Another process has done it meanwhile, or it needs a GPU that is not here."""
        if isinstance(self._queue, FixedQueue):
            return False
        if self._cuda is False and card.checks and all(check.device == "cuda" for check in card.checks):
            self.store.cards.wait(card.name)
            self._queue.recheck()
            return True
        return memory is not None and memory.due >= self._today.end

    def _usual_seconds(self, card: Card) -> float | None:
        """The median of earlier times for such cards; asked for once in a session."""
        such = (card.kind, card.level)
        if such not in self._usual:
            times = self.store.cards.usual_seconds(card)
            # The middle one of an even number may be either: a rating does not hang on it.
            self._usual[such] = sorted(times)[len(times) // 2] if len(times) >= FEWEST_TIMES else None
        return self._usual[such]

    def _after(self, showing: CardAttempt, before: Memory | None, rating: Rating, now: datetime, day: int) -> Memory:
        card = showing.card
        retention = desired_retention(card, self.settings)
        return self.scheduler.review(card.name, before, rating, now, retention, day, showing.fingerprint)

    def _act(self, kind: Act, value: int) -> None:
        name, now = self._shown.card.name, self.clock()
        self.store.log.act(kind, name, value, now, self.days.of(now))
        self._queue.skip(name)
        self._queue.recheck()
        self._showing = None


def said(verdict: Verdict) -> str | None:
    """A verdict in one line that can be stored and shown, for the list of past attempts."""
    text = verdict.diagnosis or next(
        (c.finding.summary for c in verdict.checks if c.finding and not c.finding.agrees), None
    )
    if verdict.error and not verdict.diagnosis:
        text = f"{verdict.error.type}: {verdict.error.message}"
    return visible(text).splitlines()[0] if text else None
