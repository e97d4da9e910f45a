"""`ptquiz edit`: a study session in which each save of a file is submitted, and single keys do the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from quizapp.commands.card_text import as_answer, reference_text, translated, value_text
from quizapp.commands.own_editor.card_states import state_lines
from quizapp.commands.own_editor.file_watch import FileWatch
from quizapp.commands.own_editor.graphical_editor import open_beside
from quizapp.commands.own_editor.key_input import KeyInput
from quizapp.commands.own_editor.watch_loop import WatchLoop
from quizapp.commands.own_editor.watch_page import WatchPage
from quizapp.commands.own_editor.work_file import answer_to_write, keep_former_answer, read_work_file, write_work_file
from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError, StoreError
from quizapp.grading.grader import MAX_ANSWER
from quizapp.grading.judge_protocol import Side
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.session import Session
from quizapp.services import ServiceProvider
from quizapp.text.durations import local_time, short_duration
from quizapp.text.printable import one_line
from quizapp.text.verdict_lines import verdict_lines
from quizapp.text.wrapping import join_paragraphs

ANSWERING = "h hint · l list · r run again · g give up · s skip · q quit"
RATEABLE = "n accept and go on · 1-4 rate · l list · r run again · q quit"
WAITING = "n next card · l list · r run again · q quit"


class EditSession(WatchLoop):
    """Writes each card to a file, submits every save of it, and rates the card on a key."""

    def __init__(
        self,
        provider: ServiceProvider,
        session: Session,
        keys: KeyInput,
        page: WatchPage,
        cancel: Callable[[], None],
        *,
        opens: bool,
    ) -> None:
        """`opens` also starts editors that are not known to have a window."""
        super().__init__(provider, keys, page, cancel)
        self.session, self.opens = session, opens
        self._is_done = False
        """Whether the card can be left by the key for the next one."""

        self._is_giving_up = False
        """Whether the last key asked to give up."""

        self._submitted = ""
        """The text that was submitted last; first the one with which the file was written."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        ratings = {str(rating.value): lambda rating=rating: self._rate(rating) for rating in Rating}
        others = {"h": self._hint, "l": self._list, "r": self._submit_again, "n": self._next, "s": self._skip}
        return {key: self._after_anything(action) for key, action in (ratings | others).items()} | {"g": self._give_up}

    def begin(self) -> None:
        self._show_next()

    def submit(self) -> None:
        """Submit the answer, unless it is the one submitted last: many editors save on every change of the window."""
        text = read_work_file(self.file.path)[0]
        if text == self._submitted:
            self.page.show_status("the answer is unchanged; r runs it again")
            return
        self._submit(text)

    def finish(self) -> None:
        """Save the answer as the draft. Raises StoreError."""
        card = self.session.card
        if card is None:
            return
        if self._is_done:
            self.page.show(f"{card.name} is not rated")
        try:
            answer = as_answer(card, read_work_file(self.file.path)[0])
        except StoreError:
            raise
        except PtquizError:
            # Nothing that can be graded: the file itself is kept.
            return
        if answer.strip() != self.session.draft.strip():
            self.session.save_draft(answer)

    def _show_next(self, notice: str = "") -> None:
        if (machine := self.provider.sandbox.machine) is not None:
            self.session.set_cuda(machine.cuda is not None)
        card = self.session.next()
        if card is None:
            self.page.footer, self.is_over = "", True
            self.page.show("\n".join(filter(None, (notice, "nothing is left today"))))
            return
        self._is_done, self._is_giving_up, self.page.footer = False, False, ANSWERING
        self.file = FileWatch(self.provider.locations.data / "work" / card.deck / f"{card.id}.py")
        self._write(card, notice)

    def _write(self, card: Card, notice: str) -> None:
        """Write the file of `card`, and show where it is."""
        path = self.file.path
        known = [card.starter, self.session.draft, *(a.answer for a in self.session.store.drafts.attempts(card.name))]
        former = keep_former_answer(path, card, known)
        text = answer_to_write(card, self.session.draft)
        write_work_file(path, self._translated(card), text)
        self.file = FileWatch(path)
        self._submitted, lines_above = read_work_file(path)
        place = f"{one_line(str(path))}:{lines_above + 1}"
        todo = open_beside(path, lines_above + 1, is_wanted=self.opens)
        parts = (notice, self.header(card), one_line(card.title), f"\n{place}\n{todo}; each save is submitted", former)
        self.page.begin("\n".join(filter(None, parts)))

    def _translated(self, card: Card) -> Card:
        return translated(card, self.session.library.decks, self.session.settings.language)

    @property
    def _card(self) -> Card:
        assert self.session.card is not None
        return self.session.card

    def _submit_again(self) -> None:
        self._submit(read_work_file(self.file.path)[0])

    def _submit(self, text: str) -> None:
        card = self._card
        if not text.strip():
            raise PtquizError("there is nothing to submit yet", "write the answer below the marker line, and save")
        if len(text) > MAX_ANSWER:
            raise PtquizError(f"the answer has {len(text):,} characters, and at most {MAX_ANSWER:,} are graded")
        answer = as_answer(card, text)
        # Set by `_show_graded`, so that an answer that could not be stored is submitted again by the next save.
        self._submitted = ""
        self.run(lambda: self._grade(card, answer), lambda graded: self._show_graded(card, text, *graded))

    def _grade(self, card: Card, answer: str) -> tuple[Verdict, Side | None]:
        """Return the verdict, and for a right prediction the value. Called in the thread of runs."""
        self.session.save_draft(answer)
        verdict = self.session.submit(answer)
        return verdict, self._value(card) if verdict.passed else None

    def _value(self, card: Card) -> Side | None:
        return self.session.grader.reveal(card) if card.kind is CardKind.PREDICT else None

    def _show_graded(self, card: Card, text: str, verdict: Verdict, value: Side | None) -> None:
        self._submitted = text
        # After a right answer, others may be tried; the card stays passed.
        self._is_done |= verdict.passed or verdict.outcome is Outcome.DEFERRED
        self.page.footer = ANSWERING if not self._is_done else RATEABLE if self.session.is_rateable else WAITING
        parts = [*verdict_lines(verdict), *self._place(verdict)]
        if verdict.passed:
            note = self._translated(card).note.rstrip()
            parts += [value_text(card, value), note and f"\n{join_paragraphs(note)}", self._proposal_text()]
        self.page.begin("\n".join([self.header(card), *filter(None, parts)]))

    def _place(self, verdict: Verdict) -> list[str]:
        """Return the line of the file that the verdict is about, as many terminals can open it."""
        if not verdict.line or self._card.kind is not CardKind.CODE:
            return []
        path = self.file.path
        return [f"{one_line(str(path))}:{read_work_file(path)[1] + verdict.line}"]

    def _proposal_text(self) -> str:
        proposal, intervals = self.session.proposal(), self.session.intervals()
        buttons = "  ".join(f"{r.value} {r.label} ({short_duration(intervals[r])})" for r in Rating if r in intervals)
        return f"\n{buttons}\nn: {proposal.rating.label} ({proposal.why})"

    def _after_anything(self, action: Callable[[], None]) -> Callable[[], None]:
        """Return `action`, after which giving up has to be confirmed again."""

        def act() -> None:
            self._is_giving_up = False
            action()

        return act

    def _give_up(self) -> None:
        """Give up when the key is pressed twice, and show the reference."""
        if self._is_done:
            return
        if not self._is_giving_up:
            self._is_giving_up = True
            self.page.show_status("g again gives up and shows the reference")
            return
        card = self._card
        self.session.give_up()
        self._is_done, self.page.footer = True, RATEABLE
        self.run(lambda: self._value(card), lambda value: self._show_reference(card, value))

    def _show_reference(self, card: Card, value: Side | None) -> None:
        parts = [value_text(card, value), reference_text(self._translated(card)), self._proposal_text()]
        self.page.show("\n".join(filter(None, parts)))

    def _next(self) -> None:
        if not self._is_done:
            self.page.show_status("not answered yet: s skips the card, g gives up")
        elif self.session.is_rateable:
            self._rate(self.session.proposal().rating)
        else:
            self.session.skip()
            self._show_next()

    def _rate(self, rating: Rating) -> None:
        if not self._is_done or rating not in self.session.intervals():
            return
        memory = self.session.rate(rating)
        self._show_next(f"{rating.label}." + (f" Next time: {local_time(memory.due)}" if memory else ""))

    def _skip(self) -> None:
        if not self._is_done:
            self.finish()
            self.session.skip()
            self._show_next("skipped")

    def _hint(self) -> None:
        if self._is_done:
            return
        hint, number = self.session.take_hint(), self.session.hints_taken
        self.page.show(join_paragraphs(self._translated(self._card).hints[number - 1]) if hint else "no more hints")

    def _list(self) -> None:
        left, card = self.session.remaining(), self._card
        cards = self.session.library.decks
        deck = next(deck for deck in cards if deck.slug == card.deck)
        states = state_lines(deck, self.session.store, self.session.clock(), card)
        heading = f"left today: {left.new} new · {left.learning} learning · {left.due} due"
        self.page.show("\n".join([heading, *states]))
