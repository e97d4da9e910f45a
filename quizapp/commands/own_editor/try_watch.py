"""`ptquiz try --watch`: the answer in a file is graded after each save, without a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from quizapp.commands.card_text import as_answer, translated
from quizapp.commands.own_editor.card_states import state_lines
from quizapp.commands.own_editor.file_watch import FileWatch
from quizapp.commands.own_editor.key_input import KeyInput
from quizapp.commands.own_editor.watch_loop import WatchLoop
from quizapp.commands.own_editor.watch_page import WatchPage
from quizapp.commands.own_editor.work_file import answer_to_write, read_work_file, write_work_file
from quizapp.commands.verdict_output import exit_code, operator_line
from quizapp.decks.card import Card, CardKind
from quizapp.errors import Exit, UsageError
from quizapp.grading.verdict import Verdict
from quizapp.services import ServiceProvider
from quizapp.text.printable import one_line
from quizapp.text.verdict_lines import verdict_lines
from quizapp.text.wrapping import join_paragraphs

FOOTER = "h hint · l list · r run again · n next card · q quit"


class TryWatch(WatchLoop):
    """Grades one file after each save, and on a key goes to the next card of the deck."""

    def __init__(self, provider: ServiceProvider, keys: KeyInput, page: WatchPage, card: Card, path: Path) -> None:
        super().__init__(provider, keys, page, provider.grader.cancel)
        page.footer = FOOTER
        self.verdict: Verdict | None = None
        """The latest verdict on the current card."""

        self._set_card(card, path)

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        return {"h": self._hint, "l": self._list, "r": self.submit, "n": self._next}

    def begin(self) -> None:
        if not self.file.path.exists():
            self._write()
        self.submit()

    def submit(self) -> None:
        card, answer = self.card, self._answer()
        self.run(lambda: self.provider.grader.grade(card, answer), lambda verdict: self._show(answer, verdict))

    def exit_code(self) -> int:
        """Return the exit code of `ptquiz try` for the latest verdict; not passed without one."""
        return Exit.NOT_PASSED if self.verdict is None else exit_code(self.verdict)

    def _set_card(self, card: Card, path: Path) -> None:
        self.card, self.file, self.verdict, self._hints = card, FileWatch(path), None, 0
        decks, settings = self.provider.library.decks, self.provider.settings
        self._translated = translated(card, decks, settings.language)

    def _write(self) -> None:
        write_work_file(self.file.path, self._translated, answer_to_write(self.card, self.card.starter))
        self.page.show(f"wrote {one_line(str(self.file.path))}: answer below its last comment")
        self.file = FileWatch(self.file.path)

    def _answer(self) -> str:
        """Return the answer of the file: below the marker as in line mode, else the whole file as for `ptquiz try`."""
        text, lines_above = read_work_file(self.file.path)
        is_numbered = self.card.kind in (CardKind.CHOICE, CardKind.ORDER)
        return as_answer(self.card, text) if lines_above and is_numbered and text else text

    def _show(self, answer: str, verdict: Verdict) -> None:
        self.verdict = verdict
        self.page.begin("\n".join([self.header(self.card), *verdict_lines(verdict)]))
        if verdict.passed and self.card.kind is CardKind.CODE:
            card = self.card
            self.runs.submit(lambda: operator_line(self.provider.grader, card, answer), self.page.show)

    def _hint(self) -> None:
        hints = self._translated.hints
        self.page.show(join_paragraphs(hints[self._hints]) if self._hints < len(hints) else "no more hints")
        self._hints += 1

    def _list(self) -> None:
        cards = self.provider.library.deck(self.card.deck).cards
        self.page.show("\n".join(state_lines(cards, self.provider.store, self.provider.clock(), self.card)))

    def _next(self) -> None:
        """Watch the file of the next card, beside the current one; it is written unless it exists."""
        cards = self.provider.library.deck(self.card.deck).cards
        following = cards[[card.name for card in cards].index(self.card.name) + 1 :]
        if not following:
            raise UsageError("this is the last card of the deck", "`l` lists its cards")
        self._set_card(following[0], self.file.path.parent / f"{following[0].id}.py")
        self.page.begin(self.header(self.card))
        if self.file.path.exists():
            self.submit()
        else:
            self._write()
