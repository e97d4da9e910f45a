"""The line of key hints at the foot of every screen."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from quizapp.tui.keymap import ACTIONS

MAX_KEYS = 8
"""Keys shown; more are not read. The help page and the palette list them all."""


PLACES = {action.id: place for place, action in enumerate(ACTIONS)}


class Key(NamedTuple):
    """An active key binding."""

    key: str
    display: str
    label: str
    action: str
    is_enabled: bool


class KeyBar(Widget):
    """A footer drawn as one line of text. Help comes first so that it is visible in a narrow terminal.

    Textual's Footer mounts one widget for each key and replaces all of them whenever bindings may have changed, which
    took half of the time to open a card.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; text-wrap: nowrap;
        color: $footer-description-foreground; background: $footer-background;
    }
    """
    hovered_key: reactive[str] = reactive("")
    """The key under the mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Key] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._update_keys)
        self._update_keys(self.screen)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _update_keys(self, screen: Screen[object]) -> None:
        # While the terminal window is not focused no widget has focus, and the bindings of that state are not shown.
        if not self.app.app_focus or not self.is_attached or screen is not self.screen:
            return
        if (keys := self._active_keys()) != self._keys:
            self._keys = keys
            self.refresh()

    def _active_keys(self) -> list[Key]:
        """Return the first key of each action in the order of the keymap, in which help is first."""
        keys: dict[str, Key] = {}
        places: dict[str, int] = {}
        for _, binding, is_enabled, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in keys:
                display = self.app.get_key_display(binding)
                keys[binding.action] = Key(binding.key, display, binding.description, binding.action, is_enabled)
                places[binding.action] = PLACES.get(binding.id or "", len(PLACES))
        # A changed key comes last in Textual's order, and would be cut off.
        return sorted(keys.values(), key=lambda key: places[key.action])[:MAX_KEYS]

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.hovered_key = event.style.meta.get("key", "")

    def on_leave(self) -> None:
        self.hovered_key = ""

    def on_click(self, event: events.Click) -> None:
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)

    def render(self) -> Content:
        return Content(" ").join(_render_key(key, is_hovered=key.key == self.hovered_key) for key in self._keys)


def _render_key(key: Key, *, is_hovered: bool) -> Content:
    content = Content.assemble(
        (key.display, "$footer-key-foreground " + ("bold" if key.is_enabled else "dim")), " ", key.label
    )
    if key.is_enabled:
        content = content.stylize(Style.from_meta({"key": key.key}))
    return content.stylize("on $block-hover-background") if is_hovered else content
