"""The two themes of ptquiz, and the colours of Python code in its editors.

tests/tui/test_theme.py proves the contrasts (WCAG 2.1, at least 4.5:1), and that success, warning, error and the accent
stay distinguishable with each kind of colour blindness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.widgets import TextArea

DARK_NAME, LIGHT_NAME = "ptquiz-dark", "ptquiz-light"


def _theme(name: str, colours: dict[str, str], *, dark: bool) -> Theme:
    """Return a theme with one accent colour, whose coloured texts have the colours themselves."""
    accent, foreground, background = colours["accent"], colours["foreground"], colours["background"]
    # Textual mixes the colours of texts with white or black, which brings them closer to each other.
    texts = {f"text-{state}": colours[state] for state in ("success", "warning", "error", "accent")}
    return Theme(
        name=name,
        primary=accent,
        secondary=colours["muted"],
        accent=accent,
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        foreground=foreground,
        background=background,
        surface=colours["surface"],
        panel=colours["panel"],
        dark=dark,
        variables={
            **texts,
            "text": "auto 94%",
            "text-primary": accent,
            "text-secondary": colours["muted"],
            "text-muted": "auto 68%",
            "boost": f"{foreground} 6%",
            "border": accent,
            "border-blurred": colours["line"],
            "block-cursor-background": colours["cursor"],
            "block-cursor-foreground": foreground,
            "block-cursor-blurred-background": colours["panel"],
            "block-hover-background": f"{foreground} 8%",
            "footer-key-foreground": accent,
            "input-selection-background": colours["selection"],
            "screen-selection-background": colours["selection"],
            "button-color-foreground": "auto 94%",
            "scrollbar": colours["line"],
            "scrollbar-hover": colours["muted"],
            "scrollbar-active": accent,
            "scrollbar-background": background,
            "scrollbar-corner-color": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
        },
    )


THEMES = (
    _theme(
        DARK_NAME,
        {
            "background": "#14171d",
            "surface": "#1a1e26",
            "panel": "#232834",
            "line": "#434b5e",
            "cursor": "#273358",
            "selection": "#34426f",
            "foreground": "#e3e6ec",
            "muted": "#a4adbf",
            "accent": "#8aa7f5",
            "success": "#5ed6bd",
            "warning": "#e9c046",
            "error": "#f77070",
        },
        dark=True,
    ),
    _theme(
        LIGHT_NAME,
        {
            "background": "#fbfbfa",
            "surface": "#f3f4f6",
            "panel": "#e7eaf0",
            "line": "#b4bccb",
            "cursor": "#dbe2fb",
            "selection": "#c3cffa",
            "foreground": "#1d222b",
            "muted": "#535c6d",
            "accent": "#2036c8",
            "success": "#007064",
            "warning": "#7a5500",
            "error": "#8b1a2b",
        },
        dark=False,
    ),
)

SYNTAX_COLOURS = {
    True: {
        "keyword": "#b9a5f6",
        "string": "#5ed6bd",
        "number": "#e6b673",
        "function": "#8fb8f6",
        "class": "#7fd1e8",
        "comment": "#929bad",
        "operator": "#b9c1d0",
    },
    False: {
        "keyword": "#6a2fb5",
        "string": "#00665b",
        "number": "#824600",
        "function": "#2036c8",
        "class": "#005f7a",
        "comment": "#4f5666",
        "operator": "#3f4654",
    },
}
"""Whether the theme is dark -> part of the code -> its colour."""

CAPTURES = {
    "keyword": ("keyword.function", "keyword.return", "keyword.operator", "conditional", "repeat", "exception"),
    "string": ("string.documentation", "string.escape"),
    "number": ("float", "boolean", "constant.builtin"),
    "function": ("function.call", "method", "method.call", "attribute", "include"),
    "class": ("type", "type.class", "type.builtin", "constructor"),
    "operator": ("punctuation.bracket", "punctuation.delimiter", "punctuation.special"),
}
"""Part of the code -> further captures of TextArea's query for Python that have its colour."""


def use_syntax_colours(area: TextArea) -> None:
    """Highlight Python in `area` with colours for the app's present theme, which may be any theme."""
    from rich.style import Style
    from textual.widgets.text_area import TextAreaTheme

    is_dark = area.app.current_theme.dark
    colours = SYNTAX_COLOURS[is_dark]
    styles = {part: Style(color=colour, italic=part == "comment") for part, colour in colours.items()}
    aliases = {capture: styles[part] for part, captures in CAPTURES.items() for capture in captures}
    styles |= aliases
    name = DARK_NAME if is_dark else LIGHT_NAME
    gutter, line = Style(color=colours["comment"]), Style(color=colours["operator"], bold=True)
    theme = TextAreaTheme(name, gutter_style=gutter, cursor_line_gutter_style=line, syntax_styles=styles)
    area.register_theme(theme)
    area.theme = name


def register_themes(app: App[Any]) -> None:
    """Add the themes of ptquiz to those of Textual."""
    for theme in THEMES:
        app.register_theme(theme)
