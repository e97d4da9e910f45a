"""Where files are stored, and the settings that a learner may change."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from quizapp.errors import SettingsError, UsageError
from quizapp.text.files import NotUtf8Error, decode_text


@dataclass(frozen=True, slots=True)
class Locations:
    """The files of one learner."""

    settings: Path
    data: Path

    @property
    def store(self) -> Path:
        return self.data / "reviews.db"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def cache(self) -> Path:
        return self.data / "cache"

    @property
    def more_new(self) -> Path:
        """The new cards that the learner added to today's limit."""
        return self.cache / "more-new.json"

    @property
    def errors(self) -> Path:
        return self.cache / "errors.log"


def locations(environment: Mapping[str, str] = os.environ) -> Locations:
    """Return the folders below `PTQUIZ_HOME` if it is set, else those of the platform."""
    if home := environment.get("PTQUIZ_HOME"):
        try:
            root = Path(home).expanduser().absolute()
        except RuntimeError as error:
            raise UsageError(f"PTQUIZ_HOME: `{home}`: there is no such user", "write the path in full") from error
        return Locations(root / "settings.toml", root)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("ptquiz", appauthor=False)
    return Locations(dirs.user_config_path / "settings.toml", dirs.user_data_path)


def expand_user(path: str | Path) -> Path:
    """Return `path` with a leading `~` or `~user` as a folder; unchanged if there is no such user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


CHOOSE_HOME = "make it a folder that you can read and write, or set PTQUIZ_HOME to another folder"


def folder_fault(path: Path) -> str | None:
    """Return which folder above `path` cannot be opened, and why; None if all can that exist."""
    for folder in reversed(path.absolute().parents):
        if not folder.exists():
            return None
        if not folder.is_dir():
            return f"{folder} is a file, not a folder"
        if not os.access(folder, os.X_OK):
            return f"{folder} cannot be opened: permission denied"
    return None


Order = Literal["due", "retrievability", "random", "deck"]
NewCards = Literal["mixed", "first", "last"]
Comparison = Literal["asked", "second", "always"]
KeySet = Literal["default", "vscode", "vim"]
CHOICES: dict[str, tuple[str, ...]] = {
    "order": get_args(Order),
    "new_cards": get_args(NewCards),
    "comparison": get_args(Comparison),
    "key_set": get_args(KeySet),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a learner; the field names are the keys of settings.toml."""

    decks: tuple[str, ...] = ()
    """Deck files and folders beside the shipped ones."""

    language: str = ""
    """Show cards in this language where a translation exists: `zh`."""

    theme: str = "ptquiz-dark"
    two_buttons: bool = False
    """Rate with Again and Good only."""

    desired_retention: float = 0.9
    deck_retention: Mapping[str, float] = field(default_factory=dict)
    tag_retention: Mapping[str, float] = field(default_factory=dict)
    learning_steps: tuple[int, ...] = (1, 10)
    """Minutes between the first reviews of a new card."""

    relearning_steps: tuple[int, ...] = (10,)
    """Minutes until a forgotten card is shown again."""

    day_starts: str = "04:00"
    """Local time at which a new day of reviews starts."""

    new_per_day: int = 10
    reviews_per_day: int = 200
    minutes_per_day: int = 0
    """0: no limit."""

    order: Order = "due"

    new_cards: NewCards = "mixed"

    leech_lapses: int = 8
    """A card forgotten this often is a leech."""

    comparison: Comparison = "asked"
    """When a wrong answer shows expected and got: when asked for, from the second try on, or always."""

    live_checks: bool = False
    """Run the visible checks, ungraded, after each pause in typing."""

    complete_names: bool = True
    """Complete names while typing."""

    soft_wrap: bool = False
    """Wrap long lines in the editor."""

    key_set: KeySet = "default"
    keys: Mapping[str, str] = field(default_factory=dict)
    """Action id -> key; overrides the key set."""

    @property
    def day_offset(self) -> timedelta:
        """Time from midnight to the start of a day."""
        start = time.fromisoformat(self.day_starts)
        return timedelta(hours=start.hour, minutes=start.minute)


