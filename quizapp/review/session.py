"""The loop of learning, whatever shows it: next card, answer, verdict, rating."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from statistics import median
from typing import Protocol

from quizapp.config import Settings
from quizapp.decks.card import Card, Deck
from quizapp.errors import UsageError
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.cram import Cram, Handful
from quizapp.review.days import Days
from quizapp.review.fingerprint import fingerprint
from quizapp.review.memory import Memory, Rating, Review
from quizapp.review.mirror import mirror
from quizapp.review.queue import Queue
from quizapp.review.rating import Proposal, propose
from quizapp.review.retention import desired_retention
from quizapp.review.scheduler import Scheduler
from quizapp.review.showing import Showing, family
from quizapp.review.store import Attempt, DeckCounts, Kind, Store

FEWEST_TIMES = 5
"""So many earlier times make a usual one."""


class Grades(Protocol):
    """What a session asks of the grader; tests hand in one that knows the verdict."""

    def grade(self, card: Card, answer: str) -> Verdict: ...


class Shelf(Protocol):
    """What a session asks of the library."""

    @property
    def decks(self) -> Sequence[Deck]: ...
    def card(self, name: str) -> Card: ...
    def cards(self) -> Iterator[Card]: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done since the session began."""

    reviews: int = 0
    passed: int = 0
    """Reviews that ended with a right answer."""

    again: int = 0
    new: int = 0
    minutes: float = 0.0
    next_due: datetime | None = None
    """UTC; None where no card waits for any day."""


