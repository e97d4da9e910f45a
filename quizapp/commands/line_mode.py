"""Line mode: the same cards, grading, hints and ratings as on the screen, one line after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quizapp.commands.answer_reader import read_answer
from quizapp.commands.card_text import as_answer, indented, question_text, reference_text, translated, value_text
from quizapp.commands.line_input import LineInput, UnreadableLine
from quizapp.decks.card import Card, CardKind
from quizapp.error_log import ErrorLog
from quizapp.errors import PtquizError, StoreError
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.session import Session
from quizapp.sandbox.client import Sandbox
from quizapp.text.counting import plural
from quizapp.text.durations import local_time, short_duration
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import verdict_lines
from quizapp.text.wrapping import join_paragraphs

HELP = """Type your answer and end it with a line that contains only a full stop. As the only text on the first line:
  ?      this help        h   a hint           g   give up and see the reference
  =      show the draft   k   skip this card   b   bury until tomorrow
  s      suspend          u   undo             q   stop
Put an answer that is one of these in quotes."""

ONE_LINE = "One line is enough for a value, for numbers and for short code; press Enter first to type more."
"""Shown below HELP on a terminal."""

RATINGS = {"1": Rating.AGAIN, "2": Rating.HARD, "3": Rating.GOOD, "4": Rating.EASY}


class LineMode:
    """A session line by line: answers are read from `lines`, and `write` prints."""

    def __init__(
        self,
        session: Session,
        sandbox: Sandbox,
        lines: LineInput,
        write: Callable[[str], None],
        errors: ErrorLog,
    ) -> None:
        """`errors` gets the unexpected exceptions of grading, after which the session goes on."""
        self.session = session
        self.sandbox = sandbox
        self.lines = lines
        self.errors = errors
        self._is_cuda_known = False
        self._unsaved = ""
        """An answer to the current card that was submitted while the store could not be written."""

        # Decks are untrusted input, so all of their text is escaped.
        self.write: Callable[[str], None] = lambda text: write(visible(text))
        self.actions: dict[str, Callable[[Card], bool]] = {
            "?": lambda card: self._help(),
            "h": self._hint,
            "=": self._draft,
            "k": lambda card: self._leave(session.skip, "skipped"),
            "b": lambda card: self._leave(session.bury, "buried until tomorrow"),
            "s": lambda card: self._leave(session.suspend, "suspended"),
            "u": self._undo,
        }

    def study(self) -> None:
        """Ask cards until none is due or the learner stops."""
        self.sandbox.start()
        self._help()
        while card := self._next():
            self._unsaved = ""
            self._show(card)
            if not self._ask(card):
                break
        self._close()

    def _next(self) -> Card | None:
        if self.sandbox.machine is not None and not self._is_cuda_known:
            self.session.set_cuda(self.sandbox.machine.cuda is not None)
            self._is_cuda_known = True
        return self.session.next()

    def _show(self, untranslated: Card) -> None:
        card = self._translated(untranslated)
        self.write(f"\n{question_text(card)}")
        if card.kind is CardKind.CODE and self.session.draft.strip():
            self.write(f"\nyour draft:\n{indented(self.session.draft)}")

    def _ask(self, card: Card) -> bool:
        """Ask until the session leaves the card; return False when the learner stops.

        Raises StoreError if the input ends after an answer that could not be saved.
        """
        while self.session.card is card:
            try:
                text = self._answer(card)
            except UnreadableLine as error:
                self._show_error(error)
                self._show(card)
                continue
            if text is None or text == "q":
                self._save_unsaved(card, is_end=text is None)
                return False
            if text == "g":
                self.session.give_up()
                self._reveal(card)
                return self._rate()
            if action := self.actions.get(text):
                self._act(action, card)
                continue
            if self._submit(card, text or self._unsaved) and not self._rate():
                return False
        return True

    def _act(self, action: Callable[[Card], bool], card: Card) -> None:
        with self._reported("act on", card):
            try:
                action(card)
            except StoreError as error:
                self._show_error(error)

    def _save_unsaved(self, card: Card, is_end: bool) -> None:
        """Try once more to save the answer as the draft. Raises StoreError if the input has ended."""
        if not self._unsaved:
            return
        try:
            self.session.save_draft(as_answer(card, self._unsaved))
        except StoreError as error:
            if is_end:
                raise
            self._show_error(error)

    def _answer(self, card: Card) -> str | None:
        """Return the typed answer or command; None at the end of the input. Raises UnreadableLine."""
        typed = read_answer(self.lines, card, {*self.actions, "g", "q"})
        if typed.is_finished:
            return typed.text
        if typed.text and card.kind in (CardKind.CODE, CardKind.PREDICT):
            # EOF in the middle of an answer does not submit it.
            self.session.save_draft(typed.text)
            self.write("the answer was not finished; it is saved as the draft")
        return None

    def _submit(self, card: Card, text: str) -> bool:
        """Grade an answer; return True when it can be rated."""
        with self._reported("grade", card, text):
            return self._grade(card, text)
        return False

    def _grade(self, card: Card, text: str) -> bool:
        try:
            answer = as_answer(card, text)
            self.session.save_draft(answer)
            if not self.sandbox.ready:
                self.write("the sandbox is warming up …")
            verdict = self.session.submit(answer)
        except StoreError as error:
            self._unsaved = text
            self._show_error(error)
            self.write("your answer is kept: a line that contains only a full stop submits it again")
            return False
        except PtquizError as error:
            self._show_error(error)
            return False
        self._unsaved = ""
        self._show_verdict(verdict)
        if not verdict.passed:
            return False
        self._reveal(card)
        return True

    def _show_error(self, error: PtquizError) -> None:
        self.write(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))

    def _show_verdict(self, verdict: Verdict) -> None:
        self.write("\n" + "\n".join(verdict_lines(verdict)))

    @contextmanager
    def _reported(self, operation: str, card: Card, answer: str | None = None) -> Iterator[None]:
        """Log an unexpected exception of the block and show it like any failure of ptquiz."""

        def show(detail: str) -> None:
            self._show_verdict(Verdict(card.name, Outcome.INTERNAL, detail=detail))

        with self.errors.reported(f"{operation} {card.name}", show, answer):
            yield

    def _reveal_value(self, card: Card) -> None:
        """Show the value of a predict card, or why it is not known."""
        with self._reported("reveal", card):
            try:
                if text := value_text(card, self.session.grader.reveal(card)):
                    self.write(text)
            except PtquizError as error:
                self._show_error(error)

    def _reveal(self, untranslated: Card) -> None:
        card = self._translated(untranslated)
        if card.kind is CardKind.PREDICT:
            self._reveal_value(untranslated)
        if text := reference_text(card):
            self.write(text)

    def _rate(self) -> bool:
        """Ask for a rating; an empty line accepts the proposed one. Return False if the learner stops.

        Raises StoreError if the input ends after a rating that could not be saved.
        """
        failure: StoreError | None = None
        proposal, intervals = self.session.proposal(), self.session.intervals()
        buttons = "  ".join(f"{r.value} {r.label} ({short_duration(intervals[r])})" for r in Rating if r in intervals)
        self.write(f"\nhow well did you know it?  {buttons}\nempty: {proposal.rating.label} ({proposal.why})")
        while line := self.lines.read():
            word = line.strip()
            rating = proposal.rating if not word else RATINGS.get(word)
            if rating in intervals:
                try:
                    memory = self.session.rate(rating)
                except StoreError as error:
                    failure = error
                    self._show_error(error)
                    self.write("the rating is not saved: type it again")
                    continue
                self.write(f"{rating.label}." + (f" Next time: {local_time(memory.due)}" if memory else ""))
                return True
            if word == "q":
                return False
            self.write("type the number of a rating, or press Enter for the proposed one")
        if failure is not None:
            raise failure
        return False

    def _help(self) -> bool:
        self.write(f"{HELP}\n{ONE_LINE}" if self.lines.is_terminal else HELP)
        return True

    def _hint(self, card: Card) -> bool:
        hint, number = self.session.take_hint(), self.session.hints_taken
        self.write(join_paragraphs(self._translated(card).hints[number - 1]) if hint else "no more hints")
        return True

    def _draft(self, card: Card) -> bool:
        self.write(indented(self._unsaved or self.session.draft))
        return True

    def _undo(self, card: Card) -> bool:
        self.write(self.session.undo() or "nothing to undo")
        return True

    def _leave(self, action: Callable[[], object], message: str) -> bool:
        action()
        self.write(message)
        return True

    def _translated(self, card: Card) -> Card:
        """Return the card in the learner's language, or unchanged if it is not translated."""
        return translated(card, self.session.library.decks, self.session.settings.language)

    def _close(self) -> None:
        done = self.session.summary()
        numbers = f"{done.passed} passed, {done.minutes:.0f} min"
        if self.session.is_practice:
            practised = f"practised {plural(done.reviews, 'card')}: {numbers}; no due date has changed"
            self.write(f"\n{practised if done.reviews else 'no card was practised'}")
            return
        self.write(f"\n{done.reviews} reviewed, {numbers}")
        if done.next_due:
            self.write(f"next card: {local_time(done.next_due)}")
