"""The panes of the study screen and their tabs: which are visible, and which has the focus."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane, PaneLayout, layout_of, next_tab, visible_panes
from quizapp.tui.study.pane_tabs import PaneTabs
from quizapp.tui.study.panes.attempts_pane import AttemptsPane
from quizapp.tui.study.panes.console_pane import ConsolePane
from quizapp.tui.study.panes.output_pane import OutputPane
from quizapp.tui.study.panes.question_pane import QuestionPane
from quizapp.tui.study.panes.reference_pane import ReferencePane
from quizapp.tui.study.panes.verdict_pane import VerdictPane


class PaneStack(Vertical):
    """Question, answer, verdict, output, reference and attempts, arranged for the size of the terminal."""

    DEFAULT_CSS = """
    PaneStack { height: 1fr; }
    PaneStack #panes { height: 1fr; layout: horizontal; }
    PaneStack .pane {
        width: 1fr; height: 1fr; display: none; border: round $border-blurred; border-title-color: $text-muted;
    }
    PaneStack .pane.-visible { display: block; }
    PaneStack .pane:focus, PaneStack .pane:focus-within { border: round $accent; border-title-color: $text; }
    PaneStack.-three .pane { width: 5fr; }
    PaneStack.-three #question { width: 4fr; }
    PaneStack.-two #panes { layout: grid; grid-size: 2; grid-rows: 2fr 3fr; }
    PaneStack.-two #answer-box { row-span: 2; }
    PaneStack.-two.-pair #panes { grid-rows: 1fr; }
    PaneStack.-two.-pair #answer-box { row-span: 1; }
    PaneStack.-enlarged #panes { layout: vertical; }
    PaneStack.-stacked #panes, PaneStack.-single #panes { layout: vertical; }
    PaneStack.-stacked .pane, PaneStack.-single .pane { border: none; border-top: solid $border-blurred; }
    PaneStack.-stacked.-done .pane { height: 2fr; }
    PaneStack.-stacked.-done #answer-box { height: 1fr; }
    PaneStack.-stacked .pane:focus, PaneStack.-stacked .pane:focus-within,
    PaneStack.-single .pane:focus, PaneStack.-single .pane:focus-within {
        border: none; border-top: solid $accent;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._tab = Pane.QUESTION
        self._enlarged: Pane | None = None

    def compose(self) -> ComposeResult:
        yield PaneTabs()
        with Container(id="panes"):
            answer_box = Container(id="answer-box")
            below = VerdictPane(), OutputPane(), ReferencePane(), AttemptsPane(), ConsolePane()
            for pane in (QuestionPane(), answer_box, *below):
                # A class: Textual restyles the whole screen at each change of focus if `*` has a rule for it.
                pane.add_class("pane", update=False)
                yield pane

    @property
    def pane_layout(self) -> PaneLayout:
        return layout_of(*self.screen.size)

    @property
    def is_enlarged(self) -> bool:
        return self._enlarged is not None

    async def mount_answer(self, pane: AnswerPane) -> None:
        """Replace the answer pane."""
        box = self.query_one("#answer-box")
        await box.remove_children()
        await box.mount(pane)
        box.border_title = pane.pane_title

    def mark(self, pane: Pane, symbol: str) -> None:
        """Show a symbol on the tab of a pane with new content."""
        self.query_one(PaneTabs).mark(pane, symbol)

    @property
    def tab(self) -> Pane:
        """The pane that was shown last."""
        return self._tab

    def show(self, tab: Pane) -> None:
        """Make a pane visible without moving the focus."""
        self._tab = tab
        if self._enlarged is not None:
            self._enlarged = tab
        layout = self.pane_layout
        if not self.has_class(f"-{layout.value}"):
            self._rearrange(layout)
        visible = visible_panes(layout, tab, self._enlarged)
        self.set_class(len(visible) < 3, "-pair")
        self.set_class(self._enlarged is not None, "-enlarged")
        for pane in Pane:
            self._widget(pane).set_class(pane in visible, "-visible")
        self.query_one(PaneTabs).highlight(visible)

    def show_and_focus(self, pane: Pane) -> None:
        """Make a pane visible and move the focus to it."""
        self.show(pane)
        widget = self._widget(pane)
        if pane is Pane.ANSWER and self.query(AnswerPane):
            self.query_one(AnswerPane).take_focus()
        elif widget.can_focus:
            widget.focus()
        elif focusable := [child for child in widget.query("*") if child.focusable]:
            focusable[0].focus()

    def next(self) -> None:
        """Show and focus the pane of the next tab."""
        self.show_and_focus(next_tab(self._tab, self.pane_layout))

    def scroll_tab(self, lines: int) -> None:
        """Scroll the pane of the current tab."""
        self._widget(self._tab).scroll_relative(y=lines, animate=False)

    def toggle_enlarged(self) -> None:
        """Give the focused pane the whole screen, or restore the layout."""
        if self._enlarged is not None:
            self._enlarged = None
        else:
            focused = self.screen.focused
            within = [p for p in Pane if focused is not None and self._widget(p) in focused.ancestors_with_self]
            self._enlarged = self._tab = within[0] if within else self._tab
        self.show(self._tab)

    def on_resize(self) -> None:
        self.show(self._tab)

    @on(PaneTabs.Selected)
    def show_selected(self, event: PaneTabs.Selected) -> None:
        self.show_and_focus(event.pane)

    def _rearrange(self, layout: PaneLayout) -> None:
        """Put the answer after the question where both are always visible, else after every other pane."""
        for name in PaneLayout:
            self.set_class(name is layout, f"-{name.value}")
        before = Pane.QUESTION if layout in (PaneLayout.THREE, PaneLayout.TWO) else Pane.CONSOLE
        self.query_one("#panes").move_child(self._widget(Pane.ANSWER), after=self._widget(before))

    def _widget(self, pane: Pane) -> Widget:
        return self.query_one("#answer-box" if pane is Pane.ANSWER else f"#{pane.value}")
