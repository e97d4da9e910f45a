"""The line of keys below every screen."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget


class Key(NamedTuple):
    """One key that does something now."""

    key: str
    shown: str
    label: str
    action: str
    works: bool


class KeyBar(Widget):
    """One line; help comes first, so that it stays in sight where the terminal is too narrow for all.

    Textual's Footer makes a widget of each key, all of them anew whenever a screen says that its keys may have changed:
    half of what it took to open a card.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; text-wrap: nowrap;
        color: $footer-description-foreground; background: $footer-background;
    }
    """
    pointed: reactive[str] = reactive("")
    """The key under the mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Key] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._look)
        self._look(self.screen)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _look(self, screen: Screen[object]) -> None:
        # While another window has the keyboard no widget has it here, and other keys would work.
        if not self.app.app_focus or not self.is_attached or screen is not self.screen:
            return
        if (keys := self._offered()) != self._keys:
            self._keys = keys
            self.refresh()

    def _offered(self) -> list[Key]:
        """Of each action its first key."""
        found: dict[str, Key] = {}
        for _, binding, works, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in found:
                shown = self.app.get_key_display(binding)
                found[binding.action] = Key(binding.key, shown, binding.description, binding.action, works)
        return sorted(found.values(), key=lambda key: key.action != "help")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.pointed = event.style.meta.get("key", "")

    def on_leave(self) -> None:
        self.pointed = ""

    def on_click(self, event: events.Click) -> None:
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)

    def render(self) -> Content:
        return Content(" ").join(_told(key, pointed=key.key == self.pointed) for key in self._keys)


def _told(key: Key, *, pointed: bool) -> Content:
    content = Content.assemble(
        (key.shown, "$footer-key-foreground " + ("bold" if key.works else "dim")), " ", key.label
    )
    if key.works:
        content = content.stylize(Style.from_meta({"key": key.key}))
    return content.stylize("on $block-hover-background") if pointed else content
