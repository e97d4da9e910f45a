"""The app: opens everything behind the first paint, moves between screens, and leaves the terminal clean."""

from __future__ import annotations

import asyncio
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from quizapp.errors import PtquizError, SettingsError
from quizapp.settings import Locations, Settings
from quizapp.tui.keymap import ACTIONS, bindings, keymap
from quizapp.tui.messages import ActionFailed, LanguageChanged, SandboxReady, ServicesOpened
from quizapp.tui.screens.home_screen import HomeScreen

if TYPE_CHECKING:
    from pathlib import Path

    from quizapp.decks.card import Card
    from quizapp.decks.library import Library
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.session import Summary
    from quizapp.services import ServiceProvider, Services
    from quizapp.tui.study.study_controller import StudyController
    from quizapp.tui.study.study_screen import StudyScreen

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
PLAIN_THEME = "textual-dark"


class PtquizApp(App[None]):
    """Screens on a stack; Home is at the bottom."""

    TITLE = "ptquiz"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]

    def __init__(
        self,
        opening: Callable[[], Services],
        settings: Settings,
        locations: Locations,
        clock: Callable[[], datetime],
        on_ready: Callable[[PtquizApp], None] | None = None,
    ) -> None:
        """`on_ready` is called as soon as everything is open: to study, to preview."""
        super().__init__()
        self._opening = opening
        self.settings = settings
        self.locations = locations
        self.clock = clock
        self.services: Services | None = None
        self.tier = ""
        self.crash = ""
        """The traceback of a bug that ended the app."""

        self._on_ready = on_ready
        self._studying: StudyScreen | None = None
        self._show_theme()

    def get_default_screen(self) -> Screen[None]:
        return HomeScreen()

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                # Without a handler these leave the alternate screen and the mouse switched on.
                loop.add_signal_handler(number, self._leave, 128 + number)
        try:
            self.set_keymap(keymap(self.settings.keys))
        except SettingsError as error:
            self._tell(ActionFailed(error.message, error.hint, "keys"))
        self.call_after_refresh(self._open)

    # Opening, behind the first paint

    @work(thread=True, group="open", description="open the decks")
    def _open(self) -> None:
        where = "open"
        try:
            services = self._opening()
            self.post_message(ServicesOpened(services))
            where = "warm"
            self.post_message(SandboxReady(services.sandbox.wait(None)))
        except PtquizError as error:
            self.post_message(ActionFailed(error.message, error.hint, where))

    @on(ServicesOpened)
    def opened(self, event: ServicesOpened) -> None:
        self.services = event.services
        self._tell(event)
        if self._on_ready is not None:
            self._on_ready(self)

    @on(SandboxReady)
    def warm(self, event: SandboxReady) -> None:
        self.tier = event.machine.tier
        self._tell(event)

    @on(ActionFailed)
    def failed(self, event: ActionFailed) -> None:
        self.tier = "none"
        self._tell(event)

    def _tell(self, event: ServicesOpened | SandboxReady | ActionFailed | LanguageChanged) -> None:
        for screen in self.screen_stack:
            screen.post_message(event)

    # Moving between screens

    def study(
        self, decks: list[str] | None = None, cards: list[str] | None = None, practice: PracticeFilter | None = None
    ) -> None:
        """Study these decks, these cards, or everything that is due; with `practice`, outside the schedule."""
        if self.services is None:
            self.notify("the decks are still being opened")
            return
        from quizapp.tui.study.study_controller import StudyController

        self._sit_at(StudyController(self.services, self.settings, decks, cards, practice))

    def preview(self, card: str, reload: Callable[[], Library]) -> None:
        """Show one card as learners see it, and leave with it."""
        from quizapp.tui.study.preview_controller import PreviewController

        assert self.services is not None
        self._sit_at(PreviewController(self.services, self.settings, card, reload), lambda _: self._leave(0))

    def _sit_at(self, desk: StudyController, then: Callable[[None], None] | None = None) -> None:
        self.push_screen(self._seat(desk), then)

    def sit_again(self, desk: StudyController) -> None:
        """Go on with a session that seemed to be over."""
        self.switch_screen(self._seat(desk))

    def _seat(self, desk: StudyController) -> StudyScreen:
        from quizapp.tui.study.study_screen import StudyScreen

        self._studying = StudyScreen(desk)
        return self._studying

    @work(thread=True, group="keep", description="save what was typed")
    def keep(self, desk: StudyController) -> None:
        """Save the last keys of a screen that is left: its own threads end with it."""
        try:
            desk.save()
        except PtquizError as error:
            self.notify(ActionFailed(error.message, error.hint).line, severity="error", markup=False)

    def summary(self, summary: Summary, desk: StudyController) -> None:
        """Replace the study screen by what was done."""
        from quizapp.tui.screens.summary_screen import SummaryScreen

        self.switch_screen(SummaryScreen(summary, self.clock(), desk))

    def browse(self) -> None:
        from quizapp.tui.screens.browse_screen import BrowseScreen

        self.push_screen(BrowseScreen())

    def statistics(self) -> None:
        from quizapp.tui.screens.statistics_screen import StatisticsScreen

        self.push_screen(StatisticsScreen())

    def practise(self) -> None:
        from quizapp.tui.screens.practice_screen import PracticeScreen

        self.push_screen(PracticeScreen())

    def leeches(self) -> None:
        from quizapp.tui.screens.leeches_screen import LeechesScreen

        self.push_screen(LeechesScreen())

    def action_settings(self) -> None:
        from quizapp.tui.screens.settings_screen import SettingsScreen

        self.push_screen(SettingsScreen())

    def action_help(self) -> None:
        from quizapp.tui.screens.help_screen import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_theme(self) -> None:
        self.search_themes()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action that works here, by its words; then the pages and Textual's own."""
        from quizapp.tui.screens.help_screen import shown_key

        known = {action.id: action for action in ACTIONS}
        seen = set()
        for active in screen.active_bindings.values():
            action = known.get(active.binding.id or "")
            if action is not None and action.id not in seen:
                seen.add(action.id)
                run = partial(self.run_action, action.action, active.node)
                yield SystemCommand(action.label, f"Key {shown_key(active.binding.key)}", run)
        yield SystemCommand("Go to Browse", "All cards", self.browse)
        yield SystemCommand("Go to Statistics", "How it goes", self.statistics)
        yield SystemCommand("Go to Practice", "Cards outside the schedule", self.practise)
        yield SystemCommand("Go to Leeches", "Cards forgotten over and over", self.leeches)
        yield from super().get_system_commands(screen)

    # Settings that work at once

    def apply(self, settings: Settings) -> None:
        """Use changed settings from now on."""
        retold = settings.language != self.settings.language
        self.settings = settings
        self._show_theme()
        self.set_keymap(keymap(settings.keys))
        if retold:
            self._tell(LanguageChanged())

    def _show_theme(self) -> None:
        wanted = self.settings.theme
        self.theme = wanted if wanted in self.available_themes else PLAIN_THEME

    def action_language(self) -> None:
        """Go to the next language that any deck has; back to the decks' own after the last."""
        decks = self.services.library.decks if self.services else ()
        languages = ["", *sorted({language for deck in decks for language in deck.translations if language})]
        now = self.settings.language
        place = languages.index(now) if now in languages else 0
        language = languages[(place + 1) % len(languages)]
        self.apply(replace(self.settings, language=language))
        said = (
            f"cards are shown in `{language}` where they are translated" if language else "cards are shown as written"
        )
        self.notify(said if len(languages) > 1 else "no deck has a translation", markup=False)

    def in_language(self, card: Card) -> Card:
        """The card with the texts of the learner's language, where its deck has them."""
        from quizapp.decks.card import translate

        if not self.settings.language or self.services is None:
            return card
        texts = self.services.library.deck(card.deck).translations.get(self.settings.language, {})
        return translate(card, texts[card.id]) if card.id in texts else card

    # Leaving

    def action_quit_now(self) -> None:
        self._leave(0)

    async def action_quit(self) -> None:
        self._leave(0)

    def _leave(self, code: int) -> None:
        self._hear()
        self.exit(return_code=code)

    def _hear(self) -> None:
        """The last keys are in the answer, whatever messages are still on their way."""
        if self._studying is not None:
            self._studying.hear()

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        """Save what is typed; then end the sandbox, since threads that wait for it would hold the process back."""
        if self._studying is not None:
            with suppress(PtquizError):
                self._studying.desk.save()
        if self.services is not None:
            self.services.close()

    @property
    def kept_in(self) -> Path | None:
        """Where drafts are; a preview keeps none."""
        return self.locations.store if self._studying is None or self._studying.desk.keeps else None

    def _fatal_error(self) -> None:
        # Textual's own report prints every local variable, a card's solution and the whole library among them.
        self.crash = traceback.format_exc()
        self._hear()
        self._close_messages_no_wait()


def run(provider: ServiceProvider, on_ready: Callable[[PtquizApp], None] | None = None) -> int:
    """Show the screens until the learner leaves; return the exit code of the process.

    `on_ready` is called once everything is open, to go elsewhere than Home.
    """
    app = PtquizApp(provider.open, provider.settings, provider.locations, provider.clock, on_ready)
    app.run()
    if app.crash:
        sys.stderr.write(app.crash + last_words(app.kept_in))
    return app.return_code or 0


def last_words(kept_in: Path | None) -> str:
    """What a learner wants to know after a crash: where the draft is (if it is kept), and what to report."""
    draft = f"What you had typed is in {kept_in} and comes back with its card.\n" if kept_in else ""
    return (
        "\nptquiz failed; that is a bug in it, not in your answer.\n"
        f"{draft}Please report the lines above, what you did last, and what `ptquiz doctor` says.\n"
    )