MAX_STEP = 60 * 24 * 365
"""Minutes of a learning step; more would be a date that does not exist."""


@cache
def _rules() -> dict[str, tuple[Any, str]]:
    """Return for each setting its type, and what to write for it."""
    # Imported late: it would cost the first screen 15 ms, and most learners have no settings file.
    from msgspec import Meta

    Retention: Any = Annotated[float, Meta(ge=0.7, le=0.99)]
    retentions = dict[str, Retention], "a table of numbers from 0.7 to 0.99, such as `{tensors = 0.95}`"
    steps = tuple[Annotated[int, Meta(ge=1, le=MAX_STEP)], ...], "a list of minutes, such as `[1, 10]`"
    count = Annotated[int, Meta(ge=0, le=9999)], "a whole number from 0 to 9999"
    return {
        "decks": (tuple[str, ...], 'a list of files and folders, such as `["~/decks"]`'),
        "language": (str, 'the code of a language, such as `"zh"`'),
        "theme": (str, 'the name of a theme, such as `"ptquiz-light"`'),
        "two_buttons": (bool, "`true` or `false`"),
        "desired_retention": (Retention, "a number from 0.7 to 0.99"),
        "deck_retention": retentions,
        "tag_retention": retentions,
        "learning_steps": steps,
        "relearning_steps": steps,
        "day_starts": (Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z")], 'a time such as `"04:00"`'),
        "new_per_day": count,
        "reviews_per_day": count,
        "minutes_per_day": (Annotated[int, Meta(ge=0, le=1440)], "a whole number from 0 to 1440"),
        "order": (Order, "one of: " + ", ".join(CHOICES["order"])),
        "new_cards": (NewCards, "one of: " + ", ".join(CHOICES["new_cards"])),
        "leech_lapses": (Annotated[int, Meta(ge=1, le=99)], "a whole number from 1 to 99"),
        "comparison": (Comparison, "one of: " + ", ".join(CHOICES["comparison"])),
        "live_checks": (bool, "`true` or `false`"),
        "complete_names": (bool, "`true` or `false`"),
        "soft_wrap": (bool, "`true` or `false`"),
        "key_set": (KeySet, "one of: " + ", ".join(CHOICES["key_set"])),
        "keys": (dict[str, str], 'a table of action ids and keys, such as `{"study.submit" = "f5"}`'),
    }


def read_settings(path: Path) -> Settings:
    """Return the settings of a TOML file; the defaults where there is none. Raises SettingsError."""
    try:
        data = tomllib.loads(decode_text(path.read_bytes()))
    except FileNotFoundError:
        return Settings()
    except NotUtf8Error as error:
        raise SettingsError(f"{path}:{error.line}:{error.column}: {error.message}", "save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: an integer may have too many digits, and an array too many levels.
        raise SettingsError(f"{path}: {error}", "fix that line, or move the file away to use the defaults") from error
    except OSError as error:
        if fault := folder_fault(path):
            raise SettingsError(fault, CHOOSE_HOME) from error
        raise SettingsError(f"{path}: {error.strerror}", "make the file readable") from error
    settings = Settings()
    for key, value in data.items():
        settings = changed(settings, key, value, where=f"{path}: ")
    return settings


def changed(settings: Settings, key: str, value: Any, where: str = "") -> Settings:
    """Return `settings` with one key changed. Raises SettingsError for a name or value that is not valid."""
    from msgspec import ValidationError, convert

    rules = _rules()
    if key not in rules:
        matches = get_close_matches(key, rules, 1)
        hint = f"did you mean `{matches[0]}`?" if matches else "settings are: " + ", ".join(rules)
        raise SettingsError(f"{where}`{key}` is not a setting", hint)
    kind, description = rules[key]
    try:
        return replace(settings, **{key: convert(value, kind)})
    except ValidationError as error:
        raise SettingsError(f"{where}`{key}` is not valid: `{value}`", f"write {description}") from error
