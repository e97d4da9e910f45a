"""Line mode: the same cards, grading, hints and ratings as on the screen, one line after another."""

from __future__ import annotations

from collections.abc import Callable

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError, StoreError
from quizapp.grading.cards.choice_card import read_numbers, shown_order
from quizapp.grading.cards.order_card import shuffle_lines
from quizapp.grading.verdict import Verdict
from quizapp.review.memory import Rating
from quizapp.review.session import Session
from quizapp.sandbox.client import Sandbox
from quizapp.text.durations import local_time, short_duration
from quizapp.text.pasted_code import clean_code
from quizapp.text.printable import visible
from quizapp.text.rule_lines import rule_list
from quizapp.text.verdict_lines import verdict_lines

HELP = """Type your answer and end it with a line that contains only a full stop. As the only text on the first line:
  ?      this help        h   a hint           g   give up and see the reference
  =      show the draft   k   skip this card   b   bury until tomorrow
  s      suspend          u   undo             q   stop
Put an answer that is one of these in quotes."""

ENDS = (".", "。", "．")
"""Lines that end an answer: a full stop, also one of an East Asian keyboard."""

RATINGS = {"1": Rating.AGAIN, "2": Rating.HARD, "3": Rating.GOOD, "4": Rating.EASY}

HOW_TO_ANSWER = {
    CardKind.CHOICE: "type the numbers of all right choices, such as `2` or `1 3`",
    CardKind.ORDER: "type the numbers of the lines in their right order, such as `2 1 3`",
}
"""Kind of card -> what to type, shown below the numbered lines."""


