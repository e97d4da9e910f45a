"""The app: opens the services after the first paint, switches between screens, and restores the terminal on exit."""

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
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from quizapp.error_log import ErrorLog
from quizapp.errors import PtquizError, SettingsError
from quizapp.review.days import Days
from quizapp.settings import Locations, Settings
from quizapp.text.printable import visible
from quizapp.text.streams import echo
from quizapp.tui.key_sets import chosen_keys
from quizapp.tui.keymap import ACTIONS, bindings, keymap
from quizapp.tui.messages import ActionFailed, LanguageChanged, SandboxReady, ServicesOpened
from quizapp.tui.screens.home_screen import HomeScreen
from quizapp.tui.style_batch import StyleBatch
from quizapp.tui.theme import DARK_NAME, register_themes

if TYPE_CHECKING:
    from pathlib import Path

    from quizapp.decks.card import Card
    from quizapp.decks.library import Library
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.session import Summary
    from quizapp.review.today import MoreNew
    from quizapp.services import ServiceProvider, Services
    from quizapp.tui.study.study_controller import StudyController
    from quizapp.tui.study.study_screen import StudyScreen

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
WARNING_SECONDS = 30.0
RETRY = "r tries again, q quits"
DEFAULT_THEME = DARK_NAME
"""Used if the theme of the settings does not exist."""


