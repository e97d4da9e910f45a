"""The panes of the study screen and the strip that names them: which are in sight, and where the hands go."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane, PaneLayout, after, in_sight, layout_of
from quizapp.tui.study.pane_tabs import PaneTabs
from quizapp.tui.study.panes.attempts_pane import AttemptsPane
from quizapp.tui.study.panes.output_pane import OutputPane
from quizapp.tui.study.panes.question_pane import QuestionPane
from quizapp.tui.study.panes.reference_pane import ReferencePane
from quizapp.tui.study.panes.verdict_pane import VerdictPane


class PaneStack(Vertical):
    """Question, answer, verdict, output, reference, attempts, as the terminal's size allows."""

    DEFAULT_CSS = """
    PaneStack { height: 1fr; }
    PaneStack #panes { height: 1fr; layout: horizontal; }
    PaneStack #panes > * {
        width: 1fr; height: 1fr; display: none; border: round $primary 60%; border-title-color: $text-muted;
    }
    PaneStack #panes > *.-seen { display: block; }
    PaneStack #panes > *:focus, PaneStack #panes > *:focus-within { border: round $accent; border-title-color: $text; }
    PaneStack.-three #panes > * { width: 5fr; }
    PaneStack.-three #panes > #question { width: 4fr; }
    PaneStack.-stacked #panes, PaneStack.-single #panes { layout: vertical; }
    PaneStack.-stacked #panes > *, PaneStack.-single #panes > * { border: none; border-top: solid $primary 60%; }
    PaneStack.-stacked.-done #panes > * { height: 2fr; }
    PaneStack.-stacked.-done #panes > #answer-box { height: 1fr; }
    PaneStack.-stacked #panes > *:focus, PaneStack.-stacked #panes > *:focus-within,
    PaneStack.-single #panes > *:focus, PaneStack.-single #panes > *:focus-within { border: none; border-top: solid $accent; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._tab = Pane.QUESTION
        self._enlarged: Pane | None = None

    def compose(self) -> ComposeResult:
        yield PaneTabs()
        with Container(id="panes"):
            yield QuestionPane()
            yield Container(id="answer-box")
            yield VerdictPane()
            yield OutputPane()
            yield ReferencePane()
            yield AttemptsPane()

    @property
    def shape(self) -> PaneLayout:
        return layout_of(*self.screen.size)

    @property
    def is_enlarged(self) -> bool:
        return self._enlarged is not None

    async def answer_with(self, pane: AnswerPane, title: str) -> None:
        """Put another answer pane in."""
        box = self.query_one("#answer-box")
        await box.remove_children()
        await box.mount(pane)
        box.border_title = title

    def note(self, pane: Pane, symbol: str) -> None:
        """Say on the strip that there is something to look at."""
        self.query_one(PaneTabs).note(pane, symbol)

    @property
    def tab(self) -> Pane:
        """The pane that was last brought into sight."""
        return self._tab

    def look_at(self, tab: Pane) -> None:
        """Bring one pane into sight; the hands stay where they are."""
        self._tab = tab
        if self._enlarged is not None:
            self._enlarged = tab
        shape = self.shape
        if not self.has_class(f"-{shape.value}"):
            self._reshape(shape)
        seen = in_sight(shape, tab, self._enlarged)
        for pane in Pane:
            self._widget(pane).set_class(pane in seen, "-seen")
        self.query_one(PaneTabs).show(seen)

    def go_to(self, pane: Pane) -> None:
        """Bring one pane into sight, and the hands to it."""
        self.look_at(pane)
        widget = self._widget(pane)
        if pane is Pane.ANSWER and self.query(AnswerPane):
            self.query_one(AnswerPane).take_focus()
        elif widget.can_focus:
            widget.focus()
        elif focusable := [child for child in widget.query("*") if child.focusable]:
            focusable[0].focus()

    def next(self) -> None:
        """Go to the next pane of the strip."""
        self.go_to(after(self._tab, self.shape))

    def read(self, lines: int) -> None:
        """Scroll the pane of the strip's current name."""
        self._widget(self._tab).scroll_relative(y=lines, animate=False)

    def leave_answer(self) -> None:
        """Move the hands from the answer to what is read."""
        seen = in_sight(self.shape, self._tab, None)
        self.go_to(Pane.QUESTION if Pane.QUESTION in seen or self._tab is Pane.ANSWER else self._tab)

    def enlarge(self) -> None:
        """Give the pane in use the whole screen, or take it back."""
        if self._enlarged is not None:
            self._enlarged = None
        else:
            focused = self.screen.focused
            within = [p for p in Pane if focused is not None and self._widget(p) in focused.ancestors_with_self]
            self._enlarged = self._tab = within[0] if within else self._tab
        self.look_at(self._tab)

    def on_resize(self) -> None:
        self.look_at(self._tab)

    @on(PaneTabs.Picked)
    def picked(self, event: PaneTabs.Picked) -> None:
        self.go_to(event.pane)

    def _reshape(self, shape: PaneLayout) -> None:
        """Another size of terminal: the answer stands between question and verdict, or after what is read."""
        for other in PaneLayout:
            self.set_class(other is shape, f"-{other.value}")
        before = Pane.QUESTION if shape is PaneLayout.THREE else Pane.ATTEMPTS
        self.query_one("#panes").move_child(self._widget(Pane.ANSWER), after=self._widget(before))

    def _widget(self, pane: Pane) -> Widget:
        return self.query_one("#answer-box" if pane is Pane.ANSWER else f"#{pane.value}")
