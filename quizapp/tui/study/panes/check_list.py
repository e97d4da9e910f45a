"""The checks of a verdict as a list with a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quizapp.grading.verdict import CheckState, CheckVerdict
from quizapp.tui.study.panes.verdict_text import check_lines


class CheckList(OptionList):
    """A list of checks, each with its whole expression. Enter or a click selects a check, and so does `v`."""

    DEFAULT_CSS: ClassVar[str] = """
    CheckList, CheckList:focus { border: none; padding: 0; background: transparent; max-height: 12; }
    CheckList > .option-list--option { padding: 0; }
    CheckList.-empty { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "select", show=False)]

    def __init__(self) -> None:
        super().__init__(id="checks", markup=False)
        self._checks: Sequence[CheckVerdict] = ()

    def show(self, checks: Sequence[CheckVerdict]) -> None:
        """Replace the checks and highlight the first that differs."""
        self._checks = checks
        self.set_options([Option(line) for line in check_lines(checks)])
        self.set_class(not checks, "-empty")
        if checks:
            self.highlighted = next((n for n, c in enumerate(checks) if c.state is CheckState.DIFFERS), 0)

    def update_states(self, states: Sequence[CheckState]) -> bool:
        """Update the marks of the visible checks, if they are shown; return whether they are."""
        shown = [index for index, check in enumerate(self._checks) if not check.check.hidden]
        if len(shown) != len(states):
            return False
        checks = list(self._checks)
        for index, state in zip(shown, states, strict=True):
            if checks[index].state is not state:
                checks[index] = CheckVerdict(checks[index].check, state)
        self._checks = checks
        for index, line in enumerate(check_lines(checks)):
            self.replace_option_prompt_at_index(index, line)
        return True

    @property
    def current(self) -> CheckVerdict | None:
        """The highlighted check."""
        index = self.highlighted
        return self._checks[index] if index is not None and index < len(self._checks) else None
