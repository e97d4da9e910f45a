"""The line mode: the same cards, grading, hints and ratings as on the screen, one line after another."""

from __future__ import annotations

from collections.abc import Callable

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError
from quizapp.grading.cards.choice_card import shown_order
from quizapp.grading.cards.order_card import shuffled
from quizapp.grading.verdict import Verdict
from quizapp.review.scheduler import Rating
from quizapp.review.session import Session
from quizapp.sandbox.client import Sandbox
from quizapp.text.durations import local_time, short_duration
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import verdict_lines

HELP = """Type your answer and end it with a line that holds only a full stop. Alone on the first line:
  ?      this help        h   a hint           g   give up and see the reference
  =      the draft again  k   skip this card   b   bury until tomorrow
  s      suspend          u   undo             q   stop"""

RATINGS = {"1": Rating.AGAIN, "2": Rating.HARD, "3": Rating.GOOD, "4": Rating.EASY}


class LineMode:
    """One sitting, line by line. Reads from `read` (one line, empty at the end), writes by `say`."""

    def __init__(
        self,
        session: Session,
        sandbox: Sandbox,
        read: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self.session = session
        self.sandbox = sandbox
        self._told_cuda = False
        self.read = read
        # Decks are written by strangers too.
        self.say: Callable[[str], None] = lambda text: say(visible(text))
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
        """Ask cards until none is left or the learner stops."""
        self.sandbox.start()
        self.say(HELP)
        while card := self._next():
            self._show(card)
            if not self._ask(card):
                break
        self._close()

    def _next(self) -> Card | None:
        if self.sandbox.machine is not None and not self._told_cuda:
            self.session.found_cuda(self.sandbox.machine.cuda is not None)
            self._told_cuda = True
        return self.session.next()

    def _show(self, card: Card) -> None:
        self.say(f"\n{card.name}: {card.title}\n\n{card.question.rstrip()}")
        if card.given:
            self.say(f"\ngiven:\n{_indented(card.given)}")
        if card.kind is CardKind.PREDICT:
            self.say(f"\nwhat is `{card.checks[0].see}`? (a value, a shape, a dtype, text, or an exception's name)")
        for number, text in enumerate(offered(card), 1):
            self.say(f"  {number}. {text}")
        if card.kind is CardKind.CODE and self.session.draft.strip():
            self.say(f"\nyour draft:\n{_indented(self.session.draft)}")

    def _ask(self, card: Card) -> bool:
        """Until the card is left; False when the learner stops."""
        while self.session.card is card:
            text = self._answer()
            if text is None or text == "q":
                return False
            if text == "g":
                self.session.give_up()
                self._reveal(card)
                return self._rate()
            if action := self.actions.get(text):
                action(card)
                continue
            if self._submit(card, text) and not self._rate():
                return False
        return True

    def _answer(self) -> str | None:
        """What was typed; a word alone is a command, None the end of the input."""
        typed: list[str] = []
        while line := self.read():
            line = line.rstrip("\r\n")
            if line == "." or (not typed and line.strip() in {*self.actions, "g", "q"}):
                return "\n".join(typed) if line == "." else line.strip()
            typed.append(line)
        card = self.session.card
        if typed and card is not None and card.kind in (CardKind.CODE, CardKind.PREDICT):
            # Who hangs up in the middle of an answer has not given it.
            self.session.save_draft("\n".join(typed))
            self.say("the answer was not ended; it is kept as the draft")
        return None

    def _submit(self, card: Card, text: str) -> bool:
        """Grade an answer; True when there is something to rate."""
        try:
            answer = self._as_answer(card, text)
            self.session.save_draft(answer)
            if not self.sandbox.ready:
                self.say("the sandbox is warming up …")
            verdict = self.session.submit(answer)
        except PtquizError as error:
            self.say(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))
            return False
        self._say_verdict(verdict)
        if not verdict.passed:
            return False
        self._reveal(card)
        return True

    def _as_answer(self, card: Card, text: str) -> str:
        """Numbers of shown lines, as the text that the grader reads."""
        shown = offered(card)
        if not shown:
            return text
        chosen = text.replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= len(shown) for word in chosen):
            raise PtquizError(f"`{text}` is not a list of the numbers shown", f"write numbers from 1 to {len(shown)}")
        return "\n".join(shown[int(word) - 1] for word in chosen)

    def _say_verdict(self, verdict: Verdict) -> None:
        self.say("\n" + "\n".join(verdict_lines(verdict)))

    def _reveal(self, card: Card) -> None:
        if card.kind is CardKind.PREDICT and (truth := self.session.grader.truth(card)):
            self.say(f"\n`{card.checks[0].see}` gives:\n{_indented(truth.text)}")
        if card.solution:
            self.say(f"\nthe reference:\n{_indented(card.solution)}")
        for choice in card.choices:
            self.say(f"  {'✓' if choice.right else '✗'} {choice.text}" + (f"  {choice.says}" if choice.says else ""))
        if card.note:
            self.say(f"\n{card.note.rstrip()}")

    def _rate(self) -> bool:
        """Ask for a rating; the proposed one by an empty line. False at the end of the input."""
        proposal, intervals = self.session.proposal(), self.session.intervals()
        buttons = "  ".join(f"{r.value} {r.label} ({short_duration(intervals[r])})" for r in Rating if r in intervals)
        self.say(f"\nhow well did you know it?  {buttons}\nempty: {proposal.rating.label} ({proposal.why})")
        while line := self.read():
            word = line.strip()
            rating = proposal.rating if not word else RATINGS.get(word)
            if rating in intervals:
                memory = self.session.rate(rating)
                self.say(f"{rating.label}." + (f" Next time: {local_time(memory.due)}" if memory else ""))
                return True
            if word == "q":
                return False
            self.say("type the number of a rating, or nothing for the proposed one")
        return False

    def _help(self, card: Card) -> bool:
        self.say(HELP)
        return True

    def _hint(self, card: Card) -> bool:
        self.say(self.session.hint() or "no more hints")
        return True

    def _draft(self, card: Card) -> bool:
        self.say(_indented(self.session.draft))
        return True

    def _undo(self, card: Card) -> bool:
        self.say(self.session.undo() or "nothing to undo")
        return True

    def _leave(self, action: Callable[[], object], said: str) -> bool:
        action()
        self.say(said)
        return True

    def _close(self) -> None:
        done = self.session.summary()
        self.say(f"\n{done.reviews} reviewed, {done.passed} passed, {done.minutes:.0f} min")
        if done.next_due:
            self.say(f"next card: {local_time(done.next_due)}")


def offered(card: Card) -> tuple[str, ...]:
    """The numbered lines of a choice or an order card, in the order in which they are shown."""
    if card.kind is CardKind.CHOICE:
        return tuple(card.choices[index].text.strip() for index in shown_order(card, "0"))
    return shuffled(card, "0") if card.kind is CardKind.ORDER else ()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