class PtquizApp(StyleBatch):
    """The app: a stack of screens with Home at the bottom."""

    TITLE = "ptquiz"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]

    def __init__(
        self,
        open_services: Callable[[], Services],
        settings: Settings,
        locations: Locations,
        clock: Callable[[], datetime],
        on_ready: Callable[[PtquizApp], None] | None = None,
    ) -> None:
        """`open_services` is called in a thread; `on_ready` follows once they are open, to show a screen."""
        super().__init__()
        self._open_services = open_services
        self.settings = settings
        self.locations = locations
        self.clock = clock
        self.errors = ErrorLog(locations.errors, clock)
        self.services: Services | None = None
        self._has_failed_to_open = False
        self.tier = ""
        self._more_new: MoreNew | None = None
        """New cards that the learner added to the limit of a day; None until they are read."""

        self.crash = ""
        """The traceback of a bug that ended the app."""

        self.closing_line = ""
        """What was done today and what is due tomorrow, to be printed after the end."""

        self._on_ready = on_ready
        self._study_screen: StudyScreen | None = None
        register_themes(self)
        self._apply_theme()

    def get_driver_class(self) -> type[Driver]:
        """Return ptquiz's driver in place of Textual's for Linux and macOS."""
        chosen = super().get_driver_class()
        from quizapp.tui.driver import TerminalDriver

        return TerminalDriver if chosen in TerminalDriver.__bases__ else chosen

    def notify(self, message: str, **options: Any) -> None:
        """Show a notification; its text is escaped."""
        super().notify(visible(message), **options)

    def get_default_screen(self) -> Screen[None]:
        return HomeScreen()

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                # Without a handler these signals leave the alternate screen and mouse reporting on.
                loop.add_signal_handler(number, self._shut_down, 128 + number)
        try:
            self.set_keymap(keymap(chosen_keys(self.settings)))
        except SettingsError as error:
            self._broadcast(ActionFailed(error.message, error.hint, "keys"))
        # After the first paint, which must not wait for decks and store.
        self.call_after_refresh(self._open)

    # Opening the services

    @work(thread=True, group="open", description="open the decks")
    def _open(self) -> None:
        operation = "open"
        try:
            services = self._open_services()
            self.post_message(ServicesOpened(services))
            operation = "warm"
            self.post_message(SandboxReady(services.sandbox.wait(None)))
        except PtquizError as error:
            self.post_message(ActionFailed(error.message, error.hint, operation))
        except Exception as error:
            self.post_message(ActionFailed(self.errors.add(error, operation), RETRY, operation))

    def retry_open(self) -> None:
        """Open the services again if that has failed."""
        if self._has_failed_to_open:
            self._has_failed_to_open = False
            self._open()

    def warn(self, error: PtquizError) -> None:
        """Show an error that does not end the program. May be called from a thread."""
        line = ActionFailed(error.message, error.hint).line
        self.notify(line, severity="warning", timeout=WARNING_SECONDS, markup=False)

    @on(ServicesOpened)
    def set_services(self, event: ServicesOpened) -> None:
        self.services = event.services
        self._broadcast(event)
        if self._on_ready is not None:
            self._on_ready(self)

    @on(SandboxReady)
    def set_tier(self, event: SandboxReady) -> None:
        self.tier = event.machine.tier
        self._broadcast(event)

    @on(ActionFailed)
    def clear_tier(self, event: ActionFailed) -> None:
        self.tier = "none"
        self._has_failed_to_open |= event.operation == "open"
        self._broadcast(event)

    def _broadcast(self, event: ServicesOpened | SandboxReady | ActionFailed | LanguageChanged) -> None:
        for screen in self.screen_stack:
            screen.post_message(event)

    # Switching screens. Their modules are imported when they are opened, so that Home appears sooner.

    def study(
        self, decks: list[str] | None = None, cards: list[str] | None = None, practice: PracticeFilter | None = None
    ) -> None:
        """Study these decks, these cards, or everything that is due; with `practice`, outside the schedule."""
        if self.services is None:
            self.notify("the decks are still being opened")
            return
        from quizapp.tui.study.study_controller import StudyController

        self._open_study(StudyController(self.services, self.settings_of_today, decks, cards, practice))

    @property
    def settings_of_today(self) -> Settings:
        """The settings, with the new cards that the learner added to today's limit."""
        from quizapp.review.today import read_more_new

        if self._more_new is None:
            self._more_new = read_more_new(self.locations.more_new)
        return self._more_new.raise_limit(self.settings, self._day)

    def add_new_cards(self, cards: int) -> None:
        """Raise today's limit of new cards, until the day ends."""
        from quizapp.review.today import read_more_new, save_more_new

        self._more_new = read_more_new(self.locations.more_new).add(cards, self._day)
        # A limit that cannot be saved still lasts until the program ends.
        with suppress(OSError):
            save_more_new(self.locations.more_new, self._more_new)

    @property
    def _day(self) -> int:
        return Days(None, self.settings.day_offset).of(self.clock())

    def preview(self, card: str, reload: Callable[[], Library]) -> None:
        """Show one card as learners see it; the app ends when its screen is closed."""
        from quizapp.tui.study.preview_controller import PreviewController

        assert self.services is not None
        self._open_study(PreviewController(self.services, self.settings, card, reload), lambda _: self._shut_down(0))

    def _open_study(self, controller: StudyController, on_close: Callable[[None], None] | None = None) -> None:
        self.push_screen(self._create_study_screen(controller), on_close)

    def resume_study(self, controller: StudyController) -> None:
        """Replace the summary by a study screen: undoing the last rating makes its card due again."""
        self.switch_screen(self._create_study_screen(controller))

    def _create_study_screen(self, controller: StudyController) -> StudyScreen:
        from quizapp.tui.study.study_screen import StudyScreen

        self._study_screen = StudyScreen(controller)
        return self._study_screen

    @work(thread=True, group="save", description="save the draft")
    def save_draft(self, controller: StudyController) -> None:
        """Save the draft of a closing screen; a worker of the screen itself would be cancelled."""
        try:
            controller.save()
        except PtquizError as error:
            self.notify(ActionFailed(error.message, error.hint).line, severity="error", markup=False)
        except Exception as error:
            self.notify(self.errors.add(error, "save the draft"), severity="error", markup=False)

    def show_summary(self, summary: Summary, controller: StudyController) -> None:
        """Replace the study screen by the summary of its session."""
        from quizapp.tui.screens.summary_screen import SummaryScreen

        self.switch_screen(SummaryScreen(summary, self.clock(), controller))

    def show_browse(self) -> None:
        from quizapp.tui.screens.browse_screen import BrowseScreen

        self._open_page(BrowseScreen)

    def show_statistics(self) -> None:
        from quizapp.tui.screens.statistics_screen import StatisticsScreen

        self._open_page(StatisticsScreen)

    def show_practice(self) -> None:
        from quizapp.tui.screens.practice_screen import PracticeScreen

        self._open_page(PracticeScreen)

    def show_leeches(self) -> None:
        from quizapp.tui.screens.leeches_screen import LeechesScreen

        self._open_page(LeechesScreen)

    def action_settings(self) -> None:
        from quizapp.tui.screens.settings_screen import SettingsScreen

        self._open_page(SettingsScreen)

    def action_help(self) -> None:
        from quizapp.tui.screens.help_screen import HelpScreen

        scopes = self._active_scopes()
        self._open_page(partial(HelpScreen, scopes), HelpScreen)

    def _active_scopes(self) -> tuple[str, ...]:
        """Return the scopes of the keys that are active now, innermost first."""
        ids = [active.binding.id or "" for active in self.screen.active_bindings.values()]
        return tuple(dict.fromkeys(id.partition(".")[0] for id in ids if id))

    def _open_page(self, create: Callable[[], Screen[None]], kind: type[Screen[None]] | None = None) -> None:
        """Open a page, unless it is open already. `kind` is its class if `create` is not."""
        kind = kind or cast("type[Screen[None]]", create)
        if not any(isinstance(screen, kind) for screen in self.screen_stack):
            self.push_screen(create())
        elif not isinstance(self.screen, kind):
            self.notify("that page is open below this one; Esc goes back to it")

    def action_theme(self) -> None:
        self.search_themes()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield each active action once, by its label and with its key, then the pages that have no key here."""
        from quizapp.tui.screens.help_screen import key_label

        known = {action.id: action for action in ACTIONS}
        labels = set()
        for active in screen.active_bindings.values():
            action = known.get(active.binding.id or "")
            if action is not None and action.description not in labels:
                labels.add(action.description)
                run = partial(self.run_action, action.action, active.node)
                yield SystemCommand(action.description, f"Key {key_label(active.binding.key)}", run)
        for name, about, run_page in (
            ("Browse", "All cards", self.show_browse),
            ("Statistics", "Retention and reviews", self.show_statistics),
            ("Practice", "Cards outside the schedule", self.show_practice),
            ("Leeches", "Often forgotten cards", self.show_leeches),
        ):
            if name not in labels:
                yield SystemCommand(name, about, run_page)
        yield SystemCommand("Save a picture of this screen", "An SVG file", self.action_screenshot)

    # Settings that take effect immediately

    def apply(self, settings: Settings) -> None:
        """Apply changed settings."""
        is_language_changed = settings.language != self.settings.language
        self.settings = settings
        self._apply_theme()
        self.set_keymap(keymap(chosen_keys(settings)))
        if is_language_changed:
            self._broadcast(LanguageChanged())

    def _apply_theme(self) -> None:
        theme = self.settings.theme
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME

    def action_language(self) -> None:
        """Switch to the next language of any deck; after the last one, to the decks' original language."""
        decks = self.services.library.decks if self.services else ()
        languages = ["", *sorted({language for deck in decks for language in deck.translations if language})]
        current = self.settings.language
        index = languages.index(current) if current in languages else 0
        language = languages[(index + 1) % len(languages)]
        self.apply(replace(self.settings, language=language))
        message = f"translated cards are shown in `{language}`" if language else "cards are shown untranslated"
        self.notify(message if len(languages) > 1 else "no deck has a translation", markup=False)

    def in_language(self, card: Card) -> Card:
        """Return the card in the learner's language, or unchanged if it is not translated."""
        from quizapp.decks.card import translate

        if not self.settings.language or self.services is None:
            return card
        texts = self.services.library.deck(card.deck).translations.get(self.settings.language, {})
        return translate(card, texts[card.id]) if card.id in texts else card

    # Exit

    def action_quit_now(self) -> None:
        self._shut_down(0)

    async def action_quit(self) -> None:
        self._shut_down(0)

    def _shut_down(self, code: int) -> None:
        self._sync_answer()
        self.exit(return_code=code)

    def _sync_answer(self) -> None:
        """Read the last keys from the answer: their messages may not have arrived yet."""
        if self._study_screen is not None:
            self._study_screen.sync_answer()

    async def on_unmount(self) -> None:
        # In a thread: closing waits for the sandbox's processes.
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        """Save the draft, then close the services: threads that wait for the sandbox would keep the process alive."""
        try:
            if self._study_screen is not None:
                with suppress(PtquizError):
                    self._study_screen.controller.save()
        finally:
            if self.services is not None:
                self.closing_line = self._closing_line(self.services)
                self.services.close()

    def _closing_line(self, services: Services) -> str:
        from quizapp.review.today import closing_line

        # The line is a courtesy: a store that is locked or gone must not delay the end.
        with suppress(PtquizError):
            return closing_line(services.store, self.settings, self.clock())
        return ""

    @property
    def drafts_path(self) -> Path | None:
        """The store that contains the draft; None for a preview, which saves no drafts."""
        return self.locations.store if self._study_screen is None or self._study_screen.controller.is_rated else None

    # Remove when Textual can report a crash without local variables: its traceback prints them all, including a
    # card's solution and the whole library. `_close_messages_no_wait` is how Textual's own `_fatal_error` ends the app.
    def _fatal_error(self) -> None:
        self.crash = "".join(traceback.format_exception(sys.exc_info()[1] or self._exception))
        # A bug in the answer pane may be the crash; earlier keys are passed to the controller already.
        with suppress(Exception):
            self._sync_answer()
        self._close_messages_no_wait()


def run(provider: ServiceProvider, on_ready: Callable[[PtquizApp], None] | None = None) -> int:
    """Run the app and return the exit code of the process.

    `on_ready` is called once the services are open, to show a screen other than Home.
    """
    app = PtquizApp(provider.open, provider.settings, provider.locations, provider.clock, on_ready)
    provider.warn = app.warn
    app.run()
    if app.crash:
        echo(app.crash + crash_message(app.drafts_path), err=True, end="")
    elif app.closing_line and not app.return_code:
        echo(app.closing_line)
    return app.return_code or 0


def crash_message(drafts_path: Path | None) -> str:
    """Return the text printed after a traceback: the path of the draft, and what to report."""
    draft = f"Your answer is saved in {drafts_path} and will be restored with its card.\n" if drafts_path else ""
    return (
        "\nptquiz crashed. This is a bug in ptquiz, not in your answer.\n"
        f"{draft}Please report the lines above, your last action, and the output of `ptquiz doctor`.\n"
    )