class LineMode:
    """A session line by line: `read` returns one line, empty at the end of the input; `write` prints."""

    def __init__(
        self,
        session: Session,
        sandbox: Sandbox,
        read: Callable[[], str],
        write: Callable[[str], None],
    ) -> None:
        self.session = session
        self.sandbox = sandbox
        self._is_cuda_known = False
        self._unsaved = ""
        """An answer to the current card that was submitted while the store could not be written."""

        self.read = read
        # Decks are untrusted input, so all of their text is escaped.
        self.write: Callable[[str], None] = lambda text: write(visible(text))
        self.actions: dict[str, Callable[[Card], bool]] = {
            "?": self._help,
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
        self.write(HELP)
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

    def _show(self, card: Card) -> None:
        self.write(f"\n{card.name}: {card.title}\n\n{card.question.rstrip()}")
        if rules := rule_list(card):
            self.write(f"\n{rules}")
        if card.given:
            self.write(f"\ngiven:\n{_indented(card.given)}")
        if card.kind is CardKind.PREDICT:
            self.write(f"\nwhat is `{card.checks[0].see}`? (a value, a shape, a dtype, text, or an exception's name)")
        for number, text in enumerate(offered(card), 1):
            self.write(f"  {number}. " + text.replace("\n", "\n     "))
        if how := HOW_TO_ANSWER.get(card.kind):
            self.write(how)
        if card.kind is CardKind.CODE and self.session.draft.strip():
            self.write(f"\nyour draft:\n{_indented(self.session.draft)}")

    def _ask(self, card: Card) -> bool:
        """Ask until the session leaves the card; return False when the learner stops.

        Raises StoreError if the input ends after an answer that could not be saved.
        """
        while self.session.card is card:
            text = self._answer()
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
        try:
            action(card)
        except StoreError as error:
            self._show_error(error)

    def _save_unsaved(self, card: Card, is_end: bool) -> None:
        """Try once more to save the answer as the draft. Raises StoreError if the input has ended."""
        if not self._unsaved:
            return
        try:
            self.session.save_draft(self._as_answer(card, self._unsaved))
        except StoreError as error:
            if is_end:
                raise
            self._show_error(error)

    def _answer(self) -> str | None:
        """Return the typed answer or command; None at the end of the input."""
        typed: list[str] = []
        while line := self.read():
            line = line.rstrip("\r\n")
            if line.strip() in ENDS:
                return "\n".join(typed)
            if not typed and line.strip() in {*self.actions, "g", "q"}:
                return line.strip()
            typed.append(line)
        card = self.session.card
        if typed and card is not None and card.kind in (CardKind.CODE, CardKind.PREDICT):
            # EOF in the middle of an answer does not submit it.
            self.session.save_draft("\n".join(typed))
            self.write("the answer was not finished; it is saved as the draft")
        return None

    def _submit(self, card: Card, text: str) -> bool:
        """Grade an answer; return True when it can be rated."""
        try:
            answer = self._as_answer(card, text)
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

    def _as_answer(self, card: Card, text: str) -> str:
        """Return what the grader reads: clean code, or what typed numbers choose. Raise PtquizError for other input."""
        if not text.strip():
            raise PtquizError("there is nothing to submit yet", "type the answer before the line with a full stop")
        shown = offered(card)
        if not shown:
            return clean_code(text) if card.kind is CardKind.CODE else text
        chosen = read_numbers(text, len(shown))
        if chosen is None:
            raise PtquizError(f"`{text}` is not a list of the shown numbers", f"write numbers from 1 to {len(shown)}")
        if card.kind is CardKind.CHOICE:
            order = shown_order(card, "0")
            return "\n".join(f"#{order[number - 1] + 1}" for number in chosen)
        return "\n".join(shown[number - 1] for number in chosen)

    def _show_error(self, error: PtquizError) -> None:
        self.write(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))

    def _show_verdict(self, verdict: Verdict) -> None:
        self.write("\n" + "\n".join(verdict_lines(verdict)))

    def _reveal(self, card: Card) -> None:
        if card.kind is CardKind.PREDICT and (truth := self.session.grader.reveal(card)):
            self.write(f"\n`{card.checks[0].see}` is:\n{_indented(truth.text)}")
        if card.solution:
            self.write(f"\nthe reference:\n{_indented(card.solution)}")
        for choice in card.choices:
            self.write(f"  {'✓' if choice.right else '✗'} {choice.text}" + (f"  {choice.says}" if choice.says else ""))
        if card.note:
            self.write(f"\n{card.note.rstrip()}")

    def _rate(self) -> bool:
        """Ask for a rating; an empty line accepts the proposed one. Return False if the learner stops.

        Raises StoreError if the input ends after a rating that could not be saved.
        """
        failure: StoreError | None = None
        proposal, intervals = self.session.proposal(), self.session.intervals()
        buttons = "  ".join(f"{r.value} {r.label} ({short_duration(intervals[r])})" for r in Rating if r in intervals)
        self.write(f"\nhow well did you know it?  {buttons}\nempty: {proposal.rating.label} ({proposal.why})")
        while line := self.read():
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

    def _help(self, card: Card) -> bool:
        self.write(HELP)
        return True

    def _hint(self, card: Card) -> bool:
        self.write(self.session.take_hint() or "no more hints")
        return True

    def _draft(self, card: Card) -> bool:
        self.write(_indented(self._unsaved or self.session.draft))
        return True

    def _undo(self, card: Card) -> bool:
        self.write(self.session.undo() or "nothing to undo")
        return True

    def _leave(self, action: Callable[[], object], message: str) -> bool:
        action()
        self.write(message)
        return True

    def _close(self) -> None:
        done = self.session.summary()
        self.write(f"\n{done.reviews} reviewed, {done.passed} passed, {done.minutes:.0f} min")
        if done.next_due:
            self.write(f"next card: {local_time(done.next_due)}")


def offered(card: Card) -> tuple[str, ...]:
    """Return the numbered lines of a choice or order card, in the order in which they are shown."""
    if card.kind is CardKind.CHOICE:
        return tuple(card.choices[index].text.strip() for index in shown_order(card, "0"))
    return shuffle_lines(card, "0") if card.kind is CardKind.ORDER else ()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