class Session:
    """One sitting. Blocking and screenless; `StoreError` leaves it as it was, so that the call can be repeated."""

    def __init__(
        self,
        library: Shelf,
        grader: Grades,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        decks: Sequence[str] | None = None,
        cards: Sequence[str] | None = None,
        *,
        cram: Cram | None = None,
        cuda: bool | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self.library, self.grader, self.store, self.settings, self.clock = library, grader, store, settings, clock
        self.days = Days(zone, settings.day_offset)
        self.scheduler = Scheduler.of(settings, self.days)
        self.cramming = cram is not None
        self.cuda = cuda
        """Whether this machine has CUDA; None while nobody knows."""

        self._showing: Showing | None = None
        self._summary = Summary()
        mirror(library, store)
        if cuda:
            store.cards.nobody_waits()
        if cram is not None:
            cards = cram.cards(library.cards(), store, self.days, clock())
        self._queue = Queue(store, settings, self.days, decks, self._knows) if cards is None else Handful(cards)

    # What is there

    def counts(self) -> dict[str, DeckCounts]:
        """By deck; of every deck in the library."""
        mirror(self.library, self.store)
        counts = self.store.agenda.counts(self.days.day(self.clock()))
        return {deck.slug: counts.get(deck.slug, DeckCounts()) for deck in self.library.decks}

    def summary(self) -> Summary:
        return replace(self._summary, next_due=self.store.agenda.next_due())

    # One card

    def next(self) -> Card | None:
        """The card to show; None where nothing is left today."""
        now = self.clock()
        self._showing = None
        while (name := self._queue.next(now)) is not None:
            card = self.library.card(name)
            memory = self.store.cards.memory(name)
            if self._passes_over(card, memory, now):
                continue
            draft = self.store.work.draft(name)
            self._showing = Showing(card, memory, now, card.starter if draft is None else draft)
            return card
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
        return memory is not None and memory.fingerprint not in ("", fingerprint(self._shown.card))

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
        return self._shown.hints

    def hint(self) -> str | None:
        return self._shown.hint()

    def submit(self, answer: str) -> Verdict:
        """Grade an answer; the first verdict, the tries and the time are remembered."""
        showing, at = self._shown, self.clock()
        verdict = self.grader.grade(showing.card, answer)
        name = showing.card.name
        if verdict.outcome is Outcome.DEFERRED:
            self.store.cards.wait(name)
        elif verdict.outcome is not Outcome.INTERNAL:
            attempt = Attempt(
                at, answer, str(verdict.outcome), verdict.score, family(verdict), said(verdict), showing.elapsed(at)
            )
            self.store.work.add_attempt(name, attempt)
        showing.judged(verdict, at)
        return verdict

    def give_up(self) -> None:
        """The reference may be shown now."""
        self._shown.give_up(self.clock())

    @property
    def gave_up(self) -> bool:
        return self._shown.gave_up

    @property
    def rateable(self) -> bool:
        """An answer was judged, or the learner gave up."""
        return self._showing is not None and self._showing.rateable

    def proposal(self) -> Proposal:
        """The rating that the evidence speaks for."""
        times = self.store.cards.usual_seconds(self._shown.card)
        usual = median(times) if len(times) >= FEWEST_TIMES else None
        return propose(self._shown.evidence(usual), self.settings.two_buttons)

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
        proposal = self.proposal()
        with self.store.database.transaction():
            # Read again: another ptquiz may have reviewed this card meanwhile.
            before = self.store.cards.memory(showing.card.name)
            review = showing.review(rating, proposal, before, now, self.days.of(now))
            if before:
                review = replace(review, predicted=self.scheduler.retrievability(before, now))
            after = before if self.cramming else self._after(showing.card, before, rating, now)
            self._append(review, after)
        self._count(review, showing.passed)
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
        self._act(Kind.BURY, self.days.of(now) + 1)

    def suspend(self) -> None:
        """Not until it is taken back."""
        self._act(Kind.SUSPEND, 1)

    def flag(self) -> bool:
        """Mark the card, or take the mark off; gives whether it is marked now."""
        name, now = self._shown.card.name, self.clock()
        flagged = not self.store.cards.standing(name).flagged
        self.store.log.act(Kind.FLAG, name, int(flagged), now, self.days.of(now))
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

    @property
    def _shown(self) -> Showing:
        if self._showing is None:
            raise UsageError("no card is shown", "ask for the next one first")
        return self._showing

    def _knows(self, name: str) -> bool:
        try:
            self.library.card(name)
        except UsageError:
            return False
        return True

    def _passes_over(self, card: Card, memory: Memory | None, now: datetime) -> bool:
        """Another process has done it meanwhile, or it needs a GPU that is not here."""
        if isinstance(self._queue, Handful):
            return False
        if self.cuda is False and card.checks and all(check.device == "cuda" for check in card.checks):
            self.store.cards.wait(card.name)
            return True
        return memory is not None and memory.due >= self.days.end(now)

    def _after(self, card: Card, before: Memory | None, rating: Rating, now: datetime) -> Memory:
        retention = desired_retention(card, self.settings)
        after = self.scheduler.review(card.name, before, rating, now, retention)
        return replace(after, fingerprint=fingerprint(card))

    def _append(self, review: Review, after: Memory | None) -> None:
        if self.cramming or after is None:
            self.store.log.append_cram(review)
        else:
            self.store.log.append(review, after)

    def _act(self, kind: Kind, value: int) -> None:
        name, now = self._shown.card.name, self.clock()
        self.store.log.act(kind, name, value, now, self.days.of(now))
        self._queue.skip(name)
        self._showing = None

    def _count(self, review: Review, passed: bool) -> None:
        done = self._summary
        self._summary = replace(
            done,
            reviews=done.reviews + 1,
            passed=done.passed + passed,
            again=done.again + (review.rating is Rating.AGAIN),
            new=done.new + (review.elapsed is None),
            minutes=done.minutes + review.seconds / 60,
        )


def said(verdict: Verdict) -> str | None:
    """A verdict in one line, for the list of past attempts."""
    if verdict.diagnosis:
        return verdict.diagnosis
    if verdict.error:
        return f"{verdict.error.type}: {verdict.error.message}".splitlines()[0]
    return next((c.finding.summary for c in verdict.checks if c.finding and not c.finding.agrees), None)
